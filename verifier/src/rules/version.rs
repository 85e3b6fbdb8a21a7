//! Versions of rules, schemas and engines.

use core::{fmt, str::FromStr};

/// A version of the form `major.minor.patch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

/// The text is not three numbers with points between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a version of the form major.minor.patch")]
pub struct VersionError;

impl Version {
    /// The version of these three numbers.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }

    /// Whether something made for version `required` can be used with this one: the same major version,
    /// and not an older one.
    pub const fn satisfies(self, required: Self) -> bool {
        self.major == required.major
            && (self.minor > required.minor
                || (self.minor == required.minor && self.patch >= required.patch))
    }
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let mut parts = text.split('.');
        let mut number = || {
            let part = parts.next().ok_or(VersionError)?;
            if !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(VersionError);
            }
            part.parse().map_err(|_| VersionError)
        };
        let version = Self::new(number()?, number()?, number()?);
        parts.next().map_or(Ok(version), |_| Err(VersionError))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text() {
        assert_eq!("1.10.2".parse(), Ok(Version::new(1, 10, 2)));
        assert_eq!(Version::new(1, 10, 2).to_string(), "1.10.2");
        for text in [
            "",
            "1",
            "1.0",
            "1.0.0.0",
            "1.0.",
            "+1.0.0",
            "1.-1.0",
            "1.0.4294967296",
            "a.b.c",
        ] {
            assert_eq!(text.parse::<Version>(), Err(VersionError), "{text}");
        }
    }

    #[test]
    fn order_is_by_number() {
        assert!(Version::new(1, 10, 0) > Version::new(1, 9, 9));
    }

    #[test]
    fn compatibility() {
        let payload = Version::new(1, 2, 1);
        for (required, expected) in [
            (Version::new(1, 0, 0), true),
            (Version::new(1, 2, 1), true),
            (Version::new(1, 2, 2), false),
            (Version::new(1, 3, 0), false),
            (Version::new(0, 9, 0), false),
            (Version::new(2, 0, 0), false),
        ] {
            assert_eq!(payload.satisfies(required), expected, "{required}");
        }
    }
}
