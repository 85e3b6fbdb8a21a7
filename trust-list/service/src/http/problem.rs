//! The status and the code of each error.

use axum::http::StatusCode;
pub use service::problem::Problem;

use crate::{
    domain::{
        documents::DocumentError, keys::KeysError, revocation::RevocationError, slices::SlicesError,
    },
    publish::PublishError,
    publish::site::SiteError,
};

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
