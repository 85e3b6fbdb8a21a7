//! One publication.

use std::collections::BTreeSet;

use bytes::Bytes;
use hcert::{keys::SignError, time::Timestamp};
use service::clock::Clock;
use tokio::sync::Mutex;
use trust_list::{
    bundle::{PartBytes, State, Update, UpdateError},
    digest::Digest,
    envelope::{Document, Envelope},
    limits::Limits,
    manifest::{Manifest, ManifestDraft, Part},
    root::Role,
};

use super::{
    contents::{self, PartContent},
    held::HeldKeys,
    key_list::{KeyListStatus, number},
    previous::Previous,
    roots::Roots,
    site::{Name, Site, SiteError},
};
use crate::{
    config::Publish as Times,
    domain::slices,
    store::{PublicationRow, PublicationState, Store, StoreError},
};

/// Why nothing was published. What was live before is live still.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The place for the files.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// The machine's clock is behind what was signed before.
    #[error(
        "the clock says {now}, and the bundle before was made at {last}: set the clock right, then \
         publish again"
    )]
    ClockBack {
        /// What the clock says.
        now: Timestamp,
        /// When the last manifest was made.
        last: Timestamp,
    },
    /// The root is past its time.
    #[error("the root expired on {0}: the holders of its keys have to sign a new one")]
    RootExpired(Timestamp),
    /// The manifest would not have enough signatures.
    #[error(
        "the service holds {held} of the {needed} keys that have to sign the manifest: name their \
         files under [[keys]] in the configuration"
    )]
    NoManifestKeys {
        /// Keys of the role that are held.
        held: usize,
        /// The role's threshold.
        needed: usize,
    },
    /// No key list has enough signatures under the root in force.
    #[error(
        "no key list has enough signatures yet: fetch it (GET /api/v1/key-list), have the holders \
         of the keys sign it, and bring it back (PUT /api/v1/key-list)"
    )]
    NoKeyList,
    /// The last signed key list is past its time.
    #[error(
        "the last signed key list expired on {0}: have the holders of the keys sign the new one"
    )]
    KeyListExpired(Timestamp),
    /// A signed copy that is none.
    #[error("this is no signed copy of the key list: {0}")]
    SignedCopy(String),
    /// The stored key list can't be read.
    #[error("the stored key list can't be read: {0}")]
    KeyList(String),
    /// A stored key does not fit together.
    #[error("key {0} of the database does not fit together")]
    Key(String),
    /// A stored document can't be used.
    #[error("{0} of the database can't be read")]
    Document(String),
    /// What is live can't be read.
    #[error("the live manifest can't be read ({0}): put the last good one back in its place")]
    Live(String),
    /// A part of the live bundle is gone.
    #[error("part {0} of the bundle is gone from the published files")]
    PartGone(String),
    /// A slice could not be made.
    #[error(transparent)]
    Slices(#[from] slices::SlicesError),
    /// A key could not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The manifest can't be made: too many or too large parts.
    #[error("the manifest can't be made: {0}")]
    Manifest(String),
    /// A verifier would refuse the result.
    #[error("a verifier would not take the result, so it was not published: {0}")]
    Refused(#[from] UpdateError),
    /// Another publisher came first with a newer bundle.
    #[error("another publisher came first: sequence {live} is live, this one was {ours}")]
    Overtaken {
        /// What is live.
        live: u64,
        /// What this one had.
        ours: u64,
    },
    /// What was looked at is not what would be published now.
    #[error("something changed since the preview: look at it again, then publish")]
    PreviewChanged,
    /// The bundle is live, and the database could not be told.
    #[error(
        "sequence {sequence} is live, but the database could not be told: {error}; the next \
         publication makes up for it"
    )]
    Untold {
        /// The sequence.
        sequence: u64,
        /// The database's words.
        error: StoreError,
    },
}

/// A publication that went live.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Published {
    /// Its sequence.
    pub sequence: u64,
    /// SHA-256 of the manifest's envelope.
    pub manifest: String,
    /// Parts in it.
    pub parts: usize,
    /// Parts that were not there before.
    pub new_parts: usize,
    /// Bytes that a client fetches who has the bundle before.
    pub update_bytes: u64,
    /// Bytes of the whole bundle.
    pub bundle_bytes: u64,
    /// How the key list stands.
    pub key_list: KeyListStatus,
    /// Seconds since 1970 when answers turn amber.
    pub soft_expiry: i64,
    /// What went wrong after it was live; nothing that a verifier notices.
    pub warnings: Vec<String>,
}

/// Publishes.
#[derive(Debug)]
pub struct Publisher {
    pub(super) store: Store,
    pub(super) site: Site,
    pub(super) roots: Roots,
    pub(super) held: HeldKeys,
    pub(super) times: Times,
    pub(super) clock: Clock,
    pub(super) limits: Limits,
    turn: Mutex<()>,
}

/// A manifest that is signed and lies at its numbered place.
struct Prepared {
    manifest: Manifest,
    envelope: Bytes,
    digest: Digest,
    client: State,
}

impl Publisher {
    /// A publisher over a database and a site.
    pub fn new(
        store: Store,
        site: Site,
        roots: Roots,
        held: HeldKeys,
        times: Times,
        clock: Clock,
    ) -> Publisher {
        Publisher {
            store,
            site,
            roots,
            held,
            times,
            clock,
            limits: Limits::DEFAULT,
            turn: Mutex::default(),
        }
    }

    /// The root in force.
    pub fn roots(&self) -> &Roots {
        &self.roots
    }

    /// For each role that the service may hold keys of: its name, keys held, keys needed.
    pub fn held_counts(&self) -> Vec<(Role, usize, usize)> {
        let root = self.roots.current();
        [Role::Keys, Role::Manifest]
            .into_iter()
            .map(|role| {
                let held = self.held.of_role(root, role).count();
                (role, held, root.role(role).threshold)
            })
            .collect()
    }

    /// The site.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Publishes what the database holds. With `seen`, the fingerprint of a preview, only if
    /// nothing has changed since.
    pub async fn publish(
        &self,
        actor: &str,
        seen: Option<&str>,
    ) -> Result<Published, PublishError> {
        let _turn = self.turn.lock().await;
        let now = self.clock.now();
        let previous = self.previous().await?;
        self.check_standing(now, previous.as_ref()).await?;
        if let Some(seen) = seen
            && self.preview().await?.fingerprint != seen
        {
            return Err(PublishError::PreviewChanged);
        }
        slices::build(&self.store).await?;
        let above = match &previous {
            Some(previous) => self.live_key_list(previous).await?.map_or(0, |l| l.version),
            None => 0,
        };
        let mut tx = self.store.write().await?;
        if let Some(previous) = &previous {
            self.recover(&mut tx, previous).await?;
        }
        let key_list = self.refresh_key_list(&mut tx, now, above).await?;
        tx.commit().await?;

        let mut tx = self.store.read().await?;
        let row = self
            .signed_key_list(&mut tx)
            .await?
            .ok_or(PublishError::NoKeyList)?;
        if row.expires <= now.unix() {
            return Err(PublishError::KeyListExpired(Timestamp::saturating(
                row.expires,
            )));
        }
        let client = self.client_state(&mut tx).await?;
        let contents = contents::collect(&mut tx, &row, now.unix()).await?;
        let slices: Vec<_> = tx.slices().await?;
        drop(tx);

        let parts: Vec<Part> = contents.iter().map(PartContent::part).collect();
        let before: BTreeSet<Digest> = previous
            .iter()
            .flat_map(|previous| previous.manifest.parts())
            .map(|part| part.digest)
            .collect();
        let new = |part: &&Part| !before.contains(&part.digest);
        let new_parts = parts.iter().filter(new).count();
        let summary = serde_json::json!({
            "keys": self.counts(&row)?,
            "issued": slices.iter().map(|slice| slice.issued).sum::<i64>(),
            "revoked": slices.iter().map(|slice| slice.revoked).sum::<i64>(),
            "parts": parts.len(),
        });
        let draft = PublicationRow {
            sequence: 0,
            state: String::new(),
            manifest: None,
            issued: now.unix(),
            soft: now.plus_seconds(self.times.soft_expiry).unix(),
            hard: now.plus_seconds(self.times.hard_expiry).unix(),
            key_list: row.version,
            summary: summary.to_string(),
            client: None,
            by_whom: actor.to_owned(),
        };
        let live = previous.as_ref().map_or(0, |p| p.manifest.sequence());
        let mut tx = self.store.write().await?;
        let sequence = tx
            .take_sequence(i64::try_from(live).unwrap_or(i64::MAX - 1), &draft)
            .await?;
        tx.commit().await?;

        let prepared = self
            .prepare(number(sequence), now, &contents, &parts, &client)
            .await?;
        let mut tx = self.store.write().await?;
        let (digest, state) = (prepared.digest.to_string(), prepared.client.encode());
        tx.set_publication(sequence, PublicationState::Prepared, &digest, &state)
            .await?;
        tx.commit().await?;
        self.go_live(actor, &prepared, &draft.summary).await?;

        let mut warnings = Vec::new();
        let mut bundle_bytes = 0;
        match self
            .write_bundle(&prepared.manifest, &prepared.envelope)
            .await
        {
            Ok(length) => bundle_bytes = length,
            Err(error) => warnings.push(error.to_string()),
        }
        if let Err(error) = self.collect_parts(now).await {
            warnings.push(error.to_string());
        }
        let fetched = parts.iter().filter(new).map(|part| part.length as u64);
        Ok(Published {
            sequence: prepared.manifest.sequence(),
            manifest: digest,
            parts: parts.len(),
            new_parts,
            update_bytes: fetched.sum::<u64>() + prepared.envelope.len() as u64,
            bundle_bytes,
            key_list,
            soft_expiry: prepared.manifest.soft_expiry().unix(),
            warnings,
        })
    }

    /// Nothing is tried that can't end well.
    async fn check_standing(
        &self,
        now: Timestamp,
        previous: Option<&Previous>,
    ) -> Result<(), PublishError> {
        let root = self.roots.current();
        let mut tx = self.store.read().await?;
        let published = tx.last_publication().await?.map(|row| row.issued);
        let live = previous.map(|previous| previous.manifest.issued().unix());
        let last = Timestamp::saturating(published.max(live).unwrap_or(i64::MIN));
        if now < last {
            return Err(PublishError::ClockBack { now, last });
        }
        if now < root.issued() {
            let last = root.issued();
            return Err(PublishError::ClockBack { now, last });
        }
        if now >= root.expires() {
            return Err(PublishError::RootExpired(root.expires()));
        }
        if !self.held.suffice(root, Role::Manifest) {
            return Err(PublishError::NoManifestKeys {
                held: self.held.of_role(root, Role::Manifest).count(),
                needed: root.role(Role::Manifest).threshold,
            });
        }
        Ok(())
    }

    /// Puts everything but the live pointer, and checks it as a verifier would.
    async fn prepare(
        &self,
        sequence: u64,
        now: Timestamp,
        contents: &[PartContent],
        parts: &[Part],
        client: &State,
    ) -> Result<Prepared, PublishError> {
        let root = self.roots.current();
        let manifest = Manifest::new(
            ManifestDraft {
                sequence,
                environment: root.environment(),
                issued: now,
                soft_expiry: now.plus_seconds(self.times.soft_expiry),
                hard_expiry: now.plus_seconds(self.times.hard_expiry),
                root_version: root.version(),
                parts: parts.to_vec(),
            },
            &self.limits,
        )
        .map_err(|error| PublishError::Manifest(error.to_string()))?;
        let mut envelope = Envelope::new(Document::Manifest, manifest.encode());
        self.held.sign(&mut envelope, root, Role::Manifest)?;
        let envelope = Bytes::from(envelope.to_bytes());
        for (content, part) in contents.iter().zip(parts) {
            let name = Name::Part(part.digest);
            let there = self.site.head(name).await?;
            if there.is_none_or(|meta| meta.size != part.length as u64) {
                self.site.put(name, content.bytes.clone()).await?;
            }
        }
        for (version, bytes) in self.roots.envelopes() {
            self.site.put_once(Name::Root(version), bytes).await?;
        }
        self.site
            .put_once(Name::Manifest(sequence), &envelope)
            .await?;
        // Once as somebody who has the bundle before, once as somebody who has nothing.
        let client = self.check(sequence, client, contents, parts).await?;
        let first = self.roots.first_state(&self.limits)?;
        self.check(sequence, &first, contents, parts).await?;
        Ok(Prepared {
            digest: Digest::of(&envelope),
            manifest,
            envelope,
            client,
        })
    }

    /// What a client does with the files as they lie there; what it remembers afterwards.
    async fn check(
        &self,
        sequence: u64,
        client: &State,
        contents: &[PartContent],
        parts: &[Part],
    ) -> Result<State, PublishError> {
        let mut update = Update::begin(client, self.limits)?;
        while let Some(root) = self.site.read(Name::Root(update.next_root())).await? {
            update.root(&root)?;
        }
        let manifest = self.site.read(Name::Manifest(sequence)).await?;
        update.manifest(&manifest.unwrap_or_default())?;
        let wanted: Vec<Part> = update.wanted().cloned().collect();
        for part in &wanted {
            let name = Name::Part(part.digest);
            let bytes = self.site.read(name).await?.unwrap_or_default();
            if update.part(part, PartBytes::from(bytes.to_vec())).is_err() {
                // A part of an earlier publication has been damaged since: it is put anew.
                let mut known = contents.iter().zip(parts);
                if let Some((content, _)) = known.find(|(_, one)| one.digest == part.digest) {
                    self.site.put(name, content.bytes.clone()).await?;
                }
                let bytes = self.site.read(name).await?.unwrap_or_default();
                update.part(part, PartBytes::from(bytes.to_vec()))?;
            }
        }
        let (_, state) = update.finish()?;
        Ok(state)
    }

    /// Moves the live pointer, one publisher after the other.
    async fn go_live(
        &self,
        actor: &str,
        prepared: &Prepared,
        summary: &str,
    ) -> Result<(), PublishError> {
        let ours = prepared.manifest.sequence();
        let sequence = i64::try_from(ours).unwrap_or(i64::MAX);
        let mut tx = self.store.write().await?;
        let highest = number(tx.lock_live().await?);
        let live = self.previous().await?;
        let highest = highest.max(live.as_ref().map_or(0, |live| live.manifest.sequence()));
        if highest >= ours {
            let live = highest;
            return Err(PublishError::Overtaken { live, ours });
        }
        let before = live.as_ref().map(|live| &live.live);
        self.site.put_live(before, &prepared.envelope).await?;
        let tell = async {
            let digest = prepared.digest.to_string();
            let client = prepared.client.encode();
            tx.set_publication(sequence, PublicationState::Published, &digest, &client)
                .await?;
            let detail = serde_json::from_str(summary).unwrap_or_default();
            let subject = format!("sequence {sequence}");
            tx.audit(self.clock.now(), actor, "publish", &subject, &detail)
                .await?;
            tx.commit().await
        };
        tell.await.map_err(|error| PublishError::Untold {
            sequence: ours,
            error,
        })
    }

    /// Takes away parts that no manifest has named for a while.
    async fn collect_parts(&self, now: Timestamp) -> Result<(), PublishError> {
        let horizon = now.plus_seconds(-self.times.keep).unix();
        let mut keep = BTreeSet::new();
        let mut tx = self.store.read().await?;
        let rows = tx.publications(10_000).await?;
        drop(tx);
        // The newest manifest counts however old, and so does the last one before the horizon:
        // it was live at that time.
        let mut beyond = 0;
        for row in rows {
            if row.issued < horizon {
                beyond += usize::from(row.state == PublicationState::Published.name());
                if beyond > 1 {
                    break;
                }
            }
            let name = Name::Manifest(number(row.sequence));
            let Some(bytes) = self.site.read(name).await? else {
                continue;
            };
            let manifest = Envelope::parse(Document::Manifest, &bytes, &self.limits)
                .ok()
                .and_then(|e| Manifest::parse(e.unverified_payload(), &self.limits).ok());
            keep.extend(
                manifest
                    .iter()
                    .flat_map(Manifest::parts)
                    .map(|part| part.digest),
            );
        }
        for (digest, meta) in self.site.parts().await? {
            // A part that was put just now may be of a publisher who is still at it.
            let old = meta.last_modified.timestamp() < horizon;
            if old && !keep.contains(&digest) {
                self.site.delete(Name::Part(digest)).await?;
            }
        }
        Ok(())
    }

    /// Checks at the start that what is live is whole, and makes up for what a killed publisher
    /// left undone. The database may be away: then later.
    pub async fn recover_at_start(&self) -> Result<(), PublishError> {
        let _turn = self.turn.lock().await;
        let Some(previous) = self.previous().await? else {
            return Ok(());
        };
        let mut tx = self.store.write().await?;
        self.recover(&mut tx, &previous).await?;
        tx.commit().await?;
        self.write_bundle(&previous.manifest, &previous.live.bytes)
            .await?;
        Ok(())
    }
}
