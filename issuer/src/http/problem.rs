//! How a refusal is answered over HTTP: status and code are decided here and nowhere else.

use axum::http::StatusCode;
use intake::words::{Language, Words};
use serde_json::json;
use service::problem::Problem;

use crate::domain::Refusal;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        use Refusal as R;
        let text = refusal.to_string();
        let (status, code) = match refusal {
            R::Store(error) => return error.into(),
            R::People(error) => return error.into(),
            R::Findings(findings) => {
                let words = Words::new(Language::English);
                let findings: Vec<_> = findings
                    .iter()
                    .map(|finding| {
                        json!({
                            "field": finding.field().id(),
                            "problem": finding.problem().code(),
                            "severity": format!("{:?}", finding.severity()).to_lowercase(),
                            "what": words.what(finding),
                            "remedy": words.remedy(finding),
                        })
                    })
                    .collect();
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
            R::Wait(_) => (StatusCode::TOO_MANY_REQUESTS, "wait"),
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
