//! Digital health certificates: from a signed payload to the text in a QR code, and back.
//!
//! An HC1 text is made of layers, and each layer is a module with both directions:
//!
//! ```text
//! "HC1:" + base45( zlib( COSE_Sign1( CWT( hcert claim -260 ) ) ) )
//!   hc1      base45   zlib   cose         cwt    received, dcc
//! ```
//!
//! Start with [`hc1::Decoder::decode`], which yields an [`hc1::Unverified`]: it says which key is
//! needed and nothing else. Only [`hc1::Unverified::verify`] with a [`keys::PublicKey`] gives the
//! claims away, as [`hc1::SignatureVerified`]. Making a certificate starts with [`dcc::Dcc`] and
//! ends with [`hc1::Encoder::encode`].
//!
//! Nothing here reads a file, a clock, a socket or a random number: bytes, keys and
//! [`time::Timestamp`]s come in as arguments. Deciding whether a certificate is to be believed is
//! the `verifier` crate's work. It needs an allocator and no operating system.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod base45;
pub mod base64;
pub mod cbor;
pub mod cose;
pub mod cwt;
pub mod date;
pub mod dcc;
pub mod hc1;
pub mod keys;
pub mod kid;
pub mod limits;
pub mod name;
pub mod pem;
pub mod received;
pub mod time;
pub mod uvci;
pub mod value_set;
pub mod x509;
pub mod zlib;
