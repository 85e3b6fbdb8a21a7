//! The verdict as JSON: the contract other programs are written against.

use alloc::{borrow::ToOwned, string::ToString};

use serde_json::{Map, Value, json};

use crate::{
    ValidCertificate, Verdict,
    wording::{Language, Wording},
};

impl Verdict {
    /// The verdict as one JSON object. `input` says where the code came from.
    ///
    /// Every key of the contract is always there, null where nothing is known. With a failure
    /// there is no holder and no payload.
    pub fn to_json(&self, input: &str, language: Language) -> Value {
        let words = Wording::new(language);
        let failure = self.result.as_ref().err().map(
            |failure| json!({ "stage": failure.stage().name(), "message": words.failure(failure) }),
        );
        let signer = self.signer.as_ref().map(|signer| {
            let certificate = signer.certificate();
            json!({
                "kid": signer.kid().map(ToString::to_string),
                "algorithm": signer.key().ok().map(|key| key.algorithm().name()),
                "country": signer.country(),
                "subject": certificate.map(|certificate| certificate.subject()),
            })
        });
        let holder = self
            .result
            .as_ref()
            .ok()
            .and_then(ValidCertificate::holder)
            .map(|holder| holder.to_json());
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("input", input.into());
        put("colour", self.colour().name().into());
        put("valid", self.is_valid().into());
        put("format", self.format.map(|format| format.name()).into());
        put("failure", failure.into());
        put("signer", signer.into());
        put(
            "issued_at",
            self.issued_at.map(|instant| instant.to_string()).into(),
        );
        put(
            "expires_at",
            self.expires_at.map(|instant| instant.to_string()).into(),
        );
        put("holder", holder.into());
        put(
            "payload",
            self.result
                .as_ref()
                .map_or(Value::Null, ValidCertificate::payload),
        );
        put("revocation", self.revocation.name().into());
        put(
            "trust",
            json!({
                "bundle_sequence": self.bundle.map(|bundle| bundle.sequence),
                "age_days": self.bundle.map(|bundle| bundle.age_days),
                "environment": self.bundle.map(|bundle| bundle.environment.name()),
            }),
        );
        let rules = self.rules.iter().map(|rule| {
            let description = rule
                .description
                .get(language.code())
                .or_else(|| rule.description.get("en"));
            json!({ "id": rule.id, "result": rule.outcome, "description": description })
        });
        put("rules", rules.collect());
        let doubts = self
            .doubts()
            .iter()
            .map(|doubt| doubt.name().into())
            .collect();
        put("doubts", Value::Array(doubts));
        Value::Object(object)
    }
}
