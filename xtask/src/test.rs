//! `cargo xtask test`: everything, from nothing.

use std::path::Path;

use clap::Args as ClapArgs;

use crate::{
    run::{cargo, command, headline, root, run, target},
    setup,
};

/// Arguments of `cargo xtask test`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Args {
    /// Run only these steps, by name: format, lint, licences, tests, vectors, wasm, interop.
    steps: Vec<String>,
}

type Step = (&'static str, fn() -> anyhow::Result<()>);

const STEPS: &[Step] = &[
    ("format", format),
    ("lint", lint),
    ("tests", tests),
    ("vectors", vectors),
    ("wasm", wasm),
    ("interop", interop),
    ("licences", licences),
];

pub(crate) fn run_all(names: &[String]) -> anyhow::Result<()> {
    setup::programs(&[setup::BUILD, setup::TEST])?;
    setup::components(&["rustfmt", "clippy"])?;
    setup::targets(&["wasm32-unknown-unknown", "wasm32-wasip1"])?;
    for (name, step) in STEPS {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            headline(name);
            step()?;
        }
    }
    Ok(())
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    run_all(&args.steps)
}

fn format() -> anyhow::Result<()> {
    run::run(cargo().args(["fmt", "--all", "--check"]))
}
