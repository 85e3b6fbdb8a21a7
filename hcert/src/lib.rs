//! The certificate itself.
