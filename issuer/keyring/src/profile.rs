//! Who is to read a certificate.

use core::{fmt, str::FromStr};

use hcert::keys::Algorithm;

/// Who is to read a certificate, which decides how it is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Profile {
    /// Verifiers of the country itself: EdDSA, small and quick.
    National,
    /// Borders: ES256 or PS256, the two that the HCERT specification allows (section 2.6.3).
    International,
}

/// The word is not one of national, international.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of national, international")]
pub struct NotAProfile;

impl Profile {
    /// Both.
    pub const ALL: [Profile; 2] = [Profile::National, Profile::International];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Profile::National => "national",
            Profile::International => "international",
        }
    }

    /// Whether its certificates may be signed so.
    pub const fn allows(self, algorithm: Algorithm) -> bool {
        match algorithm {
            Algorithm::EdDsa => matches!(self, Profile::National),
            Algorithm::Es256 | Algorithm::Ps256 => matches!(self, Profile::International),
        }
    }

    /// The algorithms it allows, for people.
    pub const fn algorithms(self) -> &'static str {
        match self {
            Profile::National => "EdDSA",
            Profile::International => "ES256, PS256",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Profile {
    type Err = NotAProfile;

    fn from_str(text: &str) -> Result<Profile, NotAProfile> {
        Profile::ALL
            .into_iter()
            .find(|profile| profile.name() == text)
            .ok_or(NotAProfile)
    }
}
