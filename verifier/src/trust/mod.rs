//! What is trusted: keys by kid, authorities above them, revocation lists.
//!
//! A [`TrustBuilder`] takes files of every kind of the field, told apart by their content; one
//! entry that can't be used is refused with its reason and never drops the rest. Chains are
//! checked once, when the [`Trust`] is built.

mod file;

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use hcert::{
    keys::{KeyError, PublicKey},
    kid::Kid,
    limits::Limits,
    time::Timestamp,
    x509::{Certificate, ChainError, KeyUsage},
};

pub use trust_list::import::{FileError, Refused};

use crate::{Reason, revocation::Revocations};

/// A key that may sign certificates, and what limits it.
#[derive(Debug)]
pub struct TrustedKey {
    material: Material,
    kid: Option<Kid>,
    country: Option<String>,
    chain: Result<(), ChainError>,
    key: OnceLock<Result<PublicKey, KeyError>>,
}

#[derive(Debug)]
enum Material {
    Certificate(Box<Certificate>),
    /// A DER SubjectPublicKeyInfo.
    Spki(Vec<u8>),
}

impl TrustedKey {
    fn of_certificate(certificate: Certificate, kid: Option<Kid>) -> TrustedKey {
        TrustedKey {
            kid: Some(kid.unwrap_or_else(|| certificate.kid())),
            country: certificate.country(),
            material: Material::Certificate(Box::new(certificate)),
            chain: Ok(()),
            key: OnceLock::new(),
        }
    }

    fn bare(spki: Vec<u8>, kid: Option<Kid>) -> TrustedKey {
        TrustedKey {
            kid,
            country: None,
            material: Material::Spki(spki),
            chain: Ok(()),
            key: OnceLock::new(),
        }
    }

    /// The kid it is listed under; a bare key has none and is tried for every message.
    pub fn kid(&self) -> Option<&Kid> {
        self.kid.as_ref()
    }

    /// The certificate, if it is more than a bare key.
    pub fn certificate(&self) -> Option<&Certificate> {
        match &self.material {
            Material::Certificate(certificate) => Some(certificate),
            Material::Spki(_) => None,
        }
    }

    /// The country its certificate names.
    pub fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }

    /// What it may sign.
    pub fn usage(&self) -> KeyUsage {
        self.certificate().map_or(KeyUsage::ANY, Certificate::usage)
    }

    /// The key, prepared on first use: a list of a thousand keys opens without preparing them.
    pub fn key(&self) -> Result<&PublicKey, &KeyError> {
        self.key
            .get_or_init(|| match &self.material {
                Material::Certificate(certificate) => certificate.public_key(),
                Material::Spki(spki) => PublicKey::from_spki(spki),
            })
            .as_ref()
    }

    /// Whether its chain holds, and its own period held when the certificate was issued.
    pub(crate) fn check_standing(&self, issued_at: Timestamp) -> Result<(), Reason> {
        if let Err(error) = &self.chain {
            return Err(Reason::Chain(error.clone()));
        }
        match self.certificate() {
            Some(certificate) if !certificate.is_valid_at(issued_at) => Err(Reason::SignerPeriod {
                issued_at,
                not_before: certificate.not_before(),
                not_after: certificate.not_after(),
            }),
            _ => Ok(()),
        }
    }
}

/// The keys and revocation lists that a verifier trusts.
#[derive(Debug, Default)]
pub struct Trust {
    by_kid: HashMap<Kid, Vec<Arc<TrustedKey>>>,
    nameless: Vec<Arc<TrustedKey>>,
    revocations: Revocations,
    refused: Vec<Refused>,
}

impl Trust {
    /// The keys to try for a message with this kid: those listed under it, then bare ones.
    pub fn candidates(&self, kid: Option<&[u8]>) -> impl Iterator<Item = &Arc<TrustedKey>> {
        let named = kid.and_then(|kid| self.by_kid.get(kid));
        named.into_iter().flatten().chain(&self.nameless)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.by_kid.values().map(Vec::len).sum::<usize>() + self.nameless.len()
    }

    /// Whether no key is trusted.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The revocation lists.
    pub fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    /// The entries that could not be used.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }
}

/// Gathers trusted files.
#[derive(Debug, Default)]
pub struct TrustBuilder {
    limits: Limits,
    keys: Vec<TrustedKey>,
    authorities: Vec<Certificate>,
    revocations: Revocations,
    refused: Vec<Refused>,
}

impl TrustBuilder {
    /// With the default limits.
    pub fn new() -> TrustBuilder {
        TrustBuilder::default()
    }

    /// Checks chains and sorts the keys by kid.
    ///
    /// A DSC whose issuer is among the authorities has to stand below one of them; one whose
    /// issuer is not given is trusted as it is, as who names it as trusted says.
    pub fn build(mut self) -> Trust {
        let mut trust = Trust {
            revocations: self.revocations,
            ..Trust::default()
        };
        for mut key in self.keys {
            key.chain = chain_of(&key, &self.authorities);
            let kid = key.kid.clone();
            let key = Arc::new(key);
            match kid {
                Some(kid) => trust.by_kid.entry(kid).or_default().push(key),
                None => trust.nameless.push(key),
            }
        }
        trust.refused.append(&mut self.refused);
        trust
    }
}

fn chain_of(key: &TrustedKey, authorities: &[Certificate]) -> Result<(), ChainError> {
    let Some(certificate) = key.certificate() else {
        return Ok(());
    };
    let named = authorities
        .iter()
        .filter(|csca| certificate.names_as_issuer(csca));
    let mut failure = Ok(());
    for csca in named {
        match certificate.check_issued_by(csca) {
            Ok(()) => return Ok(()),
            error => failure = error,
        }
    }
    failure
}
