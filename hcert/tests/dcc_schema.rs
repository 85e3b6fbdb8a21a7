//! The documents of the published DCC schema: each is judged as the schema judges it.

use std::io::Write as _;
use std::path::PathBuf;
use std::{env, fs, io};

use hcert::dcc::Dcc;
use hcert::value_set::ValueSets;
use serde_json::Value;

/// The folder of published vectors; `None`, said aloud, if there is none.
fn conformance() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/conformance");
    let folder = env::var_os("HCERT_CONFORMANCE").map_or_else(|| default.into(), PathBuf::from);
    if folder.join("eu-dcc/schema/expected-schema.json").is_file() {
        return Some(folder);
    }
    // Not eprintln!, which the test harness keeps to itself when a test passes.
    let said = writeln!(
        io::stderr(),
        "SKIPPED: no published vectors in {} (set HCERT_CONFORMANCE)",
        folder.display()
    );
    said.expect("stderr can be written");
    None
}

fn read(path: PathBuf) -> Value {
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn documents_of_the_schema() {
    let Some(folder) = conformance() else { return };
    let expected = read(folder.join("eu-dcc/schema/expected-schema.json"));
    let cases = expected.as_array().unwrap();
    assert_eq!(cases.len(), 28);
    for case in cases {
        let file = case["file"].as_str().unwrap();
        let judged = Dcc::from_json(&read(folder.join(file)));
        assert_eq!(
            judged.is_ok(),
            case["valid"].as_bool().unwrap(),
            "{file}: {judged:?}"
        );
        let Ok(dcc) = judged else { continue };
        assert_eq!(Dcc::from_json(&dcc.to_json()).as_ref(), Ok(&dcc), "{file}");
        assert_eq!(dcc.check(), [], "{file}");
    }
}

#[test]
fn published_value_sets() {
    let Some(folder) = conformance() else { return };
    let mut read = 0;
    for file in fs::read_dir(folder.join("eu-dcc/valuesets")).unwrap() {
        let path = file.unwrap().path();
        let is_set = path.extension().is_some_and(|e| e == "json")
            && !path.ends_with("vaccine-encoding-instructions.json");
        if !is_set {
            continue;
        }
        let mut sets = ValueSets::builtin();
        let kind = sets.update(&fs::read_to_string(&path).unwrap()).unwrap();
        // The built-in table says the same.
        let builtin = ValueSets::builtin();
        assert_eq!(sets.date(kind), builtin.date(kind));
        assert_eq!(sets.entries(kind).count(), builtin.entries(kind).count());
        for entry in sets.entries(kind) {
            let ours = builtin.get(kind, entry.code).unwrap();
            assert_eq!(ours.active, entry.active, "{}", entry.code);
            let spaced = entry
                .display
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            assert_eq!(ours.display, spaced);
        }
        read += 1;
    }
    assert_eq!(read, 8);
}
