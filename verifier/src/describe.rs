//! A payload in plain words: what a card in a wallet and a line on a screen say.
//!
//! It takes the JSON that a verdict or [`crate::unverified::content`] gives and trusts nothing in it:
//! what is missing or of another type is left out, and codes of no known value set are shown as
//! they are.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use hcert::{
    date::{DateTime, PartialDate},
    value_set::{Kind, ValueSets, vietnamese},
};
use serde_json::{Value, json};

use crate::wording::{Language, Wording};

/// The payload in words, as JSON:
///
/// ```json
/// { "kind": "vaccination", "title": "Vaccination", "summary": "dose 2 of 2, Comirnaty",
///   "lines": [ { "key": "dose", "label": "Dose", "value": "dose 2 of 2" }, ... ] }
/// ```
///
/// `kind` is `vaccination`, `test`, `recovery` or `unknown`. The lines stand in the order in which
/// they should be shown; `key` is the same in every language: `dose`, `vaccine`, `prophylaxis`,
/// `maker`, `date`, `disease`, `test`, `result`, `sampled`, `device`, `centre`, `first_positive`,
/// `from`, `until`, `batch`, `country`, `issuer`, `identifier`.
pub fn payload(payload: &Value, language: Language) -> Value {
    let words = Wording::new(language);
    let group = |name: &str| payload.get(name).and_then(|entries| entries.get(0));
    let mut lines = Lines {
        words,
        lines: Vec::new(),
    };
    let (kind, short) = if let Some(entry) = group("v") {
        ("vaccination", lines.vaccination(entry))
    } else if let Some(entry) = group("t") {
        ("test", lines.test(entry))
    } else if let Some(entry) = group("r") {
        ("recovery", lines.recovery(entry))
    } else if let Some(dose) = payload
        .get("vx")
        .or(payload.get("v"))
        .filter(|v| v.is_object())
    {
        ("vaccination", lines.dose_of_who(dose))
    } else {
        ("unknown", Vec::new())
    };
    json!({
        "kind": kind, "title": words.label(kind), "summary": short.join(", "), "lines": lines.lines,
    })
}

struct Lines {
    words: Wording,
    lines: Vec<Value>,
}

impl Lines {
    fn put(&mut self, key: &str, value: Option<String>) {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return;
        };
        let label = self.words.label(key);
        self.lines
            .push(json!({ "key": key, "label": label, "value": value }));
    }

    fn vaccination(&mut self, entry: &Value) -> Vec<String> {
        let doses = (number(entry, "dn"), number(entry, "sd"));
        let dose = match doses {
            (Some(number), Some(of)) => Some(self.words.dose(number, of)),
            _ => None,
        };
        let vaccine = self.named(entry, "mp", Kind::Product);
        self.put("dose", dose.clone());
        self.put("vaccine", vaccine.clone());
        self.put("prophylaxis", self.named(entry, "vp", Kind::Prophylaxis));
        self.put("maker", self.named(entry, "ma", Kind::Manufacturer));
        self.put("date", self.date(entry, "dt"));
        self.common(entry);
        [dose, vaccine].into_iter().flatten().collect()
    }

    fn test(&mut self, entry: &Value) -> Vec<String> {
        let (kind, result) = (
            self.named(entry, "tt", Kind::TestType),
            self.named(entry, "tr", Kind::TestResult),
        );
        self.put("test", kind.clone());
        self.put("result", result.clone());
        self.put("sampled", self.instant(entry, "sc"));
        let device = self
            .named(entry, "ma", Kind::TestDevice)
            .or(text(entry, "nm"));
        self.put("device", device);
        self.put("centre", text(entry, "tc"));
        self.common(entry);
        [kind, result].into_iter().flatten().collect()
    }

    fn recovery(&mut self, entry: &Value) -> Vec<String> {
        let until = self.date(entry, "du");
        self.put("first_positive", self.date(entry, "fr"));
        self.put("from", self.date(entry, "df"));
        self.put("until", until.clone());
        self.common(entry);
        until
            .map(|until| self.words.until(&until))
            .into_iter()
            .collect()
    }

    /// One dose of an ICVP; its three generations name the fields nearly alike.
    fn dose_of_who(&mut self, dose: &Value) -> Vec<String> {
        let vaccine = text(dose, "vp").or(text(dose, "mp"));
        self.put("vaccine", vaccine.clone());
        self.put("maker", text(dose, "ma"));
        self.put("date", self.date(dose, "dv").or(self.date(dose, "dt")));
        self.put("disease", self.named(dose, "tg", Kind::Disease));
        self.put("batch", text(dose, "bo"));
        self.put("from", self.date(dose, "vls"));
        self.put("until", self.date(dose, "vle"));
        self.put("country", self.named(dose, "cn", Kind::Country));
        self.put("issuer", text(dose, "is"));
        vaccine.into_iter().collect()
    }

    fn common(&mut self, entry: &Value) {
        self.put("disease", self.named(entry, "tg", Kind::Disease));
        self.put("country", self.named(entry, "co", Kind::Country));
        self.put("issuer", text(entry, "is"));
        self.put("identifier", text(entry, "ci"));
    }

    fn named(&self, entry: &Value, key: &str, kind: Kind) -> Option<String> {
        let code = text(entry, key)?;
        let own = match self.words.language() {
            Language::Vietnamese => vietnamese(kind, &code),
            Language::English => None,
        };
        let sets = ValueSets::builtin();
        let name = own.or_else(|| sets.display(kind, &code)).map(str::to_owned);
        Some(name.unwrap_or(code))
    }

    fn date(&self, entry: &Value, key: &str) -> Option<String> {
        let written = text(entry, key)?;
        Some(match PartialDate::parse_lenient(&written) {
            Ok(date) => self.words.date(date),
            Err(_) => written,
        })
    }

    fn instant(&self, entry: &Value, key: &str) -> Option<String> {
        let written = text(entry, key)?;
        Some(match DateTime::parse_lenient(&written) {
            Ok(time) => self
                .words
                .instant(hcert::time::Timestamp::saturating(time.unix_seconds())),
            Err(_) => written,
        })
    }
}

fn text(entry: &Value, key: &str) -> Option<String> {
    entry.get(key)?.as_str().map(str::to_owned)
}

/// Doses are floats in some certificates.
fn number(entry: &Value, key: &str) -> Option<i64> {
    let number = entry.get(key)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a cast from float saturates, and below 1,000 the way back is exact"
    )]
    let whole = |float: f64| {
        let integer = float as i64;
        ((0..1000).contains(&integer) && integer as f64 == float).then_some(integer)
    };
    number.as_i64().or_else(|| number.as_f64().and_then(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(described: &Value) -> Vec<String> {
        let lines = described["lines"].as_array().unwrap();
        let line = |line: &Value| {
            format!(
                "{}: {}",
                line["label"].as_str().unwrap(),
                line["value"].as_str().unwrap()
            )
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn a_vaccination_in_both_languages() {
        let entry = json!({ "ver": "1.3.0", "v": [{ "tg": "840539006", "vp": "1119349007",
            "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2.0, "dt": "2021-11-20",
            "co": "VN", "is": "Bộ Y tế", "ci": "URN:UVCI:01:VN:1" }] });
        let english = payload(&entry, Language::English);
        assert_eq!(english["summary"], "dose 2 of 2, Comirnaty");
        assert_eq!(lines(&english)[0], "Dose: dose 2 of 2");
        let vietnamese = payload(&entry, Language::Vietnamese);
        assert_eq!(vietnamese["kind"], "vaccination");
        assert_eq!(vietnamese["summary"], "mũi 2 trên 2, Comirnaty");
        for line in ["Ngày: 20/11/2021", "Quốc gia: Việt Nam"] {
            assert!(lines(&vietnamese).contains(&line.to_owned()), "{line}");
        }
    }

    #[test]
    fn whatever_stands_there_is_no_error() {
        for strange in [
            json!(null),
            json!([]),
            json!({ "v": 5 }),
            json!({ "v": [] }),
            json!({ "v": [{ "dn": "x", "mp": 3, "dt": "tomorrow", "tg": "unheard of" }] }),
            json!({ "t": [null] }),
            json!({ "r": [{ "du": "" }] }),
            json!({ "vx": {} }),
        ] {
            let described = payload(&strange, Language::English);
            assert!(described["lines"].is_array(), "{strange}");
        }
    }
}
