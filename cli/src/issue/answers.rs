//! A conversation at the terminal: a question, a line, an answer that is right or asked again.

use std::{
    collections::HashMap,
    io::{BufRead, Write},
};

use hcert::value_set::Entry;

use crate::{fault::Fault, words::Words};

/// Lists of more entries than this are searched before they are shown.
const MAX_LISTED: usize = 12;

/// Questions out, lines in. Answers are kept and proposed when the same question comes again.
pub(super) struct Conversation<R, W> {
    input: R,
    output: W,
    words: Words,
    answers: HashMap<&'static str, String>,
}

impl<R: BufRead, W: Write> Conversation<R, W> {
    /// Between these two.
    pub(super) fn new(input: R, output: W, words: Words) -> Conversation<R, W> {
        Conversation {
            input,
            output,
            words,
            answers: HashMap::new(),
        }
    }

    /// The language.
    pub(super) fn words(&self) -> Words {
        self.words
    }

    /// Says something.
    pub(super) fn say(&mut self, line: &str) -> Result<(), Fault> {
        writeln!(self.output, "{line}").map_err(|_| Fault::Cancelled)
    }

    /// Asks until the answer is right. `parse` says in words what is wrong with one. Enter takes
    /// the answer given before, or what is proposed.
    pub(super) fn ask<T>(
        &mut self,
        question: &'static str,
        proposed: Option<&str>,
        mut parse: impl FnMut(&str) -> Result<T, String>,
    ) -> Result<T, Fault> {
        loop {
            let answer = self.line(question, proposed)?;
            match parse(&answer) {
                Ok(value) => {
                    self.answers.insert(question, answer);
                    return Ok(value);
                }
                Err(wrong) => self.say(&format!("  {wrong}"))?,
            }
        }
    }

    /// Asks for a text that is not empty.
    pub(super) fn text(
        &mut self,
        question: &'static str,
        proposed: Option<&str>,
    ) -> Result<String, Fault> {
        let needed = self.words.asking().needed;
        self.ask(question, proposed, |answer| {
            let text = hcert::dcc::Text::new(answer).map_err(|error| error.to_string())?;
            if text.is_empty() {
                return Err(needed.into());
            }
            Ok(text.as_str().to_owned())
        })
    }

    /// Asks for one of several codes: by its number in the list, by its code, or by a part of its
    /// name. A list of one is no question.
    pub(super) fn choose(
        &mut self,
        question: &'static str,
        proposed: Option<&str>,
        entries: &[Entry<'_>],
    ) -> Result<String, Fault> {
        if let [only] = entries {
            self.say(&format!("{question}: {}", only.display))?;
            return Ok(only.code.to_owned());
        }
        let asking = self.words.asking();
        let mut listed: Vec<Entry<'_>> = Vec::new();
        if entries.len() <= MAX_LISTED {
            listed = entries.to_vec();
        }
        loop {
            for (index, entry) in listed.iter().enumerate() {
                self.say(&format!("  {:2}  {}", index + 1, entry.display))?;
            }
            let full = format!("{question} ({})", asking.number_or_name);
            let remembered = self.answers.get(question).cloned();
            let answer = self.prompt(&full, remembered.as_deref().or(proposed))?;
            let wanted = answer.to_lowercase();
            let by_number = answer.parse().ok().and_then(|number: usize| {
                let entry = listed.get(number.checked_sub(1)?)?;
                Some(*entry)
            });
            let exactly = |entry: &&Entry<'_>| {
                entry.code.to_lowercase() == wanted || entry.display.to_lowercase() == wanted
            };
            let chosen = by_number.or_else(|| entries.iter().find(exactly).copied());
            let found: Vec<Entry<'_>> = match chosen {
                Some(entry) => vec![entry],
                None if wanted.is_empty() => Vec::new(),
                None => entries
                    .iter()
                    .filter(|entry| entry.display.to_lowercase().contains(&wanted))
                    .copied()
                    .collect(),
            };
            match found.as_slice() {
                [] => self.say(&format!("  {}", asking.none_found))?,
                [entry] => {
                    self.say(&format!("  = {} ({})", entry.display, entry.code))?;
                    self.answers.insert(question, entry.code.to_owned());
                    return Ok(entry.code.to_owned());
                }
                several if several.len() > MAX_LISTED => {
                    self.say(&format!("  {} {}", several.len(), asking.too_many))?;
                }
                _ => listed = found,
            }
        }
    }

    fn line(&mut self, question: &'static str, proposed: Option<&str>) -> Result<String, Fault> {
        let remembered = self.answers.get(question).cloned();
        self.prompt(question, remembered.as_deref().or(proposed))
    }

    fn prompt(&mut self, question: &str, default: Option<&str>) -> Result<String, Fault> {
        let default = default.unwrap_or_default();
        let shown = if default.is_empty() {
            format!("{question}: ")
        } else {
            format!("{question} [{default}]: ")
        };
        let mut line = String::new();
        let read = write!(self.output, "{shown}")
            .and_then(|()| self.output.flush())
            .and_then(|()| self.input.read_line(&mut line));
        match read {
            Ok(1..) => {
                let answer = line.trim();
                Ok(if answer.is_empty() { default } else { answer }.to_owned())
            }
            _ => {
                let _ = self.say("");
                Err(Fault::Cancelled)
            }
        }
    }
}
