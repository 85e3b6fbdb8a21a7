//! Rules, value sets and the policy: checked with a verifier's own readers when they are loaded.

use std::str::FromStr;

use serde_json::Value;
use service::clock::Clock;
use trust_list::policy::{AfterHardExpiry, Policy};
use verifier::rules::{RuleSet, ValueSets};

use crate::store::{Store, StoreError};

/// Largest document, in bytes.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// A kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Business rules (CertLogic), one or an array.
    Rules,
    /// Value sets.
    ValueSets,
    /// The policy; there is one, called `policy`.
    Policy,
}

impl Kind {
    /// The word in paths and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Rules => "rules",
            Kind::ValueSets => "value-sets",
            Kind::Policy => "policy",
        }
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Kind, ()> {
        [Kind::Rules, Kind::ValueSets, Kind::Policy]
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or(())
    }
}

/// Why a document is not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// A name that can't stand in a manifest.
    #[error("a name is 1 to 60 letters, digits, dots, hyphens and underscores, as in `vn-entry`")]
    Name,
    /// Larger than [`MAX_BYTES`].
    #[error("the document is larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// What a verifier's reader says.
    #[error("{0}")]
    Unusable(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A document's version, and whether it is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Put {
    /// Counts from 1.
    pub version: i64,
    /// `false` when the same content was in force already.
    pub changed: bool,
}

/// Loads a document.
pub async fn put(
    store: &Store,
    clock: &Clock,
    actor: &str,
    kind: Kind,
    name: &str,
    content: &[u8],
) -> Result<Put, DocumentError> {
    check_name(name)?;
    check(kind, content)?;
    set(store, clock, actor, (kind, name), content).await
}

/// Takes a document away; its versions stay in the database.
pub async fn remove(
    store: &Store,
    clock: &Clock,
    actor: &str,
    kind: Kind,
    name: &str,
) -> Result<Put, DocumentError> {
    check_name(name)?;
    set(store, clock, actor, (kind, name), &[]).await
}

async fn set(
    store: &Store,
    clock: &Clock,
    actor: &str,
    (kind, name): (Kind, &str),
    content: &[u8],
) -> Result<Put, DocumentError> {
    let now = clock.now();
    let mut tx = store.write().await?;
    let (version, changed) = tx
        .put_document(kind.name(), name, content, now.unix(), actor)
        .await?;
    if changed {
        let digest = trust_list::digest::Digest::of(content).to_string();
        let detail = serde_json::json!({ "version": version, "sha256": digest,
            "removed": content.is_empty() });
        let subject = format!("{} {name}", kind.name());
        tx.audit(now, actor, "document.put", &subject, &detail)
            .await?;
    }
    tx.commit().await?;
    Ok(Put { version, changed })
}

fn check_name(name: &str) -> Result<(), DocumentError> {
    let good = |c: u8| c.is_ascii_alphanumeric() || b"-_.".contains(&c);
    if (1..=60).contains(&name.len()) && name.bytes().all(good) {
        Ok(())
    } else {
        Err(DocumentError::Name)
    }
}

/// Whether a verifier can use all of it. Half a rule set would be a decision nobody took.
fn check(kind: Kind, content: &[u8]) -> Result<(), DocumentError> {
    let unusable = |why: &dyn std::fmt::Display| DocumentError::Unusable(why.to_string());
    if content.len() > MAX_BYTES {
        return Err(DocumentError::TooLarge);
    }
    let text = str::from_utf8(content).map_err(|_| unusable(&"the document is not UTF-8 text"))?;
    match kind {
        Kind::Rules => {
            let set = RuleSet::parse(text).map_err(|error| unusable(&error))?;
            match set.refused().first() {
                Some(refused) => Err(unusable(&format!(
                    "{} of {} rules can't be used; the first: {refused}",
                    set.refused().len(),
                    set.refused().len() + set.rules().len(),
                ))),
                None if set.rules().is_empty() => Err(unusable(&"there is no rule in it")),
                None => Ok(()),
            }
        }
        Kind::ValueSets => ValueSets::default()
            .add_json(text)
            .map_err(|error| unusable(&error)),
        Kind::Policy => {
            let json = serde_json::from_str(text)
                .map_err(|error| unusable(&format!("not readable JSON: {error}")))?;
            policy(&json).map(drop)
        }
    }
}

/// The policy of `{"after_hard_expiry": "amber", "without_revocation": ["AT"]}`.
pub fn policy(json: &Value) -> Result<Policy, DocumentError> {
    let wrong = |why: &str| DocumentError::Unusable(why.to_owned());
    let object = json
        .as_object()
        .ok_or_else(|| wrong("a policy is a JSON object"))?;
    let mut policy = Policy::default();
    for (key, value) in object {
        match (key.as_str(), value) {
            ("after_hard_expiry", Value::String(word)) if word == "amber" => {
                policy.after_hard_expiry = AfterHardExpiry::Amber;
            }
            ("after_hard_expiry", Value::String(word)) if word == "red" => {
                policy.after_hard_expiry = AfterHardExpiry::Red;
            }
            ("after_hard_expiry", _) => {
                return Err(wrong("after_hard_expiry is \"amber\" or \"red\""));
            }
            ("without_revocation", Value::Array(countries)) => {
                for country in countries {
                    let code = country.as_str().filter(|code| {
                        code.len() == 2 && code.bytes().all(|c| c.is_ascii_uppercase())
                    });
                    let code = code.ok_or_else(|| {
                        wrong("without_revocation lists countries of two capital letters")
                    })?;
                    policy.without_revocation.insert(code.to_owned());
                }
            }
            _ => {
                return Err(wrong(&format!(
                    "a policy says after_hard_expiry and without_revocation, not {key}"
                )));
            }
        }
    }
    Ok(policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["vn", "vn-entry.2026_1"] {
            assert!(check_name(name).is_ok());
        }
        for name in ["", "a b", "../x", "a/b", "é", &"x".repeat(61)] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn policies() {
        let read = |text: &str| check(Kind::Policy, text.as_bytes()).map_err(|e| e.to_string());
        assert_eq!(read("{}"), Ok(()));
        let text = r#"{"after_hard_expiry": "red", "without_revocation": ["CH", "AT"]}"#;
        assert_eq!(read(text), Ok(()));
        for (text, word) in [
            ("[]", "object"),
            ("{", "JSON"),
            (r#"{"after_hard_expiry": "green"}"#, "amber"),
            (r#"{"without_revocation": ["AUT"]}"#, "two capital"),
            (r#"{"without_revocation": "AT"}"#, "not without_revocation"),
            (r#"{"after": 1}"#, "not after"),
        ] {
            assert!(read(text).unwrap_err().contains(word), "{text}");
        }
    }

    #[test]
    fn rules_are_all_or_nothing() {
        for text in ["[]", "{}", "[{}]", "nothing"] {
            assert!(check(Kind::Rules, text.as_bytes()).is_err(), "{text}");
        }
        assert!(check(Kind::Rules, b"\xff").is_err());
        let large = vec![b' '; MAX_BYTES + 1];
        assert!(matches!(
            check(Kind::Rules, &large),
            Err(DocumentError::TooLarge)
        ));
    }
}
