//! Sites, as the desk sees them, and their keys, opened once.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use keyring::SiteKey;

use super::{Issuer, Refusal};
use crate::store::{PlaceRow, StoreError};

/// Keys of sites that were opened, by path. Each wipes itself when it is dropped.
#[derive(Default)]
pub(in crate::domain) struct SiteKeys(Mutex<HashMap<String, Arc<SiteKey>>>);

impl fmt::Debug for SiteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteKeys")
    }
}

impl Issuer {
    /// The key of a site, with which its officer approves.
    pub(in crate::domain) fn site_key(&self, site: &PlaceRow) -> Result<Arc<SiteKey>, Refusal> {
        let none = || Refusal::State {
            state: "without a key".into(),
            why: "an administrator has to give the site one",
        };
        let spki = site.key_spki.as_deref().ok_or_else(none)?;
        let mut keys = self
            .site_keys
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = keys.get(&site.path).filter(|key| key.public() == spki) {
            return Ok(Arc::clone(key));
        }
        let sealed = site.key_sealed.as_deref().ok_or_else(none)?;
        let purpose = format!("site:{}", site.path);
        let damaged = || StoreError::Content(format!("the key of {} does not open", site.path));
        let secret = self.vault.open(&purpose, sealed).ok_or_else(damaged)?;
        let key = SiteKey::from_secret(&secret).map_err(|_| damaged())?;
        if key.public() != spki {
            return Err(damaged().into());
        }
        let key = Arc::new(key);
        keys.insert(site.path.clone(), Arc::clone(&key));
        Ok(key)
    }
}
