//! A published trust list in a folder, and a web server that hands it out as badly as asked.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test program uses a part of this"
)]

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use hcert::{
    keys::{PublicKey, Signer as _, SoftwareKey},
    pem,
    time::Timestamp,
    x509::Certificate,
};
use trust_list::{
    bundle::write_file,
    digest::Digest,
    envelope::{Document, Envelope},
    environment::Environment,
    key_list::{Key, KeyList, Material, Withdrawal},
    limits::Limits,
    manifest::{Manifest, ManifestDraft, Part, PartKind},
    policy::Policy,
    root::{Root, RootDraft},
};

pub const DAY: i64 = 24 * 3600;

fn key(name: u8) -> SoftwareKey {
    SoftwareKey::eddsa(&[name; 32].into())
}

fn public(name: u8) -> Arc<PublicKey> {
    Arc::new(PublicKey::from_spki(&key(name).spki()).unwrap())
}

/// What is published.
pub struct Publication {
    pub sequence: u64,
    pub issued: Timestamp,
    pub soft_days: i64,
    pub hard_days: i64,
    pub environment: Environment,
    pub certificates: Vec<Vec<u8>>,
    pub withdrawal: Option<Withdrawal>,
    pub policy: Policy,
    pub rules: Option<String>,
    pub roots: u64,
    /// Further parts.
    pub revocation: Vec<(PartKind, &'static str, Vec<u8>)>,
    /// Leaves the parts of this kind out of what is handed out, but not out of the manifest.
    pub lost: Option<PartKind>,
}

impl Publication {
    /// Of the certificates in a PEM file, made today.
    pub fn of(pem_file: &[u8]) -> Publication {
        let text = String::from_utf8(pem_file.to_vec()).unwrap();
        Publication {
            sequence: 1,
            issued: now(),
            soft_days: 3,
            hard_days: 30,
            environment: Environment::Test,
            certificates: pem::blocks(&text).map(|block| block.unwrap().1).collect(),
            withdrawal: None,
            policy: Policy {
                without_revocation: ["VN".to_owned()].into(),
                ..Policy::default()
            },
            rules: None,
            roots: 1,
            revocation: Vec::new(),
            lost: None,
        }
    }

    fn root(&self, version: u64) -> Vec<u8> {
        // Each version has another root key; the online key is the same.
        let keys = |version: u64| u8::try_from(100 + version).unwrap();
        let root = Root::new(RootDraft {
            version,
            environment: self.environment,
            issued: Timestamp::saturating(1_700_000_000),
            expires: Timestamp::saturating(4_000_000_000),
            name: "TEST".into(),
            root: (1, vec![public(keys(version))]),
            key_list: (1, vec![public(2)]),
            manifest: (1, vec![public(3)]),
        })
        .unwrap();
        let mut envelope = Envelope::new(Document::Root, root.encode());
        envelope.sign(&key(keys(version))).unwrap();
        if version > 1 {
            envelope.sign(&key(keys(version - 1))).unwrap();
        }
        envelope.to_bytes()
    }

    pub fn fingerprint(&self, version: u64) -> String {
        let envelope =
            Envelope::parse(Document::Root, &self.root(version), &Limits::DEFAULT).unwrap();
        Digest::of(envelope.unverified_payload()).to_string()
    }

    /// The files by their path.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let keys = self.certificates.iter().map(|der| {
            let certificate = Certificate::from_der(der).unwrap();
            Key {
                kid: Some(certificate.kid().as_bytes().to_vec()),
                material: Material::Certificate(der.clone()),
                country: certificate.country(),
                domain: Some("DCC".into()),
                issuer: None,
                withdrawal: self.withdrawal.clone(),
                source: None,
            }
        });
        let list = KeyList {
            version: self.sequence,
            environment: self.environment,
            issued: self.issued,
            expires: self.issued.plus_seconds(400 * DAY),
            keys: keys.collect(),
            authorities: Vec::new(),
        };
        let mut list = Envelope::new(Document::KeyList, list.encode());
        list.sign(&key(2)).unwrap();
        let mut parts = vec![
            (PartKind::Keys, "keys", list.to_bytes()),
            (PartKind::Policy, "policy", self.policy.encode()),
        ];
        if let Some(rules) = &self.rules {
            parts.push((PartKind::Rules, "rules", rules.clone().into_bytes()));
        }
        parts.extend(self.revocation.iter().cloned());
        let named = parts
            .iter()
            .map(|(kind, name, bytes)| Part::of(kind.clone(), name, bytes));
        let manifest = Manifest::new(
            ManifestDraft {
                sequence: self.sequence,
                environment: self.environment,
                issued: self.issued,
                soft_expiry: self.issued.plus_seconds(self.soft_days * DAY),
                hard_expiry: self.issued.plus_seconds(self.hard_days * DAY),
                root_version: self.roots,
                parts: named.collect(),
            },
            &Limits::DEFAULT,
        )
        .unwrap();
        let mut manifest = Envelope::new(Document::Manifest, manifest.encode());
        manifest.sign(&key(3)).unwrap();
        let manifest = manifest.to_bytes();
        parts.retain(|(kind, ..)| Some(kind) != self.lost.as_ref());
        let roots: Vec<Vec<u8>> = (1..=self.roots).map(|version| self.root(version)).collect();
        let bundle = write_file(
            roots.iter().map(Vec::as_slice),
            &manifest,
            parts.iter().map(|(_, _, bytes)| bytes.as_slice()),
        );
        let mut files = BTreeMap::from([
            ("manifest.cose".to_owned(), manifest),
            ("bundle.hcert".to_owned(), bundle),
        ]);
        for (version, root) in (1..).zip(roots) {
            files.insert(format!("root/{version}.cose"), root);
        }
        for (_, _, bytes) in parts {
            files.insert(format!("parts/{}", Digest::of(&bytes)), bytes);
        }
        files
    }

    pub fn write(&self, folder: &Path) {
        for (name, bytes) in self.files() {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
}

pub fn now() -> Timestamp {
    let now = std::time::SystemTime::now();
    let since = now.duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::saturating(i64::try_from(since.as_secs()).unwrap())
}

/// How a mirror misbehaves.
#[derive(Clone, Default)]
pub struct Faults {
    /// Answers these paths with half of their bytes, saying that it is all.
    pub truncated: Option<&'static str>,
    /// Closes the connection half way, having promised more.
    pub torn: Option<&'static str>,
    /// Answers these paths with other bytes of the same length.
    pub swapped: Option<&'static str>,
    /// Never stops sending.
    pub endless: Option<&'static str>,
    /// 500.
    pub broken: Option<&'static str>,
}

/// A web server on loopback, ended when dropped.
pub struct Mirror {
    pub url: String,
    /// The paths asked for.
    pub asked: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Mirror {
    pub fn start(files: BTreeMap<String, Vec<u8>>, faults: Faults) -> Mirror {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let thread = {
            let (stop, asked) = (Arc::clone(&stop), Arc::clone(&asked));
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    match listener.accept() {
                        Ok((stream, _)) => answer(stream, &files, &faults, &asked),
                        Err(_) => std::thread::sleep(Duration::from_millis(2)),
                    }
                }
            })
        };
        Mirror {
            url,
            asked,
            stop,
            thread: Some(thread),
        }
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.take().unwrap().join();
    }
}

/// One request for each connection.
fn answer(
    mut stream: TcpStream,
    files: &BTreeMap<String, Vec<u8>>,
    faults: &Faults,
    asked: &Mutex<Vec<String>>,
) {
    stream.set_nonblocking(false).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    let _ = reader.read_line(&mut first);
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let path = path.trim_start_matches('/').to_owned();
    asked.lock().unwrap().push(path.clone());
    let hit = |fault: Option<&str>| fault.is_some_and(|fault| path.starts_with(fault));
    let head = |status: &str, length: usize| {
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
    };
    if hit(faults.broken) {
        let _ = stream.write_all(head("500 Internal Server Error", 0).as_bytes());
        return;
    }
    if hit(faults.endless) {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        // Far beyond every limit; the client hangs up long before.
        for _ in 0..100_000 {
            if stream.write_all(&[0; 4096]).is_err() {
                return;
            }
        }
        return;
    }
    let Some(bytes) = files.get(&path) else {
        let _ = stream.write_all(head("404 Not Found", 0).as_bytes());
        return;
    };
    let mut bytes = bytes.clone();
    if hit(faults.swapped) {
        bytes.reverse();
    }
    if hit(faults.truncated) {
        bytes.truncate(bytes.len() / 2);
    }
    let _ = stream.write_all(head("200 OK", bytes.len()).as_bytes());
    if hit(faults.torn) {
        bytes.truncate(bytes.len() / 2);
    }
    let _ = stream.write_all(&bytes);
}
