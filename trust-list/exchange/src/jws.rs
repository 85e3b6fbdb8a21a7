//! A JWS in compact form whose header carries its signer's certificates (RFC 7515 section 4.1.6).

use hcert::{base64, time::Timestamp, x509::Certificate};
use serde_json::Value;
use trust_list::import::certificate_of_base64;

use crate::{ProofError, names, signature};

/// DER AlgorithmIdentifiers of what JOSE names.
const ES256: &[u8] = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
const RS256: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";
const PS256: &[u8] =
    b"\x30\x41\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x34\xa0\x0f\x30\x0d\
    \x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\
    \xf7\x0d\x01\x01\x08\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\xa2\x03\x02\
    \x01\x20";

/// Most certificates of a chain that are looked at.
const CHAIN: usize = 8;

/// A JWS taken apart; nothing is checked.
pub(crate) struct Jws<'a> {
    header: Value,
    payload: Value,
    /// Header and payload as they are signed.
    message: &'a [u8],
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// `header.payload.signature`, with JSON in both; `None` for anything else.
    pub(crate) fn parse(text: &'a str) -> Option<Jws<'a>> {
        let text = text.trim();
        let (message, signature) = text.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        let json = |text: &str| serde_json::from_slice(&base64::decode(text)?).ok();
        Some(Jws {
            header: json(header)?,
            payload: json(payload)?,
            message: message.as_bytes(),
            signature: base64::decode(signature)?,
        })
    }

    pub(crate) fn payload(&self) -> &Value {
        &self.payload
    }

    /// Checks the chain up to `root`, the name of the signer, and the signature; answers the
    /// signer's certificate.
    pub(crate) fn check(
        &self,
        root: &Certificate,
        common_name: &str,
        at: Timestamp,
    ) -> Result<Certificate, ProofError> {
        if self.header.get("crit").is_some() {
            return Err(ProofError::Unreadable("it has critical headers".to_owned()));
        }
        let mut chain = Vec::new();
        for text in self.header["x5c"]
            .as_array()
            .into_iter()
            .flatten()
            .take(CHAIN)
        {
            let certificate = certificate_of_base64(text.as_str().unwrap_or_default());
            chain.push(certificate.map_err(ProofError::Signer)?);
        }
        let Some(signer) = chain.first().cloned() else {
            return Err(ProofError::Signer(
                "its header names no certificate".to_owned(),
            ));
        };
        // Some send the root along, some do not.
        if chain.last().is_some_and(|last| last.der() != root.der()) {
            chain.push(root.clone());
        }
        for (lower, upper) in chain.iter().zip(chain.iter().skip(1)) {
            let holds = lower.check_issued_by(upper);
            holds.map_err(|error| ProofError::Signer(error.to_string()))?;
        }
        if let Some(out) = chain
            .iter()
            .find(|certificate| !certificate.is_valid_at(at))
        {
            return Err(ProofError::Signer(format!(
                "{} is valid from {} to {}, and it is {at}",
                out.subject(),
                out.not_before(),
                out.not_after()
            )));
        }
        let names = names::values(&signer, names::COMMON_NAME);
        if chain.len() < 2 || names != [common_name] {
            let why = format!("{} is not named {common_name}", signer.subject());
            return Err(ProofError::Signer(why));
        }
        self.check_signature(&signer)?;
        Ok(signer)
    }

    fn check_signature(&self, signer: &Certificate) -> Result<(), ProofError> {
        let der = signature::to_der(&self.signature);
        let (algorithm, signature) = match (self.header["alg"].as_str(), &der) {
            (Some("ES256"), Some(der)) => (ES256, der),
            (Some("RS256"), _) => (RS256, &self.signature),
            (Some("PS256"), _) => (PS256, &self.signature),
            (Some("ES256"), None) => return Err(ProofError::Signature),
            _ => return Err(ProofError::Algorithm(self.header["alg"].to_string())),
        };
        Ok(signer.check_signed(algorithm, self.message, signature)?)
    }
}
