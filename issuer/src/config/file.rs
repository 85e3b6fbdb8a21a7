//! The configuration file.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use intake::record::Line;
use keyring::Profile;
use serde::Deserialize;
use service::language::Language;
use zeroize::Zeroizing;

use super::{Config, ConfigError, Trust, keys::FileKey, times};
use crate::domain::settings::Settings;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default = "default_listen")]
    listen: String,
    #[serde(default)]
    https: bool,
    #[serde(default)]
    behind_proxy: bool,
    #[serde(default)]
    language: Language,
    #[serde(default)]
    database: Option<String>,
    #[serde(default)]
    secret_file: Option<PathBuf>,
    #[serde(default = "vietnam")]
    country: String,
    authority: String,
    #[serde(default = "seven_hours")]
    offset_minutes: i16,
    #[serde(default = "both")]
    profiles: Vec<String>,
    #[serde(default)]
    steps: Steps,
    #[serde(default)]
    specimen: bool,
    #[serde(default)]
    public_url: Option<String>,
    #[serde(default)]
    wallet_url: Option<String>,
    #[serde(default = "ninety")]
    claim_days: i64,
    #[serde(default)]
    lives: times::Lives,
    #[serde(default)]
    limits: times::Limits,
    #[serde(default)]
    retention: times::Retention,
    #[serde(default)]
    keys: Vec<FileKey>,
    #[serde(default)]
    trust: Option<FileTrust>,
    #[serde(default)]
    oidc: Option<crate::oidc::Section>,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Steps {
    One,
    #[default]
    Three,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTrust {
    url: String,
    key_file: PathBuf,
    #[serde(default)]
    csca: Option<PathBuf>,
    #[serde(default = "thirty")]
    every_seconds: u64,
    #[serde(default)]
    labels: bool,
    #[serde(default = "two_minutes")]
    settle_seconds: u64,
}

const fn two_minutes() -> u64 {
    120
}

fn default_listen() -> String {
    "127.0.0.1:8350".into()
}

fn vietnam() -> String {
    "VN".into()
}

fn both() -> Vec<String> {
    Profile::ALL.map(|profile| profile.name().into()).to_vec()
}

const fn seven_hours() -> i16 {
    420
}

const fn ninety() -> i64 {
    90
}

const fn thirty() -> u64 {
    30
}

pub(super) struct Reader<'e> {
    pub(super) file: String,
    pub(super) folder: PathBuf,
    pub(super) environment: &'e dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    pub(super) fn config(&self, text: &str) -> Result<Config, ConfigError> {
        let file: File = toml::from_str(text).map_err(|error| ConfigError::Syntax {
            file: self.file.clone(),
            error: error.to_string().trim_end().to_owned(),
        })?;
        let listen = (self.environment)("ISSUER_LISTEN").unwrap_or(file.listen);
        let listen: SocketAddr = listen.parse().map_err(|_| {
            let why = format!("`{listen}` is no address; write one such as 127.0.0.1:8350");
            self.wrong("listen", why)
        })?;
        if !listen.ip().is_loopback() && !file.https {
            let why = "reachable from other machines: put a proxy with HTTPS in front and write \
                       https = true, or listen on 127.0.0.1";
            return Err(self.wrong("listen", why));
        }
        let database = (self.environment)("ISSUER_DATABASE")
            .or(file.database)
            .unwrap_or_else(|| "sqlite:issuer.sqlite".into());
        let secret_file = (self.environment)("ISSUER_SECRET_FILE")
            .map(PathBuf::from)
            .or(file.secret_file)
            .unwrap_or_else(|| "secret".into());
        let settings = Settings {
            country: self.country(file.country)?,
            authority: Line::new(&file.authority).map_err(|_| {
                let why = "write the authority's name as certificates carry it, 1 to 80 \
                           characters, as in authority = \"Bộ Y tế\"";
                self.wrong("authority", why)
            })?,
            offset: match file.offset_minutes {
                minutes @ -720..=840 => minutes,
                _ => {
                    let why = "minutes east of UTC, from -720 to 840; in Viet Nam 420";
                    return Err(self.wrong("offset_minutes", why));
                }
            },
            profiles: self.profiles(&file.profiles)?,
            one_step: file.steps == Steps::One,
            lives: file.lives.check(self)?,
            limits: file.limits.check(self)?,
            retention: file.retention.check(self)?,
            specimen: file.specimen,
            public_url: self.public_url(file.public_url)?,
            wallet_url: file
                .wallet_url
                .map(|url| self.wallet_url(&url))
                .transpose()?,
            claim_days: self.within("claim_days", file.claim_days, 1, 3650)?,
        };
        let keys = file.keys.into_iter().enumerate();
        let keys = keys.map(|(index, key)| key.check(self, index, &settings.lives));
        let keys: Vec<_> = keys.collect::<Result<_, _>>()?;
        for profile in &settings.profiles {
            if !keys.iter().any(|key| key.terms.profile == *profile) {
                let why = format!(
                    "no key has the profile {profile}, which every certificate is to have: add \
                     one, or leave {profile} out of profiles"
                );
                return Err(self.wrong("keys", why));
            }
        }
        let oidc = file.oidc.map(|oidc| {
            let checked = oidc.check(&self.folder, settings.public_url.as_deref());
            checked.map_err(|fault| self.wrong(fault.key, fault.why))
        });
        Ok(Config {
            oidc: oidc.transpose()?,
            listen,
            https: file.https,
            behind_proxy: file.behind_proxy,
            language: file.language,
            database: self.database(database),
            secret_file: self.folder.join(secret_file),
            settings,
            keys,
            trust: file.trust.map(|trust| self.trust(trust)).transpose()?,
        })
    }

    /// A database file lies beside the configuration, wherever the service was started.
    fn database(&self, address: String) -> String {
        match address.strip_prefix("sqlite:") {
            Some(path) if !path.starts_with('/') && !path.starts_with(':') => {
                format!("sqlite:{}", self.folder.join(path).display())
            }
            _ => address,
        }
    }

    fn country(&self, country: String) -> Result<String, ConfigError> {
        match keyring::Terms::new(&country) {
            Ok(_) => Ok(country),
            Err(_) => Err(self.wrong("country", "two capital letters (ISO 3166-1), as in VN")),
        }
    }

    fn profiles(&self, names: &[String]) -> Result<Vec<Profile>, ConfigError> {
        let why = "one or both of \"national\" and \"international\", each once; the first one's \
                   code is in front";
        let mut profiles = Vec::new();
        for name in names {
            match name.parse::<Profile>() {
                Ok(profile) if !profiles.contains(&profile) => profiles.push(profile),
                _ => return Err(self.wrong("profiles", why)),
            }
        }
        match profiles.is_empty() {
            true => Err(self.wrong("profiles", why)),
            false => Ok(profiles),
        }
    }

    fn public_url(&self, url: Option<String>) -> Result<Option<String>, ConfigError> {
        let url = (self.environment)("ISSUER_PUBLIC_URL").or(url);
        url.map(|url| self.address("public_url", &url)).transpose()
    }

    /// The address of a page: as [`Self::address`], with a path that ends in `/`.
    fn wallet_url(&self, url: &str) -> Result<String, ConfigError> {
        let whole = url.find("://").map_or(0, |at| at + 3);
        let (host, path) = match url.get(whole..).and_then(|rest| rest.find('/')) {
            Some(at) => url.split_at(whole + at),
            None => (url, "/"),
        };
        let host = self.address("wallet_url", host)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
        if !path.ends_with('/') || !path.chars().all(plain) {
            let why = "has to be the address of the wallet's page, and to end in `/`, as \
                       \"https://hcert.example.vn/app/wallet/\"";
            return Err(self.wrong("wallet_url", why));
        }
        Ok(format!("{host}{path}"))
    }

    fn trust(&self, trust: FileTrust) -> Result<Trust, ConfigError> {
        let url = (self.environment)("ISSUER_TRUST_URL").unwrap_or(trust.url);
        let url = self.address("trust.url", &url)?;
        let key = self.first_line("trust.key_file", &trust.key_file)?;
        if key.is_empty() || !key.bytes().all(|c| c.is_ascii_graphic()) {
            let why = "has to hold the key that `trust-service client add` printed, on its first \
                       line";
            return Err(self.wrong("trust.key_file", why));
        }
        let every = i64::try_from(trust.every_seconds).unwrap_or(i64::MAX);
        self.within("trust.every_seconds", every, 1, 3600)?;
        let settle = i64::try_from(trust.settle_seconds).unwrap_or(i64::MAX);
        self.within("trust.settle_seconds", settle, 1, 3600)?;
        Ok(Trust {
            url,
            key,
            csca: trust.csca.map(|path| self.folder.join(path)),
            every: Duration::from_secs(trust.every_seconds),
            labels: trust.labels,
            settle: Duration::from_secs(trust.settle_seconds),
        })
    }

    /// An address of a service without a path: HTTPS, or HTTP on this machine.
    fn address(&self, key: &str, url: &str) -> Result<String, ConfigError> {
        let url = url.trim_end_matches('/');
        let host = |rest: &str| {
            let host = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
            host.to_owned()
        };
        let bare = |rest: &str| {
            !rest.is_empty()
                && rest
                    .bytes()
                    .all(|c| c.is_ascii_graphic() && !b"/?#@\\\"<>".contains(&c))
        };
        let here = ["127.0.0.1", "localhost", "[::1]"];
        let right = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
            (Some(rest), _) => bare(rest),
            (None, Some(rest)) => bare(rest) && here.contains(&host(rest).as_str()),
            (None, None) => false,
        };
        match right {
            true => Ok(url.to_owned()),
            false => Err(self.wrong(
                key,
                format!(
                    "`{url}` can't be used: write https:// and a host, without a path, as in \
                     https://hcert.example.vn; http:// only on this machine, as in \
                     http://127.0.0.1:8340"
                ),
            )),
        }
    }

    pub(super) fn first_line(
        &self,
        key: &str,
        path: &std::path::Path,
    ) -> Result<Zeroizing<String>, ConfigError> {
        let path = self.folder.join(path);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            self.wrong(key, format!("{} can't be read: {error}", path.display()))
        })?;
        let text = Zeroizing::new(text);
        Ok(Zeroizing::new(
            text.lines().next().unwrap_or_default().to_owned(),
        ))
    }

    /// A whole number between two others.
    pub(super) fn within(
        &self,
        key: &str,
        value: i64,
        least: i64,
        most: i64,
    ) -> Result<i64, ConfigError> {
        match (least..=most).contains(&value) {
            true => Ok(value),
            false => Err(self.wrong(
                key,
                format!("{value} can't be used: write a number from {least} to {most}"),
            )),
        }
    }

    pub(super) fn wrong(&self, key: &str, why: impl Into<String>) -> ConfigError {
        ConfigError::Value {
            file: self.file.clone(),
            key: key.to_owned(),
            why: why.into(),
        }
    }
}

#[cfg(test)]
mod tests;
