//! Names as RFC 4514 text.
//!
//! `x509-cert` writes them as well, but by a table of every object identifier that IANA knows, which would be a tenth
//! of the module for browsers. This is the same text for the attributes that certificates of the field have; a
//! test compares.

use alloc::{
    format,
    string::{String, ToString},
};
use core::fmt::Write as _;

use der::{
    Encode, Tag, Tagged,
    asn1::{Ia5StringRef, PrintableStringRef, TeletexStringRef, Utf8StringRef},
};
use x509_cert::{attr::AttributeTypeAndValue, name::Name};

/// Object identifier and short name, in the order in which certificates like them.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("2.5.4.6", "C"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.3", "CN"),
    ("2.5.4.5", "SERIALNUMBER"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.17", "POSTALCODE"),
    ("2.5.4.12", "TITLE"),
    ("2.5.4.13", "DESCRIPTION"),
    ("2.5.4.15", "BUSINESSCATEGORY"),
    ("2.5.4.4", "SN"),
    ("2.5.4.42", "GN"),
    ("2.5.4.41", "NAME"),
    ("2.5.4.43", "INITIALS"),
    ("2.5.4.46", "DNQUALIFIER"),
    ("2.5.4.65", "PSEUDONYM"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("1.2.840.113549.1.9.1", "EMAIL"),
];

/// The whole name, the last part first (RFC 4514 section 2.1).
pub(super) fn text(name: &Name) -> String {
    let mut text = String::new();
    let parts = name.as_ref().as_ref();
    for (i, part) in parts.iter().rev().enumerate() {
        if i > 0 {
            text.push(',');
        }
        for (i, attribute) in part.as_ref().iter().enumerate() {
            if i > 0 {
                text.push('+');
            }
            write(attribute, &mut text);
        }
    }
    text
}

fn write(attribute: &AttributeTypeAndValue, text: &mut String) {
    let value = &attribute.value;
    let written = match value.tag() {
        Tag::PrintableString => PrintableStringRef::try_from(value)
            .ok()
            .map(|value| value.as_str()),
        Tag::Utf8String => Utf8StringRef::try_from(value)
            .ok()
            .map(|value| value.as_str()),
        Tag::Ia5String => Ia5StringRef::try_from(value)
            .ok()
            .map(|value| value.as_str()),
        Tag::TeletexString => TeletexStringRef::try_from(value)
            .ok()
            .map(|value| value.as_str()),
        _ => None,
    };
    let identifier = attribute.oid.to_string();
    let short = ATTRIBUTES.iter().find(|(known, _)| *known == identifier);
    let (Some((_, short)), Some(written)) = (short, written) else {
        text.push_str(&format!("{identifier}=#"));
        for byte in value.to_der().unwrap_or_default() {
            let _ = write!(text, "{byte:02x}");
        }
        return;
    };
    text.push_str(short);
    text.push('=');
    let last = written.char_indices().next_back().map(|(at, _)| at);
    for (at, c) in written.char_indices() {
        match c {
            '#' if at == 0 => text.push_str("\\#"),
            ' ' if at == 0 || Some(at) == last => text.push_str("\\ "),
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => {
                text.push('\\');
                text.push(c);
            }
            '\x00'..='\x1f' | '\x7f' => {
                let _ = write!(text, "\\{:02x}", u32::from(c));
            }
            _ => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use core::str::FromStr as _;

    use super::*;

    /// As long as the crate writes an attribute by its name, it is ours.
    #[test]
    fn the_same_text_as_the_crate_writes() {
        for (identifier, short) in ATTRIBUTES {
            let written = format!("{short}=Example\\, with\\+marks 1");
            let name = Name::from_str(&written).unwrap_or_else(|e| panic!("{written}: {e}"));
            assert_eq!(name.to_string(), text(&name), "{identifier}");
            assert_eq!(text(&name), written, "{identifier}");
        }
        for written in [
            "CN=DSC of Việt Nam,O=Bộ Y tế\\, HQ,C=VN",
            "C=VN",
            "CN=\\#1 \\<x\\>\\;+SERIALNUMBER=5,C=XX",
        ] {
            let name = Name::from_str(written).unwrap_or_else(|error| panic!("{written}: {error}"));
            assert_eq!(name.to_string(), text(&name), "{written}");
        }
    }
}
