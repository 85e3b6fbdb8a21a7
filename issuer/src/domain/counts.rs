//! What this process did since it began, for the metrics.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that only grows.
#[derive(Debug)]
pub struct Count(AtomicU64);

impl Count {
    const fn zero() -> Count {
        Count(AtomicU64::new(0))
    }

    /// So many more.
    pub fn add(&self, more: usize) {
        let more = u64::try_from(more).unwrap_or_default();
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// What it has come to.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Certificates that were issued.
pub static ISSUED: Count = Count::zero();
/// Certificates that were revoked.
pub static REVOKED: Count = Count::zero();
/// Certificates that were printed.
pub static PRINTED: Count = Count::zero();
/// Rows of bulk work that were taken.
pub static ROWS: Count = Count::zero();
