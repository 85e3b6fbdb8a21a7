//! `hcert trust root`: who may sign the bundle.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, bail};
use hcert::{keys::PublicKey, limits::Limits as KeyLimits, pem, x509::Certificate};
use trust_list::{
    digest::Digest,
    envelope::{Document, Envelope},
    environment::Environment,
    limits::Limits,
    root::{Role, Root, RootDraft},
};
use zeroize::Zeroizing;

use super::args::{EnvironmentArg, RootArgs};
use crate::{
    context::Context,
    files::{self, Output},
    keys::make::plus_days,
};

pub(super) fn run(args: &RootArgs, context: &Context) -> anyhow::Result<()> {
    let words = context.words();
    let old = args.after.as_deref().map(read_root).transpose()?;
    let role = |role: Role| -> anyhow::Result<(usize, Vec<Arc<PublicKey>>)> {
        let (paths, threshold) = args.role(role);
        let inherited = old.as_ref().map(|old| old.role(role));
        let keys = match (paths.is_empty(), &old, inherited) {
            (true, Some(old), Some(members)) => members
                .keys
                .iter()
                .filter_map(|id| old.key(id))
                .map(|key| Ok(Arc::new(PublicKey::from_spki(key.spki())?)))
                .collect::<anyhow::Result<_>>()?,
            _ => paths
                .iter()
                .map(|path| read_public_key(path))
                .collect::<anyhow::Result<Vec<_>>>()?,
        };
        let threshold = threshold
            .or(inherited
                .filter(|_| paths.is_empty())
                .map(|members| members.threshold))
            .unwrap_or(match role {
                Role::Manifest => 1,
                _ => keys.len() / 2 + 1,
            });
        Ok((threshold, keys))
    };
    let environment = match (&old, args.environment) {
        (Some(old), _) => old.environment(),
        (None, given) => given.unwrap_or(EnvironmentArg::Production).into(),
    };
    let name = match (&args.name, &old) {
        (Some(name), _) => name.clone(),
        (None, Some(old)) => old.name().to_owned(),
        (None, None) => String::new(),
    };
    let issued = context.now();
    let root = Root::new(RootDraft {
        version: old.as_ref().map_or(1, |old| old.version() + 1),
        environment,
        issued,
        expires: plus_days(issued, args.days),
        name,
        root: role(Role::Root)?,
        key_list: role(Role::Keys)?,
        manifest: role(Role::Manifest)?,
    })?;
    let envelope = Envelope::new(Document::Root, root.encode());
    let fault = |fault| anyhow::Error::msg(words.fault(&fault));
    if !args.force {
        files::check_free(&args.out).map_err(fault)?;
    }
    files::write_all(&[Output {
        path: args.out.clone(),
        bytes: Zeroizing::new(envelope.to_bytes()),
        private: false,
        replace: args.force,
    }])
    .map_err(fault)?;
    let trust = words.trust();
    let production = environment == Environment::Production;
    let environment = if production {
        trust.production
    } else {
        trust.test
    };
    println!(
        "{}",
        (trust.root_made)(root.version(), &args.out.display().to_string())
    );
    println!("  {}  {}", root.name(), environment);
    for role in Role::ALL {
        let members = root.role(role);
        println!(
            "  {role:<10} {}",
            (trust.role)(members.threshold, members.keys.len())
        );
        for id in &members.keys {
            println!("             {id}");
        }
    }
    println!("  sha256     {}", Digest::of(envelope.unverified_payload()));
    println!("  - {}", (trust.sign_next)(&args.out.display().to_string()));
    Ok(())
}

/// A root as written, whoever signed it: the person named it.
pub(super) fn read_root(path: &Path) -> anyhow::Result<Root> {
    let shown = || path.display().to_string();
    let bytes = std::fs::read(path).with_context(shown)?;
    let envelope = Envelope::parse(Document::Root, &bytes, &Limits::DEFAULT).with_context(shown)?;
    Root::parse(envelope.unverified_payload()).with_context(shown)
}

/// The public key of a PEM file: bare, or in a certificate.
fn read_public_key(path: &Path) -> anyhow::Result<Arc<PublicKey>> {
    let shown = || path.display().to_string();
    let bytes = std::fs::read(path).with_context(shown)?;
    if bytes.len() > KeyLimits::DEFAULT.trust_file_bytes {
        bail!("{}: too large for a key", shown());
    }
    let text = String::from_utf8(bytes).with_context(shown)?;
    for block in pem::blocks(&text) {
        let (label, der) = block.with_context(shown)?;
        let key = match label {
            "PUBLIC KEY" => PublicKey::from_spki(&der),
            "CERTIFICATE" => Certificate::from_der(&der)
                .with_context(shown)?
                .public_key(),
            label if label.ends_with("PRIVATE KEY") => {
                bail!("{}: a private key; give the public one", shown())
            }
            _ => continue,
        };
        return Ok(Arc::new(key.with_context(shown)?));
    }
    bail!("{}: no public key (PEM) in it", shown())
}
