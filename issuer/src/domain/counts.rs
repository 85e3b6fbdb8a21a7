//! What this process did since it began, for the metrics.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// So many more.
    pub(super) fn add(&self, more: usize) {
        let more = u64::try_from(more).unwrap_or_default();
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// What it has come to.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The numbers of an issuer.
#[derive(Debug, Default)]
pub struct Counts {
    /// Certificates that were issued.
    pub issued: Count,
    /// Certificates that were revoked.
    pub revoked: Count,
    /// Certificates that were printed.
    pub printed: Count,
    /// Rows of bulk work that were taken.
    pub rows: Count,
}
