//! From a payload to a text that a verifier takes.

use hcert::{
    cose::EncodeError,
    cwt::{ContentKind, Draft},
    dcc::Dcc,
    hc1::{Decoder, Encoder},
    keys::Signer,
    kid::Kid,
    time::Timestamp,
    x509::Certificate,
};
use verifier::{Failure, Verdict, Verifier, trust::TrustBuilder};

/// What an encoder and a verifier keep between two texts. One per thread at a time.
#[derive(Default)]
pub struct Memory {
    encoder: Encoder,
    decoder: Decoder,
}

/// Why there is no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// It could not be signed or encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The finished text does not pass verification; nobody may get it.
    #[error("the finished certificate does not pass verification: it fails at {}", .0.stage().name())]
    Failed(Failure),
    /// The finished text verifies, and does not say what was to be signed.
    #[error("the finished certificate verifies, but does not say what was to be signed")]
    Differs,
}

/// A payload with its terms, ready to be signed with one or several keys. It is made of a [`Dcc`]
/// and encoded here, so that nothing else is ever signed.
pub struct Payload<'a> {
    issuer: &'a str,
    issued_at: Timestamp,
    expires_at: Timestamp,
    content: Vec<u8>,
    meant: serde_json::Value,
}

impl<'a> Payload<'a> {
    /// Encodes it. `issuer` is the country that answers for it (CWT claim iss), ISO 3166-1
    /// alpha-2; the expiry is its last instant.
    pub fn new(
        dcc: &Dcc,
        issuer: &'a str,
        issued_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Payload<'a>, EncodeError> {
        let content =
            minicbor::to_vec(dcc).map_err(|error| EncodeError::Cose(error.to_string()))?;
        Ok(Payload {
            issuer,
            issued_at,
            expires_at,
            content,
            meant: dcc.to_json(),
        })
    }

    /// Signs it, and verifies the text: by the whole verifier at the instant of issue, and by
    /// reading back what it says.
    pub fn text(
        &self,
        signer: &dyn Signer,
        kid: &Kid,
        verifier: &Verifier,
        memory: &mut Memory,
    ) -> Result<String, TextError> {
        let draft = Draft {
            issuer: self.issuer,
            issued_at: self.issued_at,
            expires_at: self.expires_at,
            kind: ContentKind::EuDcc,
            content: &self.content,
        };
        let text = memory.encoder.encode(&draft, signer, kid)?;
        let verdict = verifier.verify_with(&mut memory.decoder, &text, self.issued_at);
        self.check(verdict)?;
        Ok(text)
    }

    /// The verdict has to be good, and the content the one that was meant.
    fn check(&self, verdict: Verdict) -> Result<(), TextError> {
        let times = (verdict.issued_at, verdict.expires_at);
        let certificate = verdict.result.map_err(TextError::Failed)?;
        let same = certificate.payload() == self.meant
            && certificate.issuer() == Some(self.issuer)
            && times == (Some(self.issued_at), Some(self.expires_at));
        if same {
            Ok(())
        } else {
            Err(TextError::Differs)
        }
    }
}

/// A verifier that trusts this certificate alone.
pub fn verifier_of(certificate: &Certificate) -> Verifier {
    let mut trust = TrustBuilder::new();
    // A certificate that could not be added is missed at once by the first verification.
    let _ = trust.add_file(certificate.der());
    Verifier::new(trust.build())
}

#[cfg(test)]
mod tests {
    use hcert::{
        keys::SoftwareKey,
        x509::make::{self, Period, Subject},
    };
    use serde_json::json;
    use zeroize::Zeroizing;

    use super::*;

    fn dcc(dose: u32) -> Dcc {
        Dcc::from_json(&json!({
            "ver": "1.3.3", "nam": { "fn": "Nguyễn", "gn": "Văn Đức" }, "dob": "1998",
            "v": [{
                "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528",
                "ma": "ORG-100030215", "dn": dose, "sd": 2, "dt": "2021-12-20", "co": "VN",
                "is": "Bộ Y tế", "ci": "URN:UVCI:01:VN:8A1F3C#U"
            }]
        }))
        .unwrap()
    }

    /// A text that verifies and says something else is as bad as one that does not verify.
    #[test]
    fn what_the_text_says_has_to_be_what_was_meant() {
        let key = SoftwareKey::eddsa(&Zeroizing::new([7; 32]));
        let csca = SoftwareKey::eddsa(&Zeroizing::new([9; 32]));
        let at: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let end = at.plus_seconds(crate::DAY);
        let subject = Subject {
            common_name: "A",
            country: "VN",
            organisation: None,
        };
        let period = Period {
            not_before: at,
            not_after: end,
        };
        let root = make::csca(&subject, period, [1; 16], &csca).unwrap();
        let certificate =
            make::dsc(&subject, period, [2; 16], &key.spki(), &[], (&root, &csca)).unwrap();
        let (kid, verifier) = (certificate.kid(), verifier_of(&certificate));
        let mut memory = Memory::default();
        let payload = Payload::new(&dcc(1), "VN", at, end).unwrap();
        let text = payload.text(&key, &kid, &verifier, &mut memory).unwrap();

        let verdict = || verifier.verify(&text, at);
        assert_eq!(payload.check(verdict()), Ok(()));
        for other in [
            Payload::new(&dcc(2), "VN", at, end).unwrap(),
            Payload::new(&dcc(1), "LA", at, end).unwrap(),
            Payload::new(&dcc(1), "VN", at, end.plus_seconds(1)).unwrap(),
            Payload::new(&dcc(1), "VN", at.plus_seconds(-1), end).unwrap(),
        ] {
            assert_eq!(other.check(verdict()), Err(TextError::Differs));
        }
        let late = verifier.verify(&text, end.plus_seconds(1));
        assert!(matches!(payload.check(late), Err(TextError::Failed(_))));
    }
}
