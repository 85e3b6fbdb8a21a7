//! The database: one [`Store`] over SQLite and PostgreSQL.
//!
//! Every access is a transaction, [`Store::read`] or [`Store::write`], and the SQL for one subject
//! stands in one module. The text of a statement is the same for both engines ([`on!`](crate::on));
//! where an engine needs its own, it says so there.
//!
//! Each service's migrations make its tables. What is here expects `counters` (with a row
//! `audit`), `audit`, `users`, `sessions` and `sign_in_failures`, with the columns that
//! `testing/migrations` of this crate shows. A service may add columns: no statement here says `*`.

mod audit;
mod failures;
mod open;
mod users;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction, migrate::Migrator};

pub use audit::{AuditEntry, AuditNote, BrokenChain};
pub use failures::Failures;
pub use users::{SessionRow, UserRow};

pub use crate::on;

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No connection to be had: stopped, restarting, or too busy.
    #[error("database not reachable: {0}")]
    Unreachable(String),
    /// The text after `url =` names no database.
    #[error(
        "the database address can't be used: {0}; it begins with sqlite: or postgres:, as in \
         sqlite:data/service.sqlite"
    )]
    Address(String),
    /// A row that is there already.
    #[error("it is there already")]
    Exists,
    /// The disk of the database is full.
    #[error(
        "no space left where the database lies: free some, then try again; nothing was changed"
    )]
    Full,
    /// Anything else: a fault of this program, or a damaged database.
    #[error("the database failed: {0}")]
    Failed(sqlx::Error),
    /// The tables could not be made or brought up to date.
    #[error("the database's tables can't be brought up to date: {0}")]
    Migrate(String),
    /// What the database holds does not fit together.
    #[error("the database holds what it should not: {0}")]
    Content(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        use sqlx::Error as E;
        match &error {
            E::Io(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Tls(_) => {
                StoreError::Unreachable(error.to_string())
            }
            E::Database(database) if database.is_unique_violation() => StoreError::Exists,
            E::Database(database) => match database.code().as_deref() {
                // PostgreSQL: shutting down, crashed, starting up, too many connections.
                Some("57P01" | "57P02" | "57P03" | "53300" | "08006" | "08003") => {
                    StoreError::Unreachable(database.message().to_owned())
                }
                Some(code) if is_full(code) => StoreError::Full,
                _ => StoreError::Failed(error),
            },
            _ => StoreError::Failed(error),
        }
    }
}

/// Whether a code says that the disk takes no more.
fn is_full(code: &str) -> bool {
    // SQLite's extended codes end with the primary one in their low byte: 13 is full, 10 a write
    // that failed. PostgreSQL's have five characters.
    let sqlite = code.parse::<u32>().ok().filter(|_| code.len() < 5);
    code == "53100" || sqlite.is_some_and(|code| matches!(code & 0xff, 10 | 13))
}

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// The database. A service wraps it, to open it with its own migrations.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    transactions: Arc<AtomicU64>,
}

/// A service's migrations, for each engine: what `sqlx::migrate!` makes of a folder.
///
/// On SQLite all that are new run in one transaction, so that none may be marked `-- no-transaction`.
#[derive(Debug, Clone, Copy)]
pub struct Migrations {
    /// For SQLite.
    pub sqlite: &'static Migrator,
    /// For PostgreSQL.
    pub postgres: &'static Migrator,
}

/// Most connections at once.
#[derive(Debug, Clone, Copy)]
pub struct Pools {
    /// To SQLite.
    pub sqlite: u32,
    /// To PostgreSQL.
    pub postgres: u32,
}

/// A transaction. Dropped without [`Tx::commit`], it changes nothing. A service wraps it, and
/// adds its own SQL as methods of the wrapper.
pub struct Tx(Engine);

/// A transaction of one engine.
pub enum Engine {
    /// SQLite's.
    Sqlite(Transaction<'static, Sqlite>),
    /// PostgreSQL's.
    Postgres(Transaction<'static, Postgres>),
}

/// Runs one expression on whichever engine the transaction is of.
///
/// The transaction is a [`Tx`](crate::store::Tx), or what dereferences to one;
/// `on!(self, db => sqlx::query(sql).bind(x).execute(db).await?)`.
#[macro_export]
macro_rules! on {
    ($tx:expr, $db:ident => $body:expr) => {
        match $tx.engine() {
            $crate::store::Engine::Sqlite(tx) => {
                let $db = &mut **tx;
                $body
            }
            $crate::store::Engine::Postgres(tx) => {
                let $db = &mut **tx;
                $body
            }
        }
    };
}

impl Store {
    /// A transaction that only reads, all from one moment.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        self.begin("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await
    }

    /// A transaction that writes.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        // SQLite takes its one writer's lock at once: a reader that becomes a writer can't wait.
        self.begin("BEGIN IMMEDIATE", "BEGIN").await
    }

    async fn begin(&self, sqlite: &'static str, postgres: &'static str) -> Result<Tx, StoreError> {
        self.transactions.fetch_add(1, Ordering::Relaxed);
        Ok(Tx(match &self.pool {
            Pool::Sqlite(pool) => Engine::Sqlite(pool.begin_with(sqlite).await?),
            Pool::Postgres(pool) => Engine::Postgres(pool.begin_with(postgres).await?),
        }))
    }

    /// How many transactions have begun since the start: no query runs outside one.
    pub fn transactions(&self) -> u64 {
        self.transactions.load(Ordering::Relaxed)
    }

    /// The engine's name.
    pub fn engine(&self) -> &'static str {
        match &self.pool {
            Pool::Sqlite(_) => "SQLite",
            Pool::Postgres(_) => "PostgreSQL",
        }
    }

    /// Ends all connections.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes what was written lasting.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.0 {
            Engine::Sqlite(tx) => tx.commit().await?,
            Engine::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// The transaction of the engine, for [`on!`](crate::on).
    pub fn engine(&mut self) -> &mut Engine {
        &mut self.0
    }

    /// Adds one to a counter and gives its new value, which is more than `above`. The row stays
    /// locked until the transaction ends, so that counting happens one after another.
    pub async fn count(&mut self, name: &str, above: i64) -> Result<i64, StoreError> {
        self.count_by(name, above, 1).await
    }

    /// As [`Tx::count`], with `by` values at once; gives the last of them.
    pub async fn count_by(&mut self, name: &str, above: i64, by: i64) -> Result<i64, StoreError> {
        let sql = "UPDATE counters SET value = CASE WHEN value > $2 THEN value ELSE $2 END + $3 \
                   WHERE name = $1 RETURNING value";
        Ok(on!(self, db => sqlx::query_scalar(sql)
            .bind(name)
            .bind(above)
            .bind(by)
            .fetch_one(db)
            .await?))
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.engine())
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tx")
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}
