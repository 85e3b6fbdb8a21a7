//! The fuzz target `image` of `fuzz/` over its seeds, without a fuzzer. An input that once failed
//! is a seed as well.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::path::{Path, PathBuf};

use qr::{
    encode::{Options, Symbol},
    render::{PngOptions, Size, png},
};

#[allow(unreachable_pub, reason = "a module of another crate")]
#[path = "../../fuzz/src/picture.rs"]
mod picture;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds/image")
}

#[test]
fn every_seed() {
    let (mut count, mut read) = (0, 0);
    for file in std::fs::read_dir(folder()).unwrap() {
        let path = file.unwrap().path();
        eprintln!("{}", path.display());
        read += picture::image(&std::fs::read(&path).unwrap());
        count += 1;
    }
    assert!(read > 4, "{read} codes in {count} seeds");
}

/// Writes the seeds that are made by our own code:
/// `cargo test -p qr --test fuzz_seeds -- --ignored`.
#[test]
#[ignore = "writes into fuzz/seeds"]
fn write() {
    let symbol = Symbol::new("HC1:6BFOXN", &Options::default()).unwrap();
    let options = PngOptions {
        size: Size::ModulePixels(3),
        ..PngOptions::default()
    };
    let png = png(&symbol, &options).unwrap().bytes;
    let picture = image::load_from_memory(&png).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        std::fs::create_dir_all(folder()).unwrap();
        std::fs::write(folder().join(name), bytes).unwrap();
    };
    write("grey.png", &png);
    for (name, picture) in [
        ("colour.png", picture.to_rgba8().into()),
        ("colour.webp", picture.to_rgba8().into()),
        ("colour.jpeg", image::DynamicImage::from(picture.to_rgb8())),
    ] {
        let path = folder().join(name);
        picture.save(path).unwrap();
    }
    let picture = picture.to_luma8();
    write("page.pdf", &pdf(&picture, false));
    write("page-deflated.pdf", &pdf(&picture, true));
}

/// A PDF of one page that holds one grey picture.
fn pdf(picture: &image::GrayImage, deflated: bool) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let (mut pixels, mut filter) = (picture.as_raw().clone(), "");
    if deflated {
        use std::io::Write as _;
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&pixels).unwrap();
        (pixels, filter) = (encoder.finish().unwrap(), "/Filter /FlateDecode ");
    }
    let content = format!("q {width} 0 0 {height} 0 0 cm /I Do Q");
    let objects: [Vec<u8>; 5] = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R \
             /Resources << /XObject << /I 5 0 R >> >> >>"
        )
        .into_bytes(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        )
        .into_bytes(),
        [
            format!(
                "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} {filter}\
                 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length {} >>\nstream\n",
                pixels.len()
            )
            .as_bytes(),
            &pixels,
            b"\nendstream",
        ]
        .concat(),
    ];
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let size = objects.len() + 1;
    file.extend(
        format!("trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").into_bytes(),
    );
    file
}
