//! Serving the published files, without the database.

pub mod pages;
pub mod statics;
