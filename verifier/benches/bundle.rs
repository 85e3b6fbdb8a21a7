//! The bundle of the world's keys: its size, and how soon a verifier has it from cold.
//!
//! `cargo bench -p verifier --bench bundle`. The keys are those of the conformance set (HCERT_CONFORMANCE);
//! without it, as many self-made ones. Beside it, what verifiers had to do before: a JSON list of
//! certificates, each of them parsed.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a bench may stop at what it did not expect"
)]

use std::{fs, path::PathBuf, sync::Arc, time::Instant};

use hcert::{
    base64,
    keys::{PublicKey, Signer as _, SoftwareKey},
    limits::Limits as KeyLimits,
    time::Timestamp,
};
use trust_list::{
    bundle::{Bundle, State, write_file},
    envelope::{Document, Envelope},
    environment::Environment,
    import,
    key_list::{Key, KeyList, Material},
    limits::Limits,
    manifest::{Manifest, ManifestDraft, Part, PartKind},
    root::{Root, RootDraft},
};
use verifier::{Verifier, trust::TrustBuilder};

const DAY: i64 = 24 * 3600;
/// Bytes of revocation for a million revoked certificates of a hundred million, at 8.8 bits.
const REVOCATION: usize = 1_100_000;
const SLICES: usize = 24;
const ROUNDS: usize = 41;

fn main() {
    let listing = world();
    let now = Timestamp::saturating(1_790_000_000);
    let (file, state) = publish(&listing, now);
    let folder = std::env::temp_dir().join(format!("hcert-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("bundle.hcert");
    fs::write(&path, &file).unwrap();
    let json = as_json(&listing);
    let json_path = folder.join("list.json");
    fs::write(&json_path, &json).unwrap();

    let keys = listing.keys.len();
    println!("{keys} keys, and revocation for 1,000,000 of 100,000,000 certificates\n");
    println!("{:44} {:>10}", "", "bytes");
    println!("{:44} {:>10}", "bundle", file.len());
    println!(
        "{:44} {:>10}",
        "  of it keys, with their certificates",
        file.len() - REVOCATION
    );
    println!("{:44} {:>10}", "the same certificates as JSON", json.len());
    println!(
        "{:44} {:>10}",
        "the same revocation as 16-byte hashes", 16_000_000
    );
    println!();
    println!("{:44} {:>10} {:>10}", "", "median ms", "worst ms");
    let opened = measure(|| {
        let file = Arc::new(fs::read(&path).unwrap());
        let (bundle, _) = Bundle::open(&file, &state, &Limits::DEFAULT).unwrap();
        bundle
    });
    print("open from the file, every digest checked", opened);
    let ready = measure(|| {
        let file = Arc::new(fs::read(&path).unwrap());
        let (bundle, _) = Bundle::open(&file, &state, &Limits::DEFAULT).unwrap();
        let mut builder = TrustBuilder::new();
        builder.add_bundle(&bundle);
        Verifier::new(builder.build())
    });
    print("open, and ready to verify", ready);
    let before = measure(|| {
        let mut builder = TrustBuilder::new();
        builder.add_file(&fs::read(&json_path).unwrap()).unwrap();
        Verifier::new(builder.build())
    });
    print("JSON list, every certificate parsed", before);
    fs::remove_dir_all(&folder).unwrap();
}

fn print(case: &str, (median, worst): (f64, f64)) {
    println!("{case:44} {median:>10.2} {worst:>10.2}");
}

fn measure<T>(mut run: impl FnMut() -> T) -> (f64, f64) {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            let made = run();
            let time = start.elapsed().as_secs_f64() * 1e3;
            drop(made);
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[ROUNDS / 2], times[ROUNDS - 1])
}

/// The EU's document signers and WHO's production list.
fn world() -> import::Listing {
    let root = std::env::var_os("HCERT_CONFORMANCE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance"),
        PathBuf::from,
    );
    let limits = KeyLimits::DEFAULT;
    let Ok(eu) = fs::read(root.join("dsc/eu-dsc.json")) else {
        println!("no conformance set: 800 times one self-made certificate stands in for it");
        let one = fs::read_to_string(
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../test-vectors/trust/dsc-es256.pem"),
        );
        let one = import::read(one.unwrap().as_bytes(), &limits).unwrap();
        let mut listing = import::Listing::new(import::Form::Pem);
        for _ in 0..800 {
            listing.append(one.clone());
        }
        return listing;
    };
    import::read(&eu, &limits).unwrap()
}

fn as_json(listing: &import::Listing) -> Vec<u8> {
    let entries = listing.keys.iter().map(|key| match &key.material {
        import::Material::Certificate(certificate) => format!(
            "{{\"kid\":\"{}\",\"rawData\":\"{}\"}}",
            certificate.kid(),
            base64::encode(certificate.der())
        ),
        import::Material::Key(spki) => format!("{{\"rawData\":\"{}\"}}", base64::encode(spki)),
    });
    format!("[{}]", entries.collect::<Vec<_>>().join(",")).into_bytes()
}

fn publish(listing: &import::Listing, now: Timestamp) -> (Vec<u8>, State) {
    let signer = SoftwareKey::eddsa(&[7; 32].into());
    let public = || Arc::new(PublicKey::from_spki(&signer.spki()).unwrap());
    let environment = Environment::Test;
    let root = Root::new(RootDraft {
        version: 1,
        environment,
        issued: now,
        expires: now.plus_seconds(365 * DAY),
        name: "bench".into(),
        root: (1, vec![public()]),
        key_list: (1, vec![public()]),
        manifest: (1, vec![public()]),
    });
    let sign = |document, payload| {
        let mut envelope = Envelope::new(document, payload);
        envelope.sign(&signer).unwrap();
        envelope.to_bytes()
    };
    let root = sign(Document::Root, root.unwrap().encode());
    let keys = listing.keys.iter().map(|key| Key {
        kid: key.stated_kid.as_ref().map(|kid| kid.as_bytes().to_vec()),
        material: match &key.material {
            import::Material::Certificate(certificate) => {
                Material::Certificate(certificate.der().to_vec())
            }
            import::Material::Key(spki) => Material::Spki(spki.clone()),
        },
        country: key.country.clone(),
        domain: Some("DCC".into()),
        issuer: None,
        withdrawal: None,
        source: None,
    });
    let list = KeyList {
        version: 1,
        environment,
        issued: now,
        expires: now.plus_seconds(365 * DAY),
        keys: keys.collect(),
        authorities: Vec::new(),
    };
    let mut parts = vec![(
        PartKind::Keys,
        "keys".to_owned(),
        sign(Document::KeyList, list.encode()),
    )];
    // Slices are read when they are first asked: to opening they are bytes.
    let mut word = 1_u64;
    for slice in 0..SLICES {
        let mut bytes = Vec::with_capacity(REVOCATION / SLICES);
        while bytes.len() < REVOCATION / SLICES {
            word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            bytes.extend_from_slice(&word.to_le_bytes()[4..]);
        }
        parts.push((PartKind::RevocationSlice, format!("{slice}"), bytes));
    }
    let named = parts
        .iter()
        .map(|(kind, name, bytes)| Part::of(kind.clone(), name, bytes));
    let draft = ManifestDraft {
        sequence: 1,
        environment,
        issued: now,
        soft_expiry: now.plus_seconds(3 * DAY),
        hard_expiry: now.plus_seconds(30 * DAY),
        root_version: 1,
        parts: named.collect(),
    };
    let manifest = Manifest::new(draft, &Limits::DEFAULT).unwrap();
    let manifest = sign(Document::Manifest, manifest.encode());
    let file = write_file(
        [root.as_slice()].into_iter(),
        &manifest,
        parts.iter().map(|(_, _, bytes)| bytes.as_slice()),
    );
    (file, State::pinned(&root, &Limits::DEFAULT).unwrap())
}
