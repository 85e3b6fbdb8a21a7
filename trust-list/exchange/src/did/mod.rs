//! WHO's GDHCN trust list: DID documents with a JSON-LD proof, embedded or by reference.
//!
//! Specification: smart-trust, concepts_did_gdhcn (version 2, and the legacy version 1). A
//! document by reference lists only the identifiers of others. They are looked for among the
//! documents that were handed in, and nowhere else; none is followed into another environment,
//! which WHO's own production list invites to.

mod export;
mod proof;
mod statements;

use std::collections::VecDeque;

use hcert::{limits::Limits, time::Timestamp};
use serde_json::Value;
use trust_list::import::{self, DidUrl, Form, Listing};

pub use export::{Entry, ExportError, Place, export, sign};

use crate::{ImportError, Imported, Pin, ProofError, Vouch};

const FORM: Form = Form::DidDocument;

/// Reads a list. `others` are the documents that it may refer to. With a pin, the proof of `root`
/// and of every document that is followed has to hold; `at` is the time of the import.
///
/// A proof says who signed a document, not that it is the one that was asked for, nor the newest:
/// compare [`Listing::name`] with the place it came from, and [`Vouch::Proof`]'s time with that of
/// the last import.
pub fn read(
    root: &[u8],
    others: &[&[u8]],
    pin: Option<&Pin>,
    at: Timestamp,
    limits: &Limits,
) -> Result<Imported, ImportError> {
    let root = import::json(root, limits)?;
    if !root["verificationMethod"].is_array() {
        return Err(ImportError::form(FORM, "it has no list verificationMethod"));
    }
    let vouch = match pin {
        None => Vouch::Operator,
        Some(pin) => check(&root, pin, at).map_err(|why| ImportError::Proof { form: FORM, why })?,
    };
    let mut listing = Listing::new(FORM);
    listing.name = root["id"].as_str().map(str::to_owned);
    let mut handed_in = Vec::new();
    for (index, bytes) in others.iter().enumerate() {
        match import::json(bytes, limits) {
            Ok(document) => handed_in.push(document),
            Err(error) => listing.refuse(format!("document {}", index + 1), error),
        }
    }
    let walk = Walk {
        base: listing.name.clone().unwrap_or_default(),
        pin,
        at,
        depth: limits.depth,
    };
    walk.from(&root, &handed_in, &mut listing);
    Ok(Imported { listing, vouch })
}

fn check(document: &Value, pin: &Pin, at: Timestamp) -> Result<Vouch, ProofError> {
    let created = proof::check(document, pin)?;
    if let Some(from) = created.filter(|from| *from > at) {
        return Err(ProofError::NotYet { from, at });
    }
    Ok(Vouch::Proof {
        signer: pin.name(),
        at: created,
    })
}

/// What is the same for every document of one list.
struct Walk<'a> {
    base: String,
    pin: Option<&'a Pin>,
    at: Timestamp,
    depth: usize,
}

impl Walk<'_> {
    /// Goes breadth first; each document once, so that a circle ends.
    fn from(&self, root: &Value, handed_in: &[Value], listing: &mut Listing) {
        let mut seen = vec![root["id"].as_str().unwrap_or_default().to_owned()];
        let mut queue = VecDeque::from([(root, None::<String>, 0)]);
        while let Some((document, only, depth)) = queue.pop_front() {
            let mut found = import::did_document(document);
            if let Some(id) = only {
                found.keys.retain(|key| key.entry == id);
                found.refused.retain(|refused| refused.entry == id);
                found.links.clear();
            }
            for link in core::mem::take(&mut found.links) {
                match self.follow(&link, handed_in, &mut seen, depth) {
                    Ok((document, only)) => queue.push_back((document, only, depth + 1)),
                    Err(why) => {
                        listing.refuse(&link, why);
                        listing.links.push(link);
                    }
                }
            }
            listing.append(found);
        }
    }

    /// The document that a link names, and the one entry of it if it names one.
    fn follow<'v>(
        &self,
        link: &str,
        handed_in: &'v [Value],
        seen: &mut Vec<String>,
        depth: usize,
    ) -> Result<(&'v Value, Option<String>), String> {
        let (here, there) = (DidUrl::parse(&self.base).host, DidUrl::parse(link).host);
        if there.is_none() || here != there {
            return Err(format!(
                "a link to another environment or place ({}), which is never followed",
                there.unwrap_or("no did:web")
            ));
        }
        if depth >= self.depth {
            return Err(format!("more than {} links deep", self.depth));
        }
        if seen.iter().any(|seen| seen == link) {
            return Err("a link to what was read already".to_owned());
        }
        let id = link.split_once('#').map_or(link, |(id, _)| id);
        let document = handed_in
            .iter()
            .find(|document| document["id"].as_str() == Some(id))
            .ok_or("a link to a document that was not handed in")?;
        if let Some(pin) = self.pin {
            check(document, pin, self.at).map_err(|error| error.to_string())?;
        }
        seen.push(link.to_owned());
        Ok((document, (id != link).then(|| link.to_owned())))
    }
}
