//! The folder that is served.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::build::{self, Module};

/// Compressed already, or too small to be worth it.
const NOT_COMPRESSED: &[&str] = &["png", "webp", "woff2", "br"];
const SMALL: usize = 512;

/// Written beside the served files, and no part of their list.
const BESIDE: &[&str] = &["build.json", "files.js", SCRIPTS, "config.json"];

/// Most of the files in one, for the first visit on a slow line: path to text.
const SCRIPTS: &str = "scripts.json";

/// What was put together.
pub(crate) struct Summary {
    files: usize,
    modules: Vec<Measured>,
}

/// A module as it is delivered.
struct Measured {
    file: String,
    bytes: usize,
    brotli: Vec<u8>,
    most_bytes: usize,
    sha256: String,
}

impl Summary {
    /// For the terminal.
    pub(crate) fn shown(&self, out: &Path) -> String {
        let mut shown = format!("{}: {} files", out.display(), self.files);
        for module in &self.modules {
            let Measured {
                file,
                bytes,
                brotli,
                most_bytes,
                sha256,
            } = module;
            let brotli = brotli.len();
            shown += &format!(
                "\n  {file}  {bytes} bytes, {brotli} with Brotli (at most {most_bytes})\n    sha256 {sha256}"
            );
        }
        shown
    }

    /// Fails when a module has grown too large.
    pub(crate) fn check_size(&self) -> anyhow::Result<()> {
        for module in &self.modules {
            ensure!(
                module.brotli.len() <= module.most_bytes,
                "{} has {} bytes with Brotli, at most {} are allowed: look for what came in with \
                 `cargo tree --target wasm32-unknown-unknown -p PACKAGE`",
                module.file,
                module.brotli.len(),
                module.most_bytes
            );
        }
        Ok(())
    }
}

/// Puts the pages, the modules and the lists together.
pub(crate) fn assemble(
    root: &Path,
    target: &Path,
    out: &Path,
    compressed: bool,
) -> anyhow::Result<Summary> {
    let source = root.join("wasm-verifier");
    if out.exists() {
        // A wrong --out must not cost anybody's files.
        ensure!(
            out.join("build.json").exists(),
            "{} exists and is not a folder that this made: name another",
            out.display()
        );
        fs::remove_dir_all(out).with_context(|| out.display().to_string())?;
    }
    let mut files = BTreeMap::new();
    gather(&source.join("web"), "", &mut files)?;
    for (module, folder) in MODULES {
        gather(&module.glue(target), folder, &mut files)?;
    }
    for name in names(&source.join("js"))? {
        if name.ends_with(".js") || name.ends_with(".d.ts") {
            let path = source.join("js").join(&name);
            let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
            files.insert(format!("module/{name}"), bytes);
        }
    }
    files.retain(|name, _| !BESIDE.contains(&name.as_str()) || name == "config.json");
    let list = files
        .iter()
        .filter(|(name, _)| is_listed(name))
        .map(|(name, bytes)| (name.clone(), sha256(bytes)))
        .collect::<BTreeMap<_, _>>();
    let modules = MODULES
        .iter()
        .map(|(module, folder)| measured(module, folder, &files))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let verifier = modules.first().context("no module")?;
    // A build is named by all that is in it: a page's change is a new version of the pages.
    let whole = sha256(serde_json::to_string(&list)?.as_bytes());
    let build = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "build": whole,
        "module": { "path": format!("module/{}", verifier.file), "sha256": verifier.sha256, "bytes": verifier.bytes },
        "files": list,
    });
    let worker = format!("self.HCERT_BUILD = {build:#};\n");
    files.insert(SCRIPTS.into(), scripts(&files)?);
    files.insert("build.json".into(), format!("{build:#}\n").into_bytes());
    files.insert("files.js".into(), worker.into_bytes());
    for (name, bytes) in &files {
        write(&out.join(name), bytes)?;
    }
    if compressed {
        let left = files
            .iter()
            .filter(|(name, bytes)| is_compressed(name) && bytes.len() >= SMALL)
            .filter(|(name, _)| !name.ends_with(".wasm"));
        for (name, bytes) in left {
            write(&out.join(format!("{name}.br")), &brotli(bytes)?)?;
        }
        for (module, (_, folder)) in modules.iter().zip(MODULES) {
            write(
                &out.join(format!("{folder}{}.br", module.file)),
                &module.brotli,
            )?;
        }
    }
    Ok(Summary {
        files: files.len(),
        modules,
    })
}

/// Large, seldom used, and loaded when it is.
const DOCUMENTS: &str = "documents/";

/// With the folders in which they are served.
const MODULES: [(&Module, &str); 3] = [
    (&build::VERIFIER, "module/"),
    (&build::PICTURES, "module/"),
    (&build::DOCUMENTS, DOCUMENTS),
];

fn measured(
    module: &Module,
    folder: &str,
    files: &BTreeMap<String, Vec<u8>>,
) -> anyhow::Result<Measured> {
    let file = module.file();
    let bytes = files
        .get(&format!("{folder}{file}"))
        .with_context(|| format!("{file} was not built"))?;
    Ok(Measured {
        bytes: bytes.len(),
        brotli: brotli(bytes)?,
        most_bytes: module.most_bytes,
        sha256: sha256(bytes),
        file,
    })
}

/// Whether the service worker keeps a file: not the types for programmers, not what belongs to the
/// place where it is served, not itself.
fn is_listed(name: &str) -> bool {
    !name.ends_with(".d.ts") && name != "config.json" && name != "sw.js"
}

/// Scripts and what they look like. A page and a worker are fetched by themselves: they live under the
/// Content-Security-Policy that the server says with them.
fn scripts(files: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<Vec<u8>> {
    let kept = |name: &str| {
        let extension = extension(name);
        is_listed(name)
            && ["js", "css", "svg"].contains(&extension)
            && !name.ends_with("worker.js")
            && !name.starts_with(DOCUMENTS)
    };
    let texts = files
        .iter()
        .filter(|(name, _)| kept(name))
        .map(|(name, bytes)| Ok((name, std::str::from_utf8(bytes)?)))
        .collect::<anyhow::Result<BTreeMap<_, _>>>()?;
    Ok(serde_json::to_vec(&texts)?)
}

fn is_compressed(name: &str) -> bool {
    !NOT_COMPRESSED.contains(&extension(name))
}

fn extension(name: &str) -> &str {
    let extension = Path::new(name).extension().and_then(|name| name.to_str());
    extension.unwrap_or_default()
}

/// All files below a folder, by their path within it.
fn gather(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> anyhow::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path: PathBuf = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.with_context(|| format!("{}: its name is not UTF-8", path.display()))?;
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            gather(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            files.insert(format!("{prefix}{name}"), fs::read(&path)?);
        }
    }
    Ok(())
}

/// The files of a folder, sorted.
pub(crate) fn names(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

pub(crate) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    fs::write(path, bytes).with_context(|| path.display().to_string())
}

/// Brotli (RFC 7932) at its highest quality, with the window that browsers take.
fn brotli(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    const BUFFER: usize = 64 * 1024;
    const QUALITY: u32 = 11;
    const WINDOW: u32 = 22;
    let mut writer = brotli::CompressorWriter::new(Vec::new(), BUFFER, QUALITY, WINDOW);
    writer.write_all(bytes)?;
    writer.flush()?;
    Ok(writer.into_inner())
}
