//! Where things happen: country, province, district, commune, site.

use std::{fmt, str::FromStr};

/// A place by its path, from the country down: `VN/79/26734/BN1`.
///
/// A path of one to six codes of 1 to 32 letters `A-Z`, digits, `-`, `_` and `.`. Who belongs to a place
/// sees it and everything below it, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(String);

/// The text names no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no place: write its codes from the country down, as in VN/79/26734/BN1")]
pub struct NotAPlace;

impl Place {
    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the other place is this one or lies in it.
    pub fn contains(&self, other: &Place) -> bool {
        let rest = other.0.strip_prefix(&self.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The place around this one; `None` for a country.
    pub fn parent(&self) -> Option<Place> {
        self.0
            .rsplit_once('/')
            .map(|(parent, _)| Place(parent.into()))
    }

    /// Its own code: the last one of the path.
    pub fn code(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The place of a code within this one.
    pub fn child(&self, code: &str) -> Result<Place, NotAPlace> {
        format!("{}/{code}", self.0).parse()
    }

    /// For `LIKE`: everything below this place. Paths hold no `%`; `_` matches itself among others, so
    /// compare again where it matters, or use [`Place::below`].
    pub fn below(&self) -> (String, String) {
        // '0' comes after '/': the range holds the paths that begin with this one and a slash.
        (format!("{}/", self.0), format!("{}0", self.0))
    }
}

impl FromStr for Place {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Place, NotAPlace> {
        let good = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit() || b"-_.".contains(&c);
        let codes = text.split('/');
        let right = codes.clone().count() <= 6
            && codes.clone().all(|code| {
                (1..=32).contains(&code.len()) && code.bytes().all(good) && !code.starts_with('.')
            });
        if right {
            Ok(Place(text.into()))
        } else {
            Err(NotAPlace)
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The whole country.
    Country,
    /// A province or a city of that rank.
    Province,
    /// A district, where there are any (Viet Nam gave them up in 2025).
    District,
    /// A commune or ward.
    Commune,
    /// A vaccination or sampling site, also a mobile team.
    Site,
}

impl Level {
    /// All of them, from the top down.
    pub const ALL: [Level; 5] = [
        Level::Country,
        Level::Province,
        Level::District,
        Level::Commune,
        Level::Site,
    ];

    /// The word in the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Country => "country",
            Level::Province => "province",
            Level::District => "district",
            Level::Commune => "commune",
            Level::Site => "site",
        }
    }

    /// The level of a word.
    pub fn of(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Place {
        text.parse().unwrap()
    }

    #[test]
    fn what_lies_in_what() {
        let province = place("VN/79");
        assert!(province.contains(&place("VN/79")));
        assert!(province.contains(&place("VN/79/26734/BN1")));
        assert!(!province.contains(&place("VN/790")));
        assert!(!province.contains(&place("VN")));
        assert_eq!(place("VN/79").parent(), Some(place("VN")));
        assert_eq!(place("VN").parent(), None);
        assert_eq!(province.child("BN1").unwrap().code(), "BN1");
        let (from, to) = province.below();
        assert!(from.as_str() < "VN/79/0" && "VN/79/zz" < to.as_str());
        assert!("VN/790" >= to.as_str() && "VN/79" < from.as_str());
        for wrong in [
            "",
            "/",
            "VN/",
            "vn",
            "VN/7 9",
            "VN/../x",
            "VN/é",
            "A/B/C/D/E/F/G",
            "VN/%",
        ] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
        assert!("x".repeat(33).parse::<Place>().is_err());
    }
}
