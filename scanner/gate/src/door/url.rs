//! A local URL.

use std::{io, time::Duration};

/// Posts an object.
pub(super) fn post(url: &str, object: &str, patience: Duration) -> io::Result<()> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(patience))
        // A controller in the same house; whoever wants TLS puts a command in between.
        .https_only(false)
        .max_redirects(0)
        .user_agent(concat!("hcert-gate/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let sent = agent
        .post(url)
        .header("Content-Type", "application/json")
        .send(object);
    match sent {
        Ok(_) => Ok(()),
        Err(error) => Err(io::Error::other(format!("{url}: {error}"))),
    }
}
