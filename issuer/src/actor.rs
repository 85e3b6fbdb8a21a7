//! Who asks.

use crate::{
    place::Place,
    roles::{Role, Roles},
};

/// A person or a program, as everything below the surface knows them.
#[derive(Debug, Clone)]
pub struct Actor {
    /// `user:NAME`, `client:NAME` or `service`, as the audit log and the database have it.
    pub name: String,
    /// What they may do.
    pub roles: Roles,
    /// Where they belong: they see it and everything below it.
    pub place: Place,
}

impl Actor {
    /// Whether this role is among theirs.
    pub fn is(&self, role: Role) -> bool {
        self.roles.has(role)
    }

    /// Whether a place is theirs to see.
    pub fn sees(&self, place: &Place) -> bool {
        self.place.contains(place)
    }
}
