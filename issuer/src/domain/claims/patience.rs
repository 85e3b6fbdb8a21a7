//! Waits that grow with wrong attempts from one address.

use crate::store::{StoreError, Tx};

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
        tx.set_failures(&subject, before.and_another(self.free, now))
            .await
    }
}
