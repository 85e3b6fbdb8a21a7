//! Tiếng Việt.

pub(super) const ERROR: &str = "lỗi";
