//! The Austrian list, version 2: a file of certificates and one that signs it.
//!
//! ```cddl
//! content = { "c": [* { "i": bstr, "c": bstr }] }    ; kid, certificate
//! claims  = { 2: bstr, 4: int, 5: int }              ; SHA-256 of content, exp, nbf
//! ```
//!
//! The signature file is a COSE_Sign1 over the claims (hcert-kotlin, `TrustListV2` and
//! `SignedDataDecodeService`), so content and time are bound together.

use hcert::{cose::Sign1, kid::Kid, limits::Limits, time::Timestamp, x509::Certificate};
use minicbor::{Decoder, data::Type, decode::Error};
use sha2::{Digest, Sha256};
use trust_list::import::{FileError, Form, Listed, Listing};

use crate::{ImportError, Imported, Pin, ProofError, Vouch};

const FORM: Form = Form::Austrian;
/// How far the clocks of signer and importer may be apart.
const SKEW_SECONDS: i64 = 300;

/// Reads a list; with a pin, signature, content and time have to hold.
pub fn read(
    content: &[u8],
    signature: &[u8],
    pin: Option<&Pin>,
    at: Timestamp,
    limits: &Limits,
) -> Result<Imported, ImportError> {
    let limit = limits.trust_file_bytes;
    if content.len() > limit || signature.len() > limit {
        return Err(FileError::TooLarge { limit }.into());
    }
    let vouch = match pin {
        None => Vouch::Operator,
        Some(pin) => check(content, signature, pin, at, limits)
            .map_err(|why| ImportError::Proof { form: FORM, why })?,
    };
    let mut listing = Listing::new(FORM);
    let damaged = |error| ImportError::form(FORM, format!("the content is damaged: {error}"));
    certificates(content, &mut listing).map_err(damaged)?;
    Ok(Imported { listing, vouch })
}

fn check(
    content: &[u8],
    signature: &[u8],
    pin: &Pin,
    at: Timestamp,
    limits: &Limits,
) -> Result<Vouch, ProofError> {
    let unreadable = |error: &dyn core::fmt::Display| ProofError::Unreadable(error.to_string());
    let message = Sign1::parse(signature, limits).map_err(|error| unreadable(&error))?;
    if message.alg() != Some(pin.key().algorithm().cose()) {
        return Err(ProofError::Algorithm(format!("{:?} (COSE)", message.alg())));
    }
    pin.key()
        .verify(&message.to_be_signed(), message.signature())
        .map_err(|_| ProofError::Signature)?;
    let claims = claims(message.payload()).map_err(|error| unreadable(&error))?;
    let (Some(subject), Some(until), Some(from)) = (claims.subject, claims.until, claims.from)
    else {
        let why = "it lacks one of hash (2), end (4) and beginning (5)";
        return Err(ProofError::Unreadable(why.to_owned()));
    };
    if subject != Sha256::digest(content).as_slice() {
        return Err(ProofError::OtherContent);
    }
    if from > at.plus_seconds(SKEW_SECONDS) {
        return Err(ProofError::NotYet { from, at });
    }
    if until < at.plus_seconds(-SKEW_SECONDS) {
        return Err(ProofError::Expired { until, at });
    }
    Ok(Vouch::Proof {
        signer: pin.name(),
        at: Some(from),
    })
}

#[derive(Default)]
struct Claims<'a> {
    subject: Option<&'a [u8]>,
    until: Option<Timestamp>,
    from: Option<Timestamp>,
}

fn claims(payload: &[u8]) -> Result<Claims<'_>, Error> {
    let mut claims = Claims::default();
    let mut decoder = Decoder::new(payload);
    map(&mut decoder, |decoder, label| {
        let time = |seconds| Some(Timestamp::saturating(seconds));
        match label {
            Label::Number(2) if claims.subject.is_none() => claims.subject = Some(decoder.bytes()?),
            Label::Number(4) if claims.until.is_none() => claims.until = time(decoder.i64()?),
            Label::Number(5) if claims.from.is_none() => claims.from = time(decoder.i64()?),
            Label::Number(2 | 4 | 5) => return Err(Error::message("a claim is there twice")),
            _ => decoder.skip()?,
        }
        Ok(())
    })?;
    end(&decoder)?;
    Ok(claims)
}

fn certificates(content: &[u8], listing: &mut Listing) -> Result<(), Error> {
    let mut decoder = Decoder::new(content);
    let mut found = false;
    map(&mut decoder, |decoder, label| match label {
        Label::Text("c") => {
            found = true;
            let mut index = 0;
            items(decoder, |decoder| {
                index += 1;
                entry(decoder, &format!("entry {index}"), listing)
            })
        }
        _ => decoder.skip(),
    })?;
    end(&decoder)?;
    if found {
        Ok(())
    } else {
        Err(Error::message("no list of certificates (c)"))
    }
}

fn entry(decoder: &mut Decoder<'_>, name: &str, listing: &mut Listing) -> Result<(), Error> {
    let (mut kid, mut der) = (None, None);
    map(decoder, |decoder, label| {
        match label {
            Label::Text("i") => kid = Some(decoder.bytes()?.to_vec()),
            Label::Text("c") => der = Some(decoder.bytes()?.to_vec()),
            _ => decoder.skip()?,
        }
        Ok(())
    })?;
    let kid = kid.map(|kid| Kid::from_bytes(&kid));
    let name = kid.as_ref().map_or(name.to_owned(), Kid::to_string);
    match der {
        None => listing.refuse(name, "no certificate (c)"),
        Some(der) => {
            let key = Certificate::from_der(&der).map(|certificate| {
                let mut key = Listed::of_certificate(&name, certificate).with_kid(kid);
                key.domain = Some("DCC".to_owned());
                key
            });
            listing.take(&name, key);
        }
    }
    Ok(())
}

enum Label<'b> {
    Number(i64),
    Text(&'b str),
    Other,
}

fn map<'b>(
    decoder: &mut Decoder<'b>,
    mut each: impl FnMut(&mut Decoder<'b>, Label<'b>) -> Result<(), Error>,
) -> Result<(), Error> {
    let length = decoder.map()?;
    repeat(decoder, length, |decoder| {
        let label = match decoder.datatype()? {
            Type::String => Label::Text(decoder.str()?),
            Type::U8 | Type::U16 | Type::U32 | Type::I8 | Type::I16 | Type::I32 => {
                Label::Number(decoder.i64()?)
            }
            _ => {
                decoder.skip()?;
                Label::Other
            }
        };
        each(decoder, label)
    })
}

fn items<'b>(
    decoder: &mut Decoder<'b>,
    each: impl FnMut(&mut Decoder<'b>) -> Result<(), Error>,
) -> Result<(), Error> {
    let length = decoder.array()?;
    repeat(decoder, length, each)
}

/// Until the length is reached or, of an indefinite one (as Kotlin writes them), the break.
fn repeat<'b>(
    decoder: &mut Decoder<'b>,
    length: Option<u64>,
    mut each: impl FnMut(&mut Decoder<'b>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut count = 0;
    loop {
        match length {
            Some(length) if count >= length => return Ok(()),
            None if decoder.datatype()? == Type::Break => return decoder.skip(),
            _ => {}
        }
        each(decoder)?;
        count += 1;
    }
}

fn end(decoder: &Decoder<'_>) -> Result<(), Error> {
    if decoder.position() == decoder.input().len() {
        Ok(())
    } else {
        Err(Error::message("bytes follow the end"))
    }
}
