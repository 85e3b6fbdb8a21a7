//! The API's handlers: take the request apart, call the domain, write the answer.

pub(super) mod clients;
pub(super) mod documents;
pub(super) mod foreign;
pub(super) mod issued;
pub(super) mod keys;
pub(super) mod publish;
pub(super) mod records;
pub(super) mod revocations;

use axum::{
    extract::{FromRequest, Request, rejection::JsonRejection},
    http::StatusCode,
};
use serde::de::DeserializeOwned;

use super::Problem;

/// A JSON body; what is wrong with it comes back as a problem.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Body(body)),
            Err(JsonRejection::BytesRejection(_)) => Err(too_large()),
            Err(error) => Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "json",
                error.body_text(),
            )),
        }
    }
}

/// A body of whatever bytes.
pub(super) struct Raw(pub(super) bytes::Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match bytes::Bytes::from_request(request, state).await {
            Ok(body) => Ok(Raw(body)),
            Err(_) => Err(too_large()),
        }
    }
}

fn too_large() -> Problem {
    let detail = "the body is larger than this takes, or it was cut off";
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "size", detail)
}
