//! What all commands that make something share: their places are free, all of it is written or
//! nothing, and a transcript can say so.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{
    args::RecordArgs,
    fault::KeysFault,
    transcript::{self, Entry},
};
use crate::{
    context::Context,
    fault::Fault,
    files::{self, Output},
};

/// Looked at before anybody types a passphrase: the outputs have different names, are not there
/// yet unless they may be replaced, and the transcript is in order.
pub(crate) fn check(places: &[&Path], replace: bool, record: &RecordArgs) -> Result<(), Fault> {
    let all: Vec<&Path> = places
        .iter()
        .copied()
        .chain(record.transcript.as_deref())
        .collect();
    for (index, path) in all.iter().enumerate() {
        if all.iter().take(index).any(|other| other == path) {
            let path = files::shown(path);
            return Err(KeysFault::SameOutput { path }.into());
        }
    }
    if !replace {
        for path in places {
            files::check_free(path)?;
        }
    }
    if let Some(path) = &record.transcript {
        transcript::existing(path)?;
    }
    Ok(())
}

/// Writes all outputs and the transcript's new entry, or nothing.
pub(crate) fn write(
    mut outputs: Vec<Output>,
    entry: Entry,
    record: &RecordArgs,
    context: &Context,
) -> Result<(), Fault> {
    if let Some(path) = &record.transcript {
        // Last, so that no entry stands for files that could not be written.
        let entry = entry.witnessed(&outputs, &record.witness, context.now());
        outputs.push(Output {
            path: path.clone(),
            bytes: Zeroizing::new(transcript::with(&transcript::existing(path)?, entry)),
            private: false,
            replace: true,
        });
    }
    files::write_all(&outputs)
}

/// A file that everybody may read.
pub(crate) fn public(path: &Path, bytes: Vec<u8>, replace: bool) -> Output {
    Output {
        path: path.to_owned(),
        bytes: Zeroizing::new(bytes),
        private: false,
        replace,
    }
}

/// A file for its owner only.
pub(crate) fn private(path: &Path, bytes: Zeroizing<Vec<u8>>, replace: bool) -> Output {
    Output {
        path: path.to_owned(),
        bytes,
        private: true,
        replace,
    }
}

/// The paths that are given.
pub(crate) fn places<'a>(fixed: &[&'a Path], paper: &'a Option<PathBuf>) -> Vec<&'a Path> {
    fixed.iter().copied().chain(paper.as_deref()).collect()
}
