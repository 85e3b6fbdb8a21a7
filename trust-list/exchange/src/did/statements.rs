//! What a proof is over: the statements (RDF triples) that a document's JSON-LD stands for, as
//! canonical N-Quads.
//!
//! The proof's specification says: expand the JSON-LD, canonicalise by URDNA2015 (RDFC-1.0), hash.
//! Documents of the network use five published contexts and nothing else, and give every node an
//! identifier but the proof itself. For that closed vocabulary expansion is a table, which stands
//! here in our words (the tests compare it with the published contexts), and canonicalisation is
//! sorting: a graph without blank nodes has one form but for the order of its lines, and a graph
//! with a single one can only call it c14n0 (RDFC-1.0 sections 4.4 and 5).
//!
//! A general JSON-LD processor would fit worse here, besides being a hundred crates: it leaves out
//! silently what no context defines, so a reader believes it is covered. Here, whatever a reader
//! of ours looks at is either among the statements, or the document is refused.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::ProofError;

/// The contexts that are known, by what they add.
pub(super) const DID: &str = "https://www.w3.org/ns/did/v1";
/// Keys and signatures.
pub(super) const JWS_2020: &str = "https://w3id.org/security/suites/jws-2020/v1";
/// WHO's own, one for each environment.
pub(super) const NETWORK: [(&str, &str); 3] = [
    ("https://smart.who.int/trust/tng-context/v1.jsonld", ""),
    (
        "https://smart.who.int/trust/tng-context/v1-DEV.jsonld",
        "-DEV",
    ),
    (
        "https://smart.who.int/trust/tng-context/v1-UAT.jsonld",
        "-UAT",
    ),
];

const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";
const DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";
/// In front of nearly all terms.
pub(super) const SECURITY: &str = "https://w3id.org/security#";
/// The one term of the vocabulary that lies elsewhere.
pub(super) const CREATED: &str = "http://purl.org/dc/terms/created";

/// Members of a document or key that hold identifiers: the term, and its IRI after [`SECURITY`].
pub(super) const RELATIONS: [(&str, &str); 6] = [
    ("controller", "controller"),
    ("assertionMethod", "assertionMethod"),
    ("authentication", "authenticationMethod"),
    ("capabilityDelegation", "capabilityDelegationMethod"),
    ("capabilityInvocation", "capabilityInvocationMethod"),
    ("keyAgreement", "keyAgreementMethod"),
];
/// Terms of the contexts that no list of the network uses. One of these would be among the
/// statements of another reader, and is not here.
pub(super) const UNUSED: [&str; 5] = [
    "alsoKnownAs",
    "service",
    "privateKeyJwk",
    "JsonWebKey2020",
    "JsonWebSignature2020",
];
/// WHO's terms: the member, and the value set that is property and base of its codes.
pub(super) const CODES: [(&str, &str); 3] = [
    ("domain", "Domains"),
    ("participant", "Participants"),
    ("keyusage", "KeyUsage"),
];

type Statements = BTreeSet<String>;

/// Which contexts a document names.
struct Contexts {
    /// The suffix of WHO's value sets, if its context is among them.
    network: Option<&'static str>,
}

/// The statements of a document without its proof, one on each line.
pub(super) fn of_document(document: &Value) -> Result<String, ProofError> {
    let contexts = contexts(document)?;
    let object = object(document, "the document")?;
    let mut out = Statements::new();
    let id = identifier(object.get("id"), "the document's id")?;
    let mut subjects = BTreeSet::from([id.clone()]);
    for (name, value) in object {
        match name.as_str() {
            "@context" | "id" | "proof" => {}
            "verificationMethod" => {
                for method in list(value) {
                    let method_id = match method {
                        Value::String(_) => identifier(Some(method), "a link")?,
                        _ => key(method, &contexts, &mut subjects, &mut out)?,
                    };
                    link(&mut out, &id, &secured("verificationMethod"), &method_id);
                }
            }
            name => other(name, value, &id, &mut out)?,
        }
    }
    Ok(out.into_iter().collect())
}

/// The statements of a proof without its signature.
pub(super) fn of_proof(document: &Value, proof: &Value) -> Result<String, ProofError> {
    contexts(document)?;
    const PROOF: &str = "_:c14n0";
    let mut out = Statements::new();
    for (name, value) in object(proof, "the proof")? {
        let text = value
            .as_str()
            .ok_or_else(|| uncovered(format!("{name} of the proof is no text")))?;
        match name.as_str() {
            "jws" => {}
            "type" if text == "JsonWebSignature2020" => {
                link(&mut out, PROOF, &iri(TYPE), &secured(text));
            }
            "created" => literal(&mut out, PROOF, &iri(CREATED), text, Some(DATE_TIME)),
            "nonce" if !text.contains(char::is_control) => {
                literal(&mut out, PROOF, &secured("nonce"), text, None);
            }
            "proofPurpose" if text == "assertionMethod" => {
                link(&mut out, PROOF, &secured("proofPurpose"), &secured(text));
            }
            "verificationMethod" => {
                let signer = identifier(Some(value), "the proof's signer")?;
                link(&mut out, PROOF, &secured("verificationMethod"), &signer);
            }
            _ => {
                return Err(uncovered(format!(
                    "{name} {text:?} of the proof is not known"
                )));
            }
        }
    }
    Ok(out.into_iter().collect())
}

/// One key: answers its identifier.
fn key(
    method: &Value,
    contexts: &Contexts,
    subjects: &mut BTreeSet<String>,
    out: &mut Statements,
) -> Result<String, ProofError> {
    let object = object(method, "an entry")?;
    let id = identifier(object.get("id"), "an entry's id")?;
    // Only this type brings publicKeyJwk into scope; without it the key would not be covered.
    if object.get("type").and_then(Value::as_str) != Some("JsonWebKey2020") {
        return Err(uncovered(format!("{id} is not of type JsonWebKey2020")));
    }
    // Statements of two entries with one identifier can be shared out anew between them.
    if !subjects.insert(id.clone()) {
        return Err(uncovered(format!("{id} is there twice")));
    }
    link(out, &id, &iri(TYPE), &secured("JsonWebKey2020"));
    for (name, value) in object {
        match name.as_str() {
            "id" | "type" => {}
            "publicKeyJwk" => {
                let json = serde_json_canonicalizer::to_string(value)
                    .map_err(|error| uncovered(format!("publicKeyJwk of {id}: {error}")))?;
                literal(out, &id, &secured(name), &json, Some(JSON));
            }
            name if CODES.iter().any(|(term, _)| *term == name) => {
                code(name, value, &id, contexts, out)?;
            }
            name => other(name, value, &id, out)?,
        }
    }
    Ok(id)
}

/// `{ "code": "#DSC" }`: the code is an identifier relative to its value set.
fn code(
    name: &str,
    value: &Value,
    id: &str,
    contexts: &Contexts,
    out: &mut Statements,
) -> Result<(), ProofError> {
    let set = CODES.iter().find(|(term, _)| *term == name);
    let (Some((_, set)), Some(environment)) = (set, contexts.network) else {
        return Err(uncovered(format!("{name} of {id} is in no context")));
    };
    let code = match value.as_object() {
        Some(object) if object.len() == 1 => object.get("code").and_then(Value::as_str),
        _ => None,
    };
    let code = code.filter(|code| code.starts_with('#') && code.chars().all(is_iri));
    let code = code.ok_or_else(|| uncovered(format!("{name} of {id} is no code")))?;
    let set = format!("https://smart.who.int/trust/ValueSet-{set}{environment}.jsonld");
    link(out, id, &iri(&set), &iri(&format!("{set}{code}")));
    Ok(())
}

/// Any other member. What no context defines stands for nothing, and no reader of ours looks at
/// it; but names that JSON-LD takes without a definition are refused.
fn other(name: &str, value: &Value, id: &str, out: &mut Statements) -> Result<(), ProofError> {
    if let Some((_, property)) = RELATIONS.iter().find(|(term, _)| *term == name) {
        for target in list(value) {
            let target = identifier(Some(target), name)?;
            link(out, id, &secured(property), &target);
        }
        return Ok(());
    }
    // type and the network's terms are defined for a document too, but mean nothing there.
    let defined = UNUSED.contains(&name)
        || matches!(
            name,
            "id" | "type" | "proof" | "verificationMethod" | "publicKeyJwk"
        )
        || CODES.iter().any(|(term, _)| *term == name);
    if defined || name.contains(':') || name.starts_with('@') {
        return Err(uncovered(format!("{name} of {id} is not known here")));
    }
    Ok(())
}

fn contexts(document: &Value) -> Result<Contexts, ProofError> {
    let (mut did, mut jws, mut network) = (false, false, None);
    for name in list(&document["@context"]) {
        match name.as_str() {
            Some(DID) => did = true,
            Some(JWS_2020) => jws = true,
            Some(name) => match NETWORK.iter().find(|(known, _)| *known == name) {
                Some((_, environment)) if network.is_none() => network = Some(*environment),
                _ => return Err(uncovered(format!("the context {name} is not known here"))),
            },
            None => return Err(uncovered("a context is not named, but stated".to_owned())),
        }
    }
    if did && jws {
        Ok(Contexts { network })
    } else {
        Err(uncovered(format!(
            "{DID} and {JWS_2020} are not both among its contexts"
        )))
    }
}

fn object<'v>(value: &'v Value, what: &str) -> Result<&'v Map<String, Value>, ProofError> {
    value
        .as_object()
        .ok_or_else(|| uncovered(format!("{what} is no object")))
}

/// JSON-LD takes one value for a list of one.
fn list(value: &Value) -> &[Value] {
    let single = core::slice::from_ref(value);
    value.as_array().map_or(single, Vec::as_slice)
}

/// An absolute identifier, in angle brackets. A relative one would be taken against a base that
/// readers disagree about.
fn identifier(value: Option<&Value>, what: &str) -> Result<String, ProofError> {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    let absolute = ["did:", "https://"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    // Dots are steps in a path, which some readers take out.
    if absolute && text.chars().all(is_iri) && !text.contains("/.") {
        Ok(iri(text))
    } else {
        Err(uncovered(format!(
            "{what} is no absolute identifier: {text:?}"
        )))
    }
}

/// What N-Quads can carry between angle brackets unescaped.
fn is_iri(c: char) -> bool {
    !c.is_control() && !c.is_whitespace() && !"<>\"{}|^`\\".contains(c)
}

fn iri(text: &str) -> String {
    format!("<{text}>")
}

fn secured(term: &str) -> String {
    format!("<{SECURITY}{term}>")
}

fn link(out: &mut Statements, subject: &str, property: &str, target: &str) {
    out.insert(format!("{subject} {property} {target} .\n"));
}

fn literal(out: &mut Statements, subject: &str, property: &str, text: &str, kind: Option<&str>) {
    // Canonical N-Quads; JSON in its canonical form has no control characters left.
    let text = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
        .replace('\r', "\\r");
    let kind = kind.map(|kind| format!("^^<{kind}>")).unwrap_or_default();
    out.insert(format!("{subject} {property} \"{text}\"{kind} .\n"));
}

fn uncovered(why: String) -> ProofError {
    ProofError::Uncovered(why)
}
