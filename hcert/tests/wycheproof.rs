//! Project Wycheproof's vectors on every backend.
//!
//! What the file calls valid has to pass, what it calls invalid has to fail, on each backend by
//! itself. The same test runs in WebAssembly, where only the pure backend exists, under Node's
//! WASI:
//!
//! ```text
//! rustup target add wasm32-wasip1
//! CARGO_TARGET_WASM32_WASIP1_RUNNER="node --no-warnings $PWD/xtask/wasi.mjs" \
//!     cargo test -p hcert --test wycheproof --target wasm32-wasip1 -- --nocapture
//! ```
//!
//! COSE carries ECDSA signatures as r || s, which is what the backends take and what the P1363
//! file tests. Certificates carry them as DER. The DER file goes through the reader that the
//! chain check of `hcert::x509` uses, `p256::ecdsa::Signature::from_der`, and the r || s of it to
//! each backend: a signature that this reader refuses counts as refused.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod conformance;

use std::collections::BTreeMap;

use conformance::hex;
use hcert::keys::{Algorithm, PublicKey, backend};

/// How a signature is written in the file.
#[derive(Clone, Copy)]
enum Form {
    /// As the backends take it.
    Plain,
    /// DER of SEQUENCE { r INTEGER, s INTEGER }.
    EcdsaDer,
}

/// A case marked `acceptable` may go either way; which way it went is shown.
fn run(file: &str, cases: usize, algorithm: Algorithm, form: Form) {
    let Some(folder) = conformance::folder() else {
        return;
    };
    let document = conformance::json(&folder, &format!("wycheproof/{file}"));
    let groups = document["testGroups"].as_array().unwrap();
    for (name, backend) in backend::all() {
        let (mut count, mut wrong) = (0, Vec::new());
        let mut results: BTreeMap<&str, usize> = BTreeMap::new();
        for group in groups {
            let key = hex(group["publicKeyDer"].as_str().unwrap());
            let key = PublicKey::with_backend(&key, backend)
                .unwrap_or_else(|error| panic!("{file}: key of a group refused: {error}"));
            assert_eq!(key.algorithm(), algorithm);
            for case in group["tests"].as_array().unwrap() {
                count += 1;
                let message = hex(case["msg"].as_str().unwrap());
                let signature = hex(case["sig"].as_str().unwrap());
                let passed = plain(form, signature)
                    .is_some_and(|signature| key.verify(&message, &signature).is_ok());
                let about = format!("{} {} {}", case["tcId"], case["comment"], case["flags"]);
                let result = case["result"].as_str().unwrap();
                match (result, passed) {
                    ("valid", true) | ("invalid", false) => {}
                    ("acceptable", _) => eprintln!("{file} {name}: {about}: passes: {passed}"),
                    _ => wrong.push(format!("{about}: {result}, but passes: {passed}")),
                }
                *results.entry(result).or_default() += 1;
            }
        }
        eprintln!("{file}: {count} cases on {name}: {results:?}");
        assert!(wrong.is_empty(), "{file} on {name}:\n{}", wrong.join("\n"));
        assert_eq!(count, cases, "{file}: the file has other cases than before");
        assert_eq!(document["numberOfTests"], cases);
    }
}

fn plain(form: Form, signature: Vec<u8>) -> Option<Vec<u8>> {
    match form {
        Form::Plain => Some(signature),
        Form::EcdsaDer => {
            let signature = p256::ecdsa::Signature::from_der(&signature).ok()?;
            Some(signature.to_bytes().to_vec())
        }
    }
}

#[test]
fn every_backend_of_this_build_is_tested() {
    let names: Vec<_> = backend::all().iter().map(|(name, _)| *name).collect();
    if cfg!(target_arch = "wasm32") {
        assert_eq!(names, ["pure"]);
    } else {
        assert_eq!(names, ["pure", "native"]);
    }
}

#[test]
fn ed25519() {
    run("ed25519_test.json", 151, Algorithm::EdDsa, Form::Plain);
}

#[test]
fn ecdsa_p1363() {
    let file = "ecdsa_secp256r1_sha256_p1363_test.json";
    run(file, 262, Algorithm::Es256, Form::Plain);
}

#[test]
fn ecdsa_der() {
    let file = "ecdsa_secp256r1_sha256_test.json";
    run(file, 484, Algorithm::Es256, Form::EcdsaDer);
}

#[test]
fn rsa_pss_2048() {
    let file = "rsa_pss_2048_sha256_mgf1_32_test.json";
    run(file, 108, Algorithm::Ps256, Form::Plain);
}

#[test]
fn rsa_pss_3072() {
    let file = "rsa_pss_3072_sha256_mgf1_32_test.json";
    run(file, 108, Algorithm::Ps256, Form::Plain);
}

#[test]
fn rsa_pss_4096() {
    let file = "rsa_pss_4096_sha256_mgf1_32_test.json";
    run(file, 108, Algorithm::Ps256, Form::Plain);
}

/// Beyond Wycheproof: a key of small order makes a signature for any message without a secret
/// (RFC 8032 section 5.1.7 does not forbid it, so the file does not test it).
#[test]
fn ed25519_keys_of_small_order_are_refused() {
    let mut identity = [0; 32];
    identity[0] = 1;
    let spki = [&hex("302a300506032b6570032100")[..], &identity].concat();
    for (name, backend) in backend::all() {
        assert!(PublicKey::with_backend(&spki, backend).is_err(), "{name}");
    }
}
