//! What a request brings, taken apart: whatever is wrong with it comes back as a problem.

use std::{fmt::Display, str::FromStr};

use axum::{
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{StatusCode, header, request::Parts},
};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use service::problem::Problem;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            let detail = "send JSON: Content-Type: application/json";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Problem::new(status, "media_type", detail));
        }
        let Raw(bytes) = Raw::from_request(request, state).await?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            let inner = error.into_inner();
            let (line, column) = (inner.line(), inner.column());
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "json", inner.to_string())
                .with("line", line)
                .with("column", column);
            match path.as_str() {
                "." => problem,
                path => problem.with("path", path),
            }
        })?;
        reader.end().map_err(|error| {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "json", error.to_string())
                .with("line", error.line())
                .with("column", error.column())
        })?;
        Ok(Body(value))
    }
}

/// A body of whatever bytes.
pub(crate) struct Raw(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Bytes::from_request(request, state).await {
            Ok(body) => Ok(Raw(body)),
            Err(_) => {
                let detail = "the body is larger than this takes, or it was cut off";
                Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "size", detail))
            }
        }
    }
}

/// What stands after the question mark.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Asked(asked)),
            Err(error) => Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "query",
                error.body_text(),
            )),
        }
    }
}

/// What a path names; what can't be a name of such a thing names nothing.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: FromStr<Err: Display>, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let nothing = |why: String| Problem::not_found(format!("there is no such thing: {why}"));
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|error| nothing(error.body_text()))?;
        text.parse()
            .map(Named)
            .map_err(|error: T::Err| nothing(error.to_string()))
    }
}
