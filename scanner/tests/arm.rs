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

impl Machine {
    /// Compiles a program in C against the library, and says how it is run.
    fn program(&self, libraries: &Path, source: &str) -> Command {
        let place = folder(&format!("arm/{}", self.target));
        let program = place.join(Path::new(source).file_stem().unwrap());
        run(Command::new(self.compiler)
            .arg(here(source))
            .args(["-O1", "-Wall", "-Werror", "-I"])
            .arg(here("include"))
            .arg("-L")
            .arg(libraries)
            .args(["-lhcert_scanner", "-lpthread", "-o"])
            .arg(&program));
        let mut command = Command::new(self.emulator);
        command
            .args(["-L", self.libraries, "-E"])
            .arg(format!("LD_LIBRARY_PATH={}", libraries.display()))
            .arg(&program)
            .arg(vector("trust/dsc-es256.pem"))
            .arg(AT.to_string())
            .arg(vector("valid/es256-vaccination.txt"));
        command
    }
}

#[test]
fn the_library_runs_on_arm() {
    let mut report = String::from(
        "| target | libhcert_scanner.so, kB | libhcert_scanner.a, kB | verdict under qemu, p50 ms | p99 ms |\n\
         |---|---:|---:|---:|---:|\n",
    );
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
        let [shared, archive] = ["libhcert_scanner.so", "libhcert_scanner.a"]
            .map(|name| fs::metadata(libraries.join(name)).unwrap().len() / 1024);
        let picture = folder("arm").join("picture.pgm");
        pgm(&vector("valid/es256-vaccination.png"), &picture);
        let check = &mut machine.program(&libraries, "tests/c/check.c");
        let output = run(check.arg(&picture).arg("20"));
        assert_eq!(output.stdout, b"as it should be\n");
        let output = run(machine.program(&libraries, "tests/c/time.c").arg("200"));
        let figures = String::from_utf8(output.stdout).unwrap();
        let mut milliseconds = figures
            .split_whitespace()
            .map(|figure| figure.parse::<f64>().unwrap() / 1000.0);
        let (middle, late) = (milliseconds.next().unwrap(), milliseconds.next().unwrap());
        report += &format!(
            "| {} | {shared} | {archive} | {middle:.1} | {late:.1} |\n",
            machine.target
        );
    }
    eprintln!("{report}");
    // `cargo xtask bench` takes it from there.
    fs::write(
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("arm.md"),
        report,
    )
    .unwrap();
}
