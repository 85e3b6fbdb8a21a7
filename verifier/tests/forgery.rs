//! Nothing but what was signed is ever valid, whatever is done to a code, and no text panics.
//!
//! The signature covers the protected header and the payload (RFC 9052 section 4.4), so "the same
//! message" means that these two are the same bytes. A changed code may then be valid all the
//! same, because the rest is not signed and says nothing: the unprotected header (where only kid
//! is looked at, and kid only chooses which keys to try), the tags and the lengths of the
//! envelope, and the ways to write one content as a zlib stream, such as the padding bits before
//! its sum. Its verdict has to be the very same one.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::{fs, path::Path};

use hcert::{
    cose,
    cwt::{ContentKind, Draft},
    hc1::Encoder,
    keys::{Signer as _, SoftwareKey},
    kid::Kid,
    limits::Limits,
    time::Timestamp,
};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};
use verifier::{
    Verdict, Verifier,
    trust::TrustBuilder,
    unverified::{Layers, layers},
    wording::Language,
};

/// When the vectors are looked at.
fn now() -> Timestamp {
    Timestamp::saturating(1_772_352_000)
}

/// A vector of `test-vectors/` with what it takes to judge it.
struct Sample {
    text: String,
    at: Timestamp,
    trust: Vec<Vec<u8>>,
    verifier: Verifier,
    verdict: Value,
    layers: Layers,
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-vectors")
}

impl Sample {
    fn read(file: &str) -> Sample {
        let vector: Value =
            serde_json::from_slice(&fs::read(folder().join(file)).unwrap()).unwrap();
        let open = |name: &Value| fs::read(folder().join(name.as_str().unwrap())).unwrap();
        let text = String::from_utf8(open(&vector["text"])).unwrap();
        let at = vector["at"].as_str().unwrap().parse().unwrap();
        let trust: Vec<Vec<u8>> = vector["trust"]
            .as_array()
            .unwrap()
            .iter()
            .map(open)
            .collect();
        let verifier = verifier(&trust, &[]);
        Sample {
            verdict: shown(&verifier.verify(&text, at)),
            layers: layers(&text, Limits::DEFAULT),
            text,
            at,
            trust,
            verifier,
        }
    }

    fn named(name: &str) -> Sample {
        let sample = Sample::read(&format!("valid/{name}.json"));
        assert_eq!(sample.verdict["valid"], true);
        sample
    }

    /// Whether a changed text is taken; if it is, it has to say the same.
    fn takes(&self, changed: &str) -> bool {
        let verdict = self.verifier.verify(changed, self.at);
        if !verdict.is_valid() {
            return false;
        }
        let layers = layers(changed, Limits::DEFAULT);
        assert_eq!(layers.protected, self.layers.protected, "{changed}");
        assert_eq!(layers.claims, self.layers.claims, "{changed}");
        assert_eq!(shown(&verdict), self.verdict, "{changed}");
        true
    }
}

fn verifier(trust: &[Vec<u8>], batches: &[Value]) -> Verifier {
    let mut builder = TrustBuilder::new();
    for file in trust {
        builder.add_file(file).unwrap();
    }
    for batch in batches {
        builder.add_file(batch.to_string().as_bytes()).unwrap();
    }
    Verifier::new(builder.build())
}

fn shown(verdict: &Verdict) -> Value {
    verdict.to_json("", Language::English)
}

fn text_of_stream(stream: &[u8]) -> String {
    ["HC1:", &hcert::base45::encode(stream)].concat()
}

/// One of each algorithm, and those with the most that is not signed.
fn samples() -> Vec<Sample> {
    [
        "es256-vaccination",
        "eddsa-naat",
        "ps256-recovery",
        "unknown-headers",
        "kid-unprotected",
        "cwt-tag",
        "message-indefinite-lengths",
        "icvp",
    ]
    .map(Sample::named)
    .into()
}

/// Every single bit of some bytes flipped, one after another.
fn flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).map(|bit| {
        let mut changed = bytes.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        changed
    })
}

#[test]
fn every_character_replaced() {
    let sample = Sample::named("es256-vaccination");
    for place in 0..sample.text.len() {
        for other in ('0'..='9')
            .chain('A'..='Z')
            .chain(" $%*+-./:#a\u{e9}".chars())
        {
            let (before, rest) = sample.text.split_at(place);
            let changed = format!("{before}{other}{}", &rest[1..]);
            if changed != sample.text {
                sample.takes(&changed);
            }
        }
    }
}

#[test]
fn every_bit_of_the_stream_flipped() {
    for sample in samples() {
        let taken = flips(&sample.layers.compressed)
            .filter(|stream| sample.takes(&text_of_stream(stream)))
            .count();
        // The padding before the sum is less than a byte.
        assert!(taken <= 7, "{taken} of {}", sample.text);
    }
}

#[test]
fn every_bit_of_the_message_flipped() {
    let mut encoder = Encoder::default();
    let mut all_taken = 0;
    for sample in samples() {
        let signed = sample.layers.protected.len()
            + sample.layers.claims.len()
            + sample.layers.signature.len();
        let unsigned = sample.layers.cose.len() - signed;
        let taken = flips(&sample.layers.cose)
            .filter(|message| sample.takes(&encoder.wrap(message).unwrap()))
            .count();
        assert!(taken < 8 * unsigned, "{taken} of {}", sample.text);
        all_taken += taken;
    }
    // An unprotected header that nobody looks at, for instance.
    assert!(all_taken > 0);
}

#[test]
fn every_bit_of_the_claims_flipped() {
    let mut encoder = Encoder::default();
    for sample in samples() {
        let cose = &sample.layers.cose;
        let claims = &sample.layers.claims;
        let start = cose
            .windows(claims.len())
            .position(|window| window == claims)
            .unwrap();
        for changed in flips(claims) {
            let end = &cose[start + claims.len()..];
            let message = [&cose[..start], &changed, end].concat();
            assert!(!sample.takes(&encoder.wrap(&message).unwrap()));
        }
    }
}

fn software_key(seed: [u8; 32], eddsa: bool) -> SoftwareKey {
    let secret = seed.into();
    match SoftwareKey::es256(&secret) {
        Some(key) if !eddsa => key,
        _ => SoftwareKey::eddsa(&secret),
    }
}

/// Signed by a key that is trusted, so that what is below the signature is looked at.
fn judged_as_signed(claims: Vec<u8>) -> Verdict {
    let key = software_key([7; 32], true);
    let message = cose::sign(claims, &key, &Kid::from_bytes(b"any")).unwrap();
    let text = Encoder::default().wrap(&message).unwrap();
    verifier(&[key.spki()], &[]).verify(&text, now())
}

fn draft(content: &[u8]) -> Vec<u8> {
    Draft {
        issuer: "XX",
        issued_at: now(),
        expires_at: now(),
        kind: ContentKind::EuDcc,
        content,
    }
    .to_cbor()
}

/// Some bytes overwritten, inserted or removed.
fn edited(bytes: &[u8], edits: &[(Index, u8, u8)]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for (place, kind, byte) in edits {
        let place = place.index(out.len());
        match kind % 3 {
            0 => out[place] = *byte,
            1 => out.insert(place, *byte),
            _ if out.len() > 1 => {
                out.remove(place);
            }
            _ => {}
        }
    }
    out
}

fn edits() -> impl Strategy<Value = Vec<(Index, u8, u8)>> {
    prop::collection::vec(any::<(Index, u8, u8)>(), 1..4)
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..300)
}

fn vector_files() -> Vec<String> {
    let index = fs::read(folder().join("index.json")).unwrap();
    let index: Value = serde_json::from_slice(&index).unwrap();
    let entries = index["vectors"].as_array().unwrap();
    let file = |entry: &Value| entry["file"].as_str().unwrap().to_owned();
    entries.iter().map(file).collect()
}

/// A batch that lists a part of a certificate, or nothing that it has.
fn batch(kind: usize, bytes: &[u8], country: &str, expires: &str) -> Value {
    use sha2::{Digest as _, Sha256};
    let kind = ["SIGNATURE", "UCI", "COUNTRYCODEUCI"][kind];
    json!({
        "country": country,
        "expires": expires,
        "kid": "UNKNOWN_KID",
        "hashType": kind,
        "entries": [{ "hash": hcert::base64::encode(&Sha256::digest(bytes)[..16]) }],
    })
}

/// Few enough to stay quick without optimisation; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(128)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn any_text(text in ".{0,200}", digits in "[0-9A-Z $%*+./:-]{0,300}") {
        let sample = Sample::named("es256-vaccination");
        for text in [text.clone(), format!("HC1:{text}"), format!("HC1:{digits}")] {
            prop_assert!(!sample.verifier.verify(&text, now()).is_valid());
        }
    }

    #[test]
    fn any_bytes_at_each_layer(bytes in bytes()) {
        let sample = Sample::named("es256-vaccination");
        let message = Encoder::default().wrap(&bytes).unwrap();
        for text in [text_of_stream(&bytes), message] {
            prop_assert!(!sample.verifier.verify(&text, now()).is_valid());
        }
        prop_assert!(!judged_as_signed(bytes.clone()).is_valid());
        prop_assert!(!judged_as_signed(draft(&bytes)).is_valid());
    }

    #[test]
    fn any_edit_of_a_message(edits in edits(), choice: Index) {
        let samples = samples();
        let sample = &samples[choice.index(samples.len())];
        sample.takes(&text_of_stream(&edited(&sample.layers.compressed, &edits)));
        let message = edited(&sample.layers.cose, &edits);
        sample.takes(&Encoder::default().wrap(&message).unwrap());
    }

    /// What an issuer signs can be anything; a valid verdict then shows whom and what it is about.
    #[test]
    fn any_edit_before_signing(edits in edits(), choice: Index) {
        let samples = samples();
        let sample = &samples[choice.index(samples.len())];
        let verdict = judged_as_signed(edited(&sample.layers.claims, &edits));
        if verdict.is_valid() {
            let shown = shown(&verdict);
            prop_assert!(shown["payload"].is_object(), "{shown}");
            prop_assert!(shown["holder"].is_object(), "{shown}");
        }
    }

    #[test]
    fn revocation_never_makes_valid(
        choice: Index,
        kinds in prop::collection::vec((0_usize..3, 0_usize..4, any::<bool>(), any::<bool>()), 0..4),
    ) {
        let files = vector_files();
        let sample = Sample::read(&files[choice.index(files.len())]);
        let payload = verifier::unverified::payload(&sample.text, Limits::DEFAULT);
        let payload = payload.unwrap_or_default();
        let uci = ["v", "t", "r"].map(|group| payload[group][0]["ci"].as_str().unwrap_or_default());
        let uci = uci.concat();
        let signature = &sample.layers.signature;
        let batches = kinds.iter().map(|(kind, part, here, lasting)| {
            let country_uci = ["XX", &uci].concat();
            let listed = match part {
                0 => uci.as_bytes(),
                1 => country_uci.as_bytes(),
                2 => signature.get(..signature.len() / 2).unwrap_or_default(),
                _ => &signature[..],
            };
            let country = if *here { "XX" } else { "XY" };
            let expires = if *lasting { "2099-01-01T00:00:00Z" } else { "2020-01-01T00:00:00Z" };
            batch(*kind, listed, country, expires)
        });
        let batches: Vec<Value> = batches.collect();
        let before = sample.verdict["valid"] == true;
        let after = verifier(&sample.trust, &batches).verify(&sample.text, sample.at);
        prop_assert!(before || !after.is_valid(), "{}", shown(&after));
    }

    #[test]
    fn a_certificate_of_a_stranger(seed: [u8; 32], eddsa: bool, edits in edits()) {
        let key = software_key(seed, eddsa);
        let name = if eddsa { "eddsa-naat" } else { "es256-vaccination" };
        let sample = Sample::named(name);
        let kid = Kid::from_bytes(sample.layers.kid.as_deref().unwrap());
        for claims in [sample.layers.claims.clone(), edited(&sample.layers.claims, &edits)] {
            let message = cose::sign(claims, &key, &kid).unwrap();
            let text = Encoder::default().wrap(&message).unwrap();
            let verdict = sample.verifier.verify(&text, sample.at);
            prop_assert_eq!(&shown(&verdict)["failure"]["stage"], "signature");
            prop_assert_eq!(verdict.issued_at, None);
        }
    }
}
