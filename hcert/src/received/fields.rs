//! Reading the named fields of a map.

use std::borrow::Cow;

use minicbor::{Decoder, data::Type};

use super::{ContentError, SchemaError};
use crate::{
    cbor::{self, CborError},
    date::{Date, DateTime, PartialDate},
    limits::Limits,
};

/// Text as it was received.
pub type Text<'a> = Cow<'a, str>;

/// Calls `field` for each text key of a map whose value is not null; it returns false for a field
/// it does not know, which is then stepped over. Duplicate keys are refused.
pub(super) fn read<'a>(
    decoder: &mut Decoder<'a>,
    what: &'static str,
    limits: &Limits,
    mut field: impl FnMut(&str, &mut Decoder<'a>) -> Result<bool, ContentError>,
) -> Result<(), ContentError> {
    let mut seen: Vec<Text<'a>> = Vec::with_capacity(12);
    let mut fault = None;
    let walked = cbor::map(decoder, what, limits, |decoder| {
        let key = cbor::text(decoder, "a field's name")?;
        if seen.contains(&key) {
            return Err(CborError::DuplicateKey);
        }
        let null = matches!(decoder.datatype(), Ok(Type::Null | Type::Undefined));
        let known = if null {
            false
        } else {
            // The walk's error type has no room for ours: remember ours and stop with any.
            field(&key, decoder).map_err(|error| {
                fault = Some(error);
                CborError::DuplicateKey
            })?
        };
        if !known {
            cbor::skip(decoder, limits, limits.depth)?;
        }
        seen.push(key);
        Ok(())
    });
    match (walked, fault) {
        (Err(_), Some(fault)) => Err(fault),
        (walked, _) => walked.map_err(ContentError::from),
    }
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
