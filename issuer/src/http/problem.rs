//! How a refusal is answered over HTTP: status and code are decided here and nowhere else.

use axum::http::{Method, StatusCode};
use serde_json::json;
use service::problem::Problem;

use super::api::reports::Found;
use crate::domain::Refusal;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        use Refusal as R;
        let text = refusal.to_string();
        let (status, code) = match refusal {
            R::Store(error) => return error.into(),
            R::People(error) => return error.into(),
            R::Findings(findings) => {
                let findings: Vec<_> = findings.iter().map(Found::of).collect();
                return Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "findings", text)
                    .with("findings", json!(findings));
            }
            R::Recorded { record } => {
                return Problem::new(StatusCode::CONFLICT, "recorded", text)
                    .with("record", json!(record.to_string()));
            }
            R::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            R::Asked(_) => (StatusCode::UNPROCESSABLE_ENTITY, "asked"),
            R::State { .. } => (StatusCode::CONFLICT, "state"),
            R::Changed => (StatusCode::CONFLICT, "changed"),
            R::Count { .. } => (StatusCode::CONFLICT, "count"),
            R::Limit { .. } => (StatusCode::TOO_MANY_REQUESTS, "limit"),
            R::Role(_) => (StatusCode::FORBIDDEN, "role"),
            R::OtherContent => (StatusCode::UNPROCESSABLE_ENTITY, "other_content"),
            R::Exists(_) => (StatusCode::CONFLICT, "exists"),
            R::Wait(seconds) => {
                return Problem::new(StatusCode::TOO_MANY_REQUESTS, "wait", text)
                    .with("seconds", seconds);
            }
            R::Certify(_) => (StatusCode::SERVICE_UNAVAILABLE, "certify"),
            R::Print(_) => (StatusCode::INTERNAL_SERVER_ERROR, "print"),
            R::Random(_) => (StatusCode::INTERNAL_SERVER_ERROR, "random"),
        };
        if status.is_server_error() {
            tracing::error!(error = %text, code, "not done");
        }
        Problem::new(status, code, text)
    }
}

/// Something is there, and not for this method.
pub(super) async fn no_method(method: Method) -> Problem {
    let detail = format!("this address takes no {method}; `allow` names what it takes");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", detail)
}
