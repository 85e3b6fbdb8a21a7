//! A key that may sign certificates.

use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};
use once_cell::race::OnceBox;

use hcert::{
    keys::{KeyError, PublicKey},
    kid::Kid,
    time::Timestamp,
    x509::{Certificate, ChainError, KeyUsage},
};
use trust_list::key_list::{self, Withdrawal};

use crate::Reason;

/// A key that may sign certificates, and what limits it.
#[derive(Debug)]
pub struct TrustedKey {
    material: Material,
    kid: Option<Kid>,
    country: Option<String>,
    withdrawal: Option<Withdrawal>,
    pub(super) chain: Result<(), ChainError>,
    key: OnceBox<Result<PublicKey, KeyError>>,
}

#[derive(Debug)]
enum Material {
    Certificate(Box<Certificate>),
    /// A certificate in DER, read when it is first asked for: a bundle has a thousand, and a
    /// verifier meets a few.
    Listed {
        der: Vec<u8>,
        parsed: OnceBox<Option<Certificate>>,
    },
    /// A DER SubjectPublicKeyInfo.
    Spki(Vec<u8>),
}

impl TrustedKey {
    pub(super) fn of_certificate(certificate: Certificate, kid: Option<Kid>) -> TrustedKey {
        TrustedKey {
            kid: Some(kid.unwrap_or_else(|| certificate.kid())),
            country: certificate.country(),
            material: Material::Certificate(Box::new(certificate)),
            withdrawal: None,
            chain: Ok(()),
            key: OnceBox::new(),
        }
    }

    pub(super) fn bare(spki: Vec<u8>, kid: Option<Kid>) -> TrustedKey {
        TrustedKey {
            kid,
            country: None,
            material: Material::Spki(spki),
            withdrawal: None,
            chain: Ok(()),
            key: OnceBox::new(),
        }
    }

    /// As a bundle lists it. Its chain was checked before the list was signed.
    pub(super) fn listed(key: &key_list::Key) -> TrustedKey {
        TrustedKey {
            kid: key.kid.as_deref().map(Kid::from_bytes),
            country: key.country.clone(),
            material: match &key.material {
                key_list::Material::Certificate(der) => Material::Listed {
                    der: der.clone(),
                    parsed: OnceBox::new(),
                },
                key_list::Material::Spki(spki) => Material::Spki(spki.clone()),
            },
            withdrawal: key.withdrawal.clone(),
            chain: Ok(()),
            key: OnceBox::new(),
        }
    }

    /// As one verification uses it. Where memory is short, what was prepared of it goes with the verdict: kept,
    /// it would fill the memory for whoever shows a code in the name of each key of a list.
    pub(crate) fn in_use(key: &Arc<TrustedKey>) -> Arc<TrustedKey> {
        match cfg!(target_os = "none") {
            true => Arc::new(key.unprepared()),
            false => Arc::clone(key),
        }
    }

    fn unprepared(&self) -> TrustedKey {
        TrustedKey {
            material: match &self.material {
                Material::Listed { der, .. } => Material::Listed {
                    der: der.clone(),
                    parsed: OnceBox::new(),
                },
                Material::Certificate(certificate) => Material::Certificate(certificate.clone()),
                Material::Spki(spki) => Material::Spki(spki.clone()),
            },
            kid: self.kid.clone(),
            country: self.country.clone(),
            withdrawal: self.withdrawal.clone(),
            chain: self.chain.clone(),
            key: OnceBox::new(),
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
            Material::Listed { der, parsed } => parsed
                .get_or_init(|| Box::new(Certificate::from_der(der).ok()))
                .as_ref(),
            Material::Spki(_) => None,
        }
    }

    /// The country that answers for it.
    pub fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }

    /// Set when it may no longer sign.
    pub fn withdrawal(&self) -> Option<&Withdrawal> {
        self.withdrawal.as_ref()
    }

    /// What it may sign.
    pub fn usage(&self) -> KeyUsage {
        self.certificate().map_or(KeyUsage::ANY, Certificate::usage)
    }

    /// The key, prepared on first use: a list of a thousand keys opens without preparing them.
    pub fn key(&self) -> Result<&PublicKey, &KeyError> {
        self.key
            .get_or_init(|| {
                Box::new(match &self.material {
                    Material::Spki(spki) => PublicKey::from_spki(spki),
                    _ => self
                        .certificate()
                        .map_or(Err(KeyError::Encoding), Certificate::public_key),
                })
            })
            .as_ref()
    }

    /// Whether its chain holds, it was not withdrawn, and its own period held when the
    /// certificate was issued.
    pub(crate) fn check_standing(&self, issued_at: Timestamp) -> Result<(), Reason> {
        if let Err(error) = &self.chain {
            return Err(Reason::Chain(error.clone()));
        }
        if let Some(withdrawal) = &self.withdrawal
            && (withdrawal.compromised || issued_at >= withdrawal.from)
        {
            return Err(Reason::SignerWithdrawn {
                from: withdrawal.from,
                compromised: withdrawal.compromised,
            });
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
