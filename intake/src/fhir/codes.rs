//! Which code of the value sets a coding of FHIR stands for.

use super::resource::CodeableConcept;
use crate::codes::{Catalogue, Coding};

/// LOINC codes of tests for SARS-CoV-2 by amplification, and of rapid antigen tests.
const AMPLIFICATION: [&str; 8] = [
    "94500-6", "94309-2", "94845-5", "94759-8", "94534-5", "94533-7", "94565-9", "LP6464-4",
];
const ANTIGEN: [&str; 5] = ["94558-4", "97097-0", "95209-3", "96119-3", "LP217198-3"];

/// What a concept names, as a code or a name of the kind.
pub(super) fn product(catalogue: &Catalogue, concept: &CodeableConcept) -> Option<String> {
    for coding in &concept.coding {
        let Some(code) = coding.code.as_deref() else {
            continue;
        };
        let system = coding.system.as_deref().unwrap_or_default();
        let found = match system {
            "http://hl7.org/fhir/sid/cvx" | "urn:oid:2.16.840.1.113883.12.292" => {
                catalogue.product_of(Coding::Cvx, code)
            }
            "http://snomed.info/sct" => catalogue.product_of(Coding::Snomed, code),
            _ if system.starts_with("http://id.who.int/icd") => {
                catalogue.product_of(Coding::Icd11, code)
            }
            // The EU's own list, and systems of a country that use its codes.
            _ => catalogue.product(code).ok(),
        };
        if let Some(product) = found {
            return Some(product.as_str().to_owned());
        }
    }
    None
}

/// The kind of vaccine, where a coding says no more (ATC, SNOMED CT, ICD-11).
pub(super) fn prophylaxis(catalogue: &Catalogue, concept: &CodeableConcept) -> Option<String> {
    let codes = concept
        .coding
        .iter()
        .filter_map(|coding| coding.code.as_deref());
    let mut known = codes.filter_map(|code| catalogue.prophylaxis(code).ok());
    known.next().map(|code| code.as_str().to_owned())
}

/// A product by what people read: the text, or the name of a coding.
pub(super) fn product_by_name(catalogue: &Catalogue, concept: &CodeableConcept) -> Option<String> {
    let names = concept
        .coding
        .iter()
        .filter_map(|coding| coding.display.as_deref());
    let mut known = names
        .chain(concept.text.as_deref())
        .filter_map(|name| catalogue.product(name).ok());
    known.next().map(|product| product.as_str().to_owned())
}

/// The type of a test for the disease; `None` if it is another observation.
pub(super) fn test_type(concept: &CodeableConcept) -> Option<&'static str> {
    concept
        .coding
        .iter()
        .filter_map(|coding| coding.code.as_deref())
        .find_map(|code| {
            if AMPLIFICATION.contains(&code) {
                Some("LP6464-4")
            } else if ANTIGEN.contains(&code) {
                Some("LP217198-3")
            } else {
                None
            }
        })
}

/// The first code, name or text of a concept that `is_known`.
pub(super) fn first_known(
    concept: &CodeableConcept,
    is_known: impl Fn(&str) -> bool,
) -> Option<String> {
    let codes = concept
        .coding
        .iter()
        .filter_map(|coding| coding.code.as_deref());
    let names = concept
        .coding
        .iter()
        .filter_map(|coding| coding.display.as_deref());
    let mut texts = codes.chain(names).chain(concept.text.as_deref());
    texts.find(|text| is_known(text)).map(String::from)
}

/// What was there, for the message.
pub(super) fn found(concept: &CodeableConcept) -> Vec<String> {
    let one = |coding: &super::resource::Coding| {
        let system = coding.system.as_deref().unwrap_or_default();
        let text = format!("{system}|{}", coding.code.as_deref().unwrap_or_default());
        text.chars().filter(|c| !c.is_control()).take(80).collect()
    };
    concept.coding.iter().take(5).map(one).collect()
}
