//! Why a certificate is not valid.

use alloc::string::String;

use hcert::{
    cbor::CborError,
    hc1::DecodeError,
    keys::KeyError,
    kid::Kid,
    received::{ContentError, SchemaError},
    time::Timestamp,
    x509::{ChainError, EventKind},
};

use crate::Format;

/// The stage of a verification that failed, in the words of the verdict's JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Stage {
    /// No code could be read from the picture.
    Picture,
    /// The text belongs to no known format.
    Prefix,
    /// Not Base45.
    Base45,
    /// Not Base32.
    Base32,
    /// Not the digits of a SMART Health Card.
    Numeric,
    /// Not one whole zlib stream.
    Zlib,
    /// Not acceptable CBOR.
    Cbor,
    /// Not acceptable JSON.
    Json,
    /// Not a COSE_Sign1 message.
    Cose,
    /// Not a JSON Web Signature.
    Jws,
    /// The issuer is not among the trusted ones.
    Issuer,
    /// No trusted key is known for it.
    Kid,
    /// A key is known, but its chain or its own validity does not hold.
    Trust,
    /// The signature is not that key's.
    Signature,
    /// The key may not sign this kind of certificate.
    KeyUsage,
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate is not valid any more.
    Expired,
    /// The certificate was revoked.
    Revocation,
    /// The content is not what its schema allows.
    Schema,
    /// A code is of no known value set.
    Valueset,
}

impl Stage {
    /// The word in the verdict's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Picture => "picture",
            Stage::Prefix => "prefix",
            Stage::Base45 => "base45",
            Stage::Base32 => "base32",
            Stage::Numeric => "numeric",
            Stage::Zlib => "zlib",
            Stage::Cbor => "cbor",
            Stage::Json => "json",
            Stage::Cose => "cose",
            Stage::Jws => "jws",
            Stage::Issuer => "issuer",
            Stage::Kid => "kid",
            Stage::Trust => "trust",
            Stage::Signature => "signature",
            Stage::KeyUsage => "key_usage",
            Stage::NotYetValid => "not_yet_valid",
            Stage::Expired => "expired",
            Stage::Revocation => "revocation",
            Stage::Schema => "schema",
            Stage::Valueset => "valueset",
        }
    }
}

impl core::fmt::Display for Stage {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// Why, with the facts that a person can act on. It never holds the certificate's content.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// No code was found in the picture, or the picture can't be opened; says why.
    Picture(String),
    /// The text begins like no known format.
    Unrecognised,
    /// The format is known, but not read by this version.
    Unsupported(Format),
    /// A layer of the text can't be taken apart.
    Decode(DecodeError),
    /// The signed claims are not acceptable CBOR.
    Claims(CborError),
    /// No trusted key has this kid, or the message names none.
    UnknownKey(Option<Kid>),
    /// The key's certificate does not stand below a trusted CSCA.
    Chain(ChainError),
    /// The key's certificate was not valid when the health certificate was issued.
    SignerPeriod {
        /// When the health certificate was issued.
        issued_at: Timestamp,
        /// Start of the signer's period.
        not_before: Timestamp,
        /// End of the signer's period.
        not_after: Timestamp,
    },
    /// The key may no longer sign: certificates from some day on are refused, or all of them
    /// when it is in strange hands.
    SignerWithdrawn {
        /// From when on.
        from: Timestamp,
        /// Whether the key is in strange hands.
        compromised: bool,
    },
    /// The trust bundle is past its hard expiry, and its policy refuses everything then.
    TrustExpired(Timestamp),
    /// The trusted key can't be used.
    Key(KeyError),
    /// The signature does not match.
    Signature,
    /// The signer may sign other kinds of certificate, not this one.
    KeyUsage(EventKind),
    /// Valid only from a later instant.
    NotYetValid(Timestamp),
    /// Valid only until an earlier instant.
    Expired(Timestamp),
    /// Revoked.
    Revoked,
    /// The content is damaged or not what the schema allows.
    Content(ContentError),
    /// The claims hold no health certificate.
    NoContent,
    /// The certificate has no expiry, which its format demands.
    NoExpiry,
}

/// A stage and why it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    stage: Stage,
    reason: Reason,
}

impl Failure {
    /// The stage that failed; nothing after it was looked at.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The facts.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Failure {
        Failure {
            stage: stage_of(&reason),
            reason,
        }
    }
}

fn stage_of(reason: &Reason) -> Stage {
    match reason {
        Reason::Picture(_) => Stage::Picture,
        Reason::Unrecognised | Reason::Unsupported(_) => Stage::Prefix,
        Reason::Decode(error) => match error {
            DecodeError::Prefix | DecodeError::TextTooLong { .. } => Stage::Prefix,
            DecodeError::Base45(_) => Stage::Base45,
            DecodeError::Zlib(_) => Stage::Zlib,
            DecodeError::Cbor(_) => Stage::Cbor,
            _ => Stage::Cose,
        },
        Reason::Claims(_) | Reason::Content(ContentError::Cbor(_)) => Stage::Cbor,
        Reason::UnknownKey(_) => Stage::Kid,
        Reason::Chain(_)
        | Reason::SignerPeriod { .. }
        | Reason::SignerWithdrawn { .. }
        | Reason::TrustExpired(_)
        | Reason::Key(_) => Stage::Trust,
        Reason::Signature => Stage::Signature,
        Reason::KeyUsage(_) => Stage::KeyUsage,
        Reason::NotYetValid(_) => Stage::NotYetValid,
        Reason::Expired(_) => Stage::Expired,
        Reason::Revoked => Stage::Revocation,
        Reason::Content(_) | Reason::NoContent | Reason::NoExpiry => Stage::Schema,
    }
}

impl From<SchemaError> for Reason {
    fn from(error: SchemaError) -> Reason {
        Reason::Content(error.into())
    }
}
