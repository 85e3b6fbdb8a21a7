//! What a file of somebody's trust list is, told by its content.

use hcert::base64;
use serde_json::Value;
use trust_exchange::{cms::Message, master_list};

use super::super::args::ImportForm;

/// What is to be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Did,
    Gateway,
    German,
    SwissKeys,
    SwissActive,
    Austrian,
    AustrianSignature,
    MasterList,
    Directory,
    HealthCardIssuer,
    Unsigned,
}

/// By its content, within the form that the person named. What can't be told is read as a list
/// without a signature, which says what is wrong with it.
pub(super) fn kind(bytes: &[u8], form: Option<ImportForm>) -> Kind {
    let told = by_content(bytes);
    match form {
        None => told,
        Some(ImportForm::Did) => Kind::Did,
        Some(ImportForm::Gateway) => Kind::Gateway,
        Some(ImportForm::German) => Kind::German,
        Some(ImportForm::Swiss) => match told {
            Kind::SwissActive => Kind::SwissActive,
            _ => Kind::SwissKeys,
        },
        Some(ImportForm::Austrian) => match told {
            Kind::AustrianSignature => Kind::AustrianSignature,
            _ => Kind::Austrian,
        },
        Some(ImportForm::MasterList) => Kind::MasterList,
        Some(ImportForm::HealthCards) => match told {
            Kind::Directory => Kind::Directory,
            _ => Kind::HealthCardIssuer,
        },
        Some(ImportForm::Unsigned) => Kind::Unsigned,
    }
}

fn by_content(bytes: &[u8]) -> Kind {
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'[') => match serde_json::from_slice(bytes) {
            Ok(document) => of_json(&document),
            Err(_) => Kind::Unsigned,
        },
        Some(0x30) => match Message::parse(bytes) {
            Ok(message) if message.content_type() == master_list::CONTENT_TYPE => Kind::MasterList,
            _ => Kind::Unsigned,
        },
        // COSE_Sign1 with or without its tag; a CBOR map. Neither is how a text begins.
        Some(0xd2 | 0x84) => Kind::AustrianSignature,
        Some(0xa1..=0xbf) => Kind::Austrian,
        _ => str::from_utf8(bytes).map_or(Kind::Unsigned, of_text),
    }
}

fn of_json(document: &Value) -> Kind {
    let list = |name: &str| document[name].as_array();
    let gateway = |entries: &Vec<Value>| {
        let mut entries = entries.iter();
        entries.len() > 0 && entries.all(|entry| entry["rawData"].is_string())
    };
    if document.get("verificationMethod").is_some() {
        Kind::Did
    } else if list("issuerInfo").is_some() {
        Kind::Directory
    } else if list("activeKeyIds").is_some() {
        Kind::SwissActive
    } else if list("certs").is_some() {
        Kind::SwissKeys
    } else if document
        .as_array()
        .or(list("certificates"))
        .is_some_and(gateway)
    {
        Kind::Gateway
    } else {
        Kind::Unsigned
    }
}

fn of_text(text: &str) -> Kind {
    let text = text.trim();
    if let Some((first, rest)) = text.split_once('\n')
        && rest.trim_start().starts_with('{')
        && base64::decode(first).is_some()
    {
        return Kind::German;
    }
    let mut parts = text.split('.');
    let (Some(_), Some(payload), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Kind::Unsigned;
    };
    let payload = base64::decode(payload).and_then(|json| serde_json::from_slice(&json).ok());
    payload.map_or(Kind::Unsigned, |payload| of_json(&payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_by_its_content() {
        for (content, wanted) in [
            (&b" { \"verificationMethod\": [] }"[..], Kind::Did),
            (b"{\"issuerInfo\":[]}", Kind::Directory),
            (b"{\"certs\":[]}", Kind::SwissKeys),
            (b"{\"activeKeyIds\":[]}", Kind::SwissActive),
            (b"[{\"kid\":\"\",\"rawData\":\"\"}]", Kind::Gateway),
            (b"{\"certificates\":[{\"rawData\":\"\"}]}", Kind::Gateway),
            (b"{\"keys\":[]}", Kind::Unsigned),
            (b"MEUCIQ==\n{\"certificates\":[]}", Kind::German),
            (b"e30.eyJjZXJ0cyI6W119.AA", Kind::SwissKeys),
            (b"e30.eyJhY3RpdmVLZXlJZHMiOltdfQ.AA\n", Kind::SwissActive),
            (b"e30.e30.AA", Kind::Unsigned),
            (b"\xa1\x61c\x80", Kind::Austrian),
            (b"\xd2\x84\x40\xa0\x40\x40", Kind::AustrianSignature),
            (b"\x30\x00", Kind::Unsigned),
            (b"-----BEGIN CERTIFICATE-----\n", Kind::Unsigned),
            (b"{", Kind::Unsigned),
            (b"\xff\xfe", Kind::Unsigned),
            (b"", Kind::Unsigned),
        ] {
            assert_eq!(kind(content, None), wanted, "{content:?}");
        }
    }

    /// A form that is named goes before the content, but for what is one of two files.
    #[test]
    fn a_form_that_is_named() {
        let named = |content: &[u8], form| kind(content, Some(form));
        assert_eq!(named(b"{}", ImportForm::German), Kind::German);
        assert_eq!(named(b"{}", ImportForm::Swiss), Kind::SwissKeys);
        assert_eq!(
            named(b"{\"activeKeyIds\":[]}", ImportForm::Swiss),
            Kind::SwissActive
        );
        assert_eq!(
            named(b"\xd2\x84", ImportForm::Austrian),
            Kind::AustrianSignature
        );
        assert_eq!(
            named(b"{\"keys\":[]}", ImportForm::HealthCards),
            Kind::HealthCardIssuer
        );
    }
}
