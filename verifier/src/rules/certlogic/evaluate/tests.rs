use serde_json::json;

use super::super::Expression;
use super::*;

fn evaluate(expression: Value, data: &Value) -> Result<Value> {
    Expression::parse(&expression).unwrap().evaluate(data)
}

#[test]
fn values() {
    let data = json!({
        "dose": 2.0, "half": 0.5, "text": "abc", "uvci": "URN:UVCI:01:NL:a::c/#/f", "nothing": null,
        "list": [1, 2, 3], "object": { "0": "zero", "length": 7 }, "dob": "2004-02",
    });
    let table = [
        // Data access
        (json!({"var": "object.0"}), json!("zero")),
        (json!({"var": "list.00"}), json!(1)),
        (json!({"var": "list.-1"}), json!(null)),
        (json!({"var": "list.length"}), json!(null)),
        (json!({"var": "list.99999999999999999999999"}), json!(null)),
        (json!({"var": "text.0"}), json!(null)),
        (json!({"var": "nothing.more.still"}), json!(null)),
        (json!({"var": "dose"}), json!(2)),
        // Equality and membership do not coerce
        (json!({"===": [{"var": "dose"}, 2]}), json!(true)),
        (json!({"===": [{"var": "half"}, 0]}), json!(false)),
        (
            json!({"===": [{"var": "half"}, {"var": "half"}]}),
            json!(true),
        ),
        (
            json!({"===": [{"var": "nothing"}, {"var": "missing"}]}),
            json!(true),
        ),
        (json!({"===": [{"var": "nothing"}, false]}), json!(false)),
        (json!({"===": [{"var": "list"}, "1,2,3"]}), json!(false)),
        (json!({"in": ["2", {"var": "list"}]}), json!(false)),
        (json!({"in": [2, {"var": "list"}]}), json!(true)),
        (json!({"in": [{"var": "list"}, ["a", 1]]}), json!(false)),
        // Conditions
        (json!({"!": [{"var": "list"}]}), json!(false)),
        (
            json!({"and": [true, {"var": "object"}]}),
            json!({"0": "zero", "length": 7}),
        ),
        (
            json!({"if": [{"var": "missing"}, {"+": ["no", "no"]}, "lazy"]}),
            json!("lazy"),
        ),
        // Ternary comparisons
        (json!({">": [3, 2, 1]}), json!(true)),
        (json!({">=": [3, 3, 4]}), json!(false)),
        (json!({"<": [{"var": "dose"}, 3]}), json!(true)),
        // Reduction sees only current and accumulator
        (
            json!({"reduce": [{"var": "list"}, {"+": [{"var": "current"}, {"var": "accumulator"}]}, 10]}),
            json!(16),
        ),
        (
            json!({"reduce": [[7], {"var": ""}, "start"]}),
            json!({"current": 7, "accumulator": "start"}),
        ),
        (json!({"reduce": [["a"], {"var": "text"}, 0]}), json!(null)),
        (
            json!({"reduce": [{"var": "list"}, [{"var": "accumulator.0"}, {"var": "current"}], []]}),
            json!([null, 3]),
        ),
        // UVCI
        (
            json!({"extractFromUVCI": [{"var": "uvci"}, 0]}),
            json!("01"),
        ),
        (json!({"extractFromUVCI": [{"var": "uvci"}, 2]}), json!("a")),
        (json!({"extractFromUVCI": [{"var": "uvci"}, 3]}), json!("")),
        (json!({"extractFromUVCI": [{"var": "uvci"}, 7]}), json!("f")),
        (
            json!({"extractFromUVCI": [{"var": "uvci"}, 8]}),
            json!(null),
        ),
        (
            json!({"extractFromUVCI": [{"var": "uvci"}, -1]}),
            json!(null),
        ),
        (json!({"extractFromUVCI": ["a::c/#/f", 5]}), json!("f")),
        (json!({"extractFromUVCI": ["", 0]}), json!("")),
        (
            json!({"extractFromUVCI": [{"var": "missing"}, 0]}),
            json!(null),
        ),
        // Date-times
        (
            json!({"plusTime": ["2020-02-29", 1, "year"]}),
            json!("2021-03-01T00:00:00.000Z"),
        ),
        (
            json!({"dccDateOfBirth": [{"var": "dob"}]}),
            json!("2004-02-29T00:00:00.000Z"),
        ),
        (
            json!({"not-after": [{"plusTime": ["2021", 0, "day"]}, {"dccDateOfBirth": ["2021-12-31"]}]}),
            json!(true),
        ),
        (
            json!({"before": [
                {"plusTime": ["2021-01-01", 0, "day"]},
                {"plusTime": ["2021-01-01", 1, "hour"]},
                {"plusTime": ["2021-01-01T03:00:00+02:00", 0, "hour"]},
            ]}),
            json!(false),
        ),
    ];
    for (expression, expected) in table {
        assert_eq!(
            evaluate(expression.clone(), &data),
            Ok(expected),
            "{expression}"
        );
    }
}

#[test]
fn errors() {
    use EvaluationError::{Condition, Date, Equality, Range, Type};
    let data = json!({ "half": 0.5, "list": [1], "object": {}, "nothing": null });
    let date = json!({"plusTime": ["2021-06-01", 0, "day"]});
    let table = [
        (
            json!({"in": [1, {"var": "nothing"}]}),
            Type {
                operation: "in",
                expected: "an array on the right",
                found: "null",
            },
        ),
        (
            json!({"in": ["a", "abc"]}),
            Type {
                operation: "in",
                expected: "an array on the right",
                found: "a string",
            },
        ),
        (
            json!({"+": [1, "1"]}),
            Type {
                operation: "+",
                expected: "integers",
                found: "a string",
            },
        ),
        (
            json!({"+": [{"var": "half"}, 1]}),
            Type {
                operation: "+",
                expected: "integers",
                found: "a non-integer number",
            },
        ),
        (json!({"+": [i64::MAX, 1]}), Range { operation: "+" }),
        (
            // The third operand counts, though the first two decide.
            json!({"<": [2, 1, "3"]}),
            Type {
                operation: "comparison",
                expected: "integers",
                found: "a string",
            },
        ),
        (
            json!({">": [{"var": "nothing"}, 1]}),
            Type {
                operation: "comparison",
                expected: "integers",
                found: "null",
            },
        ),
        (
            json!({"after": [date, "2021-06-01"]}),
            Type {
                operation: "date-time comparison",
                expected: "date-times",
                found: "a string",
            },
        ),
        (
            json!({">": [date, date]}),
            Type {
                operation: "comparison",
                expected: "integers",
                found: "a date-time",
            },
        ),
        (
            json!({"plusTime": [date, 1, "day"]}),
            Type {
                operation: "plusTime",
                expected: "a string",
                found: "a date-time",
            },
        ),
        (
            json!({"plusTime": [{"var": "nothing"}, 1, "day"]}),
            Type {
                operation: "plusTime",
                expected: "a string",
                found: "null",
            },
        ),
        (
            json!({"plusTime": ["", 1, "day"]}),
            Date {
                operation: "plusTime",
            },
        ),
        (
            json!({"plusTime": ["2021-09-99", 1, "day"]}),
            Date {
                operation: "plusTime",
            },
        ),
        (
            json!({"plusTime": ["2021", 9000, "year"]}),
            Range {
                operation: "plusTime",
            },
        ),
        (
            json!({"dccDateOfBirth": ["1999-01-01T00:00:00Z"]}),
            Date {
                operation: "dccDateOfBirth",
            },
        ),
        (
            json!({"!": [{"var": "half"}]}),
            Condition {
                operation: "!",
                found: "a non-integer number",
            },
        ),
        (
            json!({"if": [date, 1, 2]}),
            Condition {
                operation: "if",
                found: "a date-time",
            },
        ),
        (
            json!({"and": [true, date]}),
            Condition {
                operation: "and",
                found: "a date-time",
            },
        ),
        (
            json!({"===": [{"var": "list"}, {"var": "list"}]}),
            Equality {
                left: "an array",
                right: "an array",
            },
        ),
        (
            json!({"===": [date, date]}),
            Equality {
                left: "a date-time",
                right: "a date-time",
            },
        ),
        (
            json!({"in": [{"var": "object"}, [1, {"var": "object"}]]}),
            Equality {
                left: "an object",
                right: "an object",
            },
        ),
        (
            json!({"reduce": ["abc", 1, 2]}),
            Type {
                operation: "reduce",
                expected: "an array or null",
                found: "a string",
            },
        ),
        (
            json!({"reduce": [{"var": "object"}, 1, 2]}),
            Type {
                operation: "reduce",
                expected: "an array or null",
                found: "an object",
            },
        ),
        (
            json!({"extractFromUVCI": [1, 0]}),
            Type {
                operation: "extractFromUVCI",
                expected: "a string or null",
                found: "an integer",
            },
        ),
    ];
    for (expression, expected) in table {
        assert_eq!(
            evaluate(expression.clone(), &data),
            Err(expected),
            "{expression}"
        );
    }
}

#[test]
fn work_is_bounded() {
    let data = json!({ "huge": vec![1; 1_000_000], "some": vec![1; 1_000] });
    for expression in [
        json!({"reduce": [{"var": "huge"}, 1, 0]}),
        json!({"in": [2, {"var": "huge"}]}),
        json!({"var": "huge"}),
        json!({"reduce": [{"var": "some"}, {"reduce": [[1, 2, 3], {"in": [2, [1]]}, 0]}, 0]}),
        // 1,000 times 1,000 steps
        json!({"reduce": [
            {"var": "some"},
            {"if": [{"reduce": [
                [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
                {"reduce": [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 1, 0]},
                0,
            ]}, 1, 0]},
            0,
        ]}),
    ] {
        let result = evaluate(expression.clone(), &data);
        let cheap = expression["reduce"][1].get("reduce").is_some();
        assert_eq!(
            result.err(),
            (!cheap).then_some(EvaluationError::TooMuchWork),
            "{expression}"
        );
    }
}

#[test]
fn depth_of_built_values_is_bounded() {
    let data = json!({ "some": vec![1; 1_000] });
    for lambda in [json!([{"var": "accumulator"}]), json!({"var": ""})] {
        let expression = json!({"reduce": [{"var": "some"}, lambda, 0]});
        assert_eq!(evaluate(expression, &data), Err(EvaluationError::TooDeep));
    }
}

#[test]
fn sharing_does_not_multiply() {
    // 2^30 leaves when written out, 30 nodes when shared.
    let data = json!({ "some": vec![1; 30] });
    let doubling = json!({"reduce": [
        {"var": "some"}, [{"var": "accumulator"}, {"var": "accumulator"}], 0,
    ]});
    assert_eq!(evaluate(doubling, &data), Err(EvaluationError::TooMuchWork));
}

#[test]
fn deep_data_is_met_without_recursion() {
    let deep = (0..10_000).fold(json!(1), |inner, _| Value::Array(vec![inner]));
    let data = Value::Object(Map::from_iter([("deep".to_owned(), deep)]));
    assert_eq!(
        evaluate(json!({"if": [{"var": "deep.0.0"}, 1, 2]}), &data),
        Ok(json!(1))
    );
    assert_eq!(
        evaluate(json!({"var": "deep"}), &data),
        Err(EvaluationError::TooDeep)
    );
}

#[test]
fn errors_do_not_tell_the_data() {
    let data = json!({ "dob": "born 1970" });
    let error = evaluate(json!({"dccDateOfBirth": [{"var": "dob"}]}), &data).unwrap_err();
    assert!(!error.to_string().contains("1970"));
}
