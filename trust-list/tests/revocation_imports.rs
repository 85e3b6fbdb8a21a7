//! What others publish: the published vectors of the EU's filters, and a German tree.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use hcert::{
    base64,
    cose::{self, Sign1},
    keys::{Algorithm, PublicKey, SignError, Signer, SoftwareKey},
    kid::Kid,
    limits::Limits,
};
use serde_json::Value;
use trust_list::revocation::{
    Bloom, HashKind, HashListBuilder, HashLists, Mode, Partial, TreeError, import_tree,
    make_partial, partial_size,
};
use zeroize::Zeroizing;

fn vectors(name: &str) -> Option<Value> {
    let named = std::env::var_os("HCERT_CONFORMANCE").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance");
    let file = named.unwrap_or(beside).join("revocation").join(name);
    match std::fs::read_to_string(&file) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(_) => {
            let file = file.display();
            eprintln!("\n*** SKIPPED: no conformance file {file} (set HCERT_CONFORMANCE) ***\n");
            None
        }
    }
}

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap().as_bytes();
    hex.chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

#[test]
fn bloom_vectors() {
    let Some(file) = vectors("bloom-filter/filter-test.json") else {
        return;
    };
    // The number of hashes is not right in the file; these are by the sizing rule.
    let hashes = [67, 22, 15, 22];
    let vectors = file.as_array().unwrap();
    assert_eq!(vectors.len(), hashes.len());
    for (vector, k) in vectors.iter().zip(hashes) {
        let words = base64::decode(vector["filter"].as_str().unwrap()).unwrap();
        let words: Vec<i32> = serde_json::from_slice(&words).unwrap();
        let mut part = vec![0, 1, k, 0];
        part.extend_from_slice(&[0; 12]);
        part.extend_from_slice(&u32::try_from(words.len()).unwrap().to_be_bytes());
        part.extend(words.iter().flat_map(|word| word.to_be_bytes()));
        let filter = Bloom::open(part.as_slice()).unwrap();
        let exists: Vec<u8> = serde_json::from_str(vector["exists"].as_str().unwrap()).unwrap();
        let data = vector["data"].as_array().unwrap();
        for (element, exists) in data.iter().zip(exists) {
            let element = element.as_str().unwrap();
            assert_eq!(filter.contains(element.as_bytes()), exists == 1, "{vector}");
        }
        assert!(!filter.contains(b"another"));

        #[cfg(feature = "build")]
        {
            let written = vector["written"].as_array().unwrap();
            let elements = data
                .iter()
                .zip(written)
                .filter(|(_, written)| **written == 1);
            let elements: Vec<&[u8]> = elements
                .map(|(e, _)| e.as_str().unwrap().as_bytes())
                .collect();
            // Sized for all the data, whether written or not.
            let whole = data
                .iter()
                .map(|element| element.as_str().unwrap().as_bytes());
            let p = 1e-4;
            let sized =
                trust_list::revocation::make_bloom(p, whole.collect::<Vec<_>>().into_iter());
            assert_eq!(sized.unwrap().len(), part.len());
            if elements.len() == data.len() {
                let made = trust_list::revocation::make_bloom(p, elements.into_iter()).unwrap();
                assert_eq!((made[2], &made[20..]), (k, &part[20..]));
            }
        }
    }
}

#[test]
fn partial_vectors() {
    let Some(file) = vectors("partial-variable-hash-filter/vectors.json") else {
        return;
    };
    let mode = |vector: &Value| match vector["offset"].as_str().unwrap() {
        "POINT" => Mode::Point,
        "VECTOR" => Mode::Vector,
        "COORDINATE" => Mode::Coordinate,
        other => panic!("{other}"),
    };
    let small = |value: &Value| u8::try_from(value.as_u64().unwrap()).unwrap();
    let mut seen = 0;
    for vector in file["vectors"].as_array().unwrap() {
        let name = &vector["name"];
        let has = |member: &str| vector.get(member).is_some();
        if has("filter_hex") {
            let part = bytes(&vector["filter_hex"]);
            let filter = Partial::open(part.as_slice()).unwrap();
            if has("lookup_hex") {
                let lookup = bytes(&vector["lookup_hex"]);
                assert_eq!(
                    filter.contains(&lookup),
                    vector["expected"].as_bool().unwrap(),
                    "{name}"
                );
                assert!(!filter.contains(&lookup[..1]));
            }
            if has("serialized_hex") {
                let parts: Vec<&[u8]> = part[11..].chunks(filter.size()).collect();
                let p = f32::from_be_bytes(part[2..6].try_into().unwrap());
                let size = u8::try_from(filter.size()).unwrap();
                let made = make_partial(p, size, &parts).unwrap();
                assert_eq!(made, bytes(&vector["serialized_hex"]), "{name}");
            }
            seen += 1;
        }
        if !has("minSize") {
            continue;
        }
        let n = u32::try_from(vector["n"].as_u64().unwrap()).unwrap();
        let p = vector["p"].as_f64().unwrap();
        let size = partial_size(small(&vector["minSize"]), mode(vector), n, p);
        if has("size") {
            assert_eq!(size, small(&vector["size"]), "{name}");
        }
        if let Some(add) = vector["add_hex"].as_array() {
            let add: Vec<Vec<u8>> = add.iter().map(bytes).collect();
            let add: Vec<&[u8]> = add.iter().map(Vec::as_slice).collect();
            let made = make_partial(1e-6, size, &add);
            assert_eq!(
                made.is_none(),
                vector["error"].as_bool() == Some(true),
                "{name}"
            );
            if let Some(elements) = vector["elements"].as_array() {
                let made = made.unwrap();
                let numbers: Vec<u64> = made[11..]
                    .chunks(size.into())
                    .map(|part| {
                        part.iter()
                            .fold(0, |value, byte| value << 8 | u64::from(*byte))
                    })
                    .collect();
                let wanted: Vec<u64> = elements.iter().map(|e| e.as_u64().unwrap()).collect();
                assert_eq!(numbers, wanted, "{name}");
            }
        }
        seen += 1;
    }
    assert_eq!(seen, file["vectors"].as_array().unwrap().len());
}

fn signer(secret: u8) -> (SoftwareKey, PublicKey) {
    let key = SoftwareKey::es256(&Zeroizing::new([secret; 32])).unwrap();
    let public = PublicKey::from_spki(&key.spki()).unwrap();
    (key, public)
}

type Encoder = minicbor::Encoder<Vec<u8>>;
type Files = BTreeMap<String, Vec<u8>>;

fn file(files: &mut Files, name: &str, write: impl FnOnce(&mut Encoder)) {
    let mut content = minicbor::Encoder::new(Vec::new());
    write(&mut content);
    let (key, _) = signer(3);
    let message = cose::sign(content.into_writer(), &key, &Kid::from_bytes(b"list")).unwrap();
    files.insert(name.to_owned(), message);
}

fn chunk(files: &mut Files, name: &str, hashes: &[[u8; 16]]) {
    file(files, name, |out| {
        out.array(hashes.len() as u64).unwrap();
        for hash in hashes {
            out.bytes(hash).unwrap();
        }
    });
}

/// Three hashes of one kid: one straight below its first byte, two below a second one.
fn tree() -> Files {
    tree_with([3, 1, 2, 2])
}

/// The same, announcing so many for the kid, two first bytes and a second byte.
fn tree_with(announced: [u32; 4]) -> Files {
    let [all, own, first, second] = announced;
    let mut files = Files::new();
    file(&mut files, "kid.lst", |out| {
        out.map(1).unwrap().bytes(&[0xab, 1]).unwrap();
        out.map(1)
            .unwrap()
            .bytes(&[0x0b])
            .unwrap()
            .u32(all)
            .unwrap();
    });
    file(&mut files, "ab010b/index.lst", |out| {
        out.map(2).unwrap();
        out.bytes(&[0x11]).unwrap().array(3).unwrap();
        out.u32(1_650_000_000).unwrap().u32(own).unwrap();
        out.map(0).unwrap();
        out.bytes(&[0xfe]).unwrap().array(3).unwrap();
        out.u32(1_650_000_000).unwrap().u32(first).unwrap();
        out.map(1).unwrap().bytes(&[0x0c]).unwrap();
        out.array(2).unwrap();
        out.u32(1_650_000_000).unwrap().u32(second).unwrap();
    });
    chunk(&mut files, "ab010b/11/chunk.lst", &[[0x11; 16]]);
    let mut two = [[0xfe; 16]; 2];
    two[0][1] = 0x0c;
    two[1][..3].copy_from_slice(&[0xfe, 0x0c, 0]);
    chunk(&mut files, "ab010b/fe/0c/chunk.lst", &two);
    files
}

fn read(files: &Files, key: Option<&PublicKey>) -> Result<HashListBuilder, TreeError> {
    let mut lists = HashListBuilder::default();
    let result = import_tree(files, key, &mut lists);
    assert_eq!(result.is_err(), lists.is_empty(), "all or nothing");
    result.map(|()| lists)
}

#[test]
fn german_tree() {
    let (_, key) = signer(3);
    for key in [Some(&key), None] {
        let lists = HashLists::open(read(&tree(), key).unwrap().write()).unwrap();
        let (list, count) = lists.lists().next().unwrap();
        assert_eq!((list.kind, count), (HashKind::Uci, 3));
        assert_eq!(list.kid, Some(Kid::from_bytes(&[0xab, 1])));
        assert!(lists.holds(0, &[0x11; 16]) && !lists.holds(0, &[0x12; 16]));
    }
}

#[test]
fn a_german_tree_is_taken_whole_or_not_at_all() {
    let (_, key) = signer(3);
    for name in tree().keys() {
        let mut files = tree();
        files.remove(name);
        assert_eq!(read(&files, None), Err(TreeError::Missing(name.clone())));
        let mut files = tree();
        *files.get_mut(name).unwrap().last_mut().unwrap() ^= 1;
        assert_eq!(
            read(&files, Some(&key)),
            Err(TreeError::Signature(name.clone()))
        );
        assert!(
            read(&files, None).is_ok(),
            "without a key the operator vouches"
        );
        for length in [0, 1, tree()[name].len() - 1] {
            let mut files = tree();
            files.get_mut(name).unwrap().truncate(length);
            assert!(matches!(read(&files, None), Err(TreeError::Message(..))));
        }
        for content in [
            &[][..],
            &[0xf6],
            &[0xbf, 0xff],
            &[0xbb, 255, 255, 255, 255, 255, 255, 255, 255],
        ] {
            let mut files = tree();
            let (key, _) = signer(3);
            let kid = Kid::from_bytes(b"list");
            files.insert(
                name.clone(),
                cose::sign(content.to_vec(), &key, &kid).unwrap(),
            );
            assert!(matches!(read(&files, None), Err(TreeError::Content { .. })));
        }
    }
    let (_, other) = signer(4);
    assert!(matches!(
        read(&tree(), Some(&other)),
        Err(TreeError::Signature(_))
    ));
    for (announced, file) in [
        ([4, 1, 2, 2], "kid.lst"),
        ([3, 2, 2, 2], "ab010b/index.lst"),
        ([3, 1, 3, 2], "ab010b/index.lst"),
        ([3, 1, 2, 3], "ab010b/fe/0c/chunk.lst"),
    ] {
        match read(&tree_with(announced), None) {
            Err(TreeError::Incomplete { file: found, .. }) => assert_eq!(found, file),
            other => panic!("{announced:?}: {other:?}"),
        }
    }
    // More than announced is no harm.
    assert!(read(&tree_with([0, 0, 0, 0]), None).is_ok());
    for name in tree().keys() {
        let mut files = tree();
        let message = Sign1::parse(&files[name], &Limits::DEFAULT).unwrap();
        let content = [message.payload(), &[0]].concat();
        let (key, _) = signer(3);
        let message = cose::sign(content, &key, &Kid::from_bytes(b"list")).unwrap();
        files.insert(name.clone(), message);
        let what = "the end";
        let file = name.clone();
        let error = TreeError::Content { file, what };
        assert_eq!(read(&files, None), Err(error));
    }
}

/// Signs with ES256 and says EdDSA.
struct Liar(SoftwareKey);

impl Signer for Liar {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDsa
    }

    fn spki(&self) -> Vec<u8> {
        self.0.spki()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.0.sign(message)
    }
}

#[test]
fn a_german_file_that_names_another_algorithm() {
    let (key, public) = signer(3);
    let mut files = tree();
    let message = Sign1::parse(&files["kid.lst"], &Limits::DEFAULT).unwrap();
    let content = message.payload().to_vec();
    let message = cose::sign(content, &Liar(key), &Kid::from_bytes(b"list")).unwrap();
    files.insert("kid.lst".to_owned(), message);
    assert!(matches!(
        read(&files, Some(&public)),
        Err(TreeError::Signature(_))
    ));
}
