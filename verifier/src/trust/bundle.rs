//! What a verifier takes from a trust bundle.

use alloc::{
    format,
    string::{String, ToString},
};

use trust_list::{
    bundle::{Bundle, Validity},
    environment::Environment,
    manifest::{Part, PartKind},
    policy::{AfterHardExpiry, Policy},
};

use super::{Refused, TrustBuilder, TrustedKey};

/// Which bundle a verdict rests on, and until when it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleInfo {
    /// Its sequence number.
    pub sequence: u64,
    /// When it was made, and until when it is good.
    pub validity: Validity,
    /// Production or test.
    pub environment: Environment,
    /// What its publisher wants where the format leaves it open.
    pub policy: Policy,
}

impl TrustBuilder {
    /// Takes the keys, the revocation and the policy of a bundle; its rules are
    /// [`crate::Verifier::with_bundle_rules`]'s. A policy that can't be read counts as the
    /// strictest.
    pub fn add_bundle(&mut self, bundle: &Bundle) {
        let policy = bundle.policy().unwrap_or_else(|error| {
            self.refuse("policy", error);
            Policy {
                after_hard_expiry: AfterHardExpiry::Red,
                ..Policy::default()
            }
        });
        let keys = bundle.key_list().keys.iter();
        self.keys.extend(keys.map(TrustedKey::listed));
        self.add_revocation(bundle);
        for part in bundle.missing() {
            self.refused.push(Refused {
                entry: format!("{} {}", part.kind, part.name),
                why: "missing or damaged".into(),
            });
        }
        self.bundle = Some(BundleInfo {
            sequence: bundle.manifest().sequence(),
            validity: bundle.validity(),
            environment: bundle.environment(),
            policy,
        });
    }
    /// Revocation: what is missing or damaged makes the answer "unknown", never "not revoked".
    fn add_revocation(&mut self, bundle: &Bundle) {
        let mut done = |part: &Part, done: Result<(), String>| {
            if let Err(why) = done {
                self.refused.push(Refused {
                    entry: format!("{} {}", part.kind, part.name),
                    why,
                });
            }
        };
        let revocations = &mut self.revocations;
        for part in bundle.manifest().parts() {
            let bytes = bundle.part(part);
            let text = |error: &dyn core::fmt::Display| error.to_string();
            match (&part.kind, bytes) {
                (PartKind::RevocationIndex, Some(bytes)) => {
                    done(part, revocations.add_index(bytes).map_err(|e| text(&e)));
                }
                (PartKind::RevocationSlice, Some(bytes)) => {
                    revocations.add_slice(*part.digest.as_bytes(), bytes.clone());
                }
                (PartKind::RevocationHashes, Some(bytes)) => {
                    let added = revocations.add_hashes(bytes.clone());
                    done(part, added.map_err(|e| text(&e)));
                }
                (PartKind::RevocationFilter, Some(bytes)) => {
                    let added = revocations.add_filters(bytes.clone());
                    done(part, added.map_err(|e| text(&e)));
                }
                // A slice is missed when it is asked; of the others nobody knows for whom they
                // would have spoken.
                (
                    PartKind::RevocationIndex
                    | PartKind::RevocationHashes
                    | PartKind::RevocationFilter,
                    None,
                ) => revocations.add_missing(),
                _ => {}
            }
        }
    }
}
