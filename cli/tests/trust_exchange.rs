//! `hcert trust import` and `hcert trust export`: the world's lists and hostile ones, bundles made
//! of them, and our own keys as others read them.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;
#[path = "common/conformance.rs"]
mod conformance;

use std::{fs, path::Path, sync::Arc};

use common::Folder;
use hcert::{
    base64,
    keys::{Signer as _, SoftwareKey},
    pem,
    time::Timestamp,
    x509::Certificate,
};
use serde_json::{Value, json};
use trust_exchange::join;
use trust_list::{
    bundle::{Bundle, State, write_file},
    digest::Digest,
    envelope::{Document, Envelope},
    key_list::Withdrawal,
    limits::Limits,
    manifest::{Manifest, ManifestDraft, Part, PartKind},
};

/// A folder with a CSCA and a DSC in `pki`, roots `1.cose` of this environment and its keys.
fn place(environment: &str) -> Folder {
    let folder = Folder::new();
    folder.pki("");
    for line in [
        "keys root --name Holder --out root",
        "keys online --name Online --out online",
        &format!(
            "trust root --name TEST --environment {environment} --root-key root/root.pub.pem \
             --list-key root/root.pub.pem --manifest-key online/online.pub.pem --out 1.cose"
        ),
        "trust sign 1.cose --key root/root.key",
    ] {
        folder.hcert(line).good();
    }
    folder
}

const BUNDLE: &str = "--bundle own.hcert --root 1.cose --key root/root.key --key online/online.key";

fn der(folder: &Folder, name: &str) -> Vec<u8> {
    let text = String::from_utf8(folder.read(name)).unwrap();
    pem::blocks(&text).next().unwrap().unwrap().1
}

fn answer(folder: &Folder, line: &str) -> Value {
    let said = folder
        .hcert(&format!("trust import --format json {line}"))
        .good();
    serde_json::from_str(&said).unwrap()
}

fn colour(folder: &Folder, line: &str) -> String {
    let said = folder.hcert(&format!("verify --format json {line}")).stdout;
    let verdict: Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    verdict["colour"].as_str().unwrap().to_owned()
}

/// A code of the DSC in `pki`, in `code.txt`.
fn issue(folder: &Folder) {
    folder
        .shell("hcert issue --example vaccination > payload.json")
        .good();
    folder
        .hcert("issue --cert pki/dsc.pem --key pki/dsc.key --payload payload.json --text code.txt")
        .good();
}

#[test]
fn the_worlds_keys_and_real_certificates() {
    let Some(real) = conformance::folder() else {
        return;
    };
    let folder = place("test");
    let real = |name: &str| real.join(name).display().to_string();
    let eu = real("dsc/eu-dsc.json");
    let network = real("gdhcn-trustlist/prod/v2/trustlist");

    // Production, both lists: exactly what the library's own tests count.
    let at = "--at 2026-08-23T00:00:00Z --domain DCC";
    let said = answer(&folder, &format!("{eu} {network} {at} --out list.json"));
    let count = |name: &str| said[name].as_u64().unwrap();
    assert_eq!((count("keys"), count("authorities")), (851, 55));
    let refused = json!({
        "chain does not hold": 12, "duplicate": 364, "no authority itself": 1, "other use": 2,
        "test participant": 8, "wrong country": 4,
    });
    assert_eq!(said["refused"], refused);
    let refusals = said["refusals"].as_array().unwrap();
    assert_eq!(refusals.len(), 391);
    for refusal in refusals {
        for fact in ["entry", "reason", "message"] {
            assert!(!refusal[fact].as_str().unwrap().is_empty(), "{refusal}");
        }
    }
    for source in said["sources"].as_array().unwrap() {
        assert_eq!(source["vouched_for_by"], "operator");
    }
    // For people: twenty of them, those that are there twice last; all on demand.
    let human = |more: &str| {
        let line = format!("trust import {eu} {network} {at} {more}");
        let said = folder.hcert(&line).good();
        said.lines()
            .filter(|line| line.starts_with("  ✖ "))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let few = human("");
    assert_eq!((few.len(), human("--all").len()), (20, 391));
    assert!(!few.iter().any(|line| line.contains("twice")), "{few:?}");
    // What was written is read again, whole.
    let again = answer(&folder, &format!("list.json {at}"));
    assert_eq!(again["keys"], 851);
    assert_eq!(again["refused"], json!({}));

    // A bundle with the acceptance keys besides, which sign the certificates of the test set.
    let acceptance = real("dsc/acc-dsc.json");
    let said = answer(
        &folder,
        &format!("{eu} {acceptance} {network} {at} --without-revocation AD {BUNDLE}"),
    );
    let bundle = &said["written"][0];
    assert_eq!(
        (&bundle["environment"], &bundle["sequence"]),
        (&"test".into(), &1.into())
    );
    assert!(bundle["keys"].as_u64().unwrap() > 950, "{bundle}");
    for (file, at, wanted) in [
        (
            "quality-assurance/AD/1.0.0/VAC_xx45R.png.txt",
            "2022-01-26T00:00:00Z",
            "green",
        ),
        (
            "quality-assurance/AL/1.3.0/REC.png.txt",
            "2022-02-01T00:00:00Z",
            "amber",
        ),
        (
            "khealthcertificate/recovery.txt",
            "2021-06-01T00:00:00Z",
            "amber",
        ),
    ] {
        let file = real(&format!("eu-dcc/{file}"));
        assert_eq!(
            colour(&folder, &format!("--trust own.hcert --at {at} {file}")),
            wanted,
            "{file}"
        );
    }
}

#[test]
fn proofs_of_the_network() {
    let Some(real) = conformance::folder() else {
        return;
    };
    let folder = Folder::new();
    let real = |name: &str| {
        real.join("gdhcn-trustlist")
            .join(name)
            .display()
            .to_string()
    };
    let key = real("dev/signing-key-did.json");
    let said = answer(
        &folder,
        &format!(
            "{} --proof-key {key} --environment test",
            real("dev/v2/trustlist")
        ),
    );
    assert_eq!(said["sources"][0]["proven"], true);
    assert!(said["keys"].as_u64().unwrap() > 90, "{said}");
    // Nothing of it gets into production.
    let line = format!(
        "trust import {} --proof-key {key} --out list.json",
        real("dev/v2/trustlist")
    );
    let outcome = folder.hcert(&line);
    assert_eq!(outcome.status, 1, "{outcome:?}");
    assert!(!folder.path("list.json").exists());
    // Another signer than the pinned one is an error, and writes nothing.
    let line = format!(
        "trust import {} --proof-key {key} --out list.json",
        real("prod/v2/trustlist")
    );
    let said = folder.hcert(&line).refused();
    assert!(
        said.contains("not vouched for") && said.contains("names the signer"),
        "{said}"
    );
    assert_eq!(said.matches("the pinned one is").count(), 1, "{said}");
    // One bit.
    let list =
        fs::read_to_string(Path::new(&real("dev/v2/trustlist/DCC/XCL/DSC/did.json"))).unwrap();
    folder.write("did.json", list.replacen("\"#DSC\"", "\"#DSD\"", 1));
    let said = folder
        .hcert(&format!("trust import did.json --proof-key {key}"))
        .refused();
    assert!(said.contains("does not match"), "{said}");
}

#[test]
fn a_list_for_verify_and_what_it_can_not_say() {
    let folder = place("production");
    issue(&folder);
    let said = answer(&folder, "pki/dsc.pem --known pki/csca.pem --out list.json");
    assert_eq!(
        (&said["keys"], &said["warnings"]["without_authority"]),
        (&1.into(), &0.into())
    );
    let list: Value = serde_json::from_slice(&folder.read("list.json")).unwrap();
    assert_eq!(
        (&list[0]["certificateType"], &list[0]["country"]),
        (&"DSC".into(), &"VN".into())
    );
    assert_eq!(colour(&folder, "--trust list.json code.txt"), "amber");
    // Its trust domain comes along.
    for (from, to) in [
        ("pki/dsc.pem --domain ICVP", "one.json"),
        ("one.json", "two.json"),
    ] {
        answer(&folder, &format!("{from} --out {to}"));
    }
    assert!(
        String::from_utf8(folder.read("one.json"))
            .unwrap()
            .contains("ICVP")
    );
    assert_eq!(folder.read("one.json"), folder.read("two.json"));
    // Not over a file that is there.
    let said = folder
        .hcert("trust import pki/dsc.pem --out list.json")
        .refused();
    assert!(said.contains("--force"), "{said}");

    // A key that signs for one issuer only stays out of a list, and comes into a bundle.
    folder
        .hcert("trust export pki/dsc.pem --form jwks --out jwks.json")
        .good();
    let mut keys: Value = serde_json::from_slice(&folder.read("jwks.json")).unwrap();
    keys["keys"][0].as_object_mut().unwrap().remove("x5c");
    folder.write("jwks.json", keys.to_string());
    let said = answer(
        &folder,
        &format!(
            "jwks.json --form health-cards --issuer https://i.example --out shc.json {BUNDLE}"
        ),
    );
    assert_eq!(said["written"][0]["left_out"], 1);
    assert_eq!(said["written"][1]["keys"], 1);
    assert_eq!(
        String::from_utf8(folder.read("shc.json")).unwrap().trim(),
        "[\n\n]"
    );
    // A bare key of no issuer is in it, as a JWK.
    answer(&folder, "jwks.json --out bare.json");
    assert_eq!(answer(&folder, "bare.json")["keys"], 1);
}

#[test]
fn a_bundle_and_its_successor() {
    let folder = place("production");
    issue(&folder);
    let made =
        |more: &str| answer(&folder, &format!("pki/dsc.pem {BUNDLE} {more}"))["written"][0].clone();
    let first = made("");
    assert_eq!(
        (&first["sequence"], &first["key_list_version"]),
        (&1.into(), &1.into())
    );
    assert_eq!(colour(&folder, "--trust own.hcert code.txt"), "amber");
    let second = made("--without-revocation VN --soft-days 1 --hard-days 2");
    assert_eq!(
        (&second["sequence"], &second["key_list_version"]),
        (&2.into(), &2.into())
    );
    assert_eq!(colour(&folder, "--trust own.hcert code.txt"), "green");
    let later = now().plus_seconds(36 * 3600).to_string();
    assert_eq!(
        colour(&folder, &format!("--trust own.hcert --at {later} code.txt")),
        "amber"
    );
    let much_later = now().plus_seconds(72 * 3600).to_string();
    assert_eq!(
        colour(
            &folder,
            &format!("--trust own.hcert --at {much_later} code.txt")
        ),
        "amber"
    );
    made("--without-revocation VN --soft-days 1 --hard-days 2 --policy-red");
    assert_eq!(
        colour(
            &folder,
            &format!("--trust own.hcert --at {much_later} code.txt")
        ),
        "red"
    );

    // A verifier that installed one takes the next.
    let installed = |line: &str| folder.shell(&format!("export HCERT_DATA_DIR=data; hcert {line}"));
    installed("trust update own.hcert --root 1.cose").good();
    made("--without-revocation VN");
    let said = installed("trust update own.hcert").good();
    assert!(said.contains("sequence 3 to 4"), "{said}");
    assert!(installed("trust verify").good().contains("GOOD"));

    // Rules and value sets are carried; a batch turns the answer red.
    folder.write("rules.json", "[]");
    folder.write(
        "sets.json",
        json!({ "valueSetId": "x", "valueSetValues": {} }).to_string(),
    );
    let verdict = folder
        .hcert("verify --format json --trust own.hcert code.txt")
        .good();
    let verdict: Value = serde_json::from_str(&verdict).unwrap();
    let uci = verdict["payload"]["v"][0]["ci"].as_str().unwrap();
    let hash = Digest::of(uci.as_bytes());
    let hash = base64::encode(&hash.as_bytes()[..16]);
    let batch = json!({ "country": "VN", "expires": "2099-01-01T00:00:00Z", "kid": "UNKNOWN_KID",
        "hashType": "UCI", "entries": [{ "hash": hash }] });
    folder.write("batch.json", batch.to_string());
    made("--rules rules.json --value-sets sets.json --revocation batch.json");
    assert_eq!(colour(&folder, "--trust own.hcert code.txt"), "red");
    // A source that holds batches is no list of keys, and says where they belong.
    let said = answer(&folder, "pki/dsc.pem batch.json");
    assert_eq!(said["warnings"]["revocation_batches_left_out"], 1);
}

fn now() -> Timestamp {
    let now = std::time::SystemTime::now();
    let since = now.duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::saturating(i64::try_from(since.as_secs()).unwrap())
}

/// The private key of a file, as its holder opens it.
fn secret(folder: &Folder, name: &str) -> SoftwareKey {
    let sealed = der(folder, name);
    let sealed = pkcs8::EncryptedPrivateKeyInfoRef::try_from(sealed.as_slice()).unwrap();
    let opened = sealed.decrypt(common::PASSPHRASE).unwrap();
    SoftwareKey::from_pkcs8(opened.as_bytes()).unwrap()
}

/// Somebody withdrew the key meanwhile; other people's lists still bring it.
#[test]
fn a_withdrawn_key_does_not_come_back() {
    let folder = place("production");
    issue(&folder);
    let import = format!("pki/dsc.pem --without-revocation VN {BUNDLE}");
    answer(&folder, &import);
    assert_eq!(colour(&folder, "--trust own.hcert code.txt"), "green");
    let open = || {
        let (file, root) = (Arc::new(folder.read("own.hcert")), folder.read("1.cose"));
        let state = State::pinned(&root, &Limits::DEFAULT).unwrap();
        Bundle::open(&file, &state, &Limits::DEFAULT).unwrap().0
    };
    let bundle = open();
    let mut list = bundle.key_list().clone();
    list.version += 1;
    list.keys[0].withdrawal = Some(Withdrawal {
        from: Timestamp::saturating(0),
        compromised: true,
        reason: "stolen".into(),
    });
    let mut list = Envelope::new(Document::KeyList, list.encode());
    list.sign(&secret(&folder, "root/root.key")).unwrap();
    let list = list.to_bytes();
    let old = bundle.manifest();
    let manifest = ManifestDraft {
        sequence: 2,
        environment: old.environment(),
        issued: old.issued(),
        soft_expiry: old.soft_expiry(),
        hard_expiry: old.hard_expiry(),
        root_version: 1,
        parts: vec![Part {
            kind: PartKind::Keys,
            name: "keys".into(),
            digest: Digest::of(&list),
            length: list.len(),
        }],
    };
    let manifest = Manifest::new(manifest, &Limits::DEFAULT).unwrap();
    let mut manifest = Envelope::new(Document::Manifest, manifest.encode());
    manifest
        .sign(&secret(&folder, "online/online.key"))
        .unwrap();
    let roots = bundle.root_envelopes().iter().map(Vec::as_slice);
    let file = write_file(roots, &manifest.to_bytes(), [&list[..]].into_iter());
    folder.write("own.hcert", file);

    let said = answer(&folder, &import);
    assert_eq!(said["written"][0]["withdrawn"], 1);
    assert_eq!(said["written"][0]["sequence"], 3);
    assert!(
        open().key_list().keys[0]
            .withdrawal
            .as_ref()
            .unwrap()
            .compromised
    );
    assert_eq!(colour(&folder, "--trust own.hcert code.txt"), "red");
    // Nor is it exported.
    let said = folder
        .hcert("trust export own.hcert --form jwks --out x")
        .refused();
    assert!(said.contains("no key"), "{said}");
}

/// The root is rotated: the bundle goes on under both, and not under the old one alone.
#[test]
fn a_bundle_after_a_rotation() {
    let folder = place("production");
    answer(&folder, &format!("pki/dsc.pem {BUNDLE}"));
    for line in [
        "trust root --after 1.cose --manifest-key root/root.pub.pem --out 2.cose",
        "trust sign 2.cose --key root/root.key --root 1.cose",
    ] {
        folder.hcert(line).good();
    }
    let line = "--bundle own.hcert --root 1.cose --root 2.cose --key root/root.key";
    let said = answer(&folder, &format!("pki/dsc.pem {line}"));
    assert_eq!(said["written"][0]["key_list_version"], 2);
    let shown = folder.hcert("trust show own.hcert --format json").good();
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["root"]["version"], 2);
    let said = folder
        .hcert(&format!("trust import pki/dsc.pem {BUNDLE}"))
        .refused();
    assert!(said.contains("newer root"), "{said}");
    let swapped = line.replace("--root 1.cose --root 2.cose", "--root 2.cose --root 1.cose");
    answer(&folder, &format!("pki/dsc.pem {swapped}"));
}

/// Lists of single countries, each with the right signature, a wrong one and none.
#[test]
fn lists_that_their_country_signed() {
    let folder = place("production");
    let certificate = der(&folder, "pki/dsc.pem");
    let kid = Certificate::from_der(&certificate).unwrap().kid();
    let key = secret(&folder, "pki/dsc.key");
    let json = json!({ "certificates": [{ "kid": kid.to_string(), "country": "VN",
        "certificateType": "DSC", "rawData": base64::encode(&certificate) }] });
    let json = json.to_string();
    let signature = base64::encode(&key.sign(json.as_bytes()).unwrap());
    folder.write("german.txt", format!("{signature}\n{json}\n"));

    let mut content = Vec::new();
    let mut cbor = minicbor::Encoder::new(&mut content);
    cbor.map(1)
        .unwrap()
        .str("c")
        .unwrap()
        .array(1)
        .unwrap()
        .map(2)
        .unwrap();
    cbor.str("i").unwrap().bytes(kid.as_bytes()).unwrap();
    cbor.str("c").unwrap().bytes(&certificate).unwrap();
    folder.write("austrian.cbor", &content);
    let mut claims = Vec::new();
    let mut cbor = minicbor::Encoder::new(&mut claims);
    cbor.map(3)
        .unwrap()
        .u8(2)
        .unwrap()
        .bytes(Digest::of(&content).as_bytes())
        .unwrap();
    cbor.u8(4).unwrap().i64(now().unix() + 3600).unwrap();
    cbor.u8(5).unwrap().i64(now().unix()).unwrap();
    // {1: -7}, ES256
    let protected = [0xa1, 0x01, 0x26];
    let mut signed = Vec::new();
    let mut cbor = minicbor::Encoder::new(&mut signed);
    cbor.array(4)
        .unwrap()
        .str("Signature1")
        .unwrap()
        .bytes(&protected)
        .unwrap();
    cbor.bytes(&[]).unwrap().bytes(&claims).unwrap();
    let signature = key.sign(&signed).unwrap();
    let mut message = Vec::new();
    let mut cbor = minicbor::Encoder::new(&mut message);
    cbor.array(4)
        .unwrap()
        .bytes(&protected)
        .unwrap()
        .map(0)
        .unwrap();
    cbor.bytes(&claims).unwrap().bytes(&signature).unwrap();
    folder.write("austrian.sig", message);

    for list in ["german.txt", "austrian.cbor austrian.sig"] {
        let said = answer(&folder, &format!("{list} --proof-key pki/dsc.pem"));
        assert_eq!(
            (&said["keys"], &said["sources"][0]["proven"]),
            (&1.into(), &true.into())
        );
        let said = answer(&folder, list);
        assert_eq!(
            (&said["keys"], &said["sources"][0]["proven"]),
            (&1.into(), &false.into())
        );
        let wrong = format!("trust import {list} --proof-key pki/csca.pem");
        assert!(
            folder.hcert(&wrong).refused().contains("not vouched for"),
            "{list}"
        );
        let upload = format!("trust import {list} --upload-cert pki/csca.pem");
        assert!(
            folder.hcert(&upload).refused().contains("no signature"),
            "{list}"
        );
    }
    for (line, words) in [
        ("austrian.cbor --proof-key pki/dsc.pem", "give both files"),
        ("austrian.sig", "give both files"),
    ] {
        let said = folder.hcert(&format!("trust import {line}")).refused();
        assert!(said.contains(words), "{said}");
    }

    // Two files that only the operator vouches for; a key needs the name of its signer.
    let spki = Certificate::from_der(&certificate).unwrap().spki().unwrap();
    let keys = json!({ "certs": [{ "keyId": kid.to_string(), "alg": "ES256",
        "subjectPublicKeyInfo": base64::encode(&spki) }] });
    folder.write("keys.json", keys.to_string());
    folder.write(
        "active.json",
        json!({ "activeKeyIds": [kid.to_string()] }).to_string(),
    );
    assert_eq!(answer(&folder, "keys.json active.json")["keys"], 1);
    for (line, words) in [
        ("keys.json", "all of them"),
        ("active.json", "all of them"),
        (
            "keys.json active.json --proof-key pki/csca.pem",
            "--signer-name",
        ),
        (
            "keys.json active.json --proof-key online/online.pub.pem",
            "not with a bare key",
        ),
        (
            "keys.json active.json --proof-key pki/csca.pem --signer-name X",
            "no proof",
        ),
        (
            "keys.json active.json --upload-cert pki/csca.pem",
            "no signature",
        ),
    ] {
        let said = folder.hcert(&format!("trust import {line}")).refused();
        assert!(said.contains(words), "{line}: {said}");
    }
}

/// Each is refused with its reason, and the bundle that is there stays as it is.
#[test]
fn bundles_that_are_not_made() {
    let folder = place("production");
    folder
        .hcert(&format!("trust import pki/dsc.pem {BUNDLE}"))
        .good();
    let before = folder.read("own.hcert");
    let other = place("test");
    folder.write("other.cose", other.read("1.cose"));
    folder.write("other.key", other.read("root/root.key"));
    folder.write("rules.json", "[{\"Identifier\":\"x\"}]");
    folder.write("batch.json", "{\"hashType\":\"UCI\"}");
    folder.write("junk", "junk");
    let unsigned = "trust root --name N --root-key root/root.pub.pem --list-key root/root.pub.pem \
                    --manifest-key online/online.pub.pem --out unsigned.cose";
    folder.hcert(unsigned).good();
    for (more, words) in [
        (
            "--bundle own.hcert --root 1.cose --key root/root.key",
            "role manifest",
        ),
        (
            "--bundle own.hcert --root 1.cose --key online/online.key",
            "role keys",
        ),
        (&format!("{BUNDLE} --key other.key"), "other.key"),
        (&BUNDLE.replace("1.cose", "other.cose"), "left as it is"),
        (&BUNDLE.replace("1.cose", "unsigned.cose"), "unsigned.cose"),
        (&BUNDLE.replace("1.cose", "junk"), "junk"),
        (&BUNDLE.replace("own.hcert", "junk"), "left as it is"),
        (
            &format!("{BUNDLE} --environment test"),
            "must not get there",
        ),
        (
            &format!("{BUNDLE} --soft-days 5 --hard-days 5"),
            "--hard-days",
        ),
        (&format!("{BUNDLE} --rules rules.json"), "rules.json"),
        (&format!("{BUNDLE} --rules junk"), "junk"),
        (&format!("{BUNDLE} --value-sets junk"), "junk"),
        (&format!("{BUNDLE} --revocation junk"), "junk"),
        (&format!("{BUNDLE} --revocation batch.json"), "batch.json"),
        (
            &format!("{BUNDLE} --revocation pki/dsc.pem"),
            "no revocation batches",
        ),
        (&format!("{BUNDLE} --out own.hcert --force"), "same file"),
        ("--rules rules.json", "--bundle"),
    ] {
        let said = folder
            .hcert(&format!("trust import pki/dsc.pem {more}"))
            .refused();
        assert!(said.contains(words), "{more}: {said}");
        assert_eq!(folder.read("own.hcert"), before, "{more}");
    }
    assert_eq!(folder.read("junk"), b"junk");
}

#[test]
fn sources_that_are_hostile_or_odd() {
    let folder = place("production");
    folder.write("empty", "");
    folder.write("junk.json", "{\"verificationMethod\": 7}");
    folder.write("deep.json", "[".repeat(100_000));
    let limit = hcert::limits::Limits::DEFAULT.trust_file_bytes as u64;
    let large = fs::File::create(folder.path("large")).unwrap();
    large.set_len(limit + 1).unwrap();
    fs::create_dir_all(folder.path("none")).unwrap();
    for (line, words) in [
        ("empty", "empty"),
        ("junk.json", "junk.json"),
        ("deep.json", "deep.json"),
        ("large", "larger than"),
        ("none", "folder is empty"),
        ("missing", "missing"),
        ("pki/dsc.key", "private key"),
        ("pki/dsc.pem --proof-key pki/csca.pem", "no signature"),
        ("pki --proof-key pki/csca.pem", "no signature"),
        ("pki/dsc.pem --upload-cert pki/csca.pem", "no signature"),
        ("pki/dsc.pem --proof-key pki/dsc.key", "private key"),
        ("pki/dsc.pem --known empty", "empty"),
        ("pki/dsc.pem --form did", "JSON"),
        ("pki/dsc.pem --form german", "not readable JSON"),
        ("pki/dsc.pem --form master-list", "ICAO"),
        ("pki/dsc.pem --form austrian", "Austrian"),
        ("pki/dsc.pem --form swiss", "active keys"),
        ("pki/dsc.pem --country VNM", "two letters"),
    ] {
        let said = folder.hcert(&format!("trust import {line}")).refused();
        assert!(said.contains(words), "{line}: {said}");
    }
    // Of another country, and without the CSCA that was asked for: status 1, with the reason.
    for (more, reason) in [
        ("--country LA", "not the source's country"),
        ("--chain-required", "no authority known"),
    ] {
        let outcome = folder.hcert(&format!("trust import pki/dsc.pem {more} --out x.json"));
        assert_eq!(outcome.status, 1);
        assert!(outcome.stdout.contains(reason), "{outcome:?}");
        assert!(!folder.path("x.json").exists());
    }
    answer(&folder, "pki/dsc.pem --chain-required --known pki/csca.pem");
    // A folder of certificates has keys of its own in it: told, and not let in.
    let said = answer(&folder, "pki");
    assert_eq!(
        (&said["keys"], &said["authorities"]),
        (&1.into(), &1.into())
    );
    assert_eq!(said["refusals"].as_array().unwrap().len(), 2);
    // Standard input, to standard output; the answer is beside it.
    let outcome = folder.shell("hcert trust import - --out - < pki/dsc.pem");
    assert_eq!(outcome.status, 0);
    assert!(
        serde_json::from_str::<Value>(&outcome.stdout)
            .unwrap()
            .is_array()
    );
    assert!(
        outcome.stderr.contains("1 key and 0 CSCAs of 1 country"),
        "{outcome:?}"
    );
    let said = folder.hcert("trust import pki --lang vi").good();
    assert!(said.contains("Nhận 1 khóa và 1 CSCA của 1 nước"), "{said}");
}

/// Links lead to documents of the same folder, and no further.
#[cfg(unix)]
#[test]
fn links_stay_below_the_folder() {
    let folder = place("production");
    let document = |name: &str, id: &str| {
        folder
            .hcert(&format!(
                "trust export pki/dsc.pem --form did --did {id} --key pki/dsc.key --out {name}"
            ))
            .good();
    };
    let base = "did:web:t.example:v2:trustlist";
    fs::create_dir_all(folder.path("cdn/DCC/VNM")).unwrap();
    fs::create_dir_all(folder.path("away")).unwrap();
    document("cdn/DCC/VNM/did.json", &format!("{base}:DCC:VNM"));
    document("away/did.json", &format!("{base}:DCC:LAO"));
    let links = [
        format!("{base}:DCC:VNM"),
        format!("{base}:DCC:LAO"),
        "did:web:u.example:v2:trustlist:DCC:VNM".to_owned(),
    ];
    folder.write(
        "cdn/did.json",
        json!({ "id": base, "verificationMethod": links }).to_string(),
    );
    std::os::unix::fs::symlink(folder.path("away"), folder.path("cdn/DCC/LAO")).unwrap();
    let said = answer(&folder, "cdn");
    assert_eq!(said["keys"], 1, "{said}");
    let messages: Vec<_> = said["refusals"].as_array().unwrap().iter().collect();
    assert_eq!(messages.len(), 2);
    assert!(
        messages[0]["message"]
            .as_str()
            .unwrap()
            .contains("not handed in"),
        "{said}"
    );
    assert!(
        messages[1]["message"]
            .as_str()
            .unwrap()
            .contains("never followed"),
        "{said}"
    );
    // Without the folder there is nothing to lead to.
    let outcome = folder.hcert("trust import cdn/did.json");
    assert_eq!(outcome.status, 1, "{outcome:?}");
}

#[test]
fn own_keys_as_others_read_them() {
    let folder = place("production");
    folder
        .shell("cat pki/csca.pem pki/dsc.pem > own.pem")
        .good();
    let did = "did:web:trust.example.org:v2:trustlist:DCC:VNM";
    let export = |more: &str| folder.hcert(&format!("trust export own.pem {more}"));
    let line = format!("--form did --did {did} --key pki/dsc.key --out did.json");
    let said = export(&line).good();
    assert!(
        said.contains("https://trust.example.org/v2/trustlist/DCC/VNM/did.json"),
        "{said}"
    );
    // The proof holds for who has the key, and for nobody else.
    let said = answer(&folder, "did.json --proof-key pki/dsc.pem");
    assert_eq!(
        (&said["keys"], &said["authorities"]),
        (&1.into(), &1.into())
    );
    assert_eq!(said["sources"][0]["proven"], true);
    let said = folder
        .hcert("trust import did.json --proof-key pki/csca.pem")
        .refused();
    assert!(said.contains("does not match"), "{said}");
    // One of several keys is enough.
    answer(
        &folder,
        "did.json --proof-key pki/csca.pem --proof-key pki/dsc.pem",
    );

    export("--form jwks --out jwks.json").good();
    assert_eq!(answer(&folder, "jwks.json")["keys"], 1);
    export("--form gateway --out gateway.json").good();
    assert_eq!(answer(&folder, "gateway.json")["keys"], 1);
    export("--form pem --out tree").good();
    let said = answer(&folder, "tree");
    assert_eq!(
        (&said["keys"], &said["authorities"]),
        (&1.into(), &1.into())
    );

    for (more, words) in [
        ("--form pem --out tree", "--force"),
        ("--form pem --out -", "folder"),
        ("--form jwks --out x --country LA", "no key"),
        ("--form did --out x", "--did"),
        (
            &line.replace(":VNM", "").replace("did.json", "x"),
            "did:web:HOST",
        ),
        (
            &line
                .replace("pki/dsc.key", "root/root.key")
                .replace("did.json", "x"),
            "ES256",
        ),
        (
            &line
                .replace("pki/dsc.key", "pki/dsc.pem")
                .replace("did.json", "x"),
            "pki/dsc.pem",
        ),
    ] {
        let said = export(more).refused();
        assert!(said.contains(words), "{more}: {said}");
        assert!(!folder.path("x").exists());
    }
    // Without a file the installed bundle, which is not there yet.
    let none = "export HCERT_DATA_DIR=none; hcert trust export --form jwks --out -";
    assert!(folder.shell(none).refused().contains("no trust bundle"));
    folder
        .hcert(&format!("trust import own.pem {BUNDLE}"))
        .good();
    folder
        .shell("export HCERT_DATA_DIR=data; hcert trust update own.hcert --root 1.cose")
        .good();
    let installed = "export HCERT_DATA_DIR=data; hcert trust export --form jwks --out -";
    let keys: Value = serde_json::from_str(&folder.shell(installed).good()).unwrap();
    let x5c = keys["keys"][0]["x5c"].as_array().unwrap();
    assert_eq!(x5c[0], base64::encode(&der(&folder, "pki/dsc.pem")));
    assert_eq!(x5c.len(), 2);
}

/// The gateway's signatures over single entries, with the anchor for CSCAs and a country's upload
/// certificate for DSCs.
#[test]
fn entries_that_their_country_signed() {
    let folder = place("production");
    folder
        .hcert_with(
            &[
                "keys",
                "network",
                "make",
                "--country",
                "VN",
                "--organisation",
                "M",
                "--out",
                "join",
            ],
            "",
        )
        .good();
    let up = "join/participant/onboarding/DCC/UP/UP.pem";
    let dsc = Certificate::from_der(&der(&folder, "join/DSC/DCC/DSC.pem")).unwrap();
    folder
        .hcert(&format!(
            "keys network upload --dsc join/DSC/DCC/DSC.pem --up-cert {up} \
             --up-key join/private/UP.key --out up.cms"
        ))
        .good();
    let signature = String::from_utf8(folder.read("up.cms")).unwrap();
    assert!(
        join::read_upload(
            signature.trim(),
            &Certificate::from_der(&der(&folder, up)).unwrap()
        )
        .is_ok()
    );
    let entry = json!([{ "kid": dsc.kid().to_string(), "country": "VN", "certificateType": "DSC",
        "rawData": base64::encode(dsc.der()), "signature": signature.trim() }]);
    folder.write("list.json", entry.to_string());
    let said = answer(&folder, &format!("list.json --upload-cert {up}"));
    assert_eq!(
        (&said["keys"], &said["sources"][0]["proven"]),
        (&1.into(), &true.into())
    );
    let outcome = folder.hcert("trust import list.json --upload-cert pki/dsc.pem");
    assert_eq!(outcome.status, 1, "{outcome:?}");
    assert!(outcome.stdout.contains("its signature by"), "{outcome:?}");
}
