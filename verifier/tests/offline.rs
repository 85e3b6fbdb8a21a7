//! The verifier does no input or output, and neither does anything below it.
//!
//! Three checks: every package below `verifier`, natively, in WebAssembly and on bare metal, is one that a person
//! has put on `offline-allowed.tsv` after looking at it; none is of those that open sockets, files
//! or threads; and the sources of `hcert`, `trust-list` and `verifier` mention no part of the standard library
//! that reaches outside.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

const NATIVE: &str = "x86_64-unknown-linux-gnu";
const WASM: &str = "wasm32-unknown-unknown";
const BARE: &str = "thumbv7em-none-eabihf";

/// Packages that would break the promise, however they came in.
const DENIED: &[&str] = &[
    "async-io",
    "async-std",
    "attohttpc",
    "chrono",
    "crossbeam",
    "curl",
    "directories",
    "dirs",
    "fs-err",
    "fs2",
    "futures-executor",
    "getrandom",
    "hickory-resolver",
    "hyper",
    "iana-time-zone",
    "isahc",
    "js-sys",
    "libc",
    "libloading",
    "memmap2",
    "mio",
    "native-tls",
    "nix",
    "notify",
    "openssl",
    "polling",
    "postgres",
    "quinn",
    "rayon",
    "reqwest",
    "ring",
    "rusqlite",
    "rustix",
    "rustls",
    "smol",
    "socket2",
    "sqlx",
    "surf",
    "tempfile",
    "tokio",
    "tungstenite",
    "ureq",
    "walkdir",
    "web-sys",
    "webpki-roots",
    "windows-sys",
];

/// The packages below `verifier`, itself included.
fn packages(target: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tree", "-p", "verifier", "-e", "normal", "--prefix", "none"])
        .args([
            "--format",
            "{p}",
            "--offline",
            "--locked",
            "--target",
            target,
        ])
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree: {said}");
    String::from_utf8(output.stdout)
        .expect("cargo writes UTF-8")
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Name to where it may occur: `everywhere`, or only `native` or on `bare` metal.
fn allowed() -> BTreeMap<&'static str, &'static str> {
    let lines = include_str!("offline-allowed.tsv").lines();
    let rows = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
        [name, place @ ("everywhere" | "native" | "bare"), why] if !why.is_empty() => (name, place),
        _ => panic!("not name, place, what for: {line}"),
    })
    .collect()
}

#[test]
fn every_package_below_is_one_that_was_looked_at() {
    let places = [("native", NATIVE), ("wasm", WASM), ("bare", BARE)];
    let found = places.map(|(place, target)| (place, packages(target)));
    let allowed = allowed();
    let mut faults = Vec::new();
    for (place, packages) in &found {
        assert!(packages.contains("verifier") && packages.contains("hcert"));
        for name in packages {
            let listed = allowed.get(name.as_str());
            if !listed.is_some_and(|listed| *listed == "everywhere" || listed == place) {
                faults.push(format!("{name} is new below verifier ({place})"));
            }
        }
    }
    for (name, place) in &allowed {
        let there: Vec<&str> = found
            .iter()
            .filter(|(_, packages)| packages.contains(*name))
            .map(|(place, _)| *place)
            .collect();
        if there.is_empty() || *place != "everywhere" && there != [*place] {
            faults.push(format!("{name} is listed ({place}), but not there"));
        }
    }
    assert!(
        faults.is_empty(),
        "look at what it does, then correct tests/offline-allowed.tsv:\n{}",
        faults.join("\n")
    );
}

#[test]
fn nothing_below_opens_sockets_or_files() {
    for target in [NATIVE, WASM, BARE] {
        for name in packages(target) {
            let family = |denied: &&&str| {
                name == **denied
                    || name
                        .strip_prefix(**denied)
                        .is_some_and(|rest| rest.starts_with('-'))
            };
            if let Some(denied) = DENIED.iter().find(family) {
                panic!("{name} ({denied}) below verifier for {target}");
            }
        }
    }
    for name in allowed().keys() {
        assert!(!DENIED.contains(name), "{name} can't be allowed");
    }
}

/// Modules of the standard library that reach outside, and what a clock is called elsewhere.
const OUTSIDE: &[&str] = &["env", "fs", "io", "net", "os", "process", "thread"];
const CLOCKS: &[&str] = &["SystemTime", "time::Instant", "now_utc", "now_local"];

/// What of a source text reaches outside. Comments count too: better one word too many here.
fn mentions(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices("std::") {
        // Not part of another word, such as no_std.
        let before = source[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &source[at + "std::".len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(group) => group[..closing(group)]
                .split(|c: char| !is_word(c))
                .collect(),
            None => vec![rest.split(|c: char| !is_word(c)).next().unwrap_or_default()],
        };
        for name in names {
            if OUTSIDE.contains(&name) {
                found.push(format!("std::{name}"));
            }
        }
    }
    for clock in CLOCKS {
        found.extend(source.contains(clock).then(|| (*clock).to_owned()));
    }
    for marker in ["extern \"C\"", "println!", "dbg!"] {
        found.extend(source.contains(marker).then(|| marker.to_owned()));
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where the brace closes that was opened just before.
fn closing(group: &str) -> usize {
    let mut open = 1;
    for (at, c) in group.char_indices() {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return at;
        }
    }
    group.len()
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn the_sources_do_not_reach_outside() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for package in ["hcert", "trust-list", "verifier"] {
        sources(&root.join(package).join("src"), &mut files);
        let script = root.join(package).join("build.rs");
        assert!(!script.exists(), "{}", script.display());
    }
    assert!(files.len() > 60, "only {} files", files.len());
    let mut faults = Vec::new();
    for file in files {
        for mention in mentions(&std::fs::read_to_string(&file).unwrap()) {
            faults.push(format!("{}: {mention}", file.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_check_of_the_sources_finds_them() {
    for (source, found) in [
        ("use std::fs;", vec!["std::fs"]),
        (
            "let x = ::std::net::TcpStream::connect(a);",
            vec!["std::net"],
        ),
        (
            "use std::{\n    collections::HashMap,\n    env::{self, var},\n};",
            vec!["std::env"],
        ),
        (
            "use std::{sync::{Arc, Mutex}, process};",
            vec!["std::process"],
        ),
        ("std::thread::spawn(f)", vec!["std::thread"]),
        ("std::time::SystemTime::now()", vec!["SystemTime"]),
        ("use std::time::Instant;", vec!["time::Instant"]),
        ("OffsetDateTime::now_utc()", vec!["now_utc"]),
        ("println!(\"{x}\")", vec!["println!"]),
        (
            "use std::{borrow::Cow, sync::Arc}; use rand_std::fs;",
            vec![],
        ),
        ("struct Instants; mod environment;", vec![]),
    ] {
        assert_eq!(mentions(source), found, "{source}");
    }
}
