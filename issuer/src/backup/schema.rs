//! Which tables and columns there are, as the database itself says.

use service::store::Engine;

use crate::store::{StoreError, Tx};

/// Of a running service.
const LEFT_OUT: [&str; 4] = ["_sqlx_migrations", "sqlite_sequence", "sessions", "leases"];

/// Tables that others refer to come before those that refer to them.
const FIRST: [&str; 5] = ["counters", "users", "persons", "records", "tubes"];
const SECOND: [&str; 1] = ["jobs"];

/// The tables differ.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// A column of a type that is not known here.
    #[error("the column {column} of {table} has the type {kind}, which a backup does not know")]
    Type {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The type.
        kind: String,
    },
    /// The backup is of another version of the program.
    #[error(
        "the backup is of another version of the program ({0} differs): restore it with that \
         version, and then bring the database up to date"
    )]
    Differs(String),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Boolean,
    Text,
    Bytes,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

impl Table {
    /// The columns' names, with commas between.
    pub(super) fn columns_text(&self) -> String {
        let names = self
            .columns
            .iter()
            .map(|column| format!("\"{}\"", column.name));
        names.collect::<Vec<_>>().join(", ")
    }
}

/// All tables of a backup, those that others refer to first.
pub(super) async fn tables(tx: &mut Tx) -> Result<Vec<Table>, super::BackupError> {
    let sqlite = "SELECT m.name, c.name, lower(c.type) FROM sqlite_schema m \
                  JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.name";
    let postgres = "SELECT c.table_name::text, c.column_name::text, c.data_type::text \
                    FROM information_schema.columns c JOIN information_schema.tables t \
                    ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
                    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' \
                    ORDER BY 1, 2";
    let rows: Vec<(String, String, String)> = match tx.engine() {
        Engine::Sqlite(tx) => sqlx::query_as(sqlite).fetch_all(&mut **tx).await,
        Engine::Postgres(tx) => sqlx::query_as(postgres).fetch_all(&mut **tx).await,
    }
    .map_err(StoreError::from)?;
    let mut tables: Vec<Table> = Vec::new();
    for (table, column, kind) in rows {
        if LEFT_OUT.contains(&table.as_str()) {
            continue;
        }
        let kind = match kind.as_str() {
            "integer" | "bigint" => Kind::Integer,
            "boolean" => Kind::Boolean,
            "text" => Kind::Text,
            "blob" | "bytea" => Kind::Bytes,
            _ => {
                return Err(SchemaError::Type {
                    table,
                    column,
                    kind,
                }
                .into());
            }
        };
        let column = Column { name: column, kind };
        match tables.last_mut().filter(|last| last.name == table) {
            Some(last) => last.columns.push(column),
            None => tables.push(Table {
                name: table,
                columns: vec![column],
            }),
        }
    }
    let place = |table: &Table| {
        let name = table.name.as_str();
        let first = FIRST.iter().position(|first| *first == name);
        first.unwrap_or(FIRST.len() + usize::from(!SECOND.contains(&name)))
    };
    tables.sort_by(|a, b| (place(a), &a.name).cmp(&(place(b), &b.name)));
    Ok(tables)
}
