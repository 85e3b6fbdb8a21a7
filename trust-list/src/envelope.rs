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
//!
//! It is read as strictly as the documents inside ([`crate::wire`]), so that an envelope has one form only; with
//! the reader that those have anyway, since a second one would be a thirtieth of what a browser loads.

use alloc::{
    borrow::ToOwned,
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};

use hcert::keys::{SignError, Signer};
use minicbor::{Decode, Encode, data::Tagged};

use crate::{
    digest::Digest,
    limits::Limits,
    root::{KeySet, Role},
    wire,
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
    message: Message,
}

/// As it is sent: tag 98 is COSE_Sign (RFC 9052 section 2).
type Sent<M> = Tagged<98, M>;

#[derive(Debug, Clone, Encode, Decode)]
#[cbor(array)]
struct Message {
    #[cbor(n(0), with = "minicbor::bytes")]
    protected: Vec<u8>,
    #[n(1)]
    unprotected: Nothing,
    #[cbor(n(2), with = "minicbor::bytes")]
    payload: Vec<u8>,
    #[n(3)]
    signatures: Vec<Signature>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Signature {
    #[cbor(n(0), with = "minicbor::bytes")]
    protected: Vec<u8>,
    #[n(1)]
    unprotected: Nothing,
    #[cbor(n(2), with = "minicbor::bytes")]
    signature: Vec<u8>,
}

/// No header that is not signed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Nothing {}

/// The protected header of the document.
#[derive(Debug, Encode, Decode)]
#[cbor(map)]
struct About {
    #[n(3)]
    content_type: String,
}

/// The protected header of a signature.
#[derive(Debug, Encode, Decode)]
#[cbor(map)]
struct By {
    #[n(1)]
    algorithm: i64,
    #[n(4)]
    key: Digest,
}

/// Sig_structure of RFC 9052 section 4.4.
#[derive(Encode)]
#[cbor(array)]
struct ToBeSigned<'a> {
    #[n(0)]
    context: &'static str,
    #[cbor(n(1), with = "minicbor::bytes")]
    body_protected: &'a [u8],
    #[cbor(n(2), with = "minicbor::bytes")]
    sign_protected: &'a [u8],
    #[cbor(n(3), with = "minicbor::bytes")]
    external_aad: &'a [u8],
    #[cbor(n(4), with = "minicbor::bytes")]
    payload: &'a [u8],
}

impl Message {
    /// What a signature with this protected header is over.
    fn to_be_signed(&self, sign_protected: &[u8]) -> Vec<u8> {
        wire::write(&ToBeSigned {
            context: "Signature",
            body_protected: &self.protected,
            sign_protected,
            external_aad: &[],
            payload: &self.payload,
        })
    }
}

impl Signature {
    /// The algorithm and the key that it names. One that names none in the form of the specification is
    /// nobody's: it does not count.
    fn by(&self) -> Option<By> {
        wire::read("signature", &self.protected).ok()
    }
}

impl Envelope {
    /// A document still without signatures.
    pub fn new(document: Document, payload: Vec<u8>) -> Envelope {
        let about = About {
            content_type: document.content_type().to_owned(),
        };
        Envelope {
            document,
            message: Message {
                protected: wire::write(&about),
                unprotected: Nothing {},
                payload,
                signatures: Vec::new(),
            },
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
        let unreadable = |error: wire::WireError| EnvelopeError::Unreadable {
            what,
            why: error.to_string(),
        };
        let message: Sent<Message> = wire::read("envelope", bytes).map_err(unreadable)?;
        let message = message.into_value();
        if message.signatures.len() > limits.signatures {
            return Err(EnvelopeError::TooLarge {
                what,
                limit: limits.signatures,
                unit: "signatures",
            });
        }
        let about: About = wire::read("header", &message.protected).map_err(unreadable)?;
        if about.content_type != document.content_type() {
            let found = about.content_type;
            return Err(EnvelopeError::Type { what, found });
        }
        Ok(Envelope { document, message })
    }

    /// Adds a signature. One by the same key that is there already is replaced.
    pub fn sign(&mut self, signer: &dyn Signer) -> Result<(), SignError> {
        let key = Digest::of(&signer.spki());
        self.message
            .signatures
            .retain(|signature| signature.by().is_none_or(|by| by.key != key));
        let algorithm = signer.algorithm().cose();
        let protected = wire::write(&By { algorithm, key });
        let signature = signer.sign(&self.message.to_be_signed(&protected))?;
        self.message.signatures.push(Signature {
            protected,
            unprotected: Nothing {},
            signature,
        });
        Ok(())
    }

    /// Takes over the signatures of another copy of the same document, as they come back from
    /// the holders of offline keys; `false` when it is another document.
    pub fn merge(&mut self, other: &Envelope) -> bool {
        if other.document != self.document
            || other.message.payload != self.message.payload
            || other.message.protected != self.message.protected
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
        wire::write(&Sent::new(&self.message))
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
            let Some(By { algorithm, key: id }) = signature.by() else {
                continue;
            };
            let Some(key) = keys.key(&id).filter(|_| !good.contains(&id)) else {
                continue;
            };
            let message = self.message.to_be_signed(&signature.protected);
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
        &self.message.payload
    }

    /// The document it says it is.
    pub fn document(&self) -> Document {
        self.document
    }
}
