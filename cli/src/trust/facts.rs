//! What a bundle is made of, counted.

use std::collections::BTreeMap;

use hcert::{time::Timestamp, x509::Certificate};
use serde_json::{Value, json};
use trust_list::{
    bundle::{Bundle, Freshness, State},
    clock::{self, Clock},
    key_list::{Key, Material},
    limits::Limits,
};

/// Keys of one country.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct CountryCount {
    pub(super) keys: usize,
    pub(super) live: usize,
    pub(super) withdrawn: usize,
    pub(super) expired: usize,
    /// Of the live ones, those that end within 30 days.
    pub(super) ending: usize,
}

/// What is to be said of a bundle at an instant.
pub(super) struct Facts {
    pub(super) publisher: String,
    pub(super) environment: &'static str,
    pub(super) fingerprint: String,
    pub(super) root_version: u64,
    pub(super) sequence: u64,
    pub(super) issued: Timestamp,
    pub(super) age_days: i64,
    pub(super) soft_expiry: Timestamp,
    pub(super) hard_expiry: Timestamp,
    pub(super) freshness: Freshness,
    pub(super) key_list_version: u64,
    pub(super) authorities: usize,
    pub(super) countries: BTreeMap<String, CountryCount>,
    /// Kind of part: how many, bytes.
    pub(super) parts: BTreeMap<String, (usize, usize)>,
    pub(super) missing: Vec<String>,
    pub(super) unreadable: usize,
    /// Seconds by which the clock is behind what was signed, when it is.
    pub(super) clock_behind: Option<i64>,
}

/// A month, in which a key that ends should be renewed.
const SOON: i64 = 30 * 24 * 3600;

impl Facts {
    pub(super) fn new(bundle: &Bundle, state: &State, at: Timestamp) -> anyhow::Result<Facts> {
        let mut countries: BTreeMap<String, CountryCount> = BTreeMap::new();
        let mut unreadable = 0;
        for key in &bundle.key_list().keys {
            let country = key.country.clone().unwrap_or_else(|| "–".into());
            let count = countries.entry(country).or_default();
            count.keys += 1;
            match standing(key, at) {
                Standing::Withdrawn => count.withdrawn += 1,
                Standing::Expired => count.expired += 1,
                Standing::Ending => {
                    count.live += 1;
                    count.ending += 1;
                }
                Standing::Live => count.live += 1,
                Standing::Unreadable => unreadable += 1,
            }
        }
        let mut parts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for part in bundle.manifest().parts() {
            let entry = parts.entry(part.kind.to_string()).or_default();
            entry.0 += 1;
            entry.1 += part.length;
        }
        let (root, fingerprint) = state.root(&Limits::DEFAULT)?;
        let clock = clock::judge(at, state.highest_time());
        Ok(Facts {
            publisher: root.name().to_owned(),
            environment: bundle.environment().name(),
            fingerprint: fingerprint.to_string(),
            root_version: root.version(),
            sequence: bundle.manifest().sequence(),
            issued: bundle.manifest().issued(),
            age_days: bundle.age_days(at),
            soft_expiry: bundle.manifest().soft_expiry(),
            hard_expiry: bundle.hard_expiry(),
            freshness: bundle.freshness(at),
            key_list_version: bundle.key_list().version,
            authorities: bundle.key_list().authorities.len(),
            countries,
            parts,
            missing: bundle
                .missing()
                .map(|part| format!("{} {}", part.kind, part.name))
                .collect(),
            unreadable,
            clock_behind: match clock {
                Clock::Behind(seconds) => Some(seconds),
                Clock::Plausible => None,
            },
        })
    }

    pub(super) fn keys(&self) -> usize {
        self.countries.values().map(|country| country.keys).sum()
    }

    pub(super) fn to_json(&self) -> Value {
        let countries: serde_json::Map<String, Value> = self
            .countries
            .iter()
            .map(|(name, count)| {
                let value = json!({
                    "keys": count.keys, "live": count.live, "withdrawn": count.withdrawn,
                    "expired": count.expired, "ending_within_30_days": count.ending,
                });
                (name.clone(), value)
            })
            .collect();
        let parts: serde_json::Map<String, Value> = self
            .parts
            .iter()
            .map(|(kind, (count, bytes))| (kind.clone(), json!({ "parts": count, "bytes": bytes })))
            .collect();
        json!({
            "publisher": self.publisher,
            "environment": self.environment,
            "root": { "version": self.root_version, "sha256": self.fingerprint },
            "sequence": self.sequence,
            "issued": self.issued.to_string(),
            "age_days": self.age_days,
            "soft_expiry": self.soft_expiry.to_string(),
            "hard_expiry": self.hard_expiry.to_string(),
            "freshness": self.freshness.name(),
            "key_list_version": self.key_list_version,
            "keys": self.keys(),
            "authorities": self.authorities,
            "countries": countries,
            "parts": parts,
            "missing": self.missing,
            "unreadable_keys": self.unreadable,
            "clock_behind_seconds": self.clock_behind,
        })
    }
}

enum Standing {
    Live,
    Ending,
    Expired,
    Withdrawn,
    Unreadable,
}

fn standing(key: &Key, at: Timestamp) -> Standing {
    if let Some(withdrawal) = &key.withdrawal
        && (withdrawal.compromised || at >= withdrawal.from)
    {
        return Standing::Withdrawn;
    }
    let Material::Certificate(der) = &key.material else {
        return Standing::Live;
    };
    let Ok(certificate) = Certificate::from_der(der) else {
        return Standing::Unreadable;
    };
    if at > certificate.not_after() {
        Standing::Expired
    } else if at.plus_seconds(SOON) > certificate.not_after() {
        Standing::Ending
    } else {
        Standing::Live
    }
}
