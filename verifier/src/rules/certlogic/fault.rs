//! What can be wrong with the form of an expression, and where.

use alloc::string::String;

use serde_json::Value;

use super::MAX_DEPTH;

/// Why a JSON value is not a CertLogic expression.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The value is `null`, which is no literal.
    #[error("invalid CertLogic expression")]
    Null,
    /// A number with a fraction, or one beyond 64 bits.
    #[error("{0} is a non-integer number")]
    NonInteger(String),
    /// An object that is not of the form `{ operator: operands }`.
    #[error("expression object must have exactly one key, but it has {0}")]
    Keys(usize),
    /// The operands are not an array.
    #[error("operation not of the form {{ \"<operator>\": [ <values...> ] }}")]
    Operands,
    /// The operand of `var` is not a string.
    #[error("not of the form {{ \"var\": \"<path>\" }}")]
    Var,
    /// The path of `var` has an empty part.
    #[error("data access path with an empty part: \"{0}\"")]
    Path(String),
    /// The operator is not one of CertLogic.
    #[error("unrecognised operator: \"{0}\"")]
    Operator(String),
    /// The operator takes another number of operands.
    #[error("operator \"{operator}\" takes {takes}, but it has {found}")]
    OperandCount {
        /// The operator.
        operator: &'static str,
        /// How many it takes, in words.
        takes: &'static str,
        /// How many there are.
        found: usize,
    },
    /// An operand that must be an integer literal is something else.
    #[error("operand {position} of \"{operator}\" must be an integer literal")]
    IntegerOperand {
        /// The operator.
        operator: &'static str,
        /// Which operand, counted from 1.
        position: usize,
    },
    /// The third operand of `plusTime` is not a unit.
    #[error("operand 3 of \"plusTime\" must be one of \"year\", \"month\", \"day\", \"hour\"")]
    Unit,
    /// The expression nests deeper than [`MAX_DEPTH`].
    #[error("expression nests deeper than {MAX_DEPTH} levels")]
    Depth,
}

/// A finding about the form of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue<'v> {
    /// Where the finding is, as a JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).
    pub at: String,
    /// The part of the expression that it is about.
    pub expression: &'v Value,
    /// What is wrong with it.
    pub fault: Fault,
}

/// The JSON value is not a CertLogic expression.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{fault}, at \"{at}\"")]
pub struct ParseError {
    /// Where the fault is, as a JSON pointer; empty for the expression itself.
    pub at: String,
    /// What is wrong there.
    pub fault: Fault,
}

impl ParseError {
    /// For a parser that gives neither a tree nor an issue: it does not, and if it did, the expression
    /// must still be refused.
    pub(super) fn unexplained() -> Self {
        Self {
            at: String::new(),
            fault: Fault::Null,
        }
    }
}

impl From<Issue<'_>> for ParseError {
    fn from(issue: Issue<'_>) -> Self {
        Self {
            at: issue.at,
            fault: issue.fault,
        }
    }
}
