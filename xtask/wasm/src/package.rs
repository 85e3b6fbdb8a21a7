//! The npm package, ready for `npm pack`.

use std::{fs, path::Path};

use anyhow::Context as _;
use serde_json::Value;

use crate::{build, folder};

/// Puts the package's folder together: `js/`, modules, glue, licences.
pub(crate) fn assemble(root: &Path, target: &Path, out: &Path) -> anyhow::Result<()> {
    if out.exists() {
        fs::remove_dir_all(out).with_context(|| out.display().to_string())?;
    }
    let js = root.join("wasm-verifier/js");
    let mut sources: Vec<_> = folder::names(&js)?
        .into_iter()
        .map(|name| js.join(name))
        .collect();
    for module in [&build::VERIFIER, &build::PICTURES] {
        let glue = module.glue(target);
        sources.extend(
            folder::names(&glue)?
                .into_iter()
                .map(|name| glue.join(name)),
        );
    }
    sources.extend(["LICENSE-APACHE", "LICENSE-MIT"].map(|name| root.join(name)));
    for path in sources.iter().filter(|path| path.is_file()) {
        let name = path.file_name().context("a file without a name")?;
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        if name == "package.json" {
            let mut package: Value = serde_json::from_slice(&bytes)?;
            package["version"] = env!("CARGO_PKG_VERSION").into();
            let text = format!("{package:#}\n");
            folder::write(&out.join(name), text.as_bytes())?;
        } else {
            folder::write(&out.join(name), &bytes)?;
        }
    }
    Ok(())
}
