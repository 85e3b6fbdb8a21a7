//! From a record to a payload.

use core::num::NonZeroU32;

use hcert::{
    dcc::{self, CountryCode, Dcc, Text},
    uvci::Uvci,
};

use crate::record::{Event, Line, Record};

/// Who issues the certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// The name of the authority, `is`.
    pub name: Line,
}

/// The payload of a record.
///
/// A record that [`plausibility`](crate::plausibility) has no error against gives a payload of
/// which [`Dcc::check`] and [`Dcc::check_at`] find nothing, whatever the issuer and identifier.
/// Site, lot and documents are not in it.
pub fn to_dcc(record: &Record, issuer: &Issuer, uvci: Uvci) -> Dcc {
    let person = &record.person;
    let issuer = issuer.name.text().clone();
    let event = match &record.event {
        Event::Vaccination(v) => dcc::Event::Vaccination(dcc::Vaccination {
            disease: v.disease.text().clone(),
            prophylaxis: v.prophylaxis.text().clone(),
            product: v.product.text().clone(),
            manufacturer: v.manufacturer.text().clone(),
            dose_number: dose(v.dose.number()),
            total_doses: dose(v.dose.total()),
            date: v.date,
            country: country(&v.country),
            issuer,
            certificate_id: uvci,
        }),
        Event::Test(t) => dcc::Event::Test(dcc::Test {
            disease: t.disease.text().clone(),
            test_type: t.test_type().text().clone(),
            name: t.name().map(|name| name.text().clone()),
            device: t.device().map(|device| device.text().clone()),
            sample_collected: t.sampled_at().clone(),
            result: t.result.text().clone(),
            centre: t
                .site
                .as_ref()
                .and_then(|site| Text::new(site.as_str()).ok()),
            country: country(&t.country),
            issuer,
            certificate_id: uvci,
        }),
        Event::Recovery(r) => dcc::Event::Recovery(dcc::Recovery {
            disease: r.disease.text().clone(),
            first_positive: r.first_positive(),
            country: country(&r.country),
            issuer,
            valid_from: r.valid_from(),
            valid_until: r.valid_until(),
            certificate_id: uvci,
        }),
    };
    Dcc::new(person.name.parts().clone(), person.birth, event)
}

fn dose(number: u8) -> NonZeroU32 {
    NonZeroU32::new(u32::from(number)).unwrap_or(NonZeroU32::MIN)
}

fn country(country: &crate::codes::Country) -> CountryCode {
    country.country_code().clone()
}
