//! The questions that make a payload.

use std::io::{BufRead, Write};

use hcert::{
    date::{Date, DateTime, PartialDate},
    name::{StandardName, Transliteration, split_vietnamese},
    value_set::{Entry, Kind, ValueSets},
    x509::EventKind,
};
use serde_json::{Map, Value, json};

use super::{answers::Conversation, payloads::Terms};
use crate::fault::Fault;

/// LOINC: a rapid test, which has a device; any other test has a name.
const RAPID: &str = "LP217198-3";
/// Days after the first positive test that a recovery begins, and ends, to count (EU rules).
const RECOVERY_BEGINS: i32 = 11;
const RECOVERY_ENDS: i32 = 180;

type Answers = Map<String, Value>;

/// Asks for everything but the identifier.
pub(super) fn payload<R: BufRead, W: Write>(
    talk: &mut Conversation<R, W>,
    terms: &Terms,
) -> Result<Value, Fault> {
    let kind = kind(talk, terms)?;
    let name = name(talk)?;
    let birth = date_of_birth(talk)?;
    let (group, entry) = match kind {
        EventKind::Vaccination => ("v", vaccination(talk, terms)?),
        EventKind::Test => ("t", test(talk, terms)?),
        EventKind::Recovery => ("r", recovery(talk, terms)?),
    };
    Ok(json!({ "ver": "1.3.3", "nam": name, "dob": birth, group: [entry] }))
}

fn kind<R: BufRead, W: Write>(
    talk: &mut Conversation<R, W>,
    terms: &Terms,
) -> Result<EventKind, Fault> {
    let words = talk.words();
    let kinds = EventKind::ALL
        .into_iter()
        .filter(|kind| terms.usage.allows(*kind));
    let entries: Vec<Entry<'_>> = kinds
        .map(|kind| Entry {
            code: kind.name(),
            display: words.kind(kind),
            active: true,
        })
        .collect();
    let chosen = talk.choose(words.asking().kind, None, &entries)?;
    chosen.parse().map_err(|_| Fault::Cancelled)
}

fn name<R: BufRead, W: Write>(talk: &mut Conversation<R, W>) -> Result<Answers, Fault> {
    let asking = talk.words().asking();
    let full = talk.text(asking.full_name, None)?;
    let (family, given) = match split_vietnamese(&full) {
        Some(split) => (split.family, split.given),
        None => (full.clone(), String::new()),
    };
    let family = talk.text(asking.family, Some(&family))?;
    let given = talk.ask(asking.given, Some(&given), |answer| {
        hcert::dcc::Text::new(answer)
            .map(|text| text.as_str().to_owned())
            .map_err(|error| error.to_string())
    })?;
    let rules = Transliteration::detect(&full, None);
    let mut answers = Map::new();
    let mut part = |own: (&str, String), standard: (&str, &'static str)| -> Result<(), Fault> {
        if own.1.is_empty() {
            return Ok(());
        }
        let made = rules.apply(&own.1).ok();
        let proposed = made.as_ref().map(StandardName::as_str);
        let letters = talk.ask(standard.1, proposed, |answer| {
            match StandardName::parse(&answer.to_uppercase().replace(' ', "<")) {
                Ok(name) if !name.is_empty() => Ok(name.as_str().to_owned()),
                _ => Err(asking.letters_needed.into()),
            }
        })?;
        answers.insert(own.0.into(), own.1.into());
        answers.insert(standard.0.into(), letters.into());
        Ok(())
    };
    part(("fn", family), ("fnt", asking.family_standard))?;
    part(("gn", given), ("gnt", asking.given_standard))?;
    Ok(answers)
}

fn date_of_birth<R: BufRead, W: Write>(talk: &mut Conversation<R, W>) -> Result<String, Fault> {
    let words = talk.words();
    let birth = talk.ask(words.asking().birth, None, |answer| {
        PartialDate::parse_typed(answer).map_err(|error| words.date_error(error))
    })?;
    talk.say(&format!("  = {}", words.date_in_words(birth)))?;
    Ok(birth.to_string())
}

fn vaccination<R: BufRead, W: Write>(
    talk: &mut Conversation<R, W>,
    terms: &Terms,
) -> Result<Answers, Fault> {
    let asking = talk.words().asking();
    let mut answers = Map::new();
    let coded = [
        ("tg", asking.disease, Kind::Disease),
        ("mp", asking.product, Kind::Product),
        ("vp", asking.prophylaxis, Kind::Prophylaxis),
        ("ma", asking.manufacturer, Kind::Manufacturer),
    ];
    for (key, question, set) in coded {
        answers.insert(key.into(), code(talk, question, None, set)?.into());
    }
    let dose = number(talk, asking.dose, None)?;
    // Two doses are the usual series; a booster counts on from it.
    let doses = number(talk, asking.doses, Some(&dose.max(2).to_string()))?;
    answers.insert("dn".into(), dose.into());
    answers.insert("sd".into(), doses.into());
    let day = day(talk, asking.vaccinated_on, None)?;
    answers.insert("dt".into(), day.to_string().into());
    place(talk, terms, &mut answers)?;
    Ok(answers)
}

fn test<R: BufRead, W: Write>(
    talk: &mut Conversation<R, W>,
    terms: &Terms,
) -> Result<Answers, Fault> {
    let asking = talk.words().asking();
    let mut answers = Map::new();
    let disease = code(talk, asking.disease, None, Kind::Disease)?;
    let test_type = code(talk, asking.test_type, None, Kind::TestType)?;
    if test_type == RAPID {
        let device = code(talk, asking.device, None, Kind::TestDevice)?;
        answers.insert("ma".into(), device.into());
    } else {
        let name = talk.text(asking.test_name, Some("RT-PCR"))?;
        answers.insert("nm".into(), name.into());
    }
    answers.insert("tg".into(), disease.into());
    answers.insert("tt".into(), test_type.into());
    let sampled = moment(talk, terms)?;
    answers.insert("sc".into(), sampled.into());
    let result = code(talk, asking.result, None, Kind::TestResult)?;
    answers.insert("tr".into(), result.into());
    let centre = talk.text(asking.centre, None)?;
    answers.insert("tc".into(), centre.into());
    place(talk, terms, &mut answers)?;
    Ok(answers)
}

fn recovery<R: BufRead, W: Write>(
    talk: &mut Conversation<R, W>,
    terms: &Terms,
) -> Result<Answers, Fault> {
    let asking = talk.words().asking();
    let mut answers = Map::new();
    let disease = code(talk, asking.disease, None, Kind::Disease)?;
    answers.insert("tg".into(), disease.into());
    let first = day(talk, asking.first_positive, None)?;
    let later = |days| first.add_days(days);
    let from = day(talk, asking.valid_from, later(RECOVERY_BEGINS))?;
    let until = day(talk, asking.valid_until, later(RECOVERY_ENDS))?;
    for (key, date) in [("fr", first), ("df", from), ("du", until)] {
        answers.insert(key.into(), date.to_string().into());
    }
    place(talk, terms, &mut answers)?;
    Ok(answers)
}

/// Country and issuer, which every event has.
fn place<R: BufRead, W: Write>(
    talk: &mut Conversation<R, W>,
    terms: &Terms,
    answers: &mut Answers,
) -> Result<(), Fault> {
    let asking = talk.words().asking();
    let country = code(talk, asking.country, Some(&terms.issuer), Kind::Country)?;
    answers.insert("co".into(), country.into());
    let issuer = talk.text(asking.issuer, None)?;
    answers.insert("is".into(), issuer.into());
    Ok(())
}

fn code<R: BufRead, W: Write>(
    talk: &mut Conversation<R, W>,
    question: &'static str,
    proposed: Option<&str>,
    set: Kind,
) -> Result<String, Fault> {
    let sets = ValueSets::builtin();
    let entries: Vec<Entry<'_>> = sets.entries(set).filter(|entry| entry.active).collect();
    talk.choose(question, proposed, &entries)
}

fn number<R: BufRead, W: Write>(
    talk: &mut Conversation<R, W>,
    question: &'static str,
    proposed: Option<&str>,
) -> Result<u32, Fault> {
    let wrong = talk.words().asking().whole_number;
    talk.ask(question, proposed, |answer| match answer.parse() {
        Ok(number @ 1..) => Ok(number),
        _ => Err(wrong.into()),
    })
}

/// A date, read back in words.
fn day<R: BufRead, W: Write>(
    talk: &mut Conversation<R, W>,
    question: &'static str,
    proposed: Option<Date>,
) -> Result<Date, Fault> {
    let words = talk.words();
    let typed = |date: Date| format!("{:02}/{:02}/{}", date.day(), date.month(), date.year());
    let proposed = proposed.map(typed);
    let date = talk.ask(question, proposed.as_deref(), |answer| {
        Date::parse_typed(answer).map_err(|error| words.date_error(error))
    })?;
    talk.say(&format!("  = {}", words.date_in_words(date.into())))?;
    Ok(date)
}

/// Day, time and offset of the sample.
fn moment<R: BufRead, W: Write>(
    talk: &mut Conversation<R, W>,
    terms: &Terms,
) -> Result<String, Fault> {
    let asking = talk.words().asking();
    let date = day(talk, asking.sampled_on, None)?;
    let composed = |time: &str, offset: &str| {
        let padded = match time.split_once(':') {
            Some((hour, minute)) => format!("{hour:0>2}:{minute}"),
            None => time.to_owned(),
        };
        let text = format!("{date}T{padded}:00{offset}");
        DateTime::parse(&text).map(|moment| moment.to_rfc3339())
    };
    let time = talk.ask(asking.sampled_at, None, |answer| {
        composed(answer, "Z")
            .map(|_| answer.to_owned())
            .map_err(|_| asking.time_needed.into())
    })?;
    let offset = if terms.issuer == "VN" {
        "+07:00"
    } else {
        "+00:00"
    };
    talk.ask(asking.offset, Some(offset), |answer| {
        composed(&time, answer).map_err(|_| asking.offset_needed.into())
    })
}
