//! How sheets are printed here: what stands on them beyond what was signed.

use hcert::{
    date::Date,
    dcc::{Dcc, Event},
};
use intake::codes::Catalogue;
use print::{Code, EventFacts, Facts, Notes, Sheet, Words};

use crate::domain::settings::Settings;

/// What is known of a certificate beside the certificate.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// The name of the site, in both languages.
    pub site: Option<Words>,
    /// The person's nationality (ISO 3166-1 alpha-2).
    pub nationality: Option<String>,
    /// The one-time code to print.
    pub claim_code: Option<String>,
}

/// What all sheets of this issuer have in common.
#[derive(Debug, Clone)]
pub struct Paper {
    specimen: bool,
    claim_at: Option<String>,
    offset: i16,
}

impl Paper {
    /// As the settings say.
    pub fn new(settings: &Settings) -> Paper {
        let address = settings.public_url.as_deref().map(|url| {
            // As people type it.
            let url = url.strip_prefix("https://").unwrap_or(url);
            format!("{}/claim", url.trim_end_matches('/'))
        });
        Paper {
            specimen: settings.specimen,
            claim_at: address,
            offset: settings.offset,
        }
    }

    /// The facts of a payload that verified, in the words of the catalogue in force.
    pub fn facts(
        &self,
        dcc: &Dcc,
        expires_at: i64,
        beside: &Beside,
        catalogue: &Catalogue,
    ) -> Facts {
        let sets = catalogue.sets();
        let mut facts = Facts::from_dcc(dcc, sets);
        let country = beside.nationality.as_deref();
        facts.nationality = country.map(|code| Words::country(code, sets));
        facts.code_expires = self.last_day(expires_at);
        let name = beside.site.as_ref().map(|site| site.vi.clone());
        match (&mut facts.event, dcc.event()) {
            // The payload has the site's code there; what stands on the door says more.
            (EventFacts::Test(test), Event::Test(_)) => test.centre = name.or(test.centre.take()),
            // A recovery is of a country; the site only wrote it down.
            (EventFacts::Recovery(_), _) => {}
            _ => facts.site = name,
        }
        facts
    }

    /// The sheet of these facts, the first code in front.
    pub fn sheet(&self, facts: Facts, first: Code, second: Option<Code>, beside: Beside) -> Sheet {
        let mut notes = Notes::default();
        if let Some(site) = beside.site {
            notes.correct_at = site;
        }
        notes.claim_code = beside.claim_code;
        // Where nothing can be entered there is nothing to say of it.
        notes.claim_at = self.claim_at.clone();
        Sheet {
            facts,
            notes,
            code: first,
            second_code: second,
            specimen: self.specimen,
        }
    }

    /// The last local day through all of which the code is accepted: paper says "until the end of".
    fn last_day(&self, expires_at: i64) -> Option<Date> {
        let local = expires_at.saturating_add(i64::from(self.offset) * 60);
        // A code that ends with a day's last second is good through that day.
        let after = Date::from_unix_seconds(local.saturating_add(1))?;
        after.add_days(-1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper() -> Paper {
        Paper {
            specimen: false,
            claim_at: None,
            offset: 420,
        }
    }

    #[test]
    fn the_last_day_is_the_one_in_the_country() {
        for (end, day) in [
            ("2027-11-27T17:00:00Z", "2027-11-27"),
            ("2027-11-28T03:00:00Z", "2027-11-27"),
            ("2027-11-27T16:59:59Z", "2027-11-27"),
            ("2027-11-27T16:59:58Z", "2027-11-26"),
        ] {
            let end: hcert::time::Timestamp = end.parse().unwrap();
            let last = paper().last_day(end.unix()).unwrap();
            assert_eq!(last.to_string(), day, "{end}");
        }
    }
}
