//! The certificates of the field: every published DSC is read, and every chain that the WHO trust
//! lists give both ends of is checked. What does not hold is listed with its reason in
//! `x509-exceptions.tsv`; an entry of the list that holds is an error as well.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod conformance;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use hcert::{
    base64,
    x509::{Certificate, ChainError, EventKind},
};
use serde_json::Value;

/// Compares what was found with the list, both ways.
struct Exceptions(BTreeMap<(String, String), String>);

impl Exceptions {
    /// The rows of one table.
    fn of(table: &str) -> Exceptions {
        let lines = include_str!("x509-exceptions.tsv").lines();
        let rows = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let rows = rows.filter_map(|line| {
            let [of, file, entry, error, why] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("not five columns: {line}");
            };
            assert!(!why.is_empty(), "no reason: {line}");
            (of == table).then(|| ((file.to_owned(), entry.to_owned()), error.to_owned()))
        });
        Exceptions(rows.collect())
    }

    /// `found` are those that do not hold, by file and entry, with the error.
    fn compare(self, found: &BTreeMap<(String, String), String>) {
        let mut faults = Vec::new();
        for (key, reason) in found {
            if self.0.get(key) != Some(reason) {
                faults.push(format!("not listed: {}\t{}\t{reason}", key.0, key.1));
            }
        }
        for (key, reason) in self.0 {
            if !found.contains_key(&key) {
                faults.push(format!("listed, but holds: {}\t{}\t{reason}", key.0, key.1));
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

/// A map of kid to certificate: how many of each kind of key, and how many are limited to which
/// kinds of event.
fn kid_map(
    folder: &Path,
    file: &str,
    unreadable: &mut BTreeMap<(String, String), String>,
) -> (usize, BTreeMap<String, usize>, BTreeMap<String, usize>) {
    let certificates = conformance::json(folder, file);
    let certificates = certificates.as_object().unwrap();
    let (mut keys, mut usages) = (BTreeMap::new(), BTreeMap::new());
    for (kid, text) in certificates {
        let der = base64::decode(text.as_str().unwrap()).unwrap();
        let certificate = match Certificate::from_der(&der) {
            Ok(certificate) => certificate,
            Err(error) => {
                unreadable.insert((file.to_owned(), kid.clone()), error.to_string());
                continue;
            }
        };
        assert_eq!(certificate.kid().to_string(), *kid, "{file}");
        let key = match certificate.public_key() {
            Ok(key) => key.algorithm().to_string(),
            Err(error) => {
                unreadable.insert((file.to_owned(), kid.clone()), error.to_string());
                continue;
            }
        };
        *keys.entry(key).or_default() += 1;
        let limits = certificate.usage().limits().map(EventKind::name);
        *usages
            .entry(limits.collect::<Vec<_>>().join("+"))
            .or_default() += 1;
        assert!(certificate.not_before() < certificate.not_after(), "{kid}");
    }
    (certificates.len(), keys, usages)
}

fn counts(expected: &[(&str, usize)]) -> BTreeMap<String, usize> {
    let owned = |(name, count): &(&str, usize)| ((*name).to_owned(), *count);
    expected.iter().map(owned).collect()
}

#[test]
fn every_published_certificate() {
    let Some(folder) = conformance::folder() else {
        return;
    };
    let mut unreadable = BTreeMap::new();
    let (count, keys, usages) = kid_map(&folder, "dsc/eu-dsc.json", &mut unreadable);
    eprintln!("eu-dsc: {count}, keys {keys:?}, limited to {usages:?}");
    assert_eq!(count, 796);
    assert_eq!(keys, counts(&[("ES256", 759), ("PS256", 37)]));
    assert_eq!(
        usages,
        counts(&[
            ("", 373),
            ("recovery", 115),
            ("test", 50),
            ("vaccination", 139),
            ("vaccination+test", 1),
            ("vaccination+test+recovery", 118),
        ])
    );
    let (count, keys, usages) = kid_map(&folder, "dsc/acc-dsc.json", &mut unreadable);
    eprintln!("acc-dsc: {count}, keys {keys:?}, limited to {usages:?}");
    assert_eq!(count, 108);
    assert_eq!(keys, counts(&[("ES256", 103), ("PS256", 5)]));
    assert_eq!(
        usages,
        counts(&[
            ("", 35),
            ("recovery", 6),
            ("test", 7),
            ("vaccination", 8),
            ("vaccination+test", 1),
            ("vaccination+test+recovery", 51),
        ])
    );
    Exceptions::of("certificate").compare(&unreadable);
}

// Chains. A DID document of the WHO lists the keys of a participant: the first certificate of
// x5c is the key's own, those after it and the entries of role SCA are its authorities.

struct Entry {
    participant: String,
    id: String,
    chain: Vec<Certificate>,
}

fn entries(
    folder: &Path,
    file: &str,
    unreadable: &mut BTreeMap<(String, String), String>,
) -> Vec<Entry> {
    let document = conformance::json(folder, &format!("gdhcn-trustlist/{file}"));
    let mut entries = Vec::new();
    for method in document["verificationMethod"].as_array().unwrap() {
        let Some(chain) = method["publicKeyJwk"]["x5c"].as_array() else {
            continue;
        };
        let id = method["id"].as_str().unwrap();
        let (place, kid) = id.split_once('#').unwrap();
        let mut certificates = Vec::new();
        for text in chain.iter().filter_map(Value::as_str) {
            match base64::decode(text).map(|der| Certificate::from_der(&der)) {
                Some(Ok(certificate)) => certificates.push(certificate),
                Some(Err(error)) => {
                    unreadable.insert((file.to_owned(), kid.to_owned()), error.to_string());
                }
                None => {
                    unreadable.insert((file.to_owned(), kid.to_owned()), "not base64".to_owned());
                }
            }
        }
        entries.push(Entry {
            participant: participant(place),
            id: id.to_owned(),
            chain: certificates,
        });
    }
    entries
}

/// `…:trustlist:prt` in the first version, `…:trustlist:DCC:PRT:DSC` in the second.
fn participant(place: &str) -> String {
    let parts: Vec<&str> = place.split(':').collect();
    let at = parts
        .iter()
        .position(|part| *part == "trustlist")
        .map_or(0, |at| at + 1);
    match parts[at..] {
        [participant] => participant.to_uppercase(),
        [_domain, participant, ..] => participant.to_owned(),
        [] => String::new(),
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Chains {
    hold: usize,
    fail: usize,
    /// The DSC names an issuer that the list does not give.
    open: usize,
    authorities: usize,
}

fn reason(error: &ChainError) -> String {
    match error {
        ChainError::NotAnAuthority(_) => "not an authority".to_owned(),
        ChainError::OtherIssuer { .. } => "other issuer".to_owned(),
        ChainError::Signature(_) => "signature".to_owned(),
        ChainError::Period { .. } => "period".to_owned(),
        other => other.to_string(),
    }
}

fn chains(
    folder: &Path,
    file: &str,
    unreadable: &mut BTreeMap<(String, String), String>,
    broken: &mut BTreeMap<(String, String), String>,
) -> Chains {
    let entries = entries(folder, file, unreadable);
    let mut authorities: BTreeMap<&str, BTreeMap<&[u8], &Certificate>> = BTreeMap::new();
    for entry in &entries {
        let own = entry.chain.first().filter(|own| own.is_authority());
        for authority in own.into_iter().chain(entry.chain.iter().skip(1)) {
            authorities
                .entry(&entry.participant)
                .or_default()
                .insert(authority.der(), authority);
        }
    }
    let mut chains = Chains::default();
    let mut seen = BTreeSet::new();
    for entry in &entries {
        let Some(dsc) = entry.chain.first() else {
            continue;
        };
        if !seen.insert((entry.id.clone(), dsc.der())) {
            continue;
        }
        if dsc.is_authority() {
            chains.authorities += 1;
            continue;
        }
        let known = authorities.get(entry.participant.as_str());
        let named = known.into_iter().flat_map(BTreeMap::values);
        let results: Vec<_> = named
            .filter(|csca| dsc.names_as_issuer(csca) && csca.der() != dsc.der())
            .map(|csca| dsc.check_issued_by(csca))
            .collect();
        match results.iter().find_map(|result| result.as_ref().err()) {
            _ if results.is_empty() => chains.open += 1,
            _ if results.contains(&Ok(())) => chains.hold += 1,
            Some(error) => {
                chains.fail += 1;
                let kid = entry.id.split_once('#').unwrap().1;
                broken.insert(
                    (file.to_owned(), format!("{} {kid}", entry.participant)),
                    reason(error),
                );
            }
            None => unreachable!("neither empty nor good nor bad"),
        }
    }
    chains
}

#[test]
fn every_chain_of_the_trust_lists() {
    let Some(folder) = conformance::folder() else {
        return;
    };
    let (mut unreadable, mut broken) = (BTreeMap::new(), BTreeMap::new());
    for (file, [hold, fail, open, authorities]) in [
        ("prod/trustlist/did.json", [396, 5, 37, 0]),
        ("prod/v2/trustlist/did.json", [421, 9, 11, 60]),
        ("dev/trustlist/did.json", [95, 6, 264, 3]),
        ("dev/v2/trustlist/did.json", [106, 9, 0, 140]),
    ] {
        let found = chains(&folder, file, &mut unreadable, &mut broken);
        eprintln!("{file}: {found:?}");
        let expected = Chains {
            hold,
            fail,
            open,
            authorities,
        };
        assert_eq!(found, expected, "{file}");
    }
    Exceptions::of("entry").compare(&unreadable);
    Exceptions::of("chain").compare(&broken);
}

/// The EU's list against the authorities that the WHO's lists give for the same country.
#[test]
fn every_chain_of_the_eu_list() {
    let Some(folder) = conformance::folder() else {
        return;
    };
    let mut unread = BTreeMap::new();
    let mut authorities: BTreeMap<Vec<u8>, Certificate> = BTreeMap::new();
    for file in ["prod/trustlist/did.json", "prod/v2/trustlist/did.json"] {
        for entry in entries(&folder, file, &mut unread) {
            for certificate in entry.chain.into_iter().filter(Certificate::is_authority) {
                authorities.insert(certificate.der().to_vec(), certificate);
            }
        }
    }
    let list = conformance::json(&folder, "dsc/eu-dsc.json");
    let mut chains = Chains {
        authorities: authorities.len(),
        ..Chains::default()
    };
    let mut broken = BTreeMap::new();
    for (kid, text) in list.as_object().unwrap() {
        let der = base64::decode(text.as_str().unwrap()).unwrap();
        let Ok(dsc) = Certificate::from_der(&der) else {
            continue;
        };
        let named = authorities
            .values()
            .filter(|csca| dsc.names_as_issuer(csca));
        let results: Vec<_> = named.map(|csca| dsc.check_issued_by(csca)).collect();
        match results.iter().find_map(|result| result.as_ref().err()) {
            _ if results.is_empty() => chains.open += 1,
            _ if results.contains(&Ok(())) => chains.hold += 1,
            Some(error) => {
                chains.fail += 1;
                broken.insert(("dsc/eu-dsc.json".to_owned(), kid.clone()), reason(error));
            }
            None => unreachable!("neither empty nor good nor bad"),
        }
    }
    eprintln!("eu-dsc with the WHO's authorities: {chains:?}");
    assert_eq!((chains.hold, chains.fail, chains.open), (395, 5, 396));
    Exceptions::of("eu-chain").compare(&broken);
}
