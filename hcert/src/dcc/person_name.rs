//! The name of the person.

use alloc::vec::Vec;
use core::fmt;

use crate::name::{NoRule, StandardName, Transliteration};

use super::object::{standard_name, text};
use super::{FieldError, Problem, Text};

/// The name of the person, `nam`: at least one standardised name, and the names in their own
/// letters where known.
///
/// The `Debug` output shows no name.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName {
    family: Option<Text>,
    given: Option<Text>,
    family_standard: Option<StandardName>,
    given_standard: Option<StandardName>,
}

/// What is known of a name; an empty text is the same as `None`.
#[derive(Clone, Copy, Default)]
pub struct NameParts<'a> {
    /// The family name in its own letters, `fn`.
    pub family: Option<&'a str>,
    /// The given names in their own letters, `gn`.
    pub given: Option<&'a str>,
    /// The standardised family name, `fnt`, as the passport has it; made from `family` if absent.
    pub family_standard: Option<&'a str>,
    /// The standardised given names, `gnt`; made from `given` if absent.
    pub given_standard: Option<&'a str>,
}

const NEEDED: &str = "a family or given name, and for letters other than Latin, Cyrillic and \
                      Greek its standardised form (A to Z and <) in fnt or gnt";

impl PersonName {
    /// Family and given names in their own letters, either of which may be empty; the
    /// standardised names are made by `rules`.
    pub fn new(
        family: &str,
        given: &str,
        rules: Transliteration,
    ) -> Result<PersonName, Vec<FieldError>> {
        let parts = NameParts {
            family: Some(family),
            given: Some(given),
            ..NameParts::default()
        };
        PersonName::from_parts(parts, rules)
    }

    /// A name of which the standardised forms may be given. Where one is not, it is made by
    /// `rules`; where that cannot be done, it stays absent as long as the other one is there.
    pub fn from_parts(
        parts: NameParts<'_>,
        rules: Transliteration,
    ) -> Result<PersonName, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut own = |key, part| optional(key, part, text, &mut errors);
        let family = own("nam.fn", parts.family);
        let given = own("nam.gn", parts.given);
        let mut standard = |key, part| optional(key, part, standard_name, &mut errors);
        let family_standard = standard("nam.fnt", parts.family_standard);
        let given_standard = standard("nam.gnt", parts.given_standard);
        if !errors.is_empty() {
            return Err(errors);
        }
        let family_standard = fill(family_standard, family.as_ref(), rules);
        let given_standard = fill(given_standard, given.as_ref(), rules);
        if let (None | Some(Err(_)), None | Some(Err(_))) = (&family_standard, &given_standard) {
            let failed = |key, standard: Option<Result<_, NoRule>>| {
                let NoRule { letter } = standard?.err()?;
                Some(FieldError::new(
                    key,
                    Problem::NoTransliteration { letter },
                    NEEDED,
                ))
            };
            errors.extend(failed("nam.fnt", family_standard));
            errors.extend(failed("nam.gnt", given_standard));
            if errors.is_empty() {
                errors.push(FieldError::new("nam", Problem::Missing, NEEDED));
            }
            return Err(errors);
        }
        Ok(PersonName {
            family,
            given,
            family_standard: family_standard.and_then(Result::ok),
            given_standard: given_standard.and_then(Result::ok),
        })
    }

    /// The family name in its own letters, `fn`.
    pub fn family(&self) -> Option<&Text> {
        self.family.as_ref()
    }

    /// The given names in their own letters, `gn`.
    pub fn given(&self) -> Option<&Text> {
        self.given.as_ref()
    }

    /// The standardised family name, `fnt`.
    pub fn family_standard(&self) -> Option<&StandardName> {
        self.family_standard.as_ref()
    }

    /// The standardised given names, `gnt`.
    pub fn given_standard(&self) -> Option<&StandardName> {
        self.given_standard.as_ref()
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(..)")
    }
}

fn optional<T>(
    path: &str,
    part: Option<&str>,
    parse: fn(&str) -> Result<T, (Problem, &'static str)>,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    let part = part.filter(|part| !part.is_empty())?;
    match parse(part) {
        Ok(value) => Some(value),
        Err((problem, allowed)) => {
            errors.push(FieldError::new(path, problem, allowed).with_found(part));
            None
        }
    }
}

fn fill(
    standard: Option<StandardName>,
    own: Option<&Text>,
    rules: Transliteration,
) -> Option<Result<StandardName, NoRule>> {
    if standard.is_some() {
        return standard.map(Ok);
    }
    match rules.apply(own?.as_str()) {
        // Nothing but punctuation.
        Ok(made) if made.is_empty() => None,
        made => Some(made),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};
    use alloc::vec;

    fn standard(name: &PersonName) -> (Option<&str>, Option<&str>) {
        (
            name.family_standard().map(StandardName::as_str),
            name.given_standard().map(StandardName::as_str),
        )
    }

    #[test]
    fn standardised_names_are_filled() {
        let icao = Transliteration::Icao;
        let name = PersonName::new("Gößinger", "Jörg", icao).unwrap();
        assert_eq!(standard(&name), (Some("GOESSINGER"), Some("JOERG")));
        let name = PersonName::new("", "Nhung", icao).unwrap();
        assert_eq!(standard(&name), (None, Some("NHUNG")));
        assert_eq!(name.family(), None);
        let parts = NameParts {
            family: Some("Müller"),
            family_standard: Some("MULLER"),
            given: Some("王"),
            ..NameParts::default()
        };
        let name = PersonName::from_parts(parts, icao).unwrap();
        assert_eq!(standard(&name), (Some("MULLER"), None));
    }

    #[test]
    fn a_name_is_needed() {
        let paths = |family: &str, given: &str| -> Vec<String> {
            let errors = PersonName::new(family, given, Transliteration::Icao).unwrap_err();
            errors
                .iter()
                .map(|error| error.path().to_string())
                .collect()
        };
        assert_eq!(paths("", ""), vec!["nam"]);
        assert_eq!(paths("-", "'"), vec!["nam"]);
        assert_eq!(paths("王", "小明"), vec!["nam.fnt", "nam.gnt"]);
        assert_eq!(paths(&"x".repeat(81), "a\nb"), vec!["nam.fn", "nam.gn"]);
    }
}
