//! What the issuer does, whoever asks: pages, API and bulk work come through here.
//!
//! [`desk`] makes records and certificates, one or thousands, each batch in one transaction;
//! [`queue`] is what officers and the authority do with records, [`certificates`] what happens to a
//! certificate later. [`limits`] notices what no honest desk does.

pub mod accounts;
pub mod alarms;
pub mod board;
pub mod catalogue;
pub mod certificates;
pub mod claims;
pub mod complaints;
pub mod content;
pub mod counts;
pub mod desk;
pub mod limits;
pub mod lists;
pub mod lots;
pub mod persons;
pub mod places;
pub mod programs;
pub mod queue;
pub mod refusal;
pub mod retention;
pub mod settings;
pub mod sheets;
pub mod tubes;

use std::sync::{Arc, Weak};

use hcert::time::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use intake::draft;
use keyring::{Certifier, Keyring};
use service::{clock::Clock, vault::Vault};
use sha2::Sha256;
use zeroize::Zeroizing;

pub use refusal::Refusal;
use settings::Settings;

use crate::{domain::catalogue::Catalogues, store::Store};

/// What an issuer is put together of.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Seals what must not lie open in the database: site keys, secrets of one-time codes.
    pub vault: Vault,
    /// 32 random bytes that stay the same for the life of the database; see [`Issuer::secret`].
    pub secret: Zeroizing<[u8; 32]>,
    /// How this country does it.
    pub settings: Settings,
    /// The document signers.
    pub keys: Arc<Keyring>,
    /// Makes and verifies signed texts.
    pub certifier: Certifier,
    /// Value sets and products in force.
    pub catalogues: Catalogues,
    /// Paper.
    pub press: print::Press,
}

/// Everything that issuing takes.
pub struct Issuer {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Seals what must not lie open in the database: site keys, secrets of one-time codes.
    pub vault: Vault,
    /// How this country does it.
    pub settings: Settings,
    /// The document signers.
    pub keys: Arc<Keyring>,
    /// Makes and verifies signed texts.
    pub certifier: Certifier,
    /// Value sets and products in force.
    pub catalogues: Catalogues,
    /// Paper.
    pub press: print::Press,
    /// What this process did.
    pub counts: counts::Counts,
    secret: Zeroizing<[u8; 32]>,
    /// Of the events of people: what [`desk`] tells repeated reports by.
    fingerprints: Zeroizing<[u8; 32]>,
    writer: desk::Writer,
    site_keys: desk::SiteKeys,
    /// Itself, for work that goes on in other tasks and threads.
    me: Weak<Issuer>,
}

impl Issuer {
    /// Puts it together. Nothing runs yet: the task that writes begins with the first
    /// [`Issuer::take`].
    pub fn start(parts: Parts) -> Arc<Issuer> {
        Arc::new_cyclic(|me| Issuer {
            store: parts.store,
            clock: parts.clock,
            vault: parts.vault,
            settings: parts.settings,
            keys: parts.keys,
            certifier: parts.certifier,
            catalogues: parts.catalogues,
            press: parts.press,
            fingerprints: derived(&parts.secret, "fingerprints"),
            secret: parts.secret,
            counts: counts::Counts::default(),
            writer: desk::Writer::default(),
            site_keys: desk::SiteKeys::default(),
            me: me.clone(),
        })
    }

    /// Ends gracefully: [`Issuer::take`] takes nothing more, and what it took is finished when this
    /// returns.
    pub async fn close(&self) {
        self.writer.close().await;
    }

    /// A secret for one purpose, always the same: HMAC-SHA-256 of the purpose under the service's
    /// secret. One does not give another away.
    pub fn secret(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        derived(&self.secret, purpose)
    }

    /// The local day of an instant, as 2026-11-28.
    pub fn day(&self, at: Timestamp) -> String {
        let local = at.plus_seconds(i64::from(self.settings.offset) * 60);
        hcert::date::Date::from_unix_seconds(local.unix())
            .map_or_else(String::new, |day| day.to_string())
    }

    /// The hour of the local day, 0 to 23.
    fn hour_of_day(&self, at: Timestamp) -> u8 {
        let local = at.plus_seconds(i64::from(self.settings.offset) * 60);
        u8::try_from(local.unix().rem_euclid(86_400) / 3600).unwrap_or_default()
    }

    /// How texts of drafts are read here.
    pub fn reading<'a>(
        &self,
        catalogue: &'a intake::codes::Catalogue,
    ) -> Result<draft::Settings<'a>, Refusal> {
        let country = catalogue.country(&self.settings.country);
        let country = country.map_err(|_| {
            Refusal::Asked(format!(
                "{} is not in the value set of countries",
                self.settings.country
            ))
        })?;
        Ok(draft::Settings {
            catalogue,
            country,
            offset: self.settings.offset,
        })
    }

    /// Itself, to be moved elsewhere.
    fn me(&self) -> Result<Arc<Issuer>, Refusal> {
        let me = self.me.upgrade();
        me.ok_or_else(|| Refusal::Asked("the service is ending".into()))
    }
}

fn derived(secret: &[u8; 32], purpose: &str) -> Zeroizing<[u8; 32]> {
    let mut made = Zeroizing::new([0; 32]);
    // A key of any length is right for HMAC.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) {
        mac.update(purpose.as_bytes());
        made.copy_from_slice(&mac.finalize().into_bytes());
    }
    made
}
