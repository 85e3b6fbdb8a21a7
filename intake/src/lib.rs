//! What vaccination and sampling sites report, from the way people write it to checked records.

pub mod card;
pub mod codes;
pub mod draft;
pub mod fhir;
pub mod field;
pub mod finding;
pub mod plausibility;
pub mod record;
pub mod table;
pub mod words;

mod plain;
mod typed;
