//! What a verifier takes from a trust bundle.

use hcert::time::Timestamp;
use trust_list::{
    bundle::{Bundle, Freshness},
    environment::Environment,
    policy::{AfterHardExpiry, Policy},
};

use super::{TrustBuilder, TrustedKey};

/// Which bundle a verdict rests on, and until when it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleInfo {
    /// Its sequence number.
    pub sequence: u64,
    /// When it was made.
    pub issued: Timestamp,
    /// From when on answers are amber.
    pub soft_expiry: Timestamp,
    /// From when on the policy decides.
    pub hard_expiry: Timestamp,
    /// Production or test.
    pub environment: Environment,
    /// What its publisher wants where the format leaves it open.
    pub policy: Policy,
}

impl BundleInfo {
    /// How much it may be relied on at an instant.
    pub fn freshness(&self, at: Timestamp) -> Freshness {
        if at >= self.hard_expiry {
            Freshness::Expired {
                since: self.hard_expiry,
            }
        } else if at >= self.soft_expiry {
            Freshness::Stale {
                since: self.soft_expiry,
            }
        } else {
            Freshness::Fresh
        }
    }

    /// Whole days since it was made; 0 when the clock is before it.
    pub fn age_days(&self, at: Timestamp) -> i64 {
        let seconds = at.unix().saturating_sub(self.issued.unix());
        seconds.max(0) / (24 * 3600)
    }
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
        for part in bundle.missing() {
            self.refused.push(super::Refused {
                entry: format!("{} {}", part.kind, part.name),
                why: "missing or damaged".into(),
            });
        }
        self.bundle = Some(BundleInfo {
            sequence: bundle.manifest().sequence(),
            issued: bundle.manifest().issued(),
            soft_expiry: bundle.manifest().soft_expiry(),
            hard_expiry: bundle.hard_expiry(),
            environment: bundle.environment(),
            policy,
        });
    }
}
