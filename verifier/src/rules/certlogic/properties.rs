//! What holds for every input.

use proptest::prelude::*;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::date_time::Unit;
use super::{DateTime, Expression};

const OPERATORS: &[&str] = &[
    "if",
    "and",
    "===",
    "in",
    "+",
    ">",
    "<",
    ">=",
    "<=",
    "after",
    "before",
    "not-after",
    "not-before",
    "!",
    "plusTime",
    "reduce",
    "extractFromUVCI",
    "dccDateOfBirth",
    "or",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec!["day", "2021-06-01", "2021-06", "URN:UVCI:01:NL:a#b"])
            .prop_map(Value::from),
    ]
}

fn expression() -> impl Strategy<Value = Value> {
    let var = prop::sample::select(vec![
        "",
        "payload",
        "payload.v.0",
        "accumulator",
        "current.x",
    ]);
    let leaf = prop_oneof![scalar(), var.prop_map(|path| json!({ "var": path }))];
    leaf.prop_recursive(6, 64, 4, |inner| {
        let operands = prop::collection::vec(inner, 0..4);
        (prop::option::of(prop::sample::select(OPERATORS)), operands).prop_map(
            |(operator, operands)| match operator {
                Some(operator) => json!({ operator: operands }),
                None => Value::Array(operands),
            },
        )
    })
}

proptest! {
    #[test]
    fn no_expression_panics(value in expression(), payload in expression()) {
        let parsed = Expression::parse(&value);
        prop_assert_eq!(parsed.is_ok(), Expression::issues(&value).is_empty());
        if let Ok(expression) = parsed {
            let _ = expression.evaluate(&json!({ "payload": payload }));
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>(), digits in "[0-9]{4}(-[0-9]{0,3}){0,3}[T0-9:.+Z-]{0,16}") {
        let _ = DateTime::parse(&text);
        let _ = DateTime::parse_date_of_birth(&text);
        let _ = DateTime::parse(&digits);
        let _ = DateTime::parse_date_of_birth(&digits);
    }

    #[test]
    fn an_instant_survives_its_text(seconds in -62_167_219_200_i64..253_402_300_800) {
        let instant = OffsetDateTime::from_unix_timestamp(seconds).expect("within four digits");
        let date_time = DateTime::from_instant(instant).expect("within four digits");
        prop_assert_eq!(DateTime::parse(&date_time.to_string()), Some(date_time));
        prop_assert_eq!(date_time.plus(0, Unit::Month), Some(date_time));
        prop_assert_eq!(date_time.plus(0, Unit::Hour), Some(date_time));
    }

    #[test]
    fn no_offset_panics(seconds in 0..253_402_300_800_i64, amount in any::<i64>()) {
        let instant = OffsetDateTime::from_unix_timestamp(seconds).expect("within four digits");
        let date_time = DateTime::from_instant(instant).expect("within four digits");
        for unit in [Unit::Year, Unit::Month, Unit::Day, Unit::Hour] {
            let _ = date_time.plus(amount, unit);
            let _ = date_time.plus(amount % 100_000, unit);
        }
    }
}
