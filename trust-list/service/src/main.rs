//! The service that keeps the keys and publishes the bundle.

fn main() {}
