//! The few resources that are read, and of them the few elements.
//!
//! Only what becomes part of a record has a field; the rest is passed over, as FHIR asks of
//! readers, save modifier extensions, which would change the meaning of what is read.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bundle {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(default)]
    pub(super) entry: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) full_url: Option<String>,
    pub(super) resource: Option<Value>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Patient {
    #[serde(default)]
    pub(super) name: Vec<HumanName>,
    pub(super) birth_date: Option<String>,
    pub(super) gender: Option<String>,
    #[serde(default)]
    pub(super) identifier: Vec<Identifier>,
    #[serde(default)]
    pub(super) extension: Vec<Extension>,
    pub(super) modifier_extension: Option<Value>,
}

#[derive(Deserialize, Default)]
pub(super) struct HumanName {
    #[serde(rename = "use")]
    pub(super) usage: Option<String>,
    pub(super) text: Option<String>,
    pub(super) family: Option<String>,
    #[serde(default)]
    pub(super) given: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Identifier {
    pub(super) system: Option<String>,
    pub(super) value: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Option<CodeableConcept>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Extension {
    #[serde(default)]
    pub(super) url: String,
    pub(super) value_codeable_concept: Option<CodeableConcept>,
    #[serde(default)]
    pub(super) extension: Vec<Extension>,
}

#[derive(Deserialize, Default)]
pub(super) struct CodeableConcept {
    #[serde(default)]
    pub(super) coding: Vec<Coding>,
    pub(super) text: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Coding {
    pub(super) system: Option<String>,
    pub(super) code: Option<String>,
    pub(super) display: Option<String>,
}

#[derive(Deserialize, Default)]
pub(super) struct Reference {
    pub(super) reference: Option<String>,
    pub(super) display: Option<String>,
    pub(super) identifier: Option<Box<Identifier>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Immunization {
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) identifier: Vec<Identifier>,
    #[serde(default)]
    pub(super) vaccine_code: CodeableConcept,
    #[serde(default)]
    pub(super) patient: Reference,
    pub(super) occurrence_date_time: Option<String>,
    pub(super) lot_number: Option<String>,
    pub(super) manufacturer: Option<Reference>,
    pub(super) location: Option<Reference>,
    #[serde(default)]
    pub(super) performer: Vec<Performer>,
    #[serde(default)]
    pub(super) protocol_applied: Vec<Protocol>,
    pub(super) modifier_extension: Option<Value>,
}

#[derive(Deserialize)]
pub(super) struct Performer {
    #[serde(default)]
    pub(super) actor: Reference,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Protocol {
    #[serde(default)]
    pub(super) target_disease: Vec<CodeableConcept>,
    pub(super) dose_number_positive_int: Option<u32>,
    pub(super) dose_number_string: Option<String>,
    pub(super) series_doses_positive_int: Option<u32>,
    pub(super) series_doses_string: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Observation {
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) identifier: Vec<Identifier>,
    #[serde(default)]
    pub(super) code: CodeableConcept,
    #[serde(default)]
    pub(super) subject: Reference,
    pub(super) effective_date_time: Option<String>,
    pub(super) value_codeable_concept: Option<CodeableConcept>,
    pub(super) value_string: Option<String>,
    pub(super) method: Option<CodeableConcept>,
    pub(super) device: Option<Reference>,
    pub(super) specimen: Option<Reference>,
    #[serde(default)]
    pub(super) performer: Vec<Reference>,
    pub(super) modifier_extension: Option<Value>,
}
