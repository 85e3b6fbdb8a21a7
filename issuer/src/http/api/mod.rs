//! The API's handlers: take the request apart, call the domain, write the answer.
//!
//! [`openapi`] describes them from the types here; a test holds it against the routes.

pub(super) mod accounts;
pub(super) mod alarms;
mod ask;
pub(super) mod audit;
pub(super) mod certificates;
pub(super) mod clients;
pub(super) mod complaints;
pub(super) mod deliveries;
pub(super) mod docs;
pub(super) mod documents;
pub(super) mod jobs;
pub(super) mod keys;
pub(crate) mod openapi;
pub(super) mod persons;
pub(super) mod places;
pub(super) mod records;
pub(super) mod reports;
pub(super) mod revocations;
pub(super) mod settings;
pub(super) mod tubes;

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use hcert::time::Timestamp;
use serde::{Deserialize, Serialize};
use service::problem::Problem;
use sha2::{Digest as _, Sha256};
use utoipa::{IntoParams, ToSchema};

use crate::{actor::Actor, id::Id, place::Place};

pub(crate) use ask::{Asked, Body, Named, Raw};

/// Words that stand for something, as a type of their own.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize, utoipa::ToSchema)]
        pub(crate) enum $name {
            $($(#[$of])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// The word.
            #[allow(dead_code, reason = "not every set of words is written back")]
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }
    };
}
pub(crate) use words;

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// What is on it.
    pub(crate) items: Vec<T>,
    /// `after` of the next page; none at the end.
    pub(crate) next: Option<String>,
}

impl<T> List<T> {
    /// All there is.
    fn whole(items: Vec<T>) -> Json<List<T>> {
        Json(List { items, next: None })
    }

    /// A page of at most `limit`; `key` is what the next one begins after.
    fn page(items: Vec<T>, limit: i64, key: impl FnOnce(&T) -> String) -> Json<List<T>> {
        let full = i64::try_from(items.len()).is_ok_and(|count| count >= limit);
        let next = items.last().filter(|_| full).map(key);
        Json(List { items, next })
    }
}

/// How much of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paging {
    /// `next` of the page before.
    pub(crate) after: Option<String>,
    /// How many at most: 1 to 200, else 50.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<i64>,
}

fn query(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "query", detail)
}

/// `limit` as it was asked for.
fn limit(asked: Option<i64>) -> Result<i64, Problem> {
    match asked {
        None => Ok(50),
        Some(limit @ 1..=200) => Ok(limit),
        Some(_) => Err(query("`limit` is 1 to 200")),
    }
}

/// `after`, of a list by identifier.
fn after(asked: Option<&str>) -> Result<Option<Id>, Problem> {
    let id = asked.map(str::parse).transpose();
    id.map_err(|_| query("`after` is `next` of the page before"))
}

/// A time, as it is written in answers.
fn time(at: i64) -> String {
    Timestamp::saturating(at).to_string()
}

/// A time that was sent.
fn time_of(name: &str, text: &str) -> Result<Timestamp, Problem> {
    text.parse()
        .map_err(|_| Problem::asked(format!("`{name}` is a time such as 2026-11-22T00:00:00Z")))
}

/// An identifier that was sent.
fn id_of(name: &str, text: &str) -> Result<Id, Problem> {
    let id = text.parse();
    id.map_err(|error| Problem::asked(format!("`{name}`: {error}")))
}

/// A place that was sent.
fn place_of(name: &str, text: &str) -> Result<Place, Problem> {
    let place = text.parse();
    place.map_err(|error| Problem::asked(format!("`{name}`: {error}")))
}

/// The site that something is for: said by its path, or by its code where it is the client's own;
/// without a word the client's own.
fn site_of(actor: &Actor, text: Option<&str>) -> Result<Place, Problem> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(actor.place.clone()),
        Some(code) if code == actor.place.code() => Ok(actor.place.clone()),
        Some(path) if path.contains('/') => place_of("site", path),
        Some(_) => {
            let detail = "`site` is the path of the site, as VN/79/26734/BN1; GET /api/v1/places \
                          names them all";
            Err(Problem::asked(detail))
        }
    }
}

/// An answer with an ETag over all it says: who has it already is told so (RFC 9110, section 13.1.2).
fn tagged<T: Serialize>(headers: &HeaderMap, answer: &T) -> Result<Response, Problem> {
    let body = serde_json::to_vec(answer).map_err(|error| {
        tracing::error!(%error, "an answer can't be written");
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "answer",
            "the answer can't be written",
        )
    })?;
    let digest: [u8; 32] = Sha256::digest(&body).into();
    let (short, _) = digest.split_at(16);
    let tag = format!("\"{}\"", hcert::base64::encode_url(short));
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    let known = known.filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|value| value.split(','));
    let is_known = known.any(|own| {
        let own = own.trim();
        own == "*" || own.trim_start_matches("W/") == tag
    });
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        (kind, body).into_response()
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    // Kept by the program that asked, and asked for again each time.
    let private = HeaderValue::from_static("private, no-cache");
    headers.insert(header::CACHE_CONTROL, private);
    Ok(response)
}

/// Something new was made.
fn created<T: Serialize>(answer: T) -> Response {
    (StatusCode::CREATED, Json(answer)).into_response()
}

/// That something was done, where there is no more to say.
#[derive(Serialize, ToSchema)]
pub(crate) struct Done {
    /// Always true.
    done: bool,
}

fn done() -> Json<Done> {
    Json(Done { done: true })
}

/// Why something was not done (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemJson {
    /// `urn:hcert:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// The status in words.
    title: String,
    /// HTTP status.
    status: u16,
    /// Stable word for programs.
    code: String,
    /// What is so and what to do, for people.
    detail: String,
}

impl From<Problem> for ProblemJson {
    fn from(problem: Problem) -> ProblemJson {
        ProblemJson {
            kind: format!("urn:hcert:problem:{}", problem.code),
            title: problem.status.canonical_reason().unwrap_or_default().into(),
            status: problem.status.as_u16(),
            code: problem.code.into(),
            detail: problem.detail,
        }
    }
}
