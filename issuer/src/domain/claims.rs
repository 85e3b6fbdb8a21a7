//! A citizen's way to the own certificate: birth date and a one-time code.

use super::{Issuer, Refusal};
use crate::{actor::Actor, id::Id, store::CertificateRow};

impl Issuer {
    /// A fresh claim code of a certificate, as it is printed: nine characters and a check character in
    /// groups, without letters that look like digits. Those made before for it end.
    pub async fn claim_code(&self, actor: &Actor, certificate: Id) -> Result<String, Refusal> {
        let _ = (actor, certificate);
        todo!()
    }

    /// The certificate of a code and a birth date, as people type both. Wrong guesses are counted for the
    /// code and for the address; a typing mistake that the check character shows counts for nothing.
    /// A code can be used again for the rest of its days, by who knows both.
    pub async fn claim(
        &self,
        code: &str,
        birth: &str,
        address: &str,
    ) -> Result<CertificateRow, Refusal> {
        let _ = (code, birth, address);
        todo!()
    }
}
