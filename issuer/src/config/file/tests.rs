use std::path::Path;

use hcert::x509::EventKind;
use keyring::{Source, Stop};

use super::*;

fn parse(text: &str) -> Result<Config, String> {
    let environment = |name: &str| (name == "PASS").then(|| "word\n".to_owned());
    Config::parse(Path::new("/etc/hcert/issuer.toml"), text, &environment)
        .map_err(|error| error.to_string())
}

const NATIONAL: &str = "[[keys]]\nprofile = 'national'\nfile = 'n.key'\n\
                        passphrase_environment = 'PASS'\ncertificate = 'n.pem'\n";
const INTERNATIONAL: &str = "[[keys]]\nprofile = 'international'\nuses = ['test']\n\
    certificate = 'i.pem'\npkcs11 = { module = 'softhsm2.so', token = 'dsc', id = 'a3f09c', \
    pin_environment = 'PASS' }\n";

fn with(top: &str, end: &str) -> String {
    format!("authority = 'Bộ Y tế'\n{top}{NATIONAL}{INTERNATIONAL}{end}")
}

#[test]
fn defaults_are_those_of_viet_nam() {
    let config = parse(&with("", "")).unwrap();
    assert!(config.listen.ip().is_loopback());
    assert_eq!(config.database, "sqlite:/etc/hcert/issuer.sqlite");
    assert_eq!(config.secret_file, Path::new("/etc/hcert/secret"));
    let settings = config.settings;
    assert_eq!((settings.country.as_str(), settings.offset), ("VN", 420));
    assert_eq!(settings.profiles, Profile::ALL);
    let lives = settings.lives;
    assert_eq!(
        (lives.vaccination, lives.test, lives.recovery),
        (365, 30, 180)
    );
    assert_eq!(settings.limits.night, (22, 5));
    assert!(!settings.one_step && !settings.specimen && config.trust.is_none());
}

#[test]
fn keys_in_files_and_in_an_hsm() {
    let config = parse(&with("", "")).unwrap();
    let [file, hsm] = &config.keys[..] else {
        panic!()
    };
    assert!(
        matches!(&file.source, Source::File { key, .. } if key == Path::new("/etc/hcert/n.key"))
    );
    assert_eq!(file.terms.until, Stop::BeforeEnd { days: 365 });
    let Source::Pkcs11 { module, .. } = &hsm.source else {
        panic!()
    };
    assert_eq!(module, Path::new("softhsm2.so"));
    assert_eq!(hsm.terms.uses, [EventKind::Test]);
    assert_eq!(hsm.terms.until, Stop::BeforeEnd { days: 30 });
    assert!(!format!("{config:?}").contains("word"));
    let text = with("", "").replace(
        "'n.pem'",
        "'n.pem'\nfrom = '2026-12-01'\nuntil = '2027-06-01T12:00:00Z'",
    );
    let config = parse(&text).unwrap();
    let terms = &config.keys[0].terms;
    assert_eq!(terms.from, Some("2026-12-01T00:00:00Z".parse().unwrap()));
    assert_eq!(
        terms.until,
        Stop::At("2027-06-01T12:00:00Z".parse().unwrap())
    );
}

#[test]
fn the_environment_comes_first() {
    let environment = |name: &str| match name {
        "PASS" => Some("word".into()),
        "ISSUER_LISTEN" => Some("127.0.0.1:1".into()),
        "ISSUER_DATABASE" => Some("postgres://h/issuer".into()),
        "ISSUER_SECRET_FILE" => Some("/run/secret".into()),
        "ISSUER_PUBLIC_URL" => Some("https://hcert.example.vn/".into()),
        _ => None,
    };
    let config = Config::parse(Path::new("a.toml"), &with("", ""), &environment).unwrap();
    assert_eq!(config.listen.port(), 1);
    assert_eq!(config.database, "postgres://h/issuer");
    assert_eq!(config.secret_file, Path::new("/run/secret"));
    assert_eq!(
        config.settings.public_url.as_deref(),
        Some("https://hcert.example.vn")
    );
}

#[test]
fn faults_name_the_place_and_the_remedy() {
    for (top, end, words) in [
        ("listen = 'here'\n", "", &["listen", "127.0.0.1:8350"][..]),
        ("listen = '0.0.0.0:80'\n", "", &["listen", "https = true"]),
        ("lisen = 'x'\n", "", &["line 2", "lisen"]),
        ("language = 'fr'\n", "", &["line 2", "vi"]),
        ("steps = 'two'\n", "", &["line 2", "three"]),
        ("country = 'vn'\n", "", &["country", "VN"]),
        ("offset_minutes = 1000\n", "", &["offset_minutes", "420"]),
        ("profiles = []\n", "", &["profiles", "international"]),
        (
            "profiles = ['national', 'national']\n",
            "",
            &["profiles", "once"],
        ),
        (
            "public_url = 'http://hcert.vn'\n",
            "",
            &["public_url", "https://"],
        ),
        (
            "public_url = 'https://hcert.vn/x'\n",
            "",
            &["public_url", "path"],
        ),
        (
            "public_url = 'http://127.0.0.1.evil.vn'\n",
            "",
            &["public_url"],
        ),
        (
            "wallet_url = 'https://hcert.vn/wallet'\n",
            "",
            &["wallet_url", "end in `/`"],
        ),
        (
            "wallet_url = 'http://hcert.vn/wallet/'\n",
            "",
            &["wallet_url", "https://"],
        ),
        (
            "wallet_url = 'https://hcert.vn/\"onclick=/'\n",
            "",
            &["wallet_url"],
        ),
        ("claim_days = 0\n", "", &["claim_days", "1 to 3650"]),
        ("", "[lives]\ntest_days = 0\n", &["lives.test_days", "730"]),
        ("", "[lives]\ntest_hours = 72\n", &["test_hours", "line"]),
        (
            "",
            "[limits]\nnight_from = 24\n",
            &["limits.night_from", "23"],
        ),
        (
            "",
            "[limits]\nsite_per_hour = 0\n",
            &["limits.site_per_hour"],
        ),
        ("", "[retention]\njob_days = -1\n", &["retention.job_days"]),
        (
            "",
            "[[keys]]\nprofile = 'both'\ncertificate = 'c'\n",
            &["keys[3].profile", "EdDSA"],
        ),
        (
            "",
            "[[keys]]\nprofile = 'national'\ncertificate = 'c'\n",
            &["keys[3].file", "pkcs11"],
        ),
        (
            "",
            "[[keys]]\nprofile = 'national'\ncertificate = 'c'\nfile = 'f'\n",
            &["keys[3].passphrase_file", "passphrase_environment"],
        ),
        (
            "",
            "[[keys]]\nprofile = 'national'\ncertificate = 'c'\nfile = 'f'\n\
             passphrase_environment = 'NONE'\n",
            &["NONE", "set it"],
        ),
        (
            "",
            "[[keys]]\nprofile = 'national'\ncertificate = 'c'\npkcs11 = { module = 'm', id = '1', \
             token = 't', pin_environment = 'PASS' }\n",
            &["keys[3].pkcs11.id", "hexadecimal"],
        ),
        (
            "",
            "[[keys]]\nprofile = 'national'\nuses = ['dance']\ncertificate = 'c'\nfile = 'f'\n",
            &["keys[3].uses", "vaccination"],
        ),
        (
            "",
            "[[keys]]\nprofile = 'national'\nfrom = 'now'\ncertificate = 'c'\nfile = 'f'\n",
            &["keys[3].from", "2026-12-01"],
        ),
        (
            "",
            "[trust]\nurl = 'https://trust.vn'\nkey_file = 'nothing'\n",
            &["trust.key_file", "/etc/hcert/nothing"],
        ),
        (
            "",
            "[trust]\nurl = 'http://trust.vn'\nkey_file = 'nothing'\n",
            &["trust.url", "https"],
        ),
        ("", "[oidc]\nissuer = 'x'\n", &["line", "oidc"]),
    ] {
        let error = parse(&with(top, end)).unwrap_err();
        for word in words.iter().chain(&["/etc/hcert/issuer.toml"]) {
            assert!(error.contains(word), "{word}: {error}");
        }
    }
    let error = parse(&format!("authority = 'x'\n{NATIONAL}")).unwrap_err();
    assert!(
        error.contains("no key has the profile international"),
        "{error}"
    );
    let error = parse("").unwrap_err();
    assert!(error.contains("authority"), "{error}");
    let error = parse(&with("", "").replace("Bộ Y tế", "")).unwrap_err();
    assert!(error.contains("authority"), "{error}");
}

#[test]
fn sign_in_by_openid_connect() {
    let section = "[oidc]\nname = 'Cổng'\nissuer = 'https://id.example.vn'\nclient_id = 'hcert'\n\
                   client_secret_file = 'secret'\n";
    let error = parse(&with("", section)).unwrap_err();
    let word = match cfg!(feature = "oidc") {
        true => "public_url",
        false => "built without",
    };
    assert!(
        error.starts_with("/etc/hcert/issuer.toml: oidc: ") && error.contains(word),
        "{error}"
    );
}

/// The example in the specification can be used as it stands, and shows the defaults.
#[test]
fn the_specification_shows_what_is_so() {
    let text = include_str!("../../../../specs/issuer-operation.md");
    let (_, text) = text.split_once("```toml\n").unwrap();
    let (example, _) = text.split_once("```").unwrap();
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("keys")).unwrap();
    for file in ["keys/passphrase", "pin", "trust-key"] {
        std::fs::write(dir.path().join(file), "word\n").unwrap();
    }
    let path = dir.path().join("issuer.toml");
    let config = Config::parse(&path, example, &|_| None).unwrap();
    let default = parse(&with("", "")).unwrap();
    let (shown, default) = (config.settings, default.settings);
    assert_eq!(shown.lives, default.lives);
    assert_eq!(shown.limits, default.limits);
    assert_eq!(shown.retention, default.retention);
    assert_eq!(shown.profiles, default.profiles);
    assert_eq!(
        (shown.offset, shown.claim_days),
        (default.offset, default.claim_days)
    );
    assert_eq!(config.trust.unwrap().every, Duration::from_secs(30));
}
