//! The QR code of the health-insurance card.

use core::fmt;

use hcert::date::{Date, PartialDate};

use super::{citizen::Misfit, syllable::is_syllable, typing::Method};
use crate::{
    field::Field,
    finding::{Form, Problem},
    plain::{is_digits, tidy},
    record::{Bhyt, Line, Sex},
    typed,
};

/// What the QR code of a health-insurance card of before 2021 says.
///
/// Fields with `|` between: number, name (UTF-8 in hexadecimal), birth, sex (1 or 2), residence
/// (hexadecimal), place of first care, first and last day of validity, and others that are not
/// read. Unsigned, as the citizen card.
#[derive(Clone, PartialEq, Eq)]
pub struct InsuranceCard {
    /// The number.
    pub number: Bhyt,
    /// The full name, family name first.
    pub name: Line,
    /// The date of birth, often only the year.
    pub birth: PartialDate,
    /// The sex, where it can be read.
    pub sex: Option<Sex>,
    /// The place of residence.
    pub residence: Option<String>,
    /// The first day of validity.
    pub valid_from: Option<Date>,
    /// The last day of validity.
    pub valid_until: Option<Date>,
}

impl fmt::Debug for InsuranceCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InsuranceCard(..)")
    }
}

/// A card, and the input method whose work was undone.
pub(super) fn read(text: &str, separator: char) -> Result<(InsuranceCard, Option<Method>), Misfit> {
    let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
    let number = parts
        .first()
        .and_then(|part| Bhyt::new(part).ok())
        .ok_or(Misfit::Other)?;
    let ([_, name, birth, sex], rest) = parts.split_first_chunk().ok_or(Misfit::Cut)?;
    let (name, method) =
        unhex(name).ok_or(Misfit::Wrong(Field::FullName, Problem::NameEncoding))?;
    let wrong = |field| move |problem| Misfit::Wrong(field, problem);
    let (birth, _) = typed::birth(birth).map_err(wrong(Field::BirthDate))?;
    let sex = match *sex {
        "1" => Some(Sex::Male),
        "2" => Some(Sex::Female),
        "" => None,
        _ => return Err(wrong(Field::Sex)(Problem::Form(Form::Sex))),
    };
    let day = |at: usize| {
        rest.get(at)
            .and_then(|text| typed::date(text).ok())
            .map(|read| read.0)
    };
    let residence = rest
        .first()
        .and_then(|text| unhex(text))
        .map(|read| tidy(&read.0));
    Ok((
        InsuranceCard {
            number,
            name: Line::new(&name).map_err(wrong(Field::FullName))?,
            birth,
            sex,
            residence: residence.filter(|residence| !residence.is_empty()),
            valid_from: day(2),
            valid_until: day(3),
        },
        method,
    ))
}

/// Text of hexadecimal digits; also of what an input method that was switched on made of them
/// (`e1` became `é` by VNI, `af` became `à` by Telex), where only one answer is a text. A name
/// that was not encoded is taken as it is.
fn unhex(text: &str) -> Option<(String, Option<Method>)> {
    if let Some(plain) = decode(text) {
        return Some((plain, None));
    }
    let words = text.split_whitespace().count();
    let letters = text.chars().all(|c| c.is_alphabetic() || c == ' ');
    if letters && words > 1 {
        return Some((text.to_owned(), None));
    }
    let undone = [Method::Telex, Method::Vni].map(|method| {
        let keys = keys(method, text)?;
        decode(&keys).map(|plain| (plain, Some(method)))
    });
    match undone {
        // `â` may be `aa` and `a6`: what is a Vietnamese name decides, if one is.
        [Some(a), Some(b)] if a.0 != b.0 => {
            let is_name = |text: &str| text.split_whitespace().all(is_syllable);
            match (is_name(&a.0), is_name(&b.0)) {
                (true, false) => Some(a),
                (false, true) => Some(b),
                _ => None,
            }
        }
        [Some(one), _] | [None, Some(one)] => Some(one),
        [None, None] => None,
    }
}

fn decode(hex: &str) -> Option<String> {
    if hex.is_empty() || !hex.len().is_multiple_of(2) || hex.len() > 800 {
        return None;
    }
    let nibble = |c: char| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let nibbles: Option<Vec<u8>> = hex.chars().map(nibble).collect();
    let bytes: Vec<u8> = nibbles?
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |byte, nibble| byte << 4 | nibble))
        .collect();
    let text = String::from_utf8(bytes).ok()?;
    let right = |c: char| !c.is_control() && !is_private(c);
    (text.chars().all(right) && !is_digits(&text)).then_some(text)
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

/// The keys that make these letters by a method, each mark right behind its letter.
fn keys(method: Method, text: &str) -> Option<String> {
    use unicode_normalization::UnicodeNormalization as _;
    let mut keys = String::with_capacity(text.len() + 8);
    let mut last = ' ';
    for c in text.nfd() {
        let key = match (method, c) {
            (Method::Telex, '\u{300}') => 'f',
            (Method::Telex, '\u{302}') => last,
            (Method::Telex, 'đ' | 'Đ') => {
                keys.push('d');
                'd'
            }
            (Method::Vni, '\u{301}') => '1',
            (Method::Vni, '\u{300}') => '2',
            (Method::Vni, '\u{309}') => '3',
            (Method::Vni, '\u{303}') => '4',
            (Method::Vni, '\u{323}') => '5',
            (Method::Vni, '\u{302}') => '6',
            (Method::Vni, '\u{306}') => '8',
            (Method::Vni, 'đ' | 'Đ') => {
                keys.push('d');
                '9'
            }
            (_, c) if c.is_ascii_hexdigit() => {
                last = c;
                c
            }
            _ => return None,
        };
        keys.push(key);
    }
    Some(keys)
}
