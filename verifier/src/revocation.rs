//! Revocation by hash, as the EU's gateway exchanges it (dgc-gateway, RevocationBatchDto).
//!
//! A hash is the first 16 bytes of SHA-256. Over the signature, only r of ES256 counts, because
//! (r, n - s) is a second valid signature: a hash over both could be evaded.

use std::collections::HashSet;

use hcert::{base64, keys::Algorithm, received::ReceivedContent, time::Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Revocation;

/// What the hashes of a batch are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HashKind {
    /// The signature; of ES256 its first half.
    Signature,
    /// The UVCI.
    Uci,
    /// The issuing country (iss) followed by the UVCI.
    CountryCodeUci,
}

/// First 16 bytes of SHA-256.
pub type RevocationHash = [u8; 16];

/// One batch of revoked certificates of one country.
#[derive(Debug, Clone)]
pub struct Batch {
    country: String,
    expires: Timestamp,
    kind: HashKind,
    hashes: HashSet<RevocationHash>,
}

/// Why a text is not a revocation batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the revocation batch has no readable {0}")]
pub struct BatchError(pub &'static str);

impl Batch {
    /// Reads `{country, expires, kid, hashType, entries: [{hash}]}`.
    pub fn from_json(batch: &Value) -> Result<Batch, BatchError> {
        let text = |name: &'static str| batch[name].as_str().ok_or(BatchError(name));
        let kind = match text("hashType")? {
            "SIGNATURE" => HashKind::Signature,
            "UCI" => HashKind::Uci,
            "COUNTRYCODEUCI" => HashKind::CountryCodeUci,
            _ => return Err(BatchError("hashType (SIGNATURE, UCI or COUNTRYCODEUCI)")),
        };
        let entries = batch["entries"].as_array().ok_or(BatchError("entries"))?;
        let hash = |entry: &Value| -> Option<RevocationHash> {
            base64::decode(entry["hash"].as_str()?)?.try_into().ok()
        };
        Ok(Batch {
            country: text("country")?.to_owned(),
            expires: text("expires")?
                .parse()
                .map_err(|_| BatchError("expires"))?,
            kind,
            hashes: entries
                .iter()
                .map(hash)
                .collect::<Option<_>>()
                .ok_or(BatchError("hash"))?,
        })
    }
}

/// What revocation looks at in a certificate whose signature holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) signature: &'a [u8],
    /// The content, whose UVCIs count; `None` when it could not be read.
    pub(crate) content: Option<&'a ReceivedContent<'a>>,
    pub(crate) country: Option<&'a str>,
}

impl Subject<'_> {
    /// Whether the UVCI of any entry meets a condition.
    fn any_identifier(&self, condition: impl FnMut(&str) -> bool) -> bool {
        match self.content {
            Some(ReceivedContent::Dcc(dcc)) => dcc.identifiers().any(condition),
            _ => false,
        }
    }

    fn is_in(&self, batch: &Batch) -> bool {
        let listed = |digest: sha2::digest::Output<Sha256>| {
            let hash = digest
                .as_slice()
                .get(..16)
                .and_then(|hash| hash.try_into().ok());
            hash.is_some_and(|hash: RevocationHash| batch.hashes.contains(&hash))
        };
        match batch.kind {
            HashKind::Signature => {
                let half = self.signature.len() / 2;
                listed(Sha256::digest(match self.algorithm {
                    Algorithm::Es256 => self.signature.get(..half).unwrap_or_default(),
                    Algorithm::Ps256 | Algorithm::EdDsa => self.signature,
                }))
            }
            HashKind::Uci => self.any_identifier(|uci| listed(Sha256::digest(uci.as_bytes()))),
            HashKind::CountryCodeUci => self.country.is_some_and(|country| {
                let start = Sha256::new_with_prefix(country);
                let hash = |uci: &str| start.clone().chain_update(uci.as_bytes()).finalize();
                self.any_identifier(|uci| listed(hash(uci)))
            }),
        }
    }
}

/// All batches in hand.
#[derive(Debug, Clone, Default)]
pub struct Revocations {
    batches: Vec<Batch>,
}

impl Revocations {
    /// Adds a batch.
    pub fn add(&mut self, batch: Batch) {
        self.batches.push(batch);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// On any list in force: revoked, whatever country the list is of. On none: not revoked if a
    /// list of the certificate's country is in hand, else unknown, and never a silent pass.
    pub(crate) fn status(&self, subject: &Subject<'_>, at: Timestamp) -> Revocation {
        let mut covered = false;
        for batch in self.batches.iter().filter(|batch| batch.expires > at) {
            covered |= subject.country == Some(&batch.country);
            if subject.is_in(batch) {
                return Revocation::Revoked;
            }
        }
        if covered {
            Revocation::NotRevoked
        } else {
            Revocation::Unknown
        }
    }
}
