//! What the API answers when it does not do what it was asked (RFC 9457).

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    domain::{
        documents::DocumentError, keys::KeysError, revocation::RevocationError, slices::SlicesError,
    },
    people::PeopleError,
    publish::PublishError,
    publish::site::SiteError,
    store::StoreError,
};

/// An answer that is not the one hoped for. Its status is decided here and nowhere else.
#[derive(Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable word for programs and for support.
    pub code: &'static str,
    /// What is so and what to do, for people.
    pub detail: String,
}

impl Problem {
    /// A problem.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Problem {
        Problem {
            status,
            code,
            detail: detail.into(),
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

    fn conflict(code: &'static str, detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::CONFLICT, code, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": format!("urn:hcert:trust-service:{}", self.code),
            "title": self.status.canonical_reason().unwrap_or_default(),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
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

impl From<KeysError> for Problem {
    fn from(error: KeysError) -> Problem {
        match error {
            KeysError::Store(error) => error.into(),
            KeysError::Unknown(_) => Problem::not_found(error.to_string()),
            KeysError::State { .. } => Problem::conflict("state", error.to_string()),
            KeysError::List(_) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Problem::new(status, "list", error.to_string())
            }
            KeysError::Asked(why) => Problem::asked(why),
        }
    }
}

impl From<RevocationError> for Problem {
    fn from(error: RevocationError) -> Problem {
        match error {
            RevocationError::Store(error) => error.into(),
            RevocationError::Asked(why) => Problem::asked(why),
            RevocationError::Kid(_) => {
                Problem::new(StatusCode::FORBIDDEN, "kid", error.to_string())
            }
            RevocationError::Count { .. } => Problem::conflict("count", error.to_string()),
        }
    }
}

impl From<SlicesError> for Problem {
    fn from(error: SlicesError) -> Problem {
        match error {
            SlicesError::Store(error) => error.into(),
            SlicesError::Foreign(why) => Problem::asked(why),
            error => {
                tracing::error!(%error, "revocations");
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Problem::new(status, "revocations", error.to_string())
            }
        }
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Problem {
        match error {
            DocumentError::Store(error) => error.into(),
            error => Problem::asked(error.to_string()),
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
        }
    }
}

impl From<PublishError> for Problem {
    fn from(error: PublishError) -> Problem {
        use PublishError as E;
        let text = error.to_string();
        let (status, code) = match error {
            E::Store(error) => return error.into(),
            E::Untold { .. } => (StatusCode::SERVICE_UNAVAILABLE, "untold"),
            E::Site(SiteError::Full { .. }) => (StatusCode::INSUFFICIENT_STORAGE, "disk_full"),
            E::Site(SiteError::Changed { .. }) | E::Overtaken { .. } => {
                (StatusCode::CONFLICT, "overtaken")
            }
            E::PreviewChanged => (StatusCode::CONFLICT, "preview_changed"),
            E::ClockBack { .. } => (StatusCode::CONFLICT, "clock"),
            E::RootExpired(_) => (StatusCode::CONFLICT, "root_expired"),
            E::NoManifestKeys { .. } => (StatusCode::CONFLICT, "manifest_keys"),
            E::NoKeyList | E::KeyListExpired(_) => (StatusCode::CONFLICT, "key_list"),
            E::SignedCopy(_) => (StatusCode::UNPROCESSABLE_ENTITY, "signed_copy"),
            E::Refused(_) => (StatusCode::INTERNAL_SERVER_ERROR, "refused"),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "publish"),
        };
        if status.is_server_error() {
            tracing::error!(error = %text, code, "nothing was published");
        }
        Problem::new(status, code, text)
    }
}
