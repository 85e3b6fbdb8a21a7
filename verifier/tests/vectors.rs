//! The vectors of `test-vectors/`, each with its whole verdict, and their pictures.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use verifier::{Stage, Verifier, trust::TrustBuilder, wording::Language};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors")
}

fn json(file: &str) -> Value {
    let bytes = fs::read(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Every vector's description.
fn vectors() -> Vec<Value> {
    let index = json("index.json");
    let entries = index["vectors"].as_array().unwrap();
    entries
        .iter()
        .map(|entry| {
            let vector = json(entry["file"].as_str().unwrap());
            assert_eq!(vector["name"], entry["name"]);
            assert_eq!(vector["expect"]["valid"], entry["valid"]);
            assert_eq!(vector["expect"]["stage"], entry["stage"]);
            vector
        })
        .collect()
}

fn verifier(vector: &Value) -> Verifier {
    let mut trust = TrustBuilder::new();
    for file in vector["trust"].as_array().unwrap() {
        let bytes = fs::read(folder().join(file.as_str().unwrap())).unwrap();
        trust.add_file(&bytes).unwrap();
    }
    Verifier::new(trust.build())
}

#[test]
fn every_vector_has_its_verdict() {
    let mut faults = Vec::new();
    for vector in vectors() {
        let file = vector["text"].as_str().unwrap();
        let text = fs::read_to_string(folder().join(file)).unwrap();
        let at = vector["at"].as_str().unwrap().parse().unwrap();
        let verdict = verifier(&vector)
            .verify(&text, at)
            .to_json(file, Language::English);
        let expect = &vector["expect"];
        let found = (&verdict["valid"], &verdict["failure"]["stage"]);
        if found != (&expect["valid"], &expect["stage"]) {
            faults.push(format!("{file}: found {}", verdict["failure"]));
        } else if verdict != expect["verdict"] {
            faults.push(format!("{file}: the verdict is\n{verdict:#}"));
        }
        assert_eq!(expect["format"], expect["verdict"]["format"], "{file}");
        assert_eq!(expect["stages"][0], expect["stage"], "{file}");
    }
    assert!(
        faults.is_empty(),
        "{} vectors (after a wanted change: cargo xtask vectors)\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn the_index_counts_every_file() {
    let index = json("index.json");
    let vectors = vectors();
    for (folder_name, flag) in [("valid", true), ("invalid", false)] {
        let indexed = vectors
            .iter()
            .filter(|vector| vector["expect"]["valid"] == flag)
            .count();
        let files = fs::read_dir(folder().join(folder_name)).unwrap();
        let files = files
            .filter(|file| file.as_ref().unwrap().path().extension() == Some("json".as_ref()))
            .count();
        assert_eq!(indexed, files, "{folder_name}");
        assert_eq!(index[folder_name], indexed, "{folder_name}");
    }
    assert!(
        vectors.len() >= 300,
        "only {} vectors are left",
        vectors.len()
    );
}

/// The stages that an HC1 text can fail at.
const STAGES: [Stage; 13] = [
    Stage::Prefix,
    Stage::Base45,
    Stage::Zlib,
    Stage::Cbor,
    Stage::Cose,
    Stage::Kid,
    Stage::Trust,
    Stage::Signature,
    Stage::KeyUsage,
    Stage::NotYetValid,
    Stage::Expired,
    Stage::Revocation,
    Stage::Schema,
];

#[test]
fn every_stage_of_the_hc1_pipeline_has_a_vector() {
    let vectors = vectors();
    let found: BTreeSet<&str> = vectors
        .iter()
        .filter_map(|vector| vector["expect"]["stage"].as_str())
        .collect();
    let wanted: BTreeSet<&str> = STAGES.iter().map(|stage| stage.name()).collect();
    assert_eq!(found, wanted);
}

/// The grey levels of a PNG, row by row.
struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// Pixels along each side of a module, and light modules around the symbol.
const MODULE: usize = 3;
const QUIET_ZONE: usize = 4;

impl Picture {
    fn open(path: &Path) -> Picture {
        let file = std::io::BufReader::new(fs::File::open(path).unwrap());
        let mut decoder = png::Decoder::new(file);
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!(info.color_type, png::ColorType::Grayscale);
        Picture {
            width: info.width as usize,
            height: info.height as usize,
            pixels,
        }
    }

    /// The content of its one code, found as in any photograph.
    fn found(&self) -> Vec<u8> {
        let (width, height) = (self.width, self.height);
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            self.pixels[y * width + x]
        });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        let mut content = Vec::new();
        grids[0].decode_to(&mut content).unwrap();
        content
    }

    /// The content of the modules, whose places are known.
    fn sampled(&self) -> Vec<u8> {
        let modules = self.width / MODULE - 2 * QUIET_ZONE;
        let place = |module: usize| (module + QUIET_ZONE) * MODULE + MODULE / 2;
        let grid = rqrr::SimpleGrid::from_func(modules, |x, y| {
            self.pixels[place(y) * self.width + place(x)] == 0
        });
        let mut content = Vec::new();
        rqrr::Grid::new(grid).decode_to(&mut content).unwrap();
        content
    }
}

#[test]
fn every_picture_holds_its_text() {
    let mut without = Vec::new();
    for (index, vector) in vectors().iter().enumerate() {
        let text = fs::read(folder().join(vector["text"].as_str().unwrap())).unwrap();
        let Some(name) = vector["picture"].as_str() else {
            assert!(text.is_empty() || text.len() > 4_296, "{}", vector["name"]);
            without.push(vector["name"].to_string());
            continue;
        };
        let picture = Picture::open(&folder().join(name));
        assert!(picture.sampled() == text, "{name}");
        // Looking for the code takes most of the time, and the pictures are all of one make.
        if index % 16 == 0 {
            assert!(picture.found() == text, "{name}");
        }
    }
    assert!(without.len() <= 4, "without a picture: {without:?}");
}
