//! The single-file form: for a USB stick, a mail, an installation.
//!
//! ```cddl
//! bundle-file = #6.55799([
//!     "hcert-bundle-1",
//!     [+ bstr],        ; roots, oldest first (envelopes)
//!     bstr,            ; manifest (envelope)
//!     [* bstr]         ; parts, in any order: their digest says which they are
//! ])
//! ```
//!
//! Byte strings have definite lengths, so a reader steps from one to the next without looking
//! into them.

use alloc::vec::Vec;
use core::ops::Range;

use minicbor::{Decoder, data::Tag};

use super::{BundleError, PartBytes};
use crate::limits::Limits;

/// The first bytes of every bundle file.
pub const MAGIC: &[u8] = b"\xd9\xd9\xf7\x84\x6ehcert-bundle-1";

const SELF_DESCRIBED: u64 = 55799;
const NAME: &str = "hcert-bundle-1";

/// A file taken apart; nothing in it has been checked.
#[derive(Debug)]
pub struct Pieces {
    /// Envelopes of roots, oldest first.
    pub roots: Vec<PartBytes>,
    /// Envelope of the manifest.
    pub manifest: PartBytes,
    /// Parts, in any order.
    pub parts: Vec<PartBytes>,
}

/// Takes a bundle file apart.
pub fn parse(file: impl Into<PartBytes>, limits: &Limits) -> Result<Pieces, BundleError> {
    parse_bytes(&file.into(), limits)
}

fn parse_bytes(file: &PartBytes, limits: &Limits) -> Result<Pieces, BundleError> {
    if !file.starts_with(MAGIC) {
        return Err(BundleError::NotBundle);
    }
    let limit = limits.bundle_bytes;
    if file.len() > limit {
        let unit = "bytes";
        return Err(BundleError::TooLarge { limit, unit });
    }
    let mut reader = Reader {
        file,
        decoder: Decoder::new(file),
    };
    reader.decoder.set_position(MAGIC.len());
    let roots = reader.list(limits.roots, "roots")?;
    let manifest = reader.bytes()?;
    let parts = reader.list(limits.parts, "parts")?;
    if reader.decoder.position() != file.len() {
        return Err(reader.damaged());
    }
    Ok(Pieces {
        roots,
        manifest,
        parts,
    })
}

struct Reader<'f> {
    file: &'f PartBytes,
    decoder: Decoder<'f>,
}

impl Reader<'_> {
    fn damaged(&self) -> BundleError {
        BundleError::Damaged(self.decoder.position())
    }

    fn bytes(&mut self) -> Result<PartBytes, BundleError> {
        let start = self.decoder.position();
        let damaged = BundleError::Damaged(start);
        let Ok(bytes) = self.decoder.bytes() else {
            return Err(damaged);
        };
        let end = self.decoder.position();
        let range: Range<usize> = end.saturating_sub(bytes.len())..end;
        self.file.piece(range).ok_or(damaged)
    }

    fn list(&mut self, limit: usize, unit: &'static str) -> Result<Vec<PartBytes>, BundleError> {
        let damaged = self.damaged();
        let Ok(Some(count)) = self.decoder.array() else {
            return Err(damaged);
        };
        if count > limit as u64 {
            return Err(BundleError::TooLarge { limit, unit });
        }
        (0..count).map(|_| self.bytes()).collect()
    }
}

/// Writes a bundle file from its pieces.
pub fn write<'a>(
    roots: impl ExactSizeIterator<Item = &'a [u8]>,
    manifest: &[u8],
    parts: impl Iterator<Item = &'a [u8]>,
) -> Vec<u8> {
    let parts: Vec<&[u8]> = parts.collect();
    let mut out = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut out);
    // Writing to memory cannot fail.
    let _ = (|| {
        encoder.tag(Tag::new(SELF_DESCRIBED))?.array(4)?.str(NAME)?;
        encoder.array(roots.len() as u64)?;
        for root in roots {
            encoder.bytes(root)?;
        }
        encoder.bytes(manifest)?.array(parts.len() as u64)?;
        for part in parts {
            encoder.bytes(part)?;
        }
        encoder.ok()
    })();
    out
}
