//! AWS-LC for ES256 and PS256, dalek for EdDSA (its strict check is what we want, and it is fast).

use alloc::boxed::Box;

use aws_lc_rs::{
    rsa::PublicKeyComponents,
    signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PSS_2048_8192_SHA256},
};

use super::{Backend, BadSignature, Check, KeyError, pure::Pure};

/// The native backend.
pub struct Native;

/// AWS-LC takes RSA keys from this length on.
const AWS_LC_RSA_BYTES_MIN: usize = 2048 / 8;

impl Backend for Native {
    fn es256(&self, point: &[u8]) -> Result<Box<dyn Check>, KeyError> {
        let key =
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| KeyError::Value)?;
        Ok(Box::new(AwsLc(key)))
    }

    fn ps256(&self, n: &[u8], e: &[u8]) -> Result<Box<dyn Check>, KeyError> {
        // The field has keys of 1,024 bits, which only the pure backend takes.
        if n.iter().skip_while(|byte| **byte == 0).count() < AWS_LC_RSA_BYTES_MIN {
            return Pure.ps256(n, e);
        }
        let key = PublicKeyComponents { n, e }
            .to_parsed_public_key(&RSA_PSS_2048_8192_SHA256)
            .map_err(|_| KeyError::Value)?;
        Ok(Box::new(AwsLc(key)))
    }

    fn eddsa(&self, key: &[u8]) -> Result<Box<dyn Check>, KeyError> {
        Pure.eddsa(key)
    }
}

struct AwsLc(ParsedPublicKey);

impl Check for AwsLc {
    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        self.0
            .verify_sig(message, signature)
            .map_err(|_| BadSignature)
    }
}
