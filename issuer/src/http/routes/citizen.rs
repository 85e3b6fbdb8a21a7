//! Pages for citizens.

use super::Route;

pub(super) fn table() -> Vec<Route> {
    vec![]
}
