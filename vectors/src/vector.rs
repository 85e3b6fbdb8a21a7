//! One vector: a text, what to trust, when, and what to find.

use anyhow::{Context, Result, bail};
use hcert::time::Timestamp;
use qr::{
    encode::{EncodeError, Options, Symbol},
    render::{PngOptions, Size, png},
};
use serde_json::{Value, json};
use verifier::{Verifier, trust::TrustBuilder, wording::Language};

use super::{Files, stages::NOW};

/// Specifications, by the name of the section where numbers differ between editions.
pub(super) mod clause {
    pub(in super::super) const KID: &str = "HCERT, Key Identifier";
    pub(in super::super) const ALG: &str = "HCERT, Signature Algorithm";
    pub(in super::super) const EXP: &str = "HCERT, Expiration Time";
    pub(in super::super) const IAT: &str = "HCERT, Issued At";
    pub(in super::super) const CLAIM: &str = "HCERT, Health Certificate Claim";
    pub(in super::super) const COMPRESSION: &str = "HCERT, Payload (CWT) Compression";
    pub(in super::super) const CONTEXT: &str = "HCERT, QR 2D Barcode";
    pub(in super::super) const TRUST: &str = "HCERT, Trusted List Format";
    pub(in super::super) const USAGE: &str = "EU DCC, Public Key Certificate Profile (EKU)";
    pub(in super::super) const SCHEMA: &str = "EU DCC schema 1.3.3";
    pub(in super::super) const REVOCATION: &str =
        "EU DCC, revocation (dgc-gateway RevocationBatchDto)";
    pub(in super::super) const DVC: &str = "WHO smart-trust, hcert claim -6 (ICVP)";
}

/// A vector to be written.
pub(super) struct Vector {
    pub(super) name: String,
    says: String,
    clause: &'static str,
    text: String,
    trust: Vec<String>,
    at: Timestamp,
    /// Where it must fail, ours first; none for a valid one.
    stages: Vec<&'static str>,
}

/// A vector that must be found valid.
pub(super) fn valid(name: &str, clause: &'static str, says: &str, text: String) -> Vector {
    Vector {
        name: name.to_owned(),
        says: says.to_owned(),
        clause,
        text,
        trust: vec!["csca.pem".to_owned(), "dsc-es256.pem".to_owned()],
        at: Timestamp::saturating(NOW),
        stages: Vec::new(),
    }
}

/// A vector that must fail at a stage.
pub(super) fn invalid(
    stage: &'static str,
    name: &str,
    clause: &'static str,
    says: &str,
    text: String,
) -> Vector {
    Vector {
        stages: vec![stage],
        ..valid(name, clause, says, text)
    }
}

impl Vector {
    /// Signed with another DSC below the CSCA.
    pub(super) fn by(self, dsc: &str) -> Vector {
        let file = format!("{dsc}.pem");
        self.trusting(&["csca.pem", &file])
    }

    /// With exactly these files.
    pub(super) fn trusting(mut self, files: &[&str]) -> Vector {
        self.trust = files.iter().map(|file| (*file).to_owned()).collect();
        self
    }

    /// With one file more.
    pub(super) fn and_trusting(mut self, file: &str) -> Vector {
        self.trust.push(file.to_owned());
        self
    }

    /// At another instant.
    pub(super) fn at(self, seconds: i64) -> Vector {
        Vector {
            at: Timestamp::saturating(seconds),
            ..self
        }
    }

    /// Other verifiers may stop at this stage instead: the order of checks is not laid down.
    pub(super) fn or_at(mut self, stage: &'static str) -> Vector {
        self.stages.push(stage);
        self
    }

    pub(super) fn is_valid(&self) -> bool {
        self.stages.is_empty()
    }

    /// `valid/NAME` or `invalid/NAME`.
    pub(super) fn stem(&self) -> String {
        let folder = if self.is_valid() { "valid" } else { "invalid" };
        format!("{folder}/{}", self.name)
    }

    /// The files of trust it names.
    pub(super) fn trust(&self) -> &[String] {
        &self.trust
    }

    /// Its line in the index.
    pub(super) fn index_entry(&self) -> Value {
        json!({
            "name": self.name,
            "file": format!("{}.json", self.stem()),
            "valid": self.is_valid(),
            "stage": self.stages.first(),
        })
    }

    /// Writes its files, and fails if the verifier finds something else than the recipe says.
    pub(super) fn write(&self, files: &mut Files) -> Result<()> {
        let stem = self.stem();
        let verdict = self.verdict(files)?;
        let stage = verdict["failure"]["stage"].as_str();
        if verdict["valid"].as_bool() != Some(self.is_valid())
            || stage != self.stages.first().copied()
        {
            bail!(
                "{stem}: {} was expected, and the verifier found {}",
                self.stages.first().unwrap_or(&"valid"),
                verdict["failure"]
            );
        }
        let picture = self.picture()?;
        let trust: Vec<String> = self
            .trust
            .iter()
            .map(|file| format!("trust/{file}"))
            .collect();
        let description = json!({
            "name": self.name,
            "description": self.says,
            "clause": self.clause,
            "text": format!("{stem}.txt"),
            "picture": picture.as_ref().map(|_| format!("{stem}.png")),
            "trust": trust,
            "at": self.at.to_string(),
            "expect": {
                "valid": self.is_valid(),
                "stage": self.stages.first(),
                "stages": self.stages,
                "format": verdict["format"],
                "verdict": verdict,
            },
        });
        files.insert(format!("{stem}.json"), format!("{description:#}\n").into());
        files.insert(format!("{stem}.txt"), self.text.clone().into_bytes());
        if let Some(picture) = picture {
            files.insert(format!("{stem}.png"), picture);
        }
        Ok(())
    }

    fn verdict(&self, files: &Files) -> Result<Value> {
        let mut trust = TrustBuilder::new();
        for name in &self.trust {
            let bytes = files
                .get(&format!("trust/{name}"))
                .with_context(|| format!("{}: there is no trust/{name}", self.name))?;
            trust
                .add_file(bytes)
                .with_context(|| format!("{}: trust/{name}", self.name))?;
        }
        let verdict = Verifier::new(trust.build()).verify(&self.text, self.at);
        let input = format!("{}.txt", self.stem());
        Ok(verdict.to_json(&input, Language::English))
    }

    /// The text as a QR code, if one can hold it.
    fn picture(&self) -> Result<Option<Vec<u8>>> {
        let symbol = match Symbol::new(&self.text, &Options::default()) {
            Ok(symbol) => symbol,
            Err(EncodeError::TooLong { .. } | EncodeError::Empty) => return Ok(None),
            Err(error) => return Err(error).with_context(|| self.name.clone()),
        };
        let options = PngOptions {
            size: Size::ModulePixels(3),
            ..PngOptions::default()
        };
        Ok(Some(png(&symbol, &options)?.bytes))
    }
}
