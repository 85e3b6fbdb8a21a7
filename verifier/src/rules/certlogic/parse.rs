//! From JSON to the tree, noting every fault on the way.

use alloc::{
    borrow::ToOwned,
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Write as _;

use serde_json::Value;

use super::MAX_DEPTH;
use super::date_time::Unit;
use super::expression::{Fragment, Node, Relation};
use super::fault::{Fault, Issue};
use super::item::integer;

/// Walks a JSON value once. It goes on after a fault, to find others, until it has noted `limit`.
pub(super) struct Parser<'v> {
    limit: usize,
    issues: Vec<Issue<'v>>,
    at: Vec<Step<'v>>,
}

#[derive(Clone, Copy)]
enum Step<'v> {
    Key(&'v str),
    Index(usize),
}

impl<'v> Parser<'v> {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            issues: Vec::new(),
            at: Vec::new(),
        }
    }

    pub(super) fn into_issues(self) -> Vec<Issue<'v>> {
        self.issues
    }

    /// The tree, or none when there is a fault in it.
    pub(super) fn parse(&mut self, value: &'v Value) -> Option<Node> {
        self.node(value, 1)
    }

    fn node(&mut self, value: &'v Value, depth: usize) -> Option<Node> {
        if self.issues.len() >= self.limit {
            return None;
        }
        if depth > MAX_DEPTH {
            return self.fault(value, Fault::Depth);
        }
        match value {
            Value::Null => self.fault(value, Fault::Null),
            Value::Bool(literal) => Some(Node::Bool(*literal)),
            Value::Number(number) => match integer(number) {
                Some(literal) => Some(Node::Integer(literal)),
                None => self.fault(value, Fault::NonInteger(number.to_string())),
            },
            Value::String(literal) => Some(Node::Text(literal.as_str().into())),
            Value::Array(elements) => self.nodes(elements, depth).map(Node::Array),
            Value::Object(members) => {
                let mut entries = members.iter();
                match (entries.next(), entries.next()) {
                    (Some((operator, operand)), None) => {
                        self.at.push(Step::Key(operator));
                        let node = self.operation(value, operator, operand, depth);
                        self.at.pop();
                        node
                    }
                    _ => self.fault(value, Fault::Keys(members.len())),
                }
            }
        }
    }

    fn nodes(&mut self, values: &'v [Value], depth: usize) -> Option<Vec<Node>> {
        let mut nodes = Vec::new();
        for (index, value) in values.iter().enumerate() {
            self.at.push(Step::Index(index));
            nodes.extend(self.node(value, depth + 1));
            self.at.pop();
            if self.issues.len() >= self.limit {
                return None;
            }
        }
        (nodes.len() == values.len()).then_some(nodes)
    }

    fn operation(
        &mut self,
        value: &'v Value,
        operator: &'v str,
        operand: &'v Value,
        depth: usize,
    ) -> Option<Node> {
        if operator == "var" {
            return self.var(value, operand);
        }
        let Value::Array(operands) = operand else {
            return self.outer_fault(value, Fault::Operands);
        };
        let Some((operator, takes, least, most)) = arity(operator) else {
            return self.outer_fault(value, Fault::Operator(operator.to_owned()));
        };
        if operands.len() < least || operands.len() > most {
            let fault = Fault::OperandCount {
                operator,
                takes,
                found: operands.len(),
            };
            return self.outer_fault(value, fault);
        }
        match (operator, operands.as_slice()) {
            ("plusTime", [date, amount, unit]) => {
                let date = self.first(date, depth);
                let amount = self.integer_operand(value, operator, 2, amount);
                let unit = unit.as_str().and_then(Unit::from_name);
                if unit.is_none() {
                    self.outer_fault(value, Fault::Unit);
                }
                Some(Node::PlusTime(Box::new(date?), amount?, unit?))
            }
            ("extractFromUVCI", [uvci, index]) => {
                let uvci = self.first(uvci, depth);
                let index = self.integer_operand(value, operator, 2, index);
                Some(Node::ExtractFromUvci(Box::new(uvci?), index?))
            }
            ("!", [operand]) => Some(Node::Not(Box::new(self.first(operand, depth)?))),
            ("dccDateOfBirth", [operand]) => {
                Some(Node::DateOfBirth(Box::new(self.first(operand, depth)?)))
            }
            _ => build(operator, self.nodes(operands, depth)?),
        }
    }

    fn first(&mut self, operand: &'v Value, depth: usize) -> Option<Node> {
        self.at.push(Step::Index(0));
        let node = self.node(operand, depth + 1);
        self.at.pop();
        node
    }

    fn integer_operand(
        &mut self,
        value: &'v Value,
        operator: &'static str,
        position: usize,
        operand: &Value,
    ) -> Option<i64> {
        let literal = operand.as_number().and_then(integer);
        if literal.is_none() {
            self.outer_fault(value, Fault::IntegerOperand { operator, position });
        }
        literal
    }

    fn var(&mut self, value: &'v Value, operand: &'v Value) -> Option<Node> {
        let Value::String(path) = operand else {
            return self.outer_fault(value, Fault::Var);
        };
        if path.is_empty() {
            return Some(Node::Var(Vec::new()));
        }
        if path.split('.').any(str::is_empty) {
            return self.outer_fault(value, Fault::Path(path.clone()));
        }
        Some(Node::Var(path.split('.').map(fragment).collect()))
    }

    /// Notes a fault of the operation whose operator is the last step: it is about the whole object.
    fn outer_fault(&mut self, expression: &'v Value, fault: Fault) -> Option<Node> {
        let operator = self.at.pop();
        self.fault(expression, fault);
        self.at.extend(operator);
        None
    }

    fn fault(&mut self, expression: &'v Value, fault: Fault) -> Option<Node> {
        if self.issues.len() < self.limit {
            self.issues.push(Issue {
                at: pointer(&self.at),
                expression,
                fault,
            });
        }
        None
    }
}

/// The operator by its constant name, and how many operands it takes: in words, least, most.
fn arity(operator: &str) -> Option<(&'static str, &'static str, usize, usize)> {
    const ONE: &str = "1 operand";
    const TWO: &str = "2 operands";
    const THREE: &str = "3 operands";
    const TWO_OR_THREE: &str = "2 or 3 operands";
    Some(match operator {
        "if" => ("if", THREE, 3, 3),
        "and" => ("and", "2 or more operands", 2, usize::MAX),
        "===" => ("===", TWO, 2, 2),
        "in" => ("in", TWO, 2, 2),
        "+" => ("+", TWO, 2, 2),
        ">" => (">", TWO_OR_THREE, 2, 3),
        "<" => ("<", TWO_OR_THREE, 2, 3),
        ">=" => (">=", TWO_OR_THREE, 2, 3),
        "<=" => ("<=", TWO_OR_THREE, 2, 3),
        "after" => ("after", TWO_OR_THREE, 2, 3),
        "before" => ("before", TWO_OR_THREE, 2, 3),
        "not-after" => ("not-after", TWO_OR_THREE, 2, 3),
        "not-before" => ("not-before", TWO_OR_THREE, 2, 3),
        "!" => ("!", ONE, 1, 1),
        "plusTime" => ("plusTime", THREE, 3, 3),
        "reduce" => ("reduce", THREE, 3, 3),
        "extractFromUVCI" => ("extractFromUVCI", TWO, 2, 2),
        "dccDateOfBirth" => ("dccDateOfBirth", ONE, 1, 1),
        _ => return None,
    })
}

/// The node of an operator all of whose operands are expressions.
fn build(operator: &str, operands: Vec<Node>) -> Option<Node> {
    Some(match operator {
        "if" => Node::If(Box::new(operands.try_into().ok()?)),
        "reduce" => Node::Reduce(Box::new(operands.try_into().ok()?)),
        "===" => Node::Equal(Box::new(operands.try_into().ok()?)),
        "in" => Node::In(Box::new(operands.try_into().ok()?)),
        "+" => Node::Plus(Box::new(operands.try_into().ok()?)),
        "and" => Node::And(operands),
        ">" => Node::CompareIntegers(Relation::Greater, operands),
        "<" => Node::CompareIntegers(Relation::Less, operands),
        ">=" => Node::CompareIntegers(Relation::GreaterOrEqual, operands),
        "<=" => Node::CompareIntegers(Relation::LessOrEqual, operands),
        "after" => Node::CompareDateTimes(Relation::Greater, operands),
        "before" => Node::CompareDateTimes(Relation::Less, operands),
        "not-before" => Node::CompareDateTimes(Relation::GreaterOrEqual, operands),
        "not-after" => Node::CompareDateTimes(Relation::LessOrEqual, operands),
        _ => return None,
    })
}

fn fragment(name: &str) -> Fragment {
    let digits = name.bytes().all(|byte| byte.is_ascii_digit());
    Fragment {
        name: name.into(),
        index: digits.then(|| name.parse().ok()).flatten(),
    }
}

fn pointer(steps: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in steps {
        // Writing to a String does not fail.
        let _ = match step {
            Step::Key(key) => write!(text, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => write!(text, "/{index}"),
        };
    }
    text
}

#[cfg(test)]
mod tests;
