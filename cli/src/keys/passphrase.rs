//! Passphrases: from a file, from the environment, or typed without being seen.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::{context::Context, fault::Fault, files};

/// For tests and automation: what is in the environment can be read by other programs of the same
/// person.
const VARIABLE: &str = "HCERT_PASSPHRASE";

/// A passphrase, wiped when dropped.
pub(crate) type Passphrase = Zeroizing<String>;

/// The passphrase of a key that is there.
pub(crate) fn existing(
    context: &Context,
    file: Option<&PathBuf>,
    key: &Path,
) -> Result<Passphrase, Fault> {
    match given(file)? {
        Some(passphrase) => Ok(passphrase),
        None => typed(&context.words().passphrase_of(&files::shown(key))),
    }
}

/// The passphrase of a key to be made; typed twice.
pub(crate) fn new(
    context: &Context,
    file: Option<&PathBuf>,
    key: &Path,
) -> Result<Passphrase, Fault> {
    if let Some(passphrase) = given(file)? {
        return Ok(passphrase);
    }
    let words = context.words();
    let passphrase = typed(&words.new_passphrase(&files::shown(key)))?;
    if typed(words.making().repeat_passphrase)? != passphrase {
        return Err(Fault::PassphrasesDiffer);
    }
    Ok(passphrase)
}

fn given(file: Option<&PathBuf>) -> Result<Option<Passphrase>, Fault> {
    let Some(path) = file else {
        return match std::env::var(VARIABLE) {
            Ok(passphrase) => not_empty(passphrase).map(Some),
            Err(_) => Ok(None),
        };
    };
    let bytes = files::read_keys(path)?;
    let text = str::from_utf8(&bytes).map_err(|_| Fault::NotText {
        path: files::shown(path),
    })?;
    not_empty(text.lines().next().unwrap_or_default().to_owned()).map(Some)
}

fn typed(question: &str) -> Result<Passphrase, Fault> {
    let answer = rpassword::prompt_password(format!("{question}: "));
    not_empty(answer.map_err(|_| Fault::NoTerminal)?)
}

fn not_empty(passphrase: String) -> Result<Passphrase, Fault> {
    let passphrase = Zeroizing::new(passphrase);
    if passphrase.is_empty() {
        return Err(Fault::EmptyPassphrase);
    }
    Ok(passphrase)
}
