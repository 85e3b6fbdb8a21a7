//! QR codes out of pictures, given as luma (grey levels).
//!
//! On native targets [zxing-cpp] reads first, and what it can not read is tried again after changes to
//! the picture that were chosen by measurement (`cargo bench -p qr --bench worn`); [`rxing`] gives a
//! second opinion. On `wasm32`, and where `--cfg hcert_pure` wants no C++, [`rxing`] reads alone.
//!
//! ```
//! use qr::read::{self, Effort, Luma8};
//!
//! # let symbol = qr::encode::Symbol::new("HC1:6BFOXN", &Default::default())?;
//! # let side = (symbol.width() + 8) * 4;
//! # let dark = |x: usize, y: usize| x >= 4 && y >= 4 && symbol.is_dark(x - 4, y - 4);
//! # let pixels: Vec<u8> =
//! #     (0..side * side).map(|i| if dark(i % side / 4, i / side / 4) { 0 } else { 255 }).collect();
//! let luma = Luma8::new(side as u32, side as u32, &pixels)?;
//! let codes = read::codes(&luma, Effort::Quick);
//! assert_eq!(codes[0].text.as_deref(), Some("HC1:6BFOXN"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [zxing-cpp]: https://github.com/zxing-cpp/zxing-cpp

mod aztec;
mod chain;
mod filter;
mod portable;

#[cfg(not(any(target_arch = "wasm32", hcert_pure)))]
mod crowd;
#[cfg(not(any(target_arch = "wasm32", hcert_pure)))]
mod native;

#[cfg(test)]
mod tests;

use thiserror::Error;

/// A view of a picture in grey levels: one byte for each pixel, 0 black to 255 white, row by row from the
/// top, without gaps.
#[derive(Debug, Clone, Copy)]
pub struct Luma8<'a> {
    width: u32,
    height: u32,
    pixels: &'a [u8],
}

impl<'a> Luma8<'a> {
    /// The longest side, in pixels.
    pub const MAX_SIDE: u32 = 32_767;

    /// A view of `width` × `height` pixels.
    ///
    /// # Errors
    /// If there are no pixels, too many along a side, or another number of bytes than pixels.
    pub fn new(width: u32, height: u32, pixels: &'a [u8]) -> Result<Self, LumaError> {
        let fits = |side: u32| (1..=Self::MAX_SIDE).contains(&side);
        if !fits(width) || !fits(height) {
            return Err(LumaError::Side {
                width,
                height,
                limit: Self::MAX_SIDE,
            });
        }
        if pixels.len() as u64 != u64::from(width) * u64::from(height) {
            return Err(LumaError::Length {
                width,
                height,
                bytes: pixels.len(),
            });
        }
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// Pixels in a row.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The grey levels.
    #[must_use]
    pub fn pixels(&self) -> &'a [u8] {
        self.pixels
    }
}

/// Why a [`Luma8`] was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LumaError {
    /// A side of no pixels, or of too many.
    #[error(
        "a picture of {width} × {height} pixels can not be read: each side must be within 1 to {limit}"
    )]
    Side {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// [`Luma8::MAX_SIDE`].
        limit: u32,
    },
    /// The number of bytes is not that of the pixels.
    #[error("{bytes} bytes are no picture of {width} × {height} pixels of one byte each")]
    Length {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Bytes given.
        bytes: usize,
    },
}

/// How much work to spend on a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effort {
    /// For frames of a camera, of which more follow: stops at the first pass that finds a code, and gives
    /// up after a few retries.
    #[default]
    Quick,
    /// For a picture that a person gave, of which there is only one: looks everywhere for further codes,
    /// and tries everything known to have helped before it gives up.
    Thorough,
}

/// A place in a picture, in pixels from its top left; may lie somewhat outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Downwards.
    pub y: i32,
}

/// A code that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Its content as it stands in the symbol; for alphanumeric and numeric segments the ASCII characters.
    pub bytes: Vec<u8>,
    /// The same as text, if the bytes are UTF-8.
    pub text: Option<String>,
    /// Where it is, if the reader said so: its top left, top right, bottom right and bottom left, as seen
    /// by someone who holds the symbol upright.
    pub corners: Option<[Point; 4]>,
}

impl Code {
    fn new(bytes: Vec<u8>, corners: Option<[Point; 4]>) -> Self {
        let text = String::from_utf8(bytes.clone()).ok();
        Self {
            bytes,
            text,
            corners,
        }
    }
}

/// The QR and Aztec codes in a picture, in no particular order; codes of equal content are given once.
///
/// Every reader checks the symbol's error correction, so a code that is given has that content; a
/// picture may hold codes that are not found. Micro QR codes are not looked for, Aztec codes not on `wasm32`.
/// A picture with hundreds of finder patterns is read by [`rxing`] alone, one with ten thousand not at all: the
/// worst known takes some seconds at 16 megapixels, a fourth of one as a camera's frame (`benches/hostile.rs`).
#[must_use]
pub fn codes(luma: &Luma8<'_>, effort: Effort) -> Vec<Code> {
    #[cfg(not(any(target_arch = "wasm32", hcert_pure)))]
    return match crowd::of(luma) {
        crowd::Crowd::Few => distinct(chain::codes(
            luma,
            effort,
            native::zxing,
            Some(portable::rxing),
        )),
        crowd::Crowd::Many => codes_portable(luma, Effort::Quick),
        crowd::Crowd::TooMany => Vec::new(),
    };
    #[cfg(any(target_arch = "wasm32", hcert_pure))]
    codes_portable(luma, effort)
}

/// What [`codes`] does on `wasm32`, where there is no C++; elsewhere for comparison.
#[must_use]
pub fn codes_portable(luma: &Luma8<'_>, effort: Effort) -> Vec<Code> {
    distinct(chain::codes(luma, effort, portable::rxing, None))
}

fn distinct(codes: Vec<Code>) -> Vec<Code> {
    let mut seen = std::collections::HashSet::new();
    codes
        .into_iter()
        .filter(|code| !code.bytes.is_empty() && seen.insert(code.bytes.clone()))
        .collect()
}
