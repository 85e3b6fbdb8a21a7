//! What an API answers when it does not do what it was asked (RFC 9457).

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};

use crate::{people::PeopleError, store::StoreError};

/// An answer that is not the one hoped for. Each error becomes one in one place, its `From`, which
/// decides the status.
#[derive(Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable word for programs and for support.
    pub code: &'static str,
    /// What is so and what to do, for people.
    pub detail: String,
    /// Further members, for programs.
    pub extra: Map<String, Value>,
}

impl Problem {
    /// A problem.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Problem {
        Problem {
            status,
            code,
            detail: detail.into(),
            extra: Map::new(),
        }
    }

    /// The request can't be used as it is.
    pub fn asked(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "asked", detail)
    }

    /// Something there is not.
    pub fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// What is asked does not fit what is so.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::CONFLICT, code, detail)
    }

    /// With a further member (RFC 9457, section 3.2).
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Problem {
        self.extra.insert(key.to_owned(), value.into());
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let own = [
            ("type", format!("urn:hcert:problem:{}", self.code).into()),
            (
                "title",
                self.status.canonical_reason().unwrap_or_default().into(),
            ),
            ("status", self.status.as_u16().into()),
            ("code", self.code.into()),
            ("detail", self.detail.into()),
        ];
        let own = own.map(|(key, value): (&str, Value)| (key.to_owned(), value));
        let mut body = Map::from_iter(own);
        for (key, value) in self.extra {
            body.entry(key).or_insert(value);
        }
        let mut response = (self.status, Json(body)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match &error {
            StoreError::Unreachable(why) => {
                tracing::error!(%why, "database not reachable");
                let detail = "database not reachable: nothing was changed; try again in a moment";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "database", detail)
            }
            StoreError::Full => {
                tracing::error!("the disk of the database is full");
                let status = StatusCode::INSUFFICIENT_STORAGE;
                Problem::new(status, "disk_full", error.to_string())
            }
            StoreError::Exists => Problem::conflict("exists", error.to_string()),
            _ => {
                tracing::error!(%error, "the database failed");
                let detail = "the database failed; the log says how";
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "database_failed", detail)
            }
        }
    }
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Problem {
        match error {
            PeopleError::Store(error) => error.into(),
            PeopleError::Exists(_) => Problem::conflict("exists", error.to_string()),
            PeopleError::Unknown(_) => Problem::not_found(error.to_string()),
            PeopleError::Asked(why) => Problem::asked(why),
            PeopleError::Random(_) => {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Problem::new(status, "random", error.to_string())
            }
            PeopleError::Vault(_) => {
                tracing::error!(%error, "the vault");
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Problem::new(status, "vault", error.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn as_rfc_9457_says() {
        let problem = Problem::conflict("count", "another number")
            .with("hits", 3)
            .with("status", "can't be replaced");
        let response = problem.into_response();
        assert_eq!(response.status(), StatusCode::CONFLICT);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "application/problem+json"
        );
        let body = axum::body::to_bytes(response.into_body(), 1000).await;
        let body: Value = serde_json::from_slice(&body.unwrap()).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "type": "urn:hcert:problem:count", "title": "Conflict", "status": 409,
                "code": "count", "detail": "another number", "hits": 3,
            })
        );
    }
}
