//! What people and programs may do.

use std::{collections::BTreeSet, fmt, str::FromStr};

use super::PeopleError;

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

impl Role {
    /// All of them.
    pub const ALL: [Role; 5] = [
        Role::Operator,
        Role::Publisher,
        Role::Auditor,
        Role::Administrator,
        Role::Issuer,
    ];

    /// The word in the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Operator => "operator",
            Role::Publisher => "publisher",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
            Role::Issuer => "issuer",
        }
    }
}

impl FromStr for Role {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Role, NotARole> {
        Role::ALL
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or_else(|| NotARole(text.to_owned()))
    }
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no role: operator, publisher, auditor, administrator, or issuer for programs")]
pub struct NotARole(String);

/// The roles of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    /// These roles.
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Roles {
        Roles(roles.into_iter().collect())
    }

    /// Whether this one is among them.
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether one of these is among them.
    pub fn has_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a person can have.
    pub(super) fn check_person(&self) -> Result<(), PeopleError> {
        let asked = |why: &str| Err(PeopleError::Asked(why.into()));
        if self.is_empty() {
            return asked("at least one role is needed");
        }
        if self.has(Role::Issuer) {
            return asked("issuer is a role of programs: add a client");
        }
        Ok(())
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|role| role.name()).collect();
        f.write_str(&names.join(","))
    }
}

impl FromStr for Roles {
    type Err = NotARole;

    /// Reads names with commas between.
    fn from_str(text: &str) -> Result<Roles, NotARole> {
        let names = text.split(',').map(str::trim).filter(|n| !n.is_empty());
        names.map(str::parse).collect::<Result<_, _>>().map(Roles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let roles: Roles = "publisher, operator".parse().unwrap();
        assert_eq!(roles.to_string(), "operator,publisher");
        assert!(roles.has_any(&[Role::Auditor, Role::Operator]));
        assert!(!roles.has(Role::Administrator));
        assert!("root".parse::<Roles>().is_err());
        assert!("".parse::<Roles>().unwrap().check_person().is_err());
        assert!(Roles::of([Role::Issuer]).check_person().is_err());
    }
}
