//! Who somebody is at the provider.

use std::str::FromStr;

/// Who somebody is at a provider: its issuer identifier and the `sub` that it gave the person,
/// with a space between. Only both together tell a person for good (OpenID Connect Core 1.0,
/// section 5.7): an address for mail, or a name, may pass to somebody else.
#[derive(Clone, PartialEq, Eq)]
pub struct Subject(String);

/// Why a text is no [`Subject`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a subject is the provider's address, a space, and the person's identifier there: take it as \
     the page shows it to whoever signs in without an account"
)]
pub struct NotASubject;

impl Subject {
    /// Of an issuer identifier and a `sub` of at most 255 ASCII characters (section 2).
    pub fn new(issuer: &str, sub: &str) -> Result<Subject, NotASubject> {
        let is_address = issuer.starts_with("https://") || issuer.starts_with("http://");
        let is_issuer = is_address && issuer.bytes().all(|c| c.is_ascii_graphic());
        let is_sub = (1..=255).contains(&sub.len())
            && sub.bytes().all(|c| c.is_ascii_graphic() || c == b' ')
            && sub.trim() == sub;
        match is_issuer && is_sub && issuer.len() <= 500 {
            true => Ok(Subject(format!("{issuer} {sub}"))),
            false => Err(NotASubject),
        }
    }

    /// As the database has it, and as people hand it on.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Subject {
    type Err = NotASubject;

    fn from_str(text: &str) -> Result<Subject, NotASubject> {
        let (issuer, sub) = text.trim().split_once(' ').ok_or(NotASubject)?;
        Subject::new(issuer, sub)
    }
}

/// It is a person's: it stays out of logs.
impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subject(...)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuer_and_sub() {
        let long = "x".repeat(256);
        for (text, right) in [
            ("https://id.example.vn 42", true),
            (" https://id.example.vn CN=Lan, O=MOH \n", true),
            ("http://127.0.0.1:9000 42", true),
            ("https://id.example.vn", false),
            ("https://id.example.vn ", false),
            ("https://id.example.vn  42", false),
            ("42 https://id.example.vn", false),
            ("https://id.example.vn Lân", false),
            ("https://id.example.vn 4\n2", false),
            (&format!("https://id.example.vn {long}"), false),
        ] {
            assert_eq!(text.parse::<Subject>().is_ok(), right, "{text}");
        }
        let subject: Subject = " https://a.vn 4 2".parse().unwrap();
        assert_eq!(subject.as_str(), "https://a.vn 4 2");
        assert!(!format!("{subject:?}").contains("4 2"));
    }
}
