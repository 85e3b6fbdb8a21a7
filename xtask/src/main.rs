//! The project's habits as one program: `cargo xtask up`, `test`, `wasm`, `bench`, `vectors`, `soak`.

mod bench;
mod run;
mod service;
mod setup;
mod soak;
mod test;
mod up;
mod wasm;

use clap::{Parser, Subcommand};

/// The project's habits.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Do the main job once: make development keys, issue a sample, verify it, say where it is.
    Up(up::Args),
    /// Install what the tests need, then run everything: format, lint, licences, tests.
    Test(test::Args),
    /// Write the test vectors from their seed, or check them with --check.
    Vectors {
        /// Arguments of the generator.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Build the WebAssembly module and the folder of the pages, target/web; --check builds twice and compares.
    Wasm {
        /// Arguments of the builder.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Measure, with the comparison in the same run, and write BENCHMARKS.md.
    Bench(bench::Args),
    /// Run the long proofs: fuzzing, large property runs.
    Soak(soak::Args),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().task {
        Task::Up(args) => up::start(&args),
        Task::Test(args) => test::start(&args),
        Task::Vectors { arguments } => run::run(
            run::cargo()
                .args(["run", "--quiet", "--locked", "-p", "vectors", "--"])
                .args(arguments),
        ),
        Task::Wasm { arguments } => wasm::build(&arguments),
        Task::Bench(args) => bench::start(&args),
        Task::Soak(args) => soak::start(&args),
    }
}
