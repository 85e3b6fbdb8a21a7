//! Waits that grow with wrong attempts from one address.

use service::store::Failures;

use crate::store::{StoreError, Tx};

/// The longest wait, in seconds: a quarter of an hour.
const LONGEST: i64 = 15 * 60;
/// Failures are forgotten after a day without one.
const FORGET: i64 = 24 * 3600;

/// What is counted, and how much of it costs nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    prefix: &'static str,
    free: i64,
}

/// Wrong claims. Whole districts sit behind one address of a mobile network, and a mistyped code does
/// not count: fifty free ones a day help nobody to guess one of 10^13 codes.
pub(crate) const CLAIM: Patience = Patience {
    prefix: "claim",
    free: 50,
};
/// Complaints, right or wrong.
pub(crate) const COMPLAIN: Patience = Patience {
    prefix: "complain",
    free: 10,
};

impl Patience {
    fn subject(self, address: &str) -> String {
        let address: String = address.chars().take(64).collect();
        format!("{}:{address}", self.prefix)
    }

    /// Seconds to wait before an attempt from this address counts.
    pub(crate) async fn wait(
        self,
        tx: &mut Tx,
        address: &str,
        now: i64,
    ) -> Result<Option<i64>, StoreError> {
        let wait = tx.failures(&self.subject(address)).await?.locked_until - now;
        Ok((wait > 0).then_some(wait))
    }

    /// Counts one.
    pub(crate) async fn count(
        self,
        tx: &mut Tx,
        address: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        let subject = self.subject(address);
        let before = tx.failures(&subject).await?;
        tx.set_failures(&subject, after_failure(before, self.free, now))
            .await
    }
}

/// The rule of signing in: each failure beyond the free ones doubles the wait, from two seconds on.
fn after_failure(before: Failures, free: i64, now: i64) -> Failures {
    let failures = match now - before.last > FORGET {
        true => 1,
        false => before.failures + 1,
    };
    let wait = match failures - free {
        beyond if beyond < 0 => 0,
        beyond => LONGEST.min(2_i64 << beyond.min(20)),
    };
    Failures {
        failures,
        last: now,
        locked_until: now + wait,
    }
}
