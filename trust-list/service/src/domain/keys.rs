//! Keys: taken in, admitted, withdrawn, removed.

use hcert::{time::Timestamp, x509::Certificate};
use serde_json::json;
use service::clock::Clock;
use trust_list::{digest::Digest, environment::Environment};

use super::import::{self, ListError, Upload};
use crate::store::{KeyFilter, KeyRow, Store, StoreError, Tx};

/// Why a key is not changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeysError {
    /// The whole file can't be used.
    #[error(transparent)]
    List(#[from] ListError),
    /// A fault in what was asked.
    #[error("{0}")]
    Asked(&'static str),
    /// No such key.
    #[error("no key has the id {0}")]
    Unknown(String),
    /// Not from where it stands.
    #[error("the key is {state}, and can't become {wanted} from there")]
    State {
        /// Its state.
        state: String,
        /// The one asked for.
        wanted: &'static str,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A state that a person gives a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// In force.
    Admit,
    /// What it signs from an instant on is refused.
    Withdraw {
        /// From when on.
        from: Timestamp,
        /// Why, for people.
        reason: String,
    },
    /// It is in strange hands: all it ever signed is refused.
    Compromised {
        /// Why, for people.
        reason: String,
    },
    /// It was never to be trusted: it leaves the list, and nobody knows it any more.
    Remove {
        /// Why, for people.
        reason: String,
    },
}

/// What became of the entries of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Taken {
    /// New keys.
    pub added: Vec<TakenKey>,
    /// Entries that were there already, in whatever state.
    pub known: usize,
    /// Entries that were refused.
    pub refused: Vec<RefusedEntry>,
    /// Whose word the list is.
    pub vouch: String,
}

/// A new key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TakenKey {
    /// Its id here.
    pub id: String,
    /// `signer` or `authority`.
    pub role: String,
    /// Where it stood in the list.
    pub entry: String,
    /// Its country.
    pub country: Option<String>,
}

/// An entry that was refused.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RefusedEntry {
    /// Where it stood in the list.
    pub entry: String,
    /// Why.
    pub why: String,
}

/// Takes in a list of any form.
pub async fn take(
    store: &Store,
    clock: &Clock,
    environment: Environment,
    actor: &str,
    upload: Upload,
) -> Result<Taken, KeysError> {
    let as_candidates = upload.as_candidates;
    let source = upload.source.trim().to_owned();
    if source.is_empty() || source.len() > 200 {
        return Err(KeysError::Asked(
            "say where the list comes from, in 1 to 200 bytes: `source`",
        ));
    }
    let now = clock.now();
    let mut tx = store.read().await?;
    let authorities = authorities(&mut tx).await?;
    drop(tx);
    let digest = Digest::of(&upload.list).to_string();
    // Reading a thousand certificates and checking their chains takes a second of arithmetic.
    let read = move || import::read(&upload, environment, &authorities, now);
    let incoming = tokio::task::spawn_blocking(read)
        .await
        .map_err(|_| KeysError::Asked("the list could not be read to its end"))??;
    let mut taken = Taken {
        vouch: incoming.vouch,
        ..Taken::default()
    };
    for (entry, why) in incoming.refused {
        taken.refused.push(RefusedEntry { entry, why });
    }
    let mut tx = store.write().await?;
    for listed in &incoming.keys {
        let entry = listed.entry.clone();
        let Some(role) = import::role(listed) else {
            let why = "it is listed for another use than signing".into();
            taken.refused.push(RefusedEntry { entry, why });
            continue;
        };
        let row = row(
            listed,
            role,
            &format!("{source}; {}", taken.vouch),
            actor,
            now,
        );
        let state = if as_candidates {
            "candidate"
        } else {
            "admitted"
        };
        let row = KeyRow {
            state: state.into(),
            ..row
        };
        if tx.add_key(&row).await? {
            taken.added.push(TakenKey {
                id: row.id,
                role: row.role,
                entry,
                country: row.country,
            });
        } else {
            taken.known += 1;
        }
    }
    let detail = json!({ "sha256": digest, "added": taken.added.len(), "known": taken.known,
        "refused": taken.refused.len(), "vouch": taken.vouch, "candidates": as_candidates });
    if !taken.added.is_empty() {
        tx.audit(now, actor, "keys.import", &source, &detail)
            .await?;
    }
    tx.commit().await?;
    Ok(taken)
}

fn row(
    listed: &trust_list::import::Listed,
    role: &str,
    source: &str,
    actor: &str,
    now: Timestamp,
) -> KeyRow {
    let (der, certificate) = import::der(listed);
    let kid = listed.kid().map(|kid| kid.as_bytes().to_vec());
    let mut identity = Vec::new();
    let empty: &[u8] = &[];
    for piece in [
        role.as_bytes(),
        &der,
        kid.as_deref().unwrap_or(empty),
        listed.domain.as_deref().unwrap_or_default().as_bytes(),
        listed.issuer.as_deref().unwrap_or_default().as_bytes(),
    ] {
        identity.extend_from_slice(&piece.len().to_be_bytes());
        identity.extend_from_slice(piece);
    }
    KeyRow {
        id: Digest::of(&identity).to_string(),
        role: role.to_owned(),
        kid: kid.filter(|kid| (1..=64).contains(&kid.len())),
        certificate,
        der,
        country: listed.country.clone(),
        domain: listed.domain.clone(),
        issuer: listed.issuer.clone(),
        subject: listed.certificate().map(|one| one.subject().to_owned()),
        not_after: listed.certificate().map(|one| one.not_after().unix()),
        state: "admitted".into(),
        withdrawn_from: None,
        reason: None,
        source: source.to_owned(),
        added_at: now.unix(),
        added_by: actor.to_owned(),
        changed_at: now.unix(),
    }
}

/// The authorities in force.
async fn authorities(tx: &mut Tx) -> Result<Vec<Certificate>, StoreError> {
    let filter = KeyFilter {
        state: Some("admitted".into()),
        ..KeyFilter::default()
    };
    let rows = tx.keys(&filter).await?;
    let authority = |row: &KeyRow| row.role == "authority";
    Ok(rows
        .iter()
        .filter(|row| authority(row))
        .filter_map(|row| Certificate::from_der(&row.der).ok())
        .collect())
}

/// Changes the state of a key. The same change twice is one.
pub async fn change(
    store: &Store,
    clock: &Clock,
    actor: &str,
    id: &str,
    change: &Change,
) -> Result<KeyRow, KeysError> {
    let now = clock.now();
    let (wanted, from, reason) = match change {
        Change::Admit => ("admitted", None, None),
        Change::Withdraw { from, reason } => ("withdrawn", Some(from.unix()), Some(reason)),
        // The instant stands for nothing: everything under it is refused.
        Change::Compromised { reason } => ("compromised", Some(0), Some(reason)),
        Change::Remove { reason } => ("removed", None, Some(reason)),
    };
    if reason.is_some_and(|reason| reason.trim().is_empty() || reason.len() > 500) {
        return Err(KeysError::Asked("a reason of 1 to 500 bytes is needed"));
    }
    let mut tx = store.write().await?;
    let unknown = || KeysError::Unknown(id.to_owned());
    let row = tx.key(id).await?.ok_or_else(unknown)?;
    if row.role == "authority" && matches!(wanted, "withdrawn" | "compromised") {
        return Err(KeysError::Asked(
            "an authority is removed, and the keys it signed are withdrawn one by one",
        ));
    }
    if row.state == wanted
        && row.withdrawn_from == from
        && row.reason.as_ref() == reason.filter(|_| wanted != "admitted")
    {
        return Ok(row);
    }
    // What is in strange hands stays so: to admit it again takes another key.
    let state = row.state.clone();
    if state == "compromised" && wanted != "compromised" {
        return Err(KeysError::State { state, wanted });
    }
    let reason = reason.map(String::as_str);
    tx.set_key_state(id, wanted, from, reason, now.unix())
        .await?;
    let action = format!("key.{wanted}");
    let detail = json!({ "before": state, "from": from, "reason": reason });
    tx.audit(now, actor, &action, id, &detail).await?;
    let row = tx.key(id).await?.ok_or_else(unknown)?;
    tx.commit().await?;
    Ok(row)
}
