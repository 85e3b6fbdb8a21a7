//! The project's habits.

mod vectors;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Write the test vectors from their seed, or check them.
    Vectors(vectors::Args),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().task {
        Task::Vectors(args) => vectors::run(&args),
    }
}
