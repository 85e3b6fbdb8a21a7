//! `cargo xtask wasm`: the program `wasm-pages` does it, which is built when it is first needed.

use crate::{
    run::{self, cargo},
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
