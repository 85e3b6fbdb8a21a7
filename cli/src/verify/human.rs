//! A verdict for people: the answer first, then whom to compare, then why and what to do.

use std::{borrow::Cow, fmt::Write as _};

use hcert::{
    date::{DateTime, PartialDate},
    received::{DccEvent, ReceivedDcc},
    time::Timestamp,
    value_set::{Kind, ValueSets},
};
use serde_json::Value;
use verifier::{
    Colour, ValidCertificate, Verdict,
    rules::Outcome,
    wording::{Language, Wording},
};

use super::Place;
use crate::{context::Context, words::Words};

/// Width of the labels, so that the values stand in one column.
const LABEL_WIDTH: usize = 16;

/// How an answer names the code: the file, and the place in it. A code given as an argument is
/// named by its beginning.
pub(super) fn title(input: &str, place: Place) -> String {
    const LONGEST: usize = 60;
    let mut title: String = input.chars().take(LONGEST).collect();
    if title.len() < input.len() {
        title.push('…');
    }
    match place {
        Place::Whole => title,
        Place::Line(line) => format!("{title}:{line}"),
        Place::Page(page) => format!("{title}, p. {page}"),
    }
}

/// Writes a verdict.
pub(super) fn write(verdict: &Verdict, title: &str, context: &Context, out: &mut Vec<u8>) {
    let words = context.words();
    let wording = Wording::new(context.language);
    let doubts = verdict.doubts();
    let mut page = Page {
        text: String::new(),
        words,
    };
    let (sign, paint) = match verdict.colour() {
        Colour::Green => ("✔", "\x1b[1;37;42m"),
        Colour::Amber => ("▲", "\x1b[1;30;43m"),
        Colour::Red => ("✖", "\x1b[1;37;41m"),
    };
    let word = wording.colour(verdict.colour(), &doubts);
    if context.colour {
        let _ = writeln!(page.text, "{paint} {sign} {word} \x1b[0m  {}", shown(title));
    } else {
        let _ = writeln!(page.text, "{sign} {word}  {}", shown(title));
    }
    match &verdict.result {
        Ok(certificate) => valid(verdict, certificate, context.language, &mut page),
        Err(failure) => {
            let message = wording.failure(failure);
            let _ = writeln!(page.text, "  {}", shown(&message));
            page.line(words.code(), failure.stage().name());
        }
    }
    for doubt in doubts {
        let _ = writeln!(page.text, "  - {}", wording.doubt(doubt));
    }
    for rule in &verdict.rules {
        let sign = match rule.outcome {
            Outcome::Passed => continue,
            Outcome::Failed => "✖",
            Outcome::Open => "?",
        };
        let description = &rule.description;
        let text = description
            .get(context.language.code())
            .or_else(|| description.get("en"));
        let _ = writeln!(
            page.text,
            "  {sign} {}: {}",
            rule.id,
            shown(text.unwrap_or_default())
        );
    }
    out.extend_from_slice(page.text.as_bytes());
}

/// Writes content that nobody vouches for, and says so on every line.
pub(super) fn write_unverified(payload: &Value, context: &Context, out: &mut Vec<u8>) {
    let mark = context.words().unverified();
    let text = serde_json::to_string_pretty(payload).unwrap_or_default();
    for line in text.lines() {
        out.extend_from_slice(format!("  {mark} | {}\n", shown(line)).as_bytes());
    }
}

struct Page {
    text: String,
    words: Words,
}

impl Page {
    fn line(&mut self, label: &str, value: &str) {
        let padding = LABEL_WIDTH.saturating_sub(label.chars().count());
        let _ = writeln!(self.text, "  {label}{:padding$} {}", "", shown(value));
    }
}

fn valid(verdict: &Verdict, certificate: &ValidCertificate, language: Language, page: &mut Page) {
    let words = page.words;
    if let Some(holder) = certificate.holder() {
        let name = match &holder.name_transliterated {
            Some(standard) => format!("{}  ({standard})", holder.name),
            None => holder.name,
        };
        page.line(words.name(), &name);
        page.line(words.date_of_birth(), &birth(&holder.date_of_birth, words));
    }
    if let Some(dcc) = certificate.dcc() {
        event(&dcc, page);
    }
    let signer = verdict
        .signer
        .as_ref()
        .and_then(|signer| signer.certificate());
    let issuer = match (certificate.issuer(), signer) {
        (Some(country), Some(signer)) => format!("{country}  ({})", signer.subject()),
        (Some(country), None) => country.to_owned(),
        (None, Some(signer)) => signer.subject().to_owned(),
        (None, None) => String::new(),
    };
    page.line(words.issued_by(), &issuer);
    if let Some(until) = verdict.expires_at {
        page.line(words.valid_until(), &words.instant(until));
    }
    let revocation = Wording::new(language).revocation(verdict.revocation);
    page.line(words.revocation(), revocation);
    if let Some(bundle) = verdict.bundle {
        let trust = words.trust();
        let line = (trust.bundle_line)(bundle.sequence, bundle.age_days);
        page.line(trust.trust, &line);
    }
}

/// What the certificate attests, in words where the value sets have them.
fn event(dcc: &ReceivedDcc<'_>, page: &mut Page) {
    let sets = ValueSets::builtin();
    let named = |kind: Kind, code: &str| sets.display(kind, code).unwrap_or(code).to_owned();
    let words = page.words;
    match &dcc.event {
        DccEvent::Vaccination(entry) => {
            page.line(
                words.vaccination(),
                &words.dose(entry.dose_number, entry.series_doses),
            );
            page.line(words.vaccine(), &named(Kind::Product, &entry.product));
            page.line(words.date(), &birth(&entry.date, words));
            page.line(words.disease(), &named(Kind::Disease, &entry.disease));
        }
        DccEvent::Test(entry) => {
            page.line(words.test(), &named(Kind::TestType, &entry.kind));
            page.line(words.result(), &named(Kind::TestResult, &entry.result));
            page.line(words.sampled(), &sampled(&entry.sampled_at, words));
            page.line(words.disease(), &named(Kind::Disease, &entry.disease));
        }
        DccEvent::Recovery(entry) => {
            let (from, until) = (
                birth(&entry.valid_from, words),
                birth(&entry.valid_until, words),
            );
            page.line(words.recovery(), &format!("{from} – {until}"));
            page.line(words.disease(), &named(Kind::Disease, &entry.disease));
        }
    }
}

/// A date that may be partly unknown, as people write it: 26/02/1998 or 26 Feb 1998.
fn birth(text: &str, words: Words) -> String {
    match PartialDate::parse_lenient(text) {
        Ok(PartialDate::UNKNOWN) => "–".to_owned(),
        Ok(date) => words.date_in_words(date),
        Err(_) => text.to_owned(),
    }
}

fn sampled(text: &str, words: Words) -> String {
    match DateTime::parse_lenient(text) {
        Ok(time) => words.instant(Timestamp::saturating(time.unix_seconds())),
        Err(_) => text.to_owned(),
    }
}

/// Text for a terminal: control characters, which could rewrite the screen or the answer on it,
/// and characters that turn the direction of text become U+FFFD.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    let dangerous = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(dangerous) {
        Cow::Owned(text.replace(dangerous, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_rewrite_the_screen() {
        assert_eq!(
            shown("A\x1b[2J\u{202e}B\r"),
            "A\u{fffd}[2J\u{fffd}B\u{fffd}"
        );
        assert_eq!(shown("Nguyễn Văn Đức"), "Nguyễn Văn Đức");
    }

    #[test]
    fn dates_as_people_write_them() {
        let (en, vi) = (
            Words::new(Language::English),
            Words::new(Language::Vietnamese),
        );
        assert_eq!(birth("1998-02-26", en), "26 Feb 1998");
        assert_eq!(birth("1998-02-26T00:00:00", vi), "26/02/1998");
        assert_eq!(birth("1998-02", vi), "02/1998");
        assert_eq!(birth("1998", en), "1998");
        assert_eq!(birth("", en), "–");
    }
}
