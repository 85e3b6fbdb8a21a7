//! The document signers.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::List;
use crate::http::App;

/// A key that signs certificates, did so, or will.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeyJson {
    /// Its identifier in what it signs, in base64.
    kid: String,
    /// `national` or `international`.
    profile: String,
    /// Its algorithm.
    algorithm: &'static str,
    /// The kinds of certificates it signs.
    uses: Vec<&'static str>,
    /// When it begins to sign.
    from: String,
    /// When it stops.
    until: String,
    /// When its certificate ends.
    ends: String,
    /// Days since it began to sign; negative before that.
    age_days: i64,
    /// Whether it signs now.
    signs: bool,
    /// Where the private key lies: `file` or `hsm`.
    place: &'static str,
}

/// The keys that sign.
#[utoipa::path(get, path = "/api/v1/keys", responses((status = 200, body = List<KeyJson>)))]
pub(crate) async fn list(State(app): State<Arc<App>>) -> Json<List<KeyJson>> {
    let now = app.issuer.clock.now();
    let keys = app.issuer.keys.all().iter().map(|dsc| KeyJson {
        kid: hcert::base64::encode(dsc.kid().as_bytes()),
        profile: dsc.profile().to_string(),
        algorithm: dsc.algorithm().name(),
        uses: dsc.uses().iter().map(|usage| usage.name()).collect(),
        from: dsc.from().to_string(),
        until: dsc.until().to_string(),
        ends: dsc.ends().to_string(),
        age_days: (now.unix() - dsc.from().unix()).div_euclid(24 * 3600),
        signs: dsc.signs_at(now),
        place: dsc.place().name(),
    });
    List::whole(keys.collect())
}
