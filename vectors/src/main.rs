//! `cargo xtask vectors`: writes `test-vectors/`, the same bytes every time.
//!
//! A certificate goes through the stages of [`stages`], and each recipe in [`valid`] and
//! [`invalid`] spoils one of them. What a vector must lead to is said by its recipe; the verifier
//! only fills in the rest of the verdict, and a disagreement is an error. Encoding shares no code
//! with what is tested but Base45, zlib and the arithmetic of the keys.

mod bundles;
mod cbor;
mod certificate;
mod der;
mod invalid;
mod keys;
mod payload;
mod stages;
mod trust;
mod valid;
mod vector;
mod zlib;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use clap::Parser as _;
use serde_json::{Value, json};

use trust::Trust;
use vector::Vector;

/// Files by their path in the folder.
type Files = BTreeMap<String, Vec<u8>>;

/// Write the test vectors, or check that they are up to date.
#[derive(Debug, clap::Parser)]
pub(crate) struct Args {
    /// Folder to write to.
    #[arg(long, default_value = "test-vectors")]
    out: PathBuf,
    /// Write nothing; fail if the folder's files are not what would be written.
    #[arg(long)]
    check: bool,
}

/// Kept by hand, in the same folder.
const BY_HAND: [&str; 2] = ["README.md", ".gitattributes"];

fn main() -> Result<()> {
    let args = &Args::parse();
    let files = generate()?;
    let there = read(&args.out, Path::new(""))?;
    if args.check {
        return check(&files, &there);
    }
    for (name, bytes) in &files {
        let path = args.out.join(name);
        let folder = path.parent().context("the path has no folder")?;
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        fs::write(&path, bytes).with_context(|| path.display().to_string())?;
    }
    for name in there.keys().filter(|name| !files.contains_key(*name)) {
        let path = args.out.join(name);
        fs::remove_file(&path).with_context(|| path.display().to_string())?;
    }
    let size: usize = files.values().map(Vec::len).sum();
    println!("{} files, {} kB", files.len(), size / 1000);
    Ok(())
}

fn check(files: &Files, there: &Files) -> Result<()> {
    let names: BTreeSet<&String> = files.keys().chain(there.keys()).collect();
    let differing: Vec<&str> = names
        .into_iter()
        .filter(|name| files.get(*name) != there.get(*name))
        .map(String::as_str)
        .collect();
    ensure!(
        differing.is_empty(),
        "{} files differ from what `cargo xtask vectors` writes: {}",
        differing.len(),
        differing.join(" ")
    );
    println!("{} files are up to date", files.len());
    Ok(())
}

/// The folder's files but those kept by hand; none if there is no folder.
fn read(root: &Path, below: &Path) -> Result<Files> {
    let folder = root.join(below);
    let mut files = Files::new();
    if !folder.exists() {
        return Ok(files);
    }
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            files.append(&mut read(root, &name)?);
        } else {
            let key = name.to_string_lossy().replace('\\', "/");
            if !BY_HAND.contains(&key.as_str()) {
                files.insert(key, fs::read(entry.path())?);
            }
        }
    }
    Ok(files)
}

/// Every file, in memory.
fn generate() -> Result<Files> {
    let trust = Trust::new()?;
    let mut vectors = valid::vectors(&trust);
    vectors.append(&mut invalid::vectors(&trust));
    let mut files = bundles::files()?;
    for (name, bytes) in trust.files() {
        files.insert(format!("trust/{name}"), bytes);
    }
    let mut faults = Vec::new();
    for vector in &vectors {
        ensure!(
            !files.contains_key(&format!("{}.json", vector.stem())),
            "two vectors are called {}",
            vector.name
        );
        if let Err(fault) = vector.write(&mut files) {
            faults.push(format!("{fault:#}"));
        }
    }
    if !faults.is_empty() {
        bail!("{} vectors:\n{}", faults.len(), faults.join("\n"));
    }
    let used: BTreeSet<&String> = vectors.iter().flat_map(Vector::trust).collect();
    for name in trust.files().keys() {
        ensure!(used.contains(name), "no vector uses trust/{name}");
    }
    files.insert(
        "index.json".to_owned(),
        format!("{:#}\n", index(&vectors)).into(),
    );
    Ok(files)
}

fn index(vectors: &[Vector]) -> Value {
    let valid = vectors.iter().filter(|vector| vector.is_valid()).count();
    let entries: Vec<Value> = vectors.iter().map(Vector::index_entry).collect();
    json!({
        "seed": keys::SEED,
        "valid": valid,
        "invalid": vectors.len() - valid,
        "vectors": entries,
    })
}
