//! A [`Symbol`] as a picture: PNG for screens and mail, SVG for print.
//!
//! The same symbol and options always give the same bytes.

mod png;
mod svg;

#[cfg(test)]
mod tests;

use thiserror::Error;

pub use self::png::{Png, PngOptions, png};
pub use self::svg::{SvgOptions, svg};

use crate::encode::Symbol;

/// Light modules that ISO/IEC 18004 (5.3.8) asks for on each side of a symbol.
pub const QUIET_ZONE: u32 = 4;

/// How large to draw a symbol.
///
/// For certificates on paper modules of 0.5 mm and more are good; a phone hardly reads modules under
/// 0.25 mm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Size {
    /// Pixels along each side of a module.
    ModulePixels(u32),
    /// Millimetres along each side of a module.
    ModuleMm(f64),
    /// Millimetres along each side of the picture, quiet zone included.
    WidthMm(f64),
}

/// Modules along each side, quiet zone included.
fn modules(symbol: &Symbol, quiet_zone: u32) -> u32 {
    u32::try_from(symbol.width())
        .unwrap_or(u32::MAX)
        .saturating_add(quiet_zone.saturating_mul(2))
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// A size or resolution that is zero, negative, or no number.
    #[error("{what} must be more than zero, not {value}")]
    NotPositive {
        /// Which option.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// The width wanted leaves less than one pixel for a module.
    #[error(
        "{modules} modules in {width_mm} mm at {dpi} dpi leave less than one pixel for a module; make the code at least \
         {needed_mm:.1} mm wide or raise the resolution"
    )]
    TooSmall {
        /// Modules along each side, quiet zone included.
        modules: u32,
        /// The width wanted.
        width_mm: f64,
        /// The resolution wanted.
        dpi: f64,
        /// The least width at that resolution.
        needed_mm: f64,
    },
    /// The picture would have more pixels than anything prints.
    #[error(
        "the picture would be {pixels} pixels wide, at most {limit} are made; choose a smaller size or resolution"
    )]
    TooLarge {
        /// Pixels along each side.
        pixels: u64,
        /// The most that are made.
        limit: u32,
    },
    /// The PNG library refused; not known to happen.
    #[error("the PNG could not be written: {0}")]
    Png(String),
}

fn positive(what: &'static str, value: f64) -> Result<f64, RenderError> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(RenderError::NotPositive { what, value })
    }
}
