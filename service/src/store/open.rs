//! Opening: connections, and tables that are up to date, also when several begin at once.

use std::{
    str::FromStr as _,
    sync::Arc,
    time::{Duration, Instant},
};

use sqlx::{
    SqlitePool,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Migrations, Pool, Pools, Store, StoreError};

/// How long a request waits for a connection before the database counts as away.
const ACQUIRE: Duration = Duration::from_secs(5);
/// How long a start waits for another one that is making the same SQLite file.
const PATIENCE: Duration = Duration::from_secs(30);

impl Store {
    /// Opens the database that an address names, and makes or brings up to date its tables.
    ///
    /// `sqlite:PATH` makes the file if it is not there; `postgres://user@host/name` reads what is
    /// left out, and the password, from the environment as `psql` does. Several programs may open
    /// the same new database at once.
    pub async fn open(
        address: &str,
        migrations: &Migrations,
        pools: Pools,
    ) -> Result<Store, StoreError> {
        let wrong = |error: sqlx::Error| StoreError::Address(error.to_string());
        let pool = if address.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(address)
                .map_err(wrong)?
                .create_if_missing(true)
                .foreign_keys(true)
                .journal_mode(SqliteJournalMode::Wal)
                // A sequence that was taken must not come back after a power cut.
                .synchronous(SqliteSynchronous::Full)
                // What is deleted or written over is gone from the file, not only from the table.
                .pragma("secure_delete", "ON")
                // 16 MB a connection: with the 2 MB that SQLite takes by itself, the indexes of a hundred
                // thousand people are read from the file again for each batch.
                .pragma("cache_size", "-16384")
                .busy_timeout(Duration::from_secs(10));
            Pool::Sqlite(sqlite(&options, migrations.sqlite, pools.sqlite).await?)
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            let options = PgConnectOptions::from_str(address).map_err(wrong)?;
            let pool = PgPoolOptions::new()
                .max_connections(pools.postgres)
                .acquire_timeout(ACQUIRE)
                .connect_with(options)
                .await?;
            // Holds an advisory lock meanwhile: another start waits, and finds it done. The future
            // of `Migrator::run` is none that `tokio::spawn` takes; this one is.
            let mut connection = pool.acquire().await?;
            let migrated = migrations
                .postgres
                .run_direct(None, &mut *connection, false);
            migrated.await.map_err(migrate)?;
            drop(connection);
            Pool::Postgres(pool)
        } else {
            return Err(StoreError::Address("no database is called so".into()));
        };
        Ok(Store {
            pool,
            transactions: Arc::default(),
        })
    }
}

/// A file is made and set to its journal mode under locks for which SQLite does not wait, whatever
/// the busy timeout: so the whole is tried again while another start is at it.
async fn sqlite(
    options: &SqliteConnectOptions,
    migrator: &Migrator,
    connections: u32,
) -> Result<SqlitePool, StoreError> {
    let start = Instant::now();
    loop {
        let (error, busy) = match sqlite_once(options, migrator, connections).await {
            Ok(pool) => return Ok(pool),
            Err(error) => error,
        };
        if !busy || start.elapsed() > PATIENCE {
            return Err(error);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn sqlite_once(
    options: &SqliteConnectOptions,
    migrator: &Migrator,
    connections: u32,
) -> Result<SqlitePool, (StoreError, bool)> {
    let failed = |error: sqlx::Error| {
        let busy = is_busy(&error);
        (StoreError::from(error), busy)
    };
    let pool = SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .connect_with(options.clone())
        .await
        .map_err(failed)?;
    // sqlx's migrator locks nothing on SQLite: two at once would both see that a table is missing.
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let migrated = migrator
        .run_direct(None, &mut *tx, false)
        .await
        .map_err(|error| {
            let busy = match &error {
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                    is_busy(error)
                }
                _ => false,
            };
            (migrate(error), busy)
        });
    migrated?;
    tx.commit().await.map_err(failed)?;
    Ok(pool)
}

fn migrate(error: MigrateError) -> StoreError {
    StoreError::Migrate(error.to_string())
}

/// Whether another connection holds what SQLite needs.
fn is_busy(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(database) = error else {
        return false;
    };
    // An extended code ends with the primary one in its low byte: 5 is busy, 6 locked.
    let code = database.code().and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 5 | 6))
}
