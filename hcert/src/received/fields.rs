//! Reading the named fields of a map.

use alloc::{borrow::Cow, vec::Vec};

use minicbor::Decoder;

use super::{ContentError, SchemaError};
use crate::{
    cbor::{self, CborError},
    date::{Date, DateTime, PartialDate},
    limits::Limits,
};

/// Text as it was received.
pub type Text<'a> = Cow<'a, str>;

/// The CBOR of null and undefined (RFC 8949 section 3.3).
const NULL: u8 = 0xf6;
const UNDEFINED: u8 = 0xf7;

/// Calls `field` for each key of a map that is one of `known` (at most 32) and whose value is not
/// null; it says whether it read the value. Other fields are stepped over; duplicate keys are
/// refused.
pub(super) fn read<'a>(
    decoder: &mut Decoder<'a>,
    what: &'static str,
    known: &[&str],
    limits: &Limits,
    mut field: impl FnMut(&str, &mut Decoder<'a>) -> Result<bool, ContentError>,
) -> Result<(), ContentError> {
    let mut seen_known: u32 = 0;
    let mut seen_others: Vec<Text<'a>> = Vec::new();
    let mut fault = None;
    let walked = cbor::map(decoder, what, limits, |decoder| {
        let place = match known_key(decoder, known) {
            Some(place) => place,
            None => {
                // Unknown, or a known one in a longer form.
                let key = cbor::text(decoder, "a field's name")?;
                match known.iter().position(|known| *known == key) {
                    Some(place) => place,
                    None if seen_others.contains(&key) => return Err(CborError::DuplicateKey),
                    None => {
                        seen_others.push(key);
                        return cbor::skip(decoder, limits, limits.depth).map(drop);
                    }
                }
            }
        };
        let bit = 1 << place;
        if seen_known & bit != 0 {
            return Err(CborError::DuplicateKey);
        }
        seen_known |= bit;
        if matches!(
            decoder.input().get(decoder.position()),
            Some(&(NULL | UNDEFINED))
        ) {
            return cbor::skip(decoder, limits, limits.depth).map(drop);
        }
        // The walk's error type has no room for ours: remember ours and stop with any.
        let taken = field(known[place], decoder).map_err(|error| {
            fault = Some(error);
            CborError::DuplicateKey
        })?;
        if !taken {
            cbor::skip(decoder, limits, limits.depth)?;
        }
        Ok(())
    });
    match (walked, fault) {
        (Err(_), Some(fault)) => Err(fault),
        (walked, _) => walked.map_err(ContentError::from),
    }
}

/// Steps over the next key if it is one of the known ones, and says which; else the decoder does
/// not move. Known keys are short, so their shortest CBOR is one byte of length before the text
/// (RFC 8949 section 3), and comparing bytes spares the check that they are UTF-8.
fn known_key(decoder: &mut Decoder<'_>, known: &[&str]) -> Option<usize> {
    let start = decoder.position();
    let (head, rest) = decoder.input().get(start..)?.split_first()?;
    let length = usize::from(head.checked_sub(0x60).filter(|length| *length < 24)?);
    let key = rest.get(..length)?;
    let place = known.iter().position(|known| known.as_bytes() == key)?;
    decoder.set_position(start + 1 + length);
    Some(place)
}

/// Reads a text field into its place.
pub(super) fn text<'a>(
    decoder: &mut Decoder<'a>,
    name: &'static str,
    place: &mut Option<Text<'a>>,
) -> Result<bool, ContentError> {
    *place = Some(cbor::text(decoder, name)?);
    Ok(true)
}

/// The field's text, or the error that it is missing.
pub(super) fn required<'a>(
    name: &'static str,
    value: Option<Text<'a>>,
) -> Result<Text<'a>, SchemaError> {
    value.ok_or(SchemaError::Missing(name))
}

/// A required full date, with or without a time after it.
pub(super) fn date<'a>(
    name: &'static str,
    value: Option<Text<'a>>,
) -> Result<Text<'a>, SchemaError> {
    let text = required(name, value)?;
    match Date::parse_lenient(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(SchemaError::Value {
            field: name,
            expected: "a date such as 2021-05-29",
        }),
    }
}

/// A required date of which month and day may be unknown.
pub(super) fn partial_date<'a>(
    name: &'static str,
    value: Option<Text<'a>>,
) -> Result<Text<'a>, SchemaError> {
    let text = required(name, value)?;
    match PartialDate::parse_lenient(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(SchemaError::Value {
            field: name,
            expected: "a date from 1900 to 2099, or part of one",
        }),
    }
}

/// A required date with time.
pub(super) fn date_time<'a>(
    name: &'static str,
    value: Option<Text<'a>>,
) -> Result<Text<'a>, SchemaError> {
    let text = required(name, value)?;
    match DateTime::parse_lenient(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(SchemaError::Value {
            field: name,
            expected: "a date with time such as 2021-05-30T10:12:22Z",
        }),
    }
}
