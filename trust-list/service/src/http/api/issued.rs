//! What issuers report.
//!
//! As JSON, or for many at once as binary: 24 bytes for each certificate, 16 of its identifier's
//! hash and 8 of its time of issue (seconds since 1970, big endian), the rest in the query.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Query, State},
    http::{HeaderMap, header},
};
use hcert::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::Raw;
use crate::{
    domain::revocation::{self, Noted, Report, month_text},
    http::{App, Problem, access::Actor},
    store::NewCertificate,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportJson {
    kid: String,
    certificates: Vec<CertificateJson>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    complete_until: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CertificateJson {
    id: String,
    issued_at: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportQuery {
    kid: Option<String>,
    /// With commas between.
    labels: Option<String>,
    complete_until: Option<String>,
}

pub(crate) async fn note(
    State(app): State<Arc<App>>,
    Query(query): Query<ReportQuery>,
    Extension(actor): Extension<Actor>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Json<Noted>, Problem> {
    let kind = headers.get(header::CONTENT_TYPE);
    let binary = kind.is_some_and(|kind| kind.as_bytes() == b"application/octet-stream");
    let report = match binary {
        true => of_records(query, &body)?,
        false => {
            let json = serde_json::from_slice(&body)
                .map_err(|error| Problem::asked(format!("no readable report: {error}")))?;
            of_json(json)?
        }
    };
    let noted =
        revocation::note_issued(&app.store, &app.clock, &actor.name, &actor.kids, &report).await?;
    Ok(Json(noted))
}

fn of_json(json: ReportJson) -> Result<Report, Problem> {
    let certificate = |one: &CertificateJson| {
        let issued_at = time("issued_at", &one.issued_at)?.unix();
        Ok(NewCertificate {
            id: id(&one.id)?,
            issued_at,
        })
    };
    Ok(Report {
        kid: kid(&json.kid)?,
        certificates: json
            .certificates
            .iter()
            .map(certificate)
            .collect::<Result<_, Problem>>()?,
        labels: json.labels,
        complete_until: json
            .complete_until
            .map(|text| time("complete_until", &text))
            .transpose()?,
    })
}

fn of_records(query: ReportQuery, body: &[u8]) -> Result<Report, Problem> {
    let (records, rest) = body.as_chunks::<24>();
    if !rest.is_empty() {
        return Err(Problem::asked("the body is no multiple of 24 bytes"));
    }
    let record = |record: &[u8; 24]| {
        let (id, at) = record.split_first_chunk::<16>()?;
        let issued_at = i64::from_be_bytes(*at.first_chunk::<8>()?);
        Some(NewCertificate { id: *id, issued_at })
    };
    let labels = query.labels.unwrap_or_default();
    let labels = labels.split(',').map(str::trim).filter(|l| !l.is_empty());
    Ok(Report {
        kid: kid(query.kid.as_deref().unwrap_or_default())?,
        certificates: records.iter().filter_map(record).collect(),
        labels: labels.map(str::to_owned).collect(),
        complete_until: query
            .complete_until
            .map(|text| time("complete_until", &text))
            .transpose()?,
    })
}

/// A kid in base64.
pub(super) fn kid(text: &str) -> Result<Vec<u8>, Problem> {
    let kid = hcert::base64::decode(text).filter(|kid| (1..=64).contains(&kid.len()));
    kid.ok_or_else(|| Problem::asked("`kid` is 1 to 64 bytes in base64"))
}

/// An identifier's hash in base64.
pub(super) fn id(text: &str) -> Result<[u8; 16], Problem> {
    let id = hcert::base64::decode(text).and_then(|id| id.try_into().ok());
    id.ok_or_else(|| {
        Problem::asked("an id is 16 bytes in base64: the first half of SHA-256 of the identifier")
    })
}

fn time(name: &str, text: &str) -> Result<Timestamp, Problem> {
    text.parse()
        .map_err(|_| Problem::asked(format!("`{name}` is a time such as 2026-11-22T00:00:00Z")))
}

#[derive(Serialize)]
pub(crate) struct SliceJson {
    kid: String,
    month: String,
    issued: i64,
    revoked: i64,
}

#[derive(Serialize)]
pub(crate) struct CoverageJson {
    kid: String,
    complete_until: String,
}

#[derive(Serialize)]
pub(crate) struct IssuedJson {
    slices: Vec<SliceJson>,
    coverage: Vec<CoverageJson>,
}

pub(crate) async fn counts(State(app): State<Arc<App>>) -> Result<Json<IssuedJson>, Problem> {
    let mut tx = app.store.read().await?;
    let slices = tx.slices().await?.into_iter().map(|slice| SliceJson {
        kid: hcert::base64::encode(&slice.kid),
        month: month_text(slice.month),
        issued: slice.issued,
        revoked: slice.revoked,
    });
    let slices = slices.collect();
    let coverage = tx.coverage().await?;
    let coverage = coverage.into_iter().map(|(kid, until)| CoverageJson {
        kid: hcert::base64::encode(&kid),
        complete_until: Timestamp::saturating(until).to_string(),
    });
    Ok(Json(IssuedJson {
        slices,
        coverage: coverage.collect(),
    }))
}
