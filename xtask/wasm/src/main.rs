//! The WebAssembly module and the folder that is served: `cargo xtask wasm`.
//!
//! ```text
//! cargo build -> wasm-bindgen's library -> target/web/
//!     module/      verifier.js, verifier_wasm.js, verifier_wasm_bg.wasm, .d.ts, and the same of pictures
//!     documents/   documents.js, documents_bg.wasm
//!     the rest     wasm-verifier/web as it is
//!     build.json   version, SHA-256 of the verifier's module, SHA-256 of every file
//!     files.js     the same list, for the service worker
//!     scripts.json scripts and styles in one, for its first visit
//!     *.br         what a server may send instead, Brotli
//! ```

mod build;
mod check;
mod folder;
mod package;

use std::path::{Path, PathBuf};

use clap::Parser;

/// Builds the WebAssembly modules and puts the pages' folder together.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask wasm", bin_name = "cargo xtask wasm")]
struct Cli {
    /// Build verifier and reader once more from a copy in another folder, and fail if the bytes differ.
    #[arg(long)]
    check: bool,
    /// Leave out the compressed copies.
    #[arg(long)]
    plain: bool,
    /// Where to put the folder.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Folder of the sources.
    #[arg(long, value_name = "FOLDER", hide = true)]
    root: Option<PathBuf>,
    /// Use the last build of the modules, and only put the folder together anew.
    #[arg(long, conflicts_with = "check")]
    pages_only: bool,
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let root = cli.root.clone().unwrap_or_else(root);
    let target = target(&root);
    if !cli.pages_only {
        for module in [&build::VERIFIER, &build::PICTURES, &build::DOCUMENTS] {
            build::module(module, &root, &target)?;
        }
    }
    let out = cli.out.unwrap_or_else(|| target.join("web"));
    let summary = folder::assemble(&root, &target, &out, !cli.plain)?;
    package::assemble(&root, &target, &target.join("npm"))?;
    println!("{}", summary.shown(&out));
    if cli.check {
        check::again(&root, &target)?;
    }
    summary.check_size()
}

/// The workspace's folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}
