//! Payloads: read, completed, and held against everything that forbids one.

use std::{collections::HashMap, path::Path};

use hcert::{
    dcc::{Dcc, FieldError},
    time::Timestamp,
    uvci::Uvci,
    value_set::ValueSets,
    x509::KeyUsage,
};
use serde_json::{Deserializer, Value};

use crate::{
    fault::{BadEntry, EntryProblem, Fault},
    files, random,
};

/// What every certificate of one run has in common.
pub(super) struct Terms {
    /// `iss`.
    pub(super) issuer: String,
    /// `iat`.
    pub(super) issued_at: Timestamp,
    /// `exp`.
    pub(super) expires_at: Timestamp,
    /// What the DSC may sign.
    pub(super) usage: KeyUsage,
}

/// A payload that may be issued.
pub(super) struct Wanted {
    /// The payload.
    pub(super) dcc: Dcc,
}

/// Reads one payload, a list of them, or one after another.
pub(super) fn read(path: &Path) -> Result<Vec<Value>, Fault> {
    let bytes = files::read_content(path)?;
    let mut values = Vec::new();
    for value in Deserializer::from_slice(&bytes).into_iter::<Value>() {
        match value {
            Ok(Value::Array(list)) => values.extend(list),
            Ok(value) => values.push(value),
            Err(error) => {
                return Err(Fault::Json {
                    path: files::shown(path),
                    error: error.to_string(),
                });
            }
        }
    }
    if values.is_empty() {
        return Err(Fault::NoEntries {
            path: files::shown(path),
        });
    }
    Ok(values)
}

/// Completes a payload, and finds all that is wrong with it. The outer error is of this computer,
/// the inner ones are of the payload.
pub(super) fn prepare(
    mut value: Value,
    terms: &Terms,
) -> Result<Result<Wanted, Vec<EntryProblem>>, Fault> {
    add_identifier(&mut value, &terms.issuer)?;
    let sets = ValueSets::builtin();
    let mut errors: Vec<FieldError> = Vec::new();
    let dcc = match Dcc::from_json(&value) {
        Ok(dcc) => {
            errors.extend(dcc.check());
            errors.extend(dcc.check_at(terms.issued_at));
            Some(dcc)
        }
        Err(faults) => {
            errors.extend(faults);
            None
        }
    };
    for unknown in sets.check_json(&value) {
        // One complaint about a field is enough.
        if errors.iter().all(|error| error.path() != unknown.path()) {
            errors.push(unknown);
        }
    }
    let mut problems: Vec<EntryProblem> = errors.into_iter().map(EntryProblem::Field).collect();
    if let Some(kind) = dcc.as_ref().map(|dcc| dcc.event().kind())
        && !terms.usage.allows(kind)
    {
        problems.push(EntryProblem::Kind {
            kind,
            allowed: terms.usage.limits().collect(),
        });
    }
    Ok(match dcc {
        Some(dcc) if problems.is_empty() => Ok(Wanted { dcc }),
        _ => Err(problems),
    })
}

/// Gives an entry without `ci` a new one: sixteen random bytes, which nobody has to coordinate.
fn add_identifier(value: &mut Value, country: &str) -> Result<(), Fault> {
    for group in ["v", "t", "r"] {
        let entry = value
            .get_mut(group)
            .and_then(|entries| entries.get_mut(0))
            .and_then(Value::as_object_mut);
        let Some(entry) = entry else { continue };
        if matches!(entry.get("ci"), None | Some(Value::Null)) {
            let random = random::bytes::<16>()?;
            let made = Uvci::from_bytes(country, &random[..]);
            // Two letters and sixteen bytes always make one.
            entry.insert(
                "ci".into(),
                made.map(String::from).unwrap_or_default().into(),
            );
        }
    }
    Ok(())
}

/// Entries whose identifier an earlier one has: a certificate could not be revoked alone.
pub(super) fn repeated(wanted: &[Wanted]) -> Vec<BadEntry> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut bad = Vec::new();
    for (index, one) in wanted.iter().enumerate() {
        let event = one.dcc.event();
        let number = index + 1;
        match seen.get(event.certificate_id().as_str()) {
            Some(other) => bad.push(BadEntry {
                number,
                problems: vec![EntryProblem::SameIdentifier {
                    path: format!("{}[0].ci", event.key()),
                    other: *other,
                }],
            }),
            None => {
                seen.insert(event.certificate_id().as_str(), number);
            }
        }
    }
    bad
}
