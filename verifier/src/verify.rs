//! The one function that decides.

use std::sync::Arc;

use hcert::{
    cwt::{Claims, ContentKind},
    hc1::{Decoder, SignatureVerified, Unverified},
    kid::Kid,
    limits::Limits,
    time::Timestamp,
};

use crate::{
    Format, Reason, Revocation, ValidCertificate, Verdict,
    revocation::Subject,
    rules::{External, RuleResult, RuleSet, ValueSets},
    trust::{Trust, TrustedKey},
    verdict::event_of,
};

/// Everything a verification needs besides the text and the clock.
#[derive(Default)]
pub struct Verifier {
    trust: Trust,
    rules: Option<Rules>,
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
        let known = hcert::value_set::ValueSets::builtin();
        let mut value_sets = ValueSets::default();
        for kind in hcert::value_set::Kind::ALL {
            let codes = known.entries(kind).map(|entry| entry.code.to_owned());
            value_sets.insert(kind.id(), codes.collect());
        }
        Verifier {
            rules: Some(Rules { set, value_sets }),
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
        let format = match Format::recognise(text) {
            None => return Verdict::failed(None, Reason::Unrecognised),
            Some(Format::EuDcc) => Format::EuDcc,
            Some(other) => return Verdict::failed(Some(other), Reason::Unsupported(other)),
        };
        let mut verdict = Verdict::failed(Some(format), Reason::Signature);
        let verifier = self.verifier;
        match self.decoder.decode(text) {
            Ok(message) => {
                verdict.result = verifier
                    .decide(&message, at, &mut verdict)
                    .map_err(Into::into);
            }
            Err(error) => verdict.result = Err(Reason::Decode(error).into()),
        }
        verdict
    }
}

impl Verifier {
    /// Every stage after decoding, in order; what becomes known on the way goes into the verdict.
    fn decide(
        &self,
        message: &Unverified<'_>,
        at: Timestamp,
        verdict: &mut Verdict,
    ) -> Result<ValidCertificate, Reason> {
        let (signed, signer) = self.check_signature(message, verdict)?;
        let claims = signed.claims().map_err(Reason::Claims)?;
        verdict.issued_at = claims.issued_at;
        verdict.expires_at = claims.expires_at;
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
        verdict.revocation = self.trust.revocations().status(
            &Subject {
                algorithm: message.algorithm(),
                signature: signed.signature(),
                content: fields.ok(),
                country,
            },
            at,
        );
        if verdict.revocation == Revocation::Revoked {
            return Err(Reason::Revoked);
        }
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
            verdict.rules = rules.judge(&certificate, &claims, country, kid.as_deref(), at);
        }
        Ok(certificate)
    }

    /// Tries the keys that the message's kid names. Several certificates can share a kid, so one
    /// that does not fit is no answer while another is left.
    fn check_signature<'m>(
        &self,
        message: &Unverified<'m>,
        verdict: &mut Verdict,
    ) -> Result<(SignatureVerified<'m>, &TrustedKey), Reason> {
        let kid = message.kid();
        let mut unusable = None;
        let mut first = None;
        for candidate in self.trust.candidates(kid).take(self.limits.keys_tried) {
            first = first.or(Some(candidate));
            match candidate.key() {
                Ok(key) => {
                    if let Ok(signed) = message.verify(key) {
                        verdict.signer = Some(Arc::clone(candidate));
                        return Ok((signed, candidate));
                    }
                }
                Err(error) => unusable = Some(error),
            }
        }
        verdict.signer = first.map(Arc::clone);
        match (first, unusable) {
            (None, _) => Err(Reason::UnknownKey(kid.map(Kid::from_bytes))),
            (_, None) => Err(Reason::Signature),
            (_, Some(error)) => Err(Reason::Key(error.clone())),
        }
    }
}

impl Rules {
    fn judge(
        &self,
        certificate: &ValidCertificate,
        claims: &Claims<'_>,
        issuer_country: Option<&str>,
        kid: Option<&str>,
        at: Timestamp,
    ) -> Vec<RuleResult> {
        let external = External {
            value_sets: &self.value_sets,
            issuer_country,
            kid,
            exp: claims.expires_at.map(Timestamp::to_date_time),
            iat: claims.issued_at.map(Timestamp::to_date_time),
            ..External::at(at.to_date_time())
        };
        self.set.evaluate(&certificate.payload(), &external)
    }
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
