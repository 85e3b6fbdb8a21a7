//! What building and testing need from the machine: installed through the system's package
//! manager as root, else named with the command that installs it.

use std::path::PathBuf;

use anyhow::bail;

use crate::run::{cargo, command, headline, is_there, run, target};

/// A program and the Debian package that brings it.
type Need = (&'static str, &'static str);

/// To build: zxing-cpp is C++ and built with cmake, AWS-LC is C.
pub(crate) const BUILD: &[Need] = &[("cmake", "cmake"), ("c++", "g++"), ("cc", "gcc")];

/// To test: other people's readers, an HSM in software, a browser, and Node for WASM.
pub(crate) const TEST: &[Need] = &[
    ("node", "nodejs"),
    ("npm", "npm"),
    ("openssl", "openssl"),
    ("python3", "python3"),
    ("zbarimg", "zbar-tools"),
    ("pdftoppm", "poppler-utils"),
    ("softhsm2-util", "softhsm2"),
    ("chromium", "chromium"),
    ("qemu-aarch64", "qemu-user"),
    ("qemu-system-arm", "qemu-system-arm"),
    ("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu"),
    ("arm-linux-gnueabihf-gcc", "gcc-arm-linux-gnueabihf"),
];

/// To put a gate on a machine of its own.
pub(crate) const MACHINE: &[Need] = &[
    ("qemu-system-x86_64", "qemu-system-x86"),
    ("mmdebstrap", "mmdebstrap"),
    ("mkfs.ext4", "e2fsprogs"),
    ("make", "make"),
];

/// What the cross compilers leave out when nothing is recommended.
const CROSS_LIBRARIES: &[(&str, &str)] = &[
    ("/usr/aarch64-linux-gnu/include", "libc6-dev-arm64-cross"),
    ("/usr/arm-linux-gnueabihf/include", "libc6-dev-armhf-cross"),
];

/// The database server of the services' tests. Its programs are on nobody's path.
const POSTGRES: &str = "postgresql";

/// Installs what is missing of these.
pub(crate) fn programs(needs: &[&[Need]]) -> anyhow::Result<()> {
    let mut missing: Vec<&str> = needs
        .iter()
        .copied()
        .flatten()
        .filter(|(program, _)| !is_there(program))
        .map(|(_, package)| *package)
        .collect();
    if needs.contains(&TEST) && !has_python_venv() {
        missing.push("python3-venv");
    }
    if needs.contains(&TEST) && !has_postgres() {
        missing.push(POSTGRES);
    }
    if needs.contains(&TEST) {
        let absent = CROSS_LIBRARIES
            .iter()
            .filter(|(folder, _)| !std::path::Path::new(folder).is_dir());
        missing.extend(absent.map(|(_, package)| *package));
    }
    if missing.is_empty() {
        return Ok(());
    }
    if !is_root() || !is_there("apt-get") {
        bail!(
            "missing programs; install them with: sudo apt-get install --no-install-recommends {}",
            missing.join(" ")
        );
    }
    headline(&format!("install {}", missing.join(" ")));
    let apt = || {
        let mut apt = command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        apt
    };
    if missing.contains(&POSTGRES) {
        without_main_cluster()?;
    }
    run(apt().arg("update"))?;
    run(apt()
        .args(["install", "-y", "--no-install-recommends"])
        .args(missing))
}

/// A program of Rust, built once into the target folder.
pub(crate) fn tool(name: &str, version: &str, more: &[&str]) -> anyhow::Result<PathBuf> {
    let tools = target().join("tools");
    let program = tools.join("bin").join(name);
    if !program.is_file() {
        run(cargo()
            .args(["install", name, "--locked", "--debug", "--version", version])
            .args(more)
            .arg("--root")
            .arg(&tools))?;
    }
    Ok(program)
}

/// Adds compilation targets of the toolchain.
pub(crate) fn targets(names: &[&str]) -> anyhow::Result<()> {
    if !is_there("rustup") {
        return Ok(());
    }
    run(command("rustup")
        .args(["--quiet", "target", "add"])
        .args(names))
}

/// Adds components of the toolchain.
pub(crate) fn components(names: &[&str]) -> anyhow::Result<()> {
    if !is_there("rustup") {
        return Ok(());
    }
    run(command("rustup")
        .args(["--quiet", "component", "add"])
        .args(names))
}

/// Debian's Python comes without what a virtual environment needs.
fn has_python_venv() -> bool {
    let python = std::process::Command::new("python3")
        .args(["-c", "import ensurepip"])
        .output();
    python.is_ok_and(|python| python.status.success())
}

/// Whether a server lies where Debian puts it.
fn has_postgres() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    versions.is_ok_and(|versions| {
        versions
            .flatten()
            .any(|version| version.path().join("bin/initdb").is_file())
    })
}

/// The tests start servers of their own: the one that the package would start is in nobody's
/// interest.
fn without_main_cluster() -> anyhow::Result<()> {
    let folder = std::path::Path::new("/etc/postgresql-common");
    let file = folder.join("createcluster.conf");
    if !file.exists() {
        std::fs::create_dir_all(folder)?;
        std::fs::write(file, "create_main_cluster = false\n")?;
    }
    Ok(())
}

fn is_root() -> bool {
    let id = std::process::Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.starts_with(b"0\n"))
}
