//! The content of a text whose signature nobody has checked. Never show it as true.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use hcert::{
    cwt::{Claims, ContentKind},
    hc1::{DecodeError, Decoder},
    kid::Kid,
    limits::Limits,
};
use serde_json::{Value, json};

use crate::{Format, verdict::Holder};

/// The payload of an HC1 text as JSON, without any check of its signature: for support and for
/// `--show-unverified`, always marked as such.
pub fn payload(text: &str, limits: Limits) -> Option<Value> {
    let mut decoder = Decoder::new(limits);
    let message = decoder.decode(text).ok()?;
    let claims = Claims::parse(message.message().payload(), &limits).ok()?;
    hcert::cbor::to_json(claims.content?.bytes, &limits).ok()
}

/// What a text says of itself, as JSON: for the one whose certificate it is, who wants to see it
/// without any trust in hand. `unverified` is always true.
///
/// ```json
/// { "unverified": true, "format": "eu-dcc", "kid": "base64", "issuer": "VN", "issued_at": "2026-...Z",
///   "expires_at": "2027-...Z", "holder": { "name": ..., "name_transliterated": ..., "date_of_birth": ... },
///   "payload": {}, "failure": null }
/// ```
///
/// Null where nothing is known. `failure` says in English why it could not be taken apart.
pub fn content(text: &str, limits: Limits) -> Value {
    let mut object = json!({
        "unverified": true, "format": Format::recognise(text).map(Format::name), "kid": null,
        "issuer": null, "issued_at": null, "expires_at": null, "holder": null, "payload": null,
        "failure": null,
    });
    if let Err(why) = fill(&mut object, text, limits) {
        object["failure"] = why.into();
    }
    object
}

fn fill(object: &mut Value, text: &str, limits: Limits) -> Result<(), String> {
    let mut decoder = Decoder::new(limits);
    let message = decoder.decode(text).map_err(|error| error.to_string())?;
    object["kid"] = message
        .kid()
        .map(|kid| Kid::from_bytes(kid).to_string())
        .into();
    let claims = message.message().payload();
    let claims = Claims::parse(claims, &limits).map_err(|error| error.to_string())?;
    object["issuer"] = claims.issuer.as_deref().into();
    object["issued_at"] = claims.issued_at.map(|at| at.to_string()).into();
    object["expires_at"] = claims.expires_at.map(|at| at.to_string()).into();
    let content = claims
        .content
        .ok_or("the claims hold no health certificate")?;
    let format = match content.kind {
        ContentKind::EuDcc => Some(Format::EuDcc),
        ContentKind::WhoDvc => Some(Format::WhoDvc),
        ContentKind::WhoDdcc => Some(Format::WhoDdcc),
        _ => None,
    };
    object["format"] = format.map(Format::name).into();
    let holder = Holder::of(content.kind, content.bytes, &limits);
    object["holder"] = holder.map(|holder| holder.to_json()).into();
    let payload = hcert::cbor::to_json(content.bytes, &limits);
    object["payload"] = payload.map_err(|error| error.to_string())?;
    Ok(())
}

/// The layers of an HC1 text, as far as it can be taken apart.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// The zlib stream.
    pub compressed: Vec<u8>,
    /// The COSE message.
    pub cose: Vec<u8>,
    /// The protected header.
    pub protected: Vec<u8>,
    /// The CWT claims.
    pub claims: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    /// The kid in force.
    pub kid: Option<Vec<u8>>,
    /// The algorithm in force (COSE number).
    pub algorithm: Option<i64>,
    /// The layer that failed, if one did.
    pub failure: Option<DecodeError>,
}

/// Takes a text apart layer by layer and says where that ends.
pub fn layers(text: &str, limits: Limits) -> Layers {
    let mut layers = Layers::default();
    if let Err(error) = take_apart(text, &limits, &mut layers) {
        layers.failure = Some(error);
    }
    layers
}

fn take_apart(text: &str, limits: &Limits, layers: &mut Layers) -> Result<(), DecodeError> {
    let text = hcert::hc1::strip(text, limits)?;
    hcert::base45::decode_into(text.as_bytes(), &mut layers.compressed)?;
    let mut room = Vec::new();
    layers.cose = hcert::zlib::Inflater::default()
        .inflate(&layers.compressed, limits.inflated_bytes, &mut room)?
        .to_vec();
    let message = hcert::cose::Sign1::parse(&layers.cose, limits)?;
    layers.protected = message.protected().to_vec();
    layers.claims = message.payload().to_vec();
    layers.signature = message.signature().to_vec();
    layers.kid = message.kid().map(<[u8]>::to_vec);
    layers.algorithm = message.alg();
    Ok(())
}
