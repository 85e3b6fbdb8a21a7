//! COSE_Sign1, RFC 9052 section 4.2, with the freedoms the field takes.
//!
//! ```cddl
//! COSE_Sign1 = [
//!     protected   : bstr .cbor header_map,
//!     unprotected : header_map,
//!     payload     : bstr,
//!     signature   : bstr
//! ]
//! ```
//!
//! Making a message is `coset`'s work. Reading has its own few lines, because a scanner reads
//! thousands a second and needs none of the values `coset` allocates for: borrowed slices make the
//! envelope cost a twentieth. The tests read every message with both.

use alloc::{
    borrow::Cow,
    string::{String, ToString},
    vec::Vec,
};

use minicbor::{Decoder, data::Type};

use coset::{CoseSign1Builder, HeaderBuilder, TaggedCborSerializable, iana};

use crate::{
    cbor::{self, CborError},
    keys::{Algorithm, SignError, Signer},
    kid::Kid,
    limits::Limits,
};

/// Why bytes are not an acceptable COSE_Sign1 message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CoseError {
    /// Not CBOR at all.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// CBOR, but not a COSE_Sign1: says which part is wrong.
    #[error("{what} is not {expected}")]
    Structure {
        /// The part of the message.
        what: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// A header that must be understood (label `crit`, RFC 9052 section 3.1) is not.
    #[error("the message has critical headers that are not known here")]
    Critical,
}

/// Why a certificate could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The key refused or failed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The message could not be written as CBOR.
    #[error("the message could not be encoded: {0}")]
    Cose(String),
}

/// CBOR tag of a COSE_Sign1 (RFC 9052 section 2) and of a CWT around it (RFC 8392 section 6).
const TAG_SIGN1: u64 = 18;
const TAG_CWT: u64 = 61;

/// Labels of header parameters (RFC 9052 section 3.1).
const ALG: i64 = 1;
const CRIT: i64 = 2;
const KID: i64 = 4;

/// A COSE_Sign1 message as received. Nothing in it has been verified.
#[derive(Debug, Clone, Copy)]
pub struct Sign1<'a> {
    protected: &'a [u8],
    alg: Option<i64>,
    kid: Option<&'a [u8]>,
    kid_is_signed: bool,
    payload: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Sign1<'a> {
    /// Reads one message: tagged 18, untagged, or tagged 61 around 18, as all three are in the
    /// field. Trailing bytes and duplicate header labels are refused.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Sign1<'a>, CoseError> {
        let mut decoder = Decoder::new(bytes);
        match tag(&mut decoder)? {
            None | Some(TAG_SIGN1) => {}
            Some(TAG_CWT) if tag(&mut decoder)? == Some(TAG_SIGN1) => {}
            Some(_) => return structure("the message", "tagged as COSE_Sign1 (18)"),
        }
        let mut message = Sign1 {
            protected: &[],
            alg: None,
            kid: None,
            kid_is_signed: false,
            payload: &[],
            signature: &[],
        };
        let mut unprotected = Headers::default();
        let mut part = 0;
        cbor::array(&mut decoder, "the message", limits, |decoder| {
            part += 1;
            match part {
                1 => message.protected = cbor::bytes(decoder, "the protected header")?,
                2 => unprotected = Headers::read(decoder, "the unprotected header", limits)?,
                3 => message.payload = cbor::bytes(decoder, "the payload")?,
                4 => message.signature = cbor::bytes(decoder, "the signature")?,
                _ => {
                    return Err(CborError::Kind {
                        what: "the message",
                        expected: "four parts",
                    });
                }
            }
            Ok(())
        })
        .map_err(shape)?;
        if part != 4 {
            return structure("the message", "four parts");
        }
        cbor::finish(&decoder).map_err(CoseError::Cbor)?;

        let mut protected = Headers::default();
        if !message.protected.is_empty() {
            let mut decoder = Decoder::new(message.protected);
            protected =
                Headers::read(&mut decoder, "the protected header", limits).map_err(shape)?;
            cbor::finish(&decoder).map_err(CoseError::Cbor)?;
        }
        if protected.critical || unprotected.critical {
            return Err(CoseError::Critical);
        }
        // HCERT specification section 2.6.4: the protected header has precedence.
        message.alg = protected.alg.or(unprotected.alg);
        message.kid = protected.kid.or(unprotected.kid);
        message.kid_is_signed = protected.kid.is_some();
        Ok(message)
    }

    /// The algorithm the message names (IANA COSE algorithms). The key decides, not this.
    pub fn alg(&self) -> Option<i64> {
        self.alg
    }

    /// The kid, of the protected header where both have one.
    pub fn kid(&self) -> Option<&'a [u8]> {
        self.kid
    }

    /// The kid, if the signature covers it. One of the unprotected header can be exchanged by
    /// anybody.
    pub fn protected_kid(&self) -> Option<&'a [u8]> {
        self.kid.filter(|_| self.kid_is_signed)
    }

    /// The payload. Not verified.
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// The signature; for ES256 the 64 bytes r || s (RFC 9053 section 2.1).
    pub fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// The protected header's bytes.
    pub fn protected(&self) -> &'a [u8] {
        self.protected
    }

    /// The bytes the signature is over: Sig_structure of RFC 9052 section 4.4, with the protected
    /// header exactly as it was received.
    pub fn to_be_signed(&self) -> Vec<u8> {
        /// Array of four, then the text "Signature1".
        const START: &[u8] = b"\x84\x6aSignature1";
        let mut out =
            Vec::with_capacity(START.len() + 12 + self.protected.len() + self.payload.len());
        out.extend_from_slice(START);
        push_bytes(&mut out, self.protected);
        push_bytes(&mut out, &[]);
        push_bytes(&mut out, self.payload);
        out
    }
}

/// Signs a payload as a COSE_Sign1 message with tag 18; algorithm and kid go into the protected
/// header.
pub fn sign(payload: Vec<u8>, signer: &dyn Signer, kid: &Kid) -> Result<Vec<u8>, EncodeError> {
    let algorithm = match signer.algorithm() {
        Algorithm::Es256 => iana::Algorithm::ES256,
        Algorithm::Ps256 => iana::Algorithm::PS256,
        Algorithm::EdDsa => iana::Algorithm::EdDSA,
    };
    let header = HeaderBuilder::new()
        .algorithm(algorithm)
        .key_id(kid.as_bytes().to_vec())
        .build();
    CoseSign1Builder::new()
        .protected(header)
        .payload(payload)
        .try_create_signature(&[], |message| signer.sign(message))?
        .build()
        .to_tagged_vec()
        .map_err(|error| EncodeError::Cose(error.to_string()))
}

/// Writes a byte string with the shortest length.
fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    // Writing to a vector cannot fail.
    let _ = minicbor::Encoder::new(out).bytes(bytes);
}

fn structure<T>(what: &'static str, expected: &'static str) -> Result<T, CoseError> {
    Err(CoseError::Structure { what, expected })
}

/// CBOR of the wrong kind is a COSE fault; damaged CBOR stays what it is.
fn shape(error: CborError) -> CoseError {
    match error {
        CborError::Kind { what, expected } => CoseError::Structure { what, expected },
        CborError::DuplicateKey => CoseError::Structure {
            what: "a header label",
            expected: "there only once",
        },
        other => CoseError::Cbor(other),
    }
}

fn tag(decoder: &mut Decoder<'_>) -> Result<Option<u64>, CoseError> {
    match decoder.datatype() {
        Ok(Type::Tag) => match decoder.tag() {
            Ok(tag) => Ok(Some(tag.as_u64())),
            Err(_) => Err(CborError::malformed(decoder).into()),
        },
        Ok(_) => Ok(None),
        Err(_) => Err(CborError::malformed(decoder).into()),
    }
}

#[derive(Default)]
struct Headers<'a> {
    alg: Option<i64>,
    kid: Option<&'a [u8]>,
    critical: bool,
}

impl<'a> Headers<'a> {
    fn read(
        decoder: &mut Decoder<'a>,
        what: &'static str,
        limits: &Limits,
    ) -> Result<Headers<'a>, CborError> {
        let mut headers = Headers::default();
        let mut others: Vec<Label<'a>> = Vec::new();
        let mut seen = [false; 3];
        cbor::map(decoder, what, limits, |decoder| {
            let label = Label::read(decoder)?;
            let twice = match &label {
                Label::Integer(ALG) => core::mem::replace(&mut seen[0], true),
                Label::Integer(KID) => core::mem::replace(&mut seen[1], true),
                Label::Integer(CRIT) => core::mem::replace(&mut seen[2], true),
                other => others.contains(other),
            };
            if twice {
                return Err(CborError::DuplicateKey);
            }
            match label {
                Label::Integer(ALG) => headers.alg = algorithm(decoder, limits)?,
                Label::Integer(KID) => headers.kid = Some(cbor::bytes(decoder, "the kid")?),
                other => {
                    headers.critical |= other == Label::Integer(CRIT);
                    others.push(other);
                    cbor::skip(decoder, limits, limits.depth)?;
                }
            }
            Ok(())
        })?;
        Ok(headers)
    }
}

#[derive(PartialEq)]
enum Label<'a> {
    Integer(i64),
    Text(Cow<'a, str>),
}

impl<'a> Label<'a> {
    fn read(decoder: &mut Decoder<'a>) -> Result<Label<'a>, CborError> {
        match decoder.datatype() {
            Ok(Type::String | Type::StringIndef) => {
                cbor::text(decoder, "a header label").map(Label::Text)
            }
            _ => decoder
                .i64()
                .map(Label::Integer)
                .map_err(|_| CborError::Kind {
                    what: "a header label",
                    expected: "an integer or text",
                }),
        }
    }
}

/// An algorithm's number; its text form (which no health certificate uses) counts as none.
fn algorithm(decoder: &mut Decoder<'_>, limits: &Limits) -> Result<Option<i64>, CborError> {
    match decoder.datatype() {
        Ok(Type::String | Type::StringIndef) => {
            cbor::skip(decoder, limits, limits.depth)?;
            Ok(None)
        }
        _ => decoder.i64().map(Some).map_err(|_| CborError::Kind {
            what: "the algorithm",
            expected: "an integer",
        }),
    }
}
