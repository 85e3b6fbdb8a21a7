//! The installed bundle, and what is remembered of it.
//!
//! `trust/bundle.hcert` in the data directory is the bundle; `state/trust` is what keeps an older
//! one from being taken, apart from what a USB stick or a copied folder would replace.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use trust_list::{
    bundle::{Bundle, MAGIC, State},
    limits::Limits,
};
use zeroize::Zeroizing;

use crate::{
    context::Context,
    files::{self, Output},
};

/// Where the installed trust lives.
pub(crate) struct Store {
    bundle: PathBuf,
    state: PathBuf,
    source: PathBuf,
    lock: PathBuf,
}

impl Store {
    /// In the data directory.
    pub(crate) fn new(context: &Context) -> Store {
        let data = context.data_directory();
        Store {
            bundle: data.join("trust/bundle.hcert"),
            state: data.join("state/trust"),
            source: data.join("state/source"),
            lock: data.join("state/lock"),
        }
    }

    /// The bundle's path.
    pub(crate) fn bundle_path(&self) -> &Path {
        &self.bundle
    }

    /// Keeps two updates from running at once; the second waits.
    pub(crate) fn lock(&self) -> anyhow::Result<File> {
        let shown = || self.lock.display().to_string();
        if let Some(folder) = self.lock.parent() {
            fs::create_dir_all(folder).with_context(shown)?;
        }
        let file = File::create(&self.lock).with_context(shown)?;
        file.lock().with_context(shown)?;
        Ok(file)
    }

    /// What is remembered; `None` before the first update. A damaged memory is an error, because
    /// without it an old bundle would be taken for a new one.
    pub(crate) fn state(&self) -> anyhow::Result<Option<State>> {
        let bytes = match fs::read(&self.state) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context(self.state.display().to_string()),
        };
        let state = State::parse(&bytes).with_context(|| self.state.display().to_string())?;
        Ok(Some(state))
    }

    /// The installed bundle; `None` if there is none.
    pub(crate) fn open(&self) -> anyhow::Result<Option<(Bundle, State)>> {
        let shown = || self.bundle.display().to_string();
        if !self.bundle.exists() {
            return Ok(None);
        }
        let file = read(&self.bundle)?;
        match self.state()? {
            Some(state) => Ok(Some(
                Bundle::open(&file, &state, &Limits::DEFAULT).with_context(shown)?,
            )),
            None => Ok(Some(
                Bundle::open_alone(&file, &Limits::DEFAULT).with_context(shown)?,
            )),
        }
    }

    /// Puts a bundle in place, then what to remember: if the power goes between the two, the
    /// bundle is newer than remembered, which does no harm.
    pub(crate) fn install(&self, bundle: &Bundle, state: &State) -> anyhow::Result<()> {
        self.write(&self.bundle, bundle.to_file())?;
        self.write(&self.state, state.encode())
    }

    /// Where the last update came from.
    pub(crate) fn source(&self) -> Option<String> {
        fs::read_to_string(&self.source).ok()
    }

    /// Remembers where updates come from.
    pub(crate) fn set_source(&self, source: &str) -> anyhow::Result<()> {
        self.write(&self.source, source.as_bytes().to_vec())
    }

    fn write(&self, path: &Path, bytes: Vec<u8>) -> anyhow::Result<()> {
        files::write_all(&[Output {
            path: path.to_owned(),
            bytes: Zeroizing::new(bytes),
            private: false,
            replace: true,
        }])
        .map_err(|fault| {
            let words = crate::words::Words::new(verifier::wording::Language::English);
            anyhow::Error::msg(words.fault(&fault))
        })
    }
}

/// Reads a bundle file within the bound.
pub(crate) fn read(path: &Path) -> anyhow::Result<Arc<Vec<u8>>> {
    let shown = || path.display().to_string();
    let limit = Limits::DEFAULT.bundle_bytes as u64 + 1;
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(shown)?;
    file.take(limit)
        .read_to_end(&mut bytes)
        .with_context(shown)?;
    Ok(Arc::new(bytes))
}

/// Whether bytes are a bundle in one file.
pub(crate) fn is_bundle(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}
