//! Files of trusted keys, read by [`trust_list::import`].

use alloc::{format, string::String};

use hcert::x509::Certificate;
use trust_list::{
    import::{self, Listed, Material, Role},
    revocation::Batch,
};

use super::{FileError, Refused, TrustBuilder, TrustedKey};

impl TrustBuilder {
    /// Adds whatever the file holds.
    pub fn add_file(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let listing = import::read(bytes, &self.limits)?;
        let (before, refused_before) = (self.count(), self.refused.len());
        self.refused.extend(listing.refused);
        for key in listing.keys {
            self.add_listed(key);
        }
        for batch in &listing.batches {
            match Batch::from_json(batch) {
                Ok(batch) => self.batches.push(batch),
                Err(error) => self.refuse("revocation batch", error),
            }
        }
        match self.refused.get(refused_before) {
            Some(refused) if self.count() == before => Err(FileError::NothingUsable(format!(
                "{}: {}",
                refused.entry, refused.why
            ))),
            _ => Ok(()),
        }
    }

    fn count(&self) -> usize {
        self.keys.len() + self.batches.len()
    }

    pub(super) fn refuse(&mut self, entry: impl Into<String>, why: impl core::fmt::Display) {
        self.refused.push(Refused::new(entry, why));
    }

    /// Takes a certificate as a key, and a CSCA as an authority besides: some states sign health
    /// certificates with a key whose certificate says CA, and who names one as trusted trusts
    /// all that it could sign anyway. What a list names as of another use signs nothing.
    fn add_listed(&mut self, listed: Listed) {
        if let Role::Other(word) = &listed.role {
            let why = format!("listed as {word}, which signs no health certificates");
            return self.refuse(listed.entry, why);
        }
        let kid = listed.stated_kid;
        match listed.material {
            Material::Certificate(certificate) => self.add_certificate(*certificate, kid),
            Material::Key(spki) => self.keys.push(TrustedKey::bare(spki, kid)),
        }
    }

    fn add_certificate(&mut self, certificate: Certificate, kid: Option<hcert::kid::Kid>) {
        if certificate.is_authority() {
            self.authorities.push(certificate.clone());
        }
        self.keys.push(TrustedKey::of_certificate(certificate, kid));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A DID document lists keys for encryption beside those that sign.
    #[test]
    fn what_is_listed_for_another_use_signs_nothing() {
        let key = json!({ "kty": "OKP", "crv": "Ed25519",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
        let document = |usage: &str| {
            let id = format!("did:web:h:v2:trustlist:DCC:VNM:{usage}#AAECAwQFBgc=");
            json!({ "verificationMethod": [{ "id": id, "publicKeyJwk": key }] }).to_string()
        };
        let mut trust = TrustBuilder::new();
        trust.add_file(document("DSC").as_bytes()).unwrap();
        let error = trust.add_file(document("DECA").as_bytes()).unwrap_err();
        assert!(error.to_string().contains("listed as DECA"), "{error}");
        assert_eq!(trust.build().len(), 1);
    }
}
