//! What is live now, and what a client remembers that has it.

use bytes::Bytes;
use trust_list::{
    bundle::State,
    digest::Digest,
    envelope::{Document, Envelope},
    key_list::KeyList,
    manifest::{Manifest, PartKind},
};

use super::{
    PublishError, Publisher,
    site::{Live, Name},
};
use crate::store::{PublicationState, Tx};

/// The live manifest, read.
#[derive(Debug, Clone)]
pub(super) struct Previous {
    pub(super) live: Live,
    pub(super) manifest: Manifest,
    pub(super) digest: Digest,
}

impl Publisher {
    /// What is live on the site; `None` before the first publication.
    pub(super) async fn previous(&self) -> Result<Option<Previous>, PublishError> {
        let Some(live) = self.site.live().await? else {
            return Ok(None);
        };
        // Whoever may write to the site may put anything there; a sequence that was never ours
        // does no more than make ours jump.
        let wrong = |error: &dyn std::fmt::Display| PublishError::Live(error.to_string());
        let envelope = Envelope::parse(Document::Manifest, &live.bytes, &self.limits)
            .map_err(|error| wrong(&error))?;
        let manifest = Manifest::parse(envelope.unverified_payload(), &self.limits)
            .map_err(|error| wrong(&error))?;
        let digest = Digest::of(&live.bytes);
        Ok(Some(Previous {
            live,
            manifest,
            digest,
        }))
    }

    /// The key list in a live bundle.
    pub(super) async fn live_key_list(
        &self,
        previous: &Previous,
    ) -> Result<Option<KeyList>, PublishError> {
        let Some(part) = previous.manifest.parts_of(&PartKind::Keys).next() else {
            return Ok(None);
        };
        let Some(bytes) = self.site.read(Name::Part(part.digest)).await? else {
            return Ok(None);
        };
        let list = Envelope::parse(Document::KeyList, &bytes, &self.limits)
            .ok()
            .and_then(|envelope| KeyList::parse(envelope.unverified_payload(), &self.limits).ok());
        Ok(list)
    }

    /// A publisher that was killed after it had moved the pointer could not tell the database:
    /// this does it in its stead.
    pub(super) async fn recover(
        &self,
        tx: &mut Tx,
        previous: &Previous,
    ) -> Result<(), PublishError> {
        let sequence = i64::try_from(previous.manifest.sequence()).unwrap_or(i64::MAX);
        let digest = previous.digest.to_string();
        let Some(row) = tx.publication(sequence).await? else {
            return Ok(());
        };
        let unsaid = row.state == PublicationState::Prepared.name();
        if unsaid && row.manifest.as_deref() == Some(digest.as_str()) {
            let client = row.client.unwrap_or_default();
            tx.set_publication(sequence, PublicationState::Published, &digest, &client)
                .await?;
            let detail = serde_json::json!({ "recovered": true });
            let subject = format!("sequence {sequence}");
            let now = self.clock.now();
            tx.audit(now, "service", "publish", &subject, &detail)
                .await?;
            tracing::warn!(
                sequence,
                "a publication had been cut short after it went live"
            );
        }
        Ok(())
    }

    /// What a client remembers that has the last bundle published here; of a new client, if
    /// nothing was.
    pub(super) async fn client_state(&self, tx: &mut Tx) -> Result<State, PublishError> {
        let last = tx.last_publication().await?;
        let known = last
            .and_then(|row| row.client)
            .and_then(|client| State::parse(&client).ok());
        match known {
            Some(state) => Ok(state),
            None => Ok(self.roots.first_state(&self.limits)?),
        }
    }

    /// Writes the single file of the live bundle, if it is not that of the live bundle already.
    pub(super) async fn write_bundle(
        &self,
        manifest: &Manifest,
        envelope: &[u8],
    ) -> Result<u64, PublishError> {
        let mut parts = Vec::new();
        for part in manifest.parts() {
            let bytes = self.site.read(Name::Part(part.digest)).await?;
            parts.push(bytes.ok_or_else(|| PublishError::PartGone(part.digest.to_string()))?);
        }
        let roots = self.roots.envelopes().map(|(_, bytes)| &bytes[..]);
        let parts = parts.iter().map(|bytes: &Bytes| &bytes[..]);
        let file = trust_list::bundle::write_file(roots, envelope, parts);
        let length = file.len() as u64;
        self.site.put(Name::Bundle, file).await?;
        Ok(length)
    }
}
