//! DID documents: WHO's trust lists (GDHCN, both versions) and an issuer's own.
//!
//! Specification: smart-trust, concepts_did_gdhcn; DID Core 1.0 section 5.2. An entry's identifier
//! names where it belongs:
//!
//! ```text
//! did:web:HOST:v2:trustlist:DOMAIN:PARTICIPANT:USAGE#kid      version 2, "-" for any
//! did:web:HOST:trustlist:participant#kid                      version 1
//! ```

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use hcert::kid::Kid;
use serde_json::Value;

use super::{Form, Listed, Listing, Role, alpha2, jwk};

/// Any DID document, with the links it has. No link is followed and no proof is looked at.
pub fn read(document: &Value) -> Listing {
    let mut listing = Listing::new(Form::DidDocument);
    listing.name = document["id"].as_str().map(str::to_owned);
    for (index, value) in methods(document).iter().enumerate() {
        match value {
            Value::String(link) => listing.links.push(link.clone()),
            _ => {
                let (entry, key) = method(document, index, value);
                listing.take(&entry, key);
            }
        }
    }
    listing
}

/// The entries of a document; none if `verificationMethod` is no list.
pub fn methods(document: &Value) -> &[Value] {
    document["verificationMethod"]
        .as_array()
        .map_or(&[], Vec::as_slice)
}

/// One entry that is not a link, and what to call it.
pub fn method(document: &Value, index: usize, method: &Value) -> (String, Result<Listed, String>) {
    let id = method["id"].as_str().unwrap_or_default();
    let entry = match id {
        "" => format!("entry {}", index + 1),
        id => id.to_owned(),
    };
    let key = read_method(document, &entry, id, method);
    (entry, key)
}

fn read_method(document: &Value, entry: &str, id: &str, method: &Value) -> Result<Listed, String> {
    let jwk = method.get("publicKeyJwk").ok_or("no publicKeyJwk")?;
    let url = DidUrl::parse(id);
    let certified = jwk["x5c"][0].is_string();
    let kid = url.fragment.and_then(|text| kid(text, certified));
    let mut key = jwk::listed(entry, jwk, kid)?;
    let code = |name: &str| method[name]["code"].as_str();
    let stated = |name: &str| code(name).map(|code| code.trim_start_matches('#'));
    let or_place = |stated: Option<&str>, place: Option<&str>| {
        stated
            .or(place.filter(|place| *place != "-"))
            .map(str::to_owned)
    };
    key.domain = or_place(stated("domain"), url.domain);
    key.participant =
        or_place(stated("participant"), url.participant).map(|code| code.to_ascii_uppercase());
    match (&key.participant, url.is_trust_list) {
        (Some(code), _) => key.country = alpha2(code).map(str::to_owned).or(key.country),
        // A document of an issuer's own keys.
        (None, false) => key.issuer = document["id"].as_str().map(str::to_owned),
        (None, true) => {}
    }
    if let Some(word) = or_place(stated("keyusage"), url.usage) {
        key.role = Role::from_word(&word);
    }
    if !may_assert(document, id) {
        key.role = Role::Other("not an assertion method".to_owned());
    }
    Ok(key)
}

/// The kid in a fragment: base64 in trust lists; plain text, as in `#key-001`, in documents of
/// issuers whose messages name their keys so (NZCP).
fn kid(fragment: &str, certified: bool) -> Option<Kid> {
    match Kid::from_base64(fragment) {
        Some(kid) if certified || kid.as_bytes().len() == 8 => Some(kid),
        _ if certified || fragment.is_empty() => None,
        _ => Some(Kid::from_bytes(fragment.as_bytes())),
    }
}

/// Where a document names its assertion methods, only those may sign (DID Core section 5.3.2).
fn may_assert(document: &Value, id: &str) -> bool {
    let Some(named) = document.get("assertionMethod") else {
        return true;
    };
    let single = core::slice::from_ref(named);
    let mut named = named.as_array().map_or(single, Vec::as_slice).iter();
    let own = document["id"].as_str().unwrap_or_default();
    named.any(|name| match name.as_str() {
        // A relative reference begins at the document (DID Core section 3.2.2).
        Some(name) if name.starts_with('#') => id.strip_prefix(own) == Some(name),
        Some(name) => name == id,
        None => name["id"].as_str() == Some(id),
    })
}

/// The parts of an identifier of a trust list's entry or document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DidUrl<'a> {
    /// The host and what of the path is before the trust list: it tells production from test.
    pub host: Option<&'a str>,
    /// Whether it lies in a trust list.
    pub is_trust_list: bool,
    /// The trust domain, `-` for any.
    pub domain: Option<&'a str>,
    /// The participant, `-` for any.
    pub participant: Option<&'a str>,
    /// The usage, `-` for any.
    pub usage: Option<&'a str>,
    /// After the `#`.
    pub fragment: Option<&'a str>,
}

impl<'a> DidUrl<'a> {
    /// What can be told of it; everything is absent in an identifier of another kind.
    pub fn parse(id: &'a str) -> DidUrl<'a> {
        let (path, fragment) = match id.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (id, None),
        };
        let mut url = DidUrl {
            fragment,
            ..DidUrl::default()
        };
        let Some(path) = path.strip_prefix("did:web:") else {
            return url;
        };
        let place = |name: &str| path.find(name).map(|at| (at, at + name.len()));
        let version_2 = place(":v2:trustlist-ref").or_else(|| place(":v2:trustlist"));
        let Some((start, end)) = version_2.or_else(|| place(":trustlist")) else {
            url.host = path.split(':').next();
            return url;
        };
        let (host, rest) = (path.get(..start), path.get(end..).unwrap_or_default());
        url.host = host;
        url.is_trust_list = rest.is_empty() || rest.starts_with(':');
        let mut parts = rest.split(':').skip(1);
        if version_2.is_some() {
            url.domain = parts.next();
            url.participant = parts.next();
            url.usage = parts.next();
        } else {
            url.participant = parts.next();
        }
        url
    }
}
