//! Documents signed by several keys: COSE_Sign (RFC 9052 section 4.1).
//!
//! ```cddl
//! envelope = #6.98([
//!     protected   : bstr .cbor { 3 => tstr },        ; content type: which document it is
//!     unprotected : {},
//!     payload     : bstr,
//!     signatures  : [1* [bstr .cbor { 1 => alg, 4 => key-id }, {}, bstr]]
//! ])
//! ```
//!
//! The content type is signed, so that a signature over one kind of document never counts for
//! another. The key id is SHA-256 of the key's SubjectPublicKeyInfo.

use alloc::{
    borrow::ToOwned,
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};

use coset::{
    CborSerializable as _, CoseSign, CoseSignBuilder, CoseSignatureBuilder, Header, HeaderBuilder,
    TaggedCborSerializable as _, iana,
};
use hcert::keys::{Algorithm, SignError, Signer};

use crate::{
    digest::Digest,
    limits::Limits,
    root::{KeySet, Role},
};

/// Which document an envelope holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Document {
    /// [`crate::root::Root`].
    Root,
    /// [`crate::key_list::KeyList`].
    KeyList,
    /// [`crate::manifest::Manifest`].
    Manifest,
}

impl Document {
    /// The content type in the protected header.
    pub const fn content_type(self) -> &'static str {
        match self {
            Document::Root => "application/hcert-root+cbor",
            Document::KeyList => "application/hcert-keys+cbor",
            Document::Manifest => "application/hcert-manifest+cbor",
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Document::Root => "root",
            Document::KeyList => "key list",
            Document::Manifest => "manifest",
        }
    }
}

/// Why an envelope is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// Not a COSE_Sign message.
    #[error("not a signed {what}: {why}")]
    Unreadable {
        /// Which document was expected.
        what: &'static str,
        /// What the reader stumbled over.
        why: String,
    },
    /// Beyond a bound of [`Limits`].
    #[error("the {what} is larger than {limit} {unit}")]
    TooLarge {
        /// Which document.
        what: &'static str,
        /// The bound.
        limit: usize,
        /// Of what.
        unit: &'static str,
    },
    /// A signed document of another kind.
    #[error("not a {what}, but of type {found}")]
    Type {
        /// Which document was expected.
        what: &'static str,
        /// The content type it has.
        found: String,
    },
    /// Fewer good signatures by the role's keys than its threshold.
    #[error("the {what} has {good} of {needed} signatures by the keys of role {role}")]
    Threshold {
        /// Which document.
        what: &'static str,
        /// The role that had to sign.
        role: Role,
        /// Distinct keys of the role whose signature holds.
        good: usize,
        /// The role's threshold.
        needed: usize,
    },
}

/// A signed document as received. Its payload is not believed before [`Envelope::verify`].
#[derive(Debug, Clone)]
pub struct Envelope {
    document: Document,
    message: CoseSign,
}

impl Envelope {
    /// A document still without signatures.
    pub fn new(document: Document, payload: Vec<u8>) -> Envelope {
        let header = HeaderBuilder::new()
            .content_type(document.content_type().to_owned())
            .build();
        Envelope {
            document,
            message: CoseSignBuilder::new()
                .protected(header)
                .payload(payload)
                .build(),
        }
    }

    /// Reads one, tagged 98, that says it is such a document.
    pub fn parse(
        document: Document,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Envelope, EnvelopeError> {
        let what = document.name();
        let limit = match document {
            Document::Root => limits.root_bytes,
            Document::KeyList => limits.part_bytes,
            Document::Manifest => limits.manifest_bytes,
        };
        if bytes.len() > limit {
            let unit = "bytes";
            return Err(EnvelopeError::TooLarge { what, limit, unit });
        }
        let unreadable = |why: String| EnvelopeError::Unreadable { what, why };
        let message =
            CoseSign::from_tagged_slice(bytes).map_err(|error| unreadable(error.to_string()))?;
        if message.signatures.len() > limits.signatures {
            return Err(EnvelopeError::TooLarge {
                what,
                limit: limits.signatures,
                unit: "signatures",
            });
        }
        if message.payload.is_none() {
            return Err(unreadable("no payload".into()));
        }
        let protected = &message.protected.header;
        if !protected.crit.is_empty() {
            return Err(unreadable(
                "critical headers that are not known here".into(),
            ));
        }
        match &protected.content_type {
            Some(coset::ContentType::Text(text)) if text == document.content_type() => {}
            Some(coset::ContentType::Text(text)) => {
                let found = text.clone();
                return Err(EnvelopeError::Type { what, found });
            }
            _ => return Err(unreadable("no content type".into())),
        }
        Ok(Envelope { document, message })
    }

    /// Adds a signature. One by the same key that is there already is replaced.
    pub fn sign(&mut self, signer: &dyn Signer) -> Result<(), SignError> {
        let id = Digest::of(&signer.spki());
        self.message
            .signatures
            .retain(|signature| signature.protected.header.key_id != id.as_bytes());
        let header = HeaderBuilder::new()
            .algorithm(match signer.algorithm() {
                Algorithm::Es256 => iana::Algorithm::ES256,
                Algorithm::Ps256 => iana::Algorithm::PS256,
                Algorithm::EdDsa => iana::Algorithm::EdDSA,
            })
            .key_id(id.as_bytes().to_vec())
            .build();
        let mut signature = CoseSignatureBuilder::new().protected(header).build();
        signature.signature = signer.sign(&self.message.tbs_data(&[], &signature))?;
        self.message.signatures.push(signature);
        Ok(())
    }

    /// Takes over the signatures of another copy of the same document, as they come back from
    /// the holders of offline keys; `false` when it is another document.
    pub fn merge(&mut self, other: &Envelope) -> bool {
        if other.document != self.document
            || other.message.payload != self.message.payload
            || other.protected() != self.protected()
        {
            return false;
        }
        for signature in &other.message.signatures {
            if !self.message.signatures.contains(signature) {
                self.message.signatures.push(signature.clone());
            }
        }
        true
    }

    /// The tagged message.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Every part of it was built here or has been read: it can be written.
        self.message.clone().to_tagged_vec().unwrap_or_default()
    }

    /// The payload, once a threshold of the role's keys has signed it.
    pub fn verify(&self, role: Role, keys: &KeySet<'_>) -> Result<&[u8], EnvelopeError> {
        let good = self.signers(keys).len();
        let needed = keys.threshold();
        if good < needed {
            return Err(EnvelopeError::Threshold {
                what: self.document.name(),
                role,
                good,
                needed,
            });
        }
        Ok(self.unverified_payload())
    }

    /// The keys of a set whose signatures hold. Signatures by other keys and bad ones do not
    /// count and do no harm (TUF specification section 5.3.4): a root in rotation carries both.
    pub fn signers(&self, keys: &KeySet<'_>) -> BTreeSet<Digest> {
        let mut good = BTreeSet::new();
        for signature in &self.message.signatures {
            let header: &Header = &signature.protected.header;
            let Ok(id) = <[u8; 32]>::try_from(header.key_id.as_slice()) else {
                continue;
            };
            let id = Digest::from_bytes(id);
            let Some(key) = keys.key(&id).filter(|_| !good.contains(&id)) else {
                continue;
            };
            let algorithm = match &header.alg {
                Some(coset::RegisteredLabelWithPrivate::Assigned(algorithm)) => *algorithm as i64,
                _ => continue,
            };
            let message = self.message.tbs_data(&[], signature);
            if algorithm == key.algorithm().cose()
                && key.verify(&message, &signature.signature).is_ok()
            {
                good.insert(id);
            }
        }
        good
    }

    /// The payload before any check: to show to who is asked to sign it, and for nothing else.
    pub fn unverified_payload(&self) -> &[u8] {
        self.message.payload.as_deref().unwrap_or_default()
    }

    /// The document it says it is.
    pub fn document(&self) -> Document {
        self.document
    }

    fn protected(&self) -> Vec<u8> {
        let protected = &self.message.protected;
        protected
            .original_data
            .clone()
            .or_else(|| protected.header.clone().to_vec().ok())
            .unwrap_or_default()
    }
}
