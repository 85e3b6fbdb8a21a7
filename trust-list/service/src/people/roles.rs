//! What people and programs may do.

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Takes in, admits and withdraws keys, revokes, loads documents.
    Operator,
    /// Publishes.
    Publisher,
    /// Reads everything, changes nothing.
    Auditor,
    /// Looks after users and clients.
    Administrator,
    /// An issuing service: reports what it issued, revokes under its own kids. Only for programs.
    Issuer,
}

/// The roles of somebody.
pub type Roles = service::roles::Roles<Role>;

impl service::roles::Role for Role {
    const ALL: &'static [Role] = &[
        Role::Operator,
        Role::Publisher,
        Role::Auditor,
        Role::Administrator,
        Role::Issuer,
    ];

    fn name(self) -> &'static str {
        match self {
            Role::Operator => "operator",
            Role::Publisher => "publisher",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
            Role::Issuer => "issuer",
        }
    }
}
