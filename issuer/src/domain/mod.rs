//! What the issuer does, whoever asks: pages, API and bulk work come through here.
//!
//! [`desk`] makes records and certificates, one or thousands, each batch in one transaction;
//! [`queue`] is what officers and the authority do with records, [`certificates`] what happens to a
//! certificate later. [`limits`] notices what no honest desk does.

pub mod accounts;
pub mod alarms;
pub mod catalogue;
pub mod certificates;
pub mod claims;
pub mod complaints;
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

use std::sync::Arc;

use keyring::{Certifier, Keyring};
use service::{clock::Clock, vault::Vault};

pub use refusal::Refusal;
use settings::Settings;

use crate::{domain::catalogue::Catalogues, store::Store};

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
}
