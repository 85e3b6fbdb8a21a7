//! `[oidc]` in the configuration file.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use zeroize::Zeroizing;

/// The section as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(
    not(feature = "oidc"),
    expect(dead_code, reason = "refused as a whole")
)]
pub struct Section {
    name: String,
    issuer: String,
    client_id: String,
    client_secret_file: PathBuf,
    #[serde(default)]
    groups_claim: Option<String>,
    #[serde(default)]
    groups: Vec<String>,
}

/// A fault in the section: the key, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// As `oidc.issuer`.
    pub key: &'static str,
    /// What is wrong, and what to write.
    pub why: String,
}

/// A provider, and who the service is to it.
#[derive(Clone)]
pub struct Settings {
    /// What people call it; stands on the button.
    pub name: String,
    /// The issuer identifier, exactly as the provider's own documents write it.
    pub issuer: String,
    /// The service's name at the provider.
    pub client_id: String,
    /// Proves it.
    pub client_secret: Zeroizing<String>,
    /// Whom it lets in, of those who have an account.
    pub groups: Option<Groups>,
    /// Where the provider sends people back to: the whole address.
    pub back: String,
}

/// Only members of one of these groups are let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// The claim of the ID token that lists a person's groups.
    pub claim: String,
    /// One of them is needed.
    pub any_of: Vec<String>,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("name", &self.name)
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("groups", &self.groups)
            .field("back", &self.back)
            .finish_non_exhaustive()
    }
}

#[cfg(not(feature = "oidc"))]
impl Section {
    /// Refuses it: this program was built without.
    pub fn check(self, _folder: &Path, _public_url: Option<&str>) -> Result<Settings, Fault> {
        Err(Fault {
            key: "oidc",
            why: "this program was built without sign-in by OpenID Connect: take one that was \
                  built with the feature oidc, or take the section out"
                .into(),
        })
    }
}

#[cfg(feature = "oidc")]
impl Section {
    /// Checks it. Paths in it are relative to the folder; the provider sends people back to the
    /// service's public address.
    pub fn check(self, folder: &Path, public_url: Option<&str>) -> Result<Settings, Fault> {
        let name = intake::tidy(&self.name);
        if !(1..=40).contains(&name.chars().count()) {
            let why = "write what people call the provider, 1 to 40 characters, as in \"Cổng Bộ Y \
                       tế\": it stands on the button";
            return Err(fault("oidc.name", why));
        }
        check_issuer(&self.issuer)?;
        let is_id = |c: u8| c.is_ascii_graphic() || c == b' ';
        if self.client_id.is_empty() || !self.client_id.bytes().all(is_id) {
            let why = "write the name that the provider gave this service";
            return Err(fault("oidc.client_id", why));
        }
        let Some(public_url) = public_url else {
            let why = "the provider has to know where to send people back to: write public_url, as \
                       in public_url = \"https://hcert.example.vn\", above the sections";
            return Err(fault("oidc", why));
        };
        let groups = match (self.groups_claim, self.groups.is_empty()) {
            (None, true) => None,
            (Some(claim), false) if !claim.is_empty() => Some(Groups {
                claim,
                any_of: self.groups,
            }),
            _ => {
                let why = "groups_claim (as in \"groups\") and groups (as in [\"hcert\"]) go \
                           together: only members of one of the groups are let in";
                return Err(fault("oidc.groups_claim", why));
            }
        };
        Ok(Settings {
            name,
            client_id: self.client_id,
            client_secret: secret(&folder.join(self.client_secret_file))?,
            groups,
            back: format!("{}{}", public_url.trim_end_matches('/'), super::BACK),
            issuer: self.issuer,
        })
    }
}

#[cfg(feature = "oidc")]
fn fault(key: &'static str, why: impl Into<String>) -> Fault {
    Fault {
        key,
        why: why.into(),
    }
}

#[cfg(feature = "oidc")]
fn check_issuer(issuer: &str) -> Result<(), Fault> {
    let url = openidconnect::url::Url::parse(issuer).ok();
    // OpenID Connect Discovery 1.0, section 3: no query, no fragment.
    let right = url.is_some_and(|url| {
        super::client::is_private(&url) && url.query().is_none() && url.fragment().is_none()
    });
    match right && issuer.bytes().all(|c| c.is_ascii_graphic()) {
        true => Ok(()),
        false => Err(fault(
            "oidc.issuer",
            format!(
                "`{issuer}` can't be used: write the provider's issuer identifier exactly as it is \
                 in its .well-known/openid-configuration, with https://; http:// only on this \
                 machine"
            ),
        )),
    }
}

#[cfg(feature = "oidc")]
fn secret(path: &Path) -> Result<Zeroizing<String>, Fault> {
    let key = "oidc.client_secret_file";
    let text = std::fs::read_to_string(path)
        .map_err(|error| fault(key, format!("{} can't be read: {error}", path.display())))?;
    let text = Zeroizing::new(text);
    let line = text.lines().next().unwrap_or_default();
    match line.is_empty() {
        true => Err(fault(
            key,
            "has to hold the client secret on its first line",
        )),
        false => Ok(Zeroizing::new(line.to_owned())),
    }
}

#[cfg(feature = "oidc")]
#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, public_url: Option<&str>) -> Result<Settings, Fault> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "s3cret\n").unwrap();
        std::fs::write(folder.path().join("empty"), "").unwrap();
        let section: Section = toml::from_str(text).unwrap();
        section.check(folder.path(), public_url)
    }

    const GOOD: &str = "name = ' Cổng Bộ Y tế '\nissuer = 'https://id.example.vn/realms/moh'\n\
                        client_id = 'hcert'\nclient_secret_file = 'secret'\n";

    #[test]
    fn a_whole_section() {
        let settings = check(GOOD, Some("https://hcert.example.vn")).unwrap();
        assert_eq!(settings.name, "Cổng Bộ Y tế");
        assert_eq!(settings.client_secret.as_str(), "s3cret");
        assert_eq!(settings.back, "https://hcert.example.vn/sign-in/oidc/back");
        assert_eq!(settings.groups, None);
        assert!(!format!("{settings:?}").contains("s3cret"));
        let groups = format!("{GOOD}groups_claim = 'groups'\ngroups = ['hcert']\n");
        let groups = check(&groups, Some("https://hcert.example.vn"))
            .unwrap()
            .groups;
        assert_eq!(groups.unwrap().any_of, ["hcert"]);
    }

    #[test]
    fn faults_name_their_key() {
        let url = Some("https://hcert.example.vn");
        for (from, to, url, key) in [
            ("' Cổng Bộ Y tế '", "''", url, "oidc.name"),
            ("https://id", "http://id", url, "oidc.issuer"),
            ("realms/moh", "?realm=moh", url, "oidc.issuer"),
            ("https://id.example.vn/realms/moh", "id", url, "oidc.issuer"),
            ("'hcert'", "''", url, "oidc.client_id"),
            ("'secret'", "'nowhere'", url, "oidc.client_secret_file"),
            ("'secret'", "'empty'", url, "oidc.client_secret_file"),
            (
                "client_id",
                "groups = ['a']\nclient_id",
                url,
                "oidc.groups_claim",
            ),
            (
                "client_id",
                "groups_claim = 'a'\nclient_id",
                url,
                "oidc.groups_claim",
            ),
            ("x", "x", None, "oidc"),
        ] {
            let found = check(&GOOD.replace(from, to), url).unwrap_err();
            assert_eq!(found.key, key, "{to}: {}", found.why);
        }
    }
}

#[cfg(not(feature = "oidc"))]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_no_surprise() {
        let text = "name = 'Cổng'\nissuer = 'https://id.example.vn'\nclient_id = 'hcert'\n\
                    client_secret_file = 'secret'\n";
        let section: Section = toml::from_str(text).unwrap();
        let fault = section.check(Path::new(""), None).unwrap_err();
        assert!(
            fault
                .why
                .contains("built without sign-in by OpenID Connect")
        );
    }
}
