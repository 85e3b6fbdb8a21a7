//! The site's step: an officer's signature under a record (step 2 of Decision 5772/QĐ-BYT).
//!
//! ```cddl
//! approval = #6.18([
//!     protected   : bstr .cbor { 1 => -8, 3 => "application/hcert-approval+cbor" },
//!     unprotected : {},
//!     payload     : bstr .cbor statement,
//!     signature   : bstr                     ; EdDSA by the site's key
//! ])
//! statement = {
//!     1 => bstr .size 16,   ; the record
//!     2 => uint,            ; its revision
//!     3 => bstr .size 32,   ; SHA-256 of its content
//!     4 => tstr,            ; the site, as a path
//!     5 => tstr,            ; the officer
//!     6 => int              ; when, in seconds since 1970
//! }
//! ```
//!
//! The encoding is the deterministic one of RFC 8949 section 4.2.1, and any other is refused: one
//! approval has one form. The content type is signed, so that a signature by the same key over
//! anything else never counts as an approval.

use coset::{CoseSign1, CoseSign1Builder, HeaderBuilder, TaggedCborSerializable as _, iana};
use hcert::{
    keys::{Algorithm, KeyError, PublicKey, SignError},
    time::Timestamp,
};
use minicbor::{Decoder, Encoder};
use trust_list::digest::Digest;

use crate::SiteKey;

/// The content type of an approval, in the protected header.
pub const CONTENT_TYPE: &str = "application/hcert-approval+cbor";

/// Most bytes of the site's path, and of the officer's name.
const MAX_TEXT: usize = 256;
/// Most bytes of an approval: two long texts and some 200 bytes around them.
const MAX_BYTES: usize = 1024;

/// Why an approval can't be made, or does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApprovalError {
    /// A text that can't stand in it.
    #[error("the {0} of an approval has to be there, with at most {MAX_TEXT} bytes")]
    Text(&'static str),
    /// The key failed to sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The public key can't be used.
    #[error("the site's public key: {0}")]
    Key(#[from] KeyError),
    /// The public key is of another kind than a site's.
    #[error("a site's key signs EdDSA, and this one {0}")]
    Algorithm(Algorithm),
    /// Not an approval, or not in its one form.
    #[error("not an approval in its one form: {0}")]
    Form(&'static str),
    /// The signature is not the site's.
    #[error("the approval is not signed by this site's key")]
    Signature,
}

/// A statement that a record was approved.
///
/// The `Debug` output leaves out the officer.
#[derive(Clone, PartialEq, Eq)]
pub struct Approval {
    record: [u8; 16],
    revision: u32,
    digest: Digest,
    site: String,
    officer: String,
    at: Timestamp,
}

impl Approval {
    /// About a record's content, in the canonical form that the caller gives it, which has to be
    /// the same whenever the record is the same.
    pub fn of(
        (record, revision): ([u8; 16], u32),
        content: &[u8],
        site: impl Into<String>,
        officer: impl Into<String>,
        at: Timestamp,
    ) -> Result<Approval, ApprovalError> {
        let approval = Approval {
            record,
            revision,
            digest: Digest::of(content),
            site: site.into(),
            officer: officer.into(),
            at,
        };
        approval.check_texts()?;
        Ok(approval)
    }

    /// The record.
    pub fn record(&self) -> &[u8; 16] {
        &self.record
    }

    /// The record's revision.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// SHA-256 of the record's content.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The site, as a path.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// The officer's name.
    pub fn officer(&self) -> &str {
        &self.officer
    }

    /// When it was approved.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Whether it is about this record, this revision of it, and this content.
    pub fn is_of(&self, (record, revision): (&[u8; 16], u32), content: &[u8]) -> bool {
        self.record == *record && self.revision == revision && self.digest == Digest::of(content)
    }

    /// Signs it with the site's key: a tagged COSE_Sign1.
    pub fn sign(&self, key: &SiteKey) -> Result<Vec<u8>, ApprovalError> {
        let message = unsigned(self.to_cbor());
        let signature = key.signer().sign(&message.tbs_data(&[]))?;
        signed(message, signature)
    }

    /// Reads one that was signed with the key of this DER SubjectPublicKeyInfo.
    pub fn verify(bytes: &[u8], spki: &[u8]) -> Result<Approval, ApprovalError> {
        let key = PublicKey::from_spki(spki)?;
        if key.algorithm() != Algorithm::EdDsa {
            return Err(ApprovalError::Algorithm(key.algorithm()));
        }
        if bytes.len() > MAX_BYTES {
            return Err(ApprovalError::Form("too long"));
        }
        let form = ApprovalError::Form("not a COSE_Sign1");
        let received = CoseSign1::from_tagged_slice(bytes).map_err(|_| form.clone())?;
        let message = unsigned(received.payload.ok_or(form)?);
        key.verify(&message.tbs_data(&[]), &received.signature)
            .map_err(|_| ApprovalError::Signature)?;
        let approval = Approval::from_cbor(message.payload.as_deref().unwrap_or_default())?;
        // Headers, tag and lengths are then what they have to be, down to the last bit.
        if signed(message, received.signature)? != bytes {
            return Err(ApprovalError::Form("not as it is written here"));
        }
        Ok(approval)
    }

    fn check_texts(&self) -> Result<(), ApprovalError> {
        let right = |text: &str| (1..=MAX_TEXT).contains(&text.len());
        match (right(&self.site), right(&self.officer)) {
            (true, true) => Ok(()),
            (false, _) => Err(ApprovalError::Text("site")),
            (true, false) => Err(ApprovalError::Text("officer")),
        }
    }

    fn to_cbor(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(100 + self.site.len() + self.officer.len());
        // Writing to a vector cannot fail.
        let _ = self.write(&mut Encoder::new(&mut out));
        out
    }

    fn write<W: minicbor::encode::Write>(
        &self,
        encoder: &mut Encoder<W>,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.map(6)?;
        encoder.u8(1)?.bytes(&self.record)?;
        encoder.u8(2)?.u32(self.revision)?;
        encoder.u8(3)?.bytes(self.digest.as_bytes())?;
        encoder.u8(4)?.str(&self.site)?;
        encoder.u8(5)?.str(&self.officer)?;
        encoder.u8(6)?.i64(self.at.unix())?;
        Ok(())
    }

    /// Reads a statement; one that would be written otherwise is refused.
    fn from_cbor(bytes: &[u8]) -> Result<Approval, ApprovalError> {
        let form = || ApprovalError::Form("not the statement of an approval");
        let approval = read(bytes).ok_or_else(form)?;
        approval.check_texts()?;
        if approval.to_cbor() != bytes {
            return Err(form());
        }
        Ok(approval)
    }
}

impl core::fmt::Debug for Approval {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Approval")
            .field("record", &self.record)
            .field("revision", &self.revision)
            .field("site", &self.site)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// The fields in their order; whether each key is the right one, the comparison with what would
/// be written tells.
fn read(bytes: &[u8]) -> Option<Approval> {
    let mut decoder = Decoder::new(bytes);
    let fields = decoder.map().ok()?;
    let key = |decoder: &mut Decoder<'_>| decoder.u8().ok();
    key(&mut decoder)?;
    let record = decoder.bytes().ok()?.try_into().ok()?;
    key(&mut decoder)?;
    let revision = decoder.u32().ok()?;
    key(&mut decoder)?;
    let digest = Digest::from_bytes(decoder.bytes().ok()?.try_into().ok()?);
    key(&mut decoder)?;
    let site = decoder.str().ok()?.to_owned();
    key(&mut decoder)?;
    let officer = decoder.str().ok()?.to_owned();
    key(&mut decoder)?;
    let at = Timestamp::from_unix(decoder.i64().ok()?)?;
    (fields == Some(6)).then_some(Approval {
        record,
        revision,
        digest,
        site,
        officer,
        at,
    })
}

/// The message with the only header that an approval has.
fn unsigned(payload: Vec<u8>) -> CoseSign1 {
    let header = HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .content_type(CONTENT_TYPE.to_owned())
        .build();
    CoseSign1Builder::new()
        .protected(header)
        .payload(payload)
        .build()
}

fn signed(mut message: CoseSign1, signature: Vec<u8>) -> Result<Vec<u8>, ApprovalError> {
    message.signature = signature;
    message
        .to_tagged_vec()
        .map_err(|_| ApprovalError::Form("it can't be written"))
}
