//! CertLogic: the language in which the EU's business rules are written.
//!
//! An expression is JSON. It is parsed once into an [`Expression`] and then evaluated over any number
//! of data documents, usually `{ "payload": …, "external": … }`. The language is the one of the
//! [specification](https://github.com/ehn-dcc-development/eu-dcc-business-rules/tree/main/certlogic/specification),
//! version [`SPECIFICATION`].
//!
//! Rules and payloads both come from outside, so both are bounded: an expression nests at most
//! [`MAX_DEPTH`] levels and an evaluation takes at most [`MAX_WORK`] steps. What the specification
//! leaves undefined is an error here, never a guess: an error makes a rule open, not passed.
//!
//! ```
//! use serde_json::json;
//! use verifier::rules::certlogic::Expression;
//!
//! let minor = Expression::parse(&json!({ "after": [
//!     { "dccDateOfBirth": [{ "var": "payload.dob" }] },
//!     { "plusTime": [{ "var": "external.validationClock" }, -18, "year"] },
//! ] }))?;
//! let data = json!({
//!     "payload": { "dob": "2004-02" },
//!     "external": { "validationClock": "2022-03-01T12:00:00Z" },
//! });
//! assert_eq!(minor.evaluate(&data)?, json!(false));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod date_time;
mod evaluate;
mod expression;
mod fault;
mod item;
mod parse;
#[cfg(test)]
mod properties;

pub use evaluate::EvaluationError;
pub use expression::Expression;
pub use fault::{Fault, Issue, ParseError};

pub(crate) use date_time::DateTime;
pub(crate) use item::Item;

use crate::rules::Version;

/// The version of the CertLogic specification that is implemented.
pub const SPECIFICATION: Version = Version::new(1, 3, 3);

/// How deep an expression, and a value built by one, may nest. The deepest rule published for the EU
/// DCC nests 15 levels; the bound keeps hostile input from exhausting the stack.
pub const MAX_DEPTH: usize = 64;

/// How many steps one evaluation may take, a step being an operation, an element or a comparison. The
/// published rules take some hundreds; the bound is a few milliseconds of a slow phone.
pub const MAX_WORK: u64 = 250_000;

/// How many findings [`Expression::issues`] lists before it stops looking.
pub const MAX_ISSUES: usize = 100;
