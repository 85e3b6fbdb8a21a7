//! The sums of an import, for whoever decides on publishing it.

use std::collections::BTreeMap;

use hcert::time::Timestamp;
use trust_list::import::{Form, Role};

use super::{Admitted, Chain, Why};

/// How much was let in and how much not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Signers that were let in.
    pub signers: usize,
    /// Authorities that were let in.
    pub authorities: usize,
    /// All that was let in, by country (`?` where none is known).
    pub by_country: BTreeMap<String, usize>,
    /// All that was let in, by the form of its list.
    pub by_form: BTreeMap<Form, usize>,
    /// What was not let in, by reason.
    pub refused: BTreeMap<&'static str, usize>,
    /// Let in, but past the end of its period.
    pub expired: usize,
    /// Let in, but before the beginning of its period.
    pub not_yet_valid: usize,
    /// Signers whose authority is not known.
    pub without_authority: usize,
    /// Listed under a kid that is not the certificate's own.
    pub foreign_kids: usize,
    /// Kids that stand for several keys.
    pub collisions: usize,
}

impl Report {
    /// How many keys were let in.
    pub fn admitted(&self) -> usize {
        self.signers + self.authorities
    }

    /// How many countries they are of.
    pub fn countries(&self) -> usize {
        self.by_country.keys().filter(|code| *code != "?").count()
    }

    pub(super) fn count(&mut self, admitted: &Admitted, at: Timestamp) {
        let key = &admitted.key;
        match key.role {
            Role::Authority => self.authorities += 1,
            _ => self.signers += 1,
        }
        let country = key.country.clone().unwrap_or_else(|| "?".to_owned());
        *self.by_country.entry(country).or_default() += 1;
        *self.by_form.entry(admitted.form).or_default() += 1;
        self.without_authority += usize::from(admitted.chain == Chain::NoAuthority);
        if let Some(certificate) = key.certificate() {
            self.expired += usize::from(certificate.not_after() < at);
            self.not_yet_valid += usize::from(certificate.not_before() > at);
            self.foreign_kids += usize::from(key.kid() != Some(certificate.kid()));
        }
    }

    pub(super) fn count_refusal(&mut self, why: &Why) {
        *self.refused.entry(why.kind()).or_default() += 1;
    }
}

impl core::fmt::Display for Report {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        writeln!(
            f,
            "let in: {} signers and {} authorities of {} countries",
            self.signers,
            self.authorities,
            self.countries()
        )?;
        let list = |entries: &mut dyn Iterator<Item = (String, usize)>| {
            let entries: Vec<_> = entries
                .map(|(name, count)| format!("{name} {count}"))
                .collect();
            entries.join(", ")
        };
        let countries = &mut self
            .by_country
            .iter()
            .map(|(name, count)| (name.clone(), *count));
        writeln!(f, "countries: {}", list(countries))?;
        let forms = &mut self
            .by_form
            .iter()
            .map(|(form, count)| (form.to_string(), *count));
        writeln!(f, "forms: {}", list(forms))?;
        if !self.refused.is_empty() {
            let sum: usize = self.refused.values().sum();
            let refused = &mut self
                .refused
                .iter()
                .map(|(name, count)| ((*name).to_owned(), *count));
            writeln!(f, "refused: {sum} ({})", list(refused))?;
        }
        for (count, what) in [
            (
                self.expired,
                "are past their end; what they signed before stays valid",
            ),
            (self.not_yet_valid, "are before their beginning"),
            (
                self.without_authority,
                "signers have no known authority above them",
            ),
            (
                self.foreign_kids,
                "are listed under a kid that is not their certificate's",
            ),
            (
                self.collisions,
                "kids stand for several keys, which are all kept",
            ),
        ] {
            if count > 0 {
                writeln!(f, "warning: {count} {what}")?;
            }
        }
        Ok(())
    }
}
