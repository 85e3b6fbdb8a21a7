//! The clock and the random numbers of the operating system, which the crates below never touch.

use std::time::{SystemTime, UNIX_EPOCH};

use hcert::time::Timestamp;
use zeroize::Zeroizing;

use crate::fault::Fault;

/// The present, by the system's clock.
pub(crate) fn now() -> Timestamp {
    // A clock set before 1970 counts as 1970: every certificate made then is refused anyway.
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::saturating(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// Random bytes, wiped when dropped.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, Fault> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut bytes[..]).map_err(|error| Fault::Random(error.to_string()))?;
    Ok(bytes)
}
