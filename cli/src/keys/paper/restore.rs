//! `hcert keys restore`: from paper to a file.

use std::path::Path;

use hcert::pem;
use pkcs8::EncryptedPrivateKeyInfoRef;
use qr::picture::{self, PictureLimits};
use zeroize::Zeroizing;

use super::{lines, page};
use crate::{
    context::Context,
    fault::Fault,
    files,
    keys::{
        args::RestoreArgs, ceremony, fault::KeysFault, fingerprint, private, show,
        transcript::Entry,
    },
};

/// Writes the one encrypted key that the inputs hold.
pub(crate) fn run(args: &RestoreArgs, context: &Context) -> Result<(), Fault> {
    ceremony::check(&[&args.key], args.force, &args.record)?;
    let mut keys: Vec<Vec<u8>> = Vec::new();
    let mut typed = String::new();
    let mut faults = Vec::new();
    for input in &args.inputs {
        match read(input)? {
            Found::Keys(found) => keys.extend(found),
            Found::Lines(text) => {
                typed += &text;
                typed.push('\n');
            }
            // Another picture of the same page may do.
            Found::Nothing(fault) => faults.push(fault),
        }
    }
    if !typed.trim().is_empty() {
        let key = lines::decode(&typed).map_err(|problems| KeysFault::Lines { problems })?;
        keys.push(key);
    }
    keys.sort_unstable();
    keys.dedup();
    let key = match (keys.pop(), keys.is_empty()) {
        (Some(key), true) => key,
        (Some(_), false) => return Err(KeysFault::SeveralKeys.into()),
        (None, _) => {
            let path = args.inputs.first().map(|path| files::shown(path));
            let nothing = || KeysFault::NoKey {
                path: path.unwrap_or_default(),
            };
            return Err(faults.into_iter().next().unwrap_or_else(nothing).into());
        }
    };
    if EncryptedPrivateKeyInfoRef::try_from(key.as_slice()).is_err() {
        return Err(Fault::OtherEncryption {
            path: files::shown(&args.key),
        });
    }
    let text = Zeroizing::new(pem::encode(private::SEALED, &key).into_bytes());
    let output = ceremony::private(&args.key, text, args.force);
    ceremony::write(
        vec![output],
        Entry::new("keys restore").with("sealed_sha256", fingerprint::hex(&key)),
        &args.record,
        context,
    )?;
    let making = context.words().making();
    let words = context.words().ceremony();
    let rows = [
        (making.private_key, show::sealed(&args.key, context)),
        (words.sealed_hash, fingerprint::grouped(&key)),
    ];
    show::report(words.restored, &rows, &[words.try_restored.to_owned()])
}

/// What an input holds.
enum Found {
    /// Encrypted keys, DER.
    Keys(Vec<Vec<u8>>),
    /// Typed lines.
    Lines(String),
    /// None of it.
    Nothing(KeysFault),
}

fn read(path: &Path) -> Result<Found, Fault> {
    let bytes = files::read_picture(path)?;
    match str::from_utf8(&bytes) {
        // A PDF can be text throughout.
        Ok(text) if !text.starts_with("%PDF") => of_text(path, text),
        _ => of_picture(path, &bytes),
    }
}

fn of_text(path: &Path, text: &str) -> Result<Found, Fault> {
    let found = sealed(path, text)?;
    if !found.is_empty() {
        return Ok(Found::Keys(found));
    }
    let lines = match text.split_once(page::LINES_START) {
        Some((_, rest)) => rest.split(page::LINES_END).next().unwrap_or_default(),
        None => text,
    };
    if lines.trim().is_empty() {
        let path = files::shown(path);
        return Ok(Found::Nothing(KeysFault::NoKey { path }));
    }
    Ok(Found::Lines(lines.to_owned()))
}

fn of_picture(path: &Path, bytes: &[u8]) -> Result<Found, Fault> {
    let pages = match picture::codes(bytes, &PictureLimits::default()) {
        Ok(pages) => pages,
        Err(error) => {
            let path = files::shown(path);
            return Ok(Found::Nothing(KeysFault::Picture { path, error }));
        }
    };
    let mut keys = Vec::new();
    for code in pages.into_iter().flat_map(|page| page.codes) {
        if let Some(text) = code.text {
            keys.extend(sealed(path, &text)?);
        }
    }
    if keys.is_empty() {
        let path = files::shown(path);
        return Ok(Found::Nothing(KeysFault::NoKey { path }));
    }
    Ok(Found::Keys(keys))
}

/// The encrypted keys in a text. An open one is refused.
fn sealed(path: &Path, text: &str) -> Result<Vec<Vec<u8>>, Fault> {
    let mut found = Vec::new();
    for (label, der) in pem::blocks(text).flatten() {
        if label == private::SEALED {
            found.push(der);
        } else if label.ends_with("PRIVATE KEY") {
            drop(Zeroizing::new(der));
            return Err(Fault::NotEncrypted {
                path: files::shown(path),
            });
        }
    }
    Ok(found)
}
