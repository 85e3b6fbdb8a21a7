//! What people and programs may do: each service has roles of its own.

use std::{collections::BTreeSet, fmt, str::FromStr};

/// A service's roles.
pub trait Role: Copy + Ord + 'static {
    /// All of them.
    const ALL: &'static [Self];

    /// The word in the database and the API. No two have the same, and none has a comma.
    fn name(self) -> &'static str;

    /// The role of a name.
    fn of_name(name: &str) -> Result<Self, NotARole> {
        let mut all = Self::ALL.iter().copied();
        all.find(|role| role.name() == name).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|role| role.name()).collect();
            NotARole {
                name: name.to_owned(),
                known: known.join(", "),
            }
        })
    }
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no role; there are {known}")]
pub struct NotARole {
    name: String,
    known: String,
}

/// The roles of somebody.
#[derive(Clone, PartialEq, Eq)]
pub struct Roles<R: Role>(BTreeSet<R>);

impl<R: Role> Roles<R> {
    /// These roles.
    pub fn of(roles: impl IntoIterator<Item = R>) -> Roles<R> {
        Roles(roles.into_iter().collect())
    }

    /// Whether this one is among them.
    pub fn has(&self, role: R) -> bool {
        self.0.contains(&role)
    }

    /// Whether one of these is among them.
    pub fn has_any(&self, roles: &[R]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = R> {
        self.0.iter().copied()
    }
}

impl<R: Role> Default for Roles<R> {
    fn default() -> Roles<R> {
        Roles(BTreeSet::new())
    }
}

impl<R: Role> fmt::Display for Roles<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|role| role.name()).collect();
        f.write_str(&names.join(","))
    }
}

impl<R: Role> fmt::Debug for Roles<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Roles({self})")
    }
}

impl<R: Role> FromStr for Roles<R> {
    type Err = NotARole;

    /// Reads names with commas between.
    fn from_str(text: &str) -> Result<Roles<R>, NotARole> {
        let names = text.split(',').map(str::trim).filter(|n| !n.is_empty());
        names.map(R::of_name).collect::<Result<_, _>>().map(Roles)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub(crate) enum Test {
        Clerk,
        Chief,
    }

    impl Role for Test {
        const ALL: &'static [Test] = &[Test::Clerk, Test::Chief];

        fn name(self) -> &'static str {
            match self {
                Test::Clerk => "clerk",
                Test::Chief => "chief",
            }
        }
    }

    #[test]
    fn text_and_back() {
        let roles: Roles<Test> = "chief, clerk".parse().unwrap();
        assert_eq!(roles.to_string(), "clerk,chief");
        assert!(roles.has(Test::Chief) && !roles.is_empty());
        assert!(!Roles::of([Test::Clerk]).has_any(&[Test::Chief]));
        assert_eq!("".parse(), Ok(Roles::<Test>::default()));
        let error = "root".parse::<Roles<Test>>().unwrap_err().to_string();
        assert_eq!(error, "`root` is no role; there are clerk, chief");
    }
}
