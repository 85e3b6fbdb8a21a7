//! From JSON.

use alloc::{string::String, vec::Vec};

use serde_json::Value;

use crate::name::Transliteration;

use super::object::{
    Key, Object, any_string, birth, country, date, date_time, dose, text_value, uvci, wrong_type,
};
use super::{
    Dcc, Event, FieldError, NameParts, PersonName, Problem, Recovery, SchemaVersion, Test,
    Vaccination,
};

const DOCUMENT: &[Key] = &[
    ("ver", "version"),
    ("nam", "name"),
    ("dob", "date of birth"),
    ("v", "vaccination"),
    ("t", "test"),
    ("r", "recovery"),
];
const NAME: &[Key] = &[
    ("fn", "family name"),
    ("fnt", "family name standardised"),
    ("gn", "given name"),
    ("gnt", "given name standardised"),
];
const VACCINATION: &[Key] = &[
    ("tg", "disease"),
    ("vp", "prophylaxis"),
    ("mp", "product"),
    ("ma", "manufacturer"),
    ("dn", "dose number"),
    ("sd", "total doses"),
    ("dt", "date"),
    ("co", "country"),
    ("is", "issuer"),
    ("ci", "certificate id"),
];
const TEST: &[Key] = &[
    ("tg", "disease"),
    ("tt", "test type"),
    ("nm", "name"),
    ("ma", "device"),
    ("sc", "sample collected"),
    ("tr", "result"),
    ("tc", "centre"),
    ("co", "country"),
    ("is", "issuer"),
    ("ci", "certificate id"),
];
const RECOVERY: &[Key] = &[
    ("tg", "disease"),
    ("fr", "first positive"),
    ("co", "country"),
    ("is", "issuer"),
    ("df", "valid from"),
    ("du", "valid until"),
    ("ci", "certificate id"),
];

const ONE_EVENT: &str = "exactly one of v, t and r";

impl Dcc {
    /// Reads a payload that is to be issued, with all its faults at once.
    ///
    /// Takes what schema 1.3.3 takes, with these differences:
    /// - keys that the schema does not name are refused, with a hint;
    /// - dates have to exist, and codes, too, have at most 80 characters;
    /// - a country has only letters `A` to `Z`; the identifier is not empty;
    /// - control characters are refused, and texts are normalised to NFC;
    /// - an optional text that is empty is the same as an absent one;
    /// - `ver` is one of [`SchemaVersion`];
    /// - a standardised name that is absent is made from the name in its own letters, by the
    ///   rules that [`Transliteration::detect`] finds for the whole name, so that a document with
    ///   `fn` alone can be issued.
    pub fn from_json(value: &Value) -> Result<Dcc, Vec<FieldError>> {
        let mut errors = Vec::new();
        let dcc = document(value, &mut errors);
        match dcc {
            Some(dcc) if errors.is_empty() => Ok(dcc),
            _ => Err(errors),
        }
    }
}

fn document(value: &Value, errors: &mut Vec<FieldError>) -> Option<Dcc> {
    let mut object = Object::open("", value, DOCUMENT, errors)?;
    let version = object.required("ver", version);
    let name = match object.get("nam") {
        Some(value) => name(value, object.errors()),
        None => {
            object.note(FieldError::new(
                "nam",
                Problem::Missing,
                "an object with fn, gn, fnt, gnt",
            ));
            None
        }
    };
    let date_of_birth = object.required("dob", birth);
    let event = event(&mut object);
    let dcc = Dcc::new(name?, date_of_birth?, event?);
    dcc.with_version(version?)
        .map_err(|error| object.note(error))
        .ok()
}

fn version(value: &Value) -> Result<SchemaVersion, (Problem, &'static str)> {
    let allowed = "1.3.3, 1.3.2, 1.3.1, 1.3.0";
    let text = any_string(value).map_err(|(problem, _)| (problem, allowed))?;
    SchemaVersion::parse(&text).ok_or((Problem::Form, allowed))
}

fn name(value: &Value, errors: &mut Vec<FieldError>) -> Option<PersonName> {
    let mut object = Object::open("nam", value, NAME, errors)?;
    let family = object.optional("fn", any_string);
    let family_standard = object.optional("fnt", any_string);
    let given = object.optional("gn", any_string);
    let given_standard = object.optional("gnt", any_string);
    let (family, given) = (family?, given?);
    let (family_standard, given_standard) = (family_standard?, given_standard?);
    let whole: String = family.iter().chain(&given).map(String::as_str).collect();
    let parts = NameParts {
        family: family.as_deref(),
        given: given.as_deref(),
        family_standard: family_standard.as_deref(),
        given_standard: given_standard.as_deref(),
    };
    let made = PersonName::from_parts(parts, Transliteration::detect(&whole, None));
    made.map_err(|found| object.errors().extend(found)).ok()
}

/// The one entry of the one group that is there.
fn event(object: &mut Object<'_, '_>) -> Option<Event> {
    let mut present = ["v", "t", "r"]
        .into_iter()
        .filter(|key| object.get(key).is_some());
    let Some(group) = present.next() else {
        object.note(FieldError::new("$", Problem::Missing, ONE_EVENT));
        return None;
    };
    for other in present.collect::<Vec<_>>() {
        object.note(FieldError::new(other, Problem::SecondEvent, ONE_EVENT));
    }
    let entries = match object.get(group)? {
        Value::Array(entries) => entries,
        other => {
            let problem = wrong_type(other, "a list");
            object.note(FieldError::new(group, problem, "a list of one entry"));
            return None;
        }
    };
    let [entry] = entries.as_slice() else {
        let problem = Problem::Count {
            found: entries.len(),
        };
        object.note(FieldError::new(group, problem, "a list of one entry"));
        return None;
    };
    match group {
        "v" => vaccination(entry, object.errors()).map(Event::Vaccination),
        "t" => test(entry, object.errors()).map(Event::Test),
        _ => recovery(entry, object.errors()).map(Event::Recovery),
    }
}

fn vaccination(value: &Value, errors: &mut Vec<FieldError>) -> Option<Vaccination> {
    let mut object = Object::open("v[0]", value, VACCINATION, errors)?;
    let disease = object.required("tg", text_value);
    let prophylaxis = object.required("vp", text_value);
    let product = object.required("mp", text_value);
    let manufacturer = object.required("ma", text_value);
    let dose_number = object.required("dn", dose);
    let total_doses = object.required("sd", dose);
    let date = object.required("dt", date);
    let country = object.required("co", country);
    let issuer = object.required("is", text_value);
    let certificate_id = object.required("ci", uvci);
    Some(Vaccination {
        disease: disease?,
        prophylaxis: prophylaxis?,
        product: product?,
        manufacturer: manufacturer?,
        dose_number: dose_number?,
        total_doses: total_doses?,
        date: date?,
        country: country?,
        issuer: issuer?,
        certificate_id: certificate_id?,
    })
}

fn test(value: &Value, errors: &mut Vec<FieldError>) -> Option<Test> {
    let mut object = Object::open("t[0]", value, TEST, errors)?;
    let disease = object.required("tg", text_value);
    let test_type = object.required("tt", text_value);
    let name = object.optional("nm", text_value);
    let device = object.optional("ma", text_value);
    let sample_collected = object.required("sc", date_time);
    let result = object.required("tr", text_value);
    let centre = object.optional("tc", text_value);
    let country = object.required("co", country);
    let issuer = object.required("is", text_value);
    let certificate_id = object.required("ci", uvci);
    Some(Test {
        disease: disease?,
        test_type: test_type?,
        name: name?,
        device: device?,
        sample_collected: sample_collected?,
        result: result?,
        centre: centre?,
        country: country?,
        issuer: issuer?,
        certificate_id: certificate_id?,
    })
}

fn recovery(value: &Value, errors: &mut Vec<FieldError>) -> Option<Recovery> {
    let mut object = Object::open("r[0]", value, RECOVERY, errors)?;
    let disease = object.required("tg", text_value);
    let first_positive = object.required("fr", date);
    let country = object.required("co", country);
    let issuer = object.required("is", text_value);
    let valid_from = object.required("df", date);
    let valid_until = object.required("du", date);
    let certificate_id = object.required("ci", uvci);
    Some(Recovery {
        disease: disease?,
        first_positive: first_positive?,
        country: country?,
        issuer: issuer?,
        valid_from: valid_from?,
        valid_until: valid_until?,
        certificate_id: certificate_id?,
    })
}
