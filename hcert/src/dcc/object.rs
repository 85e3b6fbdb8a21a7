//! Reading the fields of one JSON object, with all faults collected.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::num::NonZeroU32;

use serde_json::{Map, Value};

use crate::date::{Date, DateError, DateTime, PartialDate};
use crate::name::{MAX_STANDARD_NAME, StandardName, StandardNameError};
use crate::uvci::Uvci;

use super::{CountryCode, FieldError, MAX_TEXT, Problem, Text, TextError, nearest};

/// A key of the schema, and what it stands for.
pub(super) type Key = (&'static str, &'static str);

/// One JSON object, and where it is.
pub(super) struct Object<'a, 'e> {
    path: String,
    map: &'a Map<String, Value>,
    errors: &'e mut Vec<FieldError>,
}

type Parsed<T> = Result<T, (Problem, &'static str)>;

impl<'a, 'e> Object<'a, 'e> {
    /// `None`, with an error noted, if the value is not an object. Keys that are not in `keys`
    /// are noted as errors at once.
    pub(super) fn open(
        path: &str,
        value: &'a Value,
        keys: &[Key],
        errors: &'e mut Vec<FieldError>,
    ) -> Option<Object<'a, 'e>> {
        let Value::Object(map) = value else {
            let shown = if path.is_empty() { "$" } else { path };
            errors.push(FieldError::new(shown, wrong_type(value, "an object"), ""));
            return None;
        };
        let object = Object {
            path: path.into(),
            map,
            errors,
        };
        for key in map
            .keys()
            .filter(|key| keys.iter().all(|known| known.0 != key.as_str()))
        {
            let shown: String = key.chars().take(40).collect();
            let error = FieldError::new(object.at(&shown), Problem::UnknownField, hint(key, keys));
            object.errors.push(error);
        }
        Some(object)
    }

    /// The path of a field of this object.
    pub(super) fn at(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.into()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key)
    }

    pub(super) fn errors(&mut self) -> &mut Vec<FieldError> {
        self.errors
    }

    pub(super) fn note(&mut self, error: FieldError) {
        self.errors.push(error);
    }

    /// A field that has to be there; `None` if an error was noted.
    pub(super) fn required<T>(&mut self, key: &str, parse: fn(&Value) -> Parsed<T>) -> Option<T> {
        let Some(value) = self.get(key) else {
            let error = FieldError::new(self.at(key), Problem::Missing, "");
            self.note(error);
            return None;
        };
        match parse(value) {
            Ok(parsed) => Some(parsed),
            Err((problem, allowed)) => {
                let error = FieldError::new(self.at(key), problem, allowed);
                self.note(match value {
                    Value::String(found) => error.with_found(found),
                    Value::Number(found) => error.with_found(&found.to_string()),
                    _ => error,
                });
                None
            }
        }
    }

    /// A field that may be absent or empty; `None` if an error was noted.
    pub(super) fn optional<T>(
        &mut self,
        key: &str,
        parse: fn(&Value) -> Parsed<T>,
    ) -> Option<Option<T>> {
        match self.get(key) {
            None => Some(None),
            Some(Value::String(text)) if text.is_empty() => Some(None),
            Some(_) => self.required(key, parse).map(Some),
        }
    }
}

/// The nearest known key: by its meaning, or by its letters.
fn hint(key: &str, keys: &[Key]) -> String {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .take(40)
            .collect()
    };
    let wanted = plain(key);
    let by_meaning = keys.iter().find(|known| plain(known.1) == wanted);
    let known = keys.iter().map(|known| known.0);
    let best = by_meaning
        .map(|known| known.0)
        .or_else(|| nearest(&wanted, known.clone(), 1).pop());
    let all: Vec<&str> = known.collect();
    match best {
        Some(best) => format!("did you mean {best}? one of {}", all.join(", ")),
        None => format!("one of {}", all.join(", ")),
    }
}

pub(super) fn wrong_type(value: &Value, expected: &'static str) -> Problem {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    Problem::WrongType { found, expected }
}

fn string<T>(value: &Value, parse: fn(&str) -> Parsed<T>) -> Parsed<T> {
    match value {
        Value::String(text) => parse(text),
        other => Err((wrong_type(other, "a text"), "")),
    }
}

pub(super) fn any_string(value: &Value) -> Parsed<String> {
    string(value, |text| Ok(text.to_string()))
}

pub(super) fn text_value(value: &Value) -> Parsed<Text> {
    string(value, text)
}

pub(super) fn text(text: &str) -> Parsed<Text> {
    Text::new(text).map_err(|error| match error {
        TextError::TooLong { length } => (
            Problem::TooLong {
                length,
                limit: MAX_TEXT,
            },
            "at most 80 characters",
        ),
        TextError::ControlCharacter { found } => {
            (Problem::ControlCharacter { found }, "a text of one line")
        }
    })
}

pub(super) fn standard_name(text: &str) -> Parsed<StandardName> {
    let allowed = "at most 80 of the characters A to Z and <";
    StandardName::parse(text).map_err(|error| match error {
        StandardNameError::TooLong => {
            let length = text.chars().count();
            (
                Problem::TooLong {
                    length,
                    limit: MAX_STANDARD_NAME,
                },
                allowed,
            )
        }
        StandardNameError::Character { .. } => (Problem::Form, allowed),
    })
}

pub(super) fn birth(value: &Value) -> Parsed<PartialDate> {
    let allowed = "YYYY-MM-DD, YYYY-MM, YYYY or empty, 1900 to 2099";
    string(value, |text| {
        PartialDate::parse(text)
            .map_err(Problem::Date)
            .map_err(|e| (e, ""))
    })
    .map_err(|(problem, _)| (problem, allowed))
}

pub(super) fn date(value: &Value) -> Parsed<Date> {
    let allowed = "YYYY-MM-DD, 1900 to 2099";
    string(value, |text| {
        Date::parse(text)
            .map_err(Problem::Date)
            .map_err(|e| (e, ""))
    })
    .map_err(|(problem, _)| (problem, allowed))
}

/// RFC 3339, and the offset in whole hours (`+02`) that the schema's own examples have.
pub(super) fn date_time(value: &Value) -> Parsed<DateTime> {
    let allowed = "a date and time with offset, 2021-06-11T17:30:00+07:00";
    string(value, |text| {
        let parsed = DateTime::parse(text).or_else(|error| match text.as_bytes() {
            [.., b'+' | b'-', b'0'..=b'9', b'0'..=b'9'] => DateTime::parse(&format!("{text}:00")),
            _ => Err(error),
        });
        parsed.map_err(|error: DateError| (Problem::Date(error), ""))
    })
    .map_err(|(problem, _)| (problem, allowed))
}

pub(super) fn country(value: &Value) -> Parsed<CountryCode> {
    let wrong = (
        Problem::Form,
        "1 to 10 letters A to Z, an ISO 3166 code such as VN",
    );
    match value {
        Value::String(text) => CountryCode::new(text).ok_or(wrong),
        other => Err((wrong_type(other, "a text"), wrong.1)),
    }
}

pub(super) fn uvci(value: &Value) -> Parsed<Uvci> {
    let allowed = "1 to 80 characters, URN:UVCI:01:VN:...#...";
    let normal = text_value(value).map_err(|(problem, _)| (problem, allowed))?;
    // What is left to go wrong in a text of the right length is that there is none.
    Uvci::parse(normal.as_str()).map_err(|_| (Problem::Empty, allowed))
}

/// A positive integer. `2.0` is one too, as JSON schema has it.
pub(super) fn dose(value: &Value) -> Parsed<NonZeroU32> {
    let allowed = "a whole number from 1";
    let Value::Number(number) = value else {
        return Err((wrong_type(value, "a number"), allowed));
    };
    // Parsing the digits avoids a cast from floating point.
    let text = number.to_string();
    let digits = text.strip_suffix(".0").unwrap_or(&text);
    digits.parse().map_err(|_| (Problem::Range, allowed))
}
