//! The pictures of public test certificates are read, and give the text that stands beside them.
//!
//! The data is not part of this repository. Its folder is named by `HCERT_CONFORMANCE`; without the
//! variable it is looked for beside the workspace. `expected.jsonl` there has a line for each vector.

#![cfg(not(target_arch = "wasm32"))]

use std::error::Error;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qr::{
    picture::{self, PictureLimits},
    read::{self, Effort, Luma8},
};
use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The vector whose picture is stated to be unreadable.
const UNREADABLE: &str = "eu-dcc/testdata/common/2DCode/raw/Q1";

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("HCERT_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance"),
        PathBuf::from,
    );
    folder.join("expected.jsonl").is_file().then_some(folder)
}

/// The pictures of a vector.
fn pictures(folder: &Path, vector: &Value) -> Result<Vec<Vec<u8>>> {
    let mut pictures = Vec::new();
    if let (Some(file), Some(field)) = (
        vector["payload_file"].as_str(),
        vector["image_field"].as_str(),
    ) {
        let json: Value = serde_json::from_slice(&std::fs::read(folder.join(file))?)?;
        let base64: String = json[field]
            .as_str()
            .ok_or("no picture")?
            .split_whitespace()
            .collect();
        pictures.push(STANDARD.decode(base64).map_err(|error| error.to_string())?);
    }
    let more = vector["more_images"].as_array().into_iter().flatten();
    for file in std::iter::once(&vector["image_file"])
        .chain(more)
        .filter_map(Value::as_str)
    {
        pictures.push(std::fs::read(folder.join(file))?);
    }
    Ok(pictures)
}

/// The text that a vector's pictures carry, where it is stated.
fn payload(folder: &Path, vector: &Value) -> Result<Option<String>> {
    let Some(file) = vector["payload_file"].as_str() else {
        return Ok(None);
    };
    let content = std::fs::read_to_string(folder.join(file))?;
    match vector["payload_field"].as_str() {
        Some(field) => {
            let json: Value = serde_json::from_str(&content)?;
            Ok(json[field].as_str().map(str::to_owned))
        }
        None => Ok(Some(
            content.strip_suffix('\n').unwrap_or(&content).to_owned(),
        )),
    }
}

#[test]
fn pictures_of_public_vectors() {
    let Some(folder) = folder() else {
        eprintln!("SKIPPED: no conformance data; set HCERT_CONFORMANCE to its folder");
        return;
    };
    let vectors = std::fs::read_to_string(folder.join("expected.jsonl")).unwrap();
    let mut findings = Vec::new();
    let mut read = 0;
    for line in vectors.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let id = vector["id"].as_str().unwrap();
        for (picture, number) in pictures(&folder, &vector).unwrap().iter().zip(1..) {
            let codes = picture::codes(picture, &PictureLimits::default());
            let texts: Vec<String> = match &codes {
                Ok(pages) => pages
                    .iter()
                    .flat_map(|page| &page.codes)
                    .filter_map(|code| code.text.clone())
                    .collect(),
                Err(error) => vec![format!("error: {error}")],
            };
            let expected = payload(&folder, &vector).unwrap();
            let right = match &expected {
                _ if id == UNREADABLE => {
                    codes.map_or(true, |pages| pages.iter().all(|page| page.codes.is_empty()))
                }
                Some(text) => texts.iter().any(|read| read.trim_end() == text.trim_end()),
                None => codes.is_ok() && !texts.is_empty(),
            };
            read += usize::from(right && id != UNREADABLE);
            if !right {
                findings.push(format!(
                    "{id}, picture {number}: read {texts:?}, expected {expected:?}"
                ));
            }
        }
    }
    eprintln!("{read} pictures read");
    assert!(read > 300, "only {read} pictures");
    assert!(
        findings.is_empty(),
        "{} pictures not as expected:\n{}",
        findings.len(),
        findings.join("\n")
    );
}

/// Aztec symbols by the reader that browsers have.
#[test]
fn aztec_codes_without_native_readers() {
    let Some(folder) = folder() else {
        eprintln!("SKIPPED: no conformance data; set HCERT_CONFORMANCE to its folder");
        return;
    };
    for number in 1..=4 {
        let at = |kind: &str| {
            let name = format!("eu-dcc/testdata/IE/png/{number}_{kind}.png");
            std::fs::read(folder.join(name)).unwrap()
        };
        let read = |file: &[u8]| {
            let picture = image::load_from_memory(file).unwrap().to_luma8();
            let luma = Luma8::new(picture.width(), picture.height(), picture.as_raw()).unwrap();
            read::codes_portable(&luma, Effort::Thorough)
        };
        let bytes = |kind: &str| {
            read(&at(kind))
                .into_iter()
                .map(|code| code.bytes)
                .collect::<Vec<_>>()
        };
        let (aztec, qr) = (bytes("aztec"), bytes("qr"));
        assert_eq!(qr.len(), 1, "{number}");
        assert_eq!(aztec, qr, "{number}");
        let picture = image::load_from_memory(&at("aztec")).unwrap().to_luma8();
        for degrees in [7.0_f32, 90.0, 200.0, 318.0] {
            for tilt in [0.0, 0.0002] {
                let held = held(&picture, degrees.to_radians(), tilt);
                let luma = Luma8::new(held.width(), held.height(), held.as_raw()).unwrap();
                let codes = read::codes_portable(&luma, Effort::Thorough);
                let found: Vec<_> = codes.into_iter().map(|code| code.bytes).collect();
                eprintln!(
                    "XX {number}, turned by {degrees}, tilted by {tilt} {}",
                    found == qr
                );
            }
        }
    }
}

/// A picture of 400 x 400 pixels as a camera sees it: off the middle, larger, turned, one side further away.
fn held(picture: &image::GrayImage, turn: f32, tilt: f32) -> image::GrayImage {
    let (sin, cos) = turn.sin_cos();
    image::GrayImage::from_fn(1280, 960, |x, y| {
        let (x, y) = (x as f32 - 600.0, y as f32 - 460.0);
        let distance = 1.5 * (1.0 + tilt * x);
        let (x, y) = (x / distance, y / distance);
        let (x, y) = (cos * x + sin * y + 200.0, cos * y - sin * x + 200.0);
        let inside = (0.0..400.0).contains(&x) && (0.0..400.0).contains(&y);
        let level = if inside {
            picture.get_pixel(x as u32, y as u32).0[0]
        } else {
            255
        };
        image::Luma([level / 2 + 60])
    })
}
