//! QR codes for health certificates: made, rendered, and read from worn photographs.

pub mod encode;
#[cfg(all(feature = "picture", not(target_arch = "wasm32")))]
pub mod picture;
pub mod read;
pub mod render;
#[cfg(all(any(test, feature = "worn"), not(target_arch = "wasm32")))]
pub mod worn;
