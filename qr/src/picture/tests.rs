//! Good files of each format, and one hostile file for each way to be too large. All are made here.

use std::io::{Cursor, Write as _};

use image::{DynamicImage, GrayImage, ImageFormat, Luma, LumaA, Rgba};

use super::*;
use crate::encode::{Options, Symbol};
use crate::render::{self, PngOptions, Size};

const TEXT: &str = "HC1:6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NFQGRJPC%OQHIZC4.OI1RM8ZA.A5:S9MKN4NN3F85QN";

fn symbol() -> Symbol {
    Symbol::new(TEXT, &Options::default()).unwrap()
}

fn grey() -> GrayImage {
    let options = PngOptions {
        size: Size::ModulePixels(4),
        ..PngOptions::default()
    };
    let png = render::png(&symbol(), &options).unwrap().bytes;
    image::load_from_memory(&png).unwrap().into_luma8()
}

fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes
}

fn read(bytes: &[u8]) -> Result<Vec<PageCodes>, PictureError> {
    codes(bytes, &PictureLimits::default())
}

fn texts(pages: &[PageCodes]) -> Vec<(usize, &str)> {
    pages
        .iter()
        .flat_map(|page| {
            page.codes
                .iter()
                .map(|code| (page.page, code.text.as_deref().unwrap()))
        })
        .collect()
}

#[test]
fn png_jpeg_webp() {
    let grey = DynamicImage::from(grey());
    let images = [
        grey.clone(),
        grey.to_rgb8().into(),
        grey.to_luma16().into(),
        grey.to_rgba16().into(),
    ];
    for image in &images {
        assert_eq!(
            texts(&read(&file(image, ImageFormat::Png)).unwrap()),
            [(1, TEXT)]
        );
    }
    for image in &images[..2] {
        assert_eq!(
            texts(&read(&file(image, ImageFormat::Jpeg)).unwrap()),
            [(1, TEXT)]
        );
    }
    assert_eq!(
        texts(&read(&file(&images[1], ImageFormat::WebP)).unwrap()),
        [(1, TEXT)]
    );
}

#[test]
fn transparent_png_lies_on_white() {
    let grey = grey();
    let (width, height) = grey.dimensions();
    // The transparent pixels are black, as many programs leave them.
    let ink = |x, y| grey.get_pixel(x, y) == &Luma([0]);
    let two = image::ImageBuffer::from_fn(width, height, |x, y| {
        LumaA([0, if ink(x, y) { 255 } else { 0 }])
    });
    let four = image::ImageBuffer::from_fn(width, height, |x, y| {
        Rgba([0, 0, 0, if ink(x, y) { 255_u8 } else { 0 }])
    });
    for image in [
        DynamicImage::ImageLumaA8(two),
        DynamicImage::ImageRgba8(four),
    ] {
        assert_eq!(
            texts(&read(&file(&image, ImageFormat::Png)).unwrap()),
            [(1, TEXT)]
        );
    }
}

#[test]
fn files_that_are_no_pictures() {
    assert_eq!(read(b""), Err(PictureError::Empty));
    assert_eq!(read(b"HC1:6BFOXN"), Err(PictureError::UnknownFormat));
    assert_eq!(
        read(b"GIF89a\x01\x00\x01\x00"),
        Err(PictureError::UnknownFormat)
    );
    let limits = PictureLimits {
        file_bytes: 10,
        ..PictureLimits::default()
    };
    assert_eq!(
        codes(&[0; 11], &limits),
        Err(PictureError::FileTooLarge {
            bytes: 11,
            limit: 10
        })
    );
    for mark in [
        &b"\x89PNG\r\n\x1a\n"[..],
        b"\xff\xd8\xff\xe0",
        b"RIFF\x10\x00\x00\x00WEBPVP8 ",
        b"%PDF-1.7\n",
    ] {
        let error = read(mark).unwrap_err();
        assert!(matches!(error, PictureError::Broken { .. }), "{error}");
    }
}

/// A PNG of zeros: a thousandth of its size.
fn png_bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(::png::ColorType::Grayscale);
    encoder.set_depth(::png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    let mut stream = writer.stream_writer().unwrap();
    let row = vec![0; width as usize];
    (0..height).for_each(|_| stream.write_all(&row).unwrap());
    stream.finish().unwrap();
    writer.finish().unwrap();
    bytes
}

#[test]
fn picture_of_too_many_pixels() {
    let too_many = |bytes: &[u8], side: u32| {
        let error = read(bytes).unwrap_err();
        assert!(
            matches!(error, PictureError::TooManyPixels { width, height, .. } if (width, height) == (side, side)),
            "{error}"
        );
    };
    // The header is enough for the refusal.
    let mut png = png_bomb(8, 8);
    for place in [16, 20] {
        png[place..place + 4].copy_from_slice(&20_000_u32.to_be_bytes());
    }
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    too_many(&png, 20_000);

    let mut jpeg = file(&grey().into(), ImageFormat::Jpeg);
    let frame = jpeg
        .windows(2)
        .position(|marker| marker == [0xff, 0xc0])
        .unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&60_000_u16.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&60_000_u16.to_be_bytes());
    too_many(&jpeg, 60_000);

    let limits = PictureLimits {
        pixels: 100 * 100,
        ..PictureLimits::default()
    };
    assert!(matches!(
        codes(&png_bomb(101, 100), &limits),
        Err(PictureError::TooManyPixels { .. })
    ));
    assert_eq!(
        codes(&png_bomb(100, 100), &limits),
        Ok(vec![PageCodes {
            page: 1,
            codes: Vec::new()
        }])
    );
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    })
}

/// Every truncation is an error or what was there, and never a panic.
#[test]
fn truncated_pictures() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let whole = file(&DynamicImage::from(grey()).to_rgb8().into(), format);
        for part in 1..12 {
            match read(&whole[..whole.len() * part / 12]) {
                Ok(pages) => assert!(texts(&pages).iter().all(|&(_, text)| text == TEXT)),
                Err(PictureError::Broken { reason, .. }) => assert!(!reason.is_empty()),
                Err(PictureError::UnknownFormat) if part == 1 => {}
                Err(error) => panic!("{format:?}: {error}"),
            }
        }
    }
}

/// A PDF of objects: 1 is the catalogue, 2 the page tree.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (object, number) in objects.iter().zip(1..) {
        places.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n").bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let table = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    places
        .iter()
        .for_each(|place| bytes.extend(format!("{place:010} 00000 n \n").bytes()));
    let size = places.len() + 1;
    bytes.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    bytes
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    [
        format!("<< {entries} /Length {} >>\nstream\n", data.len()).as_bytes(),
        data,
        b"\nendstream",
    ]
    .concat()
}

fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// One page of a size in points, showing a content stream with further resources.
fn one_page(
    width: f64,
    height: f64,
    content: Vec<u8>,
    resources: &str,
    more: Vec<Vec<u8>>,
) -> Vec<u8> {
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R /Resources << {resources} >> >>"
    );
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        page.into_bytes(),
        content,
    ];
    objects.extend(more);
    pdf(&objects)
}

/// The symbol as rectangles, a module of `module` points.
fn drawn(symbol: &Symbol, module: f64) -> Vec<u8> {
    let width = symbol.width();
    let mut content = format!("{module} 0 0 {module} 60 60 cm\n");
    for y in 0..width {
        for x in (0..width).filter(|&x| symbol.is_dark(x, y)) {
            content += &format!("{x} {} 1 1 re\n", width - 1 - y);
        }
    }
    (content + "f\n").into_bytes()
}

#[test]
fn pdf_with_a_drawn_code() {
    let content = drawn(&symbol(), 2.0);
    for content in [
        stream("", &content),
        stream("/Filter /FlateDecode", &deflated(&content)),
    ] {
        let file = one_page(595.0, 842.0, content, "", vec![]);
        assert_eq!(texts(&read(&file).unwrap()), [(1, TEXT)]);
    }
}

#[test]
fn pdf_with_a_photograph() {
    let grey = grey();
    let (width, height) = grey.dimensions();
    let jpeg = file(&grey.into(), ImageFormat::Jpeg);
    let entries = format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 \
         /Filter /DCTDecode"
    );
    let content = stream("", b"150 0 0 150 100 100 cm /Im Do");
    let file = one_page(
        595.0,
        842.0,
        content,
        "/XObject << /Im 5 0 R >>",
        vec![stream(&entries, &jpeg)],
    );
    assert_eq!(texts(&read(&file).unwrap()), [(1, TEXT)]);
}

/// Modules of a tenth of a millimetre need the second drawing.
#[test]
fn pdf_with_a_tiny_code() {
    let file = one_page(
        300.0,
        300.0,
        stream("", &drawn(&symbol(), 0.36)),
        "",
        vec![],
    );
    assert_eq!(texts(&read(&file).unwrap()), [(1, TEXT)]);
}

fn many_pages(count: usize) -> Vec<u8> {
    let kids: String = (0..count).map(|i| format!("{} 0 R ", 3 + i)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>").into_bytes(),
    ];
    objects
        .extend(vec![b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>".to_vec(); count]);
    pdf(&objects)
}

#[test]
fn pdf_of_many_pages() {
    let limits = PictureLimits {
        pages: 3,
        ..PictureLimits::default()
    };
    assert_eq!(codes(&many_pages(3), &limits).unwrap().len(), 3);
    assert_eq!(
        codes(&many_pages(5000), &limits),
        Err(PictureError::TooManyPages {
            pages: 5000,
            limit: 3
        })
    );
}

#[test]
fn pdf_of_a_huge_page() {
    // 200 inches is the largest page of PDF 1.4; 1e9 points are 350 km.
    for side in [14_400.0, 1e9, 1e30, 0.0, -5.0] {
        let limits = PictureLimits {
            page_pixels: 1_000_000,
            ..PictureLimits::default()
        };
        let file = one_page(side, side, stream("", b"0 0 10 10 re f"), "", vec![]);
        assert!(
            codes(&file, &limits).is_ok_and(|pages| pages[0].codes.is_empty()),
            "{side}"
        );
    }
}

#[test]
fn pdf_flate_bombs() {
    let zeros = deflated(&vec![b' '; 40 << 20]);
    let once = stream("/Filter /FlateDecode", &zeros);
    let twice = stream("/Filter [/FlateDecode /FlateDecode]", &deflated(&zeros));
    let hidden = stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &zeros);
    let raw = stream("/Filter /FlateDecode", &zeros[2..]);
    for bomb in [once, twice, hidden, raw] {
        let error = read(&one_page(100.0, 100.0, bomb, "", vec![])).unwrap_err();
        assert!(matches!(error, PictureError::TooComplex { .. }), "{error}");
    }
    let half = stream("/Filter /FlateDecode", &deflated(&vec![b' '; 20 << 20]));
    let error = read(&one_page(100.0, 100.0, half.clone(), "", vec![half; 5])).unwrap_err();
    assert!(
        matches!(
            error,
            PictureError::TooComplex {
                what: "its streams inflate to very many bytes",
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn pdf_bombs_in_other_filters() {
    let hex: String = deflated(&vec![b' '; 40 << 20])
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let hex = stream("/Filter [/ASCIIHexDecode /FlateDecode]", hex.as_bytes());
    let runs = stream("/Filter /RunLengthDecode", &[129, b' '].repeat(400_000));
    let lzw = stream("/Filter /LZWDecode", &vec![0x80; 100_000]);
    for bomb in [hex, runs, lzw] {
        let error = read(&one_page(100.0, 100.0, bomb, "", vec![])).unwrap_err();
        assert!(matches!(error, PictureError::TooComplex { .. }), "{error}");
    }
    let disguised = stream(
        "/Type /Obj#53tm /Filter [/ASCIIHexDecode /FlateDecode]",
        b"00",
    );
    assert!(matches!(
        read(&one_page(9.0, 9.0, disguised, "", vec![])),
        Err(PictureError::Broken { .. })
    ));
}

#[test]
fn pdf_with_a_huge_picture() {
    let entries = "/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /ColorSpace /DeviceRGB /BitsPerComponent 8";
    let content = || stream("", b"100 0 0 100 0 0 cm /Im Do");
    let image = stream(entries, b"abc");
    let file = one_page(
        100.0,
        100.0,
        content(),
        "/XObject << /Im 5 0 R >>",
        vec![image],
    );
    assert!(matches!(read(&file), Err(PictureError::TooComplex { .. })));

    let inline = b"100 0 0 100 0 0 cm BI /W 30000 /H 30000 /BPC 8 /CS /RGB ID abc EI";
    match read(&one_page(100.0, 100.0, stream("", inline), "", vec![])) {
        Err(PictureError::TooComplex { .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn pdf_of_endless_outlines() {
    let squares = b"0 0 500 500 re f\n".repeat(10_000);
    let long = [&b"0 0 m "[..], &b"500 700 l 0 1 l ".repeat(300_000), b" f"].concat();
    for content in [squares, long] {
        let file = one_page(
            595.0,
            842.0,
            stream("/Filter /FlateDecode", &deflated(&content)),
            "",
            vec![],
        );
        assert!(matches!(read(&file), Err(PictureError::TooComplex { .. })));
    }
}

/// Ten forms, each showing the next ten times: 10^10 squares.
#[test]
fn pdf_of_forms_within_forms() {
    let forms = (0..10).map(|i| {
        let next = 6 + i;
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F {next} 0 R >> >>"
        );
        let content = if i == 9 { "0 0 9 9 re f".into() } else { "/F Do ".repeat(10) };
        stream(&entries, content.as_bytes())
    });
    let file = one_page(
        99.0,
        99.0,
        stream("", b"/F Do"),
        "/XObject << /F 5 0 R >>",
        forms.collect(),
    );
    let limits = PictureLimits {
        operations: 20_000,
        ..PictureLimits::default()
    };
    let error = codes(&file, &limits).unwrap_err();
    assert!(
        matches!(
            error,
            PictureError::TooComplex {
                what: "a page has very many drawing operations",
                ..
            }
        ),
        "{error}"
    );

    let limits = PictureLimits {
        time: Duration::from_millis(2),
        operations: usize::MAX,
        ..PictureLimits::default()
    };
    assert_eq!(
        codes(&file, &limits),
        Err(PictureError::TooSlow { limit: limits.time })
    );
}

#[test]
fn pdf_of_deep_nesting() {
    let deep = |open: &str, close: &str| {
        [open.repeat(100_000), close.repeat(100_000)]
            .concat()
            .into_bytes()
    };
    for nested in [
        deep("[", "]"),
        deep("<</A ", ">>"),
        deep("(", ")"),
        b"[".repeat(1_000_000),
    ] {
        // Deep in the page's resources, in the content, and as an object that nobody asks for.
        let resources = format!("/X {}", String::from_utf8_lossy(&nested));
        let content = stream("", &nested);
        let _ = read(&one_page(50.0, 50.0, content, &resources, vec![nested]));
    }
    // A page tree that contains itself.
    let looped = pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>".to_vec(),
    ]);
    assert!(read(&looped).is_err());
}

#[test]
fn pdf_encrypted() {
    let mut file = many_pages(1);
    let place = file.windows(5).rposition(|word| word == b"/Root").unwrap();
    file.splice(place..place, *b"/Encrypt 9 0 R ");
    assert_eq!(read(&file), Err(PictureError::Encrypted));
}

#[test]
fn pdf_damaged_anywhere() {
    let whole = one_page(100.0, 100.0, stream("", &drawn(&symbol(), 0.8)), "", vec![]);
    for i in 0..60 {
        let mut file = whole.clone();
        let place = i * 7919 % file.len();
        match i % 3 {
            0 => file.truncate(place),
            1 => file[place] ^= 0x15,
            _ => drop(file.drain(place..(place + 40).min(whole.len()))),
        }
        let limits = PictureLimits {
            page_pixels: 100_000,
            ..PictureLimits::default()
        };
        if let Ok(pages) = codes(&file, &limits) {
            assert!(texts(&pages).iter().all(|&(_, text)| text == TEXT));
        }
    }
}
