//! `hcert keys`: what it writes, and what it refuses.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::process::Command;

use common::{Folder, PASSPHRASE, has};
use hcert::{pem, time::Timestamp, x509::Certificate};

fn certificate(folder: &Folder, name: &str) -> Certificate {
    let text = String::from_utf8(folder.read(name)).unwrap();
    let (label, der) = pem::blocks(&text).next().unwrap().unwrap();
    assert_eq!(label, "CERTIFICATE");
    Certificate::from_der(&der).unwrap()
}

#[cfg(unix)]
fn mode(folder: &Folder, name: &str) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    let data = std::fs::metadata(folder.path(name)).unwrap();
    data.permissions().mode() & 0o777
}

#[test]
fn a_csca_and_its_dsc() {
    let folder = Folder::new();
    let said = folder
        .hcert_with(
            &[
                "keys",
                "csca",
                "--country",
                "vn",
                "--name",
                "CSCA, Vietnam",
                "--organisation",
                "Bộ Y tế",
                "--out",
                "a/b",
            ],
            "",
        )
        .good();
    let csca = certificate(&folder, "a/b/csca.pem");
    assert!(csca.is_authority());
    assert_eq!(csca.subject(), r"CN=CSCA\, Vietnam,O=Bộ Y tế,C=VN");
    assert!(said.starts_with("CSCA made: CN=CSCA"), "{said}");
    assert!(said.contains(&csca.kid().to_string()), "{said}");

    folder
        .hcert("keys dsc --csca-cert a/b/csca.pem --csca-key a/b/csca.key --name DSC --kind test --kind recovery --days 30 --cert dsc.pem --key dsc.key")
        .good();
    let dsc = certificate(&folder, "dsc.pem");
    assert_eq!(dsc.check_issued_by(&csca), Ok(()));
    assert_eq!(dsc.country().as_deref(), Some("VN"));
    let days = (dsc.not_after().unix() - dsc.not_before().unix()) / 86_400;
    assert_eq!(days, 30);
    let kinds: Vec<_> = dsc.usage().limits().map(|kind| kind.name()).collect();
    assert_eq!(kinds, ["test", "recovery"]);

    #[cfg(unix)]
    for key in ["a/b/csca.key", "dsc.key"] {
        assert_eq!(mode(&folder, key), 0o600, "{key}");
    }
    // No temporary file is left.
    assert_eq!(folder.names(), ["a", "dsc.key", "dsc.pem"]);
}

#[test]
fn every_algorithm_and_openssl_reads_its_key() {
    let folder = Folder::new();
    folder.pki("");
    folder.write("passphrase", format!("{PASSPHRASE}\n"));
    for (algorithm, word) in [("es256", "ES256"), ("eddsa", "EdDSA"), ("ps256", "PS256")] {
        let said = folder
            .dsc(algorithm, &format!("--algorithm {algorithm}"))
            .good();
        assert!(said.contains(word), "{said}");
        let key = format!("{algorithm}/dsc.key");
        let text = String::from_utf8(folder.read(&key)).unwrap();
        assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
        if !has("openssl") {
            continue;
        }
        let line = format!(
            "openssl pkey -in {key} -passin file:passphrase -pubout && \
             openssl x509 -in {algorithm}/dsc.pem -noout -pubkey"
        );
        let both = folder.shell(&line).good();
        let keys: Vec<_> = pem::blocks(&both).map(|key| key.unwrap().1).collect();
        assert_eq!(keys.len(), 2);
        assert_eq!(keys[0], keys[1]);
        let line = format!("openssl verify -CAfile pki/csca.pem {algorithm}/dsc.pem");
        assert!(folder.shell(&line).good().contains("OK"));
    }
}

#[test]
fn nothing_is_overwritten() {
    let folder = Folder::new();
    folder.write("pki-csca", "");
    let line = "keys csca --country VN --name A --cert c.pem --key c.key";
    folder.hcert(line).good();
    let before = folder.read("c.key");
    let said = folder.hcert(line).refused();
    assert_eq!(
        said,
        "error: c.pem is there already and was left as it is\n  \
         — choose another name, or replace it with --force\n"
    );
    std::fs::remove_file(folder.path("c.pem")).unwrap();
    assert!(folder.hcert(line).refused().contains("c.key is there"));
    assert_eq!(folder.read("c.key"), before);
    assert!(!folder.names().contains(&"c.pem".to_owned()));
    folder.hcert(&format!("{line} --force")).good();
    assert_ne!(folder.read("c.key"), before);
}

#[test]
fn passphrases() {
    let folder = Folder::new();
    folder.write("one", "eins\n");
    folder.write("two", "zwei\r\nmore\n");
    folder.write("none", "\n");
    folder
        .hcert("keys csca --country VN --name A --out pki --passphrase-file one")
        .good();
    // The environment has another passphrase.
    let said = folder.dsc("d", "").refused();
    assert_eq!(
        said,
        "error: the passphrase does not open pki/csca.key\n  — try again\n"
    );
    // One file is for both keys; two files are for one each.
    folder.dsc("d1", "--passphrase-file one").good();
    folder
        .dsc("d2", "--passphrase-file two --csca-passphrase-file one")
        .good();
    let said = folder
        .dsc("d3", "--passphrase-file two --csca-passphrase-file two")
        .refused();
    assert!(said.contains("does not open"), "{said}");
    let said = folder
        .hcert("keys csca --country VN --name A --out x --passphrase-file none")
        .refused();
    assert!(said.contains("passphrase is empty"), "{said}");
    assert!(!folder.path("d3").exists() && !folder.path("x").exists());
}

#[test]
fn an_open_key_is_refused_with_the_command_that_encrypts_it() {
    if !has("openssl") {
        return;
    }
    let folder = Folder::new();
    folder.pki("");
    for kind in ["EC -pkeyopt ec_paramgen_curve:P-256", "ED25519", "RSA"] {
        folder.shell(&format!("openssl genpkey -algorithm {kind} -out open.key"));
        let said = folder
            .hcert("issue --cert pki/dsc.pem --key open.key --payload -")
            .refused();
        assert!(
            said.starts_with("error: the private key in open.key is not encrypted"),
            "{said}"
        );
        // The remedy is right: afterwards the key opens, and is merely not the one wanted.
        let remedy = said.split("openssl").nth(1).unwrap().trim();
        let line = format!("openssl {remedy} -passout env:HCERT_PASSPHRASE");
        folder.shell(&line).good();
        let said = folder
            .hcert("issue --cert pki/dsc.pem --key open.key.encrypted --payload -")
            .refused();
        assert!(said.contains("is not the one of the certificate"), "{said}");
    }
    // OpenSSL's own way of encrypting, too.
    folder.shell(
        "openssl genpkey -algorithm ED25519 -aes256 -pass env:HCERT_PASSPHRASE -out aes.key",
    );
    let said = folder
        .hcert("issue --cert pki/dsc.pem --key aes.key --payload -")
        .refused();
    assert!(said.contains("is not the one of the certificate"), "{said}");
    // What no health certificate is signed with.
    folder.shell("openssl genpkey -algorithm X25519 -aes256 -pass env:HCERT_PASSPHRASE -out x.key");
    let said = folder
        .hcert("issue --cert pki/dsc.pem --key x.key --payload -")
        .refused();
    assert!(said.contains("of a kind that signs no"), "{said}");
}

#[test]
fn a_dsc_stays_within_its_csca() {
    let folder = Folder::new();
    folder
        .hcert("keys csca --country VN --name A --out pki --days 100")
        .good();
    let said = folder.dsc("d", "--days 101").refused();
    assert!(said.contains("at most: --days"), "{said}");
    let days = said.trim().rsplit(' ').next().unwrap();
    folder.dsc("d", &format!("--days {days}")).good();

    // A DSC makes no DSCs, and a key belongs to one certificate.
    let said = folder
        .hcert("keys dsc --csca-cert d/dsc.pem --csca-key d/dsc.key --name B --out e")
        .refused();
    assert!(said.contains("is no CSCA"), "{said}");
    let said = folder
        .hcert("keys dsc --csca-cert pki/csca.pem --csca-key d/dsc.key --name B --out e")
        .refused();
    assert!(said.contains("is not the one of the certificate"), "{said}");
    let said = folder
        .hcert("keys dsc --csca-cert no.pem --csca-key d/dsc.key --name B --out e --lang vi")
        .refused();
    assert_eq!(
        said,
        "lỗi: không đọc được no.pem: không có tệp này\n  — kiểm tra tên tệp và thư mục hiện tại\n"
    );
    assert!(!folder.path("e").exists());
}

#[test]
fn show() {
    let folder = Folder::new();
    folder.pki("--kind vaccination");
    let both = [folder.read("pki/csca.pem"), folder.read("pki/dsc.pem")].concat();
    folder.write("both.pem", &both);
    let said = folder.hcert("keys show both.pem").good();
    let (csca, dsc) = (
        certificate(&folder, "pki/csca.pem"),
        certificate(&folder, "pki/dsc.pem"),
    );
    for wanted in [
        "CSCA: CN=CSCA,C=VN\n",
        "certificate: CN=DSC,C=VN\n",
        "  issuer     CN=CSCA,C=VN\n",
        "  may sign   DSCs\n",
        "  may sign   vaccination\n",
        "  algorithm  ES256\n",
        "  country    VN\n",
        &format!("  kid        {} (", csca.kid()),
        &format!("  kid        {} (", dsc.kid()),
    ] {
        assert!(said.contains(wanted), "{wanted:?} in {said}");
    }
    folder.write("dsc.der", dsc.der());
    let said = folder.hcert("keys show dsc.der --lang vi").good();
    assert!(said.contains("  được ký     tiêm chủng\n"), "{said}");
    folder.write("key.pem", pem::encode("PUBLIC KEY", &dsc.spki().unwrap()));
    let said = folder.hcert("keys show key.pem").good();
    assert!(said.contains("algorithm    ES256"), "{said}");
    let said = folder.hcert("keys show pki/dsc.key").refused();
    assert!(said.contains("which is never shown"), "{said}");
    folder.write("no.pem", "no certificate");
    let said = folder.hcert("keys show no.pem").refused();
    assert!(said.contains("no.pem holds no certificate"), "{said}");
}

#[test]
fn certificates_begin_now_and_are_strict_der() {
    let folder = Folder::new();
    folder.pki("");
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let now = Timestamp::from_unix(now as i64).unwrap();
    let dsc = certificate(&folder, "pki/dsc.pem");
    assert!(dsc.is_valid_at(now) && !dsc.is_valid_at(now.plus_seconds(-600)));
    if has("openssl") {
        // Both forms of time are readable, but only one is right before 2050.
        let mut command = Command::new("openssl");
        command.args(["asn1parse", "-in", "pki/dsc.pem"]);
        let said = folder.run(command, "").good();
        assert_eq!(said.matches("UTCTIME").count(), 2, "{said}");
    }
}
