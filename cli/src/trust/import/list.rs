//! What was let in, as a list of a bundle and as one that `hcert verify --trust` reads.

use std::collections::HashSet;

use hcert::{base64, keys::PublicKey};
use serde_json::{Value, json};
use trust_exchange::{
    admission::{Admission, Admitted},
    jwks,
};
use trust_list::{
    digest::Digest,
    import::{Form, Listed, Material, Role},
    key_list::{self, Authority, Key, Withdrawal},
};

/// The keys and the authorities above them.
pub(super) fn key_list(admission: &Admission) -> (Vec<Key>, Vec<Authority>) {
    let mut keys = Vec::new();
    let mut authorities = Vec::new();
    let mut seen = HashSet::new();
    for admitted in &admission.admitted {
        if let (Role::Authority, Some(certificate)) =
            (&admitted.key.role, admitted.key.certificate())
        {
            if seen.insert(certificate.der()) {
                authorities.push(Authority {
                    certificate: certificate.der().to_vec(),
                    country: admitted.key.country.clone(),
                });
            }
            // A list of kids is one of signers: member states have signed with a CSCA.
            if admitted.form != Form::KidMap {
                continue;
            }
        }
        keys.push(key(admitted));
    }
    (keys, authorities)
}

fn key(admitted: &Admitted) -> Key {
    let listed = &admitted.key;
    let kid = listed.kid().map(|kid| kid.as_bytes().to_vec());
    Key {
        // What is longer can stand in no message; such a key is tried for every one.
        kid: kid.filter(|kid| (1..=64).contains(&kid.len())),
        material: match &listed.material {
            Material::Certificate(certificate) => {
                key_list::Material::Certificate(certificate.der().to_vec())
            }
            Material::Key(spki) => key_list::Material::Spki(spki.clone()),
        },
        country: listed.country.clone(),
        domain: listed.domain.clone(),
        issuer: listed.issuer.clone(),
        withdrawal: None,
        source: Some(admitted.form.name().to_owned()),
    }
}

/// Takes withdrawals over from the list before: other people's lists say nothing of them, and a
/// key that somebody withdrew must not come back by an import. How many there were.
pub(super) fn keep_withdrawals(keys: &mut [Key], before: &[Key]) -> usize {
    let mut kept = 0;
    for key in keys {
        let old = before.iter().filter(|old| old.material == key.material);
        let withdrawals = old.filter_map(|old| old.withdrawal.clone());
        // Of several the one that refuses most.
        let strictest = |one: &Withdrawal| (!one.compromised, one.from);
        key.withdrawal = withdrawals.min_by_key(strictest);
        kept += usize::from(key.withdrawal.is_some());
    }
    kept
}

/// A list in the gateway's shape, an entry on each line; and how many keys are not in it because
/// it can't say that they sign for one issuer only.
pub(in crate::trust) fn gateway<'a>(
    listed: impl IntoIterator<Item = &'a Listed>,
) -> anyhow::Result<(Vec<u8>, usize)> {
    let mut lines = Vec::new();
    let mut left_out = 0;
    for key in listed {
        if key.issuer.is_some() {
            left_out += 1;
            continue;
        }
        lines.push(entry(key)?.to_string());
    }
    Ok((
        format!("[\n{}\n]\n", lines.join(",\n")).into_bytes(),
        left_out,
    ))
}

fn entry(key: &Listed) -> anyhow::Result<Value> {
    let kid = key.kid().map(|kid| kid.to_string());
    let mut entry = match key.certificate() {
        Some(certificate) => json!({
            "certificateType": match key.role {
                Role::Authority => "CSCA",
                _ => "DSC",
            },
            "thumbprint": Digest::of(certificate.der()).to_string(),
            "rawData": base64::encode(certificate.der()),
        }),
        // The shape has no place for a bare key; readers of it that know them take a JWK.
        None => Value::Object(jwks::of_key(&PublicKey::from_spki(key.der())?)?),
    };
    for (name, value) in [
        ("kid", &kid),
        ("country", &key.country),
        ("domain", &key.domain),
    ] {
        if let Some(value) = value {
            entry[name] = value.as_str().into();
        }
    }
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use hcert::time::Timestamp;

    use super::*;

    fn key(der: &[u8], withdrawal: Option<(i64, bool)>) -> Key {
        Key {
            kid: Some(vec![1]),
            material: key_list::Material::Spki(der.to_vec()),
            country: None,
            domain: None,
            issuer: None,
            withdrawal: withdrawal.map(|(from, compromised)| Withdrawal {
                from: Timestamp::saturating(from),
                compromised,
                reason: String::new(),
            }),
            source: None,
        }
    }

    #[test]
    fn what_was_withdrawn_stays_withdrawn() {
        let mut keys = [key(b"a", None), key(b"b", None), key(b"c", None)];
        let before = [
            key(b"a", Some((9, false))),
            key(b"a", Some((7, false))),
            key(b"b", Some((1, false))),
            key(b"b", Some((9, true))),
            key(b"d", Some((1, true))),
        ];
        assert_eq!(keep_withdrawals(&mut keys, &before), 2);
        let wanted = [Some((7, false)), Some((9, true)), None];
        for (key, wanted) in keys.iter().zip(wanted) {
            let found = key.withdrawal.as_ref();
            let found = found.map(|found| (found.from.unix(), found.compromised));
            assert_eq!(found, wanted);
        }
    }
}
