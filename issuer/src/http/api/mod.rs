//! The API, by subject.

pub(super) mod jobs;
