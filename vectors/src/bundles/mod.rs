//! The folder `bundles/`: trust bundles, and one for each attack that the specification of The
//! Update Framework names (section 1.5.2), as a verifier with a memory would meet them.

mod attacks;
mod publisher;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use hcert::time::Timestamp;
use serde_json::{Value, json};
use trust_list::bundle::{Bundle, State};

use super::Files;

/// What a verifier has to make of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// Taken, with every part.
    Taken,
    /// Taken, with this many parts missing or damaged.
    Without(usize),
    /// Refused, with this code.
    Refused(&'static str),
}

/// One offer to one verifier.
struct Offer {
    name: &'static str,
    /// The attack, in the words of the TUF specification; `None` when all is well.
    attack: Option<&'static str>,
    what: &'static str,
    state: State,
    file: Vec<u8>,
    expect: Expect,
}

/// When the offers are looked at, and how old that makes an untouched one.
const AT: &str = "2026-03-02T00:00:00Z";

/// Every file of the folder.
pub(super) fn files() -> Result<Files> {
    let mut files = BTreeMap::new();
    let mut index = Vec::new();
    for offer in attacks::offers()? {
        let name = offer.name;
        let entry = offer.checked().with_context(|| name.to_owned())?;
        index.push(entry);
        files.insert(format!("bundles/{name}.state"), offer.state.encode());
        files.insert(format!("bundles/{name}.hcert"), offer.file);
    }
    let index = json!({ "at": AT, "bundles": index });
    files.insert("bundles/index.json".into(), format!("{index:#}\n").into());
    Ok(files)
}

impl Offer {
    /// Its line in the index, once our own reader agrees.
    fn checked(&self) -> Result<Value> {
        let at: Timestamp = AT.parse()?;
        let limits = trust_list::limits::Limits::DEFAULT;
        let file = std::sync::Arc::new(self.file.clone());
        let opened = Bundle::open(&file, &self.state, &limits);
        let (found, details) = match &opened {
            Ok((bundle, _)) => {
                let missing = bundle.missing().count();
                let found = match missing {
                    0 => Expect::Taken,
                    count => Expect::Without(count),
                };
                let freshness = bundle.freshness(at).name();
                let details = json!({
                    "sequence": bundle.manifest().sequence(),
                    "root_version": bundle.root().version(),
                    "keys": bundle.key_list().keys.len(),
                    "missing": missing,
                    "freshness": freshness,
                });
                (found, details)
            }
            Err(error) => (Expect::Refused(error.code()), Value::Null),
        };
        ensure!(
            found == self.expect,
            "{:?}, but found {found:?}",
            self.expect
        );
        let error = match self.expect {
            Expect::Refused(code) => Some(code),
            _ => None,
        };
        Ok(json!({
            "name": self.name,
            "attack": self.attack,
            "description": self.what,
            "expect": { "taken": error.is_none(), "error": error, "bundle": details },
        }))
    }
}
