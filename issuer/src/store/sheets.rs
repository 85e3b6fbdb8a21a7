//! What printing reads and counts.

use service::on;

use super::{
    StoreError, Tx,
    lists::{blobs, hexes, pick},
};
use crate::id::Id;

impl Tx {
    /// The certificate (DER) of a key that signed here once.
    pub async fn former_signer(&mut self, kid: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT certificate FROM signers WHERE kid = $1";
        Ok(on!(self, db => sqlx::query_scalar(sql).bind(kid).fetch_optional(db).await?))
    }

    /// Counts one print of each.
    pub async fn count_prints(&mut self, ids: &[Id]) -> Result<(), StoreError> {
        pick!(self, db,
            sqlite => sqlx::query(
                "UPDATE certificates SET prints = prints + 1 \
                 WHERE id IN (SELECT unhex(value) FROM json_each($1))"
            ).bind(hexes(ids)).execute(db).await.map(drop)?,
            postgres => sqlx::query(
                "UPDATE certificates SET prints = prints + 1 WHERE id = ANY($1)"
            ).bind(blobs(ids)).execute(db).await.map(drop)?,
        );
        Ok(())
    }

    /// Holds a certificate back: nobody gets it.
    pub async fn hold_certificate(&mut self, id: Id) -> Result<(), StoreError> {
        let sql = "UPDATE certificates SET state = 'held' WHERE id = $1 AND state = 'valid'";
        on!(self, db => sqlx::query(sql)
            .bind(id.bytes().as_slice())
            .execute(db)
            .await
            .map(drop)?);
        Ok(())
    }
}
