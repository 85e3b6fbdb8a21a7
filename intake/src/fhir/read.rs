//! From bytes to items.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    FhirError, Issue, Item, Limits, Reading, What, codes,
    convert::Filled,
    resource::{Bundle, Immunization, Observation, Patient},
};
use crate::{
    field::Field,
    finding::{Finding, Problem, any_error},
    plausibility::{self, Known},
    table::{Accepted, Options, fingerprint, hash},
};

/// A resource, and where it is.
struct Located {
    path: String,
    url: Option<String>,
    kind: String,
    value: Value,
}

/// Reads a Bundle, one resource, or lines of resources (NDJSON), told by the content.
///
/// `options` are those of tables; its limits count for nothing here.
pub fn read(bytes: &[u8], options: &Options<'_>, limits: &Limits) -> Result<Reading, FhirError> {
    if bytes.len() > limits.bytes {
        let limit = limits.bytes;
        return Err(FhirError::TooManyBytes { limit });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let resources = locate(bytes, limits)?;
    let mut notes = Vec::new();
    let index = index(&resources, &mut notes);
    let mut items: Vec<Item> = Vec::new();
    for resource in &resources {
        let path = &resource.path;
        let filled = match resource.kind.as_str() {
            "Immunization" => match parse::<Immunization>(&resource.value) {
                Some(immunization) => {
                    let mut filled = Filled::new();
                    filled.immunization(&immunization, options.settings.catalogue, path);
                    let reference = immunization.patient.reference.as_deref();
                    patient(
                        &mut filled,
                        &resources,
                        &index,
                        reference,
                        format!("{path}.patient"),
                    );
                    filled
                }
                None => broken(path),
            },
            "Observation" => match parse::<Observation>(&resource.value) {
                Some(observation) => {
                    let Some(test_type) = codes::test_type(&observation.code) else {
                        let path = format!("{path}.code");
                        notes.push(Issue {
                            path,
                            what: What::OtherObservation,
                        });
                        continue;
                    };
                    let mut filled = Filled::new();
                    filled.observation(&observation, test_type, options.settings.catalogue, path);
                    let reference = observation.subject.reference.as_deref();
                    patient(
                        &mut filled,
                        &resources,
                        &index,
                        reference,
                        format!("{path}.subject"),
                    );
                    filled
                }
                None => broken(path),
            },
            _ => continue,
        };
        items.push(item(resource, filled, options));
    }
    if items.is_empty() && notes.is_empty() {
        return Err(FhirError::NothingToRead);
    }
    twice(&mut items);
    Ok(Reading { items, notes })
}

fn locate(bytes: &[u8], limits: &Limits) -> Result<Vec<Located>, FhirError> {
    let limit = limits.resources;
    let mut all = Vec::new();
    let mut add = |path: String, url: Option<String>, value: Value| {
        if all.len() >= limit {
            return Err(FhirError::TooManyResources { limit });
        }
        let kind = value
            .get("resourceType")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        all.push(Located {
            path,
            url,
            kind,
            value,
        });
        Ok(())
    };
    if let Ok(whole) = serde_json::from_slice::<Value>(bytes) {
        let kind = whole
            .get("resourceType")
            .and_then(Value::as_str)
            .ok_or(FhirError::NotFhir)?;
        if kind != "Bundle" {
            let path = kind.to_owned();
            add(path, None, whole)?;
            return Ok(all);
        }
        let bundle: Bundle = parse(&whole).ok_or(FhirError::NotFhir)?;
        drop(whole);
        if !matches!(
            bundle.kind.as_deref(),
            Some("transaction" | "batch" | "collection" | "document")
        ) {
            return Err(FhirError::BundleType);
        }
        for (at, entry) in bundle.entry.into_iter().enumerate() {
            if let Some(resource) = entry.resource {
                add(
                    format!("Bundle.entry[{at}].resource"),
                    entry.full_url,
                    resource,
                )?;
            }
        }
        return Ok(all);
    }
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    for (at, line) in lines.filter(|(_, line)| !line.trim_ascii().is_empty()) {
        let line_number = at + 1;
        let value: Value =
            serde_json::from_slice(line).map_err(|_| FhirError::Json { line: line_number })?;
        if value.get("resourceType").and_then(Value::as_str).is_none() {
            return Err(FhirError::NotFhir);
        }
        add(format!("line[{line_number}]"), None, value)?;
    }
    if all.is_empty() {
        Err(FhirError::Json { line: 1 })
    } else {
        Ok(all)
    }
}

/// Resources by what references call them: `fullUrl`, and `Type/id`.
fn index(resources: &[Located], notes: &mut Vec<Issue>) -> HashMap<String, usize> {
    let mut index: HashMap<String, usize> = HashMap::new();
    for (at, resource) in resources.iter().enumerate() {
        let id = resource.value.get("id").and_then(Value::as_str);
        let local = id.map(|id| format!("{}/{id}", resource.kind));
        for name in resource.url.iter().chain(&local) {
            if index
                .insert(name.clone(), at)
                .is_some_and(|before| before != at)
            {
                let path = resource.path.clone();
                notes.push(Issue {
                    path,
                    what: What::SameId,
                });
            }
        }
    }
    index
}

fn parse<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

fn broken(path: &str) -> Filled {
    let mut filled = Filled::new();
    let path = path.to_owned();
    filled.issues.push(Issue {
        path,
        what: What::Structure,
    });
    filled
}

/// The patient a reference leads to, within the document only.
fn patient(
    filled: &mut Filled,
    resources: &[Located],
    index: &HashMap<String, usize>,
    reference: Option<&str>,
    path: String,
) {
    let found = reference.and_then(|reference| {
        let at = index.get(reference).or_else(|| {
            // An absolute address of the same resource, perhaps of one version.
            let plain = reference.split("/_history/").next()?;
            let mut parts = plain.rsplitn(3, '/');
            let (id, kind) = (parts.next()?, parts.next()?);
            index.get(&format!("{kind}/{id}"))
        })?;
        resources
            .get(*at)
            .filter(|resource| resource.kind == "Patient")
    });
    let Some(resource) = found else {
        filled.issues.push(Issue {
            path,
            what: What::Reference,
        });
        return;
    };
    match parse::<Patient>(&resource.value) {
        Some(patient) => filled.patient(&patient, &resource.path),
        None => filled.issues.push(Issue {
            path: resource.path.clone(),
            what: What::Structure,
        }),
    }
}

fn item(resource: &Located, filled: Filled, options: &Options<'_>) -> Item {
    let path = resource.path.clone();
    let given = filled
        .draft
        .get(Field::Key)
        .map(|key| hash(options.secret, b"fhir", [key].into_iter()));
    let raw = || {
        hash(
            options.secret,
            b"fhir",
            [resource.value.to_string().as_str()].into_iter(),
        )
    };
    let issue = |finding: Finding| Issue {
        path: filled.path(finding.field(), &path),
        what: What::Finding(finding),
    };
    let no_person = filled
        .issues
        .iter()
        .any(|issue| issue.what == What::Reference);
    let mut issues: Vec<Issue> = filled.issues.clone();
    // Of a resource that can't be read at all, there is no more to say.
    if issues
        .iter()
        .any(|issue| issue.what == What::Structure && issue.path == path)
    {
        return Item {
            key: given.unwrap_or_else(raw),
            path,
            outcome: Err(issues),
            warnings: Vec::new(),
        };
    }
    let said = |field: Field| {
        let person = matches!(
            field,
            Field::FullName | Field::FamilyName | Field::BirthDate
        );
        (no_person && person) || filled.said.contains(&field)
    };
    match filled.draft.read(&options.settings) {
        Err(findings) => {
            let new: Vec<Issue> = findings
                .into_iter()
                .filter(|finding| !said(finding.field()))
                .map(issue)
                .collect();
            issues.extend(new);
        }
        Ok(read) if issues.is_empty() => {
            let history = options
                .history
                .map(|history| history(&read.record.person))
                .unwrap_or_default();
            let known = Known {
                earlier: &history,
                ..options.known.clone()
            };
            let mut findings = read.notes;
            findings.extend(plausibility::check(&read.record, &known));
            let failed = any_error(&findings);
            let print = fingerprint(&read.record, options.secret);
            let key = given.unwrap_or_else(|| if failed { raw() } else { print.clone() });
            let said: Vec<Issue> = findings.iter().cloned().map(issue).collect();
            let accepted = Accepted {
                fingerprint: print,
                record: read.record,
                warnings: findings,
            };
            let (outcome, warnings) = if failed {
                (Err(said), Vec::new())
            } else {
                (Ok(accepted), said)
            };
            return Item {
                path,
                key,
                outcome,
                warnings,
            };
        }
        Ok(_) => {}
    }
    Item {
        key: given.unwrap_or_else(raw),
        path,
        outcome: Err(issues),
        warnings: Vec::new(),
    }
}

/// The same person and event, or the same identifier, a second time in the document.
fn twice(items: &mut [Item]) {
    let mut seen: HashMap<String, u64> = HashMap::new();
    for (number, item) in (1..).zip(items) {
        let Ok(accepted) = &item.outcome else {
            continue;
        };
        let before = seen.get(&accepted.fingerprint).copied();
        let key = seen
            .get(&item.key)
            .copied()
            .filter(|_| item.key != accepted.fingerprint);
        seen.entry(accepted.fingerprint.clone()).or_insert(number);
        seen.entry(item.key.clone()).or_insert(number);
        let problem = match (before, key) {
            (Some(line), _) => Problem::RowTwice { line },
            (None, Some(line)) => Problem::KeyTwice { line },
            (None, None) => continue,
        };
        let finding = Finding::new(Field::Key, problem);
        let path = item.path.clone();
        item.outcome = Err(vec![Issue {
            path,
            what: What::Finding(finding),
        }]);
        item.warnings.clear();
    }
}
