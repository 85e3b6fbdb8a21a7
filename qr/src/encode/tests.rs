use proptest::prelude::*;

use super::build;
use super::penalty::balance_penalty;
use super::*;

const HC1: &str = "HC1:6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5 N2FBBRW1*70HS8WY04AC*WIFN0AHCD8KD97TK0F90KECTHGWJC0FDC:5AIA%G7X+AQB9746HS80:54IBQF60R6$A80X6S1BTYACG6M+9XG8KIAWNA91AY%67092L4WJCT3EHS8XJC$+DXJCCWENF6OF63W5NW6WF6%JC QE/IAYJC5LEW34U3ET7DXC9 QE-ED8%E.JCBECB1A-:8$96646AL60A60S6Q$D.UDRYA 96NF6L/5QW6307KQEPD09WEQDD+Q6TW6FA7C466KCN9E%961A6DL6FA7D46JPCT3E5JDLA7$Q6E464W5TG6..DX%DZJC6/DTZ9 QE5$CB$DA/D JC1/D3Z8WED1ECW.CCWE.Y92OAGY8MY9L+9MPCG/D5 C5IA5N9$PC5$CUZCY$5Y$527B+A4KZNQG5TKOWWD9FL%I8U$F7O2IBM85CWOC%LEZU4R/BXHDAHN 11$CA5MRI:AONFN7091K9FKIGIY%VWSSSU9%01FO2*FTPQ3C3F";

/// The penalty as the standard words it, one module at a time.
fn simple_penalty(symbol: &Symbol) -> u32 {
    let width = symbol.width() as isize;
    let dark = |x: isize, y: isize| {
        x >= 0 && y >= 0 && x < width && y < width && symbol.is_dark(x as usize, y as usize)
    };
    let mut penalty = 0;
    for line in 0..width {
        for across in [true, false] {
            let at = |i: isize| if across { dark(i, line) } else { dark(line, i) };
            let mut start = 0;
            for i in 1..=width {
                if i == width || at(i) != at(start) {
                    if i - start >= 5 {
                        penalty += 3 + (i - start - 5) as u32;
                    }
                    start = i;
                }
            }
            for i in 0..width - 6 {
                let core = [true, false, true, true, true, false, true];
                let matches = (0..7).all(|k| at(i + k) == core[k as usize]);
                let light = |from: isize| (from..from + 4).all(|k| !at(k));
                if matches && (light(i - 4) || light(i + 7)) {
                    penalty += 40;
                }
            }
        }
    }
    let mut count = 0;
    for y in 0..width {
        for x in 0..width {
            count += u32::from(dark(x, y));
            if x + 1 < width && y + 1 < width {
                let square = [
                    dark(x, y),
                    dark(x + 1, y),
                    dark(x, y + 1),
                    dark(x + 1, y + 1),
                ];
                penalty += 3 * u32::from(square.iter().all(|&module| module == square[0]));
            }
        }
    }
    penalty + balance_penalty(count, (width * width) as u32)
}

/// All eight symbols of a content, made by the crate `qrcode` alone.
fn all_masks(content: &Content<'_>, version: Version, level: Level) -> Vec<Symbol> {
    build::MASKS
        .iter()
        .zip(0..)
        .map(|(&pattern, mask)| {
            let mut canvas = build::canvas(content, version, level).unwrap();
            canvas.apply_mask(pattern);
            let mut rows = Rows::new(version.width());
            for y in 0..version.width() {
                for x in 0..version.width() {
                    rows.set(x, y, canvas.get(x as i16, y as i16).is_dark());
                }
            }
            Symbol {
                version,
                level,
                mask,
                rows,
            }
        })
        .collect()
}

/// A second reader, written independently of the one that reads back every symbol.
fn assert_read_by_rqrr(symbol: &Symbol, content: &[u8]) {
    let grid = rqrr::SimpleGrid::from_func(symbol.width(), |x, y| symbol.is_dark(x, y));
    let mut read = Vec::new();
    rqrr::Grid::new(grid).decode_to(&mut read).unwrap();
    assert_eq!(read, content);
}

fn assert_best(text: &str, options: &Options) -> Symbol {
    let symbol = Symbol::new(text, options).unwrap();
    assert_read_by_rqrr(&symbol, text.as_bytes());
    let all = all_masks(&Content::Text(text), symbol.version, symbol.level);
    assert_eq!(
        symbol,
        all[usize::from(symbol.mask)],
        "same modules as the crate qrcode draws for this mask"
    );
    for other in &all {
        assert_eq!(
            other.penalty(),
            simple_penalty(other),
            "mask {}",
            other.mask
        );
    }
    assert_eq!(
        Some(symbol.penalty()),
        all.iter().map(Symbol::penalty).min()
    );
    symbol
}

#[test]
fn certificate_is_alphanumeric_at_level_q() {
    let symbol = assert_best(HC1, &Options::default());
    assert_eq!((symbol.version().number(), symbol.level()), (18, Level::Q));
}

#[test]
fn every_version_has_the_least_penalty() {
    for number in 1..=40 {
        let version = Version::new(number).unwrap();
        for level in [Level::L, Level::M, Level::Q, Level::H] {
            let length = segment::alphanumeric_capacity(version, level);
            let text: String = HC1.chars().cycle().skip(length).take(length).collect();
            let options = Options {
                level,
                lowest_level: level,
                max_version: version,
            };
            if number % 8 == 0 || level == Level::Q {
                assert_eq!(assert_best(&text, &options).version(), version);
            } else {
                assert_eq!(Symbol::new(&text, &options).unwrap().version(), version);
            }
        }
    }
}

#[test]
fn level_falls_only_to_fit_the_largest_version() {
    let at_most = |number| Version::new(number).unwrap();
    for (max_version, level) in [
        (40, Level::Q),
        (18, Level::Q),
        (17, Level::M),
        (15, Level::M),
        (14, Level::L),
        (13, Level::L),
    ] {
        let options = Options {
            max_version: at_most(max_version),
            ..Options::default()
        };
        assert_eq!(
            Symbol::new(HC1, &options).unwrap().level(),
            level,
            "version {max_version}"
        );
    }
    let strict = Options {
        max_version: at_most(17),
        lowest_level: Level::Q,
        ..Options::default()
    };
    let error = Symbol::new(HC1, &strict).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a text of 553 characters (3059 bits) does not fit a QR code: version 17 at level Q holds 2936 bits, that is \
         531 characters of HC1 text; shorten the content, or allow a larger version or a lower error correction level"
    );
}

#[test]
fn refusals() {
    assert_eq!(
        Symbol::new("", &Options::default()),
        Err(EncodeError::Empty)
    );
    assert!(matches!(
        Symbol::new(&"A".repeat(5000), &Options::default()),
        Err(EncodeError::TooLong {
            characters: 5000,
            capacity_alphanumeric: 4296,
            level: Level::L,
            ..
        })
    ));
    let wrong = Symbol::from_segments(&[Segment::Numeric("12x4")], &Options::default());
    assert_eq!(
        wrong,
        Err(EncodeError::Character {
            character: 'x',
            position: 2,
            mode: "a numeric"
        })
    );
    let wrong = Symbol::from_segments(&[Segment::Alphanumeric("ÄB")], &Options::default());
    assert_eq!(
        wrong,
        Err(EncodeError::Character {
            character: 'Ä',
            position: 0,
            mode: "an alphanumeric"
        })
    );
}

#[test]
fn health_card_and_binary_segments() {
    let digits = "567629095243206034602924374044603122295953265460346029254077280433602870286471674522280928".repeat(8);
    let card = [Segment::Bytes(b"shc:/"), Segment::Numeric(&digits)];
    let symbol = Symbol::from_segments(&card, &Options::default()).unwrap();
    let text = format!("shc:/{digits}");
    assert_eq!(
        Symbol::new(&text, &Options::default()).unwrap().version(),
        symbol.version()
    );

    let bytes: Vec<u8> = (0..=255).chain(*b"PK\x03\x04").collect();
    Symbol::from_segments(&[Segment::Bytes(&bytes)], &Options::default()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_the_least_penalty(text in "\\PC{1,120}") {
        assert_best(&text, &Options { level: Level::M, ..Options::default() });
    }

    #[test]
    fn any_bytes_are_read_back(bytes in proptest::collection::vec(any::<u8>(), 1..300)) {
        let symbol = Symbol::from_segments(&[Segment::Bytes(&bytes)], &Options::default()).unwrap();
        assert_read_by_rqrr(&symbol, &bytes);
    }
}
