//! The key list: made anew only when it says something else, signed here or by holders of offline
//! keys.

use hcert::time::Timestamp;
use trust_list::{
    digest::Digest,
    envelope::{Document, Envelope},
    environment::Environment,
    key_list::{Authority, Key, KeyList, Material, Withdrawal},
    root::{Role, Root},
};

use super::{PublishError, Publisher};
use crate::store::{KeyListRow, KeyRow, Tx};

/// How the newest key list stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KeyListStatus {
    /// Its version.
    pub version: u64,
    /// Good signatures it has.
    pub signatures: usize,
    /// Signatures it needs.
    pub needed: usize,
    /// Version of the newest one with enough signatures; what is published until then.
    pub published_version: Option<u64>,
}

impl KeyListStatus {
    /// Whether it waits for signatures of offline keys.
    pub fn waits(&self) -> bool {
        self.signatures < self.needed
    }
}

/// What became of a signed copy that came back from a holder of an offline key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedCopy {
    /// Its signatures were taken over; how the list stands now.
    Merged(KeyListStatus),
    /// It is a copy of another version than the newest.
    Other {
        /// The newest version.
        newest: u64,
    },
}

/// The keys and authorities as a key list has them, without version and times.
pub(super) fn of_rows(rows: &[KeyRow], environment: Environment) -> Result<KeyList, PublishError> {
    let wrong = |row: &KeyRow| PublishError::Key(row.id.clone());
    let mut list = KeyList {
        version: 1,
        environment,
        issued: Timestamp::saturating(0),
        expires: Timestamp::saturating(1),
        keys: Vec::new(),
        authorities: Vec::new(),
    };
    for row in rows {
        let withdrawal = match row.state.as_str() {
            "admitted" => None,
            state @ ("withdrawn" | "compromised") => Some(Withdrawal {
                from: row
                    .withdrawn_from
                    .and_then(Timestamp::from_unix)
                    .ok_or_else(|| wrong(row))?,
                compromised: state == "compromised",
                reason: row.reason.clone().unwrap_or_default(),
            }),
            _ => continue,
        };
        match (row.role.as_str(), withdrawal) {
            ("signer", withdrawal) => list.keys.push(Key {
                kid: row.kid.clone(),
                material: match row.certificate {
                    true => Material::Certificate(row.der.clone()),
                    false => Material::Spki(row.der.clone()),
                },
                country: row.country.clone(),
                domain: row.domain.clone(),
                issuer: row.issuer.clone(),
                withdrawal,
                source: Some(row.source.clone()),
            }),
            // An authority has no withdrawal in a key list: it is left out.
            ("authority", None) => list.authorities.push(Authority {
                certificate: row.der.clone(),
                country: row.country.clone(),
            }),
            _ => {}
        }
    }
    Ok(list)
}

/// Digest of what a list says, its version and times apart.
fn content(list: &KeyList) -> String {
    Digest::of(&list.encode()).to_string()
}

/// What the newest row says is in force still.
fn is_current(row: &KeyListRow, content: &str, now: Timestamp, lifetime: i64) -> bool {
    // Renewed when three quarters are over: offline keys take their time.
    row.content == content && row.expires.saturating_sub(now.unix()) > lifetime / 4
}

fn envelope(row: &KeyListRow, publisher: &Publisher) -> Result<Envelope, PublishError> {
    Envelope::parse(Document::KeyList, &row.envelope, &publisher.limits)
        .map_err(|error| PublishError::KeyList(error.to_string()))
}

fn has_enough(envelope: &Envelope, root: &Root) -> bool {
    envelope.verify(Role::Keys, &root.keys(Role::Keys)).is_ok()
}

impl Publisher {
    /// What the next key list says, and whether it differs from the newest one.
    pub(super) async fn next_key_list(
        &self,
        tx: &mut Tx,
        now: Timestamp,
    ) -> Result<(KeyList, bool), PublishError> {
        let rows = tx.keys(&Default::default()).await?;
        let list = of_rows(&rows, self.roots.current().environment())?;
        let newest = tx.newest_key_list().await?;
        let content = content(&list);
        let differs =
            !newest.is_some_and(|row| is_current(&row, &content, now, self.times.key_list));
        Ok((list, differs))
    }

    /// Makes a new key list if it says something else than the newest, signs the newest with the
    /// keys held here, and says how it stands.
    pub(super) async fn refresh_key_list(
        &self,
        tx: &mut Tx,
        now: Timestamp,
        above: u64,
    ) -> Result<KeyListStatus, PublishError> {
        let root = self.roots.current();
        let (mut list, differs) = self.next_key_list(tx, now).await?;
        let newest = tx.newest_key_list().await?;
        let mut row = match newest {
            Some(row) if !differs && number(row.version) >= above => row,
            newest => {
                let content = content(&list);
                list.version = newest.map_or(0, |row| number(row.version)).max(above) + 1;
                list.issued = now;
                list.expires = now.plus_seconds(self.times.key_list);
                KeyListRow {
                    version: i64::try_from(list.version).unwrap_or(i64::MAX),
                    content,
                    envelope: Envelope::new(Document::KeyList, list.encode()).to_bytes(),
                    complete: false,
                    made_at: now.unix(),
                    expires: list.expires.unix(),
                }
            }
        };
        let mut signed = envelope(&row, self)?;
        if !has_enough(&signed, root) {
            self.held.sign(&mut signed, root, Role::Keys)?;
        }
        row.complete = has_enough(&signed, root);
        row.envelope = signed.to_bytes();
        tx.put_key_list(&row).await?;
        self.status_of(tx, &row).await
    }

    async fn status_of(
        &self,
        tx: &mut Tx,
        row: &KeyListRow,
    ) -> Result<KeyListStatus, PublishError> {
        let root = self.roots.current();
        let envelope = envelope(row, self)?;
        Ok(KeyListStatus {
            version: number(row.version),
            signatures: envelope.signers(&root.keys(Role::Keys)).len(),
            needed: root.role(Role::Keys).threshold,
            published_version: self
                .signed_key_list(tx)
                .await?
                .map(|row| number(row.version)),
        })
    }

    /// The newest key list with enough signatures under the root in force.
    pub(super) async fn signed_key_list(
        &self,
        tx: &mut Tx,
    ) -> Result<Option<KeyListRow>, PublishError> {
        let Some(row) = tx.complete_key_list().await? else {
            return Ok(None);
        };
        let good = has_enough(&envelope(&row, self)?, self.roots.current());
        Ok(good.then_some(row))
    }

    /// How many keys and authorities a key list has.
    pub(super) fn counts(&self, row: &KeyListRow) -> Result<usize, PublishError> {
        let envelope = envelope(row, self)?;
        let list = KeyList::parse(envelope.unverified_payload(), &self.limits)
            .map_err(|error| PublishError::KeyList(error.to_string()))?;
        Ok(list.keys.len() + list.authorities.len())
    }

    /// The newest key list's envelope, made anew if need be, to be signed offline.
    pub async fn key_list_to_sign(&self) -> Result<(KeyListStatus, Vec<u8>), PublishError> {
        let mut tx = self.store.write().await?;
        let status = self.refresh_key_list(&mut tx, self.clock.now(), 0).await?;
        let row = tx.newest_key_list().await?.ok_or(PublishError::NoKeyList)?;
        tx.commit().await?;
        Ok((status, row.envelope))
    }

    /// How the newest key list stands; `None` before the first.
    pub async fn key_list_status(
        &self,
        tx: &mut Tx,
    ) -> Result<Option<KeyListStatus>, PublishError> {
        match tx.newest_key_list().await? {
            Some(row) => Ok(Some(self.status_of(tx, &row).await?)),
            None => Ok(None),
        }
    }

    /// Takes over the good signatures of a copy that comes back from a holder of an offline key.
    pub async fn merge_key_list(
        &self,
        actor: &str,
        copy: &[u8],
    ) -> Result<SignedCopy, PublishError> {
        let copy = Envelope::parse(Document::KeyList, copy, &self.limits)
            .map_err(|error| PublishError::SignedCopy(error.to_string()))?;
        let root = self.roots.current();
        let mut tx = self.store.write().await?;
        let Some(mut row) = tx.newest_key_list().await? else {
            return Err(PublishError::NoKeyList);
        };
        let mut ours = envelope(&row, self)?;
        let before = ours.signers(&root.keys(Role::Keys)).len();
        if copy.signers(&root.keys(Role::Keys)).is_empty() {
            return Err(PublishError::SignedCopy(
                "no signature in it is good and by a key of role keys of the root in force".into(),
            ));
        }
        if !ours.merge(&copy) {
            let newest = number(row.version);
            return Ok(SignedCopy::Other { newest });
        }
        let signers = ours.signers(&root.keys(Role::Keys)).len();
        row.complete = has_enough(&ours, root);
        row.envelope = ours.to_bytes();
        tx.put_key_list(&row).await?;
        if signers > before {
            let detail = serde_json::json!({ "signatures": signers });
            let subject = format!("key list {}", row.version);
            tx.audit(self.clock.now(), actor, "key-list.sign", &subject, &detail)
                .await?;
        }
        let status = self.status_of(&mut tx, &row).await?;
        tx.commit().await?;
        Ok(SignedCopy::Merged(status))
    }
}

/// Counts of the database are never negative.
pub(super) fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
