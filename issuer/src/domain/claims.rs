//! A citizen's way to the own certificate: birth date and a one-time code.

mod code;
pub(crate) mod patience;

use hcert::{date::PartialDate, time::Timestamp};
use serde_json::json;

pub use code::{ClaimCode, NotACode};

use super::{Issuer, Refusal};
use crate::{
    actor::Actor,
    id::Id,
    roles::Role,
    store::{CertificateRow, Tx},
};

/// A code is good for nothing any more after so many wrong birth dates; a new one is printed.
pub const MOST_FAILURES: i64 = 10;

const DAY: i64 = 24 * 3600;

impl Issuer {
    /// A fresh claim code of a certificate, as it is printed: nine characters and a check character in
    /// groups, without letters that look like digits. Those made before for it end.
    pub async fn claim_code(&self, actor: &Actor, certificate: Id) -> Result<String, Refusal> {
        let may = [Role::Clerk, Role::Officer, Role::Authority];
        if !may.into_iter().any(|role| actor.is(role)) {
            return Err(Refusal::Role("clerk"));
        }
        if self.settings.public_url.is_none() {
            return Err(Refusal::State {
                state: "not set up".into(),
                why: "citizens can fetch certificates when the configuration has a public_url",
            });
        }
        let code = ClaimCode::new()?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let row = tx.certificate(certificate).await?;
        let row = row
            .filter(|row| row.site.parse().is_ok_and(|place| actor.sees(&place)))
            .ok_or(Refusal::NotFound("certificate"))?;
        if row.state != "valid" {
            return Err(Refusal::State {
                state: row.state,
                why: "only a valid certificate can be fetched",
            });
        }
        self.store_claim(&mut tx, certificate, &code, now).await?;
        let subject = format!("certificate:{certificate}");
        tx.audit(now, &actor.name, "claim.new", &subject, &json!({}))
            .await?;
        tx.commit().await?;
        Ok(code.to_string())
    }

    /// Puts a code into the database, in the transaction that prints it.
    pub(crate) async fn store_claim(
        &self,
        tx: &mut Tx,
        certificate: Id,
        code: &ClaimCode,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let digest = code.digest(&self.secret(CLAIMS));
        let expires = now.unix() + self.settings.claim_days.max(0) * DAY;
        tx.replace_claim(&digest, certificate, now.unix(), expires)
            .await?;
        Ok(())
    }

    /// The certificate of a code and a birth date, as people type both. Wrong guesses are counted for the
    /// code and for the address; a typing mistake that the check character shows counts for nothing.
    /// A code can be used again for the rest of its days, by who knows both.
    ///
    /// Whether the code or the birth date was wrong, the answer is the same, and so is the work done.
    pub async fn claim(
        &self,
        code: &str,
        birth: &str,
        address: &str,
    ) -> Result<CertificateRow, Refusal> {
        let code = ClaimCode::read(code).map_err(|why| Refusal::Asked(why.to_string()))?;
        let birth = PartialDate::parse_typed(birth.trim())
            .ok()
            .filter(|birth| *birth != PartialDate::UNKNOWN)
            .ok_or_else(|| {
                let why =
                    "write the birth date as 26/02/1998, or the year alone if only that is known";
                Refusal::Asked(why.into())
            })?;
        let now = self.clock.now();
        // Who has to wait anyway takes no lock.
        let mut tx = self.store.read().await?;
        let wait = patience::CLAIM.wait(&mut tx, address, now.unix()).await?;
        drop(tx);
        if let Some(seconds) = wait {
            return Err(Refusal::Wait(seconds));
        }
        let mut tx = self.store.write().await?;
        // Others may have guessed since: all at once is no way around.
        if let Some(seconds) = patience::CLAIM.wait(&mut tx, address, now.unix()).await? {
            return Err(Refusal::Wait(seconds));
        }
        let digest = code.digest(&self.secret(CLAIMS));
        let found = tx.claim(&digest).await?;
        let right = found.as_ref().is_some_and(|claim| {
            let live = claim.expires_at > now.unix() && claim.failures < MOST_FAILURES;
            live & is_born(&claim.birth, birth)
        });
        let Some(claim) = found.filter(|_| right) else {
            // The same two statements, whether there is such a code or not.
            tx.fail_claim(&digest).await?;
            patience::CLAIM.count(&mut tx, address, now.unix()).await?;
            tx.commit().await?;
            return Err(Refusal::NotFound("certificate of this code and birth date"));
        };
        let row = tx.certificate(claim.certificate).await?;
        let row = row.ok_or(Refusal::NotFound("certificate of this code and birth date"))?;
        tx.use_claim(&digest, now.unix()).await?;
        let subject = format!("certificate:{}", row.id);
        tx.audit(now, "service", "claim.use", &subject, &json!({}))
            .await?;
        tx.commit().await?;
        Ok(row)
    }
}

/// The secret that claim codes are hashed with.
const CLAIMS: &str = "claims";

/// Whether somebody typed the birth date that is known: all that is known of it, and maybe more. Who
/// has a document with nothing but a year may type a day of that year.
pub(crate) fn is_born(known: &str, typed: PartialDate) -> bool {
    let Ok(known) = PartialDate::parse(known) else {
        return false;
    };
    let agrees = |known: Option<u16>, typed: Option<u16>| known.is_none() || known == typed;
    known.year().is_some()
        & agrees(known.year(), typed.year())
        & agrees(known.month().map(u16::from), typed.month().map(u16::from))
        & agrees(known.day().map(u16::from), typed.day().map(u16::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birth_dates_as_far_as_they_are_known() {
        for (known, typed, right) in [
            ("1998-02-26", "26/02/1998", true),
            ("1998-02-26", "26021998", true),
            ("1998-02-26", "1998-02-26", true),
            ("1998-02-26", "26/2/1998", true),
            ("1998-02-26", "27/02/1998", false),
            ("1998-02-26", "1998", false),
            ("1998-02-26", "02/1998", false),
            ("1998-02", "02/1998", true),
            ("1998-02", "26/02/1998", true),
            ("1998-02", "1998", false),
            ("1998-02", "03/1998", false),
            ("1963", "1963", true),
            ("1963", "01/01/1963", true),
            ("1963", "1964", false),
            ("1963", "01/01/1964", false),
            // Of somebody of whom nothing is known, nothing typed is right.
            ("", "1963", false),
            ("nonsense", "1963", false),
        ] {
            let typed_date = PartialDate::parse_typed(typed).unwrap();
            assert_eq!(is_born(known, typed_date), right, "{known} {typed}");
        }
    }
}
