//! Numbers of identity documents.

use core::fmt;

use crate::{
    finding::{Form, Problem},
    plain::is_digits,
    record::{Province, Sex, province},
};

/// The personal number of a citizen, as on the citizen card (căn cước): 12 digits.
///
/// Decree 137/2015/NĐ-CP, article 13: three digits for the province where the birth was
/// registered, one for century and sex (0 and 1: man and woman of the 1900s, 2 and 3: of the
/// 2000s, and so on), two for the year of birth, six that tell people apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cccd(String);

/// Why a text is not a personal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CccdError {
    /// Not 12 digits.
    #[error("the personal number is not 12 digits")]
    Length,
    /// The digit for century and sex says a century that has not begun.
    #[error("the fourth digit of the personal number says a century that has not begun")]
    Century,
}

impl Cccd {
    /// 12 digits; spaces, dots and hyphens between them are dropped. Whether there is such a
    /// province is not asked here.
    pub fn new(text: &str) -> Result<Cccd, CccdError> {
        let digits = without_separators(text);
        if digits.len() != 12 || !is_digits(&digits) {
            return Err(CccdError::Length);
        }
        let cccd = Cccd(digits);
        match cccd.century_and_sex() {
            0..=3 => Ok(cccd),
            _ => Err(CccdError::Century),
        }
    }

    /// As [`Cccd::new`], of a number from which a spreadsheet may have dropped zeros at its start:
    /// the codes of provinces have at most two digits, so one or two are lost. True beside the
    /// number if zeros were put back.
    pub fn with_lost_zeros(text: &str) -> Result<(Cccd, bool), CccdError> {
        let digits = without_separators(text);
        match digits.len() {
            10 | 11 => Ok((Cccd::new(&format!("{digits:0>12}"))?, true)),
            _ => Ok((Cccd::new(&digits)?, false)),
        }
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first three digits as a number.
    pub fn province_code(&self) -> u16 {
        self.number(0, 3)
    }

    /// The province where the birth was registered; `None` if no province has the code.
    pub fn province(&self) -> Option<Province> {
        province(self.province_code())
    }

    /// The sex the number says.
    pub fn sex(&self) -> Sex {
        if self.century_and_sex().is_multiple_of(2) {
            Sex::Male
        } else {
            Sex::Female
        }
    }

    /// The year of birth the number says.
    pub fn birth_year(&self) -> u16 {
        1900 + 100 * (self.century_and_sex() / 2) + self.number(4, 6)
    }

    fn century_and_sex(&self) -> u16 {
        self.number(3, 4)
    }

    fn number(&self, from: usize, to: usize) -> u16 {
        // Digits, by the constructor.
        self.0
            .get(from..to)
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0)
    }
}

/// The number of an identity card (chứng minh nhân dân) of before 2016: 9 digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cmnd(String);

impl Cmnd {
    /// 9 digits; spaces, dots and hyphens are dropped.
    pub fn new(text: &str) -> Result<Cmnd, Problem> {
        let digits = without_separators(text);
        if digits.len() == 9 && is_digits(&digits) {
            Ok(Cmnd(digits))
        } else {
            Err(Problem::Form(Form::Cmnd))
        }
    }

    /// As [`Cmnd::new`], of a number from which a spreadsheet may have dropped a zero.
    pub fn with_lost_zeros(text: &str) -> Result<(Cmnd, bool), Problem> {
        let digits = without_separators(text);
        match digits.len() {
            8 => Ok((Cmnd::new(&format!("0{digits}"))?, true)),
            _ => Ok((Cmnd::new(&digits)?, false)),
        }
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The number of a passport: 5 to 15 letters and digits, at least two digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Passport(String);

impl Passport {
    /// Letters become upper case; spaces and hyphens are dropped.
    pub fn new(text: &str) -> Result<Passport, Problem> {
        let text = without_separators(text).to_ascii_uppercase();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let right = (5..=15).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && digits >= 2;
        right
            .then_some(Passport(text))
            .ok_or(Problem::Form(Form::Passport))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The number of a health-insurance card (bảo hiểm y tế).
///
/// Decision 1351/QĐ-BHXH of 2015 gives 15 characters: two letters for the kind of insured person, a digit from 1
/// to 5 for the level of cover, two digits for the province, and ten that are the person's
/// number at the social insurance. Cards since 2021 show only those ten.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bhyt(String);

impl Bhyt {
    /// Both forms; spaces, dots and hyphens are dropped, letters become upper case.
    pub fn new(text: &str) -> Result<Bhyt, Problem> {
        let text = without_separators(text).to_ascii_uppercase();
        let long = || {
            let (kind, rest) = text.split_at_checked(2)?;
            let (level, rest) = rest.split_at_checked(1)?;
            (text.len() == 15
                && kind.bytes().all(|byte| byte.is_ascii_uppercase())
                && matches!(level, "1" | "2" | "3" | "4" | "5")
                && is_digits(rest))
            .then_some(())
        };
        if (text.len() == 10 && is_digits(&text)) || long().is_some() {
            Ok(Bhyt(text))
        } else {
            Err(Problem::Form(Form::Bhyt))
        }
    }

    /// As [`Bhyt::new`], of a ten-digit number from which a spreadsheet may have dropped zeros.
    pub fn with_lost_zeros(text: &str) -> Result<(Bhyt, bool), Problem> {
        let digits = without_separators(text);
        match digits.len() {
            8 | 9 if is_digits(&digits) => Ok((Bhyt::new(&format!("{digits:0>10}"))?, true)),
            _ => Ok((Bhyt::new(&digits)?, false)),
        }
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ten digits that stay the same from card to card.
    pub fn person(&self) -> &str {
        self.0
            .len()
            .checked_sub(10)
            .and_then(|at| self.0.get(at..))
            .unwrap_or(&self.0)
    }

    /// The kind of insured person, `TE` for a child under six.
    pub fn kind(&self) -> Option<&str> {
        self.0.get(..2).filter(|_| self.0.len() == 15)
    }

    /// The province that issued the card.
    pub fn province(&self) -> Option<Province> {
        province(
            self.0
                .get(3..5)
                .filter(|_| self.0.len() == 15)?
                .parse()
                .ok()?,
        )
    }
}

fn without_separators(text: &str) -> String {
    // An apostrophe before a number is how people tell a spreadsheet to leave it alone.
    let text = text.trim().trim_start_matches('\'');
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-'))
        .collect()
}

macro_rules! hidden {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
hidden!(Cccd, Cmnd, Passport, Bhyt);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_personal_number_says() {
        for (number, province, sex, year) in [
            ("001090123456", Some("Hà Nội"), Sex::Male, 1990),
            ("079198000001", Some("Hồ Chí Minh"), Sex::Female, 1998),
            ("048205000001", Some("Đà Nẵng"), Sex::Male, 2005),
            ("096310000001", Some("Cà Mau"), Sex::Female, 2010),
            ("003090123456", None, Sex::Male, 1990),
        ] {
            let cccd = Cccd::new(number).unwrap();
            assert_eq!(cccd.province().map(|p| p.name), province, "{number}");
            assert_eq!((cccd.sex(), cccd.birth_year()), (sex, year), "{number}");
        }
        assert_eq!(Cccd::new("00109012345"), Err(CccdError::Length));
        assert_eq!(Cccd::new("00109012345X"), Err(CccdError::Length));
        assert_eq!(Cccd::new("001490123456"), Err(CccdError::Century));
        assert!(Cccd::new("001 090 123.456").is_ok());
        assert_eq!(format!("{:?}", Cccd::new("001090123456")), "Ok(Cccd(..))");
    }

    #[test]
    fn zeros_that_a_spreadsheet_dropped() {
        let read = |text| Cccd::with_lost_zeros(text).map(|(cccd, lost)| (cccd.0, lost));
        assert_eq!(read("1090123456"), Ok(("001090123456".into(), true)));
        assert_eq!(read("79198000001"), Ok(("079198000001".into(), true)));
        assert_eq!(read("079198000001"), Ok(("079198000001".into(), false)));
        assert_eq!(read("198000001"), Err(CccdError::Length));
        assert_eq!(Cmnd::with_lost_zeros("12345678").map(|c| c.1), Ok(true));
        assert_eq!(Bhyt::with_lost_zeros("123456789").map(|c| c.1), Ok(true));
    }

    #[test]
    fn other_documents() {
        assert!(Cmnd::new("012 345 678").is_ok());
        assert_eq!(Cmnd::new("0123456789"), Err(Problem::Form(Form::Cmnd)));
        assert_eq!(
            Passport::new("c1234567").map(|p| p.0),
            Ok("C1234567".into())
        );
        for bad in ["C123", "ABCDEFG", "C1234567890123456", "C12%4567"] {
            assert_eq!(
                Passport::new(bad),
                Err(Problem::Form(Form::Passport)),
                "{bad}"
            );
        }
        let bhyt = Bhyt::new("te1 79 0123456789").unwrap();
        assert_eq!((bhyt.kind(), bhyt.person()), (Some("TE"), "0123456789"));
        assert_eq!(bhyt.province().map(|p| p.name), Some("Hồ Chí Minh"));
        assert_eq!(Bhyt::new("0123456789").unwrap().kind(), None);
        for bad in [
            "TE6790123456789",
            "T17901234567890",
            "012345678",
            "TE179012345678X",
        ] {
            assert_eq!(Bhyt::new(bad), Err(Problem::Form(Form::Bhyt)), "{bad}");
        }
    }
}
