//! `hcert trust diff`: what changed from one bundle to another.

use std::collections::BTreeMap;

use hcert::base64;
use serde_json::{Value, json};
use trust_list::{bundle::Bundle, digest::Digest, key_list::Key};

use super::{args::DiffArgs, show};
use crate::{args::common::OutputFormat, context::Context, verify::shown};

pub(super) fn run(args: &DiffArgs, context: &Context) -> anyhow::Result<()> {
    let words = context.words().trust();
    let (old, _) = show::open(Some(&args.old), context)?;
    let (new, _) = show::open(args.new.as_deref(), context)?;
    let (before, after) = (keys(&old), keys(&new));
    let added: Vec<&Key> = only_in(&after, &before);
    let removed: Vec<&Key> = only_in(&before, &after);
    let changed: Vec<&Key> = after
        .iter()
        .filter(|(id, key)| before.get(*id).is_some_and(|old| old != *key))
        .map(|(_, key)| *key)
        .collect();
    let digests = |bundle: &Bundle| -> BTreeMap<(String, String), (Digest, usize)> {
        let parts = bundle.manifest().parts().iter();
        parts
            .map(|part| {
                let name = (part.kind.to_string(), part.name.clone());
                (name, (part.digest, part.length))
            })
            .collect()
    };
    let (old_parts, new_parts) = (digests(&old), digests(&new));
    let parts: Vec<(&(String, String), usize)> = new_parts
        .iter()
        .filter(|(name, (digest, _))| old_parts.get(*name).is_none_or(|(old, _)| old != digest))
        .map(|(name, (_, length))| (name, *length))
        .collect();
    let gone: Vec<&(String, String)> = old_parts
        .keys()
        .filter(|name| !new_parts.contains_key(*name))
        .collect();
    let bytes: usize = parts.iter().map(|(_, length)| length).sum();
    let sequences = (old.manifest().sequence(), new.manifest().sequence());
    match args.format {
        OutputFormat::Json => {
            let list = |keys: &[&Key]| keys.iter().map(|key| key_json(key)).collect::<Vec<_>>();
            println!(
                "{}",
                json!({
                    "sequence": [sequences.0, sequences.1],
                    "root_version": [old.root().version(), new.root().version()],
                    "added": list(&added),
                    "removed": list(&removed),
                    "changed": list(&changed),
                    "parts_changed": parts.iter().map(|((kind, name), length)| json!({
                        "kind": kind, "name": name, "bytes": length,
                    })).collect::<Vec<_>>(),
                    "parts_removed": gone.iter().map(|(kind, name)| json!({
                        "kind": kind, "name": name,
                    })).collect::<Vec<_>>(),
                    "bytes_to_fetch": bytes,
                })
            );
        }
        OutputFormat::Human => {
            println!("{}", (words.diff)(sequences.0, sequences.1));
            println!(
                "  {}",
                (words.diff_keys)(added.len(), removed.len(), changed.len())
            );
            for (sign, keys) in [("+", &added), ("-", &removed), ("~", &changed)] {
                for key in keys {
                    println!("  {sign} {}", shown(&key_line(key, words.withdrawn)));
                }
            }
            println!("  {}", (words.diff_parts)(parts.len(), gone.len(), bytes));
        }
    }
    Ok(())
}

/// Keys by their material and kid: two keys can share a kid.
fn keys(bundle: &Bundle) -> BTreeMap<(Digest, Option<Vec<u8>>), &Key> {
    let keys = bundle.key_list().keys.iter();
    keys.map(|key| ((Digest::of(key.material.der()), key.kid.clone()), key))
        .collect()
}

type Keys<'a> = BTreeMap<(Digest, Option<Vec<u8>>), &'a Key>;

fn only_in<'a>(these: &Keys<'a>, those: &Keys<'_>) -> Vec<&'a Key> {
    let missing = these.iter().filter(|(id, _)| !those.contains_key(*id));
    missing.map(|(_, key)| *key).collect()
}

fn key_line(key: &Key, withdrawn: &str) -> String {
    let country = key.country.as_deref().unwrap_or("–");
    let kid = key
        .kid
        .as_deref()
        .map_or_else(|| "–".into(), base64::encode);
    match &key.withdrawal {
        Some(withdrawal) => format!(
            "{country}  {kid}  {withdrawn} {}: {}",
            withdrawal.from, withdrawal.reason
        ),
        None => format!("{country}  {kid}"),
    }
}

fn key_json(key: &Key) -> Value {
    json!({
        "kid": key.kid.as_deref().map(base64::encode),
        "country": key.country,
        "sha256": Digest::of(key.material.der()).to_string(),
        "withdrawn_from": key.withdrawal.as_ref().map(|one| one.from.to_string()),
        "compromised": key.withdrawal.as_ref().map(|one| one.compromised),
    })
}
