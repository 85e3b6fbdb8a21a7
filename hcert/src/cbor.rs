//! CBOR, RFC 8949, as received: read with bounds, shown as JSON.
//!
//! `minicbor` reads the items; what it leaves to its caller is here: a bound on depth and on
//! entries, and the refusal of duplicate map keys and of trailing bytes. The signed bytes are
//! never re-encoded, so indefinite lengths and integers in longer forms than needed are taken.

use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
    vec::Vec,
};

use minicbor::{Decoder, data::Type};
use serde_json::{Map, Value};

use crate::limits::Limits;

/// Why bytes are not acceptable CBOR.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CborError {
    /// Not well-formed, or text that is not UTF-8.
    #[error("the CBOR is damaged at byte {at}")]
    Malformed {
        /// Offset into the item read.
        at: usize,
    },
    /// Well-formed, but not of the kind that belongs here.
    #[error("{what} is not {expected}")]
    Kind {
        /// What was read.
        what: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// Nested deeper than [`Limits::depth`].
    #[error("the CBOR is nested more than {limit} levels deep")]
    Depth {
        /// The bound.
        limit: usize,
    },
    /// More entries than [`Limits::entries`].
    #[error("a CBOR map or array has more than {limit} entries")]
    Entries {
        /// The bound.
        limit: usize,
    },
    /// A map has the same key twice: which of the two counts would depend on the reader.
    #[error("a CBOR map has the same key twice")]
    DuplicateKey,
    /// Bytes follow the item.
    #[error("{0} bytes follow the CBOR item")]
    Trailing(usize),
}

impl CborError {
    pub(crate) fn malformed(decoder: &Decoder<'_>) -> CborError {
        CborError::Malformed {
            at: decoder.position(),
        }
    }
}

/// Fails unless the decoder has read everything.
pub(crate) fn finish(decoder: &Decoder<'_>) -> Result<(), CborError> {
    match decoder.input().len().saturating_sub(decoder.position()) {
        0 => Ok(()),
        trailing => Err(CborError::Trailing(trailing)),
    }
}

/// Calls `entry` with the decoder before each key of the map that must come next.
pub(crate) fn map<'b>(
    decoder: &mut Decoder<'b>,
    what: &'static str,
    limits: &Limits,
    entry: impl FnMut(&mut Decoder<'b>) -> Result<(), CborError>,
) -> Result<(), CborError> {
    if !matches!(decoder.datatype(), Ok(Type::Map | Type::MapIndef)) {
        return Err(other_kind(decoder, what, "a map"));
    }
    let length = decoder.map().map_err(|_| CborError::malformed(decoder))?;
    entries(decoder, length, limits, entry)
}

/// Calls `entry` with the decoder before each element of the array that must come next.
pub(crate) fn array<'b>(
    decoder: &mut Decoder<'b>,
    what: &'static str,
    limits: &Limits,
    entry: impl FnMut(&mut Decoder<'b>) -> Result<(), CborError>,
) -> Result<(), CborError> {
    if !matches!(decoder.datatype(), Ok(Type::Array | Type::ArrayIndef)) {
        return Err(other_kind(decoder, what, "an array"));
    }
    let length = decoder.array().map_err(|_| CborError::malformed(decoder))?;
    entries(decoder, length, limits, entry)
}

/// The error for an item that is not of the kind expected, or no item at all.
fn other_kind(decoder: &Decoder<'_>, what: &'static str, expected: &'static str) -> CborError {
    match decoder.datatype() {
        Ok(_) => CborError::Kind { what, expected },
        Err(_) => CborError::malformed(decoder),
    }
}

/// Calls `entry` for each entry of a map or array whose header, definite or not, was read.
fn entries<'b>(
    decoder: &mut Decoder<'b>,
    length: Option<u64>,
    limits: &Limits,
    mut entry: impl FnMut(&mut Decoder<'b>) -> Result<(), CborError>,
) -> Result<(), CborError> {
    let mut count = 0;
    loop {
        let done = match length {
            Some(length) => count as u64 >= length,
            None => {
                decoder
                    .datatype()
                    .map_err(|_| CborError::malformed(decoder))?
                    == Type::Break
            }
        };
        if done {
            if length.is_none() {
                decoder.set_position(decoder.position() + 1);
            }
            return Ok(());
        }
        count += 1;
        if count > limits.entries {
            return Err(CborError::Entries {
                limit: limits.entries,
            });
        }
        entry(decoder)?;
    }
}

/// Reads text, also in parts, below any number of tags (the field tags date-times).
pub(crate) fn text<'b>(
    decoder: &mut Decoder<'b>,
    what: &'static str,
) -> Result<Cow<'b, str>, CborError> {
    // Nearly all text is in one part and without a tag.
    let start = decoder.position();
    if let Ok(text) = decoder.str() {
        return Ok(Cow::Borrowed(text));
    }
    decoder.set_position(start);
    tagged_text(decoder, what)
}

#[cold]
fn tagged_text<'b>(
    decoder: &mut Decoder<'b>,
    what: &'static str,
) -> Result<Cow<'b, str>, CborError> {
    loop {
        return match decoder.datatype() {
            Ok(Type::Tag) => {
                decoder.tag().map_err(|_| CborError::malformed(decoder))?;
                continue;
            }
            Ok(Type::String) => decoder
                .str()
                .map(Cow::Borrowed)
                .map_err(|_| CborError::malformed(decoder)),
            Ok(Type::StringIndef) => {
                let parts = decoder
                    .str_iter()
                    .map_err(|_| CborError::Malformed { at: 0 })?;
                let whole: Result<String, _> = parts.collect();
                whole
                    .map(Cow::Owned)
                    .map_err(|_| CborError::malformed(decoder))
            }
            Ok(_) => Err(CborError::Kind {
                what,
                expected: "text",
            }),
            Err(_) => Err(CborError::malformed(decoder)),
        };
    }
}

/// Reads a byte string in one part.
pub(crate) fn bytes<'b>(
    decoder: &mut Decoder<'b>,
    what: &'static str,
) -> Result<&'b [u8], CborError> {
    match decoder.datatype() {
        Ok(Type::Bytes) => decoder.bytes().map_err(|_| CborError::malformed(decoder)),
        Ok(_) => Err(CborError::Kind {
            what,
            expected: "a byte string",
        }),
        Err(_) => Err(CborError::malformed(decoder)),
    }
}

/// Reads a whole number, also one written as a float without fraction.
pub(crate) fn whole_number(
    decoder: &mut Decoder<'_>,
    what: &'static str,
) -> Result<i64, CborError> {
    let expected = "a whole number";
    match number(decoder, what, expected)? {
        Number::Integer(value) => Ok(value),
        Number::Float(value) if is_whole(value) => Ok(float_to_integer(value)),
        Number::Float(_) => Err(CborError::Kind { what, expected }),
    }
}

/// Reads a NumericDate (RFC 8392 section 2): seconds as an integer, or as a float, whose fraction
/// is dropped, also below tag 1.
pub(crate) fn numeric_date(
    decoder: &mut Decoder<'_>,
    what: &'static str,
) -> Result<i64, CborError> {
    if matches!(decoder.datatype(), Ok(Type::Tag)) {
        decoder.tag().map_err(|_| CborError::malformed(decoder))?;
    }
    match number(decoder, what, "a time in seconds")? {
        Number::Integer(value) => Ok(value),
        Number::Float(value) => Ok(floor(value)),
    }
}

enum Number {
    Integer(i64),
    Float(f64),
}

fn number(
    decoder: &mut Decoder<'_>,
    what: &'static str,
    expected: &'static str,
) -> Result<Number, CborError> {
    use Type::*;
    let kind = decoder
        .datatype()
        .map_err(|_| CborError::malformed(decoder))?;
    let value = match kind {
        U8 | U16 | U32 | U64 | I8 | I16 | I32 | I64 => decoder.i64().map(Number::Integer),
        F16 => decoder.f16().map(|value| Number::Float(value.into())),
        F32 => decoder.f32().map(|value| Number::Float(value.into())),
        F64 => decoder.f64().map(Number::Float),
        _ => return Err(CborError::Kind { what, expected }),
    };
    match value {
        Ok(Number::Float(value)) if !value.is_finite() => Err(CborError::Kind { what, expected }),
        Ok(value) => Ok(value),
        Err(_) => Err(CborError::Kind { what, expected }),
    }
}

/// Whether it has no fraction. (`f64::fract` and `f64::floor` need std.)
#[expect(clippy::cast_precision_loss, reason = "below 2^52 there is none")]
fn is_whole(value: f64) -> bool {
    const ALL_WHOLE_FROM: f64 = 4_503_599_627_370_496.0;
    value.abs() >= ALL_WHOLE_FROM || float_to_integer(value) as f64 == value
}

/// The largest integer that is not larger.
#[expect(
    clippy::cast_precision_loss,
    reason = "what came of a float fits into one again"
)]
fn floor(value: f64) -> i64 {
    let toward_zero = float_to_integer(value);
    match toward_zero as f64 > value {
        true => toward_zero.saturating_sub(1),
        false => toward_zero,
    }
}

/// A float outside the range becomes the nearest end of it: as a time, still far past or future.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast from float saturates"
)]
fn float_to_integer(value: f64) -> i64 {
    value as i64
}

/// Steps over one item of any kind, checking it on the way: well-formed, UTF-8, no deeper than
/// `depth` more levels, no duplicate keys. Returns the item's bytes.
pub(crate) fn skip<'b>(
    decoder: &mut Decoder<'b>,
    limits: &Limits,
    depth: usize,
) -> Result<&'b [u8], CborError> {
    skip_within(decoder, limits, depth, &mut Vec::new())
}

/// As [`skip`], with the keys of the maps around it. Theirs and its own together are no more than
/// [`Limits::entries`]: else maps within maps would take that much memory for each level.
fn skip_within<'b>(
    decoder: &mut Decoder<'b>,
    limits: &Limits,
    depth: usize,
    keys: &mut Vec<Key<'b>>,
) -> Result<&'b [u8], CborError> {
    let start = decoder.position();
    let malformed = |decoder: &Decoder<'b>| CborError::malformed(decoder);
    let Some(below) = depth.checked_sub(1) else {
        return Err(CborError::Depth {
            limit: limits.depth,
        });
    };
    match decoder.datatype().map_err(|_| malformed(decoder))? {
        Type::Map | Type::MapIndef => {
            let around = keys.len();
            map(decoder, "it", limits, |decoder| {
                let key = Key::read_within(decoder, limits, below, keys)?;
                if keys.len() >= limits.entries {
                    let limit = limits.entries;
                    return Err(CborError::Entries { limit });
                }
                keys.push(key);
                skip_within(decoder, limits, below, keys).map(drop)
            })?;
            let own = &mut keys[around..];
            own.sort_unstable();
            if own.windows(2).any(|pair| pair[0] == pair[1]) {
                return Err(CborError::DuplicateKey);
            }
            keys.truncate(around);
        }
        Type::Array | Type::ArrayIndef => {
            array(decoder, "it", limits, |decoder| {
                skip_within(decoder, limits, below, keys).map(drop)
            })?;
        }
        Type::Tag => {
            decoder.tag().map_err(|_| malformed(decoder))?;
            skip_within(decoder, limits, below, keys)?;
        }
        Type::String => drop(decoder.str().map_err(|_| malformed(decoder))?),
        Type::StringIndef => {
            // Looked at part by part, and not put together.
            let mut parts = decoder
                .str_iter()
                .map_err(|_| CborError::Malformed { at: start })?;
            let whole = parts.try_for_each(|part| part.map(drop));
            whole.map_err(|_| malformed(decoder))?;
        }
        Type::Break | Type::Unknown(_) => return Err(malformed(decoder)),
        _ => decoder.skip().map_err(|_| malformed(decoder))?,
    }
    Ok(&decoder.input()[start..decoder.position()])
}

/// A map's key, equal to another when both stand for the same value: an integer in eight bytes is
/// the one in a single byte, and text in parts the one in a whole (RFC 8949 section 5.6). Keys of
/// other kinds, which nobody uses, are compared by their bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key<'b> {
    Integer(i128),
    Text(Cow<'b, str>),
    Other(&'b [u8]),
}

impl<'b> Key<'b> {
    pub(crate) fn read(
        decoder: &mut Decoder<'b>,
        limits: &Limits,
        depth: usize,
    ) -> Result<Key<'b>, CborError> {
        Key::read_within(decoder, limits, depth, &mut Vec::new())
    }

    /// As [`Key::read`], within maps that have these keys.
    fn read_within(
        decoder: &mut Decoder<'b>,
        limits: &Limits,
        depth: usize,
        keys: &mut Vec<Key<'b>>,
    ) -> Result<Key<'b>, CborError> {
        use Type::*;
        match decoder.datatype() {
            Ok(U8 | U16 | U32 | U64 | I8 | I16 | I32 | I64 | Int) => {
                let value = decoder.int().map_err(|_| CborError::malformed(decoder))?;
                Ok(Key::Integer(value.into()))
            }
            Ok(String | StringIndef) => text(decoder, "a key").map(Key::Text),
            _ => skip_within(decoder, limits, depth, keys).map(Key::Other),
        }
    }
}

/// The keys of a map that were read, to refuse the second of two equal ones. The known numbers,
/// which nearly all keys are, cost a bit each.
pub(crate) struct SeenKeys<'b> {
    known: &'static [i64],
    bits: u32,
    others: Vec<Key<'b>>,
}

impl<'b> SeenKeys<'b> {
    /// None seen yet; at most 32 are known.
    pub(crate) fn new(known: &'static [i64]) -> SeenKeys<'b> {
        SeenKeys {
            known,
            bits: 0,
            others: Vec::new(),
        }
    }

    /// Reads the next key, which must be none of those seen; its number, if it is a known one.
    pub(crate) fn next(
        &mut self,
        decoder: &mut Decoder<'b>,
        limits: &Limits,
    ) -> Result<Option<i64>, CborError> {
        let key = Key::read(decoder, limits, 2)?;
        let place = self
            .known
            .iter()
            .position(|known| key == Key::Integer((*known).into()));
        let (new, number) = match place {
            Some(place) => {
                let bit = 1 << place;
                let new = self.bits & bit == 0;
                self.bits |= bit;
                (new, Some(self.known[place]))
            }
            None => {
                let new = !self.others.contains(&key);
                self.others.push(key);
                (new, None)
            }
        };
        if new {
            Ok(number)
        } else {
            Err(CborError::DuplicateKey)
        }
    }
}

/// One whole item as JSON (RFC 8949 section 6.1): byte strings as base64url, tags dropped,
/// `undefined` and floats that are not finite as null, map keys that are not text in their JSON spelling.
pub fn to_json(item: &[u8], limits: &Limits) -> Result<Value, CborError> {
    let mut decoder = Decoder::new(item);
    let value = json(&mut decoder, limits, limits.depth)?;
    finish(&decoder)?;
    Ok(value)
}

fn json(decoder: &mut Decoder<'_>, limits: &Limits, depth: usize) -> Result<Value, CborError> {
    use Type::*;
    let Some(below) = depth.checked_sub(1) else {
        return Err(CborError::Depth {
            limit: limits.depth,
        });
    };
    let kind = decoder
        .datatype()
        .map_err(|_| CborError::malformed(decoder))?;
    Ok(match kind {
        Map | MapIndef => {
            let mut object = serde_json::Map::new();
            map(decoder, "it", limits, |decoder| {
                let key = match json(decoder, limits, below)? {
                    Value::String(key) => key,
                    other => other.to_string(),
                };
                let value = json(decoder, limits, below)?;
                insert(&mut object, key, value)
            })?;
            Value::Object(object)
        }
        Array | ArrayIndef => {
            let mut elements = Vec::new();
            array(decoder, "it", limits, |decoder| {
                elements.push(json(decoder, limits, below)?);
                Ok(())
            })?;
            Value::Array(elements)
        }
        Tag => {
            decoder.tag().map_err(|_| CborError::malformed(decoder))?;
            json(decoder, limits, below)?
        }
        String | StringIndef => Value::String(text(decoder, "it")?.into_owned()),
        Bytes => Value::String(crate::base64::encode_url(bytes(decoder, "it")?)),
        BytesIndef => {
            let parts = decoder
                .bytes_iter()
                .map_err(|_| CborError::Malformed { at: 0 })?;
            let parts: Result<Vec<&[u8]>, _> = parts.collect();
            let parts = parts.map_err(|_| CborError::malformed(decoder))?;
            Value::String(crate::base64::encode_url(&parts.concat()))
        }
        Bool => Value::Bool(decoder.bool().map_err(|_| CborError::malformed(decoder))?),
        U64 | Int => {
            let value = decoder.int().map_err(|_| CborError::malformed(decoder))?;
            let value = i128::from(value);
            match u64::try_from(value) {
                Ok(value) => value.into(),
                Err(_) => Value::String(value.to_string()),
            }
        }
        U8 | U16 | U32 | I8 | I16 | I32 | I64 => decoder
            .i64()
            .map_err(|_| CborError::malformed(decoder))?
            .into(),
        // `From` makes null of a float that is not finite.
        F16 => f64::from(decoder.f16().map_err(|_| CborError::malformed(decoder))?).into(),
        F32 => f64::from(decoder.f32().map_err(|_| CborError::malformed(decoder))?).into(),
        F64 => decoder
            .f64()
            .map_err(|_| CborError::malformed(decoder))?
            .into(),
        Null | Undefined => {
            decoder.skip().map_err(|_| CborError::malformed(decoder))?;
            Value::Null
        }
        Simple => {
            let value = decoder
                .simple()
                .map_err(|_| CborError::malformed(decoder))?;
            Value::String(format!("simple({value})"))
        }
        Break | Unknown(_) => return Err(CborError::malformed(decoder)),
    })
}

fn insert(object: &mut Map<String, Value>, key: String, value: Value) -> Result<(), CborError> {
    match object.insert(key, value) {
        None => Ok(()),
        Some(_) => Err(CborError::DuplicateKey),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
        digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    fn shown(bytes: &str) -> Result<String, CborError> {
        to_json(&hex(bytes), &Limits::DEFAULT).map(|value| value.to_string())
    }

    #[test]
    fn shows_items_as_json() {
        for (bytes, json) in [
            ("a2 6161 01 6162 82 02 03", r#"{"a":1,"b":[2,3]}"#),
            ("bf 6161 9f 01 02 ff ff", r#"{"a":[1,2]}"#),
            ("7f 6161 6162 ff", r#""ab""#),
            ("c0 6a 323032312d30312d3031", r#""2021-01-01""#),
            ("a1 20 42 fbff", r#"{"-1":"-_8"}"#),
            ("f9 3e00", "1.5"),
            ("fb 4000000000000000", "2.0"),
            ("f7", "null"),
            ("82 f9 7e00 fb fff0000000000000", "[null,null]"),
            ("3b ffffffffffffffff", r#""-18446744073709551616""#),
            ("1b ffffffffffffffff", "18446744073709551615"),
            ("5f 41fb 41ff ff", r#""-_8""#),
        ] {
            assert_eq!(shown(bytes).as_deref(), Ok(json), "{bytes}");
        }
    }

    #[test]
    fn refuses_what_two_readers_could_read_differently() {
        assert_eq!(shown("a2 6161 01 6161 02"), Err(CborError::DuplicateKey));
        // The same keys in two spellings: integers of one byte and two, text whole and in parts.
        for map in ["a2 01 01 1801 02", "a2 6161 01 7f 6161 ff 02"] {
            let map = hex(map);
            let mut decoder = Decoder::new(&map);
            assert_eq!(
                skip(&mut decoder, &Limits::DEFAULT, 16),
                Err(CborError::DuplicateKey)
            );
        }
        assert_eq!(shown("01 02"), Err(CborError::Trailing(1)));
        assert!(matches!(shown("62 61"), Err(CborError::Malformed { .. })));
        assert!(matches!(shown("61 ff"), Err(CborError::Malformed { .. })));
        assert!(matches!(
            shown("9b 7fffffffffffffff 01"),
            Err(CborError::Malformed { .. })
        ));
        assert!(matches!(
            shown("5b 7fffffffffffffff 01"),
            Err(CborError::Malformed { .. })
        ));
        assert!(matches!(shown("ff"), Err(CborError::Malformed { .. })));
        assert!(matches!(shown(""), Err(CborError::Malformed { .. })));
    }

    #[test]
    fn depth_is_bounded_in_every_walk() {
        for start in ["81", "9f", "c1", "a101", "bf01"] {
            let deep = hex(&start.repeat(10_000));
            let depth = Err(CborError::Depth { limit: 16 });
            assert_eq!(to_json(&deep, &Limits::DEFAULT).map(drop), depth, "{start}");
            let mut decoder = Decoder::new(&deep);
            assert_eq!(
                skip(&mut decoder, &Limits::DEFAULT, 16).map(drop),
                depth,
                "{start}"
            );
        }
        // Maps within maps: their keys are remembered together.
        let keys: String = (0..400).map(|key| format!("19{key:04x}01")).collect();
        let within = hex(&format!("bf{keys}18ff bf{keys}18ff bf{keys}ffffff"));
        assert_eq!(
            skip(&mut Decoder::new(&within), &Limits::DEFAULT, 16).map(drop),
            Err(CborError::Entries { limit: 1024 })
        );
        let side_by_side = hex(&format!("83{}", format!("bf{keys}ff").repeat(3)));
        assert!(skip(&mut Decoder::new(&side_by_side), &Limits::DEFAULT, 16).is_ok());
        let wide = hex(&format!("9f{}ff", "01".repeat(2000)));
        assert_eq!(
            to_json(&wide, &Limits::DEFAULT),
            Err(CborError::Entries { limit: 1024 })
        );
    }

    #[test]
    fn times_in_every_spelling_of_the_field() {
        for (bytes, seconds) in [
            ("1a 60923a20", 1_620_195_872),
            ("fb 41d8248e88000000", 1_620_195_872),
            ("c1 1a 60923a20", 1_620_195_872),
            ("fb c000000000000001", -3),
            ("18 2a", 42),
        ] {
            let bytes = hex(bytes);
            assert_eq!(numeric_date(&mut Decoder::new(&bytes), "exp"), Ok(seconds));
        }
        assert_eq!(floor(-1e300), i64::MIN);
        assert_eq!(floor(1e300), i64::MAX);
        for bytes in ["f9 7e00", "fb 7ff0000000000000", "61 31", "f6"] {
            assert!(
                numeric_date(&mut Decoder::new(&hex(bytes)), "exp").is_err(),
                "{bytes}"
            );
        }
    }
}
