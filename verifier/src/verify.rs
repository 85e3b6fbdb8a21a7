//! The one function that decides.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};

use hcert::{
    cwt::{Claims, ContentKind},
    hc1::{Decoder, SignatureVerified, Unverified},
    kid::Kid,
    limits::Limits,
    received::ReceivedContent,
    time::Timestamp,
};

use trust_list::{
    bundle::{Bundle, Freshness},
    manifest::PartKind,
    policy::AfterHardExpiry,
    revocation::{Status, Subject, Why},
};

use crate::{
    BundleUse, Format, Reason, Revocation, ValidCertificate, Verdict,
    rules::{External, RuleSet, ValueSets},
    trust::{BundleInfo, Refused, Trust, TrustedKey},
    verdict::event_of,
};

/// Everything a verification needs besides the text and the clock.
#[derive(Default)]
pub struct Verifier {
    trust: Trust,
    rules: Option<Rules>,
    rules_unknown: bool,
    clock_doubtful: bool,
    limits: Limits,
}

/// The rules in force and what they refer to.
struct Rules {
    set: RuleSet,
    value_sets: ValueSets,
}

impl Verifier {
    /// With these keys, no rules, and the default limits.
    pub fn new(trust: Trust) -> Verifier {
        Verifier {
            trust,
            ..Verifier::default()
        }
    }

    /// With these rules besides, over the built-in value sets.
    pub fn with_rules(self, set: RuleSet) -> Verifier {
        let rules = self.rules.unwrap_or_else(|| Rules {
            set: RuleSet::default(),
            value_sets: builtin_value_sets(),
        });
        let mut rules = rules;
        rules.set.extend(set);
        Verifier {
            rules: Some(rules),
            ..self
        }
    }

    /// With the rules and value sets of a bundle besides. What can't be read of them turns every
    /// answer that depends on it amber, and is told.
    pub fn with_bundle_rules(self, bundle: &Bundle) -> (Verifier, Vec<Refused>) {
        let mut refused = Vec::new();
        let mut read = |kind: &PartKind, take: &mut dyn FnMut(&str) -> Result<(), String>| {
            for (part, bytes) in bundle.parts_of(kind) {
                let text = bytes.map(|bytes| str::from_utf8(bytes));
                let done = match text {
                    None => Err("missing or damaged".to_owned()),
                    Some(Err(_)) => Err("not UTF-8".to_owned()),
                    Some(Ok(text)) => take(text),
                };
                if let Err(why) = done {
                    let entry = format!("{} {}", part.kind, part.name);
                    refused.push(Refused { entry, why });
                }
            }
        };
        // Without rules nobody asks for them, and they take room.
        let mut value_sets = match bundle.parts_of(&PartKind::Rules).next() {
            Some(_) => builtin_value_sets(),
            None => ValueSets::default(),
        };
        read(&PartKind::ValueSets, &mut |text| {
            let added = value_sets.add_json(text);
            added.map_err(|error| error.to_string())
        });
        let mut set = RuleSet::default();
        read(&PartKind::Rules, &mut |text| {
            let rules = RuleSet::parse(text).map_err(|error| error.to_string())?;
            let unreadable = rules.refused().first().map(|rule| rule.error.to_string());
            set.extend(rules);
            unreadable.map_or(Ok(()), Err)
        });
        let none = set.rules().is_empty();
        let verifier = Verifier {
            rules: (!none).then_some(Rules { set, value_sets }),
            rules_unknown: !refused.is_empty(),
            ..self
        };
        (verifier, refused)
    }

    /// With a clock that is known to be wrong (see [`trust_list::clock`]): what it says of expiry
    /// is not to be relied on, so no answer is green.
    pub fn with_doubtful_clock(self) -> Verifier {
        Verifier {
            clock_doubtful: true,
            ..self
        }
    }

    /// The trusted keys.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Decides about one scanned text at an instant.
    pub fn verify(&self, text: &str, at: Timestamp) -> Verdict {
        self.session().verify(text, at)
    }

    /// For many texts in a row: reuses its buffers. One per thread.
    pub fn session(&self) -> Session<'_> {
        Session {
            verifier: self,
            decoder: Decoder::new(self.limits),
        }
    }
}

/// A verifier with its working memory.
pub struct Session<'v> {
    verifier: &'v Verifier,
    decoder: Decoder,
}

impl Session<'_> {
    /// Decides about one scanned text at an instant.
    pub fn verify(&mut self, text: &str, at: Timestamp) -> Verdict {
        self.verifier.verify_with(&mut self.decoder, text, at)
    }
}

impl Verifier {
    /// As [`Session::verify`], for a caller that has several verifiers and one decoder for them
    /// all. The decoder's limits hold for taking the text apart.
    pub fn verify_with(&self, decoder: &mut Decoder, text: &str, at: Timestamp) -> Verdict {
        self.verify_for(decoder, text, at, None)
    }

    /// As [`Verifier::verify_with`], for somebody who arrives in a country (ISO 3166-1 alpha-2): of
    /// the acceptance rules only that country's apply. Without one, those of every country in hand do.
    pub fn verify_for(
        &self,
        decoder: &mut Decoder,
        text: &str,
        at: Timestamp,
        country: Option<&str>,
    ) -> Verdict {
        let format = match Format::recognise(text) {
            None => return Verdict::failed(None, Reason::Unrecognised),
            Some(Format::EuDcc) => Format::EuDcc,
            Some(other) => return Verdict::failed(Some(other), Reason::Unsupported(other)),
        };
        let mut verdict = Verdict::failed(Some(format), Reason::Signature);
        verdict.clock_doubtful = self.clock_doubtful;
        verdict.bundle = self.trust.bundle().map(|bundle| BundleUse {
            sequence: bundle.sequence,
            age_days: bundle.validity.age_days(at),
            environment: bundle.environment,
            freshness: bundle.validity.freshness(at),
        });
        match decoder.decode(text) {
            Ok(message) => {
                let decided = self.decide(&message, at, country, &mut verdict);
                verdict.result = decided.map_err(Into::into);
            }
            Err(error) => verdict.result = Err(Reason::Decode(error).into()),
        }
        verdict
    }
}

/// What a certificate can be revoked by.
struct Revocable<'a> {
    message: &'a Unverified<'a>,
    signed: &'a SignatureVerified<'a>,
    /// The content, whose UVCIs count; `None` when it could not be read.
    fields: Option<&'a ReceivedContent<'a>>,
    country: Option<&'a str>,
    issued_at: Option<Timestamp>,
}

impl Verifier {
    /// Every stage after decoding, in order; what becomes known on the way goes into the verdict.
    fn decide(
        &self,
        message: &Unverified<'_>,
        at: Timestamp,
        arrival: Option<&str>,
        verdict: &mut Verdict,
    ) -> Result<ValidCertificate, Reason> {
        let (signed, signer) = self.check_signature(message, verdict)?;
        let claims = signed.claims().map_err(Reason::Claims)?;
        verdict.issued_at = claims.issued_at;
        verdict.expires_at = claims.expires_at;
        self.check_trust_in_force(at)?;
        signer.check_standing(claims.issued_at.unwrap_or(at))?;

        let content = claims.content.as_ref().ok_or(Reason::NoContent)?;
        let kind = content.kind;
        verdict.format = Some(format_of(kind)?);
        let fields = content.fields.as_ref();
        if let Ok(fields) = fields
            && !signer.usage().allows(event_of(fields))
        {
            return Err(Reason::KeyUsage(event_of(fields)));
        }
        check_time(&claims, kind, at)?;

        let country = claims.issuer.as_deref().or(signer.country());
        let revocable = Revocable {
            message,
            signed: &signed,
            fields: fields.ok(),
            country,
            issued_at: claims.issued_at,
        };
        verdict.revocation = self.check_revocation(&revocable, at);
        if verdict.revocation == Revocation::Revoked {
            return Err(Reason::Revoked);
        }
        // By the signer's country, not by what it wrote: a country that revokes could else escape
        // by naming another.
        let excused = |bundle: &BundleInfo| {
            let countries = &bundle.policy.without_revocation;
            signer
                .country()
                .is_some_and(|country| countries.contains(country))
        };
        verdict.revocation_excused = self.trust.bundle().is_some_and(excused);
        let fields = fields.map_err(|error| Reason::Content(error.clone()))?;
        let certificate = ValidCertificate {
            kind,
            content: content.bytes.into(),
            issuer: claims.issuer.as_deref().map(str::to_owned),
            event: event_of(fields),
            limits: self.limits,
        };
        if let (Some(rules), ContentKind::EuDcc) = (&self.rules, kind) {
            let kid = message.kid().map(|kid| Kid::from_bytes(kid).to_string());
            let external = External {
                value_sets: &rules.value_sets,
                country_code: arrival,
                issuer_country: country,
                kid: kid.as_deref(),
                exp: claims.expires_at.map(Timestamp::to_date_time),
                iat: claims.issued_at.map(Timestamp::to_date_time),
                ..External::at(at.to_date_time())
            };
            verdict.rules = rules.set.evaluate(&certificate.payload(), &external);
        }
        verdict.rules_unknown = self.rules_unknown && kind == ContentKind::EuDcc;
        Ok(certificate)
    }

    /// Whether the bundle's policy lets it be relied on.
    fn check_trust_in_force(&self, at: Timestamp) -> Result<(), Reason> {
        match self.trust.bundle() {
            Some(bundle) if bundle.policy.after_hard_expiry == AfterHardExpiry::Red => {
                match bundle.validity.freshness(at) {
                    Freshness::Expired { since } => Err(Reason::TrustExpired(since)),
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// What is known of revocation. A certificate that is younger than a list which is still
    /// fresh is on none: nobody revokes before issuing, and until the soft expiry a list speaks
    /// for now, as a CRL does until its next update (RFC 5280 section 5.1.2.5).
    fn check_revocation(&self, of: &Revocable<'_>, at: Timestamp) -> Revocation {
        let kid = of.message.protected_kid().map(Kid::from_bytes);
        let mut identifiers = Vec::new();
        if let Some(ReceivedContent::Dcc(dcc)) = of.fields {
            identifiers.extend(dcc.identifiers());
        }
        let subject = Subject {
            kid: kid.as_ref(),
            country: of.country,
            algorithm: of.message.algorithm(),
            signature: of.signed.signature(),
            identifiers: &identifiers,
            issued_at: of.issued_at,
        };
        let fresh = |bundle: &BundleInfo| bundle.validity.freshness(at) == Freshness::Fresh;
        match self.trust.revocations().status(&subject, at) {
            Status::Revoked { .. } => Revocation::Revoked,
            Status::NotRevoked => Revocation::NotRevoked,
            Status::Unknown { why: Why::Younger } if self.trust.bundle().is_some_and(fresh) => {
                Revocation::NotRevoked
            }
            Status::Unknown { .. } => Revocation::Unknown,
        }
    }

    /// Tries the keys that the message's kid names. Several certificates can share a kid, so one
    /// that does not fit is no answer while another is left.
    fn check_signature<'m>(
        &self,
        message: &Unverified<'m>,
        verdict: &mut Verdict,
    ) -> Result<(SignatureVerified<'m>, Arc<TrustedKey>), Reason> {
        let kid = message.kid();
        let mut unusable = None;
        let mut first = None;
        for candidate in self.trust.candidates(kid).take(self.limits.keys_tried) {
            first = first.or(Some(candidate));
            let candidate = TrustedKey::in_use(candidate);
            match candidate.key() {
                Ok(key) => {
                    if let Ok(signed) = message.verify(key) {
                        verdict.signer = Some(Arc::clone(&candidate));
                        return Ok((signed, candidate));
                    }
                }
                Err(error) => unusable = Some(error.clone()),
            }
        }
        verdict.signer = first.map(TrustedKey::in_use);
        match (first, unusable) {
            (None, _) => Err(Reason::UnknownKey(kid.map(Kid::from_bytes))),
            (_, None) => Err(Reason::Signature),
            (_, Some(error)) => Err(Reason::Key(error)),
        }
    }
}

fn builtin_value_sets() -> ValueSets {
    let known = hcert::value_set::ValueSets::builtin();
    let mut value_sets = ValueSets::default();
    for kind in hcert::value_set::Kind::ALL {
        let codes = known.entries(kind).map(|entry| entry.code.to_owned());
        value_sets.insert(kind.id(), codes.collect());
    }
    value_sets
}

fn format_of(kind: ContentKind) -> Result<Format, Reason> {
    match kind {
        ContentKind::EuDcc => Ok(Format::EuDcc),
        ContentKind::WhoDvc => Ok(Format::WhoDvc),
        ContentKind::WhoDdcc => Err(Reason::Unsupported(Format::WhoDdcc)),
        _ => Err(Reason::NoContent),
    }
}

/// From nbf and iat on, and until exp, that instant included: the HCERT specification (section 3.3)
/// rejects after exp, where RFC 8392 section 3.1.4 would from exp on.
fn check_time(claims: &Claims<'_>, kind: ContentKind, at: Timestamp) -> Result<(), Reason> {
    if let Some(from) = claims.not_before.max(claims.issued_at)
        && at < from
    {
        return Err(Reason::NotYetValid(from));
    }
    match claims.expires_at {
        Some(until) if at > until => Err(Reason::Expired(until)),
        Some(_) => Ok(()),
        // A vaccination against yellow fever holds for life.
        None if kind == ContentKind::WhoDvc => Ok(()),
        None => Err(Reason::NoExpiry),
    }
}
