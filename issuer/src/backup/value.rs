//! Values of columns as JSON, the same from both engines: numbers, texts, `{"b": base64}`, null. What
//! PostgreSQL has as boolean and SQLite as 0 and 1 is a boolean only where the engine says so.

use serde_json::{Value, json};
use sqlx::{ColumnIndex, Database, Decode, Row, Type};

use super::schema::{Column, Kind};

/// One row, column by column.
pub(super) fn of_row<'r, R>(row: &'r R, columns: &[Column]) -> Result<Vec<Value>, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
    R::Database: Database,
{
    let columns = columns.iter().enumerate();
    let value = |(at, column): (usize, &Column)| {
        Ok(match column.kind {
            Kind::Integer => Value::from(row.try_get::<Option<i64>, _>(at)?),
            Kind::Boolean => Value::from(row.try_get::<Option<bool>, _>(at)?.map(i64::from)),
            Kind::Text => Value::from(row.try_get::<Option<String>, _>(at)?),
            Kind::Bytes => match row.try_get::<Option<Vec<u8>>, _>(at)? {
                Some(bytes) => json!({ "b": hcert::base64::encode(&bytes) }),
                None => Value::Null,
            },
        })
    };
    columns.map(value).collect()
}

/// A value for a column.
pub(super) enum Bound {
    Integer(Option<i64>),
    Boolean(Option<bool>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// A value of a backup for a column of this database.
pub(super) fn to_column(value: &Value, kind: Kind) -> Option<Bound> {
    let null = value.is_null();
    Some(match kind {
        Kind::Integer if null => Bound::Integer(None),
        Kind::Boolean if null => Bound::Boolean(None),
        Kind::Text if null => Bound::Text(None),
        Kind::Bytes if null => Bound::Bytes(None),
        Kind::Integer => Bound::Integer(Some(value.as_i64()?)),
        Kind::Boolean => Bound::Boolean(Some(match value.as_i64()? {
            0 => false,
            1 => true,
            _ => return None,
        })),
        Kind::Text => Bound::Text(Some(value.as_str()?.to_owned())),
        Kind::Bytes => {
            let object = value.as_object().filter(|object| object.len() == 1)?;
            let text = object.get("b")?.as_str()?;
            Bound::Bytes(Some(hcert::base64::decode(text)?))
        }
    })
}
