//! Certificates as people carry them: PDF, picture. Every symbol is read back by an independent reader
//! before it leaves (`qr` does that); one that fails raises an alarm, and nobody gets it.

use print::{Kind, Sheet};

use super::{Issuer, Refusal};
use crate::{actor::Actor, id::Id, store::CertificateRow};

impl Issuer {
    /// What is printed for a certificate: facts in words, codes, notes.
    pub fn sheet(
        &self,
        certificate: &CertificateRow,
        place_name: &str,
        claim_code: Option<String>,
    ) -> Result<Sheet, Refusal> {
        let _ = (certificate, place_name, claim_code);
        todo!()
    }

    /// The PDF of one or more certificates that the actor may see, in the order given. Counts the prints.
    pub async fn pdf(&self, actor: &Actor, kind: Kind, ids: &[Id]) -> Result<Vec<u8>, Refusal> {
        let _ = (actor, kind, ids);
        todo!()
    }

    /// The front code as a picture (PNG).
    pub fn png(&self, certificate: &CertificateRow) -> Result<Vec<u8>, Refusal> {
        let _ = certificate;
        todo!()
    }
}
