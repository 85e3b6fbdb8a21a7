//! The published vectors, for the tests of whoever decides about them:
//! `#[path = ".../verifier/testing/conformance.rs"] mod conformance;`
//!
//! The files are not part of the project: `HCERT_CONFORMANCE` names their folder, by default
//! `../shared/conformance` beside the project. Its README describes them.

#![allow(dead_code, reason = "each test program uses a part of this")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use hcert::{base64, time::Timestamp};
use serde_json::Value;

/// The folder; without it a test is skipped, and says so.
pub(crate) fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("HCERT_CONFORMANCE").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    let folder = named.unwrap_or(beside);
    if folder.join("expected.jsonl").exists() {
        return Some(folder);
    }
    eprintln!(
        "\n*** SKIPPED: no conformance files in {} (set HCERT_CONFORMANCE) ***\n",
        folder.display()
    );
    None
}

/// Every vector, of every format.
pub(crate) fn vectors(folder: &Path) -> Vec<Value> {
    let lines = fs::read_to_string(folder.join("expected.jsonl")).unwrap();
    let vectors = lines.lines().map(serde_json::from_str);
    vectors.collect::<Result<_, _>>().unwrap()
}

/// The vector's text, if it has one. The final line end is the file's, spaces before it are the code's.
pub(crate) fn text(folder: &Path, vector: &Value) -> Option<String> {
    let of_picture = vector["payload_field"].is_null() && !vector["image_field"].is_null();
    let file = vector["payload_file"].as_str().filter(|_| !of_picture)?;
    // Some are binary.
    let file = String::from_utf8(fs::read(folder.join(file)).unwrap()).ok()?;
    match vector["payload_field"].as_str() {
        Some(field) => {
            let json: Value = serde_json::from_str(&file).unwrap();
            json[field].as_str().map(str::to_owned)
        }
        None => Some(file.trim_end_matches(['\n', '\r']).to_owned()),
    }
}

/// The vector's pictures, as files.
pub(crate) fn pictures(folder: &Path, vector: &Value) -> Vec<Vec<u8>> {
    let mut pictures = Vec::new();
    if let (Some(file), Some(field)) = (
        vector["payload_file"].as_str(),
        vector["image_field"].as_str(),
    ) {
        let json: Value = serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap();
        let text: String = json[field].as_str().unwrap().split_whitespace().collect();
        pictures.push(base64::decode(&text).unwrap());
    }
    let more = vector["more_images"].as_array().into_iter().flatten();
    let files = std::iter::once(&vector["image_file"]).chain(more);
    pictures.extend(
        files
            .filter_map(Value::as_str)
            .map(|file| fs::read(folder.join(file)).unwrap()),
    );
    pictures
}

/// The files of the keys that the vector trusts.
pub(crate) fn trusted(vector: &Value) -> Vec<Vec<u8>> {
    [&vector["signer_certificate"], &vector["signer_key"]["spki"]]
        .into_iter()
        .filter_map(Value::as_str)
        .map(|file| file.as_bytes().to_vec())
        .collect()
}

/// When the vector is decided. Without a clock it only has to decode, and any instant will do.
pub(crate) fn at(vector: &Value) -> Timestamp {
    let stated = vector["at"].as_str().map(|at| at.parse().unwrap());
    stated.unwrap_or(Timestamp::saturating(1_640_000_000))
}
