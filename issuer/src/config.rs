//! What the service is told at its start.
