//! The configuration file.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use serde::Deserialize;
use service::language::Language;
use zeroize::Zeroizing;

use super::{Config, ConfigError, KeyFile, Pages, Publish, S3, SiteAddress};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

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
    publish: FilePublish,
    #[serde(default)]
    keys: Vec<FileKey>,
    #[serde(default)]
    pins: BTreeMap<String, PathBuf>,
    #[serde(default)]
    pages: Option<FilePages>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePages {
    folder: PathBuf,
    #[serde(default)]
    claim: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePublish {
    #[serde(default)]
    directory: Option<PathBuf>,
    #[serde(default)]
    s3: Option<S3>,
    roots: PathBuf,
    #[serde(default = "three")]
    soft_expiry_days: f64,
    #[serde(default = "thirty")]
    hard_expiry_days: f64,
    #[serde(default = "half_a_year")]
    key_list_days: f64,
    #[serde(default)]
    republish_every_hours: Option<f64>,
    #[serde(default = "seven")]
    keep_days: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileKey {
    file: PathBuf,
    #[serde(default)]
    passphrase_file: Option<PathBuf>,
    #[serde(default)]
    passphrase_environment: Option<String>,
}

fn default_listen() -> String {
    "127.0.0.1:8340".into()
}

const fn three() -> f64 {
    3.0
}

const fn seven() -> f64 {
    7.0
}

const fn thirty() -> f64 {
    30.0
}

const fn half_a_year() -> f64 {
    180.0
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
        let listen = (self.environment)("TRUST_SERVICE_LISTEN").unwrap_or(file.listen);
        let listen: SocketAddr = listen.parse().map_err(|_| {
            self.wrong(
                "listen",
                format!("`{listen}` is no address; write one such as 127.0.0.1:8340"),
            )
        })?;
        let database = (self.environment)("TRUST_SERVICE_DATABASE")
            .or(file.database)
            .unwrap_or_else(|| "sqlite:trust.sqlite".into());
        if !listen.ip().is_loopback() && !file.https {
            return Err(self.wrong(
                "listen",
                "reachable from other machines: put a proxy with HTTPS in front and write \
                 https = true, or listen on 127.0.0.1"
                    .into(),
            ));
        }
        let secret_file = file.secret_file.ok_or_else(|| {
            self.wrong(
                "secret_file",
                "is missing: it names the key under which secrets lie in the database. Make one \
                 with `trust-service secret FILE`, and write secret_file = \"FILE\""
                    .into(),
            )
        })?;
        Ok(Config {
            listen,
            https: file.https,
            behind_proxy: file.behind_proxy,
            language: file.language,
            database: self.database(database),
            secret_file: self.folder.join(secret_file),
            publish: self.publish(file.publish)?,
            keys: file
                .keys
                .into_iter()
                .map(|key| self.key(key))
                .collect::<Result<_, _>>()?,
            pages: file.pages.map(|pages| self.pages(pages)).transpose()?,
            pins: file
                .pins
                .into_iter()
                .map(|(name, path)| (name, self.folder.join(path)))
                .collect(),
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

    fn pages(&self, file: FilePages) -> Result<Pages, ConfigError> {
        let folder = self.folder.join(file.folder);
        if !folder.join("sw.js").is_file() {
            return Err(self.wrong(
                "pages.folder",
                format!(
                    "{} holds no pages; make them with `cargo xtask wasm`, or leave [pages] out",
                    folder.display()
                ),
            ));
        }
        if let Some(claim) = &file.claim
            && !["https://", "http://"]
                .iter()
                .any(|scheme| claim.starts_with(scheme))
        {
            return Err(self.wrong(
                "pages.claim",
                format!("`{claim}` is no address; write one such as https://issuer.example/claim"),
            ));
        }
        Ok(Pages {
            folder,
            claim: file.claim,
        })
    }

    fn publish(&self, file: FilePublish) -> Result<Publish, ConfigError> {
        let site = match (file.directory, file.s3) {
            (Some(directory), None) => SiteAddress::Directory(self.folder.join(directory)),
            (None, Some(s3)) => SiteAddress::S3(s3),
            _ => {
                return Err(self.wrong(
                    "publish",
                    "say where the files go: either directory = \"site\" or [publish.s3]".into(),
                ));
            }
        };
        let soft = self.seconds("publish.soft_expiry_days", file.soft_expiry_days, DAY)?;
        let hard = self.seconds("publish.hard_expiry_days", file.hard_expiry_days, DAY)?;
        if hard < soft {
            return Err(self.wrong(
                "publish.hard_expiry_days",
                "the hard expiry can't come before the soft one; the usual values are 30 and 3"
                    .into(),
            ));
        }
        let republish = file
            .republish_every_hours
            .map(|hours| self.seconds("publish.republish_every_hours", hours, HOUR))
            .transpose()?;
        if republish.is_some_and(|every| every >= soft) {
            return Err(self.wrong(
                "publish.republish_every_hours",
                "has to be shorter than soft_expiry_days, or every verifier turns amber in \
                 between; the usual values are 24 hours and 3 days"
                    .into(),
            ));
        }
        Ok(Publish {
            site,
            roots: self.folder.join(file.roots),
            soft_expiry: soft,
            hard_expiry: hard,
            key_list: self.seconds("publish.key_list_days", file.key_list_days, DAY)?,
            republish_every: republish.map(|seconds| seconds.unsigned_abs()),
            keep: self.seconds("publish.keep_days", file.keep_days, DAY)?,
        })
    }

    fn key(&self, key: FileKey) -> Result<KeyFile, ConfigError> {
        let passphrase = match (key.passphrase_file, key.passphrase_environment) {
            (Some(path), None) => {
                let path = self.folder.join(path);
                let text = std::fs::read_to_string(&path).map_err(|error| {
                    self.wrong(
                        "keys.passphrase_file",
                        format!("{} can't be read: {error}", path.display()),
                    )
                })?;
                Zeroizing::new(text)
            }
            (None, Some(name)) => Zeroizing::new((self.environment)(&name).ok_or_else(|| {
                self.wrong(
                    "keys.passphrase_environment",
                    format!("the environment has no variable {name}: set it, or give a file"),
                )
            })?),
            _ => {
                return Err(self.wrong(
                    "keys",
                    "each key needs either passphrase_file or passphrase_environment".into(),
                ));
            }
        };
        let line = passphrase.lines().next().unwrap_or_default();
        Ok(KeyFile {
            file: self.folder.join(key.file),
            passphrase: Zeroizing::new(line.to_owned()),
        })
    }

    /// Whole seconds; bounded so that no sum of times overflows.
    fn seconds(&self, key: &'static str, value: f64, unit: i64) -> Result<i64, ConfigError> {
        let millis = (value * 1000.0).round();
        let text = format!("{millis:.0}");
        let seconds = text
            .parse::<i64>()
            .ok()
            .and_then(|millis| millis.checked_mul(unit))
            .map(|scaled| scaled / 1000);
        match seconds {
            Some(seconds) if (1..=3650 * DAY).contains(&seconds) => Ok(seconds),
            _ => Err(self.wrong(
                key,
                "has to be more than nought and at most ten years".into(),
            )),
        }
    }

    fn wrong(&self, key: &'static str, why: String) -> ConfigError {
        let file = self.file.clone();
        ConfigError::Value { file, key, why }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        let environment = |name: &str| (name == "PASS").then(|| "word\n".to_owned());
        Config::parse(Path::new("/etc/trust/service.toml"), text, &environment)
            .map_err(|error| error.to_string())
    }

    const LEAST: &str = "secret_file = 'secret'\n[publish]\ndirectory = 'site'\nroots = 'roots'\n";

    #[test]
    fn defaults() {
        let config = parse(LEAST).unwrap();
        assert!(config.is_loopback());
        assert_eq!(config.database, "sqlite:/etc/trust/trust.sqlite");
        assert_eq!(config.secret_file, Path::new("/etc/trust/secret"));
        assert_eq!(
            config.publish.site,
            SiteAddress::Directory("/etc/trust/site".into())
        );
        let publish = config.publish;
        assert_eq!(
            (publish.soft_expiry, publish.hard_expiry),
            (3 * DAY, 30 * DAY)
        );
        assert_eq!(publish.republish_every, None);
    }

    #[test]
    fn a_passphrase_loses_its_line_end() {
        let text = format!("{LEAST}[[keys]]\nfile = 'k.pem'\npassphrase_environment = 'PASS'\n");
        let config = parse(&text).unwrap();
        assert_eq!(config.keys[0].passphrase.as_str(), "word");
        assert!(!format!("{config:?}").contains("word"));
    }

    #[test]
    fn a_configuration_of_before_learns_what_to_do() {
        let error = parse("[publish]\ndirectory = 'site'\nroots = 'roots'\n").unwrap_err();
        assert!(error.contains("secret_file: is missing"), "{error}");
        assert!(error.contains("trust-service secret FILE"), "{error}");
    }

    #[test]
    fn faults_name_the_place_and_the_remedy() {
        for (text, words) in [
            ("listen = 'here'\n", &["listen", "127.0.0.1:8340"][..]),
            ("listen = '0.0.0.0:80'\n", &["listen", "https = true"]),
            ("lisen = 'x'\n", &["line 1", "lisen"]),
            ("language = 'fr'\n", &["line 1", "vi"]),
        ] {
            let error = parse(&format!("{text}{LEAST}")).unwrap_err();
            for word in words {
                assert!(error.contains(word), "{error}");
            }
        }
        for (text, words) in [
            (
                "hard_expiry_days = 1\n",
                &["publish.hard_expiry_days", "30"][..],
            ),
            ("soft_expiry_days = 0\n", &["publish.soft_expiry_days"]),
            ("soft_expiry_days = nan\n", &["publish.soft_expiry_days"]),
            ("keep_days = 1e300\n", &["publish.keep_days"]),
            (
                "republish_every_hours = 72\n",
                &["republish_every_hours", "24"],
            ),
            ("[[keys]]\nfile = 'k'\n", &["passphrase_file"]),
            (
                "[[keys]]\nfile = 'k'\npassphrase_environment = 'NONE'\n",
                &["NONE"],
            ),
            ("[publish.s3]\nbucket = 'b'\n", &["publish", "either"]),
        ] {
            let error = parse(&format!("{LEAST}{text}")).unwrap_err();
            for word in words {
                assert!(error.contains(word), "{error}");
            }
        }
    }
}
