//! What door controllers get: a line, or a JSON object in a line. `specs/scanner.md` has both.

use serde_json::{Value, json};
use verifier::{Colour, wording::Language};

use crate::answer::Answer;

/// `HCERT1 NUMBER COLOUR REASON READER REPEAT`: six words, a space between, nothing of the person.
/// A word that has nothing to say is `-`; `REPEAT` is seconds.
pub fn line(answer: &Answer) -> String {
    let word = |text: &str| match text {
        "" => "-".to_owned(),
        text => text
            .chars()
            .map(|c| if c.is_ascii_graphic() { c } else { '_' })
            .collect(),
    };
    let colour = match answer.colour() {
        Colour::Green => "GREEN",
        Colour::Amber => "AMBER",
        Colour::Red => "RED",
    };
    let repeat = answer
        .repeat
        .map_or_else(|| "-".to_owned(), |ago| ago.as_secs().to_string());
    format!(
        "HCERT1 {} {colour} {} {} {repeat}\n",
        answer.number,
        word(answer.reason()),
        word(&answer.reader)
    )
}

/// The same as an object. With `names`, the whole verdict is in it under `verdict`; without, nothing of
/// the person.
pub fn json(answer: &Answer, names: bool, language: Language) -> Value {
    let mut object = json!({
        "version": 1,
        "number": answer.number,
        "at": answer.at.to_string(),
        "reader": answer.reader,
        "colour": answer.colour().name(),
        "reason": answer.reason(),
        "repeat_seconds": answer.repeat.map(|ago| ago.as_secs()),
        "advice": answer.advice.map(|advice| advice.name()),
        "document": answer.matched().map(|matched| matched.name()),
    });
    if names {
        let verdict = answer.verdict();
        object["verdict"] = verdict.map_or(Value::Null, |verdict| {
            verdict.to_json(&answer.reader, language)
        });
    }
    object
}
