//! The service that vaccination and sampling sites issue certificates with.

use std::process::ExitCode;

fn main() -> ExitCode {
    issuer::command::run()
}
