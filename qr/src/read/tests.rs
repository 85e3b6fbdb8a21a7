use super::*;
use crate::encode::{Options, Segment, Symbol};
use crate::worn::{Frame, HEIGHT, Kind, WIDTH};

const MODULE: usize = 3;

/// Symbols side by side, with their quiet zones.
fn picture(symbols: &[Symbol]) -> (u32, u32, Vec<u8>) {
    let side = |symbol: &Symbol| (symbol.width() + 8) * MODULE;
    let (width, height): (usize, usize) = (
        symbols.iter().map(side).sum(),
        symbols.iter().map(side).max().unwrap(),
    );
    let mut pixels = vec![255; width * height];
    let mut left = 0;
    for symbol in symbols {
        for (x, y) in (0..side(symbol)).flat_map(|y| (0..side(symbol)).map(move |x| (x, y))) {
            let module = |pixel: usize| (pixel / MODULE).checked_sub(4);
            if module(x)
                .zip(module(y))
                .is_some_and(|(x, y)| symbol.is_dark(x, y))
            {
                pixels[y * width + left + x] = 0;
            }
        }
        left += side(symbol);
    }
    (width as u32, height as u32, pixels)
}

fn symbol(text: &str) -> Symbol {
    Symbol::new(text, &Options::default()).unwrap()
}

type Read = fn(&Luma8<'_>, Effort) -> Vec<Code>;

const READS: [(Read, Effort); 4] = [
    (codes, Effort::Quick),
    (codes, Effort::Thorough),
    (codes_portable, Effort::Quick),
    (codes_portable, Effort::Thorough),
];

#[test]
fn several_codes_each_once() {
    let (width, height, pixels) = picture(&[
        symbol("HC1:ONE"),
        symbol("HC1:TWO"),
        symbol("HC1:ONE"),
        symbol("shc:/3"),
    ]);
    let luma = Luma8::new(width, height, &pixels).unwrap();
    for (read, effort) in READS {
        let mut texts: Vec<_> = read(&luma, effort)
            .into_iter()
            .map(|code| code.text.unwrap())
            .collect();
        texts.sort();
        assert_eq!(texts, ["HC1:ONE", "HC1:TWO", "shc:/3"]);
    }
}

#[test]
fn binary_content_stays_bytes() {
    let bytes: Vec<u8> = b"PK\x03\x04".iter().copied().chain(0..=255).collect();
    let symbol = Symbol::from_segments(&[Segment::Bytes(&bytes)], &Options::default()).unwrap();
    let (width, height, pixels) = picture(&[symbol]);
    let luma = Luma8::new(width, height, &pixels).unwrap();
    for (read, effort) in READS {
        let codes = read(&luma, effort);
        assert_eq!(codes.len(), 1);
        assert_eq!((&codes[0].bytes, &codes[0].text), (&bytes, &None));
    }
}

#[test]
fn corners_are_in_pixels_of_the_picture() {
    let symbol = symbol("HC1:CORNERS");
    let (near, far) = (4 * MODULE as i32, ((4 + symbol.width()) * MODULE) as i32);
    let (width, height, pixels) = picture(&[symbol]);
    // The second is read only after a change of the picture's size or colours.
    let inverted = pixels.iter().map(|pixel| 255 - pixel).collect();
    for pixels in [pixels, inverted] {
        let luma = Luma8::new(width, height, &pixels).unwrap();
        for (read, effort) in READS {
            let corners = read(&luma, effort)[0].corners.unwrap();
            for (corner, (x, y)) in
                corners
                    .iter()
                    .zip([(near, near), (far, near), (far, far), (near, far)])
            {
                let close = (corner.x - x).abs() <= 4 && (corner.y - y).abs() <= 4;
                assert!(close, "{corner:?} is not {x} {y}");
            }
        }
    }
}

/// What each step of the chain is there for. One frame for each kind, of middling wear.
#[test]
fn worn_frames() {
    for kind in Kind::ALL {
        let frame = Frame::new(kind, 0.4, 3);
        for (read, effort) in [
            (codes as Read, Effort::Quick),
            (codes_portable, Effort::Quick),
        ] {
            let read = read(&frame.luma().unwrap(), effort);
            for text in &frame.texts {
                assert!(
                    read.iter().any(|code| code.text.as_ref() == Some(text)),
                    "{}",
                    kind.name()
                );
            }
        }
    }
}

#[test]
fn nothing_to_read() {
    let frame = Frame::without_codes(1);
    for pixels in [
        frame.pixels,
        vec![0; WIDTH * HEIGHT],
        vec![255; WIDTH * HEIGHT],
    ] {
        let luma = Luma8::new(WIDTH as u32, HEIGHT as u32, &pixels).unwrap();
        for (read, effort) in READS {
            assert_eq!(read(&luma, effort), []);
        }
    }
    for (width, height) in [(1, 1), (2, 1), (1, 2), (3, 3), (1, 300), (300, 1), (40, 40)] {
        let pixels = vec![128; width * height];
        let luma = Luma8::new(width as u32, height as u32, &pixels).unwrap();
        for (read, effort) in READS {
            assert_eq!(read(&luma, effort), []);
        }
    }
}

#[test]
fn luma_must_have_its_pixels() {
    assert!(matches!(Luma8::new(0, 3, &[]), Err(LumaError::Side { .. })));
    assert!(matches!(
        Luma8::new(40_000, 1, &[0; 40_000]),
        Err(LumaError::Side { .. })
    ));
    let error = Luma8::new(4, 3, &[0; 11]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "11 bytes are no picture of 4 × 3 pixels of one byte each"
    );
}
