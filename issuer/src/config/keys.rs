//! `[[keys]]`: document signers, in files or in an HSM.

use std::path::PathBuf;

use hcert::{time::Timestamp, x509::EventKind};
use keyring::{
    DscTerms, Profile, Secret, Source, Stop,
    pkcs11::{KeyName, TokenName},
};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{ConfigError, Key, file::Reader};
use crate::domain::settings::Lives;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileKey {
    profile: String,
    #[serde(default)]
    uses: Vec<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    until: Option<String>,
    certificate: PathBuf,
    #[serde(default)]
    file: Option<PathBuf>,
    #[serde(default)]
    passphrase_file: Option<PathBuf>,
    #[serde(default)]
    passphrase_environment: Option<String>,
    #[serde(default)]
    pkcs11: Option<FilePkcs11>,
}

/// A key in an HSM.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePkcs11 {
    module: PathBuf,
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    serial: Option<String>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    pin_file: Option<PathBuf>,
    #[serde(default)]
    pin_environment: Option<String>,
}

impl FileKey {
    pub(super) fn check(
        self,
        read: &Reader<'_>,
        index: usize,
        lives: &Lives,
    ) -> Result<Key, ConfigError> {
        let at = |key: &str| format!("keys[{}].{key}", index + 1);
        let profile: Profile = self.profile.parse().map_err(|_| {
            let why = "write \"national\" (EdDSA) or \"international\" (ES256, PS256)";
            read.wrong(&at("profile"), why)
        })?;
        let uses = uses(&self.uses).ok_or_else(|| {
            let why = "any of \"vaccination\", \"test\", \"recovery\"; left out, all that the \
                       certificate allows";
            read.wrong(&at("uses"), why)
        })?;
        let time = |key: &str, text: &Option<String>| match text.as_deref().map(instant) {
            None => Ok(None),
            Some(Some(at)) => Ok(Some(at)),
            Some(None) => {
                let why = "a time such as 2026-12-01T00:00:00Z, or a day such as 2026-12-01, \
                           which begins in UTC";
                Err(read.wrong(&at(key), why))
            }
        };
        let from = time("from", &self.from)?;
        let until = match time("until", &self.until)? {
            Some(until) => Stop::At(until),
            // What it signs last must not outlive its certificate.
            None => Stop::BeforeEnd {
                days: longest(&uses, lives),
            },
        };
        let certificate = read.folder.join(self.certificate);
        let source = match (self.file, self.pkcs11) {
            (Some(file), None) => Source::File {
                key: read.folder.join(file),
                certificate,
                passphrase: secret(
                    read,
                    (&at("passphrase_file"), self.passphrase_file),
                    (&at("passphrase_environment"), self.passphrase_environment),
                )?,
            },
            (None, Some(token)) => token.check(read, &at, certificate)?,
            _ => {
                let why = "say where the private key lies: file = \"keys/dsc.key\" with \
                           passphrase_file, or pkcs11 = { module, token, id, pin_file }";
                return Err(read.wrong(&at("file"), why));
            }
        };
        let terms = DscTerms {
            profile,
            uses,
            from,
            until,
        };
        Ok(Key { source, terms })
    }
}

impl FilePkcs11 {
    fn check(
        self,
        read: &Reader<'_>,
        at: &dyn Fn(&str) -> String,
        certificate: PathBuf,
    ) -> Result<Source, ConfigError> {
        let token = match (self.token, self.serial) {
            (Some(label), None) => TokenName::Label(label),
            (None, Some(serial)) => TokenName::Serial(serial),
            _ => {
                let why = "name the token by either token = \"its label\" or serial = \"its \
                           serial number\"";
                return Err(read.wrong(&at("pkcs11.token"), why));
            }
        };
        let key = match (self.id, self.label) {
            (Some(id), None) => KeyName::from_hex(&id)
                .map_err(|error| read.wrong(&at("pkcs11.id"), error.to_string()))?,
            (None, Some(label)) => KeyName::Label(label),
            _ => {
                let why = "name the key by either id = \"a3f09c\" (CKA_ID) or label = \"...\"";
                return Err(read.wrong(&at("pkcs11.id"), why));
            }
        };
        Ok(Source::Pkcs11 {
            // A bare name is looked for by the system's loader.
            module: match self.module.components().count() {
                1 => self.module,
                _ => read.folder.join(self.module),
            },
            token,
            key,
            certificate,
            pin: secret(
                read,
                (&at("pkcs11.pin_file"), self.pin_file),
                (&at("pkcs11.pin_environment"), self.pin_environment),
            )?,
        })
    }
}

/// From a file's first line, or from the environment.
fn secret(
    read: &Reader<'_>,
    file: (&str, Option<PathBuf>),
    environment: (&str, Option<String>),
) -> Result<Secret, ConfigError> {
    let text = match (file.1, environment.1) {
        (Some(path), None) => read.first_line(file.0, &path)?,
        (None, Some(name)) => {
            let text = (read.environment)(&name).map(Zeroizing::new);
            let text = text.ok_or_else(|| {
                let why = format!(
                    "the environment has no variable {name}: set it, or name a file instead"
                );
                read.wrong(environment.0, why)
            })?;
            Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())
        }
        _ => {
            let why = format!("needed: either this or {}", environment.0);
            return Err(read.wrong(file.0, why));
        }
    };
    Ok(Secret::new(text))
}

fn uses(names: &[String]) -> Option<Vec<EventKind>> {
    let mut uses = Vec::new();
    for name in names {
        let kind = EventKind::ALL.into_iter().find(|k| k.name() == name)?;
        if !uses.contains(&kind) {
            uses.push(kind);
        }
    }
    Some(uses)
}

fn longest(uses: &[EventKind], lives: &Lives) -> u32 {
    let of = |kind: EventKind| match kind {
        EventKind::Vaccination => lives.vaccination,
        EventKind::Test => lives.test,
        _ => lives.recovery,
    };
    let all = EventKind::ALL;
    let uses = if uses.is_empty() { &all[..] } else { uses };
    let days = uses.iter().map(|kind| of(*kind)).max().unwrap_or(0);
    u32::try_from(days).unwrap_or(u32::MAX)
}

/// An instant, or a day's beginning in UTC.
fn instant(text: &str) -> Option<Timestamp> {
    let day = hcert::date::Date::parse(text).is_ok();
    let text = if day {
        &format!("{text}T00:00:00Z")
    } else {
        text
    };
    text.parse().ok()
}
