//! Where published files come from: a web server, a folder, a file. None of them is believed.

use std::{
    fs::File,
    io::{ErrorKind, Read as _},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, bail};
use trust_list::{
    bundle::{PartBytes, Pieces, take_apart},
    limits::Limits,
    manifest::Part,
};
use ureq::Agent;

use super::store;

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(15);
/// For one whole file: a mirror that trickles is given up, and the old bundle stays.
const WHOLE: Duration = Duration::from_secs(300);

/// A source of published files.
pub(super) enum Source {
    Web { agent: Agent, base: String },
    Folder(PathBuf),
    File(Pieces),
}

impl Source {
    /// Told apart by what it is.
    pub(super) fn open(text: &str) -> anyhow::Result<Source> {
        if text.starts_with("http://") || text.starts_with("https://") {
            return Ok(Source::Web {
                agent: agent(),
                base: text.trim_end_matches('/').to_owned(),
            });
        }
        if text.contains("://") {
            bail!("{text}: a source is a URL (http or https), a folder or a bundle file");
        }
        let path = PathBuf::from(text);
        if path.is_dir() {
            return Ok(Source::Folder(path));
        }
        let file = store::read(&path)?;
        let pieces = take_apart(&file, &Limits::DEFAULT).with_context(|| text.to_owned())?;
        Ok(Source::File(pieces))
    }

    /// The root of a version, if there is one.
    pub(super) fn root(&self, version: u64) -> anyhow::Result<Option<Vec<u8>>> {
        self.get(&format!("root/{version}.cose"), Limits::DEFAULT.root_bytes)
    }

    /// All roots of a bundle file; an update passes over those it knows.
    pub(super) fn roots_in_file(&self) -> impl Iterator<Item = &PartBytes> {
        let roots = match self {
            Source::File(pieces) => pieces.roots.as_slice(),
            _ => &[],
        };
        roots.iter()
    }

    /// The live manifest.
    pub(super) fn manifest(&self) -> anyhow::Result<Vec<u8>> {
        if let Source::File(pieces) = self {
            return Ok(pieces.manifest.to_vec());
        }
        self.get("manifest.cose", Limits::DEFAULT.manifest_bytes)?
            .context("there is no manifest.cose: nothing is published there")
    }

    /// The bytes of a part, if they are there; at most one more than it should have.
    pub(super) fn part(&self, part: &Part) -> anyhow::Result<Option<PartBytes>> {
        if let Source::File(pieces) = self {
            let found = pieces.parts.iter().find(|bytes| {
                bytes.len() == part.length && trust_list::digest::Digest::of(bytes) == part.digest
            });
            return Ok(found.cloned());
        }
        let bytes = self.get(&format!("parts/{}", part.digest), part.length)?;
        Ok(bytes.map(PartBytes::from))
    }

    fn get(&self, path: &str, limit: usize) -> anyhow::Result<Option<Vec<u8>>> {
        // One byte beyond the limit is enough to see that there is too much.
        let limit = limit as u64 + 1;
        let mut bytes = Vec::new();
        match self {
            Source::Web { agent, base } => {
                let url = format!("{base}/{path}");
                let mut response = match agent.get(&url).call() {
                    Ok(response) => response,
                    Err(ureq::Error::StatusCode(404 | 410)) => return Ok(None),
                    Err(error) => return Err(error).context(url),
                };
                let body = response.body_mut().with_config().limit(limit);
                let mut reader = body.reader();
                match reader.by_ref().take(limit).read_to_end(&mut bytes) {
                    Ok(_) => {}
                    Err(error) => return Err(error).context(url),
                }
            }
            Source::Folder(folder) => {
                let path = folder.join(path);
                let file = match File::open(&path) {
                    Ok(file) => file,
                    Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                    Err(error) => return Err(error).context(path.display().to_string()),
                };
                let mut file = file.take(limit);
                file.read_to_end(&mut bytes)
                    .with_context(|| path.display().to_string())?;
            }
            Source::File(_) => return Ok(None),
        }
        Ok(Some(bytes))
    }
}

/// A client that takes the certificates that the system trusts. The bundle does not rest on TLS;
/// it keeps who asks for it, and what, from being read on the way.
fn agent() -> Agent {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = ureq::tls::TlsConfig::builder()
        .root_certs(ureq::tls::RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .timeout_connect(Some(CONNECT))
        .timeout_global(Some(WHOLE))
        .user_agent(concat!("hcert/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}
