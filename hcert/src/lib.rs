//! The certificate itself.

extern crate alloc;

pub mod date;
pub mod name;
pub mod uvci;
