//! Text as glyphs: the fonts, the shaping of words, lines that fit a width.

mod clean;
mod face;
mod paragraph;

pub(crate) use clean::{clean, is_whole};
pub use face::Press;
pub(crate) use face::{Face, Glyph, Run, Shaper};
pub(crate) use paragraph::{Line, Paragraph, Span};

/// The weight of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// The language of a text, for those who have it read aloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    Vi,
    En,
}

/// Points in a millimetre.
pub(crate) const POINTS: f32 = 72.0 / 25.4;

/// The distance of lines, in sizes of the letters. Stacked marks (ễ, Ự) need it.
pub(crate) const LEADING: f32 = 1.45;

/// From the top of a line to the feet of its letters, in sizes of the letters.
pub(crate) const BASELINE: f32 = 1.11;

/// Figures that both fonts share, in thousandths of the size.
pub(crate) mod figures {
    pub(crate) const ASCENT: f32 = 1069.0;
    pub(crate) const DESCENT: f32 = -293.0;
    pub(crate) const CAP_HEIGHT: f32 = 714.0;
    /// Left, bottom, right and top of all glyphs.
    pub(crate) const BOUNDS: (f32, f32, f32, f32) = (-644.0, -389.0, 2800.0, 1069.0);

    /// Font units as a number of a PDF.
    #[allow(clippy::cast_precision_loss, reason = "a float has 24 bits for them")]
    pub(crate) fn units(units: i32) -> f32 {
        units as f32
    }
}
