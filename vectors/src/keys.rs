//! Test keys, made from their names: each is the same in every run, whatever else is made.

use anyhow::{Context, Result};
use chacha20::ChaCha20Rng;
use hcert::keys::{Algorithm, Signer as _, SoftwareKey};
use rsa::{
    RsaPrivateKey, pkcs1v15, pss,
    rand_core::{Rng as _, SeedableRng as _},
    signature::{RandomizedSigner as _, SignatureEncoding as _, Signer as _},
    traits::PublicKeyParts as _,
};
use sha2::{Digest as _, Sha256};

use super::der;

/// What every secret is derived from. Anybody can derive them: nothing signed with these keys is
/// worth anything, and no verifier outside a test may trust them.
pub(super) const SEED: &str = "hcert test vectors, 1";

const RSA_BITS: usize = 2048;

/// How PS256 is done, or done wrongly.
#[derive(Debug, Clone, Copy)]
pub(super) enum RsaStyle {
    /// PSS with SHA-256 and a salt of this many bytes; PS256 has 32.
    PssSha256(usize),
    /// PSS with SHA-512 throughout, which is PS512.
    PssSha512,
    /// PKCS #1 v1.5 with SHA-256, which is RS256.
    Pkcs1,
}

/// A private key of any algorithm.
pub(super) enum Key {
    Soft(SoftwareKey),
    Rsa(Box<RsaPrivateKey>),
}

/// A generator of its own for each purpose.
fn random(purpose: &str, detail: &[u8]) -> ChaCha20Rng {
    let digest = Sha256::new()
        .chain_update(SEED)
        .chain_update([0])
        .chain_update(purpose)
        .chain_update([0])
        .chain_update(detail)
        .finalize();
    ChaCha20Rng::from_seed(digest.into())
}

/// Bytes for a purpose: serial numbers, made-up hashes.
pub(super) fn bytes<const N: usize>(purpose: &str) -> [u8; N] {
    let mut out = [0; N];
    random(purpose, b"bytes").fill_bytes(&mut out);
    out
}

impl Key {
    pub(super) fn es256(name: &str) -> Result<Key> {
        let key = SoftwareKey::es256(&bytes::<32>(name).into());
        Ok(Key::Soft(key.context("the seed gives no P-256 key")?))
    }

    pub(super) fn eddsa(name: &str) -> Key {
        Key::Soft(SoftwareKey::eddsa(&bytes::<32>(name).into()))
    }

    pub(super) fn ps256(name: &str) -> Result<Key> {
        let key = RsaPrivateKey::new(&mut random(name, b"rsa"), RSA_BITS);
        Ok(Key::Rsa(Box::new(
            key.context("the seed gives no RSA key")?,
        )))
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        match self {
            Key::Soft(key) => key.algorithm(),
            Key::Rsa(_) => Algorithm::Ps256,
        }
    }

    /// The DER SubjectPublicKeyInfo.
    pub(super) fn spki(&self) -> Vec<u8> {
        match self {
            Key::Soft(key) => key.spki(),
            Key::Rsa(key) => {
                let number = |value: &rsa::BoxedUint| der::unsigned(&value.to_be_bytes());
                let numbers = der::sequence(&[number(key.n()), number(key.e())]);
                let algorithm = [der::oid("1.2.840.113549.1.1.1"), der::value(0x05, &[])];
                der::sequence(&[der::sequence(&algorithm), der::bits(&numbers)])
            }
        }
    }

    /// Signs as COSE wants it.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.sign_in_style(message, RsaStyle::PssSha256(32))
    }

    /// Signs, an RSA key in the style named. The salt depends on the message alone.
    ///
    /// # Panics
    /// If the key refuses: the test keys do not.
    pub(super) fn sign_in_style(&self, message: &[u8], style: RsaStyle) -> Vec<u8> {
        let mut rng = random("salt", message);
        match self {
            Key::Soft(key) => key
                .sign(message)
                .unwrap_or_else(|error| panic!("a key in memory signs: {error}")),
            Key::Rsa(key) => {
                let key = (**key).clone();
                match style {
                    RsaStyle::PssSha256(salt) => {
                        pss::SigningKey::<rsa::sha2::Sha256>::new_with_salt_len(key, salt)
                            .sign_with_rng(&mut rng, message)
                            .to_vec()
                    }
                    RsaStyle::PssSha512 => pss::SigningKey::<rsa::sha2::Sha512>::new(key)
                        .sign_with_rng(&mut rng, message)
                        .to_vec(),
                    RsaStyle::Pkcs1 => pkcs1v15::SigningKey::<rsa::sha2::Sha256>::new(key)
                        .sign(message)
                        .to_vec(),
                }
            }
        }
    }
}
