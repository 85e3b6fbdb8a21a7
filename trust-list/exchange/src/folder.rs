//! A folder of certificates and keys, as the gateway's public archive is one.

use hcert::limits::Limits;
use trust_list::import::{self, Form, Listing, Role};

use crate::{Imported, Vouch};

/// Reads files by name and content. A file that can't be used is refused with its reason. The
/// words DSC, CSCA and SCA among the folders of a name say what its certificates are for.
pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>, limits: &Limits) -> Imported {
    let mut listing = Listing::new(Form::Folder);
    for (name, bytes) in files {
        let mut found = match import::read(bytes, limits) {
            Ok(found) => found,
            Err(error) => {
                listing.refuse(name, error);
                continue;
            }
        };
        let mut folders = name.split(['/', '\\']);
        let word = folders.find(|part| matches!(*part, "DSC" | "CSCA" | "SCA" | "UP" | "TLS"));
        for key in &mut found.keys {
            key.entry = entry(name, &key.entry);
            if let Some(word) = word {
                key.role = Role::from_word(word);
            }
        }
        for refused in &mut found.refused {
            refused.entry = entry(name, &refused.entry);
        }
        listing.append(found);
    }
    Imported {
        listing,
        vouch: Vouch::Operator,
    }
}

fn entry(name: &str, entry: &str) -> String {
    match entry {
        "the file" => name.to_owned(),
        entry => format!("{name}, {entry}"),
    }
}
