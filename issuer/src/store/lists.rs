//! Lists in statements: PostgreSQL takes arrays, SQLite a JSON text that it reads as a table.

use data_encoding::HEXUPPER;

use crate::id::Id;

/// Runs the expression of the engine that the transaction is of.
macro_rules! pick {
    ($tx:expr, $db:ident, sqlite => $sqlite:expr, postgres => $postgres:expr $(,)?) => {
        match $tx.engine() {
            service::store::Engine::Sqlite(tx) => {
                let $db = &mut **tx;
                $sqlite
            }
            service::store::Engine::Postgres(tx) => {
                let $db = &mut **tx;
                $postgres
            }
        }
    };
}

pub(super) use pick;

/// Texts for `json_each`.
pub(super) fn texts<T: AsRef<str>>(all: &[T]) -> String {
    let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
    serde_json::Value::from(all).to_string()
}

/// Identifiers for `unhex(value)` of `json_each`.
pub(super) fn hexes<'a>(all: impl IntoIterator<Item = &'a Id>) -> String {
    let all = all.into_iter().map(|id| HEXUPPER.encode(id.bytes()));
    serde_json::Value::from(all.collect::<Vec<_>>()).to_string()
}

/// Identifiers for `ANY`.
pub(super) fn blobs<'a>(all: impl IntoIterator<Item = &'a Id>) -> Vec<&'a [u8]> {
    all.into_iter().map(|id| id.bytes().as_slice()).collect()
}
