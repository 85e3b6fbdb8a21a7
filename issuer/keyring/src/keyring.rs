//! All document signers, and which of them signs.

use hcert::{kid::Kid, time::Timestamp, x509::EventKind};

use crate::{Dsc, Profile, days_between};

/// The document signers of an issuer: those that sign now, those whose day has not come, and
/// those that have stopped.
#[derive(Debug, Default)]
pub struct Keyring {
    all: Vec<Dsc>,
}

/// The same certificate twice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the document signer {kid} ({subject}) is there twice: each needs a kid of its own")]
pub struct Duplicate {
    /// Its kid.
    pub kid: Kid,
    /// Its certificate's subject.
    pub subject: String,
}

/// Why no key signs a certificate that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoKey {
    /// No key of this profile.
    #[error("there is no key for {profile} certificates")]
    Profile {
        /// The profile asked for.
        profile: Profile,
    },
    /// Keys of this profile, but none for this kind.
    #[error("no key for {profile} certificates may sign a {usage}", usage = .usage.name())]
    Use {
        /// The profile asked for.
        profile: Profile,
        /// The kind asked for.
        usage: EventKind,
    },
    /// None has begun to sign.
    #[error("no key signs a {profile} {usage} yet: the first begins at {first}",
        usage = .usage.name())]
    NotBegun {
        /// The profile asked for.
        profile: Profile,
        /// The kind asked for.
        usage: EventKind,
        /// When the first begins.
        first: Timestamp,
    },
    /// The last one has stopped, and none has taken over.
    #[error("the last key for a {profile} {usage} stopped signing at {ended}{}",
        .next.map_or_else(String::new, |next| format!(", and the next begins at {next}")),
        usage = .usage.name())]
    Ended {
        /// The profile asked for.
        profile: Profile,
        /// The kind asked for.
        usage: EventKind,
        /// When it stopped.
        ended: Timestamp,
        /// When one begins that is there already.
        next: Option<Timestamp>,
    },
    /// The certificate would outlive its signer's.
    #[error(
        "the certificate would last until {expires}, and its signer's ends at {latest}: at most \
         {days} days fit"
    )]
    Expiry {
        /// The expiry asked for.
        expires: Timestamp,
        /// The latest that a key which signs now allows.
        latest: Timestamp,
        /// Whole days from the time of signing until then.
        days: i64,
    },
}

impl Keyring {
    /// Holds these.
    pub fn new(all: Vec<Dsc>) -> Result<Keyring, Duplicate> {
        let mut kids: Vec<&Kid> = all.iter().map(Dsc::kid).collect();
        kids.sort();
        let twice = kids.windows(2).find(|pair| pair.first() == pair.last());
        if let Some(kid) = twice.and_then(|pair| pair.first()) {
            let dsc = all.iter().find(|dsc| dsc.kid() == *kid);
            return Err(Duplicate {
                kid: (*kid).clone(),
                subject: dsc.map_or_else(String::new, |dsc| dsc.certificate().subject().into()),
            });
        }
        Ok(Keyring { all })
    }

    /// All of them.
    pub fn all(&self) -> &[Dsc] {
        &self.all
    }

    /// The key that signs: of those that sign this kind at this instant and whose certificate
    /// lasts until `expires`, the one that began last. So a new key takes over on its day, and
    /// the old one stays there for what the new one can't sign.
    pub fn pick(
        &self,
        profile: Profile,
        usage: EventKind,
        at: Timestamp,
        expires: Timestamp,
    ) -> Result<&Dsc, NoKey> {
        self.of(profile, usage)
            .filter(|dsc| dsc.signs_at(at) && expires <= dsc.ends())
            // The kid only makes the choice the same in every process.
            .max_by_key(|dsc| (dsc.from(), dsc.ends(), dsc.kid()))
            .ok_or_else(|| self.why_none(profile, usage, at, expires))
    }

    /// The keys of this profile and kind, at whatever time.
    pub(crate) fn of(&self, profile: Profile, usage: EventKind) -> impl Iterator<Item = &Dsc> {
        self.all
            .iter()
            .filter(move |dsc| dsc.is_for(profile, usage))
    }

    fn why_none(
        &self,
        profile: Profile,
        usage: EventKind,
        at: Timestamp,
        expires: Timestamp,
    ) -> NoKey {
        let signing = self.of(profile, usage).filter(|dsc| dsc.signs_at(at));
        if let Some(latest) = signing.map(Dsc::ends).max() {
            return NoKey::Expiry {
                expires,
                latest,
                days: days_between(at, latest),
            };
        }
        let from = self.of(profile, usage).map(Dsc::from);
        let next = from.filter(|from| at < *from).min();
        let until = self.of(profile, usage).map(Dsc::until);
        let ended = until.filter(|until| *until <= at).max();
        match (ended, next) {
            (Some(ended), next) => NoKey::Ended {
                profile,
                usage,
                ended,
                next,
            },
            (None, Some(first)) => NoKey::NotBegun {
                profile,
                usage,
                first,
            },
            (None, None) if self.all.iter().any(|dsc| dsc.profile() == profile) => {
                NoKey::Use { profile, usage }
            }
            (None, None) => NoKey::Profile { profile },
        }
    }
}
