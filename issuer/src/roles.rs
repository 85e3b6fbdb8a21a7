//! What people and programs may do.

use service::roles;

/// A role. People have one or more; so have the programs that use the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Finds people, records what happened, prints.
    Clerk,
    /// Approves what the own site recorded, or sends it back.
    Officer,
    /// Certifies: the DSC signs. Revokes.
    Authority,
    /// Looks after places, people who work there, programs, lots, value sets.
    Administrator,
    /// Reads everything in the own place, changes nothing.
    Auditor,
}

impl roles::Role for Role {
    const ALL: &'static [Role] = &[
        Role::Clerk,
        Role::Officer,
        Role::Authority,
        Role::Administrator,
        Role::Auditor,
    ];

    fn name(self) -> &'static str {
        match self {
            Role::Clerk => "clerk",
            Role::Officer => "officer",
            Role::Authority => "authority",
            Role::Administrator => "administrator",
            Role::Auditor => "auditor",
        }
    }
}

/// The roles of somebody.
pub type Roles = roles::Roles<Role>;
