//! Certificates that no verifier may take: one for each way to be wrong.

mod claims;
mod cose;
mod damaged_cbor;
mod schema;
mod signature;
mod signer;
mod text;
mod zlib;

use super::{trust::Trust, vector::Vector};

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    [
        text::vectors(trust),
        zlib::vectors(trust),
        damaged_cbor::vectors(trust),
        cose::vectors(trust),
        signature::vectors(trust),
        signer::vectors(trust),
        claims::vectors(trust),
        schema::vectors(trust),
    ]
    .into_iter()
    .flatten()
    .collect()
}
