//! What a verification answers.

use alloc::{borrow::ToOwned, boxed::Box, string::String, sync::Arc, vec::Vec};

use hcert::{
    cbor,
    cwt::ContentKind,
    limits::Limits,
    received::{DccEvent, ReceivedContent, ReceivedDcc, ReceivedDvc},
    time::Timestamp,
    x509::EventKind,
};
use serde_json::{Value, json};
use trust_list::{bundle::Freshness, environment::Environment};

use crate::{
    Failure, Format,
    rules::{Outcome, RuleResult},
    trust::TrustedKey,
};

/// The answer for people: each also has a sign and a word, so that colour alone never decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Colour {
    /// Authentic, and enough.
    Green,
    /// Authentic, but the rules say not enough, or this verifier can't say.
    Amber,
    /// Not authentic, not in time, or revoked.
    Red,
}

impl Colour {
    /// The word in the verdict's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Colour::Green => "green",
            Colour::Amber => "amber",
            Colour::Red => "red",
        }
    }
}

/// What is known of a certificate's revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Revocation {
    /// The lists in hand cover this issuer, and it is on none.
    NotRevoked,
    /// It is on a list.
    Revoked,
    /// No list in hand covers this issuer.
    Unknown,
}

impl Revocation {
    /// The word in the verdict's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Revocation::NotRevoked => "not_revoked",
            Revocation::Revoked => "revoked",
            Revocation::Unknown => "unknown",
        }
    }
}

/// Why a valid certificate is not green.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Doubt {
    /// No revocation list covers the issuer.
    RevocationUnknown,
    /// The trust bundle is past its soft expiry.
    TrustStale,
    /// The trust bundle is past its hard expiry.
    TrustExpired,
    /// The clock is behind something that was signed before.
    ClockWrong,
    /// The bundle names rules that can't be read.
    RulesUnknown,
    /// A rule in force is not met.
    RuleFailed,
    /// A rule in force could not be evaluated.
    RuleOpen,
}

impl Doubt {
    /// The word in the verdict's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Doubt::RevocationUnknown => "revocation_unknown",
            Doubt::TrustStale => "trust_stale",
            Doubt::TrustExpired => "trust_expired",
            Doubt::ClockWrong => "clock_wrong",
            Doubt::RulesUnknown => "rules_unknown",
            Doubt::RuleFailed => "rule_failed",
            Doubt::RuleOpen => "rule_open",
        }
    }
}

/// The person a valid certificate names, to compare with an identity document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Family name, then given names, in their own letters where the certificate has them.
    pub name: String,
    /// As a machine-readable zone writes it: `NGUYEN<<VAN<DUC`.
    pub name_transliterated: Option<String>,
    /// `YYYY-MM-DD`, `YYYY-MM`, `YYYY`, or empty when unknown.
    pub date_of_birth: String,
}

/// A certificate that passed every stage. Only [`crate::Session::verify`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidCertificate {
    pub(crate) kind: ContentKind,
    pub(crate) content: Box<[u8]>,
    pub(crate) issuer: Option<String>,
    pub(crate) event: EventKind,
    pub(crate) limits: Limits,
}

impl ValidCertificate {
    /// Which kind of content it holds.
    pub fn kind(&self) -> ContentKind {
        self.kind
    }

    /// The country that answers for it (CWT claim iss), as written.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The kind of event it attests.
    pub fn event(&self) -> EventKind {
        self.event
    }

    /// The EU DCC in it, if it is one.
    pub fn dcc(&self) -> Option<ReceivedDcc<'_>> {
        match self.kind {
            ContentKind::EuDcc => ReceivedDcc::parse(&self.content, &self.limits).ok(),
            _ => None,
        }
    }

    /// The content as JSON, with all that was received.
    pub fn payload(&self) -> Value {
        cbor::to_json(&self.content, &self.limits).unwrap_or(Value::Null)
    }

    /// Whom it names.
    pub fn holder(&self) -> Option<Holder> {
        Holder::of(self.kind, &self.content, &self.limits)
    }
}

impl Holder {
    /// Whom a content names, whoever vouches for it.
    pub(crate) fn of(kind: ContentKind, content: &[u8], limits: &Limits) -> Option<Holder> {
        match kind {
            ContentKind::EuDcc => ReceivedDcc::parse(content, limits)
                .ok()
                .map(|dcc| dcc_holder(&dcc)),
            ContentKind::WhoDvc => ReceivedDvc::parse(content, limits).ok().map(|dvc| Holder {
                name: dvc.name.into_owned(),
                name_transliterated: None,
                date_of_birth: day(&dvc.date_of_birth),
            }),
            _ => None,
        }
    }

    /// As in the verdict's JSON.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "name_transliterated": self.name_transliterated,
            "date_of_birth": self.date_of_birth,
        })
    }
}

fn dcc_holder(dcc: &ReceivedDcc<'_>) -> Holder {
    let name = &dcc.name;
    let joined = |family: Option<&str>, given: Option<&str>, between: &str| {
        let parts = [family, given]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(between)
    };
    let standard = joined(
        name.family_standard.as_deref(),
        name.given_standard.as_deref(),
        "<<",
    );
    let own = joined(name.family.as_deref(), name.given.as_deref(), " ");
    Holder {
        name: if own.is_empty() {
            standard.replace('<', " ")
        } else {
            own
        },
        name_transliterated: (!standard.is_empty()).then_some(standard),
        date_of_birth: day(&dcc.date_of_birth),
    }
}

/// A date without the time that some issuers append.
fn day(text: &str) -> String {
    text.split('T').next().unwrap_or_default().to_owned()
}

/// The kind of event; a WHO DVC is always a vaccination.
pub(crate) fn event_of(content: &ReceivedContent<'_>) -> EventKind {
    match content {
        ReceivedContent::Dcc(dcc) => match dcc.event {
            DccEvent::Vaccination(_) => EventKind::Vaccination,
            DccEvent::Test(_) => EventKind::Test,
            DccEvent::Recovery(_) => EventKind::Recovery,
        },
        _ => EventKind::Vaccination,
    }
}

/// The answer to one scanned text.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The format, when it was recognised.
    pub format: Option<Format>,
    /// The certificate, or why it is not to be believed.
    pub result: Result<ValidCertificate, Failure>,
    /// The trusted key that is known for the message. With a failure before the signature stage
    /// it says only which key was asked for.
    pub signer: Option<Arc<TrustedKey>>,
    /// When it was issued; known once the signature holds.
    pub issued_at: Option<Timestamp>,
    /// When it ends; known once the signature holds.
    pub expires_at: Option<Timestamp>,
    /// What is known of its revocation.
    pub revocation: Revocation,
    /// Whether that may be left unknown: the bundle's policy says that the signer's country
    /// publishes none.
    pub revocation_excused: bool,
    /// The results of the rules in force.
    pub rules: Vec<RuleResult>,
    /// Whether rules are in force that can't be read.
    pub rules_unknown: bool,
    /// Whether the clock is known to be wrong.
    pub clock_doubtful: bool,
    /// The bundle it rests on.
    pub bundle: Option<BundleUse>,
}

/// What a verdict says of the bundle it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundleUse {
    /// Its sequence number.
    pub sequence: u64,
    /// Whole days since it was made.
    pub age_days: i64,
    /// Production or test.
    pub environment: Environment,
    /// How much it may be relied on at the time of the verdict.
    pub freshness: Freshness,
}

impl Verdict {
    /// A verdict about something that never became a text, or a text that failed at once.
    pub fn failed(format: Option<Format>, reason: crate::Reason) -> Verdict {
        Verdict {
            format,
            result: Err(reason.into()),
            signer: None,
            issued_at: None,
            expires_at: None,
            revocation: Revocation::Unknown,
            revocation_excused: false,
            rules: Vec::new(),
            rules_unknown: false,
            clock_doubtful: false,
            bundle: None,
        }
    }

    /// Authentic, in time, not revoked, signer allowed, schema kept.
    pub fn is_valid(&self) -> bool {
        self.result.is_ok()
    }

    /// Why a valid certificate is not green; empty for green and red.
    pub fn doubts(&self) -> Vec<Doubt> {
        if self.result.is_err() {
            return Vec::new();
        }
        let any = |outcome| self.rules.iter().any(|rule| rule.outcome == outcome);
        let freshness = self.bundle.map(|bundle| bundle.freshness);
        [
            (
                matches!(freshness, Some(Freshness::Stale { .. })),
                Doubt::TrustStale,
            ),
            (
                matches!(freshness, Some(Freshness::Expired { .. })),
                Doubt::TrustExpired,
            ),
            (
                self.revocation == Revocation::Unknown && !self.revocation_excused,
                Doubt::RevocationUnknown,
            ),
            (self.clock_doubtful, Doubt::ClockWrong),
            (self.rules_unknown, Doubt::RulesUnknown),
            (any(Outcome::Failed), Doubt::RuleFailed),
            (any(Outcome::Open), Doubt::RuleOpen),
        ]
        .into_iter()
        .filter_map(|(holds, doubt)| holds.then_some(doubt))
        .collect()
    }

    /// The answer for people.
    pub fn colour(&self) -> Colour {
        match (&self.result, self.doubts().is_empty()) {
            (Err(_), _) => Colour::Red,
            (Ok(_), true) => Colour::Green,
            (Ok(_), false) => Colour::Amber,
        }
    }
}
