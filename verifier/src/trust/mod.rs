//! What is trusted: keys by kid, authorities above them, revocation lists.
//!
//! A [`TrustBuilder`] takes files of every kind of the field, told apart by their content; one
//! entry that can't be used is refused with its reason and never drops the rest. Chains are
//! checked once, when the [`Trust`] is built.

mod bundle;
mod file;
mod key;

use alloc::{collections::BTreeMap, sync::Arc, vec::Vec};

use hcert::{
    kid::Kid,
    limits::Limits,
    x509::{Certificate, ChainError},
};

pub use bundle::BundleInfo;
pub use key::TrustedKey;
pub use trust_list::import::{FileError, Refused};
use trust_list::{
    bundle::{Bundle, PartBytes},
    revocation::{Batch, HashListBuilder, ListKey, Revocations},
};

/// The keys and revocation lists that a verifier trusts.
#[derive(Debug, Default)]
pub struct Trust {
    by_kid: BTreeMap<Kid, Vec<Arc<TrustedKey>>>,
    nameless: Vec<Arc<TrustedKey>>,
    revocations: Revocations<PartBytes>,
    refused: Vec<Refused>,
    bundle: Option<BundleInfo>,
}

impl Trust {
    /// Of a bundle alone, as a device has it: without the code that reads other files and checks the chains
    /// of certificates, which those who made the bundle have done.
    pub fn of_bundle(bundle: &Bundle) -> Trust {
        let mut builder = TrustBuilder::new();
        builder.add_bundle(bundle);
        builder.sort()
    }

    /// The bundle it rests on, if it rests on one.
    pub fn bundle(&self) -> Option<&BundleInfo> {
        self.bundle.as_ref()
    }

    /// The keys to try for a message with this kid: those listed under it, then bare ones.
    pub fn candidates(&self, kid: Option<&[u8]>) -> impl Iterator<Item = &Arc<TrustedKey>> {
        let named = kid.and_then(|kid| self.by_kid.get(kid));
        named.into_iter().flatten().chain(&self.nameless)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.by_kid.values().map(Vec::len).sum::<usize>() + self.nameless.len()
    }

    /// Whether no key is trusted.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The revocation lists.
    pub fn revocations(&self) -> &Revocations<PartBytes> {
        &self.revocations
    }

    /// The entries that could not be used.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }
}

/// Gathers trusted files.
#[derive(Debug, Default)]
pub struct TrustBuilder {
    limits: Limits,
    keys: Vec<TrustedKey>,
    authorities: Vec<Certificate>,
    revocations: Revocations<PartBytes>,
    batches: Vec<Batch>,
    refused: Vec<Refused>,
    bundle: Option<BundleInfo>,
}

impl TrustBuilder {
    /// With the default limits.
    pub fn new() -> TrustBuilder {
        TrustBuilder::default()
    }

    /// Checks chains and sorts the keys by kid.
    ///
    /// A DSC whose issuer is among the authorities has to stand below one of them; one whose
    /// issuer is not given is trusted as it is, as who names it as trusted says.
    pub fn build(mut self) -> Trust {
        if !self.batches.is_empty() {
            let mut lists = HashListBuilder::default();
            for batch in &self.batches {
                lists.list(ListKey::from(batch)).extend(&batch.hashes);
            }
            if let Err(error) = self.revocations.add_hashes(lists.write().into()) {
                self.refuse("revocation batches", error);
            }
        }
        if !self.authorities.is_empty() {
            for key in &mut self.keys {
                key.chain = chain_of(key, &self.authorities);
            }
        }
        self.sort()
    }

    /// By kid.
    fn sort(self) -> Trust {
        let mut trust = Trust {
            revocations: self.revocations,
            refused: self.refused,
            bundle: self.bundle,
            ..Trust::default()
        };
        for key in self.keys {
            let kid = key.kid().cloned();
            let key = Arc::new(key);
            match kid {
                Some(kid) => trust.by_kid.entry(kid).or_default().push(key),
                None => trust.nameless.push(key),
            }
        }
        trust
    }
}

fn chain_of(key: &TrustedKey, authorities: &[Certificate]) -> Result<(), ChainError> {
    let Some(certificate) = key.certificate() else {
        return Ok(());
    };
    let named = authorities
        .iter()
        .filter(|csca| certificate.names_as_issuer(csca));
    let mut failure = Ok(());
    for csca in named {
        match certificate.check_issued_by(csca) {
            Ok(()) => return Ok(()),
            error => failure = error,
        }
    }
    failure
}
