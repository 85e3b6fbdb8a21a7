//! The claims of a CBOR Web Token, RFC 8392, and the hcert claim in them.
//!
//! ```cddl
//! claims = {
//!     ? 1 => tstr,            ; iss, ISO 3166-1 alpha-2
//!     ? 4 => int / float,     ; exp
//!     ? 5 => int / float,     ; nbf
//!     ? 6 => int / float,     ; iat
//!     -260 => { + int => any } ; hcert
//! }
//! ```

use alloc::{borrow::Cow, vec::Vec};

use minicbor::Decoder;

use crate::{
    cbor::{self, CborError, SeenKeys},
    limits::Limits,
    received::{ContentError, ReceivedContent},
    time::Timestamp,
};

/// What kind of content the hcert claim carries (HCERT specification, section 3; WHO smart-trust).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentKind {
    /// Sub-claim 1: EU Digital COVID Certificate.
    EuDcc,
    /// Sub-claims 3 and 4: WHO DDCC core data sets for vaccination and test.
    WhoDdcc,
    /// Sub-claim 5: a verifiable health link.
    VerifiableHealthLink,
    /// Sub-claim -6: WHO digital vaccination certificate, the ICVP.
    WhoDvc,
}

impl ContentKind {
    fn of_subclaim(key: i64) -> Option<ContentKind> {
        match key {
            1 => Some(ContentKind::EuDcc),
            3 | 4 => Some(ContentKind::WhoDdcc),
            5 => Some(ContentKind::VerifiableHealthLink),
            -6 => Some(ContentKind::WhoDvc),
            _ => None,
        }
    }
}

/// The claims of a token, borrowed from its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims<'a> {
    /// `iss` (1): the country that answers for the certificate. Any text.
    pub issuer: Option<Cow<'a, str>>,
    /// `exp` (4).
    pub expires_at: Option<Timestamp>,
    /// `nbf` (5).
    pub not_before: Option<Timestamp>,
    /// `iat` (6).
    pub issued_at: Option<Timestamp>,
    /// The first sub-claim of hcert (-260) of a known kind.
    pub content: Option<Content<'a>>,
}

/// A health certificate's content in the hcert claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content<'a> {
    /// Its kind.
    pub kind: ContentKind,
    /// Its CBOR as received.
    pub bytes: &'a [u8],
    /// Its fields, or why they are not acceptable.
    pub fields: Result<ReceivedContent<'a>, ContentError>,
}

const HCERT: i64 = -260;

impl<'a> Claims<'a> {
    /// Reads the claims. Unknown claims are stepped over, duplicate ones refused.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Claims<'a>, CborError> {
        let mut decoder = Decoder::new(bytes);
        let mut claims = Claims {
            issuer: None,
            expires_at: None,
            not_before: None,
            issued_at: None,
            content: None,
        };
        let mut seen = SeenKeys::new(&[1, 4, 5, 6, 7, HCERT]);
        cbor::map(&mut decoder, "the claims", limits, |decoder| {
            match seen.next(decoder, limits)? {
                Some(1) => claims.issuer = Some(cbor::text(decoder, "the issuer (iss)")?),
                Some(4) => claims.expires_at = Some(instant(decoder, "the expiry (exp)")?),
                Some(5) => claims.not_before = Some(instant(decoder, "the start (nbf)")?),
                Some(6) => claims.issued_at = Some(instant(decoder, "the time of issue (iat)")?),
                Some(HCERT) => claims.content = subclaim(decoder, limits)?,
                _ => drop(cbor::skip(decoder, limits, limits.depth)?),
            }
            Ok(())
        })?;
        cbor::finish(&decoder)?;
        Ok(claims)
    }
}

/// A time out of the range that a date can show is held at its end: still far past or future.
fn instant(decoder: &mut Decoder<'_>, what: &'static str) -> Result<Timestamp, CborError> {
    let seconds = cbor::numeric_date(decoder, what)?;
    Ok(Timestamp::saturating(seconds))
}

/// Finds the content and reads it in the same pass.
fn subclaim<'a>(
    decoder: &mut Decoder<'a>,
    limits: &Limits,
) -> Result<Option<Content<'a>>, CborError> {
    let mut content = None;
    let mut seen = SeenKeys::new(&[1, 3, 4, 5, -6]);
    cbor::map(decoder, "the hcert claim (-260)", limits, |decoder| {
        match seen
            .next(decoder, limits)?
            .and_then(ContentKind::of_subclaim)
        {
            Some(kind) if content.is_none() => {
                let start = decoder.position();
                let fields = ReceivedContent::read(kind, decoder, limits);
                if !matches!(
                    fields,
                    Ok(ReceivedContent::Dcc(_) | ReceivedContent::Dvc(_))
                ) {
                    // The claims after it are still wanted: step over it, without recursion.
                    decoder.set_position(start);
                    decoder.skip().map_err(|_| CborError::malformed(decoder))?;
                }
                let bytes = &decoder.input()[start..decoder.position()];
                content = Some(Content {
                    kind,
                    bytes,
                    fields,
                });
            }
            _ => drop(cbor::skip(decoder, limits, limits.depth)?),
        }
        Ok(())
    })?;
    Ok(content)
}

/// The claims of a certificate to be made.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// `iss`: ISO 3166-1 alpha-2 code of the country that issues.
    pub issuer: &'a str,
    /// `iat`: not before the DSC's own start.
    pub issued_at: Timestamp,
    /// `exp`: not after the DSC's own end.
    pub expires_at: Timestamp,
    /// Which sub-claim of hcert the content goes under.
    pub kind: ContentKind,
    /// The content as one CBOR item, for instance of [`crate::dcc::Dcc`].
    pub content: &'a [u8],
}

impl ContentKind {
    /// The sub-claim's key below -260 when making a certificate.
    pub const fn subclaim(self) -> i64 {
        match self {
            ContentKind::EuDcc => 1,
            ContentKind::WhoDdcc => 3,
            ContentKind::VerifiableHealthLink => 5,
            ContentKind::WhoDvc => -6,
        }
    }
}

impl Draft<'_> {
    /// The claims map: definite lengths, integer times, keys in the order 1, 4, 6, -260.
    pub fn to_cbor(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.content.len() + 40);
        // Writing to a vector cannot fail.
        let _ = self.write(&mut minicbor::Encoder::new(&mut out));
        out.extend_from_slice(self.content);
        out
    }

    /// Everything up to the content, which is the last item.
    fn write<W: minicbor::encode::Write>(
        &self,
        encoder: &mut minicbor::Encoder<W>,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.map(4)?;
        encoder.i8(1)?.str(self.issuer)?;
        encoder.i8(4)?.i64(self.expires_at.unix())?;
        encoder.i8(6)?.i64(self.issued_at.unix())?;
        encoder.i64(HCERT)?.map(1)?.i64(self.kind.subclaim())?;
        Ok(())
    }
}
