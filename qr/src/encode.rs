//! Text to QR symbol (ISO/IEC 18004:2015, models 1 to 40; no Micro QR).
//!
//! The bits, the Reed–Solomon blocks and the drawing of the function patterns are those of the crate
//! [`qrcode`]. Choosing among the eight masks, which takes that crate nineteen twentieths of its time,
//! is done here on whole rows of modules at once (see [`Symbol::penalty`]); the choice is
//! still the one with the least penalty.
//!
//! Every symbol is read back by an independent reader ([`rxing`]) before it is given out, so a [`Symbol`]
//! is proof that its modules carry its content.
//!
//! ```
//! use qr::encode::{Level, Options, Symbol};
//!
//! let symbol = Symbol::new("HC1:6BFOXN", &Options::default())?;
//! assert_eq!(symbol.level(), Level::Q);
//! assert_eq!(symbol.width(), 21); // modules, version 1
//! # Ok::<(), qr::encode::EncodeError>(())
//! ```

mod build;
mod penalty;
mod segment;

#[cfg(test)]
mod tests;

use rxing::common::BitMatrix;
use rxing::qrcode::cpp_port::decoder;
use thiserror::Error;

pub use segment::Segment;

use penalty::Rows;
use segment::Content;

/// How much of a symbol may be unreadable and still be restored (ISO/IEC 18004, 6.5.1).
///
/// The HCERT specification asks for Q (section 4.2.2 of the EU "Digital Green Certificates" volume 3
/// recommends an error correction rate of 25 %).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Level {
    /// About 7 % of the codewords.
    L,
    /// About 15 % of the codewords.
    M,
    /// About 25 % of the codewords: the usual choice for certificates on paper.
    #[default]
    Q,
    /// About 30 % of the codewords.
    H,
}

impl Level {
    const DESCENDING: [Self; 4] = [Self::H, Self::Q, Self::M, Self::L];

    fn to_qrcode(self) -> qrcode::EcLevel {
        match self {
            Self::L => qrcode::EcLevel::L,
            Self::M => qrcode::EcLevel::M,
            Self::Q => qrcode::EcLevel::Q,
            Self::H => qrcode::EcLevel::H,
        }
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::L => "L",
            Self::M => "M",
            Self::Q => "Q",
            Self::H => "H",
        })
    }
}

/// The size of a symbol: version `v` has `17 + 4 v` modules on each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u8);

impl Version {
    /// The smallest symbol, 21 × 21 modules.
    pub const MIN: Self = Self(1);
    /// The largest symbol, 177 × 177 modules.
    pub const MAX: Self = Self(40);

    /// A version from its number; `None` unless it is within 1 to 40.
    #[must_use]
    pub fn new(number: u8) -> Option<Self> {
        (Self::MIN.0..=Self::MAX.0)
            .contains(&number)
            .then_some(Self(number))
    }

    /// The number, 1 to 40.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// Modules on each side, without the quiet zone: 21 to 177.
    #[must_use]
    pub fn width(self) -> usize {
        17 + 4 * usize::from(self.0)
    }

    fn to_qrcode(self) -> qrcode::Version {
        qrcode::Version::Normal(i16::from(self.0))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a symbol must keep to. The smallest version that holds the content at [`level`](Self::level) is
/// chosen; only if none up to [`max_version`](Self::max_version) does, the level is lowered step by step
/// down to [`lowest_level`](Self::lowest_level).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The level wanted. Default: [`Level::Q`].
    pub level: Level,
    /// The level below which never to go. Equal to `level`: never lower it. Default: [`Level::L`].
    pub lowest_level: Level,
    /// The largest version allowed. Default: [`Version::MAX`].
    pub max_version: Version,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            level: Level::Q,
            lowest_level: Level::L,
            max_version: Version::MAX,
        }
    }
}

/// A finished QR symbol. Made only by [`Symbol::new`] and [`Symbol::from_segments`], which have read it
/// back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    version: Version,
    level: Level,
    mask: u8,
    rows: Rows,
}

impl Symbol {
    /// The symbol of a text.
    ///
    /// A text of digits becomes one numeric segment, a text within the 45 characters `0-9 A-Z $%*+-./:`
    /// and space (so every `HC1:` text) one alphanumeric segment, 5.5 bits per character; any other text
    /// the cheapest mix of segments, its characters outside ASCII as UTF-8 bytes.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`] if the text fits no allowed version and level, [`EncodeError::Empty`] for
    /// no text at all.
    pub fn new(text: &str, options: &Options) -> Result<Self, EncodeError> {
        Self::from_content(&Content::Text(text), options)
    }

    /// The symbol of segments chosen by the caller, in their order: a SMART Health Card is
    /// `[Bytes(b"shc:/"), Numeric("5676…")]`, and binary content is one [`Segment::Bytes`].
    ///
    /// # Errors
    /// As [`Symbol::new`]; and [`EncodeError::Character`] if a segment's mode has no code for one of its
    /// characters.
    pub fn from_segments(segments: &[Segment<'_>], options: &Options) -> Result<Self, EncodeError> {
        Self::from_content(&Content::Segments(segments), options)
    }

    fn from_content(content: &Content<'_>, options: &Options) -> Result<Self, EncodeError> {
        let expected = content.check()?;
        let (version, level) = fit(content, options)?;
        let symbol = build::symbol(content, version, level)?;
        symbol.read_back(&expected)?;
        Ok(symbol)
    }

    /// Decodes the modules with a reader that shares no code with the encoder.
    fn read_back(&self, expected: &[u8]) -> Result<(), EncodeError> {
        let failed = |reason: String| EncodeError::NotReadBack { reason };
        let width = u32::try_from(self.width()).unwrap_or(u32::MAX);
        let mut bits =
            BitMatrix::with_single_dimension(width).map_err(|error| failed(error.to_string()))?;
        for (y, row) in (0..width).zip(0..) {
            for (x, column) in (0..width).zip(0..) {
                if self.is_dark(column, row) {
                    bits.set(x, y);
                }
            }
        }
        match decoder::Decode(&bits) {
            Ok(read) if read.isValid() && read.content().bytes() == expected => Ok(()),
            Ok(_) => Err(failed("the reader gave another content".into())),
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The error correction level it has in the end (see [`Options`]).
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// The data mask, 0 to 7 (ISO/IEC 18004, table 10).
    #[must_use]
    pub fn mask(&self) -> u8 {
        self.mask
    }

    /// Modules on each side, without the quiet zone.
    #[must_use]
    pub fn width(&self) -> usize {
        self.version.width()
    }

    /// Whether the module in column `x` of row `y`, counted from the top left, is dark. Everything
    /// outside the symbol is light.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        self.rows.get(x, y)
    }

    /// The penalty of ISO/IEC 18004, 7.8.3.1, by which the mask was chosen: the least of the eight.
    ///
    /// Where the standard leaves room: the finder-like pattern counts once for each 1:1:3:1:1 run of
    /// single modules (dark, light, three dark, light, dark) with four light modules before it or after
    /// it, the quiet zone being light.
    #[must_use]
    pub fn penalty(&self) -> u32 {
        self.rows.penalty()
    }
}

/// The smallest version, at the highest allowed level, that holds the content.
fn fit(content: &Content<'_>, options: &Options) -> Result<(Version, Level), EncodeError> {
    let lowest = options.lowest_level.min(options.level);
    let lengths = segment::bits_by_version(content);
    for level in Level::DESCENDING {
        if level > options.level || level < lowest {
            continue;
        }
        for number in Version::MIN.0..=options.max_version.0 {
            let version = Version(number);
            if lengths
                .at(version)
                .is_some_and(|bits| bits <= segment::capacity_bits(version, level))
            {
                return Ok((version, level));
            }
        }
    }
    let capacity = segment::capacity_bits(options.max_version, lowest);
    Err(EncodeError::TooLong {
        characters: content.characters(),
        bits: lengths.largest(),
        max_version: options.max_version,
        level: lowest,
        capacity_bits: capacity,
        capacity_alphanumeric: segment::alphanumeric_capacity(options.max_version, lowest),
    })
}

/// Why there is no symbol.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// There is nothing to encode.
    #[error("there is no text to put into a QR code")]
    Empty,
    /// The content fits no allowed version and level.
    #[error(
        "a text of {characters} characters ({bits} bits) does not fit a QR code: version {max_version} at level \
         {level} holds {capacity_bits} bits, that is {capacity_alphanumeric} characters of HC1 text; shorten the \
         content, or allow a larger version or a lower error correction level"
    )]
    TooLong {
        /// Characters (bytes, for byte segments) in the content.
        characters: usize,
        /// The bits they need, mode indicators and counts included.
        bits: usize,
        /// The largest version that was allowed.
        max_version: Version,
        /// The lowest level that was allowed.
        level: Level,
        /// What that version holds at that level, in bits.
        capacity_bits: usize,
        /// The same in alphanumeric characters.
        capacity_alphanumeric: usize,
    },
    /// A segment has a character that its mode can not express.
    #[error(
        "character {character:?} at position {position} can not be in {mode} segment; use a byte segment for it, or \
         correct the text"
    )]
    Character {
        /// The character.
        character: char,
        /// Its place within the segment, in characters from 0.
        position: usize,
        /// "a numeric" or "an alphanumeric".
        mode: &'static str,
    },
    /// The symbol was made, but an independent reader did not get the content back. A defect: of this
    /// crate, or of one below it.
    #[error(
        "the finished QR code could not be read back ({reason}); it was not given out: please report this content"
    )]
    NotReadBack {
        /// What the reader said.
        reason: String,
    },
}
