//! Publishing: from what the database holds to files that verifiers trust.

pub mod held;
pub mod roots;
pub mod site;
