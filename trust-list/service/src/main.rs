//! The service that keeps the keys and publishes the bundle.

use std::process::ExitCode;

fn main() -> ExitCode {
    trust_service::command::run()
}
