//! Segments, and how many bits they take.

use qrcode::bits::Bits;
use qrcode::optimize::{Optimizer, Parser, Segment as Range};
use qrcode::types::Mode;

use super::{EncodeError, Level, Version};

/// A part of a symbol's content, in one mode (ISO/IEC 18004, 7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Segment<'a> {
    /// Digits only, 3⅓ bits each.
    Numeric(&'a str),
    /// `0-9 A-Z $%*+-./:` and space only, 5½ bits each.
    Alphanumeric(&'a str),
    /// Anything, 8 bits each. No ECI is written: readers take bytes to be UTF-8 or ISO 8859-1.
    Bytes(&'a [u8]),
}

impl<'a> Segment<'a> {
    fn bytes(self) -> &'a [u8] {
        match self {
            Self::Numeric(text) | Self::Alphanumeric(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    fn mode(self) -> Mode {
        match self {
            Self::Numeric(_) => Mode::Numeric,
            Self::Alphanumeric(_) => Mode::Alphanumeric,
            Self::Bytes(_) => Mode::Byte,
        }
    }

    fn check(self) -> Result<(), EncodeError> {
        let (text, mode, allowed): (_, _, fn(u8) -> bool) = match self {
            Self::Numeric(text) => (text, "a numeric", |byte| byte.is_ascii_digit()),
            Self::Alphanumeric(text) => (text, "an alphanumeric", is_alphanumeric),
            Self::Bytes(_) => return Ok(()),
        };
        let wrong = |&(_, c): &(usize, char)| !u8::try_from(c).is_ok_and(allowed);
        match text.chars().enumerate().find(wrong) {
            Some((position, character)) => Err(EncodeError::Character {
                character,
                position,
                mode,
            }),
            None => Ok(()),
        }
    }
}

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase() || b" $%*+-./:".contains(&byte)
}

/// What goes into a symbol.
pub(super) enum Content<'a> {
    Text(&'a str),
    Segments(&'a [Segment<'a>]),
}

impl Content<'_> {
    /// Refuses what can not be encoded at any length; gives the bytes a reader must find.
    pub(super) fn check(&self) -> Result<Vec<u8>, EncodeError> {
        let bytes = match self {
            Content::Text(text) => text.as_bytes().to_vec(),
            Content::Segments(segments) => {
                segments.iter().try_for_each(|segment| segment.check())?;
                segments
                    .iter()
                    .flat_map(|segment| segment.bytes())
                    .copied()
                    .collect()
            }
        };
        if bytes.is_empty() {
            Err(EncodeError::Empty)
        } else {
            Ok(bytes)
        }
    }

    pub(super) fn characters(&self) -> usize {
        match self {
            Content::Text(text) => text.chars().count(),
            Content::Segments(segments) => {
                segments.iter().map(|segment| segment.bytes().len()).sum()
            }
        }
    }

    /// Writes the content for `version`. The mode's counts are wide enough whenever the bits fit.
    pub(super) fn write(&self, version: Version, bits: &mut Bits) -> qrcode::QrResult<()> {
        match self {
            Content::Text(text) => {
                bits.push_segments(text.as_bytes(), ranges(text, version).into_iter())
            }
            Content::Segments(segments) => segments.iter().try_for_each(|segment| match segment {
                Segment::Numeric(text) => bits.push_numeric_data(text.as_bytes()),
                Segment::Alphanumeric(text) => bits.push_alphanumeric_data(text.as_bytes()),
                Segment::Bytes(bytes) => bits.push_byte_data(bytes),
            }),
        }
    }

    fn bits(&self, version: Version) -> Option<usize> {
        let fits =
            |mode: Mode, length: usize| length < 1 << mode.length_bits_count(version.to_qrcode());
        match self {
            Content::Text(text) => ranges(text, version).into_iter().try_fold(0, |sum, range| {
                fits(range.mode, range.end - range.begin)
                    .then(|| sum + range.encoded_len(version.to_qrcode()))
            }),
            Content::Segments(segments) => segments.iter().try_fold(0, |sum, segment| {
                let range = Range {
                    mode: segment.mode(),
                    begin: 0,
                    end: segment.bytes().len(),
                };
                fits(range.mode, range.end).then(|| sum + range.encoded_len(version.to_qrcode()))
            }),
        }
    }
}

/// The modes of a text. Kanji mode is left out: the bytes of a UTF-8 text that look like Shift-JIS are
/// none.
fn ranges(text: &str, version: Version) -> Vec<Range> {
    let bytes = text.as_bytes();
    let whole = |mode| {
        vec![Range {
            mode,
            begin: 0,
            end: bytes.len(),
        }]
    };
    if bytes.iter().all(u8::is_ascii_digit) {
        whole(Mode::Numeric)
    } else if bytes.iter().copied().all(is_alphanumeric) {
        whole(Mode::Alphanumeric)
    } else if text.is_ascii() {
        Optimizer::new(Parser::new(bytes), version.to_qrcode()).collect()
    } else {
        whole(Mode::Byte)
    }
}

/// The bits a content takes. They depend on the version only through the widths of the character counts,
/// which change at 10 and at 27 (ISO/IEC 18004, table 3).
pub(super) struct Lengths([Option<usize>; 3]);

impl Lengths {
    pub(super) fn at(&self, version: Version) -> Option<usize> {
        self.0[match version.number() {
            ..10 => 0,
            10..27 => 1,
            27.. => 2,
        }]
    }

    pub(super) fn largest(&self) -> usize {
        self.0.iter().flatten().copied().max().unwrap_or(usize::MAX)
    }
}

pub(super) fn bits_by_version(content: &Content<'_>) -> Lengths {
    Lengths([Version(9), Version(26), Version(40)].map(|version| content.bits(version)))
}

/// Data bits of a version at a level (ISO/IEC 18004, table 7).
pub(super) fn capacity_bits(version: Version, level: Level) -> usize {
    Bits::new(version.to_qrcode())
        .max_len(level.to_qrcode())
        .unwrap_or(0)
}

/// Alphanumeric characters of a version at a level: 11 bits for two, 6 for a last one.
pub(super) fn alphanumeric_capacity(version: Version, level: Level) -> usize {
    let overhead = 4 + Mode::Alphanumeric.length_bits_count(version.to_qrcode());
    let bits = capacity_bits(version, level).saturating_sub(overhead);
    bits / 11 * 2 + usize::from(bits % 11 >= 6)
}
