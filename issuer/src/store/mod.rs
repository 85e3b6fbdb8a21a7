//! The database: SQLite or PostgreSQL, one module a subject over [`service::store`].

mod accounts;
mod alarms;
mod board;
mod certificates;
pub mod chain;
mod claims;
mod clients;
mod complaints;
mod deliveries;
mod documents;
mod habits;
mod jobs;
mod kept;
mod leases;
mod lists;
mod maintenance;
mod once;
mod outbox;
mod paged;
mod persons;
mod places;
mod records;
mod retention;
mod rows;
mod sheets;
mod signers;
mod sites;
#[cfg(feature = "oidc")]
mod subjects;
mod tallies;
mod tubes;

use std::ops::{Deref, DerefMut};

use service::store::{self as base, Migrations, Pools};
pub use service::store::{AuditEntry, AuditNote, BrokenChain, StoreError};

pub use board::BoardPage;
pub use certificates::{Chosen, ChosenRow, IssuedRow, uvci_hash};
pub use claims::ClaimRow;
pub use complaints::ComplainedRow;
pub use jobs::{
    Chunk, Done, DoseRow, ExportRow, FailedRow, Lease, NewRow, RowOutcome, RowRow, WaitingRow,
};
pub use kept::Claim;
pub use maintenance::sweep;
pub use once::KeyRow;
pub use outbox::{IssuedHash, OutboxRow};
pub use paged::{Counts, Listed};
pub use persons::Numbers;
pub use records::{After, CountRow, OtherRow, PrintRow};
pub use rows::{
    AccountRow, AlarmRow, CertificateRow, ClientRow, ComplaintRow, DeliveryRow, DocumentRow,
    JobRow, OnceRow, PersonRow, PlaceRow, RecordRow, TubeRow,
};
pub use signers::SignerRow;
pub use sites::{LotRow, Within};
pub use tallies::TallyRow;

static MIGRATIONS: Migrations = Migrations {
    sqlite: &sqlx::migrate!("migrations/sqlite"),
    postgres: &sqlx::migrate!("migrations/postgres"),
};

/// The database.
#[derive(Debug, Clone)]
pub struct Store(base::Store);

/// A transaction. Dropped without [`Tx::commit`], it changes nothing.
#[derive(Debug)]
pub struct Tx(base::Tx);

impl Store {
    /// Opens the database that an address names, and makes or brings up to date its tables.
    pub async fn open(address: &str) -> Result<Store, StoreError> {
        let pools = Pools {
            sqlite: 8,
            postgres: 16,
        };
        Ok(Store(base::Store::open(address, &MIGRATIONS, pools).await?))
    }

    /// A transaction that only reads, all from one moment.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        self.0.read().await.map(Tx)
    }

    /// A transaction that writes.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        self.0.write().await.map(Tx)
    }
}

impl Tx {
    /// Makes what was written lasting.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.0.commit().await
    }

    /// Whether the database answers.
    pub async fn ping(&mut self) -> Result<(), StoreError> {
        let one: i64 = service::on!(self, db => sqlx::query_scalar("SELECT value FROM counters WHERE name = 'audit'")
            .fetch_one(db)
            .await?);
        let _ = one;
        Ok(())
    }
}

impl Deref for Store {
    type Target = base::Store;

    fn deref(&self) -> &base::Store {
        &self.0
    }
}

impl Deref for Tx {
    type Target = base::Tx;

    fn deref(&self) -> &base::Tx {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut base::Tx {
        &mut self.0
    }
}
