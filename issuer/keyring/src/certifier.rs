//! The authority's step: from a payload to the texts of its certificate.

use std::sync::{Arc, Mutex, PoisonError};

use hcert::{cose::EncodeError, dcc::Dcc, kid::Kid, time::Timestamp};
use verifier::Failure;

use crate::{
    Keyring, NoKey, Profile,
    text::{Memory, Payload, TextError},
};

/// What all certificates of an issuer have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    country: String,
}

/// Not two capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the issuing country must be two capital letters, as in VN")]
pub struct NotAlpha2;

impl Terms {
    /// `country` answers for the certificates (CWT claim iss): ISO 3166-1 alpha-2.
    pub fn new(country: &str) -> Result<Terms, NotAlpha2> {
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(NotAlpha2);
        }
        let country = country.to_owned();
        Ok(Terms { country })
    }

    /// The issuing country.
    pub fn country(&self) -> &str {
        &self.country
    }
}

/// One certificate, signed for each profile that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// In the order asked for.
    pub codes: Vec<Code>,
}

/// A signed text that the verifier has taken.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// Who reads it.
    pub profile: Profile,
    /// Who signed it.
    pub kid: Kid,
    /// `HC1:...`
    pub text: String,
}

impl core::fmt::Debug for Code {
    /// Without the text, which anybody can read.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Code")
            .field("profile", &self.profile)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// Why there is no certificate. Nothing in it is of the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertifyError {
    /// No profile was asked for.
    #[error("a certificate needs a profile: national, international, or both")]
    NoProfile,
    /// It would never be valid.
    #[error("a certificate issued at {issued_at} can't end at {expires_at}")]
    NeverValid {
        /// Issue.
        issued_at: Timestamp,
        /// Expiry.
        expires_at: Timestamp,
    },
    /// No key signs it.
    #[error(transparent)]
    NoKey(#[from] NoKey),
    /// The key could not sign, or the message could not be encoded.
    #[error("the {profile} key {kid}: {error}")]
    Sign {
        /// The profile.
        profile: Profile,
        /// The key.
        kid: Kid,
        /// What happened.
        error: EncodeError,
    },
    /// The payload could not be encoded.
    #[error("the payload could not be encoded: {0}")]
    Encode(EncodeError),
    /// The finished certificate failed its own verification: an alarm, for something is broken
    /// that must not be.
    #[error("a {profile} certificate by the key {kid} failed its own verification at {stage}")]
    NotVerified {
        /// The profile.
        profile: Profile,
        /// The key.
        kid: Kid,
        /// The stage of the verdict that failed; `content` when the text verifies but does not
        /// say what was to be signed.
        stage: &'static str,
        /// The verifier's reason, unless the stage is `content`.
        failure: Option<Box<Failure>>,
    },
}

/// Makes certificates with the keys of a keyring, from any number of threads.
pub struct Certifier {
    keyring: Arc<Keyring>,
    terms: Terms,
    /// Working memory of calls that are over: as much as there were calls at a time.
    memory: Mutex<Vec<Memory>>,
}

impl Certifier {
    /// With these keys.
    pub fn new(keyring: Arc<Keyring>, terms: Terms) -> Certifier {
        Certifier {
            keyring,
            terms,
            memory: Mutex::default(),
        }
    }

    /// The keys.
    pub fn keyring(&self) -> &Arc<Keyring> {
        &self.keyring
    }

    /// The terms.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Signs a payload for each profile, and verifies each text by signature, certificate, use,
    /// time and schema, and by what it says. All texts or none.
    pub fn certify(
        &self,
        dcc: &Dcc,
        profiles: &[Profile],
        issued_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Certified, CertifyError> {
        if profiles.is_empty() {
            return Err(CertifyError::NoProfile);
        }
        if expires_at <= issued_at {
            return Err(CertifyError::NeverValid {
                issued_at,
                expires_at,
            });
        }
        // All keys before the first signature: half a certificate helps nobody.
        let mut keys = Vec::with_capacity(profiles.len());
        for (index, profile) in profiles.iter().enumerate() {
            if !profiles.iter().take(index).any(|before| before == profile) {
                let usage = dcc.event().kind();
                keys.push(self.keyring.pick(*profile, usage, issued_at, expires_at)?);
            }
        }
        let payload = Payload::new(dcc, &self.terms.country, issued_at, expires_at)
            .map_err(CertifyError::Encode)?;
        let mut memory = self.take();
        let mut codes = Vec::with_capacity(keys.len());
        for dsc in keys {
            let (profile, kid) = (dsc.profile(), dsc.kid().clone());
            let text = match dsc.text(&payload, &mut memory) {
                Ok(text) => text,
                Err(error) => return Err(of_text(error, profile, kid)),
            };
            codes.push(Code { profile, kid, text });
        }
        self.give_back(memory);
        Ok(Certified { codes })
    }

    fn take(&self) -> Memory {
        let mut pool = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        pool.pop().unwrap_or_default()
    }

    fn give_back(&self, memory: Memory) {
        let mut pool = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        pool.push(memory);
    }
}

fn of_text(error: TextError, profile: Profile, kid: Kid) -> CertifyError {
    let (stage, failure) = match error {
        TextError::Encode(error) => {
            return CertifyError::Sign {
                profile,
                kid,
                error,
            };
        }
        TextError::Failed(failure) => (failure.stage().name(), Some(Box::new(failure))),
        TextError::Differs => ("content", None),
    };
    CertifyError::NotVerified {
        profile,
        kid,
        stage,
        failure,
    }
}
