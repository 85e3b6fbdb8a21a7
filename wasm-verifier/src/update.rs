//! A trust update, piece by piece.

use std::sync::Arc;

use serde_json::{Value, json};
use trust_list::{
    bundle::{self, Offered, State, take_apart},
    limits::Limits,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Fault;

/// An update in progress. Dropping it changes nothing.
#[wasm_bindgen]
pub struct Update(bundle::Update);

#[wasm_bindgen]
impl Update {
    /// Begins from what is remembered, or for the first time from the root that the device was
    /// given. The two are told apart by their first byte: a root is a tagged envelope.
    pub fn begin(state: &[u8]) -> Result<Update, Fault> {
        let limits = Limits::DEFAULT;
        let state = match state.first() {
            Some(0xd8) => State::pinned(state, &limits)?,
            _ => State::parse(state)?,
        };
        Ok(Update(bundle::Update::begin(&state, limits)?))
    }

    /// The version of the root to ask for next.
    #[wasm_bindgen(js_name = nextRoot)]
    pub fn next_root(&self) -> f64 {
        self.0.next_root() as f64
    }

    /// Takes the next root.
    pub fn root(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        Ok(self.0.root(bytes)?)
    }

    /// Takes the manifest: `newer` than what is in use, or the `same`.
    pub fn manifest(&mut self, bytes: &[u8]) -> Result<String, Fault> {
        let offered = self.0.manifest(bytes)?;
        Ok(match offered {
            Offered::Newer => "newer",
            Offered::Same => "same",
        }
        .to_owned())
    }

    /// The parts still to be had, as JSON.
    pub fn wanted(&self) -> String {
        let parts = self.0.wanted().map(|part| {
            let digest = part.digest.to_string();
            json!({
                "name": format!("{}/{}", part.kind, part.name), "path": format!("parts/{digest}"),
                "size": part.length, "sha256": digest,
            })
        });
        Value::Array(parts.collect()).to_string()
    }

    /// Takes one part by the name that [`Update::wanted`] gave it.
    pub fn part(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), Fault> {
        let part = self
            .0
            .wanted()
            .find(|part| format!("{}/{}", part.kind, part.name) == name)
            .cloned();
        let part = part.ok_or_else(|| {
            Fault::argument(format!("the part {name} is not wanted, or not any more"))
        })?;
        Ok(self.0.part(&part, bytes.into())?)
    }

    /// Takes from a bundle at hand the parts that the manifest names again, so that only what is
    /// new has to be fetched; says how many.
    pub fn keep(&mut self, file: Vec<u8>) -> Result<u32, Fault> {
        let pieces =
            take_apart(&Arc::new(file), &Limits::DEFAULT).map_err(bundle::UpdateError::from)?;
        let kept = pieces
            .parts
            .into_iter()
            .filter(|part| self.0.offer(part.clone()));
        Ok(u32::try_from(kept.count()).unwrap_or(u32::MAX))
    }

    /// Takes all that a bundle in one file holds: its roots, its manifest, its parts.
    pub fn file(&mut self, file: Vec<u8>) -> Result<String, Fault> {
        let pieces =
            take_apart(&Arc::new(file), &Limits::DEFAULT).map_err(bundle::UpdateError::from)?;
        for root in &pieces.roots {
            self.root(root)?;
        }
        let offered = self.manifest(&pieces.manifest)?;
        for part in pieces.parts {
            self.0.offer(part);
        }
        Ok(offered)
    }

    /// The bundle, when all parts are there, and what to remember from now on.
    pub fn finish(self) -> Result<Finished, Fault> {
        let (bundle, state) = self.0.finish()?;
        Ok(Finished {
            bundle: bundle.to_file(),
            state: state.encode(),
        })
    }
}

/// What an update gives.
#[wasm_bindgen]
pub struct Finished {
    bundle: Vec<u8>,
    state: Vec<u8>,
}

#[wasm_bindgen]
impl Finished {
    /// The bundle in one file; gone once it was asked.
    #[wasm_bindgen(js_name = takeBundle)]
    pub fn take_bundle(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bundle)
    }

    /// What to remember; gone once it was asked.
    #[wasm_bindgen(js_name = takeState)]
    pub fn take_state(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.state)
    }
}
