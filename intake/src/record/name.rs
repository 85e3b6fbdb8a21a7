//! The name of a person.

use core::fmt;

use hcert::{
    dcc::{self, NameParts, PersonName},
    name::Transliteration,
};

use crate::{
    field::Field,
    finding::{Finding, Form, Problem},
    plain::tidy,
};

/// Family and given names as written, each with its passport spelling; at least one of them.
///
/// Spaces are in order and the letters in NFC. What is written has a passport spelling always:
/// given, or made by [`hcert::name`].
#[derive(Clone, PartialEq, Eq)]
pub struct Name(PersonName);

impl Name {
    /// From the parts as written; an empty text is no name. `passport` are the spellings of the
    /// passport where they are known; `nationality` (alpha-2) chooses the rules where they are not.
    pub fn new(
        family: &str,
        given: &str,
        passport: (&str, &str),
        nationality: Option<&str>,
    ) -> Result<Name, Vec<Finding>> {
        let (family, given) = (tidy(family), tidy(given));
        let whole = format!("{family} {given}");
        let rules = Transliteration::detect(&whole, nationality);
        let mut findings = Vec::new();
        for (field, text) in [(Field::FamilyName, &family), (Field::GivenNames, &given)] {
            // The letter-less text would be kept without a passport spelling.
            if !text.is_empty() && rules.apply(text).is_ok_and(|made| made.is_empty()) {
                let first = text.chars().next().unwrap_or(' ');
                let problem = Problem::NameCharacter { found: first };
                findings.push(Finding::new(field, problem).with_found(text));
            }
        }
        let mut spelling = |field, text: &str| {
            let text = tidy(text).to_ascii_uppercase().replace(' ', "<");
            if text
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'<')
            {
                return text;
            }
            let problem = Problem::Form(Form::PassportName);
            findings.push(Finding::new(field, problem).with_found(&text));
            String::new()
        };
        let family_standard = spelling(Field::PassportFamily, passport.0);
        let given_standard = spelling(Field::PassportGiven, passport.1);
        if !findings.is_empty() {
            return Err(findings);
        }
        let parts = NameParts {
            family: Some(&family),
            given: Some(&given),
            family_standard: Some(&family_standard),
            given_standard: Some(&given_standard),
        };
        let name = PersonName::from_parts(parts, rules)
            .map_err(|errors| errors.iter().map(finding).collect::<Vec<_>>())?;
        let lacks = |own: Option<&dcc::Text>, standard: bool| {
            let own = own.filter(|_| !standard)?;
            rules.apply(own.as_str()).err().map(|rule| rule.letter)
        };
        for (field, letter) in [
            (
                Field::FamilyName,
                lacks(name.family(), name.family_standard().is_some()),
            ),
            (
                Field::GivenNames,
                lacks(name.given(), name.given_standard().is_some()),
            ),
        ] {
            if let Some(letter) = letter {
                findings.push(Finding::new(field, Problem::NoTransliteration { letter }));
            }
        }
        if findings.is_empty() {
            Ok(Name(name))
        } else {
            Err(findings)
        }
    }

    /// The family name as written; empty if there is none.
    pub fn family(&self) -> &str {
        self.0.family().map_or("", dcc::Text::as_str)
    }

    /// Middle and given names as written; empty if there are none.
    pub fn given(&self) -> &str {
        self.0.given().map_or("", dcc::Text::as_str)
    }

    /// The name as a payload has it, with the passport spellings.
    pub fn parts(&self) -> &PersonName {
        &self.0
    }

    /// Family name first, as in Vietnamese.
    pub fn full(&self) -> String {
        tidy(&format!("{} {}", self.family(), self.given()))
    }
}

/// A finding of the payload's own checks, in the words of this crate.
fn finding(error: &dcc::FieldError) -> Finding {
    let field = match error.path() {
        "nam.fn" => Field::FamilyName,
        "nam.gn" => Field::GivenNames,
        "nam.fnt" => Field::PassportFamily,
        "nam.gnt" => Field::PassportGiven,
        _ => Field::FullName,
    };
    let problem = match error.problem() {
        dcc::Problem::TooLong { length, limit } => Problem::TooLong {
            length: *length,
            limit: *limit,
        },
        dcc::Problem::ControlCharacter { found } => Problem::ControlCharacter { found: *found },
        dcc::Problem::NoTransliteration { letter } => {
            Problem::NoTransliteration { letter: *letter }
        }
        dcc::Problem::Form => Problem::Form(Form::PassportName),
        _ => Problem::Missing,
    };
    let finding = Finding::new(field, problem);
    match error.found() {
        Some(found) => finding.with_found(found),
        None => finding,
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard(family: &str, given: &str, passport: (&str, &str)) -> Result<String, String> {
        Name::new(family, given, passport, Some("VN"))
            .map(|name| {
                let parts = name.parts();
                let text = |name: Option<&hcert::name::StandardName>| {
                    name.map(ToString::to_string).unwrap_or_default()
                };
                format!(
                    "{}|{}",
                    text(parts.family_standard()),
                    text(parts.given_standard())
                )
            })
            .map_err(|findings| format!("{findings:?}"))
    }

    #[test]
    fn names_and_their_spelling() {
        for (family, given, passport, want) in [
            ("Nguyễn", " Văn  Đức", ("", ""), Ok("NGUYEN|VAN<DUC")),
            ("Nhung", "", ("", ""), Ok("NHUNG|")),
            ("Müller", "Jörg", ("Mueller", "Joerg"), Ok("MUELLER|JOERG")),
            ("王", "小明", ("WANG", "XIAO MING"), Ok("WANG|XIAO<MING")),
            (
                "王",
                "小明",
                ("WANG", ""),
                Err("[given_names: no_transliteration]"),
            ),
            (
                "王",
                "小明",
                ("", ""),
                Err(
                    "[passport_family_name: no_transliteration, passport_given_names: no_transliteration]",
                ),
            ),
            ("", "", ("", ""), Err("[full_name: missing]")),
            ("-", "An", ("", ""), Err("[family_name: name_character]")),
            ("Lê", "An", ("LÊ", ""), Err("[passport_family_name: form]")),
            (
                "Lê",
                "A\u{202e}n",
                ("", ""),
                Err("[given_names: control_character]"),
            ),
        ] {
            let want = want.map(String::from).map_err(String::from);
            assert_eq!(standard(family, given, passport), want, "{family} {given}");
        }
        let name = Name::new("Lê", "Văn An", ("", ""), None).unwrap();
        assert_eq!(
            (name.full().as_str(), format!("{name:?}").as_str()),
            ("Lê Văn An", "Name(..)")
        );
    }
}
