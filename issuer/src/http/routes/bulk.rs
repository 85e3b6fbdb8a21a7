//! Bulk work: API and pages.

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![]
}
