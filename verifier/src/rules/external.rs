//! What rules may ask for besides the payload.

use alloc::{
    string::{String, ToString},
    vec,
    vec::Vec,
};

use serde_json::Value;
use time::OffsetDateTime;

use super::ValueSets;
use super::certlogic::{DateTime, EvaluationError, Item};

/// The circumstances of a verification, which rules read under `external`.
///
/// Fields are public: a caller fills in what it knows. What is `None` is absent for the rules.
#[derive(Clone, Debug)]
pub struct External<'a> {
    /// The instant of verification (`validationClock`): also selects the rules in force.
    pub validation_clock: OffsetDateTime,
    /// The value sets (`valueSets`).
    pub value_sets: &'a ValueSets,
    /// The country of arrival, ISO 3166-1 alpha-2 (`countryCode`). When given, only its acceptance rules
    /// apply; when not, those of every country in the set. The template rules of the EU have the country
    /// `EU`: they are nobody's in particular.
    pub country_code: Option<&'a str>,
    /// The region within that country (`region`).
    pub region: Option<&'a str>,
    /// When the certificate expires, the CWT claim 4 (`exp`).
    pub exp: Option<OffsetDateTime>,
    /// When the certificate was issued, the CWT claim 6 (`iat`).
    pub iat: Option<OffsetDateTime>,
    /// The country that issued the certificate (`issuerCountryCode`): only its invalidation rules apply.
    pub issuer_country: Option<&'a str>,
    /// The key identifier of the signer, in base64 (`kid`).
    pub kid: Option<&'a str>,
}

impl<'a> External<'a> {
    /// The circumstances at an instant, with no value sets and nothing else known.
    pub fn at(validation_clock: OffsetDateTime) -> Self {
        const NONE: &ValueSets = &ValueSets::EMPTY;
        Self {
            validation_clock,
            value_sets: NONE,
            country_code: None,
            region: None,
            exp: None,
            iat: None,
            issuer_country: None,
            kid: None,
        }
    }
}

/// The instants of an [`External`] as text, which the data document borrows.
pub(super) struct Instants {
    validation_clock: Option<String>,
    exp: Option<String>,
    iat: Option<String>,
}

impl Instants {
    pub(super) fn of(external: &External<'_>) -> Self {
        let text = |instant| DateTime::from_instant(instant).map(|instant| instant.to_string());
        Self {
            validation_clock: text(external.validation_clock),
            exp: external.exp.and_then(text),
            iat: external.iat.and_then(text),
        }
    }
}

/// The data document `{ "payload": …, "external": … }`, without copying either.
pub(super) fn document<'a>(
    payload: &'a Value,
    external: &External<'a>,
    instants: &'a Instants,
) -> Result<Item<'a>, EvaluationError> {
    let texts = [
        ("validationClock", instants.validation_clock.as_deref()),
        ("countryCode", external.country_code),
        ("region", external.region),
        ("exp", instants.exp.as_deref()),
        ("iat", instants.iat.as_deref()),
        ("issuerCountryCode", external.issuer_country),
        ("kid", external.kid),
    ];
    let mut members: Vec<_> = texts
        .into_iter()
        .filter_map(|(name, text)| text.map(|text| (name, Item::Text(text))))
        .collect();
    members.push(("valueSets", Item::from(external.value_sets.as_json())));
    let external = Item::record(members)?;
    Item::record(vec![
        ("payload", Item::from(payload)),
        ("external", external),
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rules::certlogic::Expression;

    #[test]
    fn every_member_is_where_rules_look_for_it() {
        let mut sets = ValueSets::default();
        sets.insert("colours", vec!["red".to_owned()]);
        let instant = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let external = External {
            validation_clock: instant(1_640_000_000),
            value_sets: &sets,
            country_code: Some("AT"),
            region: Some("W"),
            exp: Some(instant(1_650_000_000)),
            iat: Some(instant(1_630_000_000)),
            issuer_country: Some("DE"),
            kid: Some("2Rk3X8HntrI="),
        };
        let payload = json!({ "ver": "1.3.0" });
        let instants = Instants::of(&external);
        let document = document(&payload, &external, &instants).unwrap();
        for (path, expected) in [
            ("payload.ver", "1.3.0"),
            ("external.validationClock", "2021-12-20T11:33:20.000Z"),
            ("external.valueSets.colours.0", "red"),
            ("external.countryCode", "AT"),
            ("external.region", "W"),
            ("external.exp", "2022-04-15T05:20:00.000Z"),
            ("external.iat", "2021-08-26T17:46:40.000Z"),
            ("external.issuerCountryCode", "DE"),
            ("external.kid", "2Rk3X8HntrI="),
        ] {
            let expression = Expression::parse(&json!({ "var": path })).unwrap();
            let item = expression.evaluate_item(&document).unwrap();
            assert!(
                matches!(item, Item::Text(text) if text == expected),
                "{path}"
            );
        }
    }
}
