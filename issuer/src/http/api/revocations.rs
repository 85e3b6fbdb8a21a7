//! Revocations of many: first how many it hits, then the same with that number.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use service::problem::Problem;
use utoipa::ToSchema;

use super::{Body, id_of, place_of, time_of, words};
use crate::{
    actor::Actor,
    domain::{
        certificates::{Reason, ReasonKind, Which},
        desk::Once,
    },
    http::{App, once},
};

words! {
    /// What a certificate is revoked for.
    ReasonWord {
        /// Something in it was wrong.
        Correction = "correction",
        /// Issued by mistake.
        Mistake = "mistake",
        /// A fraud.
        Fraud = "fraud",
        /// The vaccine was spoiled, the test was no good.
        Lot = "lot",
        /// The person asks for it.
        Wish = "wish",
    }
}

pub(super) fn reason(word: ReasonWord, text: String) -> Reason {
    let kind = match word {
        ReasonWord::Correction => ReasonKind::Correction,
        ReasonWord::Mistake => ReasonKind::Mistake,
        ReasonWord::Fraud => ReasonKind::Fraud,
        ReasonWord::Lot => ReasonKind::Lot,
        ReasonWord::Wish => ReasonKind::Wish,
    };
    Reason { kind, text }
}

/// What is chosen, by exactly one of `certificates`, `lot`, or `site` or `by` with `from` and `to`; and
/// why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revocation {
    /// These.
    #[serde(default)]
    #[schema(max_items = 10000)]
    certificates: Vec<String>,
    /// All of one lot.
    lot: Option<String>,
    /// All of a site, by its path.
    site: Option<String>,
    /// All of what one clerk or program recorded: `user:NAME` or `client:NAME`.
    by: Option<String>,
    /// Issued from this time on.
    from: Option<String>,
    /// And before this one.
    to: Option<String>,
    /// What for; a dry run needs none.
    reason: Option<ReasonWord>,
    /// In words, without personal data.
    #[serde(default)]
    text: String,
    /// Only says how many certificates it hits. Needs no Idempotency-Key.
    #[serde(default)]
    dry_run: bool,
    /// The number of hits that the dry run said.
    expect: Option<i64>,
}

impl Revocation {
    fn which(&self) -> Result<Which, Problem> {
        let wrong = || {
            Problem::asked(
                "choose by one of: certificates, lot, site with from and to, by with from and to",
            )
        };
        let times = match (&self.from, &self.to) {
            (Some(from), Some(to)) => {
                Some((time_of("from", from)?.unix(), time_of("to", to)?.unix()))
            }
            (None, None) => None,
            _ => return Err(wrong()),
        };
        let these = !self.certificates.is_empty();
        match (these, &self.lot, &self.site, &self.by, times) {
            (true, None, None, None, None) if self.certificates.len() <= 10_000 => {
                let ids = self.certificates.iter();
                let ids = ids.map(|id| id_of("certificates", id));
                Ok(Which::These(ids.collect::<Result<_, _>>()?))
            }
            (false, Some(lot), None, None, None) => Ok(Which::Lot(lot.clone())),
            (false, None, Some(site), None, Some((from, to))) => {
                Ok(Which::Site(place_of("site", site)?, from, to))
            }
            (false, None, None, Some(by), Some((from, to))) => Ok(Which::By(by.clone(), from, to)),
            _ => Err(wrong()),
        }
    }
}

/// How many certificates, and so how many people at most, a revocation hits.
#[derive(Serialize, ToSchema)]
pub(crate) struct Hits {
    /// So many.
    hits: i64,
}

/// How many were revoked.
#[derive(Serialize, ToSchema)]
pub(crate) struct Revoked {
    /// So many.
    pub(super) revoked: i64,
}

/// Of a dry run, or of a revocation.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only described")]
pub(crate) enum RevocationAnswer {
    /// Of a dry run.
    Hits(Hits),
    /// Of a revocation.
    Revoked(Revoked),
}

/// Revokes certificates.
///
/// First with `dry_run`, which answers how many it hits; then with `reason` and `expect`, that number. If
/// it is another one by then, nothing is done.
#[utoipa::path(post, path = "/api/v1/revocations", request_body = Revocation,
    responses((status = 200, body = RevocationAnswer)))]
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Extension(once): Extension<Option<Once>>,
    Body(body): Body<Revocation>,
) -> Result<Response, Problem> {
    let which = body.which()?;
    if body.dry_run {
        let hits = app.issuer.count(&actor, &which).await?;
        return Ok(Json(Hits { hits }).into_response());
    }
    let word = body
        .reason
        .ok_or_else(|| Problem::asked("say a `reason`"))?;
    let expected = match (body.expect, &which) {
        (Some(expected), _) => expected,
        // Who names a single certificate knows how many there are.
        (None, Which::These(ids)) if ids.len() == 1 => 1,
        (None, _) => {
            let why = "first with dry_run: true; then with expect: the number of hits it says";
            return Err(Problem::asked(why));
        }
    };
    let once = once.ok_or_else(once::needed)?;
    let reason = reason(word, body.text);
    let issuer = Arc::clone(&app.issuer);
    let deed = async move {
        match issuer.revoke(&actor, &which, &reason, expected).await {
            Ok(revoked) => Json(Revoked { revoked }).into_response(),
            Err(refusal) => Problem::from(refusal).into_response(),
        }
    };
    Ok(once::keep(app, once, deed).await)
}
