//! From a stored text back to what was signed: verified first, by the key that is known.

use std::{collections::HashMap, sync::Arc};

use hcert::{
    cbor, cwt::ContentKind, dcc::Dcc, hc1::Decoder, keys::PublicKey, kid::Kid, limits::Limits,
    x509::Certificate,
};
use keyring::{CertifyError, Keyring, Profile};

use crate::store::CertificateRow;

/// The keys that certificates here were signed with.
pub(super) struct Known {
    keys: HashMap<Vec<u8>, PublicKey>,
}

impl Known {
    /// The keys of the keyring: those that sign, will sign, and have signed.
    pub(super) fn new(keyring: &Arc<Keyring>) -> Known {
        let mut known = Known {
            keys: HashMap::new(),
        };
        for dsc in keyring.all() {
            known.add(dsc.certificate());
        }
        known
    }

    /// A key that has gone from the keyring since.
    pub(super) fn add(&mut self, certificate: &Certificate) {
        if let Ok(key) = certificate.public_key() {
            self.keys.insert(certificate.kid().as_bytes().into(), key);
        }
    }

    /// Whether a kid is among them.
    pub(super) fn has(&self, kid: &[u8]) -> bool {
        self.keys.contains_key(kid)
    }

    /// What a text says. It verifies under the key of its kid, and is of the certificate whose UVCI
    /// is given; else nothing of it may be shown.
    pub(super) fn read(
        &self,
        decoder: &mut Decoder,
        profile: Profile,
        (kid, text): (&[u8], &str),
        uvci: &str,
    ) -> Result<Dcc, CertifyError> {
        let failed = |stage| CertifyError::NotVerified {
            profile,
            kid: Kid::from_bytes(kid),
            stage,
            failure: None,
        };
        let key = self.keys.get(kid).ok_or_else(|| failed("kid"))?;
        let message = decoder.decode(text).map_err(|_| failed("cose"))?;
        if message.protected_kid() != Some(kid) {
            return Err(failed("kid"));
        }
        let signed = message.verify(key).map_err(|_| failed("signature"))?;
        let claims = signed.claims().map_err(|_| failed("cbor"))?;
        let content = claims
            .content
            .filter(|content| content.kind == ContentKind::EuDcc)
            .ok_or_else(|| failed("schema"))?;
        let json = cbor::to_json(content.bytes, &Limits::default()).map_err(|_| failed("cbor"))?;
        let dcc = Dcc::from_json(&json).map_err(|_| failed("schema"))?;
        if dcc.event().certificate_id().as_str() != uvci {
            return Err(failed("content"));
        }
        Ok(dcc)
    }
}

/// The texts of a certificate with their kids, in the order of the profiles; those that are not among
/// the profiles any more after them.
pub(super) fn texts<'a>(
    certificate: &'a CertificateRow,
    profiles: &[Profile],
) -> Vec<(Profile, &'a [u8], &'a str)> {
    let of = |profile| {
        let (kid, text) = match profile {
            Profile::National => (&certificate.national_kid, &certificate.national),
            Profile::International => (&certificate.international_kid, &certificate.international),
        };
        Some((profile, kid.as_deref()?, text.as_deref()?))
    };
    let others = Profile::ALL
        .into_iter()
        .filter(|own| !profiles.contains(own));
    profiles
        .iter()
        .copied()
        .chain(others)
        .filter_map(of)
        .collect()
}
