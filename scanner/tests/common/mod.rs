//! The built library, the vectors, and programs that are compiled against it.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test program uses a part of this"
)]

pub mod bundle;
pub mod c;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The instant at which the project's own vectors are valid.
pub const AT: i64 = 1_772_352_000;

pub fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub fn vector(path: &str) -> PathBuf {
    here("../test-vectors").join(path)
}

/// A folder for what a test makes.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The folder of libhcert_scanner.so and .a, which cargo puts beside the test programs.
pub fn libraries() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let folder = program.parent().unwrap().to_owned();
    for name in ["libhcert_scanner.so", "libhcert_scanner.a"] {
        assert!(
            folder.join(name).exists(),
            "{name} is not in {}",
            folder.display()
        );
    }
    folder
}

/// Runs a program to its end; fails when it fails.
pub fn run(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// A vector's picture as PGM, which C reads in a line.
pub fn pgm(picture: &Path, to: &Path) {
    let file = std::io::BufReader::new(fs::File::open(picture).unwrap());
    let mut decoder = png::Decoder::new(file);
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Grayscale);
    let mut bytes = format!("P5 {} {} 255\n", info.width, info.height).into_bytes();
    bytes.extend_from_slice(&pixels[..info.buffer_size()]);
    fs::write(to, bytes).unwrap();
}

/// Whether a program is on the path.
pub fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Whether the toolchain can build for a target.
pub fn has_target(target: &str) -> bool {
    let root = Command::new("rustc").args(["--print", "sysroot"]).output();
    root.is_ok_and(|root| {
        let root = String::from_utf8_lossy(&root.stdout).trim().to_owned();
        Path::new(&root).join("lib/rustlib").join(target).exists()
    })
}
