//! Where the service meets `trust_exchange`: what an uploaded list holds, and what of it is let in.

use hcert::{limits::Limits, time::Timestamp, x509::Certificate};
use trust_exchange::{
    ImportError, Imported, Pin,
    admission::{self, Settings},
    did, german, master_list,
};
use trust_list::{
    environment::Environment,
    import::{Listed, Material, Role},
};

/// A list that somebody handed in.
#[derive(Debug, Clone, Default)]
pub struct Upload {
    /// Its bytes.
    pub list: Vec<u8>,
    /// Where it comes from, for people.
    pub source: String,
    /// The content of the file with the key to check it with, if it shall be checked.
    pub pin: Option<Vec<u8>>,
    /// The one country whose keys it may bring.
    pub country: Option<String>,
    /// Its keys wait for somebody to admit them.
    pub as_candidates: bool,
}

/// What a list brings, and what not.
#[derive(Debug)]
pub struct Incoming {
    /// Let in.
    pub keys: Vec<Listed>,
    /// The others: which, and why.
    pub refused: Vec<(String, String)>,
    /// Whose word it is.
    pub vouch: String,
}

/// Why a whole list is not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// It can't be read, or its proof does not hold.
    #[error("{0}")]
    List(String),
    /// The key to check it with can't be used.
    #[error("the key to check the list with can't be used: {0}")]
    Pin(String),
    /// A key was given for a form that carries no signature.
    #[error("this list carries no signature that could be checked: import it without `pin`")]
    NoProof,
}

impl From<ImportError> for ListError {
    fn from(error: ImportError) -> ListError {
        ListError::List(error.to_string())
    }
}

/// Reads a list of any form that stands in one file, and decides entry by entry.
pub fn read(
    upload: &Upload,
    environment: Environment,
    authorities: &[Certificate],
    now: Timestamp,
) -> Result<Incoming, ListError> {
    let Imported { listing, vouch } = open(upload, now)?;
    let settings = match environment {
        Environment::Production => Settings::production(now),
        Environment::Test => Settings::test(now),
    };
    let settings = Settings {
        country: upload.country.clone(),
        ..settings
    };
    let admission = admission::admit(&[listing], authorities, &settings);
    let refused = admission.refused.into_iter();
    Ok(Incoming {
        keys: admission.admitted.into_iter().map(|one| one.key).collect(),
        refused: refused
            .map(|refusal| (refusal.entry, refusal.why.to_string()))
            .collect(),
        vouch: vouch.to_string(),
    })
}

fn open(upload: &Upload, now: Timestamp) -> Result<Imported, ListError> {
    let limits = Limits::DEFAULT;
    let pin = match &upload.pin {
        Some(file) => {
            Some(Pin::from_file(file, &limits).map_err(|error| ListError::Pin(error.to_string()))?)
        }
        None => None,
    };
    let list = upload.list.as_slice();
    let first = list.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        Some(b'{') if pin.is_some() => Ok(did::read(list, &[], pin.as_ref(), now, &limits)?),
        Some(0x30) => {
            // A master list is DER like a certificate; a certificate is the commoner one.
            let plain = trust_exchange::unsigned(list, &limits);
            match (plain, &upload.pin) {
                (Ok(plain), None) => Ok(plain),
                (Ok(_), Some(_)) => Err(ListError::NoProof),
                (Err(plain), pin) => {
                    let signer = pin.as_deref().map(certificate).transpose()?;
                    match master_list::read(list, signer.as_ref(), now, &limits) {
                        Ok(imported) => Ok(imported),
                        Err(error) if signer.is_some() => Err(error.into()),
                        // What it is not matters less than what it could not be read as.
                        Err(error) => Err(ListError::List(format!("{plain}; {error}"))),
                    }
                }
            }
        }
        _ if is_german(list) => Ok(german::read(list, pin.as_ref(), &limits)?),
        _ if pin.is_some() => Err(ListError::NoProof),
        _ => Ok(trust_exchange::unsigned(list, &limits)?),
    }
}

/// A signature on the first line, JSON below.
fn is_german(list: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(list) else {
        return false;
    };
    let below = text.trim_start().split_once('\n');
    below.is_some_and(|(first, rest)| {
        rest.trim_start().starts_with('{') && !first.starts_with(['{', '[', '-'])
    })
}

fn certificate(file: &[u8]) -> Result<Certificate, ListError> {
    let listing = trust_exchange::unsigned(file, &Limits::DEFAULT)
        .map_err(|error| ListError::Pin(error.to_string()))?
        .listing;
    let mut certificates = listing.keys.iter().filter_map(Listed::certificate);
    let first = certificates.next().cloned();
    first.ok_or_else(|| ListError::Pin("a master list is checked with a certificate".into()))
}

/// The DER of a listed key, and whether it is a certificate.
pub fn der(key: &Listed) -> (Vec<u8>, bool) {
    match &key.material {
        Material::Certificate(certificate) => (certificate.der().to_vec(), true),
        Material::Key(spki) => (spki.clone(), false),
    }
}

/// `signer` or `authority`; `None` for keys of other use.
pub fn role(key: &Listed) -> Option<&'static str> {
    match key.role {
        Role::Signer => Some("signer"),
        Role::Authority => Some("authority"),
        Role::Other(_) => None,
    }
}
