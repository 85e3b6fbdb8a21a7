//! Facts of a payload.

use hcert::dcc::{self, Dcc, Event, PersonName, Text};
use hcert::name::StandardName;
use hcert::value_set::{Kind, ValueSets, vietnamese};

use super::{EventFacts, Facts, Recovery, Test, Vaccination, Words};

impl Facts {
    /// The facts of a payload, its codes as the words of `sets`; a code that has none stays as it is.
    ///
    /// What a payload does not say is left open: `nationality`, `site` and `code_expires` are `None`, and
    /// `doses_received` is the number of this dose.
    #[must_use]
    pub fn from_dcc(dcc: &Dcc, sets: &ValueSets) -> Facts {
        let event = dcc.event();
        Facts {
            name: own_name(dcc.name()),
            name_latin: latin_name(dcc.name()),
            date_of_birth: dcc.date_of_birth(),
            nationality: None,
            event: match event {
                Event::Vaccination(v) => EventFacts::Vaccination(vaccination(v, sets)),
                Event::Test(t) => EventFacts::Test(test(t, sets)),
                Event::Recovery(r) => EventFacts::Recovery(Recovery {
                    disease: words(sets, Kind::Disease, r.disease.as_str()),
                    first_positive: r.first_positive,
                    valid_from: r.valid_from,
                    valid_until: r.valid_until,
                }),
            },
            country: country(sets, event.country().as_str()),
            site: None,
            issuer: Words::same(event.issuer().as_str()),
            code_expires: None,
            number: event.certificate_id().to_string(),
        }
    }
}

/// The words for a country: of its alpha-2 code, as in `nationality`.
fn country(sets: &ValueSets, code: &str) -> Words {
    words(sets, Kind::Country, code)
}

impl Words {
    /// The words for a country's alpha-2 code, for [`Facts::nationality`]; the code itself if `sets` does
    /// not have it.
    #[must_use]
    pub fn country(code: &str, sets: &ValueSets) -> Words {
        country(sets, code)
    }
}

fn words(sets: &ValueSets, kind: Kind, code: &str) -> Words {
    // Some published names double their apostrophes (`Côte d''Ivoire`).
    let en = sets.display(kind, code).unwrap_or(code).replace("''", "'");
    Words::new(vietnamese(kind, code).unwrap_or(&en), en.clone())
}

fn display(sets: &ValueSets, kind: Kind, code: &Text) -> String {
    sets.display(kind, code.as_str())
        .unwrap_or(code.as_str())
        .to_owned()
}

fn vaccination(event: &dcc::Vaccination, sets: &ValueSets) -> Vaccination {
    Vaccination {
        disease: words(sets, Kind::Disease, event.disease.as_str()),
        vaccine: words(sets, Kind::Prophylaxis, event.prophylaxis.as_str()),
        product: display(sets, Kind::Product, &event.product),
        manufacturer: display(sets, Kind::Manufacturer, &event.manufacturer),
        doses_received: event.dose_number.get(),
        dose_number: event.dose_number.get(),
        total_doses: event.total_doses.get(),
        date: event.date,
    }
}

fn test(event: &dcc::Test, sets: &ValueSets) -> Test {
    let device = event
        .device
        .as_ref()
        .map(|device| display(sets, Kind::TestDevice, device));
    let name = event.name.as_ref().map(|name| name.as_str().to_owned());
    Test {
        disease: words(sets, Kind::Disease, event.disease.as_str()),
        test_type: words(sets, Kind::TestType, event.test_type.as_str()),
        name: name.or(device),
        sample_taken: event.sample_collected.clone(),
        result: words(sets, Kind::TestResult, event.result.as_str()),
        centre: event
            .centre
            .as_ref()
            .map(|centre| centre.as_str().to_owned()),
    }
}

fn own_name(name: &PersonName) -> String {
    join(
        name.family().map(Text::as_str),
        name.given().map(Text::as_str),
    )
}

/// `VAN<DUC` as `VAN DUC`: the filler is for machines.
fn latin_name(name: &PersonName) -> String {
    join(
        name.family_standard().map(StandardName::as_str),
        name.given_standard().map(StandardName::as_str),
    )
    .replace('<', " ")
}

fn join(family: Option<&str>, given: Option<&str>) -> String {
    let parts: Vec<&str> = family.into_iter().chain(given).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::rows;
    use serde_json::json;

    fn dcc(group: &str, entry: &serde_json::Value) -> Dcc {
        let mut object = json!({
            "ver": "1.3.3", "dob": "1998-02-26",
            "nam": { "fn": "Nguyễn", "gn": "Văn Đức" },
        });
        object[group] = json!([entry]);
        Dcc::from_json(&object).unwrap()
    }

    fn printed(dcc: &Dcc) -> Vec<(String, String)> {
        let facts = Facts::from_dcc(dcc, &ValueSets::builtin());
        rows(&facts)
            .into_iter()
            .map(|row| {
                (
                    row.en.to_owned(),
                    format!("{} | {}", row.value.vi, row.value.en),
                )
            })
            .collect()
    }

    fn has(rows: &[(String, String)], label: &str, value: &str) {
        assert!(
            rows.iter()
                .any(|row| row == &(label.to_owned(), value.to_owned())),
            "{label}: {value} in {rows:#?}"
        );
    }

    #[test]
    fn a_vaccination_in_words() {
        let rows = printed(&dcc(
            "v",
            &json!({
                "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
                "dn": 3, "sd": 2, "dt": "2021-12-20", "co": "VN", "is": "Bộ Y tế",
                "ci": "URN:UVCI:01:VN:8A1F3C#U"
            }),
        ));
        has(&rows, "Full name", "Nguyễn Văn Đức | Nguyễn Văn Đức");
        has(
            &rows,
            "Vaccine",
            "Vắc xin mRNA phòng SARS-CoV-2 | SARS-CoV-2 mRNA vaccine",
        );
        has(&rows, "Product", "Comirnaty | Comirnaty");
        has(
            &rows,
            "Manufacturer",
            "Biontech Manufacturing GmbH | Biontech Manufacturing GmbH",
        );
        has(
            &rows,
            "This dose",
            "mũi 3, liệu trình 2 mũi | dose 3, series of 2",
        );
        has(&rows, "Vaccinated at", "Việt Nam | Viet Nam");
        has(
            &rows,
            "Certificate number",
            "URN:UVCI:01:VN:8A1F3C#U | URN:UVCI:01:VN:8A1F3C#U",
        );
        assert!(!rows.iter().any(|(_, value)| value.contains("1119349007")));
    }

    #[test]
    fn a_test_in_words() {
        let rows = printed(&dcc(
            "t",
            &json!({
                "tg": "840539006", "tt": "LP217198-3", "ma": "1232", "sc": "2021-12-20T09:30:00+07:00",
                "tr": "260415000", "tc": "Bệnh viện Bạch Mai", "co": "VN", "is": "Bộ Y tế",
                "ci": "URN:UVCI:01:VN:8A1F3C#U"
            }),
        ));
        has(
            &rows,
            "Type of test",
            "Xét nghiệm nhanh kháng nguyên | Rapid immunoassay",
        );
        has(&rows, "Result", "Âm tính | Not detected");
        has(
            &rows,
            "Sample taken",
            "20/12/2021 09:30 (UTC+7) | 20 Dec 2021 09:30",
        );
        has(
            &rows,
            "Testing centre",
            "Bệnh viện Bạch Mai | Bệnh viện Bạch Mai",
        );
    }

    #[test]
    fn a_recovery_in_words() {
        let rows = printed(&dcc(
            "r",
            &json!({
                "tg": "840539006", "fr": "2021-10-01", "df": "2021-10-12", "du": "2022-03-30",
                "co": "LA", "is": "Bộ Y tế", "ci": "URN:UVCI:01:VN:8A1F3C#U"
            }),
        ));
        has(&rows, "First positive test", "01/10/2021 | 1 Oct 2021");
        has(&rows, "Valid until", "30/03/2022 | 30 Mar 2022");
        has(&rows, "Recovered from", "COVID-19 | COVID-19");
    }

    #[test]
    fn unknown_codes_are_shown() {
        let sets = ValueSets::builtin();
        assert_eq!(Words::country("XX", &sets), Words::same("XX"));
        assert_eq!(
            Words::country("CI", &sets),
            Words::new("Bờ Biển Ngà", "Côte d'Ivoire")
        );
    }
}
