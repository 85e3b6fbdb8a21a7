//! The database: the shared [`service::store`], opened with this service's tables, and the SQL of
//! its own.
//!
//! Every access is a transaction, [`Store::read`] or [`Store::write`], and the SQL for one subject
//! stands in one module. What differs in the tables is in the two migration folders.

mod clients;
mod documents;
mod foreign;
mod issued;
mod key_lists;
mod keys;
mod publications;
mod slices;

use std::ops::{Deref, DerefMut};

use service::store::{Migrations, Pools};

pub use clients::ClientRow;
pub use documents::DocumentRow;
pub use foreign::ForeignRow;
pub use issued::{GroupRow, Identified, IssuedRow, NewCertificate, RevocationRow};
pub use key_lists::KeyListRow;
pub use keys::{KeyFilter, KeyRow};
pub use publications::{PublicationRow, PublicationState};
pub use service::store::{AuditEntry, BrokenChain, Failures, SessionRow, StoreError, UserRow, on};
pub use slices::SliceRow;

static MIGRATIONS: Migrations = Migrations {
    sqlite: &sqlx::migrate!("migrations/sqlite"),
    postgres: &sqlx::migrate!("migrations/postgres"),
};

/// The database.
#[derive(Debug, Clone)]
pub struct Store(service::store::Store);

/// A transaction. Dropped without [`Tx::commit`], it changes nothing.
#[derive(Debug)]
pub struct Tx(service::store::Tx);

impl Store {
    /// Opens the database that an address names, and makes or brings up to date its tables.
    ///
    /// `sqlite:PATH` makes the file if it is not there; `postgres://user@host/name` reads what is
    /// left out, and the password, from the environment as `psql` does.
    pub async fn open(address: &str) -> Result<Store, StoreError> {
        let pools = Pools {
            sqlite: 8,
            postgres: 16,
        };
        let store = service::store::Store::open(address, &MIGRATIONS, pools);
        store.await.map(Store)
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
}

impl Deref for Store {
    type Target = service::store::Store;

    fn deref(&self) -> &service::store::Store {
        &self.0
    }
}

impl Deref for Tx {
    type Target = service::store::Tx;

    fn deref(&self) -> &service::store::Tx {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut service::store::Tx {
        &mut self.0
    }
}
