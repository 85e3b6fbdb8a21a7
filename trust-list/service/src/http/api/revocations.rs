//! Revocations.

use std::sync::Arc;

use axum::{Extension, Json, extract::State};
use hcert::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Body, issued};
use crate::{
    domain::revocation::{self, Hits, Selection, month_from},
    http::{App, Problem, access::Actor},
};

/// What is chosen: exactly one of `ids`, `identifiers`, `label`, `group`, or `kid` with months.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevocationJson {
    #[serde(default)]
    ids: Vec<String>,
    /// Identifiers (UVCI) as the certificates carry them; only their hash is kept.
    #[serde(default)]
    identifiers: Vec<String>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    group: Option<String>,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    from_month: Option<String>,
    #[serde(default)]
    to_month: Option<String>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    dry_run: bool,
    /// The number of hits that the dry run said.
    #[serde(default)]
    expect: Option<usize>,
}

impl RevocationJson {
    fn selection(&self) -> Result<Selection, Problem> {
        let kid = self.kid.as_deref().map(issued::kid).transpose()?;
        let wrong = || {
            Problem::asked(
                "choose by one of: ids, identifiers, label, group, or kid with from_month and \
                 to_month",
            )
        };
        let months = match (&self.from_month, &self.to_month) {
            (Some(from), Some(to)) => Some((
                month_from(from).ok_or_else(wrong)?,
                month_from(to).ok_or_else(wrong)?,
            )),
            (None, None) => None,
            _ => return Err(wrong()),
        };
        let listed = !self.ids.is_empty() || !self.identifiers.is_empty();
        match (listed, &self.label, &self.group, months, kid) {
            (true, None, None, None, kid) => {
                let ids = self.ids.iter().map(|text| issued::id(text));
                let mut ids: Vec<[u8; 16]> = ids.collect::<Result<_, _>>()?;
                ids.extend(self.identifiers.iter().map(|one| id_of(one)));
                Ok(Selection::Ids { kid, ids })
            }
            (false, Some(label), None, None, None) => Ok(Selection::Label(label.clone())),
            (false, None, Some(group), None, None) => Ok(Selection::Group(group.clone())),
            (false, None, None, Some((from, to)), Some(kid)) => {
                Ok(Selection::Months { kid, from, to })
            }
            _ => Err(wrong()),
        }
    }
}

/// The first half of SHA-256 over an identifier, byte for byte.
pub(crate) fn id_of(identifier: &str) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(identifier.as_bytes()).into();
    std::array::from_fn(|index| digest.get(index).copied().unwrap_or_default())
}

pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<RevocationJson>,
) -> Result<Json<Hits>, Problem> {
    let selection = body.selection()?;
    if body.dry_run {
        return Ok(Json(
            revocation::dry_run(&app.store, &actor.kids, &selection).await?,
        ));
    }
    let expected = match (body.expect, &selection) {
        (Some(expected), _) => expected,
        // Who names a single certificate knows how many there are.
        (None, Selection::Ids { ids, .. }) if ids.len() == 1 => 1,
        (None, _) => {
            let why = "first with dry_run: true; then with expect: the number of hits it says";
            return Err(Problem::asked(why));
        }
    };
    let hits = revocation::revoke(
        &app.store,
        &app.clock,
        &actor.name,
        &actor.kids,
        &selection,
        &body.reason,
        expected,
    )
    .await?;
    Ok(Json(hits))
}

#[derive(Serialize)]
pub(crate) struct Undone {
    undone: u64,
}

pub(crate) async fn undo(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Body(body): Body<RevocationJson>,
) -> Result<Json<Undone>, Problem> {
    let selection = body.selection()?;
    if !matches!(selection, Selection::Group(_) | Selection::Ids { .. }) {
        return Err(Problem::asked("undo by group, ids or identifiers"));
    }
    let actor_kids = &actor.kids;
    let undone =
        revocation::undo(&app.store, &app.clock, &actor.name, actor_kids, &selection).await?;
    Ok(Json(Undone { undone }))
}

#[derive(Serialize)]
pub(crate) struct GroupJson {
    group: String,
    reason: String,
    revoked_at: String,
    revoked_by: String,
    revoked: i64,
    undone: i64,
}

pub(crate) async fn groups(State(app): State<Arc<App>>) -> Result<Json<Vec<GroupJson>>, Problem> {
    let mut tx = app.store.read().await?;
    let groups = tx.revocation_groups(1000).await?;
    let json = groups.into_iter().map(|group| GroupJson {
        group: group.grp,
        reason: group.reason,
        revoked_at: Timestamp::saturating(group.revoked_at).to_string(),
        revoked_by: group.revoked_by,
        revoked: group.revoked,
        undone: group.undone,
    });
    Ok(Json(json.collect()))
}
