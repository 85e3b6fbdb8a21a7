//! From sources to the module and its glue.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};

/// A module to build.
pub(crate) struct Module {
    package: &'static str,
    profile: &'static str,
    /// What its files are called.
    name: &'static str,
    /// It may have at most this many bytes with Brotli: what a phone on a slow line waits for.
    pub(crate) most_bytes: usize,
}

impl Module {
    /// The file of the module itself.
    pub(crate) fn file(&self) -> String {
        format!("{}_bg.wasm", self.name)
    }

    /// Where module and glue are put below `target`.
    pub(crate) fn glue(&self, target: &Path) -> PathBuf {
        target.join("glue").join(self.name)
    }
}

/// What decides.
pub(crate) const VERIFIER: Module = Module {
    package: "wasm-verifier",
    profile: "wasm",
    name: "verifier_wasm",
    most_bytes: 300_000,
};

/// What reads and makes QR codes; a phone whose browser reads codes verifies without it.
pub(crate) const PICTURES: Module = Module {
    package: "wasm-pictures",
    profile: "wasm",
    name: "pictures_wasm",
    most_bytes: 130_000,
};

/// What draws the pages of PDF documents; loaded when somebody opens one.
pub(crate) const DOCUMENTS: Module = Module {
    package: "wasm-documents",
    profile: "documents",
    name: "documents",
    most_bytes: 900_000,
};

/// Builds a module of the sources in `root` to `target`, and puts module and glue in order there.
pub(crate) fn module(module: &Module, root: &Path, target: &Path) -> anyhow::Result<()> {
    let out = &module.glue(target);
    let built = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .args([
            "build",
            "--locked",
            "-p",
            module.package,
            "--profile",
            module.profile,
        ])
        .args(["--target", "wasm32-unknown-unknown", "--target-dir"])
        .arg(target)
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", flags(root)?.join("\u{1f}"))
        .status()
        .context("cargo")?;
    ensure!(built.success(), "the module does not build");
    let linked = target
        .join("wasm32-unknown-unknown")
        .join(module.profile)
        .join(format!("{}.wasm", module.package.replace('-', "_")));
    if out.exists() {
        fs::remove_dir_all(out).with_context(|| out.display().to_string())?;
    }
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(&linked)
        .out_name(module.name)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        // After a trap the page starts a new instance of the module that it has.
        .reset_state_function(true)
        .web(true)?
        .generate(out)
        .with_context(|| format!("wasm-bindgen: {}", linked.display()))
}

/// The compiler's arguments. Nothing in the module may tell where it was built: panic messages name source files.
fn flags(root: &Path) -> anyhow::Result<Vec<String>> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot = Command::new(rustc)
        .current_dir(root)
        .args(["--print", "sysroot"])
        .output()
        .context("rustc")?;
    let sysroot = String::from_utf8(sysroot.stdout)?;
    let home = cargo_home()?;
    let mut places = vec![
        (root.to_owned(), "hcert"),
        (home.clone(), "cargo"),
        (PathBuf::from(sysroot.trim()), "rust"),
    ];
    // The folder of a registry is named after where crates come from; of several rules the last counts.
    for registry in fs::read_dir(home.join("registry/src"))
        .into_iter()
        .flatten()
    {
        places.push((registry?.path(), "crate"));
    }
    let mapped = places.into_iter().map(|(place, name)| {
        let place = place.to_str().context("a folder's name is not UTF-8")?;
        Ok(format!("--remap-path-prefix={place}={name}"))
    });
    let mut flags = mapped.collect::<anyhow::Result<Vec<_>>>()?;
    // Loops instead of long sequences: a certificate is hashed once, and has a few hundred bytes.
    flags.extend([
        "--cfg".to_owned(),
        "sha2_backend_soft=\"compact\"".to_owned(),
    ]);
    Ok(flags)
}

fn cargo_home() -> anyhow::Result<PathBuf> {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(env::var_os("HOME")?).join(".cargo"));
    named
        .or_else(home)
        .context("neither CARGO_HOME nor HOME is set")
}
