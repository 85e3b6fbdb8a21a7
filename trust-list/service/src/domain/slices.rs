//! Where the service meets `trust_list::revocation`: slices of our own certificates, lists of others.

use crate::{
    publish::PartContent,
    store::{Store, StoreError, Tx},
};

/// Why a slice could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SlicesError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the slices that changed, and keeps them in the database.
pub async fn build(_store: &Store) -> Result<usize, SlicesError> {
    Ok(0)
}

/// The parts of revocation, from one moment of the database.
pub async fn parts(_tx: &mut Tx, _now: i64) -> Result<Vec<PartContent>, SlicesError> {
    Ok(Vec::new())
}
