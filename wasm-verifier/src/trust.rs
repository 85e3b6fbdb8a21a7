//! What is trusted.

use std::{cell::RefCell, collections::BTreeSet, sync::Arc};

use hcert::{hc1::Decoder, limits::Limits, time::Timestamp};
use serde_json::{Value, json};
use trust_list::{
    bundle::{Bundle, State},
    clock::{self, Clock},
    limits::Limits as BundleLimits,
};
use verifier::{
    Verifier,
    rules::RuleSet,
    trust::{Refused, TrustBuilder},
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Fault, verify::instant};

/// Takes a bundle, files of keys and rules, and makes a [`Trust`] of them.
#[wasm_bindgen]
#[derive(Default)]
pub struct Gather {
    builder: TrustBuilder,
    bundle: Option<(Bundle, State)>,
    /// Whether the state of the bundle came from the caller: what is then known of the time holds
    /// for this device.
    remembered: bool,
    rules: Option<RuleSet>,
    given: bool,
}

#[wasm_bindgen]
impl Gather {
    /// Nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Gather {
        Gather::default()
    }

    /// A bundle in one file. With what is remembered of earlier ones it has to follow from that;
    /// without, its own first root is believed.
    #[wasm_bindgen(js_name = addBundle)]
    pub fn add_bundle(&mut self, file: Vec<u8>, state: Option<Vec<u8>>) -> Result<(), Fault> {
        if self.bundle.is_some() {
            return Err(Fault::argument(
                "two trust bundles are given: their revocation and rules do not mix, give one",
            ));
        }
        self.given = true;
        let (file, limits) = (Arc::new(file), BundleLimits::DEFAULT);
        self.remembered = state.is_some();
        let opened = match state {
            Some(state) => Bundle::open(&file, &State::parse(&state)?, &limits)?,
            None => Bundle::open_alone(&file, &limits)?,
        };
        self.builder.add_bundle(&opened.0);
        self.bundle = Some(opened);
        Ok(())
    }

    /// A file of keys or revocation batches of any kind that `hcert verify --trust` takes.
    #[wasm_bindgen(js_name = addFile)]
    pub fn add_file(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.given = true;
        Ok(self.builder.add_file(bytes)?)
    }

    /// Business rules in JSON. One that can't be read is an error: without it an answer could be
    /// green where it must not be.
    #[wasm_bindgen(js_name = addRules)]
    pub fn add_rules(&mut self, text: &str) -> Result<(), Fault> {
        let set = RuleSet::parse(text).map_err(|error| Fault::new("rules", error.to_string()))?;
        if let Some(refused) = set.refused().first() {
            return Err(Fault::new("rules", refused.to_string()));
        }
        match &mut self.rules {
            Some(rules) => rules.extend(set),
            None => self.rules = Some(set),
        }
        Ok(())
    }

    /// The trust. It is an error if something was given and holds no key; of nothing comes a trust in
    /// nobody, for a device that has no list yet.
    pub fn build(self) -> Result<Trust, Fault> {
        let trust = self.builder.build();
        if self.given && trust.is_empty() {
            return Err(Fault::new(
                "no_key",
                "no trusted key is given: give the issuer's certificate, or a trust bundle",
            ));
        }
        let mut verifier = Verifier::new(trust);
        let mut refused_rules = Vec::new();
        if let Some((bundle, _)) = &self.bundle {
            (verifier, refused_rules) = verifier.with_bundle_rules(bundle);
        }
        if let Some(rules) = self.rules {
            verifier = verifier.with_rules(rules);
        }
        let highest_time = match &self.bundle {
            Some((_, state)) if self.remembered => Some(state.highest_time()),
            _ => None,
        };
        let facts = facts(&verifier, self.bundle.as_ref(), &refused_rules)?;
        Ok(Trust {
            verifier,
            decoder: RefCell::new(Decoder::new(Limits::DEFAULT)),
            highest_time,
            facts,
        })
    }
}

/// What is trusted; nothing in it changes.
#[wasm_bindgen]
pub struct Trust {
    pub(crate) verifier: Verifier,
    /// Working memory, kept between codes.
    pub(crate) decoder: RefCell<Decoder>,
    highest_time: Option<Timestamp>,
    facts: Value,
}

#[wasm_bindgen]
impl Trust {
    /// What is to be said of it at an instant (seconds since 1970), as JSON.
    pub fn facts(&self, now: f64) -> Result<String, Fault> {
        let now = instant(now)?;
        let mut facts = self.facts.clone();
        if let Some(bundle) = self.verifier.trust().bundle() {
            facts["age_days"] = bundle.validity.age_days(now).into();
            facts["freshness"] = bundle.validity.freshness(now).name().into();
        }
        facts["clock_wrong"] = self.is_wrong_clock(now).into();
        Ok(facts.to_string())
    }
}

impl Trust {
    /// Whether something was signed long after this instant.
    pub(crate) fn is_wrong_clock(&self, now: Timestamp) -> bool {
        self.highest_time
            .is_some_and(|highest| clock::judge(now, highest) != Clock::Plausible)
    }
}

fn facts(
    verifier: &Verifier,
    bundle: Option<&(Bundle, State)>,
    refused_rules: &[Refused],
) -> Result<Value, Fault> {
    let trust = verifier.trust();
    let refused = trust.refused().iter().chain(refused_rules);
    let refused: Vec<Value> = refused
        .map(|refused| json!({ "entry": refused.entry, "why": refused.why }))
        .collect();
    let mut facts = json!({
        "sequence": null, "publisher": null, "environment": null,
        "made_at": null, "soft_expiry": null, "hard_expiry": null,
        "age_days": null, "freshness": null, "clock_wrong": false,
        "root": null, "keys": trust.len(), "countries": [], "parts": {}, "refused": refused,
    });
    if let Some((bundle, state)) = bundle {
        let (root, fingerprint) = state.root(&BundleLimits::DEFAULT)?;
        let manifest = bundle.manifest();
        let keys = &bundle.key_list().keys;
        let countries: BTreeSet<&str> = keys
            .iter()
            .filter_map(|key| key.country.as_deref())
            .collect();
        facts["sequence"] = manifest.sequence().into();
        facts["publisher"] = root.name().into();
        facts["environment"] = bundle.environment().name().into();
        facts["made_at"] = manifest.issued().to_string().into();
        facts["soft_expiry"] = manifest.soft_expiry().to_string().into();
        facts["hard_expiry"] = bundle.hard_expiry().to_string().into();
        facts["root"] = json!({ "version": root.version(), "sha256": fingerprint.to_string() });
        facts["countries"] = json!(countries);
        for part in manifest.parts() {
            let count = &mut facts["parts"][part.kind.name()];
            *count = (count.as_u64().unwrap_or(0) + 1).into();
        }
    }
    Ok(facts)
}
