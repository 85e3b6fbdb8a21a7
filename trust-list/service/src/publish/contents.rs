//! The parts of the next bundle.

use bytes::Bytes;
use serde_json::Value;
use trust_list::{
    manifest::{Part, PartKind},
    policy::Policy,
};

use super::PublishError;
use crate::{
    domain::{
        documents::{self, Kind},
        slices,
    },
    store::{KeyListRow, Tx},
};

/// A part with its bytes.
#[derive(Debug, Clone)]
pub struct PartContent {
    /// What it is.
    pub kind: PartKind,
    /// Which one of its kind.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

impl PartContent {
    /// A part of a kind and name.
    pub fn new(kind: PartKind, name: impl Into<String>, bytes: impl Into<Bytes>) -> PartContent {
        PartContent {
            kind,
            name: name.into(),
            bytes: bytes.into(),
        }
    }

    /// As a manifest names it.
    pub fn part(&self) -> Part {
        Part::of(self.kind.clone(), &self.name, &self.bytes)
    }
}

/// All parts, from one moment of the database.
pub(super) async fn collect(
    tx: &mut Tx,
    key_list: &KeyListRow,
    now: i64,
) -> Result<Vec<PartContent>, PublishError> {
    let mut parts = vec![PartContent::new(
        PartKind::Keys,
        "keys",
        key_list.envelope.clone(),
    )];
    for document in tx.documents().await? {
        if document.content.is_empty() {
            continue;
        }
        let wrong = || PublishError::Document(format!("{} {}", document.kind, document.name));
        let kind = document.kind.parse().map_err(|_| wrong())?;
        let (kind, bytes) = match kind {
            Kind::Rules => (PartKind::Rules, document.content.clone()),
            Kind::ValueSets => (PartKind::ValueSets, document.content.clone()),
            Kind::Policy => {
                let json: Value = serde_json::from_slice(&document.content).map_err(|_| wrong())?;
                let policy: Policy = documents::policy(&json).map_err(|_| wrong())?;
                (PartKind::Policy, policy.encode())
            }
        };
        parts.push(PartContent::new(kind, document.name.clone(), bytes));
    }
    parts.extend(slices::parts(tx, now).await?);
    Ok(parts)
}
