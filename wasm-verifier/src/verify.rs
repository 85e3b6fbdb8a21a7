//! Verdicts, and what a certificate says without one.

use hcert::{limits::Limits, time::Timestamp};
use serde_json::Value;
use verifier::{unverified, wording::Language};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Fault, Trust};

/// The verdict on one scanned text as JSON: that of `specs/verdict.md`. `input` is what stands
/// under that name in it. With a country of arrival, only its acceptance rules apply.
#[wasm_bindgen(js_name = verifyJson)]
pub fn verify_json(
    text: &str,
    trust: &Trust,
    now: f64,
    language: Option<String>,
    country: Option<String>,
    input: &str,
) -> Result<String, Fault> {
    let (now, language) = (instant(now)?, language_of(language)?);
    let mut decoder = trust.decoder.borrow_mut();
    let mut verdict = trust
        .verifier
        .verify_for(&mut decoder, text, now, country.as_deref());
    verdict.clock_doubtful |= trust.is_wrong_clock(now);
    Ok(verdict.to_json(input, language).to_string())
}

/// What a text says of itself, as JSON and marked as unverified: for its owner, never for whoever
/// checks it.
#[wasm_bindgen(js_name = inspectUnverified)]
pub fn inspect_unverified(text: &str) -> String {
    unverified::content(text, Limits::DEFAULT).to_string()
}

/// A payload in plain words, as JSON.
#[wasm_bindgen]
pub fn describe(payload: &str, language: Option<String>) -> Result<String, Fault> {
    let language = language_of(language)?;
    let payload: Value = serde_json::from_str(payload)
        .map_err(|error| Fault::argument(format!("the payload is not JSON: {error}")))?;
    Ok(verifier::describe::payload(&payload, language).to_string())
}

/// A time as JavaScript gives it: seconds since 1970, with or without fractions.
pub(crate) fn instant(seconds: f64) -> Result<Timestamp, Fault> {
    // Beyond 2^53 a double is no count any more, and no clock.
    const END: f64 = 9_007_199_254_740_992.0;
    if !(-END..END).contains(&seconds) {
        return Err(Fault::argument(
            "now is no time: give seconds since 1970, as in Date.now() / 1000",
        ));
    }
    #[expect(clippy::cast_possible_truncation, reason = "looked at just above")]
    let seconds = seconds.floor() as i64;
    Ok(Timestamp::saturating(seconds))
}

fn language_of(name: Option<String>) -> Result<Language, Fault> {
    match name {
        None => Ok(Language::English),
        Some(name) => Language::of_locale(&name).ok_or_else(|| {
            Fault::argument(format!("there is no language {name}; there are: en, vi"))
        }),
    }
}
