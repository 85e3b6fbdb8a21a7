//! Private keys in files, sealed with a passphrase.
//!
//! [`SealedKey::parse`] takes the text of a key file as `hcert keys` writes it (PKCS #8, RFC 5958,
//! encrypted with PBES2 and scrypt), [`SealedKey::open`] gives the [`PrivateKey`] that signs. A key
//! that lies open in its file is refused. Nothing here reads a file or makes a random number.

mod open;
mod private;
mod seal;

pub use open::{OpenError, SEALED, SealedKey};
pub use private::PrivateKey;
pub use seal::{Fresh, SealError};
