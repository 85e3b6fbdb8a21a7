//! Keys, certificates and lists made for the tests, always the same ones.

use hcert::{
    base64,
    keys::{Signer as _, SoftwareKey},
    limits::Limits,
    pem,
    time::Timestamp,
    x509::{
        Certificate, EventKind,
        make::{self, Period, Subject},
    },
};
use serde_json::{Value, json};
use trust_exchange::Pin;
use zeroize::Zeroizing;

/// 2026-06-01T00:00:00Z, when everything is read.
pub(crate) const NOW: i64 = 1_780_272_000;
pub(crate) const DAY: i64 = 24 * 60 * 60;

pub(crate) fn now() -> Timestamp {
    Timestamp::saturating(NOW)
}

pub(crate) fn key(secret: u8) -> SoftwareKey {
    SoftwareKey::es256(&Zeroizing::new([secret; 32])).unwrap()
}

pub(crate) fn pin(secret: u8) -> Pin {
    let spki = pem::encode("PUBLIC KEY", &key(secret).spki());
    Pin::from_file(spki.as_bytes(), &Limits::DEFAULT).unwrap()
}

pub(crate) fn days(before: i64, after: i64) -> Period {
    Period {
        not_before: Timestamp::saturating(NOW - before * DAY),
        not_after: Timestamp::saturating(NOW + after * DAY),
    }
}

pub(crate) fn subject<'a>(common_name: &'a str, country: &'a str) -> Subject<'a> {
    Subject {
        common_name,
        country,
        organisation: Some("Ministry of Health"),
    }
}

/// A CSCA, valid from 1000 days ago to 460 days from now.
pub(crate) fn csca(country: &str, secret: u8) -> Certificate {
    let subject = subject("CSCA", country);
    make::csca(&subject, days(1000, 460), [secret; 16], &key(secret)).unwrap()
}

/// A DSC below the CSCA of the same country.
pub(crate) fn dsc(country: &str, secret: u8, above: u8, period: Period) -> Certificate {
    make::dsc(
        &subject("DSC", country),
        period,
        [secret; 16],
        &key(secret).spki(),
        &EventKind::ALL,
        (&csca(country, above), &key(above)),
    )
    .unwrap()
}

pub(crate) fn base64_of(certificate: &Certificate) -> String {
    base64::encode(certificate.der())
}

/// A JWS with its signer's chain, as the Swiss lists are.
pub(crate) fn jws(payload: &Value, chain: &[&Certificate], secret: u8) -> String {
    let x5c: Vec<_> = chain
        .iter()
        .map(|certificate| base64_of(certificate))
        .collect();
    jws_with(&json!({ "alg": "ES256", "x5c": x5c }), payload, secret)
}

/// A JWS with any header.
pub(crate) fn jws_with(header: &Value, payload: &Value, secret: u8) -> String {
    let part = |value: &Value| base64::encode_url(value.to_string().as_bytes());
    let message = format!("{}.{}", part(header), part(payload));
    let signature = key(secret).sign(message.as_bytes()).unwrap();
    format!("{message}.{}", base64::encode_url(&signature))
}

/// The DER of a signature, without the help of what is tested.
pub(crate) fn der_of(signature: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| {
        let digits: Vec<u8> = bytes
            .iter()
            .copied()
            .skip_while(|byte| *byte == 0)
            .collect();
        let pad = digits.first().is_none_or(|first| *first > 127);
        let body = [if pad { &[0][..] } else { &[] }, &digits].concat();
        tlv(0x02, &[&body])
    };
    let (r, s) = signature.split_at(signature.len() / 2);
    tlv(0x30, &[&number(r), &number(s)])
}

/// Tag, length, value.
pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let bytes = u32::try_from(value.len()).unwrap().to_be_bytes();
    let digits: Vec<u8> = bytes
        .iter()
        .copied()
        .skip_while(|byte| *byte == 0)
        .collect();
    let length = match value.len() {
        0..128 => vec![bytes[3]],
        _ => [&[0x80 | u8::try_from(digits.len()).unwrap()][..], &digits].concat(),
    };
    [&[tag][..], &length, &value].concat()
}
