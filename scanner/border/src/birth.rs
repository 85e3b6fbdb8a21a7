//! Dates of birth.

use hcert::date::PartialDate;

use crate::answer::{Doubt, Field};

/// A date of birth as a document has it: each part may be unknown, and the year may have two
/// digits only.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Birth {
    pub(crate) year: Option<Year>,
    pub(crate) month: Option<u8>,
    pub(crate) day: Option<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Year {
    /// All four digits.
    Full(u16),
    /// The last two: a zone says no century.
    TwoDigits(u8),
}

impl From<PartialDate> for Birth {
    fn from(date: PartialDate) -> Birth {
        Birth {
            year: date.year().map(Year::Full),
            month: date.month(),
            day: date.day(),
        }
    }
}

/// `None` for the certificate when what it says is no date.
pub(crate) fn compare(certificate: Option<PartialDate>, document: Birth) -> Field {
    let Some(certificate) = certificate else {
        return Field::Doubtful(Doubt::BirthPart);
    };
    let year = certificate
        .year()
        .zip(document.year)
        .map(|(ours, theirs)| match theirs {
            Year::Full(year) => ours == year,
            Year::TwoDigits(year) => ours % 100 == u16::from(year),
        });
    fn part(ours: Option<u8>, theirs: Option<u8>) -> Option<bool> {
        ours.zip(theirs).map(|(ours, theirs)| ours == theirs)
    }
    let parts = [
        year,
        part(certificate.month(), document.month),
        part(certificate.day(), document.day),
    ];
    if parts.contains(&Some(false)) {
        Field::Different
    } else if parts.contains(&None) {
        Field::Doubtful(Doubt::BirthPart)
    } else {
        Field::Same
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_part_has_to_agree() {
        let zone = |year, month, day| Birth {
            year: Some(Year::TwoDigits(year)),
            month,
            day,
        };
        let doubt = Field::Doubtful(Doubt::BirthPart);
        for (certificate, document, want) in [
            ("1998-02-26", zone(98, Some(2), Some(26)), Field::Same),
            ("1998-02-27", zone(98, Some(2), Some(26)), Field::Different),
            ("1998-03-26", zone(98, Some(2), Some(26)), Field::Different),
            ("1999-02-26", zone(98, Some(2), Some(26)), Field::Different),
            // A zone has no century: a hundred years apart is for the eye.
            ("2021-02-03", zone(21, Some(2), Some(3)), Field::Same),
            ("1998", zone(98, Some(2), Some(26)), doubt),
            ("1998-02", zone(98, Some(2), Some(26)), doubt),
            ("1998-03", zone(98, Some(2), Some(26)), Field::Different),
            ("1998-02-26", zone(98, None, None), doubt),
            ("1998-02-26", zone(97, None, None), Field::Different),
            ("", zone(98, Some(2), Some(26)), doubt),
            ("1998-02-26", Birth::default(), doubt),
        ] {
            let ours = PartialDate::parse(certificate).ok();
            assert_eq!(compare(ours, document), want, "{certificate}");
        }
        let card = Birth::from(PartialDate::parse("1898-02-26").unwrap_or(PartialDate::UNKNOWN));
        assert_eq!(
            compare(PartialDate::parse("1998-02-26").ok(), card),
            Field::Doubtful(Doubt::BirthPart),
            "a year before 1900 is no year here"
        );
        assert_eq!(compare(None, zone(98, Some(2), Some(26))), doubt);
    }
}
