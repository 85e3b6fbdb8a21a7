//! A backup into an empty database: all of it or nothing.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
};

use serde_json::Value;
use service::{store::Engine, vault::Vault};
use sha2::{Digest as _, Sha256};
use sqlx::QueryBuilder;

use super::{
    BackupError, FORMAT, PROBE, SchemaError,
    container::{self, Passphrase},
    dump::Written,
    schema::{self, Column, Table},
    value::{Bound, to_column},
};
use crate::store::{Store, StoreError, Tx};

/// Values of one statement: SQLite takes 32,766, PostgreSQL twice as many.
const VALUES: usize = 30_000;
/// Rows of one statement.
const ROWS: usize = 500;
/// A row with a job's report may be long.
const LINE: u64 = 256 << 20;

/// Puts a backup into an empty database. The digest and the audit log are checked before anything is
/// committed.
pub async fn restore(
    store: &Store,
    vault: &Vault,
    path: &Path,
    passphrase: Option<&Passphrase>,
) -> Result<Written, BackupError> {
    let file = File::open(path).map_err(|error| BackupError::File {
        file: path.display().to_string(),
        error,
    })?;
    let mut lines = Lines {
        input: BufReader::new(container::reader(BufReader::new(file), passphrase)?),
        digest: Sha256::new(),
        line: 0,
    };
    let head = lines
        .next()?
        .ok_or(BackupError::Digest("there is nothing in it"))?;
    if head.get("format").and_then(Value::as_u64) != Some(FORMAT) {
        return Err(SchemaError::Differs("format".into()).into());
    }
    let probe = head.get("probe").and_then(Value::as_str);
    let probe = probe.and_then(hcert::base64::decode).unwrap_or_default();
    let opened = vault.open(PROBE.0, &probe);
    if opened.is_none_or(|opened| opened.as_slice() != PROBE.1) {
        return Err(BackupError::Secret);
    }
    let mut tx = store.write().await?;
    let own = schema::tables(&mut tx).await?;
    let tables = same_tables(&head, &own)?;
    empty(&mut tx, &own).await?;
    let mut written = Vec::new();
    let mut next = lines.next()?;
    for table in &tables {
        let named = next.as_ref().and_then(|line| line.get("table")?.as_str());
        if named != Some(table.name.as_str()) {
            return Err(BackupError::Digest("a table is missing"));
        }
        let mut rows = Vec::new();
        let mut count = 0;
        loop {
            next = lines.next()?;
            let Some(Value::Array(values)) = &next else {
                break;
            };
            rows.push(
                bound(values, &table.columns).ok_or_else(|| BackupError::Line {
                    line: lines.line,
                    why: format!("no row of {}", table.name),
                })?,
            );
            count += 1;
            if rows.len() >= ROWS.min(VALUES / table.columns.len().max(1)) {
                insert(&mut tx, table, std::mem::take(&mut rows)).await?;
            }
        }
        insert(&mut tx, table, rows).await?;
        written.push((table.name.clone(), count));
    }
    let digest = check_end(next.as_ref(), lines.before_last(), &written)?;
    if lines.next()?.is_some() {
        return Err(BackupError::Digest("something stands after its end"));
    }
    after(&mut tx).await?;
    tx.audit_check().await??;
    tx.commit().await?;
    Ok(Written {
        tables: written,
        digest,
    })
}

/// The lines, one after another, with the digest over them.
struct Lines<R: std::io::Read> {
    input: BufReader<R>,
    digest: Sha256,
    line: u64,
}

impl<R: std::io::Read> Lines<R> {
    /// The digest over all lines but the last one that was read.
    fn before_last(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.digest.clone().finalize())
    }

    fn next(&mut self) -> Result<Option<Value>, BackupError> {
        let mut bytes = Vec::new();
        let mut limited = (&mut self.input).take(LINE);
        let read = limited.read_until(b'\n', &mut bytes);
        read.map_err(|error| BackupError::Container(error.into()))?;
        self.line += 1;
        if bytes.is_empty() {
            return Ok(None);
        }
        if bytes.last() != Some(&b'\n') {
            return Err(BackupError::Digest("its last line has no end"));
        }
        let value: Value = serde_json::from_slice(&bytes).map_err(|_| BackupError::Line {
            line: self.line,
            why: "no JSON".into(),
        })?;
        // The last line holds the digest of those before it.
        if value.get("end").is_none() {
            self.digest.update(&bytes);
        }
        Ok(Some(value))
    }
}

/// The tables of the backup with the types of this database, in the backup's order.
fn same_tables(head: &Value, own: &[Table]) -> Result<Vec<Table>, BackupError> {
    let differs = |what: &str| BackupError::Schema(SchemaError::Differs(what.to_owned()));
    let listed = head.get("tables").and_then(Value::as_array);
    let listed = listed.ok_or_else(|| differs("the list of tables"))?;
    let mut tables = Vec::new();
    for table in listed {
        let name = table
            .get("table")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let there = own.iter().find(|own| own.name == name);
        let there = there.ok_or_else(|| differs(name))?;
        let columns = table.get("columns").and_then(Value::as_array);
        let columns: Vec<&str> = columns
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let find = |name: &&str| there.columns.iter().find(|own| own.name == *name).cloned();
        let found: Vec<Column> = columns.iter().filter_map(find).collect();
        if found.len() != columns.len() || found.len() != there.columns.len() {
            return Err(differs(name));
        }
        tables.push(Table {
            name: name.to_owned(),
            columns: found,
        });
    }
    if tables.len() != own.len() {
        return Err(differs("the number of tables"));
    }
    Ok(tables)
}

/// Refuses a database in which anything is; takes away what a new one begins with.
async fn empty(tx: &mut Tx, tables: &[Table]) -> Result<(), BackupError> {
    for table in tables {
        let sql = match table.name.as_str() {
            "counters" => "SELECT COUNT(*) FROM counters WHERE value <> 0".to_owned(),
            name => format!("SELECT COUNT(*) FROM \"{name}\""),
        };
        let count: i64 = service::on!(tx, db => sqlx::query_scalar(sqlx::AssertSqlSafe(sql.clone()))
            .fetch_one(db)
            .await
            .map_err(StoreError::from)?);
        if count > 0 {
            return Err(BackupError::NotEmpty(table.name.clone()));
        }
    }
    service::on!(tx, db => sqlx::query("DELETE FROM counters").execute(db).await
        .map(drop)
        .map_err(StoreError::from)?);
    Ok(())
}

fn bound(values: &[Value], columns: &[Column]) -> Option<Vec<Bound>> {
    if values.len() != columns.len() {
        return None;
    }
    let pairs = values.iter().zip(columns);
    pairs
        .map(|(value, column)| to_column(value, column.kind))
        .collect()
}

async fn insert(tx: &mut Tx, table: &Table, rows: Vec<Vec<Bound>>) -> Result<(), BackupError> {
    if rows.is_empty() {
        return Ok(());
    }
    // PostgreSQL counts some identifiers itself, and takes others only when told so.
    let overriding = match tx.engine() {
        Engine::Postgres(_) => " OVERRIDING SYSTEM VALUE ",
        Engine::Sqlite(_) => " ",
    };
    let start = format!(
        "INSERT INTO \"{}\" ({}){overriding}",
        table.name,
        table.columns_text()
    );
    service::on!(tx, db => {
        let mut query = QueryBuilder::new(start);
        query.push_values(rows, |mut row, values| {
            for value in values {
                match value {
                    Bound::Integer(value) => row.push_bind(value),
                    Bound::Boolean(value) => row.push_bind(value),
                    Bound::Text(value) => row.push_bind(value),
                    Bound::Bytes(value) => row.push_bind(value),
                };
            }
        });
        query.build().execute(db).await.map(drop).map_err(StoreError::from)?
    });
    Ok(())
}

fn check_end(
    end: Option<&Value>,
    digest: String,
    written: &[(String, u64)],
) -> Result<String, BackupError> {
    let end = end.and_then(|line| line.get("end"));
    let end = end.ok_or(BackupError::Digest("its end is missing"))?;
    if end.get("sha256").and_then(Value::as_str) != Some(digest.as_str()) {
        return Err(BackupError::Digest("its digest is another one"));
    }
    let rows = end.get("rows").and_then(Value::as_object);
    let right = rows.is_some_and(|rows| {
        let same = |(table, count): &(String, u64)| {
            rows.get(table).and_then(Value::as_u64) == Some(*count)
        };
        rows.len() == written.len() && written.iter().all(same)
    });
    match right {
        true => Ok(digest),
        false => Err(BackupError::Digest(
            "it has another number of rows than it says",
        )),
    }
}

/// On PostgreSQL the next identifier of the outbox comes after those that were put in.
async fn after(tx: &mut Tx) -> Result<(), BackupError> {
    let sql = "SELECT setval(pg_get_serial_sequence('outbox', 'id'), \
               GREATEST((SELECT COALESCE(MAX(id), 0) FROM outbox), 1))";
    if let Engine::Postgres(tx) = tx.engine() {
        sqlx::query(sql)
            .execute(&mut **tx)
            .await
            .map_err(StoreError::from)?;
    }
    Ok(())
}
