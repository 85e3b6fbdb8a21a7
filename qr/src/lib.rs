//! QR codes for health certificates: made, rendered, and read from worn photographs.

pub mod encode;
pub mod read;
pub mod render;
