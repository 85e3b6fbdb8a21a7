//! What a publication would change against what is live.

use std::collections::{BTreeMap, BTreeSet};

use hcert::x509::Certificate;
use trust_list::{
    digest::Digest,
    key_list::{Key, KeyList, Material},
};

use super::{
    PublishError, Publisher, contents,
    contents::PartContent,
    key_list::{KeyListStatus, number},
};

/// What a publication would change.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Preview {
    /// Sequence that is live; 0 before the first publication.
    pub live_sequence: u64,
    /// Keys that come into the key list.
    pub keys_added: Vec<KeyChange>,
    /// Keys that leave it.
    pub keys_removed: Vec<KeyChange>,
    /// Keys whose withdrawal is new or another.
    pub keys_withdrawn: Vec<KeyChange>,
    /// How many authorities come and go.
    pub authorities_changed: usize,
    /// The changes of keys wait for signatures of offline keys, and do not come with this
    /// publication.
    pub keys_wait: bool,
    /// How the newest key list stands; without it none was ever made.
    pub key_list: Option<KeyListStatus>,
    /// Certificates revoked in the live bundle.
    pub revoked_before: i64,
    /// Certificates revoked now.
    pub revoked_now: i64,
    /// Slices that will be made anew; their sizes are not known yet.
    pub slices_to_build: usize,
    /// Parts that are new, changed or gone.
    pub parts: Vec<PartChange>,
    /// Bytes of new and changed parts: what a client has to fetch who has the live bundle.
    pub update_bytes: u64,
    /// To be sent with `POST /publish`: nothing is published if something changed since.
    pub fingerprint: String,
}

/// A key that changes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KeyChange {
    /// Base64; `None` for a key that is tried for every message.
    pub kid: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Subject of its certificate.
    pub subject: Option<String>,
    /// Why it was withdrawn.
    pub reason: Option<String>,
}

/// A part that changes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PartChange {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// `new`, `changed` or `gone`.
    pub change: &'static str,
    /// Its bytes after the change.
    pub bytes: u64,
}

impl KeyChange {
    fn of(key: &Key) -> KeyChange {
        let subject = match &key.material {
            Material::Certificate(der) => Certificate::from_der(der).ok(),
            Material::Spki(_) => None,
        };
        KeyChange {
            kid: key.kid.as_deref().map(hcert::base64::encode),
            country: key.country.clone(),
            subject: subject.map(|certificate| certificate.subject().to_owned()),
            reason: key.withdrawal.as_ref().map(|one| one.reason.clone()),
        }
    }
}

/// What a key is, whatever is said of it: material, kid, domain, issuer.
type Identity<'k> = (&'k [u8], Option<&'k [u8]>, Option<&'k str>, Option<&'k str>);

fn identity(key: &Key) -> Identity<'_> {
    (
        key.material.der(),
        key.kid.as_deref(),
        key.domain.as_deref(),
        key.issuer.as_deref(),
    )
}

impl Publisher {
    /// What a publication would change now. Nothing is written.
    pub async fn preview(&self) -> Result<Preview, PublishError> {
        let now = self.clock.now();
        let previous = self.previous().await?;
        let live_list = match &previous {
            Some(previous) => self.live_key_list(previous).await?,
            None => None,
        };
        let mut tx = self.store.read().await?;
        let (next, differs) = self.next_key_list(&mut tx, now).await?;
        let status = self.key_list_status(&mut tx).await?;
        let root = self.roots.current();
        let own = self.held.suffice(root, trust_list::root::Role::Keys);
        let signed = self.signed_key_list(&mut tx).await?;
        let pending = differs || status.as_ref().is_some_and(KeyListStatus::waits);
        let mut preview = Preview {
            live_sequence: previous.as_ref().map_or(0, |p| p.manifest.sequence()),
            keys_added: Vec::new(),
            keys_removed: Vec::new(),
            keys_withdrawn: Vec::new(),
            authorities_changed: 0,
            keys_wait: pending && !own,
            key_list: status,
            revoked_before: revoked_in(tx.last_publication().await?.map(|row| row.summary)),
            revoked_now: 0,
            slices_to_build: 0,
            parts: Vec::new(),
            update_bytes: 0,
            fingerprint: String::new(),
        };
        preview.compare_keys(live_list.as_ref(), &next);
        for slice in tx.slices().await? {
            preview.revoked_now += slice.revoked;
            preview.slices_to_build += usize::from(slice.built != slice.change);
        }
        // A key list that is still to be signed has about the size of its content.
        let mut row = signed.unwrap_or(crate::store::KeyListRow {
            version: 0,
            content: String::new(),
            envelope: Vec::new(),
            complete: false,
            made_at: 0,
            expires: 0,
        });
        if differs && own {
            row.envelope = next.encode();
        }
        let contents = contents::collect(&mut tx, &row, now.unix()).await?;
        drop(tx);
        let before = previous.iter().flat_map(|p| p.manifest.parts());
        let before: BTreeMap<(String, String), Digest> = before
            .map(|part| ((part.kind.to_string(), part.name.clone()), part.digest))
            .collect();
        preview.compare_parts(before, &contents);
        preview.fingerprint = preview.fingerprint(&contents, &next);
        Ok(preview)
    }
}

fn revoked_in(summary: Option<String>) -> i64 {
    let summary: Option<serde_json::Value> =
        summary.and_then(|text| serde_json::from_str(&text).ok());
    summary
        .and_then(|summary| summary.get("revoked")?.as_i64())
        .unwrap_or(0)
}

impl Preview {
    fn compare_keys(&mut self, live: Option<&KeyList>, next: &KeyList) {
        let none = Vec::new();
        let live_keys = live.map_or(&none, |list| &list.keys);
        let before: BTreeMap<_, &Key> = live_keys.iter().map(|key| (identity(key), key)).collect();
        let after: BTreeSet<_> = next.keys.iter().map(identity).collect();
        for key in &next.keys {
            match before.get(&identity(key)) {
                None => self.keys_added.push(KeyChange::of(key)),
                Some(old) if old.withdrawal != key.withdrawal => {
                    self.keys_withdrawn.push(KeyChange::of(key));
                }
                Some(_) => {}
            }
        }
        let gone = live_keys
            .iter()
            .filter(|key| !after.contains(&identity(key)));
        self.keys_removed = gone.map(KeyChange::of).collect();
        let authorities = |list: &KeyList| -> BTreeSet<Vec<u8>> {
            let authorities = list.authorities.iter();
            authorities.map(|one| one.certificate.clone()).collect()
        };
        let before = live.map(authorities).unwrap_or_default();
        self.authorities_changed = before.symmetric_difference(&authorities(next)).count();
    }

    fn compare_parts(
        &mut self,
        mut before: BTreeMap<(String, String), Digest>,
        contents: &[PartContent],
    ) {
        for content in contents {
            let part = content.part();
            let (kind, name) = (part.kind.to_string(), part.name);
            let change = match before.remove(&(kind.clone(), name.clone())) {
                Some(digest) if digest == part.digest => continue,
                Some(_) => "changed",
                None => "new",
            };
            let bytes = part.length as u64;
            self.update_bytes += bytes;
            self.parts.push(PartChange {
                kind,
                name,
                change,
                bytes,
            });
        }
        for ((kind, name), _) in before {
            self.parts.push(PartChange {
                kind,
                name,
                change: "gone",
                bytes: 0,
            });
        }
    }

    fn fingerprint(&self, contents: &[PartContent], next: &KeyList) -> String {
        let mut all = next.encode();
        for content in contents {
            all.extend_from_slice(Digest::of(&content.bytes).as_bytes());
        }
        let counts = [
            number(self.revoked_now),
            self.live_sequence,
            self.slices_to_build as u64,
        ];
        all.extend(counts.into_iter().flat_map(u64::to_be_bytes));
        Digest::of(&all).to_string()
    }
}
