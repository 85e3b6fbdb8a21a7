//! The parsed form of an expression.

use alloc::{boxed::Box, vec::Vec};

use serde_json::Value;

use super::date_time::Unit;
use super::evaluate::{EvaluationError, Evaluator};
use super::fault::{Issue, ParseError};
use super::item::Item;
use super::parse::Parser;
use super::{MAX_ISSUES, MAX_WORK};

/// A CertLogic expression whose form has been checked: operators known, operands complete, depth bounded.
///
/// Types of operands are known only when it is evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    root: Node,
}

impl Expression {
    /// Parses the JSON form.
    ///
    /// # Errors
    /// The first [`Fault`](super::Fault) found, and where it is.
    pub fn parse(value: &Value) -> Result<Self, ParseError> {
        let mut parser = Parser::new(1);
        let root = parser.parse(value);
        match (root, parser.into_issues().pop()) {
            (Some(root), None) => Ok(Self { root }),
            (_, issue) => Err(issue.map_or_else(ParseError::unexplained, ParseError::from)),
        }
    }

    /// Lists what keeps the JSON form from being an expression, for authors of rules: empty exactly when
    /// [`parse`](Self::parse) succeeds. Stops after [`MAX_ISSUES`].
    pub fn issues(value: &Value) -> Vec<Issue<'_>> {
        let mut parser = Parser::new(MAX_ISSUES);
        parser.parse(value);
        parser.into_issues()
    }

    /// Evaluates over a data document. A date-time becomes text in the form `2021-06-01T00:00:00.000Z`.
    ///
    /// # Errors
    /// Operands of the wrong type, a date that is none, or a bound exceeded.
    pub fn evaluate(&self, data: &Value) -> Result<Value, EvaluationError> {
        let mut evaluator = Evaluator::new(MAX_WORK);
        let item = evaluator.evaluate(&self.root, &Item::from(data))?;
        evaluator.export(&item)
    }

    /// Evaluates over a document that need not exist as one JSON value.
    pub(crate) fn evaluate_item<'a>(
        &'a self,
        data: &Item<'a>,
    ) -> Result<Item<'a>, EvaluationError> {
        Evaluator::new(MAX_WORK).evaluate(&self.root, data)
    }
}

/// One node of the tree. Fixed numbers of operands are arrays, so that the evaluator need not check them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Bool(bool),
    Integer(i64),
    Text(Box<str>),
    Array(Vec<Node>),
    Var(Vec<Fragment>),
    If(Box<[Node; 3]>),
    And(Vec<Node>),
    Equal(Box<[Node; 2]>),
    In(Box<[Node; 2]>),
    Plus(Box<[Node; 2]>),
    /// `>`, `<`, `>=`, `<=` over integers; two or three operands.
    CompareIntegers(Relation, Vec<Node>),
    /// `after`, `before`, `not-before`, `not-after` over date-times; two or three operands.
    CompareDateTimes(Relation, Vec<Node>),
    Not(Box<Node>),
    PlusTime(Box<Node>, i64, Unit),
    Reduce(Box<[Node; 3]>),
    ExtractFromUvci(Box<Node>, i64),
    DateOfBirth(Box<Node>),
}

/// One part of a path of `var`, with its reading as the index of an array.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fragment {
    pub(super) name: Box<str>,
    pub(super) index: Option<usize>,
}

/// The relation that two neighbouring operands of a comparison must have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Relation {
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
}

impl Relation {
    pub(super) fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Greater => left > right,
            Self::Less => left < right,
            Self::GreaterOrEqual => left >= right,
            Self::LessOrEqual => left <= right,
        }
    }
}
