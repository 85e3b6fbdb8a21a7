//! Lists read, with the keys that they have to be signed with.

use anyhow::{anyhow, bail};
use hcert::{limits::Limits, time::Timestamp, x509::Certificate};
use trust_exchange::{
    ImportError, Imported, Pin, austrian, did, folder, gateway, german, health_cards, master_list,
    swiss, unsigned,
};
use trust_list::import;

use super::{
    recognise::Kind,
    sources::{self, Named, Source},
};
use crate::{
    keys::certificates,
    trust::args::ImportArgs,
    words::{ExchangeTexts, Words},
};

/// A list that was read, and how its file was named.
pub(super) struct Read {
    pub(super) name: String,
    pub(super) imported: Imported,
}

/// What lists are checked with.
struct Keys {
    pins: Vec<Pin>,
    certificates: Vec<Certificate>,
    upload: Vec<Certificate>,
}

impl Keys {
    fn read(args: &ImportArgs, words: Words) -> anyhow::Result<Keys> {
        let (mut pins, mut own) = (Vec::new(), Vec::new());
        for path in &args.proof_key {
            let shown = || path.display().to_string();
            let bytes = sources::read(path)?;
            pins.push(of(&shown(), Pin::from_file(&bytes, &Limits::DEFAULT))?);
            let listing = of(&shown(), import::read(&bytes, &Limits::DEFAULT))?;
            own.extend(
                listing
                    .keys
                    .iter()
                    .filter_map(|key| key.certificate())
                    .cloned(),
            );
        }
        let mut upload = Vec::new();
        for path in &args.upload_cert {
            let read = certificates::read_certificates(path);
            upload.extend(read.map_err(|fault| anyhow::Error::msg(words.fault(&fault)))?);
        }
        Ok(Keys {
            pins,
            certificates: own,
            upload,
        })
    }

    fn are_given(&self) -> bool {
        !self.pins.is_empty() || !self.upload.is_empty()
    }

    /// With each key until one fits; the first one's failure if none does.
    fn each<K>(
        keys: &[K],
        read: impl Fn(Option<&K>) -> Result<Imported, ImportError>,
    ) -> Result<Imported, ImportError> {
        let Some((first, others)) = keys.split_first() else {
            return read(None);
        };
        let others = |failure| {
            let mut others = others.iter().map(|key| read(Some(key)));
            others.find_map(Result::ok).ok_or(failure)
        };
        read(Some(first)).or_else(others)
    }
}

/// Reads all sources. A list that fails its check is an error, and so is a key for a list that has
/// nothing to be checked.
pub(super) fn read_all(
    args: &ImportArgs,
    at: Timestamp,
    words: Words,
) -> anyhow::Result<Vec<Read>> {
    let texts = words.exchange();
    let keys = Keys::read(args, words)?;
    let reader = Reader {
        args,
        keys,
        at,
        texts,
    };
    let mut parts = Parts::default();
    let mut reads = Vec::new();
    let mut documents = Vec::new();
    for path in &args.sources {
        match sources::open(path, args.form, texts)? {
            Source::File(Kind::SwissKeys, file) => parts.swiss_keys.push(file),
            Source::File(Kind::SwissActive, file) => parts.swiss_active.push(file),
            Source::File(Kind::Austrian, file) => parts.austrian.push(file),
            Source::File(Kind::AustrianSignature, file) => parts.austrian_signatures.push(file),
            Source::File(Kind::Did, file) => documents.push(file),
            Source::File(kind, file) => reads.push(reader.file(kind, &file)?),
            Source::Documents { roots, below } => reader.documents(&roots, &below, &mut reads)?,
            Source::Certificates { name, files } => {
                reader.refuse_key(&name)?;
                let files = files.iter().map(|file| (&*file.name, &*file.bytes));
                let imported = folder::read(files, &Limits::DEFAULT);
                reads.push(Read { name, imported });
            }
        }
    }
    reader.documents(&documents, &[], &mut reads)?;
    reader.parts(&parts, &mut reads)?;
    Ok(reads)
}

/// Files of lists that are several files.
#[derive(Default)]
struct Parts {
    swiss_keys: Vec<Named>,
    swiss_active: Vec<Named>,
    austrian: Vec<Named>,
    austrian_signatures: Vec<Named>,
}

struct Reader<'a> {
    args: &'a ImportArgs,
    keys: Keys,
    at: Timestamp,
    texts: &'static ExchangeTexts,
}

impl Reader<'_> {
    fn refuse_key(&self, name: &str) -> anyhow::Result<()> {
        if self.keys.are_given() {
            bail!("{name}: {}", self.texts.no_proof);
        }
        Ok(())
    }

    fn file(&self, kind: Kind, file: &Named) -> anyhow::Result<Read> {
        let limits = &Limits::DEFAULT;
        let bytes = file.bytes.as_slice();
        if matches!(
            kind,
            Kind::Directory | Kind::HealthCardIssuer | Kind::Unsigned
        ) {
            self.refuse_key(&file.name)?;
        }
        if kind != Kind::Gateway {
            self.refuse_upload(&file.name)?;
        }
        let imported = match kind {
            Kind::German => Keys::each(&self.keys.pins, |pin| german::read(bytes, pin, limits)),
            Kind::MasterList => {
                self.need_certificates(&file.name)?;
                Keys::each(&self.keys.certificates, |signer| {
                    master_list::read(bytes, signer, self.at, limits)
                })
            }
            Kind::Gateway => {
                if !self.keys.pins.is_empty() {
                    self.need_certificates(&file.name)?;
                }
                let signers = gateway::Signers {
                    anchor: self.keys.certificates.first(),
                    upload: &self.keys.upload,
                };
                gateway::read(bytes, &signers, limits)
            }
            Kind::Directory => health_cards::directory(bytes, limits),
            Kind::HealthCardIssuer => {
                health_cards::issuer(bytes, self.args.issuer.as_deref(), limits)
            }
            _ => unsigned(bytes, limits),
        };
        Ok(Read {
            name: file.name.clone(),
            imported: of(&file.name, imported)?,
        })
    }

    /// Upload certificates alone check nothing but a gateway's list.
    fn refuse_upload(&self, name: &str) -> anyhow::Result<()> {
        if self.keys.pins.is_empty() {
            return self.refuse_key(name);
        }
        Ok(())
    }

    fn need_certificates(&self, name: &str) -> anyhow::Result<()> {
        if self.keys.certificates.len() < self.keys.pins.len() {
            bail!("{name}: {}", self.texts.proof_certificate);
        }
        Ok(())
    }

    fn documents(
        &self,
        roots: &[Named],
        below: &[Named],
        reads: &mut Vec<Read>,
    ) -> anyhow::Result<()> {
        let all: Vec<&[u8]> = roots.iter().chain(below).map(|file| &*file.bytes).collect();
        for root in roots {
            self.refuse_upload(&root.name)?;
            let imported = Keys::each(&self.keys.pins, |pin| {
                did::read(&root.bytes, &all, pin, self.at, &Limits::DEFAULT)
            });
            reads.push(Read {
                name: root.name.clone(),
                imported: of(&root.name, imported)?,
            });
        }
        Ok(())
    }

    fn parts(&self, parts: &Parts, reads: &mut Vec<Read>) -> anyhow::Result<()> {
        self.austrian(parts, reads)?;
        self.swiss(parts, reads)
    }

    fn austrian(&self, parts: &Parts, reads: &mut Vec<Read>) -> anyhow::Result<()> {
        if let (Some(lone), []) = (parts.austrian_signatures.first(), &*parts.austrian) {
            bail!("{}: {}", lone.name, self.texts.lone_signature);
        }
        for content in &parts.austrian {
            self.refuse_upload(&content.name)?;
            let checked = !self.keys.pins.is_empty();
            if checked && parts.austrian_signatures.is_empty() {
                bail!("{}: {}", content.name, self.texts.signature_missing);
            }
            // Which signature belongs to which content is not said: only the right one holds.
            let mut imported = None;
            for signature in parts.austrian_signatures.iter().map(|file| &*file.bytes) {
                let read = Keys::each(&self.keys.pins, |pin| {
                    austrian::read(&content.bytes, signature, pin, self.at, &Limits::DEFAULT)
                });
                if !matches!(imported, Some(Ok(_))) {
                    imported = Some(read);
                }
            }
            let unchecked = || austrian::read(&content.bytes, &[], None, self.at, &Limits::DEFAULT);
            let imported = imported.unwrap_or_else(unchecked);
            reads.push(Read {
                name: content.name.clone(),
                imported: of(&content.name, imported)?,
            });
        }
        Ok(())
    }

    fn swiss(&self, parts: &Parts, reads: &mut Vec<Read>) -> anyhow::Result<()> {
        let (first, active) = match (parts.swiss_keys.first(), &*parts.swiss_active) {
            (None, []) => return Ok(()),
            (Some(first), [active]) => (first, active),
            (first, active) => {
                let named = first.or(active.first()).map_or("", |file| &file.name);
                bail!("{named}: {}", self.texts.swiss_files);
            }
        };
        self.refuse_upload(&first.name)?;
        self.need_certificates(&first.name)?;
        let signer = match (self.keys.certificates.first(), &self.args.signer_name) {
            (None, _) => None,
            (Some(root), Some(name)) => Some(swiss::Signer {
                root,
                common_name: name,
            }),
            (Some(_), None) => bail!("{}: {}", first.name, self.texts.signer_name),
        };
        let pages: Vec<&[u8]> = parts.swiss_keys.iter().map(|file| &*file.bytes).collect();
        let imported = swiss::read(&pages, &active.bytes, signer, self.at, &Limits::DEFAULT);
        reads.push(Read {
            name: first.name.clone(),
            imported: of(&first.name, imported)?,
        });
        Ok(())
    }
}

/// Names the file. These errors say all of their causes themselves.
fn of<T>(name: &str, done: Result<T, impl core::fmt::Display>) -> anyhow::Result<T> {
    done.map_err(|error| anyhow!("{name}: {error}"))
}
