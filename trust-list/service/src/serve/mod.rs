//! Serving: the published files without the database, and connections with patience but not too
//! much of it.

pub mod listen;
pub mod statics;
