//! `hcert verify`: codes in, verdicts out.

mod document;
mod human;
mod input;
mod lines;
pub(crate) mod trusted;

use std::{
    io::{self, BufWriter, Write},
    process::ExitCode,
};

use border::{Answer, Document};
use hcert::{limits::Limits, time::Timestamp};
use serde_json::Value;
use trust_list::clock::{self, Clock};
use verifier::{Reason, Session, Verdict};

use crate::{
    args::{VerifyArgs, common::OutputFormat},
    context::Context,
};

pub(crate) use human::shown;
pub(crate) use input::Input;
pub(crate) use lines::LineReader;

/// How an answer names an input that is looked at as a whole.
pub(crate) fn title(input: &str) -> String {
    human::title(input, Place::Whole)
}

/// Exit status when at least one code is not valid.
const NOT_VALID: u8 = 1;

/// Verifies every input. Status 0: every code valid; 1: at least one not; 2: could not run.
pub(crate) fn run(args: &VerifyArgs, context: &Context) -> anyhow::Result<ExitCode> {
    let at = args.at.unwrap_or_else(|| context.now());
    if args.mrz.as_deref() == Some("-") && args.inputs.iter().any(|input| input == "-") {
        anyhow::bail!("{}", context.words().mrz_and_input());
    }
    let trusted = trusted::trust(&args.trust, context)?;
    let rules = trusted::rules(&args.rules)?;
    let highest_time = trusted.highest_time;
    let mut verifier = trusted.into_verifier(context);
    if let (None, Some(highest)) = (args.at, highest_time)
        && let Clock::Behind(seconds) = clock::judge(at, highest)
    {
        const DAY: i64 = 24 * 3600;
        context.print_warning(&(context.words().trust().clock_behind)(seconds / DAY));
        verifier = verifier.with_doubtful_clock();
    }
    if let Some(rules) = rules {
        verifier = verifier.with_rules(rules);
    }
    let verifier = verifier;
    let beside = args.mrz.as_deref();
    let document = beside
        .map(|argument| document::read(argument, context))
        .transpose()?;
    let printer = Printer {
        args,
        context,
        at,
        document,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut all_valid = true;
    let mut could_not_run = false;
    for argument in &args.inputs {
        match input::verify(argument, &verifier, &printer, &mut out) {
            Ok(valid) => all_valid &= valid,
            // Whoever reads our output has enough: not our failure.
            Err(error) if is_broken_pipe(&error) => return Ok(ExitCode::from(NOT_VALID)),
            Err(error) => {
                out.flush()?;
                context.print_error(&error);
                could_not_run = true;
            }
        }
    }
    match out.flush() {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        flushed => flushed?,
    }
    Ok(match (could_not_run, all_valid) {
        (true, _) => ExitCode::from(crate::COULD_NOT_RUN),
        (false, false) => ExitCode::from(NOT_VALID),
        (false, true) => ExitCode::SUCCESS,
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>());
    io.into_iter()
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Where in an input a code stood.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    /// The whole input.
    Whole,
    /// A line of a text, from 1.
    Line(u64),
    /// A page of a document, from 1.
    Page(usize),
}

/// Turns codes into printed verdicts.
pub(crate) struct Printer<'a> {
    args: &'a VerifyArgs,
    context: &'a Context,
    at: Timestamp,
    document: Option<Document>,
}

impl Printer<'_> {
    /// Decides about one code and writes the answer; true when it is valid and, where there is a
    /// document beside it, names the same person.
    fn answer(
        &self,
        session: &mut Session<'_>,
        text: &str,
        input: &str,
        place: Place,
        out: &mut Vec<u8>,
    ) -> bool {
        let verdict = session.verify(text, self.at);
        let beside = self.document.as_ref();
        let answer = beside.and_then(|document| document::answer(&verdict, document));
        self.write(&verdict, answer.as_ref(), Some(text), input, place, out);
        verdict.is_valid() && (beside.is_none() || answer == Some(Answer::Match))
    }

    /// Writes the answer to an input in which no code could be read.
    fn no_code(&self, why: String, input: &str, place: Place, out: &mut Vec<u8>) {
        let verdict = Verdict::failed(None, Reason::Picture(why));
        self.write(&verdict, None, None, input, place, out);
    }

    fn write(
        &self,
        verdict: &Verdict,
        beside: Option<&Answer>,
        text: Option<&str>,
        input: &str,
        place: Place,
        out: &mut Vec<u8>,
    ) {
        let unverified = match (verdict.is_valid(), self.args.show_unverified, text) {
            (false, true, Some(text)) => verifier::unverified::payload(text, Limits::DEFAULT),
            _ => None,
        };
        match self.args.format {
            OutputFormat::Json => {
                let mut object = verdict.to_json(input, self.context.language);
                match place {
                    Place::Whole => {}
                    Place::Line(line) => object["line"] = line.into(),
                    Place::Page(page) => object["page"] = page.into(),
                }
                if let Some(payload) = unverified {
                    object["payload"] = payload;
                    object["unverified"] = Value::Bool(true);
                }
                if self.document.is_some() {
                    object["document"] = document::to_json(beside);
                }
                // Writing to memory cannot fail, and every key is text.
                let _ = serde_json::to_writer(&mut *out, &object);
                out.push(b'\n');
            }
            OutputFormat::Human => {
                let title = human::title(input, place);
                human::write(verdict, &title, self.context, out);
                if let Some(answer) = beside {
                    document::write(answer, self.context, out);
                }
                if let Some(payload) = unverified {
                    human::write_unverified(&payload, self.context, out);
                }
            }
        }
    }
}
