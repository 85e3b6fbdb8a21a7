//! CBOR of the bundle: read strictly, because one document must mean one thing to everybody.
//!
//! Documents are deterministically encoded (RFC 8949 section 4.2.1). A reader encodes what it read
//! again and compares: that refuses duplicate keys, unknown keys, indefinite lengths, long forms
//! of short numbers and trailing bytes in one stroke.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use hcert::time::Timestamp;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

/// Why bytes are not the document they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// Not CBOR of the expected shape.
    #[error("not a readable {what}: {why}")]
    Unreadable {
        /// Which document.
        what: &'static str,
        /// What the reader stumbled over.
        why: String,
    },
    /// Readable, but not in the one form that is allowed.
    #[error("the {what} is not encoded deterministically, or holds keys that are not known here")]
    NotDeterministic {
        /// Which document.
        what: &'static str,
    },
    /// A value that this document can't have.
    #[error("the {what} says {which} wrongly: {why}")]
    Value {
        /// Which document.
        what: &'static str,
        /// Which of its values.
        which: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
}

/// Reads a whole document strictly.
pub(crate) fn read<'b, T>(what: &'static str, bytes: &'b [u8]) -> Result<T, WireError>
where
    T: Decode<'b, ()> + Encode<()>,
{
    let mut decoder = Decoder::new(bytes);
    let document: T = decoder.decode().map_err(|error| WireError::Unreadable {
        what,
        why: error.to_string(),
    })?;
    if write(&document) != bytes {
        return Err(WireError::NotDeterministic { what });
    }
    Ok(document)
}

/// Writes a document.
pub(crate) fn write<T: Encode<()>>(document: &T) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail, and no document here has a value that can't be encoded.
    let _ = minicbor::encode(document, &mut out);
    out
}

/// An instant as whole seconds (RFC 8392 section 2, NumericDate).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instant(pub(crate) Timestamp);

impl<C> Encode<C> for Instant {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.i64(self.0.unix())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Instant {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        Timestamp::from_unix(d.i64()?)
            .map(Instant)
            .ok_or_else(|| decode::Error::message("an instant outside the years 0 to 9999"))
    }
}

/// A value error, shortly.
pub(crate) fn value<T>(
    what: &'static str,
    which: &'static str,
    why: &'static str,
) -> Result<T, WireError> {
    Err(WireError::Value { what, which, why })
}

impl<C> Encode<C> for crate::digest::Digest {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.bytes(self.as_bytes())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for crate::digest::Digest {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let bytes = d.bytes()?.try_into();
        bytes
            .map(crate::digest::Digest::from_bytes)
            .map_err(|_| decode::Error::message("a digest that is not of 32 bytes"))
    }
}

impl<C> Encode<C> for crate::environment::Environment {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.str(self.name())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for crate::environment::Environment {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        d.str()?.parse().map_err(decode::Error::message)
    }
}
