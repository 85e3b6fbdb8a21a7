//! Signed requests: HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530), in one profile.
//!
//! A stolen key of the API is worth nothing without the private key that the program keeps apart
//! from it, and what a proxy changes on the way is noticed. `specs/issuer.md` describes the profile.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, HeaderName, StatusCode, header, request::Parts};
use hcert::keys::{Algorithm, PublicKey, SignError, Signer};
use service::problem::Problem;
use sfv::{Dictionary, InnerList, ListEntry, ListSerializer, Parser};
use sha2::{Digest as _, Sha256};

/// A signature is taken this many seconds before and after the time it was made at.
pub const WINDOW: i64 = 300;
/// Names the request among its repetitions.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
const SIGNATURE: HeaderName = HeaderName::from_static("signature");
const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");
/// Longest header that is looked at, in bytes.
const LONGEST: usize = 4096;

/// The name of a key's algorithm in the registry of RFC 9421; `None` for one that is not taken.
pub fn algorithm(key: Algorithm) -> Option<&'static str> {
    match key {
        Algorithm::EdDsa => Some("ed25519"),
        Algorithm::Es256 => Some("ecdsa-p256-sha256"),
        Algorithm::Ps256 => None,
    }
}

fn wrong(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "signature", detail)
}

/// The one value of a header; `None` where there is none.
pub(super) fn one<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().ok().filter(|text| text.len() <= LONGEST);
    match (text, values.next()) {
        (Some(text), None) => Ok(Some(text.trim())),
        _ => Err(wrong(format!(
            "send `{name}` once, in one line of visible characters"
        ))),
    }
}

/// Checks the signature over the head of a request. Gives the digest that its body has to have;
/// `None` for a request that has to come without a body.
pub(super) fn check(
    key: &PublicKey,
    name: &str,
    now: i64,
    parts: &Parts,
) -> Result<Option<[u8; 32]>, Problem> {
    let headers = &parts.headers;
    let (input, signature) = read(headers)?;
    let parameter = |name: &str| input.params.get(name);
    let known = ["created", "keyid", "alg"];
    if let Some(other) = input
        .params
        .keys()
        .find(|key| !known.contains(&key.as_str()))
    {
        return Err(wrong(format!(
            "the parameter `{}` is not of this profile: created, keyid, alg",
            other.as_str()
        )));
    }
    let created = parameter("created").and_then(|value| value.as_integer());
    let created = created.ok_or_else(|| wrong("`created` is missing"))?;
    let away = i64::from(created).abs_diff(now);
    if away > WINDOW.unsigned_abs() {
        return Err(wrong(format!(
            "`created` is {away} s away from this service's clock; {WINDOW} s are taken: set the \
             clock right and sign each request when it is sent"
        )));
    }
    let keyid = parameter("keyid").and_then(|value| value.as_string());
    if keyid.is_none_or(|keyid| keyid.as_str() != name) {
        return Err(wrong("`keyid` is the name of the client whose key is sent"));
    }
    let named = parameter("alg").and_then(|value| value.as_string());
    let own = algorithm(key.algorithm());
    if own.is_none() || named.map(|named| named.as_str()) != own {
        let own = own.unwrap_or("none that is taken");
        return Err(wrong(format!("`alg` is that of the client's key: {own}")));
    }
    let digest = one(headers, &CONTENT_DIGEST)?;
    let once = one(headers, &IDEMPOTENCY_KEY)?;
    let mut base = String::new();
    let mut covered = BTreeSet::new();
    for item in &input.items {
        let component = item.bare_item.as_string().map(|text| text.as_str());
        let component = component.filter(|_| item.params.is_empty());
        let value = match component {
            Some("@method") => Some(parts.method.as_str()),
            Some("@path") => Some(parts.uri.path()),
            Some("@query") => None,
            Some("authorization") => one(headers, &header::AUTHORIZATION)?,
            Some("content-digest") => digest,
            Some("idempotency-key") => once,
            _ => return Err(wrong(PROFILE)),
        };
        let component = component.unwrap_or_default();
        let query = parts.uri.query().unwrap_or_default();
        match value {
            Some(value) => line(&mut base, component, value),
            None if component == "@query" => line(&mut base, component, &format!("?{query}")),
            None => return Err(wrong(format!("`{component}` is covered and not sent"))),
        }
        if !covered.insert(component.to_owned()) {
            return Err(wrong(PROFILE));
        }
    }
    let mut needed = BTreeSet::from(["@method", "@path", "@query", "authorization"]);
    if digest.is_some() || !parts.method.is_safe() {
        needed.insert("content-digest");
    }
    if once.is_some() {
        needed.insert("idempotency-key");
    }
    if !covered
        .iter()
        .map(String::as_str)
        .eq(needed.iter().copied())
    {
        return Err(wrong(PROFILE));
    }
    base.push_str("\"@signature-params\": ");
    base.push_str(&parameters(&input).ok_or_else(|| wrong(PROFILE))?);
    key.verify(base.as_bytes(), &signature).map_err(|_| {
        wrong(
            "the signature does not hold: sign the bytes that are sent, with the client's own key",
        )
    })?;
    digest.map(sha256).transpose()
}

const PROFILE: &str = "the signature covers exactly @method @path @query authorization, \
                       content-digest (with every request that is no GET), and idempotency-key if \
                       it is sent";

/// The one signature of a request: what it covers, and its bytes.
fn read(headers: &HeaderMap) -> Result<(InnerList, Vec<u8>), Problem> {
    let member = |name: HeaderName| -> Result<(String, ListEntry), Problem> {
        let text = one(headers, &name)?;
        let text =
            text.ok_or_else(|| wrong(format!("sign the request (RFC 9421): `{name}` is missing")))?;
        let unreadable = || wrong(format!("`{name}` holds no one signature"));
        let all: Dictionary = Parser::new(text).parse().map_err(|_| unreadable())?;
        let mut members = all.into_iter();
        match (members.next(), members.next()) {
            (Some((label, entry)), None) => Ok((label.as_str().to_owned(), entry)),
            _ => Err(unreadable()),
        }
    };
    let (label, input) = member(SIGNATURE_INPUT)?;
    let (other, signature) = member(SIGNATURE)?;
    let bytes = match &signature {
        ListEntry::Item(item) => item.bare_item.as_byte_sequence(),
        ListEntry::InnerList(_) => None,
    };
    match (input, bytes) {
        (ListEntry::InnerList(input), Some(bytes)) if label == other => Ok((input, bytes.to_vec())),
        _ => Err(wrong(
            "`signature-input` and `signature` do not belong together",
        )),
    }
}

fn line(base: &mut String, component: &str, value: &str) {
    base.push('"');
    base.push_str(component);
    base.push_str("\": ");
    base.push_str(value);
    base.push('\n');
}

/// The value of `@signature-params`: the list as RFC 8941 writes it.
fn parameters(input: &InnerList) -> Option<String> {
    let mut list = ListSerializer::new();
    let mut inner = list.inner_list();
    inner.items(&input.items);
    let _ = inner.finish().parameters(&input.params);
    list.finish()
}

/// The SHA-256 in a Content-Digest.
fn sha256(text: &str) -> Result<[u8; 32], Problem> {
    let all: Option<Dictionary> = Parser::new(text).parse().ok();
    let bytes = match all.as_ref().and_then(|all| all.get("sha-256")) {
        Some(ListEntry::Item(item)) => item.bare_item.as_byte_sequence(),
        _ => None,
    };
    let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| wrong("`content-digest` holds a sha-256 of the body (RFC 9530)"))
}

/// The headers of a signed request, for who sends one.
///
/// `target` is path and query as they are sent, `bearer` the client's key, `once` the
/// Idempotency-Key, `body` what is sent; `None` for a GET.
pub fn sign(
    key: &dyn Signer,
    client: &str,
    bearer: &str,
    (method, target): (&str, &str),
    once: Option<&str>,
    body: Option<&[u8]>,
    created: i64,
) -> Result<Vec<(&'static str, String)>, SignError> {
    let authorization = format!("Bearer {bearer}");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let digest = body.map(|body| {
        let digest = hcert::base64::encode(&Sha256::digest(body));
        format!("sha-256=:{digest}:")
    });
    let query = format!("?{query}");
    let mut covered = vec![
        ("@method", method),
        ("@path", path),
        ("@query", &query),
        ("authorization", &authorization),
    ];
    covered.extend(digest.as_deref().map(|digest| ("content-digest", digest)));
    covered.extend(once.map(|once| ("idempotency-key", once)));
    let mut base = String::new();
    let mut names = Vec::new();
    for (component, value) in covered {
        line(&mut base, component, value);
        names.push(format!("\"{component}\""));
    }
    let own = algorithm(key.algorithm()).unwrap_or_default();
    let names = names.join(" ");
    let input = format!("({names});created={created};keyid=\"{client}\";alg=\"{own}\"");
    base.push_str("\"@signature-params\": ");
    base.push_str(&input);
    let signature = hcert::base64::encode(&key.sign(base.as_bytes())?);
    let mut headers = vec![
        ("signature-input", format!("sig1={input}")),
        ("signature", format!("sig1=:{signature}:")),
        ("authorization", authorization),
    ];
    headers.extend(digest.map(|digest| ("content-digest", digest)));
    headers.extend(once.map(|once| ("idempotency-key", once.to_owned())));
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use hcert::keys::SoftwareKey;
    use zeroize::Zeroizing;

    use super::*;

    const NOW: i64 = 1_795_000_000;

    fn ed25519() -> SoftwareKey {
        SoftwareKey::eddsa(&Zeroizing::new([7; 32]))
    }

    fn signed(key: &SoftwareKey, method: &str, once: Option<&str>, body: Option<&[u8]>) -> Parts {
        let target = "/api/v1/records?dry_run=true";
        let headers = sign(key, "his-1", "KEY", (method, target), once, body, NOW).unwrap();
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn checked(key: &SoftwareKey, parts: &Parts) -> Result<Option<[u8; 32]>, String> {
        let key = PublicKey::from_spki(&key.spki()).unwrap();
        check(&key, "his-1", NOW + 60, parts).map_err(|problem| problem.detail)
    }

    fn set(parts: &mut Parts, name: &'static str, value: &str) {
        parts.headers.insert(name, value.parse().unwrap());
    }

    #[test]
    fn both_algorithms_and_requests_of_every_kind() {
        let p256 = SoftwareKey::es256(&Zeroizing::new([7; 32])).unwrap();
        for key in [ed25519(), p256] {
            let digest = Sha256::digest(b"{}").into();
            let parts = signed(&key, "POST", Some("k1"), Some(b"{}"));
            assert_eq!(checked(&key, &parts), Ok(Some(digest)));
            assert_eq!(checked(&key, &signed(&key, "GET", None, None)), Ok(None));
            let empty = Sha256::digest(b"").into();
            let parts = signed(&key, "GET", None, Some(b""));
            assert_eq!(checked(&key, &parts), Ok(Some(empty)));
        }
    }

    #[test]
    fn whatever_is_changed_is_noticed() {
        type Change = fn(&mut Parts);
        let changes: [(&str, Change); 17] = [
            ("method", |p| p.method = "PUT".parse().unwrap()),
            ("path", |p| {
                p.uri = "/api/v1/record?dry_run=true".parse().unwrap()
            }),
            ("query", |p| p.uri = "/api/v1/records".parse().unwrap()),
            ("key", |p| set(p, "authorization", "Bearer OTHER")),
            ("digest", |p| {
                let digest = hcert::base64::encode(&Sha256::digest(b"{ }"));
                set(p, "content-digest", &format!("sha-256=:{digest}:"));
            }),
            ("once", |p| set(p, "idempotency-key", "k2")),
            ("no once", |p| {
                p.headers.remove("idempotency-key");
            }),
            ("no digest", |p| {
                p.headers.remove("content-digest");
            }),
            ("no signature", |p| {
                p.headers.remove("signature");
            }),
            ("no input", |p| {
                p.headers.remove("signature-input");
            }),
            ("another signature", |p| set(p, "signature", "sig1=:AAAA:")),
            ("another label", |p| {
                let text = p.headers["signature"]
                    .to_str()
                    .unwrap()
                    .replace("sig1", "sig2");
                set(p, "signature", &text);
            }),
            ("two keys", |p| {
                let value = "Bearer KEY".parse().unwrap();
                p.headers.append("authorization", value);
            }),
            ("less covered", |p| input(p, " \"authorization\"", "")),
            ("more covered", |p| input(p, "(", "(\"host\" ")),
            ("covered twice", |p| input(p, "(", "(\"@method\" ")),
            ("other form", |p| {
                input(p, "\"authorization\"", "\"authorization\";bs")
            }),
        ];
        for (what, change) in changes {
            let mut parts = signed(&ed25519(), "POST", Some("k1"), Some(b"{}"));
            change(&mut parts);
            assert!(checked(&ed25519(), &parts).is_err(), "{what}");
        }
    }

    fn input(parts: &mut Parts, from: &str, to: &str) {
        let text = parts.headers["signature-input"].to_str().unwrap();
        let text = text.replace(from, to);
        set(parts, "signature-input", &text);
    }

    #[test]
    fn parameters_are_those_of_the_profile() {
        for (from, to) in [
            ("created=1795000000", "created=1794999759"),
            ("created=1795000000", "created=1795000361"),
            ("created=1795000000;", ""),
            ("his-1", "his-2"),
            ("ed25519", "hmac-sha256"),
            ("ed25519", "ecdsa-p256-sha256"),
            (";alg=\"ed25519\"", ""),
            (";keyid", ";expires=1795000400;keyid"),
        ] {
            // Signed anew after the change: it is the parameter that is refused.
            let mut parts = signed(&ed25519(), "GET", None, None);
            input(&mut parts, from, to);
            let text = parts.headers["signature-input"].to_str().unwrap();
            let own = text.strip_prefix("sig1=").unwrap();
            let base = format!(
                "\"@method\": GET\n\"@path\": /api/v1/records\n\"@query\": ?dry_run=true\n\
                 \"authorization\": Bearer KEY\n\"@signature-params\": {own}"
            );
            let signature = hcert::base64::encode(&ed25519().sign(base.as_bytes()).unwrap());
            set(&mut parts, "signature", &format!("sig1=:{signature}:"));
            let refused = checked(&ed25519(), &parts).unwrap_err();
            assert!(!refused.contains("does not hold"), "{to}: {refused}");
        }
    }
}
