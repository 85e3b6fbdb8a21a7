//! A clock that is far off, noticed against what has been signed.

use hcert::time::Timestamp;

/// A difference that time zones and a drifting clock explain, in seconds: one day.
pub const TOLERANCE: i64 = 24 * 3600;

/// What can be said of a clock by the highest signed time ever seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Nothing speaks against it.
    Plausible,
    /// Something was signed after the time it shows: it is behind by at least this, in seconds.
    /// Expired certificates would pass, and nothing shows how stale the trust data is.
    Behind(i64),
}

/// Judges a clock.
pub fn judge(now: Timestamp, highest_signed: Timestamp) -> Clock {
    let behind = highest_signed.unix().saturating_sub(now.unix());
    if behind > TOLERANCE {
        Clock::Behind(behind)
    } else {
        Clock::Plausible
    }
}
