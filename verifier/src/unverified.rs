//! The content of a text whose signature nobody has checked. Never show it as true.

use hcert::{
    cwt::Claims,
    hc1::{DecodeError, Decoder},
    limits::Limits,
};
use serde_json::Value;

/// The payload of an HC1 text as JSON, without any check of its signature: for support and for
/// `--show-unverified`, always marked as such.
pub fn payload(text: &str, limits: Limits) -> Option<Value> {
    let mut decoder = Decoder::new(limits);
    let message = decoder.decode(text).ok()?;
    let claims = Claims::parse(message.message().payload(), &limits).ok()?;
    hcert::cbor::to_json(claims.content?.bytes, &limits).ok()
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
