//! What a device trusts, gathered before it takes effect.

use std::{fmt, fs::File, io::Read as _, path::Path, sync::Arc};

use hcert::time::Timestamp;
use trust_list::{
    bundle::{Bundle, MAGIC, State, UpdateError, take_apart},
    limits::Limits,
};
use verifier::{
    Verifier,
    trust::{FileError, TrustBuilder},
};

/// Why something can't be trusted.
#[derive(Debug)]
#[non_exhaustive]
pub enum TrustError {
    /// It is no trust bundle, or one that must not be used.
    Bundle(UpdateError),
    /// A second bundle.
    TwoBundles,
    /// It is no file of trusted keys.
    File(FileError),
    /// A file can't be read.
    Read(std::io::Error),
    /// More than [`Limits::bundle_bytes`].
    TooLarge,
    /// There is no key at all.
    NoKeys,
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrustError::Bundle(error) => write!(f, "{error}"),
            TrustError::TwoBundles => f.write_str("there is a trust bundle already"),
            TrustError::File(error) => write!(f, "{error}"),
            TrustError::Read(error) => write!(f, "{error}"),
            TrustError::TooLarge => write!(f, "larger than {} bytes", Limits::DEFAULT.bundle_bytes),
            TrustError::NoKeys => f.write_str("there is no trusted key"),
        }
    }
}

impl std::error::Error for TrustError {}

impl From<UpdateError> for TrustError {
    fn from(error: UpdateError) -> TrustError {
        TrustError::Bundle(error)
    }
}

/// What a device trusts: one bundle, or files of keys, or both.
#[derive(Default)]
pub struct Trust {
    builder: TrustBuilder,
    remembered: Option<State>,
    bundle: Option<Bundle>,
}

impl Trust {
    /// Nothing yet.
    pub fn new() -> Trust {
        Trust::default()
    }

    /// Goes by what [`Trust::state`] said before, so that no older bundle is taken. To be called before
    /// the bundle is added.
    pub fn remember(&mut self, state: &[u8]) -> Result<(), TrustError> {
        self.remembered = Some(State::parse(state)?);
        Ok(())
    }

    /// Goes by this root, which came with the device or was compared by its fingerprint.
    pub fn pin(&mut self, root: &[u8]) -> Result<(), TrustError> {
        self.remembered = Some(State::pinned(root, &Limits::DEFAULT)?);
        Ok(())
    }

    /// Adds a trust bundle, or a file of trusted keys: a certificate, a public key, a list. Told apart
    /// by content. A bundle without [`Trust::remember`] or [`Trust::pin`] is opened by its own first
    /// root, which is as good as the word of whoever gave it.
    pub fn add(&mut self, bytes: Vec<u8>) -> Result<(), TrustError> {
        let limits = Limits::DEFAULT;
        if bytes.len() > limits.bundle_bytes {
            return Err(TrustError::TooLarge);
        }
        if !bytes.starts_with(MAGIC) {
            return self.builder.add_file(&bytes).map_err(TrustError::File);
        }
        if self.bundle.is_some() {
            return Err(TrustError::TwoBundles);
        }
        let file = Arc::new(bytes);
        let known = match &self.remembered {
            Some(state) => state.clone(),
            None => {
                let pieces = take_apart(&file, &limits).map_err(UpdateError::from)?;
                let root = pieces.roots.first().ok_or(UpdateError::NoManifest)?;
                State::pinned(root, &limits)?
            }
        };
        let (bundle, state) = Bundle::open(&file, &known, &limits)?;
        self.builder.add_bundle(&bundle);
        self.bundle = Some(bundle);
        self.remembered = Some(state);
        Ok(())
    }

    /// As [`Trust::add`], from a file.
    pub fn add_file(&mut self, path: &Path) -> Result<(), TrustError> {
        let limit = Limits::DEFAULT.bundle_bytes as u64 + 1;
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(TrustError::Read)?;
        file.take(limit)
            .read_to_end(&mut bytes)
            .map_err(TrustError::Read)?;
        self.add(bytes)
    }

    /// What to remember from now on, where a power cut can't lose it; `None` without a bundle.
    pub fn state(&self) -> Option<Vec<u8>> {
        self.bundle.as_ref()?;
        self.remembered.as_ref().map(State::encode)
    }

    /// A verifier, and the highest time that was ever seen signed.
    pub(crate) fn build(self) -> Result<(Verifier, Option<Timestamp>), TrustError> {
        let trust = self.builder.build();
        if trust.is_empty() {
            return Err(TrustError::NoKeys);
        }
        let mut verifier = Verifier::new(trust);
        if let Some(bundle) = &self.bundle {
            verifier = verifier.with_bundle_rules(bundle).0;
        }
        let highest = self.bundle.and(self.remembered.as_ref());
        Ok((verifier, highest.map(State::highest_time)))
    }
}
