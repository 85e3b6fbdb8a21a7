//! Value sets and products.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, State},
};
use data_encoding::HEXLOWER;
use serde::Serialize;
use service::problem::Problem;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::{Done, List, Raw, done, time};
use crate::{actor::Actor, http::App, store::DocumentRow};

/// A value set, or the table of products.
#[derive(Serialize, ToSchema)]
pub(crate) struct DocumentJson {
    /// `value-sets` or `products`.
    kind: String,
    /// Its name.
    name: String,
    /// Counts from 1.
    version: i64,
    /// Its length.
    bytes: usize,
    /// SHA-256 of its bytes.
    sha256: String,
    /// Taken away: the built-in one is in force.
    removed: bool,
    /// When it was loaded.
    loaded_at: String,
    /// Who loaded it.
    loaded_by: String,
}

impl From<DocumentRow> for DocumentJson {
    fn from(row: DocumentRow) -> DocumentJson {
        DocumentJson {
            kind: row.kind,
            name: row.name,
            version: row.version,
            bytes: row.content.len(),
            sha256: HEXLOWER.encode(&Sha256::digest(&row.content)),
            removed: row.content.is_empty(),
            loaded_at: time(row.at),
            loaded_by: row.by_whom,
        }
    }
}

/// What was loaded, the newest version of each. What is not here is as it is built in.
#[utoipa::path(get, path = "/api/v1/documents",
    responses((status = 200, body = List<DocumentJson>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<List<DocumentJson>>, Problem> {
    let rows = app.issuer.documents(&actor).await?;
    Ok(List::whole(
        rows.into_iter().map(DocumentJson::from).collect(),
    ))
}

/// Loads a value set or the table of products; its own reader reads it first.
///
/// `kind` is `value-sets`, of the EU's JSON form, or `products`, a table.
#[utoipa::path(put, path = "/api/v1/documents/{kind}/{name}",
    params(("kind" = String, Path), ("name" = String, Path)),
    responses((status = 200, body = Done)))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Path((kind, name)): Path<(String, String)>,
    Raw(content): Raw,
) -> Result<Json<Done>, Problem> {
    if !matches!(kind.as_str(), "value-sets" | "products") {
        return Err(Problem::not_found("there are value-sets and products"));
    }
    app.issuer
        .load_document(&actor, &kind, &name, &content)
        .await?;
    Ok(done())
}
