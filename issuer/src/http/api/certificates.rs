//! Certificates: issued, shown, printed, corrected, renewed, revoked.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use print::Kind;
use serde::{Deserialize, Serialize};
use service::problem::Problem;
use utoipa::{IntoParams, ToSchema};

use super::{
    Asked, Body, List, Named, after,
    audit::EntryJson,
    created, id_of, limit, place_of, records,
    records::KindWord,
    reports::{MadeJson, Report},
    revocations::{ReasonWord, Revoked, reason},
    tagged, time, words,
};
use crate::{
    actor::Actor,
    domain::{
        certificates::Which,
        desk::{Once, Upto},
        lists::ListOf,
    },
    http::App,
    id::Id,
    store::CertificateRow,
};

words! {
    /// The state of a certificate.
    CertificateState {
        /// It is good until its end.
        Valid = "valid",
        /// Its picture could not be read back: nobody got it.
        Held = "held",
        /// It was revoked.
        Revoked = "revoked",
    }
}

/// One code of a certificate.
#[derive(Serialize, ToSchema)]
pub(crate) struct CodeJson {
    /// `national` is signed with EdDSA, `international` with ES256.
    profile: &'static str,
    /// The key that signed it, in base64.
    kid: String,
    /// What the QR code holds, `HC1:...`.
    text: String,
}

/// A certificate.
#[derive(Serialize, ToSchema)]
pub(crate) struct CertificateJson {
    /// Which.
    id: String,
    /// Of which record.
    record: String,
    /// Of whom.
    person: String,
    /// `vaccination`, `test` or `recovery`.
    kind: String,
    /// Path of the site.
    site: String,
    /// `URN:UVCI:01:VN:...`
    uvci: String,
    /// When it was signed.
    issued_at: String,
    /// When it ends.
    expires_at: String,
    /// `valid`, `held`, `revoked`.
    state: String,
    /// The certificate before, if this corrects or renews it.
    replaces: Option<String>,
    /// The certificate after.
    replaced_by: Option<String>,
    /// Why it was revoked.
    reason: Option<String>,
    /// When.
    revoked_at: Option<String>,
    /// Who.
    revoked_by: Option<String>,
    /// How often it was printed.
    prints: i64,
    /// Its codes; only where one certificate is asked for, and none after its time.
    #[serde(skip_serializing_if = "Option::is_none")]
    codes: Option<Vec<CodeJson>>,
}

fn codes(row: &CertificateRow) -> Vec<CodeJson> {
    let code = |profile, kid: &Option<Vec<u8>>, text: &Option<String>| {
        let (kid, text) = (kid.as_ref()?, text.as_ref()?);
        (!text.is_empty()).then(|| CodeJson {
            profile,
            kid: hcert::base64::encode(kid),
            text: text.clone(),
        })
    };
    let national = code("national", &row.national_kid, &row.national);
    let international = code("international", &row.international_kid, &row.international);
    [national, international].into_iter().flatten().collect()
}

impl From<CertificateRow> for CertificateJson {
    fn from(row: CertificateRow) -> CertificateJson {
        let other = |id: Option<Vec<u8>>| Some(Id::from_slice(&id?)?.to_string());
        CertificateJson {
            id: row.id.to_string(),
            record: row.record.to_string(),
            person: row.person.to_string(),
            kind: row.kind,
            site: row.site,
            uvci: row.uvci,
            issued_at: time(row.issued_at),
            expires_at: time(row.expires_at),
            state: row.state,
            replaces: other(row.replaces),
            replaced_by: other(row.replaced_by),
            reason: row.reason,
            revoked_at: row.revoked_at.map(time),
            revoked_by: row.revoked_by,
            prints: row.prints,
            codes: None,
        }
    }
}

fn whole(row: CertificateRow) -> CertificateJson {
    let codes = codes(&row);
    let mut json = CertificateJson::from(row);
    json.codes = Some(codes);
    json
}

/// Which certificates.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct CertificateQuery {
    /// In this place, or below it: a path, as VN/79.
    site: Option<String>,
    /// In this state.
    #[param(inline)]
    state: Option<CertificateState>,
    /// Of this kind.
    #[param(inline)]
    kind: Option<KindWord>,
    /// Of this person.
    person: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// How many at most: 1 to 200, else 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Certificates of the client's place, oldest first.
#[utoipa::path(get, path = "/api/v1/certificates", params(CertificateQuery),
    responses((status = 200, body = List<CertificateJson>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Asked(query): Asked<CertificateQuery>,
) -> Result<Json<List<CertificateJson>>, Problem> {
    let of = ListOf {
        within: query.site.map(|site| place_of("site", &site)).transpose()?,
        state: query.state.map(|state| state.name().to_owned()),
        kind: query.kind.map(|kind| kind.name().to_owned()),
        person: query.person.map(|id| id_of("person", &id)).transpose()?,
        after: after(query.after.as_deref())?,
        limit: limit(query.limit)?,
    };
    let rows = app.issuer.list_certificates(&actor, &of).await?;
    let items = rows.into_iter().map(CertificateJson::from).collect();
    Ok(List::page(items, of.limit, |last: &CertificateJson| {
        last.id.clone()
    }))
}

/// Issues a certificate: all steps in one go, where site or country are set up for that.
#[utoipa::path(post, path = "/api/v1/certificates", request_body = Report,
    responses((status = 201, body = CertificateJson),
        (status = 200, description = "made by the same request before", body = CertificateJson)))]
pub(crate) async fn issue(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Extension(once): Extension<Option<Once>>,
    Body(report): Body<Report>,
) -> Result<Response, Problem> {
    if report.upto.is_some() {
        let why = "a certificate goes all the way: leave `upto` out, or POST /api/v1/records";
        return Err(Problem::asked(why));
    }
    let made = records::take(&app, &actor, once, &report, Upto::Certified).await?;
    let Some(id) = made.certificate else {
        return Err(Problem::conflict(
            "state",
            "the report was recorded before and is not certified yet",
        ));
    };
    let json = whole(app.issuer.certificate(&actor, id).await?);
    Ok(match made.new {
        true => created(json),
        false => Json(json).into_response(),
    })
}

/// One certificate with its codes.
#[utoipa::path(get, path = "/api/v1/certificates/{id}", params(("id" = String, Path)),
    responses((status = 200, body = CertificateJson), (status = 304, description = "not changed")))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(id): Named<Id>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let row = app.issuer.certificate(&actor, id).await?;
    tagged(&headers, &whole(row))
}

words! {
    /// How it is printed.
    PaperWord {
        /// A4, folded twice to A6.
        Fold = "fold",
        /// A card of 85.6 x 54 mm.
        Card = "card",
        /// A label of 62 x 100 mm.
        Label = "label",
    }
}

/// How to print.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperQuery {
    /// Which paper; else A4, folded.
    #[param(inline)]
    kind: Option<PaperWord>,
}

fn file(kind: &'static str, name: String, content: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, content).into_response()
}

/// A certificate on paper, as PDF. Counts as a print.
#[utoipa::path(get, path = "/api/v1/certificates/{id}/pdf",
    params(("id" = String, Path), PaperQuery),
    responses((status = 200, description = "application/pdf")))]
pub(crate) async fn pdf(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(id): Named<Id>,
    Asked(query): Asked<PaperQuery>,
) -> Result<Response, Problem> {
    let kind = match query.kind {
        None | Some(PaperWord::Fold) => Kind::Fold,
        Some(PaperWord::Card) => Kind::Card,
        Some(PaperWord::Label) => Kind::Label,
    };
    let printed = app.issuer.pdf(&actor, kind, &[id]).await?;
    Ok(file("application/pdf", format!("{id}.pdf"), printed.pdf))
}

/// The code in front as a picture, as PNG.
#[utoipa::path(get, path = "/api/v1/certificates/{id}/png", params(("id" = String, Path)),
    responses((status = 200, description = "image/png")))]
pub(crate) async fn png(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(id): Named<Id>,
) -> Result<Response, Problem> {
    let row = app.issuer.certificate(&actor, id).await?;
    let issuer = Arc::clone(&app.issuer);
    let png = tokio::task::spawn_blocking(move || issuer.png(&row)).await;
    let png = png.map_err(|_| {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Problem::new(status, "print", "the picture could not be made")
    })??;
    Ok(file("image/png", format!("{id}.png"), png))
}

/// A certificate that is corrected.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Correction {
    /// All of it as it should be. `site`, `key`, `person` and `upto` are not changed by it.
    report: Report,
    /// What was wrong, without personal data.
    reason: String,
}

/// Corrects a certificate: a new one takes its place as soon as the steps are done, and the old one is
/// revoked in the same moment.
#[utoipa::path(post, path = "/api/v1/certificates/{id}/correct", params(("id" = String, Path)),
    request_body = Correction, responses((status = 201, body = MadeJson)))]
pub(crate) async fn correct(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(id): Named<Id>,
    Body(body): Body<Correction>,
) -> Result<Response, Problem> {
    let issuer = &app.issuer;
    let row = issuer.certificate(&actor, id).await?;
    let site = place_of("site", &row.site)?;
    let (content, _) = body.report.read(issuer, &site)?;
    let confirmed = body.report.confirmed;
    let made = issuer.correct(&actor, id, &content, &body.reason, confirmed);
    Ok(created(MadeJson::from(made.await?)))
}

/// Renews a certificate before it ends.
#[utoipa::path(post, path = "/api/v1/certificates/{id}/renew", params(("id" = String, Path)),
    responses((status = 201, body = MadeJson)))]
pub(crate) async fn renew(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(id): Named<Id>,
) -> Result<Response, Problem> {
    let made = app.issuer.renew(&actor, id).await?;
    Ok(created(MadeJson::from(made)))
}

/// Why a certificate is revoked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhyRevoked {
    /// What for.
    reason: ReasonWord,
    /// In words, without personal data.
    #[serde(default)]
    text: String,
}

/// Revokes one certificate.
#[utoipa::path(post, path = "/api/v1/certificates/{id}/revoke", params(("id" = String, Path)),
    request_body = WhyRevoked, responses((status = 200, body = Revoked)))]
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(id): Named<Id>,
    Body(body): Body<WhyRevoked>,
) -> Result<Json<Revoked>, Problem> {
    let which = Which::These(vec![id]);
    let reason = reason(body.reason, body.text);
    let revoked = app.issuer.revoke(&actor, &which, &reason, 1).await?;
    Ok(Json(Revoked { revoked }))
}

/// Who did what to a certificate and its record, oldest first.
#[utoipa::path(get, path = "/api/v1/certificates/{id}/trail", params(("id" = String, Path)),
    responses((status = 200, body = List<EntryJson>)))]
pub(crate) async fn trail(
    State(app): State<Arc<App>>,
    Extension(actor): Extension<Actor>,
    Named(id): Named<Id>,
) -> Result<Json<List<EntryJson>>, Problem> {
    let entries = app.issuer.trail(&actor, id).await?;
    Ok(List::whole(
        entries.into_iter().map(EntryJson::from).collect(),
    ))
}
