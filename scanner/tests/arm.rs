//! The library on ARM: built without C and C++ (`--cfg hcert_pure`) for 64-bit and 32-bit Linux, used by the
//! same program in C, and run under qemu.
//!
//! Needs qemu-user, cross compilers and the targets of Rust, which `cargo xtask test` installs; says so
//! loudly and does nothing where they are missing, unless `HCERT_NEED_ARM` is set.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use common::{AT, folder, has_target, here, is_there, pgm, run, vector};

struct Machine {
    target: &'static str,
    compiler: &'static str,
    emulator: &'static str,
    libraries: &'static str,
}

const MACHINES: [Machine; 2] = [
    Machine {
        target: "aarch64-unknown-linux-gnu",
        compiler: "aarch64-linux-gnu-gcc",
        emulator: "qemu-aarch64",
        libraries: "/usr/aarch64-linux-gnu",
    },
    Machine {
        target: "armv7-unknown-linux-gnueabihf",
        compiler: "arm-linux-gnueabihf-gcc",
        emulator: "qemu-arm",
        libraries: "/usr/arm-linux-gnueabihf",
    },
];

fn build(machine: &Machine) -> PathBuf {
    // Their own folder: another build of the same target in between would cost both.
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("arm");
    let name = machine.target.to_uppercase().replace('-', "_");
    run(Command::new(env!("CARGO"))
        .current_dir(here(".."))
        .args([
            "build",
            "--locked",
            "-p",
            "hcert-scanner",
            "--profile",
            "device",
        ])
        .args(["--target", machine.target, "--target-dir"])
        .arg(&to)
        .env("RUSTFLAGS", "--cfg hcert_pure")
        .env(format!("CARGO_TARGET_{name}_LINKER"), machine.compiler));
    to.join(machine.target).join("device")
}

#[test]
fn the_library_runs_on_arm() {
    for machine in &MACHINES {
        let missing = [machine.compiler, machine.emulator]
            .into_iter()
            .find(|program| !is_there(program))
            .or_else(|| (!has_target(machine.target)).then_some(machine.target));
        if let Some(missing) = missing {
            assert!(std::env::var_os("HCERT_NEED_ARM").is_none(), "no {missing}");
            eprintln!(
                "\n*** SKIPPED: {} without {missing} (cargo xtask test installs it) ***\n",
                machine.target
            );
            continue;
        }
        let libraries = build(machine);
        for name in ["libhcert_scanner.so", "libhcert_scanner.a"] {
            let bytes = fs::metadata(libraries.join(name)).unwrap().len();
            eprintln!("{}: {name} {} kB", machine.target, bytes / 1024);
        }
        let place = folder(&format!("arm/{}", machine.target));
        let program = place.join("check");
        run(Command::new(machine.compiler)
            .arg(here("tests/c/check.c"))
            .args(["-O1", "-Wall", "-Werror", "-I"])
            .arg(here("include"))
            .arg("-L")
            .arg(&libraries)
            .args(["-lhcert_scanner", "-lpthread", "-o"])
            .arg(&program));
        let picture = place.join("picture.pgm");
        pgm(&vector("valid/es256-vaccination.png"), &picture);
        let started = Instant::now();
        let output = run(Command::new(machine.emulator)
            .args(["-L", machine.libraries, "-E"])
            .arg(format!("LD_LIBRARY_PATH={}", libraries.display()))
            .arg(&program)
            .arg(vector("trust/dsc-es256.pem"))
            .arg(AT.to_string())
            .arg(vector("valid/es256-vaccination.txt"))
            .arg(&picture)
            .arg("20"));
        assert_eq!(output.stdout, b"as it should be\n");
        eprintln!(
            "{}: every function in {:?} under {}",
            machine.target,
            started.elapsed(),
            machine.emulator
        );
    }
}
