//! What everything around a signature check costs, beside the check itself.
//!
//! Each case runs in turn with its comparison, batch by batch on the thread's CPU clock, so that
//! a machine whose speed drifts slows both alike; the ratio is the median over the pairs of
//! batches. `cargo bench -p verifier --bench pipeline`; with `-- --json` one object per case.

#![allow(
    clippy::unwrap_used,
    reason = "a bench may stop at what it did not expect"
)]

use std::hint::black_box;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use cpu_time::ThreadTime;
use hcert::{
    cwt::{ContentKind, Draft},
    dcc::Dcc,
    hc1::{Decoder, Encoder},
    keys::{Signer, SoftwareKey},
    kid::Kid,
    limits::Limits,
    time::Timestamp,
    x509::make::{Period, Subject, csca, dsc},
};
use serde_json::json;
use verifier::{Verifier, trust::TrustBuilder};
use zeroize::Zeroizing;

const ISSUED: i64 = 1_640_000_000;
const BATCHES: usize = 60;

/// Median CPU time of one run of each, in microseconds, and the median ratio of the pairs.
fn pair(runs: u32, mut ours: impl FnMut(), mut other: impl FnMut()) -> (f64, f64, f64) {
    let time = |f: &mut dyn FnMut()| {
        let start = ThreadTime::now();
        for _ in 0..runs {
            f();
        }
        start.elapsed().as_secs_f64() * 1e6 / f64::from(runs)
    };
    time(&mut ours);
    time(&mut other);
    let pairs: Vec<(f64, f64)> = (0..BATCHES)
        .map(|_| (time(&mut ours), time(&mut other)))
        .collect();
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    (
        median(pairs.iter().map(|(a, _)| *a).collect()),
        median(pairs.iter().map(|(_, b)| *b).collect()),
        median(pairs.iter().map(|(a, b)| a / b).collect()),
    )
}

fn report(case: &str, beside: &str, limit: Option<f64>, (ours, other, ratio): (f64, f64, f64)) {
    if std::env::args().any(|argument| argument == "--json") {
        println!(
            "{}",
            json!({ "case": case, "beside": beside, "us": ours, "beside_us": other, "ratio": ratio,
                    "limit": limit })
        );
    } else {
        let limit = limit.map_or_else(String::new, |limit| format!("  (at most {limit})"));
        println!("{case:44} {ours:8.2} us   {beside:34} {other:8.2} us   ratio {ratio:.3}{limit}");
    }
}

struct Case {
    text: String,
    verifier: Verifier,
    message: Vec<u8>,
    signature: Vec<u8>,
    at: Timestamp,
    key: SoftwareKey,
    kid: Kid,
    payload: Dcc,
}

fn case(key: SoftwareKey) -> Case {
    let at = Timestamp::saturating(ISSUED);
    let period = Period {
        not_before: at.plus_seconds(-99),
        not_after: at.plus_seconds(99_999_999),
    };
    let authority = SoftwareKey::es256(&Zeroizing::new([9; 32])).unwrap();
    let subject = |name| Subject {
        common_name: name,
        country: "VN",
        organisation: None,
    };
    let root = csca(&subject("CSCA"), period, [1; 16], &authority).unwrap();
    let signer = dsc(
        &subject("DSC"),
        period,
        [2; 16],
        &key.spki(),
        &[],
        (&root, &authority),
    );
    let signer = signer.unwrap();
    let payload = Dcc::from_json(&json!({
        "ver": "1.3.0",
        "nam": { "fn": "Nguyễn", "fnt": "NGUYEN", "gn": "Văn Đức", "gnt": "VAN<DUC" },
        "dob": "1998-02-26",
        "v": [{ "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
                "dn": 2, "sd": 2, "dt": "2021-12-01", "co": "VN",
                "is": "Ministry of Health of Viet Nam",
                "ci": "URN:UVCI:01:VN:8C5EA3B7F4D94C7F9E1B2A3C4D5E6F70#Z" }]
    }))
    .unwrap();
    let mut trust = TrustBuilder::new();
    trust.add_file(signer.der()).unwrap();
    let kid = signer.kid();
    let text = issue(&mut Encoder::default(), &payload, &key, &kid);
    let mut decoder = Decoder::new(Limits::DEFAULT);
    let unverified = decoder.decode(&text).unwrap();
    let (message, signature) = (
        unverified.message().to_be_signed(),
        unverified.message().signature().to_vec(),
    );
    Case {
        verifier: Verifier::new(trust.build()),
        message,
        signature,
        at,
        key,
        kid,
        payload,
        text,
    }
}

fn issue(encoder: &mut Encoder, payload: &Dcc, key: &SoftwareKey, kid: &Kid) -> String {
    let content = minicbor::to_vec(payload).unwrap();
    let issued_at = Timestamp::saturating(ISSUED);
    let draft = Draft {
        issuer: "VN",
        issued_at,
        expires_at: issued_at.plus_seconds(365 * 86_400),
        kind: ContentKind::EuDcc,
        content: &content,
    };
    encoder.encode(&draft, key, kid).unwrap()
}

fn main() {
    let es256 = case(SoftwareKey::es256(&Zeroizing::new([7; 32])).unwrap());
    let eddsa = case(SoftwareKey::eddsa(&Zeroizing::new([7; 32])));

    let spki = es256.key.spki();
    let point = &spki[spki.len() - 65..];
    let raw = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).unwrap();
    let mut session = es256.verifier.session();
    assert!(session.verify(&es256.text, es256.at).is_valid());
    report(
        "ES256: HC1 text to verdict",
        "AWS-LC signature check alone",
        Some(1.06),
        pair(
            200,
            || drop(black_box(session.verify(black_box(&es256.text), es256.at))),
            || {
                raw.verify_sig(black_box(&es256.message), &es256.signature)
                    .unwrap()
            },
        ),
    );

    let spki = eddsa.key.spki();
    let bytes: [u8; 32] = spki[spki.len() - 32..].try_into().unwrap();
    let raw = ed25519_dalek::VerifyingKey::from_bytes(&bytes).unwrap();
    let signature = ed25519_dalek::Signature::from_slice(&eddsa.signature).unwrap();
    let mut session = eddsa.verifier.session();
    assert!(session.verify(&eddsa.text, eddsa.at).is_valid());
    report(
        "EdDSA: HC1 text to verdict",
        "dalek verify_strict alone",
        Some(1.10),
        pair(
            200,
            || drop(black_box(session.verify(black_box(&eddsa.text), eddsa.at))),
            || {
                raw.verify_strict(black_box(&eddsa.message), &signature)
                    .unwrap()
            },
        ),
    );

    let mut encoder = Encoder::default();
    report(
        "EdDSA: payload to HC1 text",
        "dalek sign alone",
        Some(1.6),
        pair(
            200,
            || {
                drop(black_box(issue(
                    &mut encoder,
                    &eddsa.payload,
                    &eddsa.key,
                    &eddsa.kid,
                )))
            },
            || drop(black_box(eddsa.key.sign(black_box(&eddsa.message)))),
        ),
    );
    report(
        "ES256: payload to HC1 text",
        "p256 sign alone",
        None,
        pair(
            100,
            || {
                drop(black_box(issue(
                    &mut encoder,
                    &es256.payload,
                    &es256.key,
                    &es256.kid,
                )))
            },
            || drop(black_box(es256.key.sign(black_box(&es256.message)))),
        ),
    );
}
