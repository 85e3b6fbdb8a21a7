//! What names a certificate and its slice.

use core::fmt;

use hcert::time::Timestamp;
use sha2::{Digest, Sha256};

/// A certificate for the purposes of revocation: the first 16 bytes of SHA-256 over the UTF-8 of
/// its identifier (`ci`, the UVCI) exactly as the certificate carries it.
///
/// This is the hash of the EU gateway's kind `UCI`. An issuer that removes personal data keeps
/// only this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RevocationId([u8; 16]);

impl RevocationId {
    /// Of a certificate's identifier, byte for byte: case and the check character count.
    pub fn of_identifier(identifier: &str) -> RevocationId {
        RevocationId(first_half(Sha256::digest(identifier.as_bytes()).into()))
    }

    /// From the hash itself.
    pub const fn from_bytes(hash: [u8; 16]) -> RevocationId {
        RevocationId(hash)
    }

    /// The hash.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The first 16 of 32 bytes.
pub(super) fn first_half(digest: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    for (to, from) in half.iter_mut().zip(digest) {
        *to = from;
    }
    half
}

/// A calendar month of UTC, in the years 0 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month(u32);

/// The text is not a month such as `2021-07`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month such as 2021-07")]
pub struct NotAMonth;

impl Month {
    /// From the year and the month, 1 to 12.
    pub fn new(year: u32, month: u32) -> Option<Month> {
        let in_range = year <= 9999 && (1..=12).contains(&month);
        in_range.then(|| Month(year * 12 + month - 1))
    }

    /// The month of an instant.
    pub fn of(at: Timestamp) -> Month {
        let date = at.to_date_time().date();
        let year = u32::try_from(date.year()).unwrap_or(0);
        Month(year * 12 + u32::from(u8::from(date.month())) - 1)
    }

    /// As the formats write it: twelve times the year, plus 0 for January to 11 for December.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// From [`Month::number`].
    pub fn from_number(number: u32) -> Option<Month> {
        (number < 10_000 * 12).then_some(Month(number))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }
}

impl core::str::FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Month, NotAMonth> {
        let (year, month) = text.split_once('-').ok_or(NotAMonth)?;
        let number = |text: &str, length| {
            let digits = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten().ok_or(NotAMonth)
        };
        Month::new(number(year, 4)?, number(month, 2)?).ok_or(NotAMonth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months() {
        for (at, month) in [
            ("2021-07-01T00:00:00Z", "2021-07"),
            ("2021-06-30T23:59:59Z", "2021-06"),
            ("2021-07-01T01:00:00+02:00", "2021-06"),
            ("0000-01-01T00:00:00Z", "0000-01"),
            ("9999-12-31T23:59:59Z", "9999-12"),
        ] {
            let found = Month::of(at.parse().unwrap());
            assert_eq!(found.to_string(), month);
            assert_eq!(month.parse(), Ok(found));
            assert_eq!(Month::from_number(found.number()), Some(found));
        }
        for text in ["2021-7", "2021-13", "2021-00", "202107", "+021-07", ""] {
            assert_eq!(text.parse::<Month>(), Err(NotAMonth), "{text}");
        }
        assert_eq!(Month::from_number(120_000), None);
    }

    #[test]
    fn the_identifier_is_the_gateways_uci_hash() {
        // sha256sum of the text, cut.
        let id = RevocationId::of_identifier("URN:UVCI:01:NL:187/37512422923#Z");
        let whole = Sha256::digest(b"URN:UVCI:01:NL:187/37512422923#Z");
        assert_eq!(id.as_bytes().as_slice(), &whole.as_slice()[..16]);
        assert_ne!(
            id,
            RevocationId::of_identifier("urn:uvci:01:NL:187/37512422923#Z")
        );
    }
}
