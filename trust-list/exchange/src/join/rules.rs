//! The rules of the templates (smart-trust, concepts_certificate_governance; the onboarding's own
//! checks in tng-participant-template).

use der::{Decode as _, asn1::ObjectIdentifier};
use hcert::{x509::Certificate, x509::EventKind};
use trust_list::import::alpha2;
use x509_cert::{
    certificate::{CertificateInner, Raw},
    ext::pkix::{
        AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
    },
};

use super::{Question, Template, check::Lines};
use crate::{key::Kind, names};

const DAY: i64 = 24 * 60 * 60;
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const SUBJECT_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const AUTHORITY_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
const CRL_POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
const CLIENT_AUTHENTICATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");

/// What may stand under a certificate, by the onboarding's list.
const SIGNATURES: [(ObjectIdentifier, &str); 3] = [
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"),
        "ECDSA with SHA-256",
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10"),
        "RSASSA-PSS",
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"),
        "RSA PKCS #1 v1.5 with SHA-256",
    ),
];

type Parsed = CertificateInner<Raw>;

pub(super) fn all(
    out: &mut Lines,
    template: Template,
    raw: &Parsed,
    certificate: &Certificate,
    question: &Question<'_>,
) {
    subject(out, certificate, question.participant);
    signature(out, raw);
    key(out, template, raw, certificate);
    validity(out, template, certificate, question);
    basic_constraints(out, template, raw);
    key_usage(out, template, raw, certificate);
    extended_key_usage(out, template, raw);
    identifiers(out, template, raw);
    issuer(out, template, certificate, question.authority);
}

fn subject(out: &mut Lines, certificate: &Certificate, participant: Option<&str>) {
    let common = names::values(certificate, names::COMMON_NAME);
    let found = match common.first() {
        Some(name) if !name.trim().is_empty() => Ok(name.clone()),
        _ => Err("there is none".to_owned()),
    };
    out.must(
        "the subject has a common name (CN) that is not empty",
        found,
    );
    let countries = names::values(certificate, names::COUNTRY);
    let found = match &countries[..] {
        [one] => Ok(one.clone()),
        several => Err(format!("there are {}", several.len())),
    };
    out.must("the subject has exactly one country (C)", found);
    if let Some(participant) = participant {
        let wanted = country_of(participant);
        let found = countries.first().map_or("none", String::as_str).to_owned();
        let same = wanted.as_deref() == Some(found.as_str());
        let found = match same {
            true => Ok(found),
            false => Err(format!(
                "{found}, and {participant} is {}",
                wanted.as_deref().unwrap_or("no country")
            )),
        };
        out.must("the country is the participant's, in two letters", found);
    }
    let found = names::values(certificate, names::ORGANISATION).pop();
    out.should(
        "the subject names the provider (O)",
        found.ok_or_else(|| "it does not".to_owned()),
    );
}

/// The two letters of a participant; test participants leave out their first X.
fn country_of(participant: &str) -> Option<String> {
    let test = || match participant.as_bytes() {
        [b'X', b'X', _] => participant.get(1..).map(str::to_owned),
        b"XCL" => Some("XL".to_owned()),
        _ => None,
    };
    alpha2(participant).map(str::to_owned).or_else(test)
}

fn signature(out: &mut Lines, raw: &Parsed) {
    let oid = raw.signature_algorithm().oid;
    let known = SIGNATURES.iter().find(|(known, _)| *known == oid);
    let found = known
        .map(|(_, name)| (*name).to_owned())
        .ok_or_else(|| format!("it is signed with {oid}"));
    out.must(
        "it is signed with SHA-256, by ECDSA, RSASSA-PSS or RSA",
        found,
    );
}

fn key(out: &mut Lines, template: Template, raw: &Parsed, certificate: &Certificate) {
    let kind = certificate
        .spki()
        .ok()
        .and_then(|spki| Kind::of_spki(&spki));
    let name = kind
        .as_ref()
        .map_or("a key that can't be read".to_owned(), Kind::to_string);
    let dsc = template == Template::Dsc;
    let (rule, good) = match dsc {
        true => (
            "the key is P-256, or RSA of 2048 to 3072 bits",
            matches!(
                kind,
                Some(Kind::Ec { bits: 256, .. } | Kind::Rsa { bits: 2048..=3072 })
            ),
        ),
        false => (
            "the key is on an elliptic curve of at least 256 bits, or RSA of at least 3072",
            match kind {
                Some(Kind::Ec { bits, .. }) => bits >= 256,
                Some(Kind::Rsa { bits }) => bits >= 3072,
                _ => false,
            },
        ),
    };
    out.must(
        rule,
        if good {
            Ok(name.clone())
        } else {
            Err(name.clone())
        },
    );
    let recommended = matches!(kind, Some(Kind::Ec { bits: 256, .. }));
    out.should(
        "the key is P-256",
        if recommended { Ok(name) } else { Err(name) },
    );
    let serial = raw.tbs_certificate().serial_number().as_bytes();
    let zero = serial.iter().all(|byte| *byte == 0);
    let text = format!("{} bytes", serial.len());
    out.must(
        "the serial number is not zero",
        if zero { Err(text) } else { Ok(text) },
    );
}

fn validity(
    out: &mut Lines,
    template: Template,
    certificate: &Certificate,
    question: &Question<'_>,
) {
    let (from, until) = (certificate.not_before(), certificate.not_after());
    let days = (until.unix() - from.unix()) / DAY;
    let left = (until.unix() - question.at.unix()) / DAY;
    let found = format!("until {until}, {left} days from now");
    let good = left >= 30;
    out.must(
        "it is valid for another 30 days at least",
        if good { Ok(found) } else { Err(found) },
    );
    let begun = from <= question.at;
    let found = format!("from {from}");
    out.should(
        "it is valid already",
        if begun { Ok(found) } else { Err(found) },
    );
    // The onboarding counts a year as 365 days at least and 366 at most.
    let (rule, years) = match template {
        Template::Sca => ("an SCA is valid for 2 to 4 years", 2..=4),
        Template::Tls => ("a TLS certificate is valid for 1 to 2 years", 1..=2),
        Template::Upload => ("an upload certificate is valid for 1 to 2 years", 1..=2),
        Template::Dsc => ("a DSC is valid for 2 years", 1..=2),
    };
    let good = days > years.start() * 365 - 1 && days < years.end() * 366;
    let found = if good {
        Ok(format!("{days} days"))
    } else {
        Err(format!("{days} days"))
    };
    match template {
        Template::Dsc => out.should(rule, found),
        _ => out.must(rule, found),
    }
}

fn basic_constraints(out: &mut Lines, template: Template, raw: &Parsed) {
    let found = extension(raw, BASIC_CONSTRAINTS).map(BasicConstraints::from_der);
    let said = match &found {
        None => "there are none".to_owned(),
        Some(Err(error)) => format!("they can't be read: {error}"),
        Some(Ok(found)) => format!(
            "CA {}, path length {:?}",
            found.ca, found.path_len_constraint
        ),
    };
    let good = |good: bool| {
        if good {
            Ok(said.clone())
        } else {
            Err(said.clone())
        }
    };
    if template == Template::Sca {
        let (ca, length) = match &found {
            Some(Ok(found)) => (found.ca, found.path_len_constraint),
            _ => (false, None),
        };
        out.must(
            "the basic constraints say CA, with a path length of 0 if any",
            good(ca && length.unwrap_or(0) == 0),
        );
        out.should(
            "the basic constraints say a path length of 0",
            good(length == Some(0)),
        );
    } else {
        let ca = matches!(&found, Some(Ok(found)) if found.ca);
        let unreadable = matches!(found, Some(Err(_)));
        out.must(
            "the basic constraints, if any, do not say CA",
            good(!ca && !unreadable),
        );
    }
}

fn key_usage(out: &mut Lines, template: Template, raw: &Parsed, certificate: &Certificate) {
    let found = extension(raw, KEY_USAGE).map(KeyUsage::from_der);
    let Some(Ok(usage)) = found else {
        let why = found.map_or("there is none", |_| "it can't be read");
        return out.must("it has a key usage", Err(why.to_owned()));
    };
    let has = |there: bool| match there {
        true => Ok("it does".to_owned()),
        false => Err("it does not".to_owned()),
    };
    match template {
        Template::Sca => {
            out.must(
                "the key usage has certificate signing",
                has(usage.key_cert_sign()),
            );
            out.should("the key usage has CRL signing", has(usage.crl_sign()));
        }
        Template::Dsc | Template::Tls | Template::Upload => {
            out.must(
                "the key usage has digital signature",
                has(usage.digital_signature()),
            );
            out.must(
                "the key usage has no CRL signing",
                match usage.crl_sign() {
                    false => Ok("it has not".to_owned()),
                    true => Err("it has".to_owned()),
                },
            );
        }
    }
    if template == Template::Tls && certificate.is_self_signed() {
        out.should(
            "the key usage of a self-signed TLS certificate has certificate signing, for OpenSSL",
            has(usage.key_cert_sign()),
        );
    }
    let critical = is_critical(raw, KEY_USAGE);
    out.should("the key usage is critical", has(critical));
}

fn extended_key_usage(out: &mut Lines, template: Template, raw: &Parsed) {
    let found = extension(raw, EXTENDED_KEY_USAGE).map(ExtendedKeyUsage::from_der);
    let usages = match &found {
        None => Vec::new(),
        Some(Ok(usages)) => usages.0.clone(),
        Some(Err(error)) => {
            return out.must("the extended key usage can be read", Err(error.to_string()));
        }
    };
    let said = usages
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let said = if said.is_empty() {
        "there is none".to_owned()
    } else {
        said
    };
    match template {
        Template::Tls => {
            let good = usages.contains(&CLIENT_AUTHENTICATION);
            out.must(
                "the extended key usage has client authentication",
                if good { Ok(said) } else { Err(said) },
            );
        }
        Template::Dsc => {
            let known = EventKind::ALL.map(EventKind::oid);
            let good = usages.iter().all(|usage| known.contains(usage));
            out.should(
                "the extended key usage of a DSC names only the kinds it signs, or none for all",
                if good { Ok(said) } else { Err(said) },
            );
            out.should(
                "the extended key usage is not critical",
                match is_critical(raw, EXTENDED_KEY_USAGE) {
                    false => Ok("it is not".to_owned()),
                    true => Err("it is".to_owned()),
                },
            );
        }
        Template::Sca | Template::Upload => {}
    }
}

fn identifiers(out: &mut Lines, template: Template, raw: &Parsed) {
    let found = extension(raw, SUBJECT_KEY_ID).map(SubjectKeyIdentifier::from_der);
    let found = match found {
        Some(Ok(id)) if !id.0.as_bytes().is_empty() => {
            Ok(format!("{} bytes", id.0.as_bytes().len()))
        }
        Some(_) => Err("it can't be read".to_owned()),
        None => Err("there is none".to_owned()),
    };
    match template {
        Template::Sca => out.must("it has a subject key identifier", found),
        Template::Dsc => out.should("it has a subject key identifier", found),
        Template::Tls | Template::Upload => {}
    }
    if template == Template::Dsc {
        let points = extension(raw, CRL_POINTS);
        let found = points.map(|_| "it has".to_owned());
        out.should(
            "it says where revocation lists of its SCA are (CRL distribution point)",
            found.ok_or_else(|| "it does not".to_owned()),
        );
    }
}

fn issuer(
    out: &mut Lines,
    template: Template,
    certificate: &Certificate,
    authority: Option<&Certificate>,
) {
    let own = certificate.is_self_signed();
    let said = match own {
        true => "self-signed".to_owned(),
        false => format!("issued by {}", certificate.issuer()),
    };
    match (template, authority) {
        (Template::Sca, _) => out.should(
            "an SCA is self-signed: what is above it is ignored",
            if own { Ok(said) } else { Err(said) },
        ),
        (Template::Dsc, None) => out.must(
            "a DSC is signed by the SCA",
            if own {
                Err(said)
            } else {
                Ok(format!("{said}; give the SCA to have it checked"))
            },
        ),
        (Template::Dsc, Some(sca)) => {
            let found = certificate
                .check_issued_by(sca)
                .map_err(|error| error.to_string());
            out.must("a DSC is signed by the SCA", found.map(|()| said));
            let raw = Parsed::from_der(certificate.der()).ok();
            let id = raw
                .as_ref()
                .and_then(|raw| extension(raw, AUTHORITY_KEY_ID));
            let id =
                id.and_then(|value| AuthorityKeyIdentifier::from_der(value).ok()?.key_identifier);
            let above = Parsed::from_der(sca.der()).ok();
            let above = above
                .as_ref()
                .and_then(|raw| extension(raw, SUBJECT_KEY_ID));
            let above = above.and_then(|value| SubjectKeyIdentifier::from_der(value).ok());
            let same = matches!((id, above), (Some(id), Some(above)) if id == above.0);
            out.must(
                "the authority key identifier of a DSC is the SCA's subject key identifier",
                match same {
                    true => Ok("it is".to_owned()),
                    false => Err("it is not, or one is missing".to_owned()),
                },
            );
            let found = format!("{} and {}", certificate.not_after(), sca.not_after());
            let good = certificate.not_after() <= sca.not_after();
            out.must(
                "a DSC does not outlive its SCA",
                if good { Ok(found) } else { Err(found) },
            );
        }
        (Template::Tls | Template::Upload, _) => {
            let broken = !own && certificate.issuer() == certificate.subject();
            out.must(
                "what names itself as its issuer is signed with its own key",
                if broken {
                    Err("it is not".to_owned())
                } else {
                    Ok(said)
                },
            );
        }
    }
}

fn extension(raw: &Parsed, oid: ObjectIdentifier) -> Option<&[u8]> {
    let mut extensions = raw.tbs_certificate().extensions()?.iter();
    let found = extensions.find(|extension| extension.extn_id == oid)?;
    Some(found.extn_value.as_bytes())
}

fn is_critical(raw: &Parsed, oid: ObjectIdentifier) -> bool {
    let mut extensions = raw.tbs_certificate().extensions().into_iter().flatten();
    extensions.any(|extension| extension.extn_id == oid && extension.critical)
}
