//! What is wrong with a field.

use alloc::string::String;
use core::fmt;

use crate::date::DateError;

/// One field that is not right: where it is, what is wrong with it, and what is allowed.
///
/// The displayed text may be logged: of personal data it holds at most the impossible part of a
/// date (a day 31, a year 1809). [`found`](FieldError::found), what was received, may be a name or
/// a date, and is only for the person who typed it.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldError {
    path: String,
    problem: Problem,
    allowed: String,
    found: Option<String>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A field that is required is not there.
    #[error("is missing")]
    Missing,
    /// There is no such field.
    #[error("is not a known field")]
    UnknownField,
    /// The JSON type is another one.
    #[error("is {found}, not {expected}")]
    WrongType {
        /// The type found.
        found: &'static str,
        /// The type that is allowed.
        expected: &'static str,
    },
    /// There is no text where some is needed.
    #[error("is empty")]
    Empty,
    /// The text has too many characters.
    #[error("has {length} characters, {limit} are allowed")]
    TooLong {
        /// Its length in characters.
        length: usize,
        /// The greatest length.
        limit: usize,
    },
    /// A control character, line break or text direction override.
    #[error("holds a control character, U+{:04X}", u32::from(*.found))]
    ControlCharacter {
        /// The first such character.
        found: char,
    },
    /// Spaces at the start or the end.
    #[error("has spaces at its start or end")]
    OuterSpaces,
    /// The text does not have the form that is needed.
    #[error("does not have the right form")]
    Form,
    /// Not a date or time, or one that does not exist.
    #[error(transparent)]
    Date(#[from] DateError),
    /// The number is out of range.
    #[error("is out of range")]
    Range,
    /// The list does not have exactly one entry.
    #[error("has {found} entries, not 1")]
    Count {
        /// The number of entries.
        found: usize,
    },
    /// More than one of the groups v, t and r.
    #[error("comes beside another event")]
    SecondEvent,
    /// No standardised name can be made of the name, since there is no rule for a letter.
    #[error("cannot be made from the name, there is no rule for the letter U+{:04X}", u32::from(*.letter))]
    NoTransliteration {
        /// The first such letter.
        letter: char,
    },
    /// The field contradicts another one.
    #[error("contradicts {other}: {why}")]
    Contradiction {
        /// The path of the other field.
        other: &'static str,
        /// The contradiction.
        why: &'static str,
    },
    /// It lies in the future.
    #[error("lies in the future")]
    Future,
    /// The code is not in the value set.
    #[error("is not a code of the value set {set}")]
    UnknownCode {
        /// The value set.
        set: &'static str,
    },
    /// The code is in the value set, but no longer in use.
    #[error("is a code of the value set {set} that is no longer in use")]
    InactiveCode {
        /// The value set.
        set: &'static str,
    },
}

impl Problem {
    /// A stable name of the problem, for interfaces and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Missing => "missing",
            Problem::UnknownField => "unknown_field",
            Problem::WrongType { .. } => "wrong_type",
            Problem::Empty => "empty",
            Problem::TooLong { .. } => "too_long",
            Problem::ControlCharacter { .. } => "control_character",
            Problem::OuterSpaces => "outer_spaces",
            Problem::Form => "form",
            Problem::Date(_) => "date",
            Problem::Range => "range",
            Problem::Count { .. } => "count",
            Problem::SecondEvent => "second_event",
            Problem::NoTransliteration { .. } => "no_transliteration",
            Problem::Contradiction { .. } => "contradiction",
            Problem::Future => "future",
            Problem::UnknownCode { .. } => "unknown_code",
            Problem::InactiveCode { .. } => "inactive_code",
        }
    }
}

/// The most characters of a received value that an error carries.
const MAX_FOUND: usize = 80;

impl FieldError {
    pub(crate) fn new(
        path: impl Into<String>,
        problem: Problem,
        allowed: impl Into<String>,
    ) -> FieldError {
        FieldError {
            path: path.into(),
            problem,
            allowed: allowed.into(),
            found: None,
        }
    }

    pub(crate) fn with_found(mut self, found: &str) -> FieldError {
        self.found = Some(found.chars().take(MAX_FOUND).collect());
        self
    }

    /// Where the field is: `nam.fn`, `v[0].dt`, or `$` for the document as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// What is allowed, as a phrase in English.
    pub fn allowed(&self) -> &str {
        &self.allowed
    }

    /// The value received, at most its first 80 characters. May be personal data.
    pub fn found(&self) -> Option<&str> {
        self.found.as_deref()
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.path, self.problem)?;
        if self.allowed.is_empty() {
            Ok(())
        } else {
            write!(f, "; allowed: {}", self.allowed)
        }
    }
}

impl fmt::Debug for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for FieldError {}
