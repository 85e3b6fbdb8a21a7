use serde_json::json;

use super::super::{Expression, MAX_ISSUES};
use super::*;

#[test]
fn faults_and_where_they_are() {
    let table = [
        (json!(null), "", "invalid CertLogic expression"),
        (json!(2.5), "", "2.5 is a non-integer number"),
        (
            json!(18446744073709551615_u64),
            "",
            "18446744073709551615 is a non-integer number",
        ),
        (
            json!([1, [2, null]]),
            "/1/1",
            "invalid CertLogic expression",
        ),
        (
            json!({}),
            "",
            "expression object must have exactly one key, but it has 0",
        ),
        (
            json!({"!": [{}]}),
            "/!/0",
            "expression object must have exactly one key, but it has 0",
        ),
        (json!({"some": [1]}), "", "unrecognised operator: \"some\""),
        (
            json!({"and": 1}),
            "",
            "operation not of the form { \"<operator>\": [ <values...> ] }",
        ),
        (
            json!({"and": [1]}),
            "",
            "operator \"and\" takes 2 or more operands, but it has 1",
        ),
        (
            json!({"!": [1, 2]}),
            "",
            "operator \"!\" takes 1 operand, but it has 2",
        ),
        (
            json!({"if": [1, 2]}),
            "",
            "operator \"if\" takes 3 operands, but it has 2",
        ),
        (
            json!({"<": [1, 2, 3, 4]}),
            "",
            "operator \"<\" takes 2 or 3 operands, but it has 4",
        ),
        (
            json!({"var": 0}),
            "",
            "not of the form { \"var\": \"<path>\" }",
        ),
        (
            json!({"var": "a..b"}),
            "",
            "data access path with an empty part: \"a..b\"",
        ),
        (
            json!({"if": [true, {"plusTime": ["2021", 1.5, "day"]}, 1]}),
            "/if/1",
            "operand 2 of \"plusTime\" must be an integer literal",
        ),
        (
            json!({"plusTime": ["2021", 1, "week"]}),
            "",
            "operand 3 of \"plusTime\" must be one of \"year\", \"month\", \"day\", \"hour\"",
        ),
        (
            json!({"extractFromUVCI": ["a", "0"]}),
            "",
            "operand 2 of \"extractFromUVCI\" must be an integer literal",
        ),
    ];
    for (value, at, message) in table {
        let error = Expression::parse(&value).expect_err("refused");
        assert_eq!(
            (error.at.as_str(), error.fault.to_string().as_str()),
            (at, message)
        );
        assert_eq!(Expression::issues(&value).len(), 1, "{value}");
    }
}

#[test]
fn issues_lists_all() {
    let value = json!({"and": [{"foo": []}, {"var": 1}, {"plusTime": [null, "1", 2]}]});
    let issues = Expression::issues(&value);
    let places: Vec<_> = issues.iter().map(|issue| issue.at.as_str()).collect();
    assert_eq!(
        places,
        ["/and/0", "/and/1", "/and/2/plusTime/0", "/and/2", "/and/2"]
    );
    assert_eq!(issues[0].expression, &value["and"][0]);
}

#[test]
fn whole_floats_are_integers() {
    assert_eq!(
        Expression::parse(&json!(42.0)),
        Expression::parse(&json!(42))
    );
}

#[test]
fn hostile_shapes_are_refused() {
    let deep = (0..10_000).fold(json!(1), |inner, _| {
        let mut outer = json!({"!": [null]});
        outer["!"][0] = inner;
        outer
    });
    let error = Expression::parse(&deep).expect_err("too deep");
    assert_eq!(error.fault, Fault::Depth);
    assert_eq!(error.at.matches('!').count(), MAX_DEPTH);
    // Dropping a value of that depth recurses, unlike parsing it.
    std::mem::forget(deep);

    let wide = Value::Array(vec![Value::Null; 100_000]);
    assert_eq!(Expression::issues(&wide).len(), MAX_ISSUES);
    assert!(Expression::parse(&wide).is_err());
}

#[test]
fn the_bound_of_the_depth_itself_is_allowed() {
    let nest = |levels: usize| (0..levels).fold(json!(true), |inner, _| json!([inner]));
    let deepest = nest(MAX_DEPTH - 1);
    let expression = Expression::parse(&deepest).unwrap();
    assert_eq!(expression.evaluate(&json!(null)), Ok(deepest));
    assert!(Expression::parse(&nest(MAX_DEPTH)).is_err());
}
