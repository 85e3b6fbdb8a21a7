//! The German list: the base64 of a signature on the first line, the gateway's shape below it.
//!
//! The signature is ECDSA with SHA-256, DER, over the JSON text without white space around it
//! (covpass-android, `DscListDecoder`). The list carries no date: an old one can't be told from
//! today's.

use hcert::{base64, limits::Limits};
use trust_list::import::{self, FileError, Form};

use crate::{ImportError, Imported, Pin, ProofError, Vouch, signature};

const FORM: Form = Form::German;

/// Reads a list; with a pin, its signature has to hold.
pub fn read(bytes: &[u8], pin: Option<&Pin>, limits: &Limits) -> Result<Imported, ImportError> {
    let limit = limits.trust_file_bytes;
    if bytes.len() > limit {
        return Err(FileError::TooLarge { limit }.into());
    }
    let text = str::from_utf8(bytes).map_err(|_| ImportError::form(FORM, "it is no text"))?;
    let (first, json) = text
        .trim_start()
        .split_once('\n')
        .ok_or_else(|| ImportError::form(FORM, "it has no line below the signature"))?;
    let json = json.trim();
    let vouch = match pin {
        None => Vouch::Operator,
        Some(pin) => {
            let holds = base64::decode(first)
                .ok_or_else(|| ProofError::Unreadable("the first line is not base64".to_owned()))
                .and_then(|signature| signature::check(pin.key(), json.as_bytes(), &signature));
            holds.map_err(|why| ImportError::Proof { form: FORM, why })?;
            Vouch::Proof {
                signer: pin.name(),
                at: None,
            }
        }
    };
    let document = import::json(json.as_bytes(), limits)?;
    let entries = document["certificates"]
        .as_array()
        .ok_or_else(|| ImportError::form(FORM, "it has no list certificates"))?;
    let mut listing = import::gateway_entries(entries)?;
    listing.form = FORM;
    for key in &mut listing.keys {
        key.domain = Some("DCC".to_owned());
    }
    Ok(Imported { listing, vouch })
}
