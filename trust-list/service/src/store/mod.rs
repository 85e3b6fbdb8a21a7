//! The database: one [`Store`] over SQLite and PostgreSQL.
//!
//! Every access is a transaction, [`Store::read`] or [`Store::write`], and the SQL for one subject
//! stands in one module. The text of a statement is the same for both engines; where an engine
//! needs its own, it says so there. What differs in the tables is in the two migration folders.

mod audit;
mod clients;
mod documents;
mod failures;
mod foreign;
mod issued;
mod key_lists;
mod keys;
mod publications;
mod slices;
mod users;

use std::{
    str::FromStr as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{
    PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use audit::{AuditEntry, BrokenChain};
pub use clients::ClientRow;
pub use documents::DocumentRow;
pub use failures::Failures;
pub use foreign::ForeignRow;
pub use issued::{GroupRow, Identified, IssuedRow, NewCertificate, RevocationRow};
pub use key_lists::KeyListRow;
pub use keys::{KeyFilter, KeyRow};
pub use publications::{PublicationRow, PublicationState};
pub use slices::SliceRow;
pub use users::{SessionRow, UserRow};

/// How long a request waits for a connection before the database counts as away.
const ACQUIRE: Duration = Duration::from_secs(5);

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
         sqlite:data/trust.sqlite"
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

/// The database.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    transactions: Arc<AtomicU64>,
}

/// A transaction. Dropped without [`Tx::commit`], it changes nothing.
pub struct Tx(Inner);

enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs one expression on whichever engine the transaction is of.
macro_rules! on {
    ($tx:expr, $db:ident => $body:expr) => {
        match &mut $tx.0 {
            $crate::store::Inner::Sqlite(tx) => {
                let $db = &mut **tx;
                $body
            }
            $crate::store::Inner::Postgres(tx) => {
                let $db = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use on;

impl Store {
    /// Opens the database that an address names, and makes or brings up to date its tables.
    ///
    /// `sqlite:PATH` makes the file if it is not there; `postgres://user@host/name` reads what is
    /// left out, and the password, from the environment as `psql` does.
    pub async fn open(address: &str) -> Result<Store, StoreError> {
        let wrong = |error: sqlx::Error| StoreError::Address(error.to_string());
        let pool = if address.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(address)
                .map_err(wrong)?
                .create_if_missing(true)
                .foreign_keys(true)
                .journal_mode(SqliteJournalMode::Wal)
                // A sequence that was taken must not come back after a power cut.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(10));
            let pool = SqlitePoolOptions::new()
                .max_connections(8)
                .acquire_timeout(ACQUIRE)
                .connect_with(options)
                .await?;
            Pool::Sqlite(pool)
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            let options = PgConnectOptions::from_str(address).map_err(wrong)?;
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(ACQUIRE)
                .connect_with(options)
                .await?;
            Pool::Postgres(pool)
        } else {
            return Err(StoreError::Address("no database is called so".into()));
        };
        let migrated = match &pool {
            Pool::Sqlite(pool) => sqlx::migrate!("migrations/sqlite").run(pool).await,
            Pool::Postgres(pool) => sqlx::migrate!("migrations/postgres").run(pool).await,
        };
        migrated.map_err(|error| StoreError::Migrate(error.to_string()))?;
        Ok(Store {
            pool,
            transactions: Arc::default(),
        })
    }

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
            Pool::Sqlite(pool) => Inner::Sqlite(pool.begin_with(sqlite).await?),
            Pool::Postgres(pool) => Inner::Postgres(pool.begin_with(postgres).await?),
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
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Adds to a counter and gives its new value, which is more than `above`. The row stays locked
    /// until the transaction ends, so that counting happens one after another.
    pub(crate) async fn count(&mut self, name: &str, above: i64) -> Result<i64, StoreError> {
        let sql = "UPDATE counters SET value = CASE WHEN value > $2 THEN value ELSE $2 END + 1 \
                   WHERE name = $1 RETURNING value";
        Ok(on!(self, db => sqlx::query_scalar(sql)
            .bind(name)
            .bind(above)
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
