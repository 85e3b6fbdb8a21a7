//! Whom a certificate names.

use core::fmt;

use hcert::date::PartialDate;
use verifier::ValidCertificate;

/// Whom a certificate names. The `Debug` output shows nothing of it.
#[derive(Clone)]
pub struct Subject {
    pub(crate) family: String,
    pub(crate) given: String,
    pub(crate) family_standard: String,
    pub(crate) given_standard: String,
    /// Whether it is known which part of the name is which.
    pub(crate) split: bool,
    pub(crate) birth: Option<PartialDate>,
}

impl Subject {
    /// From names in their own letters (`fn`, `gn`) and as a machine-readable zone writes them (`fnt`,
    /// `gnt`), each of which may be empty, and a date of birth as it was received.
    pub fn new(
        family: &str,
        given: &str,
        family_standard: &str,
        given_standard: &str,
        birth: &str,
    ) -> Subject {
        Subject {
            family: family.into(),
            given: given.into(),
            family_standard: family_standard.into(),
            given_standard: given_standard.into(),
            split: true,
            birth: PartialDate::parse_lenient(birth).ok(),
        }
    }

    /// The holder of a valid certificate; `None` if it names nobody.
    pub fn of(certificate: &ValidCertificate) -> Option<Subject> {
        if let Some(dcc) = certificate.dcc() {
            let text = |part: &Option<_>| -> String {
                part.as_ref().map(<_>::to_string).unwrap_or_default()
            };
            return Some(Subject::new(
                &text(&dcc.name.family),
                &text(&dcc.name.given),
                &text(&dcc.name.family_standard),
                &text(&dcc.name.given_standard),
                &dcc.date_of_birth,
            ));
        }
        // WHO's certificates have one text for the whole name.
        let holder = certificate.holder()?;
        Some(Subject {
            split: false,
            ..Subject::new(&holder.name, "", "", "", &holder.date_of_birth)
        })
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subject(..)")
    }
}
