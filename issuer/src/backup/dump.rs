//! The lines of a backup.

use std::{fs::File, io::Write, path::Path};

use futures_util::TryStreamExt as _;
use hcert::time::Timestamp;
use serde_json::{Value, json};
use service::{store::Engine, vault::Vault};
use sha2::{Digest as _, Sha256};

use super::{
    BackupError, FORMAT, PROBE,
    container::{Passphrase, Writer},
    schema::{self, Table},
    value,
};
use crate::store::{Store, StoreError};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Rows of each table.
    pub tables: Vec<(String, u64)>,
    /// SHA-256 over the lines, in hexadecimal digits.
    pub digest: String,
}

/// Lines with the digest over them.
struct Lines<W: Write> {
    out: W,
    digest: Sha256,
}

impl<W: Write> Lines<W> {
    fn line(&mut self, value: &Value) -> std::io::Result<()> {
        let text = format!("{value}\n");
        self.digest.update(text.as_bytes());
        self.out.write_all(text.as_bytes())
    }
}

/// Writes everything that the database holds at one moment into a new file: beside it first, then
/// renamed, for its owner alone to read.
pub async fn dump(
    store: &Store,
    vault: &Vault,
    path: &Path,
    passphrase: Option<&Passphrase>,
    now: Timestamp,
) -> Result<Written, BackupError> {
    let failed = |error: std::io::Error| BackupError::File {
        file: path.display().to_string(),
        error,
    };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = Path::new(&beside);
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(beside).map_err(failed)?;
    let written = write(store, vault, file, passphrase, now).await;
    match written {
        Ok((written, file)) => {
            file.sync_all().map_err(failed)?;
            std::fs::rename(beside, path).map_err(failed)?;
            Ok(written)
        }
        Err(error) => {
            // Half a backup helps nobody; if it can't be removed, it is still not called one.
            let _ = std::fs::remove_file(beside);
            Err(error)
        }
    }
}

async fn write(
    store: &Store,
    vault: &Vault,
    file: File,
    passphrase: Option<&Passphrase>,
    now: Timestamp,
) -> Result<(Written, File), BackupError> {
    let io = |error: std::io::Error| BackupError::Container(error.into());
    let file = std::io::BufWriter::new(file);
    let mut lines = Lines {
        out: Writer::new(file, passphrase)?,
        digest: Sha256::new(),
    };
    let mut tx = store.read().await?;
    let tables = schema::tables(&mut tx).await?;
    let named: Vec<Value> = tables
        .iter()
        .map(|table| {
            let columns = table.columns.iter().map(|column| column.name.as_str());
            json!({ "table": table.name, "columns": columns.collect::<Vec<_>>() })
        })
        .collect();
    let probe = vault.seal(PROBE.0, PROBE.1)?;
    let head = json!({ "format": FORMAT, "made_at": now.to_string(), "engine": store.engine(),
        "probe": hcert::base64::encode(&probe), "tables": named });
    lines.line(&head).map_err(io)?;
    let mut counts = Vec::new();
    for table in &tables {
        lines.line(&json!({ "table": table.name })).map_err(io)?;
        let sql = format!("SELECT {} FROM \"{}\"", table.columns_text(), table.name);
        let count = match tx.engine() {
            Engine::Sqlite(tx) => {
                let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch(&mut **tx);
                rows_of(rows, table, &mut lines).await?
            }
            Engine::Postgres(tx) => {
                let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch(&mut **tx);
                rows_of(rows, table, &mut lines).await?
            }
        };
        counts.push((table.name.clone(), count));
    }
    drop(tx);
    let rows: serde_json::Map<String, Value> = counts
        .iter()
        .map(|(table, count)| (table.clone(), Value::from(*count)))
        .collect();
    let digest = data_encoding::HEXLOWER.encode(&lines.digest.clone().finalize());
    lines
        .line(&json!({ "end": { "rows": rows, "sha256": digest } }))
        .map_err(io)?;
    let file = lines.out.finish()?;
    let file = file.into_inner().map_err(|error| io(error.into_error()))?;
    let written = Written {
        tables: counts,
        digest,
    };
    Ok((written, file))
}

async fn rows_of<'r, R>(
    mut rows: impl futures_util::Stream<Item = Result<R, sqlx::Error>> + Unpin,
    table: &Table,
    lines: &mut Lines<impl Write>,
) -> Result<u64, BackupError>
where
    R: AnyRow + 'r,
{
    let mut count = 0;
    while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
        let values = row.values(table).map_err(StoreError::from)?;
        lines
            .line(&Value::Array(values))
            .map_err(|error| BackupError::Container(error.into()))?;
        count += 1;
    }
    Ok(count)
}

/// A row of either engine.
trait AnyRow {
    fn values(&self, table: &Table) -> Result<Vec<Value>, sqlx::Error>;
}

impl AnyRow for sqlx::sqlite::SqliteRow {
    fn values(&self, table: &Table) -> Result<Vec<Value>, sqlx::Error> {
        value::of_row(self, &table.columns)
    }
}

impl AnyRow for sqlx::postgres::PgRow {
    fn values(&self, table: &Table) -> Result<Vec<Value>, sqlx::Error> {
        value::of_row(self, &table.columns)
    }
}
