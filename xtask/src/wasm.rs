//! `cargo xtask wasm`: the program `wasm-pages` does it, which is built when it is first needed.

use std::path::PathBuf;

use crate::{
    run::{self, cargo, target},
    setup,
};

/// Builds the module and the folder of the pages.
pub(crate) fn build(arguments: &[String]) -> anyhow::Result<()> {
    setup::targets(&["wasm32-unknown-unknown"])?;
    run::run(
        cargo()
            .args(["run", "--quiet", "--locked", "-p", "wasm-pages", "--"])
            .args(arguments),
    )
}

/// The folder of the pages, built where something has changed.
pub(crate) fn pages() -> anyhow::Result<PathBuf> {
    run::headline("build the pages for phones");
    build(&[])?;
    Ok(target().join("web"))
}
