//! Certificates that every verifier must take.

mod content;
mod envelope;
mod kinds;
mod signer;

use super::{trust::Trust, vector::Vector};

pub(super) use envelope::{ORDER, twin, with_two_spaces};

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    [
        kinds::vectors(trust),
        content::vectors(trust),
        envelope::vectors(trust),
        signer::vectors(trust),
    ]
    .into_iter()
    .flatten()
    .collect()
}
