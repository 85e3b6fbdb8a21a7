//! The modules of a symbol: the crate [`qrcode`] draws, the mask is chosen here.

use std::sync::LazyLock;

use qrcode::bits::Bits;
use qrcode::canvas::{Canvas, MaskPattern, Module};

use super::penalty::{Row, Rows};
use super::segment::Content;
use super::{EncodeError, Level, Symbol, Version};

pub(super) const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// Where a mask turns a module over (ISO/IEC 18004, table 10); all eight repeat after 12 columns and
/// after 12 rows.
const PERIOD: usize = 12;

fn inverts(mask: usize, x: usize, y: usize) -> bool {
    match mask {
        0 => (x + y).is_multiple_of(2),
        1 => y.is_multiple_of(2),
        2 => x.is_multiple_of(3),
        3 => (x + y).is_multiple_of(3),
        4 => (x / 3 + y / 2).is_multiple_of(2),
        5 => (x * y) % 2 + (x * y) % 3 == 0,
        6 => ((x * y) % 2 + (x * y) % 3).is_multiple_of(2),
        _ => ((x + y) % 2 + (x * y) % 3).is_multiple_of(2),
    }
}

static MASK_ROWS: LazyLock<[[Row; PERIOD]; 8]> = LazyLock::new(|| {
    std::array::from_fn(|mask| {
        std::array::from_fn(|y| Row::from_fn(Version::MAX.width(), |x| inverts(mask, x, y)))
    })
});

/// The unmasked symbol of a content that is known to fit.
pub(super) fn canvas(
    content: &Content<'_>,
    version: Version,
    level: Level,
) -> Result<Canvas, EncodeError> {
    let (v, l) = (version.to_qrcode(), level.to_qrcode());
    let codewords = || {
        let mut bits = Bits::new(v);
        content.write(version, &mut bits)?;
        bits.push_terminator(l)?;
        qrcode::ec::construct_codewords(&bits.into_bytes(), v, l)
    };
    let (data, correction) =
        codewords().map_err(|error: qrcode::types::QrError| EncodeError::NotReadBack {
            reason: error.to_string(),
        })?;
    let mut canvas = Canvas::new(v, l);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    Ok(canvas)
}

pub(super) fn symbol(
    content: &Content<'_>,
    version: Version,
    level: Level,
) -> Result<Symbol, EncodeError> {
    let canvas = canvas(content, version, level)?;
    let width = version.width();
    let mut plain = Rows::new(width);
    let mut data = Rows::new(width);
    for (y, j) in (0..width).zip(0_i16..) {
        for (x, i) in (0..width).zip(0_i16..) {
            let module = canvas.get(i, j);
            plain.set(x, y, module.is_dark());
            data.set(x, y, !matches!(module, Module::Masked(_)));
        }
    }
    let (mask, rows, _) = (0..MASKS.len())
        .map(|mask| {
            let rows = masked(&plain, &data, mask, level);
            let penalty = rows.penalty();
            (mask, rows, penalty)
        })
        .min_by_key(|&(_, _, penalty)| penalty)
        .ok_or(EncodeError::Empty)?;
    Ok(Symbol {
        version,
        level,
        mask: u8::try_from(mask).unwrap_or(0),
        rows,
    })
}

/// The symbol under one mask, format information included.
fn masked(plain: &Rows, data: &Rows, mask: usize, level: Level) -> Rows {
    let mut rows = plain.clone();
    for y in 0..rows.width() {
        rows.invert(y, data, MASK_ROWS[mask][y % PERIOD]);
    }
    for (x, y, dark) in format_modules(level, mask, rows.width()) {
        rows.set(x, y, dark);
    }
    rows
}

/// The format information (ISO/IEC 18004, 7.9.1): drawn by [`qrcode`] on the smallest symbol, and moved
/// to the corners of this one.
fn format_modules(
    level: Level,
    mask: usize,
    width: usize,
) -> impl Iterator<Item = (usize, usize, bool)> {
    const SMALLEST: usize = 21;
    let mut canvas = Canvas::new(qrcode::Version::Normal(1), level.to_qrcode());
    canvas.apply_mask(MASKS[mask]);
    let near = (0..9).filter(|&i| i != 6);
    let far = SMALLEST - 8..SMALLEST;
    let column = near.clone().chain(far.clone()).map(|y| (8, y));
    let row = near.chain(far).map(|x| (x, 8));
    let place = move |i: usize| if i < 9 { i } else { i + width - SMALLEST };
    column
        .chain(row)
        .map(move |(x, y)| {
            let dark = canvas
                .get(i16::try_from(x).unwrap_or(0), i16::try_from(y).unwrap_or(0))
                .is_dark();
            (place(x), place(y), dark)
        })
        .collect::<Vec<_>>()
        .into_iter()
}
