//! The text in the code: `HC1:` and everything below it, both ways.
//!
//! Reading is a sequence of types. [`Decoder::decode`] peels the text down to the COSE message and
//! yields an [`Unverified`], which can say which key it needs and nothing about its content. Only
//! [`Unverified::verify`] makes a [`SignatureVerified`], and only that gives the claims out, so a
//! forged certificate can't be shown by forgetting a check.

use alloc::{format, string::String, vec::Vec};

use crate::{
    base45::{self, Base45Error},
    cbor::CborError,
    cose::{self, CoseError, EncodeError, Sign1},
    cwt::{Claims, Draft},
    keys::{Algorithm, BadSignature, PublicKey, Signer},
    kid::Kid,
    limits::Limits,
    zlib::{Deflater, Inflater, ZlibError},
};

/// The context identifier of an HC1 text (HCERT specification, section 4.1).
pub const PREFIX: &str = "HC1:";

/// Why a text can't be taken apart, named by the layer that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The text does not begin with [`PREFIX`].
    #[error("the text does not begin with HC1:")]
    Prefix,
    /// Longer than [`Limits::text_bytes`].
    #[error("the text is longer than {limit} bytes, more than any QR code holds")]
    TextTooLong {
        /// The bound.
        limit: usize,
    },
    /// The text after the prefix is not Base45.
    #[error("not Base45: {0}")]
    Base45(#[from] Base45Error),
    /// The bytes are not an acceptable zlib stream.
    #[error(transparent)]
    Zlib(#[from] ZlibError),
    /// The inflated bytes are not an acceptable COSE message.
    #[error("not a COSE_Sign1 message: {0}")]
    Cose(CoseError),
    /// The inflated bytes are not CBOR, or the claims are not.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// The message names no algorithm, or one that the HCERT specification does not know.
    #[error("the message is signed with {}, which health certificates do not use",
        .0.map_or_else(|| "an unnamed algorithm".into(), |number| format!("COSE algorithm {number}")))]
    Algorithm(Option<i64>),
}

impl From<CoseError> for DecodeError {
    fn from(error: CoseError) -> Self {
        match error {
            CoseError::Cbor(error) => DecodeError::Cbor(error),
            other => DecodeError::Cose(other),
        }
    }
}

/// The Base45 part of a text within the limits, without its prefix.
///
/// Line ends and tabs that a reader adds are dropped. Spaces are not: a space is a Base45 digit.
pub fn strip<'t>(text: &'t str, limits: &Limits) -> Result<&'t str, DecodeError> {
    let limit = limits.text_bytes;
    if text.len() > limit {
        return Err(DecodeError::TextTooLong { limit });
    }
    let text = text.trim_matches(['\r', '\n', '\t']);
    text.strip_prefix(PREFIX).ok_or(DecodeError::Prefix)
}

/// Takes texts apart, one after another. Keep one per thread: its buffers and tables are reused.
#[derive(Default)]
pub struct Decoder {
    limits: Limits,
    compressed: Vec<u8>,
    message: Vec<u8>,
    inflater: Inflater,
}

impl Decoder {
    /// A decoder with these bounds.
    pub fn new(limits: Limits) -> Decoder {
        Decoder {
            limits,
            ..Decoder::default()
        }
    }

    /// Peels prefix, Base45, zlib and the COSE envelope off a text.
    pub fn decode(&mut self, text: &str) -> Result<Unverified<'_>, DecodeError> {
        let text = strip(text, &self.limits)?;
        self.compressed.clear();
        base45::decode_into(text.as_bytes(), &mut self.compressed)?;
        let message = self.inflater.inflate(
            &self.compressed,
            self.limits.inflated_bytes,
            &mut self.message,
        )?;
        let message = Sign1::parse(message, &self.limits)?;
        let algorithm = message
            .alg()
            .and_then(Algorithm::from_cose)
            .ok_or(DecodeError::Algorithm(message.alg()))?;
        Ok(Unverified {
            message,
            algorithm,
            limits: self.limits,
        })
    }
}

/// A certificate whose signature nobody has checked. It says what is needed to find the key.
#[derive(Debug, Clone, Copy)]
pub struct Unverified<'a> {
    message: Sign1<'a>,
    algorithm: Algorithm,
    limits: Limits,
}

impl<'a> Unverified<'a> {
    /// The kid, if the signature covers it.
    pub fn protected_kid(&self) -> Option<&'a [u8]> {
        self.message.protected_kid()
    }

    /// The kid the message names, by the precedence of the specification.
    pub fn kid(&self) -> Option<&'a [u8]> {
        self.message.kid()
    }

    /// The algorithm the message names.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The COSE message, for looking at the layers. Show nothing of it as true.
    pub fn message(&self) -> &Sign1<'a> {
        &self.message
    }

    /// Checks the signature. The key's algorithm has to be the one the message names.
    pub fn verify(&self, key: &PublicKey) -> Result<SignatureVerified<'a>, BadSignature> {
        if key.algorithm() != self.algorithm {
            return Err(BadSignature);
        }
        key.verify(&self.message.to_be_signed(), self.message.signature())?;
        Ok(SignatureVerified {
            message: self.message,
            limits: self.limits,
        })
    }
}

/// A certificate that was signed by the key it was checked with. Whether that key may sign it,
/// and whether it is in time and not revoked, is still open.
#[derive(Debug, Clone, Copy)]
pub struct SignatureVerified<'a> {
    message: Sign1<'a>,
    limits: Limits,
}

impl<'a> SignatureVerified<'a> {
    /// The signed claims.
    pub fn claims(&self) -> Result<Claims<'a>, CborError> {
        Claims::parse(self.message.payload(), &self.limits)
    }

    /// The signature's bytes, for revocation by signature hash.
    pub fn signature(&self) -> &'a [u8] {
        self.message.signature()
    }
}

/// Makes texts, one after another, reusing its buffers.
#[derive(Default)]
pub struct Encoder {
    deflater: Deflater,
    compressed: Vec<u8>,
}

impl Encoder {
    /// Signs the claims and wraps them up as an HC1 text.
    pub fn encode(
        &mut self,
        claims: &Draft<'_>,
        signer: &dyn Signer,
        kid: &Kid,
    ) -> Result<String, EncodeError> {
        let message = cose::sign(claims.to_cbor(), signer, kid)?;
        self.wrap(&message)
    }

    /// Compresses a COSE message and writes it as an HC1 text.
    pub fn wrap(&mut self, message: &[u8]) -> Result<String, EncodeError> {
        self.deflater.deflate(message, &mut self.compressed);
        Ok([PREFIX, &base45::encode(&self.compressed)].concat())
    }
}
