//! What the virtual machine of `scanner/gate/tests/machine` is given: certificates of a production trust
//! list, newer and newer lists, and pictures as a camera takes them. Made by `cargo xtask soak machine`.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;
#[path = "common/publication.rs"]
mod publication;

use std::{fs, path::PathBuf};

use common::Folder;
use publication::Publication;
use qr::encode::{Options, Symbol};
use trust_list::environment::Environment;

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;
/// Lists, each newer than the one before: an update for each power cut, and some more.
const LISTS: u64 = 400;

/// A code held before a camera: a little turned, seen from the side, out of focus, in a dim room.
fn photographed(text: &str) -> Vec<u8> {
    let symbol = Symbol::new(text, &Options::default()).unwrap();
    let side = symbol.width() + 8;
    let dark = |x: usize, y: usize| x >= 4 && y >= 4 && symbol.is_dark(x - 4, y - 4);
    // Corners of the sheet in the picture: top left, top right, bottom left, bottom right.
    let corners = [(330.0, 40.0), (930.0, 70.0), (300.0, 660.0), (960.0, 650.0)];
    let mut sharp = vec![70_u8; WIDTH * HEIGHT];
    let steps = 4 * 700;
    for row in 0..steps {
        for column in 0..steps {
            let (u, v) = (
                f64::from(column) / f64::from(steps),
                f64::from(row) / f64::from(steps),
            );
            let mix = |pick: fn((f64, f64)) -> f64| {
                let [a, b, c, d] = corners.map(pick);
                (a * (1.0 - u) + b * u) * (1.0 - v) + (c * (1.0 - u) + d * u) * v
            };
            let (x, y) = (mix(|at| at.0) as usize, mix(|at| at.1) as usize);
            let module = |share: f64| (share * side as f64) as usize;
            let shade = if dark(module(u), module(v)) { 60 } else { 190 };
            sharp[y * WIDTH + x] = shade;
        }
    }
    // Out of focus: each pixel is the mean of those around it.
    let mut picture = sharp.clone();
    for y in 1..HEIGHT - 1 {
        for x in 1..WIDTH - 1 {
            let around = (y - 1..=y + 1).flat_map(|y| (x - 1..=x + 1).map(move |x| y * WIDTH + x));
            let sum: usize = around.map(|at| usize::from(sharp[at])).sum();
            // And some grain.
            let grain = (x * 7919 + y * 104_729) % 13;
            picture[y * WIDTH + x] = u8::try_from(sum / 9 + grain).unwrap();
        }
    }
    picture
}

#[test]
fn a_code_before_a_camera_is_read() {
    use qr::read::{Effort, Luma8, codes};
    let text = format!("HC1:{}", "6BFOXN TSM1-XRL0".repeat(36));
    let picture = photographed(&text);
    let luma = Luma8::new(1280, 720, &picture).unwrap();
    assert_eq!(codes(&luma, Effort::Quick)[0].text.as_deref(), Some(&*text));
}

#[test]
#[ignore = "writes to HCERT_MACHINE"]
fn materials() {
    let out = PathBuf::from(std::env::var_os("HCERT_MACHINE").unwrap());
    let folder = Folder::new();
    folder.pki("");
    folder
        .shell("hcert issue --example vaccination > payload.json")
        .good();
    let issue = "--payload payload.json --text";
    folder
        .hcert(&format!(
            "issue --cert pki/dsc.pem --key pki/dsc.key {issue} valid.txt"
        ))
        .good();
    // A forger has keys too, and calls himself the same.
    folder
        .hcert("keys csca --country VN --name CSCA --out forger")
        .good();
    folder
        .hcert("keys dsc --csca-cert forger/csca.pem --csca-key forger/csca.key --name DSC --out forger")
        .good();
    folder
        .hcert(&format!(
            "issue --cert forger/dsc.pem --key forger/dsc.key {issue} forged.txt"
        ))
        .good();
    let mut publication = Publication::of(&folder.read("pki/dsc.pem"));
    publication.environment = Environment::Production;
    fs::create_dir_all(&out).unwrap();
    for name in ["valid", "forged", "empty"] {
        let picture = if name == "empty" {
            // A wall, with the camera's grain.
            (0..WIDTH * HEIGHT)
                .map(|at| u8::try_from(120 + at * 7919 % 13).unwrap())
                .collect()
        } else {
            let text = String::from_utf8(folder.read(&format!("{name}.txt"))).unwrap();
            fs::write(out.join(format!("{name}.txt")), text.trim_end()).unwrap();
            photographed(text.trim_end())
        };
        fs::write(out.join(format!("{name}.grey")), &picture).unwrap();
        let mut file = Vec::new();
        let picture = image::GrayImage::from_raw(1280, 720, picture).unwrap();
        let colour = image::DynamicImage::from(picture).to_rgb8();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, 80)
            .encode_image(&colour)
            .unwrap();
        fs::write(out.join(format!("{name}.jpeg")), file).unwrap();
    }
    for sequence in 1..=LISTS {
        publication.sequence = sequence;
        publication.write(&out.join(format!("lists/{sequence}")));
    }
    fs::write(out.join("root.sha256"), publication.fingerprint(1)).unwrap();
}
