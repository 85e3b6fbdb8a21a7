//! The files of an import: found, read within bounds, put together where a list is several files.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use hcert::limits::Limits;

use super::recognise::{self, Kind};
use crate::{files, trust::args::ImportForm, words::ExchangeTexts};

/// Most files of a folder: WHO's repository has some thousands.
const MAX_FILES: usize = 20_000;
/// Most bytes of a folder.
const MAX_FOLDER: usize = 256 * 1024 * 1024;
/// Most folders below each other.
const MAX_DEPTH: usize = 24;
/// How WHO's repository names its documents.
const DOCUMENT: &str = "did.json";

/// A file and how it was named.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// What one source turned out to be.
#[derive(Debug)]
pub(super) enum Source {
    /// One file.
    File(Kind, Named),
    /// DID documents below a folder: those at its top, and all that they may refer to.
    Documents {
        roots: Vec<Named>,
        below: Vec<Named>,
    },
    /// Certificates and keys below a folder, named from it on.
    Certificates { name: String, files: Vec<Named> },
}

/// Opens a source.
pub(super) fn open(
    path: &Path,
    form: Option<ImportForm>,
    texts: &ExchangeTexts,
) -> anyhow::Result<Source> {
    let name = files::shown(path);
    if !files::is_standard(path) && path.is_dir() {
        return folder(path, name, texts);
    }
    let bytes = read(path)?;
    let kind = recognise::kind(&bytes, form);
    Ok(Source::File(kind, Named { name, bytes }))
}

/// Reads a file within the bound; one byte over it is enough for the reader to refuse it.
pub(in crate::trust) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let limit = Limits::DEFAULT.trust_file_bytes as u64 + 1;
    let mut bytes = Vec::new();
    let done = if files::is_standard(path) {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    done.with_context(|| files::shown(path))?;
    Ok(bytes)
}

fn folder(path: &Path, name: String, texts: &ExchangeTexts) -> anyhow::Result<Source> {
    let mut found = Vec::new();
    walk(path, 0, &mut found).with_context(|| name.clone())?;
    found.sort();
    if found.is_empty() {
        bail!("{name}: {}", texts.empty_folder);
    }
    let is_document = |file: &PathBuf| file.file_name().is_some_and(|name| name == DOCUMENT);
    let documents = found.iter().any(is_document);
    if documents {
        found.retain(is_document);
    }
    let mut total = 0;
    let mut files = Vec::new();
    for file in &found {
        let bytes = read(file)?;
        total += bytes.len();
        if total > MAX_FOLDER {
            bail!("{name}: {}", (texts.large_folder)(MAX_FILES, MAX_FOLDER));
        }
        let shown = match documents {
            true => files::shown(file),
            false => files::shown(file.strip_prefix(path).unwrap_or(file)),
        };
        files.push(Named { name: shown, bytes });
    }
    if !documents {
        return Ok(Source::Certificates { name, files });
    }
    let folders: Vec<&Path> = found.iter().filter_map(|file| file.parent()).collect();
    let (mut roots, mut below) = (Vec::new(), Vec::new());
    for (file, folder) in files.into_iter().zip(&folders) {
        let above = |other: &&&Path| *other != folder && folder.starts_with(other);
        match folders.iter().find(above) {
            None => roots.push(file),
            Some(_) => below.push(file),
        }
    }
    Ok(Source::Documents { roots, below })
}

/// Every file below a folder but hidden ones. Links are not followed: they could lead out of it,
/// or in a circle.
fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let refuse = |why: &str| Err(io::Error::new(io::ErrorKind::QuotaExceeded, why.to_owned()));
    if depth > MAX_DEPTH {
        return refuse("more than 24 folders below each other");
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&entry.path(), depth + 1, found)?;
        } else if kind.is_file() {
            found.push(entry.path());
        }
        if found.len() > MAX_FILES {
            return refuse("more than 20000 files");
        }
    }
    Ok(())
}
