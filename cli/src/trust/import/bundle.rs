//! A bundle made at once: for who publishes a file and runs no service.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, bail, ensure};
use hcert::{keys::Signer, time::Timestamp};
use trust_list::{
    bundle::{Bundle, State, write_file},
    digest::Digest,
    envelope::{Document, Envelope},
    key_list::{Authority, Key, KeyList},
    limits::Limits,
    manifest::{Manifest, ManifestDraft, Part, PartKind},
    root::{Role, Root},
};
use verifier::{Verifier, trust::TrustBuilder};

use super::{list, parts, sources};
use crate::{
    context::Context,
    keys::{
        args::PassphraseArgs,
        make::plus_days,
        passphrase,
        private::{PrivateKey, SealedKey},
    },
    trust::{args::BundleArgs, store},
};

/// Until when the key list of a bundle is good, in days: longer than any bundle that is still used.
const LIST_DAYS: u32 = 400;

/// The root, the bundle before, and the keys that sign.
pub(super) struct Maker<'a> {
    args: &'a BundleArgs,
    roots: Vec<Vec<u8>>,
    pub(super) root: Root,
    before: Option<Bundle>,
    state: State,
    signers: Vec<PrivateKey>,
}

/// A bundle that was opened again.
pub(super) struct Made {
    pub(super) bytes: Vec<u8>,
    pub(super) bundle: Bundle,
    pub(super) withdrawn: usize,
}

impl<'a> Maker<'a> {
    /// Looks at everything before anything is done: root, keys, and the bundle that is there.
    pub(super) fn new(
        args: &'a BundleArgs,
        path: &Path,
        passphrase: &PassphraseArgs,
        context: &Context,
    ) -> anyhow::Result<Maker<'a>> {
        let texts = context.words().exchange();
        let limits = Limits::DEFAULT;
        ensure!(args.hard_days > args.soft_days, texts.days);
        let roots = args.root.iter().map(|path| sources::read(path));
        let roots = roots.collect::<anyhow::Result<Vec<_>>>()?;
        let (state, root) = begin(args, &roots)?;
        let (before, state) = match path.exists() {
            false => (None, state),
            true => {
                let opened = Bundle::open(&store::read(path)?, &state, &limits);
                let (bundle, state) =
                    opened.with_context(|| format!("{}: {}", path.display(), texts.not_before))?;
                ensure!(bundle.root().version() <= root.version(), texts.newer_root);
                (Some(bundle), state)
            }
        };
        let mut maker = Maker {
            args,
            roots,
            root,
            before,
            state,
            signers: Vec::new(),
        };
        maker.open_keys(passphrase, context)?;
        Ok(maker)
    }

    fn open_keys(&mut self, passphrase: &PassphraseArgs, context: &Context) -> anyhow::Result<()> {
        let words = context.words();
        let texts = words.exchange();
        let fault = |fault| anyhow::Error::msg(words.fault(&fault));
        for path in &self.args.key {
            let sealed = SealedKey::read(path).map_err(fault)?;
            let file = passphrase.passphrase_file.as_ref();
            let secret = passphrase::existing(context, file, path).map_err(fault)?;
            let key = sealed.open(&secret).map_err(fault)?;
            if self.signs(&key, Role::Keys) || self.signs(&key, Role::Manifest) {
                self.signers.push(key);
            } else {
                bail!("{}: {}", path.display(), texts.strange_key);
            }
        }
        for role in [Role::Keys, Role::Manifest] {
            let needed = self.root.role(role).threshold;
            let have = self
                .signers
                .iter()
                .filter(|key| self.signs(key, role))
                .count();
            ensure!(have >= needed, (texts.more_keys)(role.name(), have, needed));
        }
        Ok(())
    }

    fn signs(&self, key: &PrivateKey, role: Role) -> bool {
        let id = Digest::of(&key.signer().spki());
        self.root.role(role).keys.contains(&id)
    }

    fn sign(&self, document: Document, role: Role, payload: Vec<u8>) -> anyhow::Result<Vec<u8>> {
        let mut envelope = Envelope::new(document, payload);
        for key in self.signers.iter().filter(|key| self.signs(key, role)) {
            envelope.sign(key.signer() as &dyn Signer)?;
        }
        Ok(envelope.to_bytes())
    }

    /// Makes it, and opens it as a verifier does that has the one before.
    pub(super) fn make(
        &self,
        (mut keys, authorities): (Vec<Key>, Vec<Authority>),
        at: Timestamp,
        context: &Context,
    ) -> anyhow::Result<Made> {
        let before = self.before.as_ref().map(Bundle::key_list);
        let withdrawn = before.map_or(0, |before| list::keep_withdrawals(&mut keys, &before.keys));
        let list = KeyList {
            version: before.map_or(1, |before| before.version.saturating_add(1)),
            environment: self.root.environment(),
            issued: at,
            expires: plus_days(at, LIST_DAYS.max(self.args.hard_days)),
            keys,
            authorities,
        };
        let list = self.sign(Document::KeyList, Role::Keys, list.encode())?;
        let mut parts = vec![(PartKind::Keys, "keys".to_owned(), list)];
        parts.extend(parts::all(self.args, at, context)?);
        let named = parts
            .iter()
            .map(|(kind, name, bytes)| Part::of(kind.clone(), name, bytes));
        let manifest = Manifest::new(
            ManifestDraft {
                sequence: self.state.sequence().saturating_add(1),
                environment: self.root.environment(),
                issued: at,
                soft_expiry: plus_days(at, self.args.soft_days),
                hard_expiry: plus_days(at, self.args.hard_days),
                root_version: self.root.version(),
                parts: named.collect(),
            },
            &Limits::DEFAULT,
        )?;
        let manifest = self.sign(Document::Manifest, Role::Manifest, manifest.encode())?;
        let roots = self.roots.iter().map(Vec::as_slice);
        let bytes = write_file(roots, &manifest, parts.iter().map(|(_, _, part)| &part[..]));
        let bundle = self.open(&bytes, context)?;
        Ok(Made {
            bytes,
            bundle,
            withdrawn,
        })
    }

    /// Nothing is written that a verifier would not take as a whole.
    fn open(&self, bytes: &[u8], context: &Context) -> anyhow::Result<Bundle> {
        let own = context.words().exchange().own_check;
        let file = Arc::new(bytes.to_vec());
        let opened = Bundle::open(&file, &self.state, &Limits::DEFAULT);
        let (bundle, _) = opened.context(own)?;
        let mut builder = TrustBuilder::new();
        builder.add_bundle(&bundle);
        let trust = builder.build();
        let refused = trust.refused().to_vec();
        let (_, of_rules) = Verifier::new(trust).with_bundle_rules(&bundle);
        if let Some(refused) = refused.iter().chain(&of_rules).next() {
            bail!("{own}: {}: {}", refused.entry, refused.why);
        }
        Ok(bundle)
    }
}

/// From the first root to the last.
fn begin(args: &BundleArgs, roots: &[Vec<u8>]) -> anyhow::Result<(State, Root)> {
    let limits = Limits::DEFAULT;
    let shown = |index: usize| {
        let path = args.root.get(index);
        path.map_or(String::new(), |path| path.display().to_string())
    };
    let (Some(first), others) = (roots.first(), roots.get(1..).unwrap_or_default()) else {
        bail!("no root");
    };
    let state = State::pinned(first, &limits).with_context(|| shown(0))?;
    let (mut root, _) = state.root(&limits)?;
    let mut update = trust_list::bundle::Update::begin(&state, limits)?;
    for (index, bytes) in others.iter().enumerate() {
        update.root(bytes).with_context(|| shown(index + 1))?;
        let envelope = Envelope::parse(Document::Root, bytes, &limits)?;
        let next = Root::parse(envelope.unverified_payload())?;
        // An older one is passed over, as a verifier does.
        if next.version() > root.version() {
            root = next;
        }
    }
    Ok((state, root))
}
