//! Reading our own CBOR parts: arrays of known length, one way to write each.

use alloc::{boxed::Box, vec::Vec};

use minicbor::{Decoder, data::Type};

use super::HashKind;
use hcert::{kid::Kid, time::Timestamp};

/// Most lists, filters or slices in one part. Each takes memory once the part is open.
pub(super) const MOST_ENTRIES: u64 = 1 << 16;

/// Why a revocation part could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartError {
    /// Not CBOR, or not of the structure that belongs here.
    #[error("the revocation part is damaged: {what} is missing or of another kind at byte {at}")]
    Structure {
        /// What belongs there.
        what: &'static str,
        /// Offset into the part.
        at: usize,
    },
    /// A later version.
    #[error("the revocation part is of version {0}, which is not known here; update this program")]
    Version(u64),
    /// More entries than are taken.
    #[error("the revocation part has {0} entries, more than 65536")]
    TooMany(u64),
    /// Bytes follow.
    #[error("bytes follow the revocation part")]
    Trailing,
    /// Readable, but not in the order or the form that a writer must use.
    #[error("the revocation part is not in its canonical form: {0}")]
    NotCanonical(&'static str),
}

/// Reads items, with their names for the error.
pub(super) struct Reader<'b>(pub(super) Decoder<'b>);

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Reader<'b> {
        Reader(Decoder::new(bytes))
    }

    /// Begins a part of version 1: an array of `length`, the version first.
    pub(super) fn begin(bytes: &'b [u8], length: u64) -> Result<Reader<'b>, PartError> {
        let mut reader = Reader::new(bytes);
        let found = reader.any_array("the part")?;
        match reader.uint("the version")? {
            1 if found == length => Ok(reader),
            1 => Err(reader.error("the part")),
            other => Err(PartError::Version(other)),
        }
    }

    pub(super) fn error(&self, what: &'static str) -> PartError {
        let at = self.0.position();
        PartError::Structure { what, at }
    }

    fn any_array(&mut self, what: &'static str) -> Result<u64, PartError> {
        match self.0.array() {
            Ok(Some(length)) => Ok(length),
            _ => Err(self.error(what)),
        }
    }

    /// An array of exactly this length.
    pub(super) fn array(&mut self, what: &'static str, length: u64) -> Result<(), PartError> {
        match self.any_array(what)? {
            found if found == length => Ok(()),
            _ => Err(self.error(what)),
        }
    }

    /// An array of entries: how many.
    pub(super) fn entries(&mut self, what: &'static str) -> Result<u64, PartError> {
        match self.any_array(what)? {
            length if length > MOST_ENTRIES => Err(PartError::TooMany(length)),
            length => Ok(length),
        }
    }

    pub(super) fn uint(&mut self, what: &'static str) -> Result<u64, PartError> {
        self.0.u64().map_err(|_| self.error(what))
    }

    pub(super) fn bytes(&mut self, what: &'static str) -> Result<&'b [u8], PartError> {
        self.0.bytes().map_err(|_| self.error(what))
    }

    pub(super) fn text(&mut self, what: &'static str) -> Result<&'b str, PartError> {
        self.0.str().map_err(|_| self.error(what))
    }

    pub(super) fn digest(&mut self, what: &'static str) -> Result<[u8; 32], PartError> {
        self.bytes(what)?.try_into().map_err(|_| self.error(what))
    }

    pub(super) fn time(&mut self, what: &'static str) -> Result<Timestamp, PartError> {
        let seconds = self.0.i64().map_err(|_| self.error(what))?;
        Timestamp::from_unix(seconds).ok_or(self.error(what))
    }

    pub(super) fn kid(&mut self) -> Result<Kid, PartError> {
        match self.bytes("the kid")? {
            kid if kid.is_empty() || kid.len() > 64 => Err(self.error("the kid")),
            kid => Ok(Kid::from_bytes(kid)),
        }
    }

    pub(super) fn kind(&mut self) -> Result<HashKind, PartError> {
        let number = self.uint("the kind of hash")?;
        HashKind::from_number(number).ok_or(self.error("the kind of hash"))
    }

    pub(super) fn country(&mut self) -> Result<Box<str>, PartError> {
        match self.text("the country")? {
            country if country.len() > 16 => Err(self.error("the country")),
            country => Ok(country.into()),
        }
    }

    /// What `read` reads, or null.
    pub(super) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, PartError>,
    ) -> Result<Option<T>, PartError> {
        match self.0.datatype() {
            Ok(Type::Null) => {
                self.0.null().map_err(|_| self.error("null"))?;
                Ok(None)
            }
            _ => read(self).map(Some),
        }
    }

    pub(super) fn end(&self) -> Result<(), PartError> {
        match self.0.position() == self.0.input().len() {
            true => Ok(()),
            false => Err(PartError::Trailing),
        }
    }
}

/// Writes to a vector, which cannot fail.
pub(super) struct Writer(minicbor::Encoder<Vec<u8>>);

impl Writer {
    pub(super) fn new() -> Writer {
        Writer(minicbor::Encoder::new(Vec::new()))
    }

    pub(super) fn array(&mut self, length: usize) -> &mut Self {
        let _ = self.0.array(length as u64);
        self
    }

    pub(super) fn uint(&mut self, value: u64) -> &mut Self {
        let _ = self.0.u64(value);
        self
    }

    pub(super) fn time(&mut self, at: Timestamp) -> &mut Self {
        let _ = self.0.i64(at.unix());
        self
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        let _ = self.0.bytes(bytes);
        self
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        let _ = self.0.str(text);
        self
    }

    pub(super) fn optional<T>(
        &mut self,
        value: Option<T>,
        write: impl FnOnce(&mut Self, T),
    ) -> &mut Self {
        match value {
            Some(value) => write(self, value),
            None => {
                let _ = self.0.null();
            }
        }
        self
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0.into_writer()
    }
}
