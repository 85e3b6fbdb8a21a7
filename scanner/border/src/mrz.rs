//! The machine-readable zone of passports and identity cards (ICAO Doc 9303 parts 3 to 6).
//!
//! ```
//! use border::mrz::{Mrz, Size};
//!
//! let mrz = Mrz::read(
//!     "p<utoeriksson<<anna<maria<<<<<<<<<<<<<<<<<<<l898902c36uto7408122f1204159ze184226b<<<<<10",
//! )?;
//! assert_eq!(mrz.size(), Size::Td3);
//! assert_eq!(mrz.primary().collect::<Vec<_>>(), ["ERIKSSON"]);
//! assert_eq!(mrz.secondary().collect::<Vec<_>>(), ["ANNA", "MARIA"]);
//! # Ok::<(), border::mrz::MrzError>(())
//! ```

mod error;
mod text;

use core::fmt;

pub use error::{Field, MrzError};
pub use text::Size;

/// The most bytes that are looked at; the longest zone has 90 characters.
pub const MAX_TEXT: usize = 512;

/// A machine-readable zone whose check digits hold. Of it only what the desk compares is kept; the
/// `Debug` output shows nothing of the person.
#[derive(Clone, PartialEq, Eq)]
pub struct Mrz {
    size: Size,
    kind: char,
    issuer: String,
    names: String,
    birth: MrzDate,
    expiry: MrzDate,
}

/// A date of the zone: two digits of the year, and each part may be unknown (Doc 9303 part 3,
/// section 4.8).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MrzDate {
    year: Option<u8>,
    month: Option<u8>,
    day: Option<u8>,
}

impl MrzDate {
    /// The last two digits of the year, if known.
    pub fn year(self) -> Option<u8> {
        self.year
    }

    /// The month, 1 to 12, if known.
    pub fn month(self) -> Option<u8> {
        self.month
    }

    /// The day of the month, if known.
    pub fn day(self) -> Option<u8> {
        self.day
    }
}

impl fmt::Debug for MrzDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MrzDate(..)")
    }
}

impl Mrz {
    /// Reads a zone as a reader types it or a person pastes it: upper or lower case, with or
    /// without line ends, STX and ETX, and without the fillers at the end of the line of names.
    pub fn read(text: &str) -> Result<Mrz, MrzError> {
        let (size, characters) = text::characters(text)?;
        Zone { size, characters }.read()
    }

    /// The size of the document.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The first letter of the document code: `P` for passports, `A`, `C` or `I` for others.
    pub fn kind(&self) -> char {
        self.kind
    }

    /// The state that issued it, as the zone has it (three letters; `D` for Germany).
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The words of the primary identifier: the family name.
    pub fn primary(&self) -> impl Iterator<Item = &str> {
        let primary = self.names.split("<<").next().unwrap_or_default();
        primary.split('<').filter(|word| !word.is_empty())
    }

    /// The words of the secondary identifier: given names.
    pub fn secondary(&self) -> impl Iterator<Item = &str> {
        let secondary = self.names.split_once("<<").map_or("", |(_, given)| given);
        secondary.split('<').filter(|word| !word.is_empty())
    }

    /// Whether the names fill their field to the last letter, so that words may be shortened or
    /// missing (Doc 9303 parts 4 to 6, section 4.2.3). A name that just fits looks the same.
    pub fn may_be_cut(&self) -> bool {
        !self.names.ends_with('<')
    }

    /// The date of birth.
    pub fn birth(&self) -> MrzDate {
        self.birth
    }

    /// The last day of validity.
    pub fn expiry(&self) -> MrzDate {
        self.expiry
    }
}

impl fmt::Debug for Mrz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mrz({:?}, ..)", self.size)
    }
}

/// Where the fields are, counted from 0 over all lines: start and length.
struct Places {
    issuer: usize,
    names: (usize, usize),
    number: usize,
    nationality: usize,
    birth: usize,
    sex: usize,
    expiry: usize,
    /// In a passport, the optional data that have a check digit of their own.
    personal: Option<(usize, usize)>,
    /// Where the document number goes on if it is longer than nine characters.
    overflow: Option<(usize, usize)>,
    /// What the last check digit covers, and where it is.
    whole: &'static [(usize, usize)],
    whole_check: usize,
}

/// Doc 9303 part 5, section 4.2.2.
const TD1: Places = Places {
    issuer: 2,
    names: (60, 30),
    number: 5,
    nationality: 45,
    birth: 30,
    sex: 37,
    expiry: 38,
    personal: None,
    overflow: Some((15, 15)),
    whole: &[(5, 25), (30, 7), (38, 7), (48, 11)],
    whole_check: 59,
};

/// Doc 9303 part 6, section 4.2.2.
const TD2: Places = Places {
    issuer: 2,
    names: (5, 31),
    number: 36,
    nationality: 46,
    birth: 49,
    sex: 56,
    expiry: 57,
    personal: None,
    overflow: Some((64, 7)),
    whole: &[(36, 10), (49, 7), (57, 14)],
    whole_check: 71,
};

/// Doc 9303 part 4, section 4.2.2.
const TD3: Places = Places {
    issuer: 2,
    names: (5, 39),
    number: 44,
    nationality: 54,
    birth: 57,
    sex: 64,
    expiry: 65,
    personal: Some((72, 14)),
    overflow: None,
    whole: &[(44, 10), (57, 7), (65, 22)],
    whole_check: 87,
};

const NUMBER: usize = 9;
const DATE: usize = 6;
const STATE: usize = 3;

/// The characters of a zone of the right length.
struct Zone {
    size: Size,
    characters: Vec<u8>,
}

impl Zone {
    fn read(&self) -> Result<Mrz, MrzError> {
        let places = match self.size {
            Size::Td1 => &TD1,
            Size::Td2 => &TD2,
            Size::Td3 => &TD3,
        };
        let kind = char::from(self.at(0));
        let known = match self.size {
            Size::Td3 => kind == 'P',
            Size::Td1 | Size::Td2 => matches!(kind, 'A' | 'C' | 'I' | 'P'),
        };
        if !known {
            return Err(MrzError::Kind { kind });
        }
        self.check_number(places)?;
        let birth = self.date(places.birth, Field::Birth)?;
        let expiry = self.date(places.expiry, Field::Expiry)?;
        if let Some((start, length)) = places.personal {
            let field = self.part(start, length);
            // Without optional data the check digit may be left out.
            let empty = field.iter().all(|c| *c == b'<') && self.at(start + length) == b'<';
            if !empty {
                self.check(field, start + length, Field::Optional)?;
            }
        }
        let whole: Vec<u8> = places
            .whole
            .iter()
            .flat_map(|(start, length)| self.part(*start, *length))
            .copied()
            .collect();
        self.check(&whole, places.whole_check, Field::Whole)?;
        let issuer = self.letters(places.issuer, STATE, Field::Issuer)?;
        self.letters(places.nationality, STATE, Field::Nationality)?;
        match self.at(places.sex) {
            b'M' | b'F' | b'X' | b'<' => {}
            found => return Err(form(Field::Sex, found)),
        }
        let names = self.letters(places.names.0, places.names.1, Field::Name)?;
        if !names.bytes().any(|c| c != b'<') {
            return Err(MrzError::NoName);
        }
        Ok(Mrz {
            size: self.size,
            kind,
            issuer: issuer.trim_end_matches('<').to_owned(),
            names,
            birth,
            expiry,
        })
    }

    fn at(&self, place: usize) -> u8 {
        self.characters.get(place).copied().unwrap_or(b'<')
    }

    fn part(&self, start: usize, length: usize) -> &[u8] {
        self.characters
            .get(start..start + length)
            .unwrap_or_default()
    }

    /// Nine characters and their check digit; or, on cards, nine characters, a filler, and the rest
    /// in the optional data with the check digit behind it (Doc 9303 part 5, section 4.2.4).
    fn check_number(&self, places: &Places) -> Result<(), MrzError> {
        let number = self.part(places.number, NUMBER);
        let check = places.number + NUMBER;
        if let Some((start, length)) = places.overflow
            && self.at(check) == b'<'
            && !number.contains(&b'<')
        {
            let rest = self.part(start, length);
            let end = rest.iter().position(|c| *c == b'<').unwrap_or(length);
            if end > 1 {
                let rest = rest.get(..end - 1).unwrap_or_default();
                let whole = [number, rest].concat();
                return self.check(&whole, start + end - 1, Field::Number);
            }
        }
        self.check(number, check, Field::Number)
    }

    fn check(&self, characters: &[u8], place: usize, field: Field) -> Result<(), MrzError> {
        let found = match self.at(place) {
            digit @ b'0'..=b'9' => digit - b'0',
            found => return Err(form(field, found)),
        };
        if check_digit(characters) == found {
            Ok(())
        } else {
            Err(MrzError::CheckDigit(field))
        }
    }

    /// `YYMMDD`, of which each pair may be fillers, and its check digit.
    fn date(&self, start: usize, field: Field) -> Result<MrzDate, MrzError> {
        let digits = self.part(start, DATE);
        if let Some(found) = digits.iter().find(|c| !matches!(c, b'0'..=b'9' | b'<')) {
            return Err(form(field, *found));
        }
        self.check(digits, start + DATE, field)?;
        let pair = |at: usize| match (self.at(start + at), self.at(start + at + 1)) {
            (b'<', b'<') => Ok(None),
            (a @ b'0'..=b'9', b @ b'0'..=b'9') => Ok(Some((a - b'0') * 10 + b - b'0')),
            _ => Err(MrzError::Date(field)),
        };
        let (year, month, day) = (pair(0)?, pair(2)?, pair(4)?);
        let longest = match (month, year) {
            // Which century it is, and so whether 00 was a leap year, is not known.
            (Some(2), Some(year)) if year % 4 != 0 => 28,
            (Some(2), _) => 29,
            (Some(4 | 6 | 9 | 11), _) => 30,
            _ => 31,
        };
        let right = month.is_none_or(|month| (1..=12).contains(&month))
            && day.is_none_or(|day| (1..=longest).contains(&day));
        if !right {
            return Err(MrzError::Date(field));
        }
        Ok(MrzDate { year, month, day })
    }

    fn letters(&self, start: usize, length: usize, field: Field) -> Result<String, MrzError> {
        let letters = self.part(start, length);
        match letters.iter().find(|c| !matches!(c, b'A'..=b'Z' | b'<')) {
            Some(found) => Err(form(field, *found)),
            None => Ok(letters.iter().map(|c| char::from(*c)).collect()),
        }
    }
}

fn form(field: Field, found: u8) -> MrzError {
    MrzError::Form {
        field,
        found: char::from(found),
    }
}

/// Doc 9303 part 3, section 4.9: weights 7, 3, 1; `A` to `Z` count 10 to 35, `<` counts 0.
fn check_digit(characters: &[u8]) -> u8 {
    let sum: u32 = characters
        .iter()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(c, weight)| {
            let value = match c {
                b'0'..=b'9' => c - b'0',
                b'A'..=b'Z' => c - b'A' + 10,
                _ => 0,
            };
            u32::from(value) * weight
        })
        .sum();
    u8::try_from(sum % 10).unwrap_or_default()
}

#[cfg(test)]
mod tests;
