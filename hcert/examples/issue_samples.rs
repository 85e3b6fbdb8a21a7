//! Issues one certificate of each kind with ES256, PS256 and EdDSA, for other programs to verify.
//!
//! ```text
//! cargo run -p hcert --example issue_samples -- FOLDER
//! ```
//!
//! makes `FOLDER/es256`, `FOLDER/ps256` and `FOLDER/eddsa`, each with `texts.txt` (one text in each
//! line), `payloads.jsonl` (what was signed), `dsc.pem` and `csca.pem`. The keys are made for the
//! run and kept nowhere.

use std::{
    fs,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::{
    encoding::AsDer as _,
    rand::{SecureRandom as _, SystemRandom},
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PSS_SHA256},
};
use hcert::{
    base64,
    cwt::{ContentKind, Draft},
    dcc::Dcc,
    hc1::Encoder,
    keys::{Algorithm, SignError, Signer, SoftwareKey},
    time::Timestamp,
    x509::{
        Certificate,
        make::{self, Period, Subject},
    },
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

const DAY: i64 = 24 * 60 * 60;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let folder = std::env::args().nth(1).ok_or("which folder?")?;
    let es256 = SoftwareKey::es256(&random()?).ok_or("no P-256 key: run again")?;
    let eddsa = SoftwareKey::eddsa(&random()?);
    let signers: [&dyn Signer; 3] = [&es256, &Ps256::generate()?, &eddsa];
    for signer in signers {
        let name = signer.algorithm().name().to_lowercase();
        issue(signer, &Path::new(&folder).join(name))?;
    }
    Ok(())
}

fn issue(signer: &dyn Signer, folder: &Path) -> Outcome<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = Timestamp::saturating(i64::try_from(now)?);
    let csca_key = SoftwareKey::es256(&random()?).ok_or("no P-256 key: run again")?;
    let period = |days: i64| Period {
        not_before: now.plus_seconds(-DAY),
        not_after: now.plus_seconds(days * DAY),
    };
    let subject = |common_name| Subject {
        common_name,
        country: "VN",
        organisation: Some("Bộ Y tế"),
    };
    let csca = make::csca(&subject("CSCA"), period(1000), serial()?, &csca_key)?;
    let above: (&Certificate, &dyn Signer) = (&csca, &csca_key);
    let dsc = make::dsc(
        &subject("DSC"),
        period(700),
        serial()?,
        &signer.spki(),
        &[],
        above,
    )?;

    let (mut texts, mut payloads) = (String::new(), String::new());
    let mut encoder = Encoder::default();
    for payload in documents() {
        let dcc = Dcc::from_json(&payload).map_err(|errors| format!("{errors:?}"))?;
        let payload = dcc.to_json();
        let mut content = Vec::new();
        ciborium::into_writer(&payload, &mut content)?;
        let claims = Draft {
            issuer: "VN",
            issued_at: now,
            expires_at: now.plus_seconds(365 * DAY),
            kind: ContentKind::EuDcc,
            content: &content,
        };
        texts += &format!("{}\n", encoder.encode(&claims, signer, &dsc.kid())?);
        payloads += &format!("{payload}\n");
    }
    fs::create_dir_all(folder)?;
    fs::write(folder.join("texts.txt"), texts)?;
    fs::write(folder.join("payloads.jsonl"), payloads)?;
    fs::write(folder.join("dsc.pem"), pem(&dsc))?;
    fs::write(folder.join("csca.pem"), pem(&csca))?;
    Ok(())
}

/// One document of each kind, with names that need more than ASCII.
fn documents() -> [Value; 3] {
    let document = |kind: &str, entry: Value| {
        let name = json!({ "fn": "Nguyễn", "gn": "Văn Đức" });
        json!({ "ver": "1.3.3", "nam": name, "dob": "1998-02-26", kind: [entry] })
    };
    [
        document(
            "v",
            json!({
                "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
                "dn": 2, "sd": 2, "dt": "2021-12-20", "co": "VN", "is": "Bộ Y tế",
                "ci": "URN:UVCI:01:VN:8A1F3C#U",
            }),
        ),
        document(
            "t",
            json!({
                "tg": "840539006", "tt": "LP6464-4", "nm": "PCR", "sc": "2022-01-20T08:00:00Z",
                "tr": "260415000", "tc": "Bệnh viện Bạch Mai", "co": "VN", "is": "Bộ Y tế",
                "ci": "URN:UVCI:01:VN:8A1F3D#U",
            }),
        ),
        document(
            "r",
            json!({
                "tg": "840539006", "fr": "2022-01-01", "df": "2022-01-12", "du": "2022-06-30",
                "co": "VN", "is": "Bộ Y tế", "ci": "URN:UVCI:01:VN:8A1F3E#U",
            }),
        ),
    ]
}

fn random() -> Outcome<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    SystemRandom::new().fill(&mut bytes[..])?;
    Ok(bytes)
}

fn serial() -> Outcome<[u8; 16]> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes)?;
    Ok(bytes)
}

fn pem(certificate: &Certificate) -> String {
    let text = base64::encode(certificate.der());
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for (index, c) in text.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            pem.push('\n');
        }
        pem.push(c);
    }
    pem + "\n-----END CERTIFICATE-----\n"
}

/// An RSA key of AWS-LC.
struct Ps256(KeyPair);

impl Ps256 {
    fn generate() -> Outcome<Ps256> {
        Ok(Ps256(KeyPair::generate(KeySize::Rsa2048)?))
    }
}

impl Signer for Ps256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Ps256
    }

    fn spki(&self) -> Vec<u8> {
        let der = self.0.public_key().as_der();
        der.map(|der| der.as_ref().to_vec()).unwrap_or_default()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        let random = SystemRandom::new();
        self.0
            .sign(&RSA_PSS_SHA256, &random, message, &mut signature)
            .map_err(|error| SignError(error.to_string()))?;
        Ok(signature)
    }
}
