//! The certificate itself.

extern crate alloc;

pub mod date;
pub mod dcc;
pub mod name;
pub mod uvci;
pub mod value_set;
