//! The values that an evaluation works on.

use alloc::{rc::Rc, string::String, vec::Vec};

use serde_json::{Map, Number, Value};

use super::MAX_DEPTH;
use super::date_time::DateTime;
use super::evaluate::EvaluationError;
use super::expression::Fragment;

/// A value: borrowed from the data document or the expression where possible, so that nothing large is
/// copied, whatever the number of rules.
#[derive(Clone, Debug)]
pub(crate) enum Item<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    /// A number that is not an integer of 64 bits: neither truthy nor falsy, and no operand of arithmetic.
    Real(f64),
    Text(&'a str),
    List(&'a [Value]),
    Object(&'a Map<String, Value>),
    Built(Rc<Built<'a>>),
    DateTime(DateTime),
}

/// A list or record that did not come with the data. Its depth is bounded on making, since dropping it
/// recurses.
#[derive(Debug)]
pub(crate) struct Built<'a> {
    depth: usize,
    members: Members<'a>,
}

#[derive(Debug)]
pub(super) enum Members<'a> {
    List(Vec<Item<'a>>),
    Record(Vec<(&'static str, Item<'a>)>),
}

impl<'a> From<&'a Value> for Item<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => match integer(number) {
                Some(value) => Self::Integer(value),
                None => Self::Real(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Self::Text(text),
            Value::Array(elements) => Self::List(elements),
            Value::Object(members) => Self::Object(members),
        }
    }
}

impl<'a> Item<'a> {
    pub(super) fn list(items: Vec<Self>) -> Result<Self, EvaluationError> {
        let depth = items.iter().map(Self::depth).max().unwrap_or(0);
        Self::build(depth, Members::List(items))
    }

    pub(crate) fn record(members: Vec<(&'static str, Self)>) -> Result<Self, EvaluationError> {
        let depth = members
            .iter()
            .map(|(_, item)| item.depth())
            .max()
            .unwrap_or(0);
        Self::build(depth, Members::Record(members))
    }

    fn build(inner: usize, members: Members<'a>) -> Result<Self, EvaluationError> {
        if inner >= MAX_DEPTH {
            return Err(EvaluationError::TooDeep);
        }
        Ok(Self::Built(Rc::new(Built {
            depth: inner + 1,
            members,
        })))
    }

    fn depth(&self) -> usize {
        match self {
            Self::Built(built) => built.depth,
            _ => 0,
        }
    }

    /// True for truthy, false for falsy, none for what is neither.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Null => Some(false),
            Self::Bool(value) => Some(*value),
            Self::Integer(value) => Some(*value != 0),
            Self::Text(text) => Some(!text.is_empty()),
            Self::List(elements) => Some(!elements.is_empty()),
            Self::Object(members) => Some(!members.is_empty()),
            Self::Built(built) => Some(match &built.members {
                Members::List(items) => !items.is_empty(),
                Members::Record(members) => !members.is_empty(),
            }),
            Self::Real(_) | Self::DateTime(_) => None,
        }
    }

    /// The member under one part of a path, `null` where there is none.
    pub(super) fn member(&self, fragment: &Fragment) -> Self {
        match self {
            Self::List(elements) => fragment
                .index
                .and_then(|index| elements.get(index))
                .map(Self::from),
            Self::Object(members) => members.get(fragment.name.as_ref()).map(Self::from),
            Self::Built(built) => match &built.members {
                Members::List(items) => fragment.index.and_then(|index| items.get(index)).cloned(),
                Members::Record(members) => members
                    .iter()
                    .find(|(name, _)| *name == fragment.name.as_ref())
                    .map(|(_, item)| item.clone()),
            },
            _ => None,
        }
        .unwrap_or(Self::Null)
    }

    /// The elements, when it is an array.
    pub(super) fn elements(&self) -> Option<Vec<Self>> {
        match self {
            Self::List(elements) => Some(elements.iter().map(Self::from).collect()),
            Self::Built(built) => match &built.members {
                Members::List(items) => Some(items.clone()),
                Members::Record(_) => None,
            },
            _ => None,
        }
    }

    /// How many elements, when it is an array.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Self::List(elements) => Some(elements.len()),
            Self::Built(built) => match &built.members {
                Members::List(items) => Some(items.len()),
                Members::Record(_) => None,
            },
            _ => None,
        }
    }

    /// Equality without coercion. None for two values that implementations of CertLogic compare
    /// differently, by identity or by content: two composite values, two date-times.
    pub(super) fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Null, Self::Null) => Some(true),
            (Self::Bool(left), Self::Bool(right)) => Some(left == right),
            (Self::Integer(left), Self::Integer(right)) => Some(left == right),
            (Self::Real(left), Self::Real(right)) => Some(left == right),
            (Self::Text(left), Self::Text(right)) => Some(left == right),
            (left, right) if left.is_opaque() && right.is_opaque() => None,
            _ => Some(false),
        }
    }

    fn is_opaque(&self) -> bool {
        matches!(
            self,
            Self::List(_) | Self::Object(_) | Self::Built(_) | Self::DateTime(_)
        )
    }

    pub(super) fn members(&self) -> Option<&Members<'a>> {
        match self {
            Self::Built(built) => Some(&built.members),
            _ => None,
        }
    }

    /// What kind of value it is, for messages: the value itself may be personal data.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Real(_) => "a non-integer number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
            Self::Built(built) => match built.members {
                Members::List(_) => "an array",
                Members::Record(_) => "an object",
            },
            Self::DateTime(_) => "a date-time",
        }
    }
}

/// The number as an integer, as JavaScript reads it: `2.0` is one, and is met in the field.
pub(super) fn integer(number: &Number) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Some(value) = number.as_i64() {
        return Some(value);
    }
    let value = number.as_f64()?;
    // Within 2^53 a whole double is exactly one integer, so the conversion loses nothing.
    let whole = value as i64;
    (number.is_f64() && value.abs() <= EXACT && whole as f64 == value).then_some(whole)
}
