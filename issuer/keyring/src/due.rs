//! What a person has to do about the keys.

use core::fmt;

use hcert::{kid::Kid, time::Timestamp, x509::EventKind};

use crate::{DAY, Keyring, Profile};

/// Something a person has to do, or to know, about the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Due {
    /// After this instant nothing signs these kinds: a successor has to be made, or to begin
    /// earlier.
    Successor {
        /// The profile.
        profile: Profile,
        /// The kinds.
        uses: Vec<EventKind>,
        /// When the last key stops; the time asked about, when it has stopped already.
        ends: Timestamp,
        /// When the next one begins that is there already, after a gap.
        next: Option<Timestamp>,
    },
    /// The certificate ends, and with it everything it signed.
    CertificateEnds {
        /// The key.
        kid: Kid,
        /// Its profile.
        profile: Profile,
        /// The end.
        ends: Timestamp,
    },
    /// A key whose day has not come: its certificate has to be known to verifiers by then.
    Begins {
        /// The key.
        kid: Kid,
        /// Its profile.
        profile: Profile,
        /// Its day.
        from: Timestamp,
    },
}

impl Due {
    /// By when.
    pub fn by(&self) -> Timestamp {
        match self {
            Due::Successor { ends, .. } | Due::CertificateEnds { ends, .. } => *ends,
            Due::Begins { from, .. } => *from,
        }
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Due::Successor {
                profile,
                uses,
                ends,
                next,
            } => {
                let uses: Vec<&str> = uses.iter().map(|kind| kind.name()).collect();
                write!(
                    f,
                    "no key signs {profile} certificates ({}) after {ends}",
                    uses.join(", ")
                )?;
                next.map_or(Ok(()), |next| write!(f, " until the next begins at {next}"))
            }
            Due::CertificateEnds { kid, profile, ends } => {
                write!(
                    f,
                    "the certificate of the {profile} key {kid} ends at {ends}"
                )
            }
            Due::Begins { kid, profile, from } => {
                write!(f, "the {profile} key {kid} begins to sign at {from}")
            }
        }
    }
}

impl Keyring {
    /// What is due within so many days: the most urgent first. Keys whose day has not come are
    /// all listed.
    pub fn due(&self, at: Timestamp, ahead: u32) -> Vec<Due> {
        let limit = at.plus_seconds(i64::from(ahead) * DAY);
        let mut due = Vec::new();
        for profile in Profile::ALL {
            for usage in EventKind::ALL {
                if let Some((ends, next)) = self.gap(profile, usage, at, limit) {
                    add(&mut due, profile, usage, ends, next);
                }
            }
        }
        for dsc in self.all() {
            let (kid, profile) = (dsc.kid().clone(), dsc.profile());
            if at < dsc.from() {
                let from = dsc.from();
                due.push(Due::Begins { kid, profile, from });
            } else if (at..=limit).contains(&dsc.ends()) {
                let ends = dsc.ends();
                due.push(Due::CertificateEnds { kid, profile, ends });
            }
        }
        due.sort_by_key(Due::by);
        due
    }

    /// The first instant until the limit at which no key signs, and when one begins after it;
    /// `None` when one always does, or when none is there for this kind at all.
    fn gap(
        &self,
        profile: Profile,
        usage: EventKind,
        at: Timestamp,
        limit: Timestamp,
    ) -> Option<(Timestamp, Option<Timestamp>)> {
        self.of(profile, usage).next()?;
        let mut covered = at;
        while covered <= limit {
            let until = self
                .of(profile, usage)
                .filter(|dsc| dsc.signs_at(covered))
                .map(|dsc| dsc.until())
                .max();
            match until {
                Some(until) => covered = until,
                None => {
                    let from = self.of(profile, usage).map(|dsc| dsc.from());
                    return Some((covered, from.filter(|from| covered < *from).min()));
                }
            }
        }
        None
    }
}

/// Kinds that a profile misses from the same instant on are one thing to do.
fn add(
    due: &mut Vec<Due>,
    profile: Profile,
    usage: EventKind,
    ends: Timestamp,
    next: Option<Timestamp>,
) {
    for one in due.iter_mut() {
        if let Due::Successor {
            profile: there,
            uses,
            ends: end,
            next: begin,
        } = one
            && (*there, *end, *begin) == (profile, ends, next)
        {
            return uses.push(usage);
        }
    }
    due.push(Due::Successor {
        profile,
        uses: vec![usage],
        ends,
        next,
    });
}
