use crate::{actor::Actor, bulk::piece::Piece, domain::{Issuer, Refusal, desk::Entry}, store::Tx};
impl Issuer {
    pub(super) async fn take_piece(&self, actor: &Actor, entries: Vec<Entry>, piece: Piece<'_>) -> Result<(), Refusal> { let _ = (actor, entries, piece); todo!() }
    pub(super) fn row_secret(&self) -> [u8; 32] { todo!() }
    pub(super) async fn raise_not_readable(&self, tx: &mut Tx, subject: &str, site: &str, detail: &serde_json::Value) -> Result<(), Refusal> { let _ = (tx, subject, site, detail); todo!() }
}
