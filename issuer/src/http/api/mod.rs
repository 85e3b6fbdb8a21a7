//! The API, by subject.
