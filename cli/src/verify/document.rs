//! The identity document beside the code: `--mrz`.

use std::{
    fmt::Write as _,
    fs::File,
    io::{self, BufRead, IsTerminal as _, Read as _},
    path::Path,
};

use anyhow::{Context as _, bail};
use border::{Answer, Document, DocumentError, Subject, compare, mrz::MrzError, words::Words};
use serde_json::{Value, json};
use verifier::Verdict;

use super::human;
use crate::context::Context;

/// Bytes read of a document; the longest, a citizen card's code, has some hundred.
const LONGEST: u64 = 4096;

/// Reads the document that the argument gives: its text, a file, or `-` for what is typed.
///
/// The text is never shown again, not even in an error.
pub(super) fn read(argument: &str, context: &Context) -> anyhow::Result<Document> {
    let text = if argument == "-" {
        typed(context)?
    } else if Path::new(argument).is_file() {
        let mut text = Vec::new();
        File::open(argument)
            .with_context(|| argument.to_owned())?
            .take(LONGEST)
            .read_to_end(&mut text)
            .with_context(|| argument.to_owned())?;
        String::from_utf8_lossy(&text).into_owned()
    } else {
        argument.to_owned()
    };
    match Document::read(&text) {
        Ok(document) => Ok(document),
        Err(error) => bail!("--mrz: {}", Words::new(context.language).document(&error)),
    }
}

/// Lines until the document is whole, an empty line after something, or the end.
fn typed(context: &Context) -> anyhow::Result<String> {
    if io::stdin().is_terminal() {
        eprintln!("{}", context.words().read_document());
    }
    let mut input = io::stdin().lock();
    let mut text = String::new();
    loop {
        let mut line = Vec::new();
        let read = input
            .by_ref()
            .take(LONGEST)
            .read_until(b'\n', &mut line)
            .context("standard input")?;
        text.push_str(&String::from_utf8_lossy(&line));
        let blank = line.iter().all(u8::is_ascii_whitespace) && !text.trim().is_empty();
        let open = matches!(
            Document::read(&text),
            Err(DocumentError::Mrz(
                MrzError::Length { .. } | MrzError::Empty
            ))
        );
        if read == 0 || blank || !open || text.len() as u64 > LONGEST {
            return Ok(text);
        }
    }
}

/// The answer for a verdict; `None` when nothing valid names anybody.
pub(super) fn answer(verdict: &Verdict, document: &Document) -> Option<Answer> {
    let certificate = verdict.result.as_ref().ok()?;
    Some(compare(&Subject::of(certificate)?, document))
}

/// The answer as JSON: `answer`, and what speaks against it or is in doubt. Null when the code is
/// not valid.
pub(super) fn to_json(answer: Option<&Answer>) -> Value {
    let Some(answer) = answer else {
        return Value::Null;
    };
    let (mut differences, mut doubts) = (Vec::new(), Vec::new());
    match answer {
        Answer::Match => {}
        Answer::NoMatch(fields) => {
            differences.extend(fields.name.then_some("name"));
            differences.extend(fields.birth.then_some("date_of_birth"));
        }
        Answer::CantSay(found) => doubts.extend(found.iter().map(|doubt| doubt.name())),
    }
    json!({ "answer": answer.name(), "differences": differences, "doubts": doubts })
}

/// The answer for people.
pub(super) fn write(answer: &Answer, context: &Context, out: &mut Vec<u8>) {
    let words = Words::new(context.language);
    let (sign, paint) = match answer {
        Answer::Match => ("✔", "\x1b[1;37;42m"),
        Answer::NoMatch(_) => ("✖", "\x1b[1;37;41m"),
        Answer::CantSay(_) => ("▲", "\x1b[1;30;43m"),
    };
    let word = words.answer(answer);
    let mut text = String::new();
    let _ = if context.colour {
        writeln!(text, "  {paint} {sign} {word} \x1b[0m")
    } else {
        writeln!(text, "  {sign} {word}")
    };
    for reason in words.reasons(answer) {
        let _ = writeln!(text, "  - {}", human::shown(reason));
    }
    out.extend_from_slice(text.as_bytes());
}
