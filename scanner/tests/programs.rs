//! Programs in C, C++ and Python against the built library, also with AddressSanitizer and
//! LeakSanitizer.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod common;

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use common::{AT, folder, here, libraries, pgm, run, vector};

const STRICT: [&str; 6] = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-g", "-O1"];

/// Compiles one source against the shared library.
fn compile(compiler: &str, source: &Path, name: &str, more: &[&str]) -> PathBuf {
    let program = folder("programs").join(name);
    let libraries = libraries();
    run(Command::new(compiler)
        .arg(source)
        .args(STRICT)
        .args(more)
        .arg("-I")
        .arg(here("include"))
        .arg("-L")
        .arg(&libraries)
        .arg(format!("-Wl,-rpath,{}", libraries.display()))
        .args(["-lhcert_scanner", "-lpthread", "-o"])
        .arg(&program));
    program
}

/// Files that the programs read: trust, text, picture.
fn files() -> [PathBuf; 3] {
    let picture = folder("programs").join("picture.pgm");
    if !picture.exists() {
        let other = folder("programs").join(format!("picture-{}.pgm", std::process::id()));
        pgm(&vector("valid/es256-vaccination.png"), &other);
        fs::rename(other, &picture).unwrap();
    }
    [
        vector("trust/dsc-es256.pem"),
        vector("valid/es256-vaccination.txt"),
        picture,
    ]
}

fn check(program: &Path, rounds: &str) {
    let [trust, text, picture] = files();
    let at = AT.to_string();
    let arguments: [&OsStr; 5] = [
        trust.as_ref(),
        at.as_ref(),
        text.as_ref(),
        picture.as_ref(),
        rounds.as_ref(),
    ];
    let output = run(Command::new(program)
        .args(arguments)
        .env("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0"));
    assert_eq!(output.stdout, b"as it should be\n");
}

#[test]
fn every_function_from_c() {
    let source = here("tests/c/check.c");
    check(&compile("cc", &source, "check", &["-std=c11"]), "300");
}

#[test]
fn every_function_from_c_with_sanitizers() {
    let source = here("tests/c/check.c");
    let program = compile(
        "cc",
        &source,
        "check-asan",
        &["-std=c11", "-fsanitize=address"],
    );
    check(&program, "60");
}

#[test]
fn the_static_library_is_whole() {
    let program = folder("programs").join("check-static");
    run(Command::new("cc")
        .arg(here("tests/c/check.c"))
        .arg("-I")
        .arg(here("include"))
        .arg(libraries().join("libhcert_scanner.a"))
        .args(["-lstdc++", "-lm", "-ldl", "-lpthread", "-o"])
        .arg(&program));
    check(&program, "20");
}

#[test]
fn the_example_in_c() {
    let program = compile(
        "cc",
        &here("examples/c/verify.c"),
        "example-c",
        &["-std=c11"],
    );
    let [trust, text, _] = files();
    let code = fs::read_to_string(text).unwrap();
    let mut child = Command::new(program)
        .arg(trust)
        .arg(format!("@{AT}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = format!("{code}\r\nno code\n{}\n", &code[..code.len() - 3]);
    use std::io::Write as _;
    child
        .stdin
        .take()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let words: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(words, ["AMBER", "RED", "RED"], "{said}");
    assert!(said.contains(" prefix |"), "{said}");
}

#[test]
fn the_example_in_cpp() {
    for (name, more) in [
        ("example-cpp", &["-std=c++17"][..]),
        ("example-cpp-asan", &["-std=c++17", "-fsanitize=address"]),
    ] {
        let program = compile("c++", &here("examples/cpp/verify.cpp"), name, more);
        let [trust, text, picture] = files();
        let output = run(Command::new(program)
            .arg(trust)
            .arg(AT.to_string())
            .arg(text)
            .arg(picture));
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said.matches(r#""valid":true"#).count(), 2, "{said}");
        assert!(said.contains("refused: "), "{said}");
    }
}

#[test]
fn the_example_in_python() {
    let [trust, text, _] = files();
    let code = fs::read_to_string(text).unwrap();
    let mut child = Command::new("python3")
        .arg(here("examples/python/hcert_scanner.py"))
        .arg(libraries().join("libhcert_scanner.so"))
        .arg(trust)
        .arg(format!("@{AT}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    use std::io::Write as _;
    let lines = format!("{code}\nkhông phải mã\n");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let rows: Vec<serde_json::Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        (&rows[0]["valid"], &rows[0]["input"]),
        (&true.into(), &"-".into())
    );
    assert_eq!(rows[1]["failure"]["stage"], "prefix");
}
