//! Who is revoked: slices that a verifier carries.
