//! Evaluation of a parsed expression.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use serde_json::{Map, Number, Value};

use super::date_time::DateTime;
use super::expression::{Fragment, Node, Relation};
use super::item::{Item, Members};
use super::{MAX_DEPTH, MAX_WORK};

/// Why an expression has no value over a data document. The messages name kinds of values, never the
/// values: those may be personal data.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// An operand has a type that the operation does not take.
    #[error("\"{operation}\" takes {expected}, but found {found}")]
    Type {
        /// The operation.
        operation: &'static str,
        /// What it takes.
        expected: &'static str,
        /// The kind of value it was given.
        found: &'static str,
    },
    /// A condition is neither truthy nor falsy.
    #[error("\"{operation}\" takes a truthy or falsy value, but {found} is neither")]
    Condition {
        /// The operation.
        operation: &'static str,
        /// The kind of value it was given.
        found: &'static str,
    },
    /// Two arrays, objects or date-times were compared for equality, which CertLogic does not define.
    #[error("equality of {left} and {right} is not defined")]
    Equality {
        /// The kind of the left value.
        left: &'static str,
        /// The kind of the right value.
        right: &'static str,
    },
    /// A string is not one of the date or date-time formats.
    #[error("\"{operation}\" was given a string that is not a date in an allowed format")]
    Date {
        /// The operation.
        operation: &'static str,
    },
    /// A sum beyond 64 bits, or a date beyond the years 0 to 9999.
    #[error("result of \"{operation}\" is out of range")]
    Range {
        /// The operation.
        operation: &'static str,
    },
    /// A value nests deeper than [`MAX_DEPTH`].
    #[error("value nests deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// The evaluation took more than [`MAX_WORK`] steps.
    #[error("evaluation takes more than {MAX_WORK} steps")]
    TooMuchWork,
}

/// Evaluates within a budget of steps. Its recursion is bounded by the depth of the expression.
pub(super) struct Evaluator {
    left: u64,
}

type Result<T> = core::result::Result<T, EvaluationError>;

impl Evaluator {
    pub(super) fn new(work: u64) -> Self {
        Self { left: work }
    }

    pub(super) fn evaluate<'a>(&mut self, node: &'a Node, data: &Item<'a>) -> Result<Item<'a>> {
        self.spend(1)?;
        match node {
            Node::Bool(literal) => Ok(Item::Bool(*literal)),
            Node::Integer(literal) => Ok(Item::Integer(*literal)),
            Node::Text(literal) => Ok(Item::Text(literal)),
            Node::Array(elements) => Item::list(self.all(elements, data)?),
            Node::Var(path) => self.var(path, data),
            Node::If(operands) => self.choose(operands, data),
            Node::And(operands) => self.and(operands, data),
            Node::Equal(operands) => {
                let [left, right] = self.pair(operands, data)?;
                equal(&left, &right).map(Item::Bool)
            }
            Node::In(operands) => self.is_in(operands, data),
            Node::Plus(operands) => self.plus(operands, data),
            Node::CompareIntegers(relation, operands) => {
                self.compare(*relation, operands, data, integer)
            }
            Node::CompareDateTimes(relation, operands) => {
                self.compare(*relation, operands, data, date_time)
            }
            Node::Not(operand) => {
                let item = self.evaluate(operand, data)?;
                condition("!", &item).map(|truth| Item::Bool(!truth))
            }
            Node::PlusTime(date, amount, unit) => {
                let text = self.text("plusTime", date, data)?;
                DateTime::parse(text)
                    .ok_or(EvaluationError::Date {
                        operation: "plusTime",
                    })?
                    .plus(*amount, *unit)
                    .map(Item::DateTime)
                    .ok_or(EvaluationError::Range {
                        operation: "plusTime",
                    })
            }
            Node::Reduce(operands) => self.reduce(operands, data),
            Node::ExtractFromUvci(uvci, index) => self.extract(uvci, *index, data),
            Node::DateOfBirth(date) => {
                let text = self.text("dccDateOfBirth", date, data)?;
                DateTime::parse_date_of_birth(text)
                    .map(Item::DateTime)
                    .ok_or(EvaluationError::Date {
                        operation: "dccDateOfBirth",
                    })
            }
        }
    }

    fn all<'a>(&mut self, nodes: &'a [Node], data: &Item<'a>) -> Result<Vec<Item<'a>>> {
        nodes.iter().map(|node| self.evaluate(node, data)).collect()
    }

    fn pair<'a>(&mut self, nodes: &'a [Node; 2], data: &Item<'a>) -> Result<[Item<'a>; 2]> {
        let [left, right] = nodes;
        Ok([self.evaluate(left, data)?, self.evaluate(right, data)?])
    }

    fn text<'a>(
        &mut self,
        operation: &'static str,
        node: &'a Node,
        data: &Item<'a>,
    ) -> Result<&'a str> {
        match self.evaluate(node, data)? {
            Item::Text(text) => Ok(text),
            other => Err(wrong(operation, "a string", &other)),
        }
    }

    fn var<'a>(&mut self, path: &'a [Fragment], data: &Item<'a>) -> Result<Item<'a>> {
        self.spend(path.len())?;
        Ok(path
            .iter()
            .fold(data.clone(), |item, fragment| item.member(fragment)))
    }

    fn choose<'a>(&mut self, operands: &'a [Node; 3], data: &Item<'a>) -> Result<Item<'a>> {
        let [guard, then, otherwise] = operands;
        let guard = self.evaluate(guard, data)?;
        let branch = if condition("if", &guard)? {
            then
        } else {
            otherwise
        };
        self.evaluate(branch, data)
    }

    /// The first falsy operand, or the last one; the operands after a falsy one are not evaluated.
    fn and<'a>(&mut self, operands: &'a [Node], data: &Item<'a>) -> Result<Item<'a>> {
        let mut last = Item::Bool(true);
        for operand in operands {
            last = self.evaluate(operand, data)?;
            if !condition("and", &last)? {
                break;
            }
        }
        Ok(last)
    }

    fn is_in<'a>(&mut self, operands: &'a [Node; 2], data: &Item<'a>) -> Result<Item<'a>> {
        let [item, array] = self.pair(operands, data)?;
        let length = array
            .len()
            .ok_or_else(|| wrong("in", "an array on the right", &array))?;
        self.spend(length)?;
        for element in array.elements().unwrap_or_default() {
            if equal(&item, &element)? {
                return Ok(Item::Bool(true));
            }
        }
        Ok(Item::Bool(false))
    }

    fn plus<'a>(&mut self, operands: &'a [Node; 2], data: &Item<'a>) -> Result<Item<'a>> {
        let [left, right] = self.pair(operands, data)?;
        match (&left, &right) {
            (Item::Integer(left), Item::Integer(right)) => left
                .checked_add(*right)
                .map(Item::Integer)
                .ok_or(EvaluationError::Range { operation: "+" }),
            (Item::Integer(_), other) | (other, _) => Err(wrong("+", "integers", other)),
        }
    }

    /// Whether the relation holds between all neighbours. Every operand is evaluated and of the right
    /// type, also where the first two decide.
    fn compare<'a, T: Ord>(
        &mut self,
        relation: Relation,
        operands: &'a [Node],
        data: &Item<'a>,
        read: fn(&Item<'a>) -> Result<T>,
    ) -> Result<Item<'a>> {
        let values = self.all(operands, data)?;
        let values: Vec<T> = values.iter().map(read).collect::<Result<_>>()?;
        let holds = values
            .iter()
            .zip(values.iter().skip(1))
            .all(|(l, r)| relation.holds(l, r));
        Ok(Item::Bool(holds))
    }

    fn reduce<'a>(&mut self, operands: &'a [Node; 3], data: &Item<'a>) -> Result<Item<'a>> {
        let [array, lambda, initial] = operands;
        let array = self.evaluate(array, data)?;
        let initial = self.evaluate(initial, data)?;
        if matches!(array, Item::Null) {
            return Ok(initial);
        }
        let length = array
            .len()
            .ok_or_else(|| wrong("reduce", "an array or null", &array))?;
        self.spend(length)?;
        let mut accumulator = initial;
        for current in array.elements().unwrap_or_default() {
            let scope = Item::record(vec![("current", current), ("accumulator", accumulator)])?;
            accumulator = self.evaluate(lambda, &scope)?;
        }
        Ok(accumulator)
    }

    fn extract<'a>(&mut self, uvci: &'a Node, index: i64, data: &Item<'a>) -> Result<Item<'a>> {
        let uvci = match self.evaluate(uvci, data)? {
            Item::Null => return Ok(Item::Null),
            Item::Text(uvci) => uvci,
            other => return Err(wrong("extractFromUVCI", "a string or null", &other)),
        };
        self.spend(uvci.len())?;
        let fragments = uvci.strip_prefix("URN:UVCI:").unwrap_or(uvci);
        let fragment = usize::try_from(index)
            .ok()
            .and_then(|index| fragments.split(['/', '#', ':']).nth(index));
        Ok(fragment.map_or(Item::Null, Item::Text))
    }

    /// The JSON form of a value.
    pub(super) fn export(&mut self, item: &Item<'_>) -> Result<Value> {
        Ok(match item {
            Item::Null => Value::Null,
            Item::Bool(value) => Value::Bool(*value),
            Item::Integer(value) => Value::from(*value),
            Item::Real(value) => Number::from_f64(*value).map_or(Value::Null, Value::Number),
            Item::Text(text) => Value::from(*text),
            Item::DateTime(value) => Value::from(value.to_string()),
            Item::List(elements) => Value::Array(self.copy_all(elements, 1)?),
            Item::Object(members) => Value::Object(self.copy_members(members, 1)?),
            Item::Built(_) => self.export_built(item)?,
        })
    }

    fn export_built(&mut self, item: &Item<'_>) -> Result<Value> {
        self.spend(1)?;
        Ok(match item.members() {
            Some(Members::List(items)) => Value::Array(
                items
                    .iter()
                    .map(|item| self.export(item))
                    .collect::<Result<_>>()?,
            ),
            Some(Members::Record(members)) => {
                let mut object = Map::new();
                for (name, item) in members {
                    object.insert((*name).to_owned(), self.export(item)?);
                }
                Value::Object(object)
            }
            None => Value::Null,
        })
    }

    /// Copies a part of the data document, whose depth nobody has checked yet.
    fn copy(&mut self, value: &Value, depth: usize) -> Result<Value> {
        self.spend(1)?;
        if depth > MAX_DEPTH {
            return Err(EvaluationError::TooDeep);
        }
        Ok(match value {
            Value::Array(elements) => Value::Array(self.copy_all(elements, depth + 1)?),
            Value::Object(members) => Value::Object(self.copy_members(members, depth + 1)?),
            scalar => scalar.clone(),
        })
    }

    fn copy_all(&mut self, elements: &[Value], depth: usize) -> Result<Vec<Value>> {
        elements
            .iter()
            .map(|element| self.copy(element, depth))
            .collect()
    }

    fn copy_members(
        &mut self,
        members: &Map<String, Value>,
        depth: usize,
    ) -> Result<Map<String, Value>> {
        members
            .iter()
            .map(|(name, value)| Ok((name.clone(), self.copy(value, depth)?)))
            .collect()
    }

    fn spend(&mut self, steps: usize) -> Result<()> {
        let steps = u64::try_from(steps).map_err(|_| EvaluationError::TooMuchWork)?;
        self.left = self
            .left
            .checked_sub(steps)
            .ok_or(EvaluationError::TooMuchWork)?;
        Ok(())
    }
}

fn condition(operation: &'static str, item: &Item<'_>) -> Result<bool> {
    item.truth().ok_or(EvaluationError::Condition {
        operation,
        found: item.kind(),
    })
}

fn equal(left: &Item<'_>, right: &Item<'_>) -> Result<bool> {
    left.equals(right).ok_or(EvaluationError::Equality {
        left: left.kind(),
        right: right.kind(),
    })
}

fn integer(item: &Item<'_>) -> Result<i64> {
    match item {
        Item::Integer(value) => Ok(*value),
        other => Err(wrong("comparison", "integers", other)),
    }
}

fn date_time(item: &Item<'_>) -> Result<DateTime> {
    match item {
        Item::DateTime(value) => Ok(*value),
        other => Err(wrong("date-time comparison", "date-times", other)),
    }
}

fn wrong(operation: &'static str, expected: &'static str, found: &Item<'_>) -> EvaluationError {
    EvaluationError::Type {
        operation,
        expected,
        found: found.kind(),
    }
}

#[cfg(test)]
mod tests;
