//! Serving the published files, without the database.

pub mod statics;
