//! The signed roots, which holders of offline keys made and which lie in a folder.

use std::path::Path;

use bytes::Bytes;
use trust_list::{
    bundle::{State, Update, UpdateError},
    envelope::{Document, Envelope},
    limits::Limits,
    root::{Role, Root},
};

/// Why the roots can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RootsError {
    /// The first one is not there.
    #[error(
        "{folder}: no 1.cose: put the signed roots there (`hcert keys root` makes them), or run \
         `trust-service init --development DIR` to try things out"
    )]
    None {
        /// The folder.
        folder: String,
    },
    /// A file can't be read.
    #[error("{file}: {error}")]
    Read {
        /// The file.
        file: String,
        /// The system's words.
        error: std::io::Error,
    },
    /// Not a root, or one that does not follow from the one before.
    #[error("{file}: {error}")]
    Root {
        /// The file.
        file: String,
        /// Why a verifier would refuse it.
        error: UpdateError,
    },
}

/// All roots, from the first to the one in force, checked one against the other.
#[derive(Debug, Clone)]
pub struct Roots {
    envelopes: Vec<Bytes>,
    current: Root,
}

impl Roots {
    /// Reads the folder.
    pub fn read(folder: &Path, limits: &Limits) -> Result<Roots, RootsError> {
        let mut envelopes = Vec::new();
        for version in 1..=limits.roots {
            let file = folder.join(format!("{version}.cose"));
            match std::fs::read(&file) {
                Ok(bytes) => envelopes.push(Bytes::from(bytes)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => break,
                Err(error) => {
                    let file = file.display().to_string();
                    return Err(RootsError::Read { file, error });
                }
            }
        }
        let name = |version: usize| folder.join(format!("{version}.cose")).display().to_string();
        let wrong = |version: usize| {
            move |error: UpdateError| RootsError::Root {
                file: name(version),
                error,
            }
        };
        let Some(first) = envelopes.first() else {
            let folder = folder.display().to_string();
            return Err(RootsError::None { folder });
        };
        let state = State::pinned(first, limits).map_err(wrong(1))?;
        let mut update = Update::begin(&state, *limits).map_err(wrong(1))?;
        let mut current = parse(first, limits).map_err(wrong(1))?;
        for (index, bytes) in envelopes.iter().enumerate().skip(1) {
            update.root(bytes).map_err(wrong(index + 1))?;
            current = parse(bytes, limits).map_err(wrong(index + 1))?;
        }
        Ok(Roots { envelopes, current })
    }

    /// The signed file of the root in force.
    pub fn newest(&self) -> &[u8] {
        self.envelopes.last().map_or(&[], |bytes| &bytes[..])
    }

    /// The root in force.
    pub fn current(&self) -> &Root {
        &self.current
    }

    /// The envelopes with their versions, from 1.
    pub fn envelopes(&self) -> impl ExactSizeIterator<Item = (u64, &Bytes)> {
        let version = |index: usize| index as u64 + 1;
        self.envelopes
            .iter()
            .enumerate()
            .map(move |(index, bytes)| (version(index), bytes))
    }

    /// What a verifier knows that has only just been given the first root.
    pub fn first_state(&self, limits: &Limits) -> Result<State, UpdateError> {
        State::pinned(self.envelopes.first().map_or(&[], |first| first), limits)
    }
}

fn parse(bytes: &[u8], limits: &Limits) -> Result<Root, UpdateError> {
    let envelope = Envelope::parse(Document::Root, bytes, limits)?;
    let root = Root::parse(envelope.unverified_payload())?;
    envelope.verify(Role::Root, &root.keys(Role::Root))?;
    Ok(root)
}
