//! What the gate answers.

use std::time::Duration;

use border::{Answer as Match, DocumentError};
use hcert::time::Timestamp;
use verifier::{Colour, Doubt, Holder, ValidCertificate, Verdict};

use crate::{judge::Fitness, scan::Advice};

/// One answer to one scan.
pub struct Answer {
    /// Counts answers since the start, from 1.
    pub number: u64,
    /// The reader that scanned.
    pub reader: String,
    /// When.
    pub at: Timestamp,
    /// What was scanned, and what comes of it.
    pub subject: Subject,
    /// How long ago the same code was shown, when that was a short while ago.
    pub repeat: Option<Duration>,
    /// What should be set right at the reader.
    pub advice: Option<Advice>,
    /// What the gate can't vouch for.
    pub fitness: Fitness,
}

/// What was scanned.
pub enum Subject {
    /// A code; the verdict is `None` when there is no trust data.
    Code(Option<Box<Verdict>>),
    /// Half a code, or far too much: nothing was decided.
    Unreadable,
    /// At a desk: an identity document, and the certificate before or after it.
    Document {
        /// The certificate's verdict, if one was shown.
        verdict: Option<Box<Verdict>>,
        /// Whether they name one person; an error if the document can't be read; `None` while there
        /// is no certificate.
        matched: Option<Result<Match, DocumentError>>,
    },
}

impl Answer {
    /// The verdict there is.
    pub fn verdict(&self) -> Option<&Verdict> {
        match &self.subject {
            Subject::Code(verdict) | Subject::Document { verdict, .. } => verdict.as_deref(),
            Subject::Unreadable => None,
        }
    }

    /// The comparison with a document, if there was one.
    pub fn matched(&self) -> Option<&Match> {
        match &self.subject {
            Subject::Document {
                matched: Some(Ok(matched)),
                ..
            } => Some(matched),
            _ => None,
        }
    }

    /// The answer for people and doors. Green only with trust data of production, a right clock, a
    /// verdict that is green, and, at a desk, a document that names the same person.
    pub fn colour(&self) -> Colour {
        let verdict = match &self.subject {
            Subject::Unreadable => return Colour::Red,
            Subject::Code(None) => return Colour::Amber,
            Subject::Code(Some(verdict)) => verdict.colour(),
            Subject::Document { verdict, matched } => {
                let of_document = match matched {
                    Some(Ok(Match::Match)) => Colour::Green,
                    Some(Ok(Match::CantSay(_))) | None => Colour::Amber,
                    Some(Ok(Match::NoMatch(_)) | Err(_)) => Colour::Red,
                };
                let of_code = verdict.as_ref().map_or(Colour::Amber, |one| one.colour());
                worse(of_document, of_code)
            }
        };
        let fit =
            self.fitness.no_trust.is_none() && !self.fitness.test && !self.fitness.clock_wrong;
        if fit {
            verdict
        } else {
            worse(verdict, Colour::Amber)
        }
    }

    /// Why it is not green, as one stable word for doors and counts.
    pub fn reason(&self) -> &'static str {
        match &self.subject {
            Subject::Unreadable => return self.advice.map_or("unreadable", Advice::name),
            Subject::Code(None) => return "no_trust",
            Subject::Document { matched, .. } => match matched {
                None => return "no_certificate",
                Some(Err(_)) => return "document_unreadable",
                Some(Ok(Match::NoMatch(_))) => return "other_person",
                Some(Ok(Match::CantSay(_))) => return "person_unsure",
                Some(Ok(Match::Match)) => {}
            },
            Subject::Code(Some(_)) => {}
        }
        let Some(verdict) = self.verdict() else {
            return "no_trust";
        };
        match &verdict.result {
            Err(failure) => failure.stage().name(),
            Ok(_) if self.fitness.test => "test_trust",
            Ok(_) if self.fitness.clock_wrong => Doubt::ClockWrong.name(),
            Ok(_) => verdict.doubts().first().map_or("", |doubt| doubt.name()),
        }
    }

    /// Whom a valid certificate names.
    pub fn holder(&self) -> Option<Holder> {
        let certificate = self.verdict()?.result.as_ref().ok();
        certificate.and_then(ValidCertificate::holder)
    }
}

fn worse(a: Colour, b: Colour) -> Colour {
    match (a, b) {
        (Colour::Red, _) | (_, Colour::Red) => Colour::Red,
        (Colour::Amber, _) | (_, Colour::Amber) => Colour::Amber,
        _ => Colour::Green,
    }
}
