//! Which dose of how many.

use core::num::NonZeroU8;

use crate::{
    finding::{Form, Problem},
    plain::plain,
};

/// Dose `number` of `total`.
///
/// Boosters are written as the EU wrote them from February 2022: 3/3 after a series of two, 2/1
/// after a single dose or a recovery; 2/2 and 3/2 are older forms and are kept as they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dose {
    number: NonZeroU8,
    total: NonZeroU8,
}

impl Dose {
    /// The most doses that are taken for a number of doses and not for a slip.
    pub const MAX: u8 = 20;

    /// `None` if one of them is not from 1 to [`Dose::MAX`].
    pub fn new(number: u8, total: u8) -> Option<Dose> {
        let part = |part| NonZeroU8::new(part).filter(|part| part.get() <= Dose::MAX);
        Some(Dose {
            number: part(number)?,
            total: part(total)?,
        })
    }

    /// The number of the dose.
    pub fn number(self) -> u8 {
        self.number.get()
    }

    /// The doses of the series.
    pub fn total(self) -> u8 {
        self.total.get()
    }

    /// Whether the series is complete.
    pub fn is_complete(self) -> bool {
        self.number >= self.total
    }

    /// Whether it came after a complete series of `usual` doses.
    pub fn is_booster(self, usual: u8) -> bool {
        self.number > self.total || self.number() > usual
    }

    /// What people write: `2`, `2/2`, `mũi 2`, `Mũi 1/2`, `dose 2 of 3`, `nhắc lại 1`, `booster 2`.
    ///
    /// A number without a total takes the usual total, and is a booster when it is above that.
    /// `usual` is the length of the product's series.
    pub fn parse(text: &str, total: Option<&str>, usual: u8) -> Result<Dose, Problem> {
        let wrong = Problem::Form(Form::Dose);
        let words = plain(text);
        let booster = ["nhac", "booster", "bosung", "additional", "tangcuong"];
        let is_booster = booster.iter().any(|word| words.contains(word));
        let numbers = numbers(text).ok_or(wrong.clone())?;
        let known = [
            "mui", "lieu", "dose", "lieuthu", "muithu", "lan", "of", "tren", "thu", "so", "lai",
            "ml",
        ];
        let rest = words.trim_matches(|c: char| c.is_ascii_digit());
        let understood = rest.is_empty()
            || is_booster
            || rest.chars().all(|c| c.is_ascii_digit())
            || known.iter().any(|word| rest.starts_with(word));
        if !understood {
            return Err(wrong);
        }
        let given = match total.map(str::trim).filter(|total| !total.is_empty()) {
            None => None,
            Some(total) => match self::numbers(total).as_deref() {
                Some([total]) => Some(*total),
                _ => return Err(wrong),
            },
        };
        let dose = match (numbers.as_slice(), given) {
            ([number, total], None) => Dose::new(*number, *total),
            ([number, total], Some(given)) if *total == given => Dose::new(*number, *total),
            ([k], None) if is_booster => booster_dose(usual.checked_add(*k), usual),
            ([], None) if is_booster => booster_dose(usual.checked_add(1), usual),
            ([number], Some(total)) => Dose::new(*number, total),
            ([number], None) if *number <= usual => Dose::new(*number, usual),
            ([number], None) => booster_dose(Some(*number), usual),
            _ => None,
        };
        dose.ok_or(wrong)
    }
}

fn booster_dose(number: Option<u8>, usual: u8) -> Option<Dose> {
    let number = number?;
    Dose::new(number, if usual == 1 { 1 } else { number })
}

/// At most two numbers of at most two digits; `None` if there is anything else numeric.
fn numbers(text: &str) -> Option<Vec<u8>> {
    // A spreadsheet may have made 2 of it `2.0`.
    let text = text.trim();
    let text = text.strip_suffix(".0").unwrap_or(text);
    let runs = text.split(|c: char| !c.is_ascii_digit());
    let numbers: Option<Vec<u8>> = runs
        .filter(|run| !run.is_empty())
        .map(|run| {
            if run.len() <= 2 {
                run.parse().ok()
            } else {
                None
            }
        })
        .collect();
    numbers
        .filter(|numbers| numbers.len() <= 2 && !text.contains('-') && !text.contains(['.', ',']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, total: Option<&str>, usual: u8) -> Option<(u8, u8)> {
        Dose::parse(text, total, usual)
            .ok()
            .map(|dose| (dose.number(), dose.total()))
    }

    #[test]
    fn what_people_write() {
        for (text, total, usual, want) in [
            ("1", None, 2, (1, 2)),
            ("2", Some("2"), 2, (2, 2)),
            ("2/2", None, 2, (2, 2)),
            ("2 / 2", Some("2"), 2, (2, 2)),
            ("Mũi 2", None, 2, (2, 2)),
            ("mũi 1/3", None, 3, (1, 3)),
            ("Dose 2 of 3", None, 3, (2, 3)),
            ("3", None, 2, (3, 3)),
            ("3/2", None, 2, (3, 2)),
            ("2", None, 1, (2, 1)),
            ("2/1", None, 1, (2, 1)),
            ("Nhắc lại 1", None, 2, (3, 3)),
            ("Mũi nhắc 2", None, 2, (4, 4)),
            ("nhắc lại", None, 3, (4, 4)),
            ("Booster", None, 1, (2, 1)),
            ("2.0", None, 2, (2, 2)),
        ] {
            assert_eq!(read(text, total, usual), Some(want), "{text}");
        }
        for (text, total) in [
            ("", None),
            ("0", None),
            ("21", None),
            ("hai", None),
            ("1/2/3", None),
            ("2/2", Some("3")),
            ("-1", None),
            ("1.5", None),
            ("123", None),
            ("1", Some("x")),
            ("xin chào 1", None),
        ] {
            assert_eq!(read(text, total, 2), None, "{text}");
        }
    }

    #[test]
    fn boosters() {
        let is = |number, total, usual| Dose::new(number, total).map(|dose| dose.is_booster(usual));
        assert_eq!(is(3, 3, 2), Some(true));
        assert_eq!(is(2, 1, 2), Some(true));
        assert_eq!(is(2, 2, 2), Some(false));
        assert_eq!(is(2, 2, 1), Some(true));
        assert_eq!(is(3, 3, 3), Some(false));
        assert_eq!(Dose::new(1, 2).map(Dose::is_complete), Some(false));
        assert_eq!(Dose::new(0, 2), None);
    }
}
