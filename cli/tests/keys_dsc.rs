//! `hcert keys request`, `sign-request`, `renew`, `due`, `revoke` and `crl`: the life of a DSC.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Folder, has};
use hcert::{
    pem,
    x509::{
        Certificate,
        crl::{Reason, RevocationList},
        request::Request,
    },
};
use serde_json::Value;

const CSCA: &str = "--csca-cert pki/csca.pem --csca-key pki/csca.key";

fn der(folder: &Folder, name: &str, label: &str) -> Vec<u8> {
    let text = String::from_utf8(folder.read(name)).unwrap();
    let (there, der) = pem::blocks(&text).next().unwrap().unwrap();
    assert_eq!(there, label);
    der
}

fn certificate(folder: &Folder, name: &str) -> Certificate {
    Certificate::from_der(&der(folder, name, "CERTIFICATE")).unwrap()
}

fn list(folder: &Folder, name: &str) -> RevocationList {
    RevocationList::from_der(&der(folder, name, "X509 CRL")).unwrap()
}

fn days(certificate: &Certificate) -> i64 {
    (certificate.not_after().unix() - certificate.not_before().unix()) / 86_400
}

fn openssl_request(folder: &Folder, key: &str, subject: &str) {
    folder
        .shell(&format!(
            "openssl req -new -newkey {key} -nodes -keyout /dev/null -subj '{subject}' -out other.csr"
        ))
        .good();
}

#[test]
fn a_request_is_signed_where_the_csca_is() {
    let folder = Folder::new();
    folder.pki("");
    for algorithm in ["es256", "eddsa", "ps256"] {
        let line = format!(
            "keys request --country vn --name Hue --organisation BYT --kind test --algorithm {algorithm} --out {algorithm}"
        );
        let said = folder.hcert(&line).good();
        assert!(
            said.starts_with("request made: CN=Hue,O=BYT,C=VN\n"),
            "{said}"
        );
        assert!(said.contains("asks for     test\n"), "{said}");
        let csr = format!("{algorithm}/dsc.csr.pem");
        let request = Request::from_der(&der(&folder, &csr, "CERTIFICATE REQUEST")).unwrap();
        let proven = request.prove().unwrap();
        let shown = folder.hcert(&format!("keys show {csr}")).good();
        assert!(shown.contains("signature    by its own key"), "{shown}");

        let cert = format!("{algorithm}/dsc.pem");
        let line = format!("keys sign-request {csr} {CSCA} --cert {cert} --days 100");
        folder.hcert(&line).good();
        let dsc = certificate(&folder, &cert);
        assert_eq!(
            dsc.check_issued_by(&certificate(&folder, "pki/csca.pem")),
            Ok(())
        );
        assert_eq!(dsc.spki().unwrap(), proven.public_key().spki());
        assert_eq!((dsc.subject(), days(&dsc)), ("CN=Hue,O=BYT,C=VN", 100));
        let kinds: Vec<_> = dsc.usage().limits().map(|kind| kind.name()).collect();
        assert_eq!(kinds, ["test"]);
        // The key that was never elsewhere signs.
        let line_of_issue = format!(
            "hcert issue --example test > example.json && \
             hcert issue --cert {cert} --key {algorithm}/dsc.key --payload example.json --days 30"
        );
        folder.shell(&line_of_issue).good();
        assert!(
            folder
                .hcert(&line)
                .refused()
                .contains("dsc.pem is there already")
        );
    }
    // What the CSCA says goes before what the request asks for.
    let line =
        format!("keys sign-request es256/dsc.csr.pem {CSCA} --cert v.pem --kind vaccination");
    folder.hcert(&line).good();
    let kinds = certificate(&folder, "v.pem").usage();
    assert_eq!(
        kinds.limits().map(|kind| kind.name()).collect::<Vec<_>>(),
        ["vaccination"]
    );
}

#[test]
fn requests_that_get_nothing() {
    let folder = Folder::new();
    folder.pki("");
    let sign = |request: &str| {
        folder
            .hcert(&format!(
                "keys sign-request {request} {CSCA} --cert new.pem"
            ))
            .refused()
    };
    folder
        .hcert("keys request --country LA --name A --out la")
        .good();
    assert_eq!(
        sign("la/dsc.csr.pem"),
        "error: la/dsc.csr.pem asks for a certificate of LA, and the CSCA is of VN\n  \
         — ask its sender for a request with the right --country\n"
    );
    folder
        .hcert("keys request --country VN --name A --out vn")
        .good();
    // Another name put into it on its way.
    let mut changed = der(&folder, "vn/dsc.csr.pem", "CERTIFICATE REQUEST");
    let at = changed
        .windows(3)
        .position(|name| name == [12, 1, b'A'])
        .unwrap();
    changed[at + 2] = b'B';
    folder.write("changed.csr", pem::encode("CERTIFICATE REQUEST", &changed));
    let said = sign("changed.csr");
    assert!(said.contains("is not signed with its own key"), "{said}");
    let shown = folder.hcert("keys show changed.csr --lang vi").good();
    assert!(shown.contains("không được ký bằng chính khóa"), "{shown}");
    for (name, content) in [
        ("text.csr", b"no request".to_vec()),
        ("cert.csr", folder.read("pki/dsc.pem")),
        (
            "two.csr",
            [folder.read("vn/dsc.csr.pem"), folder.read("la/dsc.csr.pem")].concat(),
        ),
    ] {
        folder.write(name, content);
        let said = sign(name);
        assert!(
            said.contains("does not hold one request") || said.contains("holds no certificate"),
            "{said}"
        );
    }
    folder.write(
        "broken.csr",
        pem::encode("CERTIFICATE REQUEST", &changed[..100]),
    );
    assert!(sign("broken.csr").contains("not a readable certificate request"));
    if has("openssl") {
        for (key, subject, wanted) in [
            (
                "rsa:1024",
                "/C=VN/CN=A",
                "has 1024 bits, and fewer than 2048 are not safe",
            ),
            (
                "rsa:2048 -pkeyopt rsa_keygen_pubexp:3",
                "/C=VN/CN=A",
                "public exponent below 65537",
            ),
            (
                "ec -pkeyopt ec_paramgen_curve:P-384",
                "/C=VN/CN=A",
                "1.3.132.0.34 are not used",
            ),
            (
                "ed448",
                "/C=VN/CN=A",
                "are not used for health certificates",
            ),
            (
                "ec -pkeyopt ec_paramgen_curve:P-256",
                "/C=VN/O=A",
                "names nobody",
            ),
            (
                "ec -pkeyopt ec_paramgen_curve:P-256",
                "/CN=A",
                "of no country",
            ),
        ] {
            openssl_request(&folder, key, subject);
            let said = sign("other.csr");
            assert!(said.contains(wanted), "{key} {subject}: {said}");
        }
        for key in ["rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-256", "ed25519"] {
            openssl_request(&folder, key, "/C=VN/CN=A");
            let line = format!("keys sign-request other.csr {CSCA} --cert other.pem --force");
            let said = folder.hcert(&line).good();
            assert!(said.contains("may sign     all kinds"), "{said}");
        }
        // The CSCA's own key, which then would sign both kinds of certificates.
        folder.write("passphrase", common::PASSPHRASE);
        folder
            .shell("openssl req -new -key pki/csca.key -passin file:passphrase -subj /C=VN/CN=A -out own.csr")
            .good();
        assert!(sign("own.csr").contains("is for the key of the CSCA itself"));
    }
    assert!(!folder.path("new.pem").exists());
}

#[test]
fn a_csca_that_may_not() {
    let folder = Folder::new();
    folder.pki("");
    folder
        .hcert("keys request --country VN --name A --out vn")
        .good();
    folder.write("wrong", "wrong\n");
    for (line, wanted) in [
        (
            "sign-request vn/dsc.csr.pem --csca-cert pki/csca.pem --csca-key pki/csca.key --cert n.pem --passphrase-file wrong",
            "the passphrase does not open pki/csca.key",
        ),
        (
            "sign-request vn/dsc.csr.pem --csca-cert pki/csca.pem --csca-key pki/csca.key --cert n.pem --days 20000",
            "would outlive its CSCA",
        ),
        (
            "sign-request vn/dsc.csr.pem --csca-cert pki/dsc.pem --csca-key pki/dsc.key --cert n.pem",
            "is no CSCA",
        ),
        (
            "renew pki/dsc.pem --csca-cert pki/dsc.pem --csca-key pki/dsc.key --out n",
            "is no CSCA",
        ),
        (
            "revoke pki/dsc.pem --csca-cert pki/csca.pem --csca-key pki/dsc.key --compromised",
            "is not the one of the certificate",
        ),
        (
            "crl --csca-cert pki/dsc.pem --csca-key pki/dsc.key",
            "is no CSCA",
        ),
    ] {
        let said = folder.hcert(&format!("keys {line}")).refused();
        assert!(said.contains(wanted), "{line}: {said}");
    }
    assert!(!folder.path("n.pem").exists() && !folder.path("n").exists());
    assert!(!folder.path("pki/csca.crl.pem").exists());

    // One that has ended, made by other means.
    if has("openssl") {
        folder.write("passphrase", common::PASSPHRASE);
        folder.write(
            "ca.cnf",
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\npolicy=p\nx509_extensions=e\n\
             default_md=sha256\n[p]\ncommonName=supplied\ncountryName=supplied\n[e]\n\
             basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n\
             subjectKeyIdentifier=hash\n[req]\ndistinguished_name=r\n[r]\n",
        );
        folder.write("index", "");
        folder.write("serial", "01\n");
        folder
            .shell(
                "openssl req -new -config ca.cnf -key pki/csca.key -passin file:passphrase -subj /C=VN/CN=Old -out old.csr && \
                 openssl ca -batch -config ca.cnf -selfsign -keyfile pki/csca.key -passin file:passphrase \
                 -startdate 20200101000000Z -enddate 20210101000000Z -in old.csr -out old.pem -notext",
            )
            .good();
        for line in [
            "sign-request vn/dsc.csr.pem --cert n.pem",
            "renew pki/dsc.pem --out n",
            "revoke pki/dsc.pem --compromised",
            "crl",
        ] {
            let line = format!("keys {line} --csca-cert old.pem --csca-key pki/csca.key");
            let said = folder.hcert(&line).refused();
            assert!(
                said.contains("the CSCA is not valid now, only from 2020-01-01T00:00:00Z to 2021-01-01T00:00:00Z"),
                "{said}"
            );
        }
        let said = folder.hcert("keys due old.pem pki/dsc.pem");
        assert_eq!(said.status, 1, "{said:?}");
        assert!(
            said.stdout.contains("1 Jan 2021 00:00 UTC: it has ended"),
            "{said:?}"
        );
        assert!(
            said.stdout.contains("— make a new CSCA in time"),
            "{said:?}"
        );
    }
}

#[test]
fn a_successor_overlaps() {
    let folder = Folder::new();
    folder.pki("--kind test --algorithm eddsa --days 20 --organisation BYT");
    let line = format!("keys renew pki/dsc.pem {CSCA} --out new --days 400");
    let said = folder.hcert(&line).good();
    let (old, new) = (
        certificate(&folder, "pki/dsc.pem"),
        certificate(&folder, "new/dsc.pem"),
    );
    assert_eq!((old.subject(), old.usage()), (new.subject(), new.usage()));
    assert_eq!(
        new.check_issued_by(&certificate(&folder, "pki/csca.pem")),
        Ok(())
    );
    assert_ne!(old.spki(), new.spki());
    assert!(new.not_before() < old.not_after());
    assert_eq!(days(&new), 400);
    assert!(
        said.starts_with("successor made: CN=DSC,O=BYT,C=VN\n"),
        "{said}"
    );
    assert!(said.contains("algorithm    EdDSA"), "{said}");
    assert!(
        said.contains(&format!("the old one, {}, holds until", old.kid())),
        "{said}"
    );
    let said = folder.hcert(&line).refused();
    assert!(said.contains("new/dsc.pem is there already"), "{said}");
    let line = format!("keys renew pki/dsc.pem {CSCA} --out es --algorithm es256");
    assert!(folder.hcert(&line).good().contains("ES256"));

    folder
        .hcert("keys csca --country VN --name CSCA2 --out other")
        .good();
    let line =
        "keys renew pki/dsc.pem --csca-cert other/csca.pem --csca-key other/csca.key --out x";
    let said = folder.hcert(line).refused();
    assert!(said.contains("was not issued by CN=CSCA2,C=VN"), "{said}");
    for file in ["pki/csca.pem", "both.pem"] {
        folder.write(
            "both.pem",
            [folder.read("pki/dsc.pem"), folder.read("new/dsc.pem")].concat(),
        );
        let said = folder
            .hcert(&format!("keys renew {file} {CSCA} --out x"))
            .refused();
        assert!(said.contains("does not hold one DSC"), "{said}");
    }
    assert!(!folder.path("x").exists());
}

#[test]
fn what_is_due() {
    let folder = Folder::new();
    folder.pki("--days 31");
    let files = "pki/csca.pem pki/dsc.pem";
    let said = folder.hcert(&format!("keys due {files}")).good();
    assert_eq!(said, "nothing of 2 ends within 30 days\n");
    let due = folder.hcert(&format!("keys due --within 5w {files}"));
    assert_eq!(due.status, 1, "{due:?}");
    assert!(
        due.stdout
            .starts_with("1 of 2 end within 35 days\n\ncertificate: CN=DSC,C=VN\n"),
        "{due:?}"
    );
    assert!(
        due.stdout
            .contains("— make its successor: hcert keys renew"),
        "{due:?}"
    );
    let due = folder.hcert(&format!("keys due --within 5w {files} --format json"));
    assert_eq!(due.status, 1);
    let lines: Vec<Value> = due
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (&lines[0]["kind"], &lines[0]["due"]),
        (&"dsc".into(), &true.into())
    );
    assert_eq!(
        (&lines[1]["kind"], &lines[1]["due"]),
        (&"csca".into(), &false.into())
    );
    // 31 when made and asked within one second.
    let left = lines[0]["days_left"].as_i64().unwrap();
    assert!((30..=31).contains(&left), "{left}");
    // A revocation list wants its next one.
    folder
        .hcert(&format!("keys crl {CSCA} --next-days 10"))
        .good();
    let due = folder.hcert("keys due pki/csca.crl.pem --lang vi");
    assert_eq!(due.status, 1);
    assert!(
        due.stdout.contains("— lập danh sách mới: hcert keys crl"),
        "{due:?}"
    );
    // An unreadable file does not hide what is due.
    let due = folder.hcert("keys due none.pem pki/dsc.pem --within 5w");
    assert_eq!(due.status, 2);
    assert!(due.stderr.contains("none.pem can't be read"), "{due:?}");
    assert!(due.stdout.contains("CN=DSC"), "{due:?}");
    let said = folder.hcert("keys due --within soon pki/dsc.pem").refused();
    assert!(said.contains("days or weeks"), "{said}");
}

#[test]
fn a_dsc_is_revoked() {
    let folder = Folder::new();
    folder.pki("");
    for name in ["one", "two"] {
        folder.dsc(name, "").good();
    }
    let csca = certificate(&folder, "pki/csca.pem");
    let (one, two) = (
        certificate(&folder, "one/dsc.pem"),
        certificate(&folder, "two/dsc.pem"),
    );
    let line = format!("keys revoke one/dsc.pem {CSCA} --compromised");
    let said = folder.hcert(&line).good();
    for wanted in [
        "DSC revoked: CN=DSC,C=VN\n",
        "reason           key in other hands\n",
        "this is a new list",
        &format!(
            "withdraw the key {} there from {}",
            one.kid(),
            one.not_before()
        ),
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    let crl = list(&folder, "pki/csca.crl.pem");
    assert_eq!(crl.check_signed_by(&csca), Ok(()));
    let entry = crl.find(&one).unwrap();
    assert_eq!(
        (entry.reason, entry.invalid_from),
        (Reason::KeyCompromise, Some(one.not_before()))
    );

    // Never taken back or made weaker.
    let said = folder
        .hcert(&format!(
            "keys revoke one/dsc.pem {CSCA} --from now --reason superseded"
        ))
        .refused();
    assert!(
        said.contains("is on the list pki/csca.crl.pem already"),
        "{said}"
    );

    let line =
        format!("keys revoke two/dsc.pem {CSCA} --from now --reason superseded --next-days 30");
    let said = folder.hcert(&line).good();
    assert!(!said.contains("this is a new list"), "{said}");
    folder.hcert(&format!("keys crl {CSCA}")).good();
    let crl = list(&folder, "pki/csca.crl.pem");
    assert_eq!((crl.number(), crl.entries().len()), (Some(3), 2));
    assert_eq!(crl.find(&two).unwrap().reason, Reason::Superseded);
    // First only superseded, then known to be stolen.
    folder
        .hcert(&format!("keys revoke two/dsc.pem {CSCA} --compromised"))
        .good();
    let crl = list(&folder, "pki/csca.crl.pem");
    assert_eq!(crl.entries().len(), 2);
    assert_eq!(crl.find(&two).unwrap().reason, Reason::KeyCompromise);

    let said = folder.hcert("keys show pki/csca.crl.pem").good();
    let serial: String = one
        .serial()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert!(
        said.contains(&format!("serial     {serial}, from ")),
        "{said}"
    );
    if has("openssl") {
        let said = folder
            .shell(
                "cat pki/csca.pem pki/csca.crl.pem > all.pem; \
                 openssl verify -crl_check -CAfile all.pem pki/dsc.pem && ! openssl verify -crl_check -CAfile all.pem one/dsc.pem 2>&1",
            )
            .good();
        assert!(
            said.contains("pki/dsc.pem: OK") && said.contains("certificate revoked"),
            "{said}"
        );
    }
}

#[test]
fn revocations_that_are_refused() {
    let folder = Folder::new();
    folder.pki("");
    let revoke = |more: &str| {
        folder
            .hcert(&format!("keys revoke pki/dsc.pem {CSCA} {more}"))
            .refused()
    };
    for date in ["2012-01-01", "2099-01-01"] {
        let said = revoke(&format!("--from {date}"));
        assert!(
            said.contains(&format!(
                "can't be revoked from {date}T00:00:00Z, only from"
            )),
            "{said}"
        );
    }
    assert!(revoke("").contains("--from <DATE>|--compromised"));
    assert!(revoke("--from now --compromised").contains("cannot be used with"));
    assert!(revoke("--compromised --reason superseded").contains("cannot be used with"));
    assert!(revoke("--from tomorrow").contains("a day as in"));

    folder
        .hcert("keys csca --country VN --name CSCA --out other")
        .good();
    folder
        .hcert("keys crl --csca-cert other/csca.pem --csca-key other/csca.key")
        .good();
    // The same name, another key: not ours to carry on.
    let before = folder.read("other/csca.crl.pem");
    let said = revoke("--compromised --crl other/csca.crl.pem");
    assert!(said.contains("is not signed by CN=CSCA,C=VN"), "{said}");
    assert_eq!(folder.read("other/csca.crl.pem"), before);
    let said = revoke("--compromised --crl pki/dsc.pem");
    assert!(said.contains("does not hold one revocation list"), "{said}");
    let said = revoke("--compromised --crl pki/csca.pem");
    assert!(
        said.contains("pki/csca.pem is named for two outputs")
            || said.contains("does not hold one"),
        "{said}"
    );
    folder.write(
        "broken.pem",
        pem::encode("X509 CRL", b"\x30\x03\x02\x01\x01"),
    );
    let said = revoke("--compromised --crl broken.pem");
    assert!(
        said.contains("not a readable X.509 revocation list"),
        "{said}"
    );
    let line = "keys revoke pki/dsc.pem --csca-cert other/csca.pem --csca-key other/csca.key --compromised";
    let said = folder.hcert(line).refused();
    assert!(said.contains("was not issued by"), "{said}");
    assert!(!folder.path("pki/csca.crl.pem").exists());
}
