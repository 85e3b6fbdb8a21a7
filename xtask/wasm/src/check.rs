//! The modules are the same wherever they are built.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};

use crate::{build, folder};

/// What a build does not read, or writes.
const LEFT_OUT: &[&str] = &[
    "target",
    ".git",
    "test-vectors",
    "node_modules",
    "corpus",
    ".hcert",
];

/// Builds once more from a copy in another folder, with nothing built before, and compares.
pub(crate) fn again(root: &Path, target: &Path) -> anyhow::Result<()> {
    let place = std::env::temp_dir().join(format!("hcert-built-again-{}", std::process::id()));
    let copy = place.join("a/longer/way/to/the/sources");
    println!("building again in {}", copy.display());
    copy_folder(root, &copy, target)?;
    let compared = [&build::VERIFIER, &build::PICTURES]
        .into_iter()
        .try_for_each(|module| {
            let other = place.join("out");
            build::module(module, &copy, &other)?;
            compare(&module.glue(target), &module.glue(&other))
        });
    fs::remove_dir_all(&place).with_context(|| place.display().to_string())?;
    compared
}

fn compare(first: &Path, second: &Path) -> anyhow::Result<()> {
    for name in folder::names(first)? {
        let [one, other] = [first, second].map(|folder| fs::read(folder.join(&name)));
        let (one, other) = (one?, other.with_context(|| name.clone())?);
        if one != other {
            let place = one.iter().zip(&other).position(|(one, other)| one != other);
            bail!(
                "{name} differs from what another folder gives: {} and {} bytes, first at byte {}",
                one.len(),
                other.len(),
                place.unwrap_or(one.len().min(other.len()))
            );
        }
        println!("same bytes: {} {name}", folder::sha256(&one));
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path, target: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if LEFT_OUT.iter().any(|left_out| name == *left_out) || entry.path() == target {
            continue;
        }
        let (source, copy) = (entry.path(), to.join(&name));
        if entry.file_type()?.is_dir() {
            copy_folder(&source, &copy, target)?;
        } else {
            fs::copy(&source, &copy).with_context(|| source.display().to_string())?;
        }
    }
    Ok(())
}
