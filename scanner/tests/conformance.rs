//! Every published vector, of every format, through the functions that C calls: the verdict about its text and
//! about its pictures is the one that `hcert verify --format json` prints.

#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod common;
#[path = "../../verifier/testing/conformance.rs"]
mod conformance;

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use common::{
    c::{Device, of_struct},
    vector as own,
};
use qr::read::{self, Effort, Luma8};
use serde_json::Value;
use verifier::{Verifier, trust::TrustBuilder, wording::Language};

/// Pictures in which no code is found, and why.
const WITHOUT_A_CODE: [(&str, &str); 1] = [(
    "eu-dcc/testdata/common/2DCode/raw/Q1",
    "a damaged picture, as is stated",
)];

/// What was found about one vector.
#[derive(Default)]
struct Found {
    texts: usize,
    pictures: usize,
    without_a_code: Vec<String>,
    faults: Vec<String>,
}

/// The keys that a vector trusts; where there are none that are read, one that signed nothing of it, since a
/// scanner wants one.
fn trusted(vector: &Value) -> Vec<Vec<u8>> {
    let files = conformance::trusted(vector);
    match Device::new(&files) {
        Some(_) => files,
        None => vec![fs::read(own("trust/dsc-es256.pem")).unwrap()],
    }
}

fn of(folder: &Path, vector: &Value) -> Found {
    let id = vector["id"].as_str().unwrap();
    let at = conformance::at(vector);
    let files = trusted(vector);
    let mut builder = TrustBuilder::new();
    for file in &files {
        builder.add_file(file).unwrap();
    }
    let native = Verifier::new(builder.build());
    let device = Device::new(&files).unwrap();
    let mut found = Found::default();

    let text = conformance::text(folder, vector);
    let wanted = text.as_ref().map(|text| {
        let verdict = native.verify(text, at).to_json(id, Language::English);
        let (object, shown) = device.text(text.as_bytes(), at.unix(), id);
        found.texts += 1;
        if object != verdict {
            found
                .faults
                .push(format!("{id}: {object}\n  not {verdict}"));
        }
        if shown != of_struct(&verdict) {
            found.faults.push(format!("{id}: the struct says {shown}"));
        }
        verdict
    });
    for (number, file) in conformance::pictures(folder, vector).iter().enumerate() {
        let Ok(picture) = image::load_from_memory(file) else {
            found.without_a_code.push(id.to_owned());
            continue;
        };
        let grey = picture.into_luma8();
        found.pictures += 1;
        let read = device.picture(grey.dimensions(), &grey, at.unix(), id);
        let Some((object, shown)) = read else {
            found.without_a_code.push(id.to_owned());
            continue;
        };
        // Of a vector that is its picture alone, by the codes that are in it.
        let wanted = match &wanted {
            Some(wanted) => vec![wanted.clone()],
            None => texts_of(&grey)
                .iter()
                .map(|text| native.verify(text, at).to_json(id, Language::English))
                .collect(),
        };
        if !wanted.contains(&object) {
            let fault = format!("{id}, picture {number}: {object}\n  not {wanted:?}");
            found.faults.push(fault);
        }
        if shown != of_struct(&object) {
            found.faults.push(format!("{id}: the struct says {shown}"));
        }
    }
    found
}

/// What the command line's reader finds in a picture.
fn texts_of(grey: &image::GrayImage) -> Vec<String> {
    let luma = Luma8::new(grey.width(), grey.height(), grey).unwrap();
    let codes = read::codes(&luma, Effort::Thorough);
    codes.into_iter().filter_map(|code| code.text).collect()
}

#[test]
fn verdicts_equal_those_of_the_command_line() {
    let Some(folder) = conformance::folder() else {
        return;
    };
    let vectors = conformance::vectors(&folder);
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let found: Vec<Found> = thread::scope(|scope| {
        let work = || {
            let next = || vectors.get(next.fetch_add(1, Ordering::Relaxed));
            let vectors = std::iter::from_fn(next);
            vectors
                .map(|vector| of(&folder, vector))
                .collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let found = workers.into_iter().map(|worker| worker.join().unwrap());
        found.flatten().collect()
    });
    let (texts, pictures) = found.iter().fold((0, 0), |(texts, pictures), found| {
        (texts + found.texts, pictures + found.pictures)
    });
    eprintln!(
        "{} vectors: {texts} texts and {pictures} pictures",
        vectors.len()
    );
    let faults: Vec<&String> = found.iter().flat_map(|found| &found.faults).collect();
    assert!(
        faults.is_empty(),
        "{} differ\n{}",
        faults.len(),
        faults.into_iter().cloned().collect::<Vec<_>>().join("\n")
    );
    let mut without: Vec<&str> = found
        .iter()
        .flat_map(|found| &found.without_a_code)
        .map(String::as_str)
        .collect();
    without.sort_unstable();
    assert_eq!(without, WITHOUT_A_CODE.map(|(id, _)| id));
    assert!(
        texts > 450 && pictures > 300,
        "the conformance files are not whole"
    );
}
