//! `hcert trust sign`: a holder's signature on a root or a key list.

use anyhow::{Context as _, bail};
use trust_list::{
    digest::Digest,
    envelope::{Document, Envelope},
    key_list::KeyList,
    limits::Limits,
    root::{Role, Root},
};
use zeroize::Zeroizing;

use super::{args::SignArgs, root::read_root};
use crate::{
    context::Context,
    files::{self, Output},
    keys::{passphrase, private::SealedKey},
};

pub(super) fn run(args: &SignArgs, context: &Context) -> anyhow::Result<()> {
    let words = context.words();
    let trust = words.trust();
    let fault = |fault| anyhow::Error::msg(words.fault(&fault));
    let mut envelope = read(&args.file)?;
    for other in &args.merge {
        if !envelope.merge(&read(other)?) {
            bail!("{}: {}", other.display(), trust.other_document);
        }
    }
    println!("{}", describe(&envelope, context)?);
    println!("  sha256     {}", Digest::of(envelope.unverified_payload()));
    if let Some(path) = &args.key {
        let sealed = SealedKey::read(path).map_err(fault)?;
        let file = args.passphrase.passphrase_file.as_ref();
        let secret = passphrase::existing(context, file, path).map_err(fault)?;
        let key = sealed.open(&secret).map_err(fault)?;
        envelope.sign(key.signer())?;
    }
    files::write_all(&[Output {
        path: args.file.clone(),
        bytes: Zeroizing::new(envelope.to_bytes()),
        private: false,
        replace: true,
    }])
    .map_err(fault)?;
    for (role, root) in judges(&envelope, args)? {
        let members = root.role(role);
        let good = envelope.signers(&root.keys(role)).len();
        println!(
            "  {:<10} {}",
            format!("{} {}", trust.root, root.version()),
            (trust.signatures)(good, members.threshold)
        );
    }
    Ok(())
}

fn read(path: &std::path::Path) -> anyhow::Result<Envelope> {
    let shown = || path.display().to_string();
    let bytes = std::fs::read(path).with_context(shown)?;
    let limits = Limits::DEFAULT;
    Envelope::parse(Document::Root, &bytes, &limits)
        .or_else(|_| Envelope::parse(Document::KeyList, &bytes, &limits))
        .with_context(shown)
}

/// What a person is asked to sign.
fn describe(envelope: &Envelope, context: &Context) -> anyhow::Result<String> {
    let trust = context.words().trust();
    let payload = envelope.unverified_payload();
    Ok(match envelope.document() {
        Document::Root => {
            let root = Root::parse(payload)?;
            (trust.is_root)(root.version(), root.name(), root.environment().name())
        }
        _ => {
            let list = KeyList::parse(payload, &Limits::DEFAULT)?;
            let withdrawn = list.keys.iter().filter(|key| key.withdrawal.is_some());
            (trust.is_key_list)(list.version, list.keys.len(), withdrawn.count())
        }
    })
}

/// Whose signatures count: a root's own keys and its predecessor's; for a key list the root's.
fn judges(envelope: &Envelope, args: &SignArgs) -> anyhow::Result<Vec<(Role, Root)>> {
    let mut judges = Vec::new();
    let given = args.root.as_deref().map(read_root).transpose()?;
    match envelope.document() {
        Document::Root => {
            judges.extend(given.map(|root| (Role::Root, root)));
            judges.push((Role::Root, Root::parse(envelope.unverified_payload())?));
        }
        _ => judges.extend(given.map(|root| (Role::Keys, root))),
    }
    Ok(judges)
}
