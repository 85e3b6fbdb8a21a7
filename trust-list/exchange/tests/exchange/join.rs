use hcert::{
    base64,
    keys::SoftwareKey,
    x509::{Certificate, make::Subject},
};
use trust_exchange::{
    cms,
    join::{
        self, Finding, FolderError, JoinError, Level, Outcome, Participant, Question, Template,
        UploadError, check_certificate,
    },
};
use zeroize::Zeroizing;

use crate::made::{csca, days, dsc, key, now, subject};

const TEMPLATES: [Template; 4] = [
    Template::Sca,
    Template::Dsc,
    Template::Tls,
    Template::Upload,
];

fn question<'a>(authority: Option<&'a Certificate>) -> Question<'a> {
    Question {
        at: now(),
        participant: Some("VNM"),
        authority,
    }
}

fn sca() -> Certificate {
    make(Template::Sca, 1)
}

fn make(template: Template, secret: u8) -> Certificate {
    let subject = subject(template.name(), "VN");
    let (period, serial) = (template.period(now()), [secret; 16]);
    let made = match template {
        Template::Dsc => {
            let (sca, sca_key) = (sca(), key(1));
            join::make(
                template,
                &subject,
                period,
                serial,
                &key(secret),
                Some((&sca, &sca_key)),
            )
        }
        _ => join::make(template, &subject, period, serial, &key(secret), None),
    };
    made.unwrap()
}

fn faults(findings: &[Finding]) -> Vec<&'static str> {
    let faults = findings.iter().filter(|finding| finding.is_fault());
    faults.map(|finding| finding.rule).collect()
}

/// Only this one recommendation is left open: nobody has revocation lists of an SCA to point to.
const OPEN: &str = "it says where revocation lists of its SCA are (CRL distribution point)";

#[test]
fn what_is_made_keeps_every_rule() {
    for (secret, template) in (1..).zip(TEMPLATES) {
        let (certificate, sca) = (make(template, secret), sca());
        let findings = check_certificate(template, certificate.der(), &question(Some(&sca)));
        assert!(findings.len() > 8, "{template}");
        for finding in &findings {
            let kept = matches!(finding.outcome, Outcome::Kept(_)) || finding.rule == OPEN;
            assert!(kept, "{template}: {finding}");
        }
    }
}

#[test]
fn each_rule_has_a_certificate_that_breaks_it() {
    let sca = sca();
    let nameless = Subject {
        common_name: "",
        country: "VN",
        organisation: None,
    };
    let made = |template: Template, subject: &Subject<'_>, period, secret: u8| {
        join::make(template, subject, period, [secret; 16], &key(secret), None).unwrap()
    };
    let cases: Vec<(Template, Certificate, &str)> = vec![
        (
            Template::Tls,
            make(Template::Upload, 4),
            "the extended key usage has client authentication",
        ),
        (
            Template::Upload,
            sca.clone(),
            "the key usage has digital signature",
        ),
        (
            Template::Upload,
            sca.clone(),
            "the key usage has no CRL signing",
        ),
        (
            Template::Upload,
            sca.clone(),
            "the basic constraints, if any, do not say CA",
        ),
        (
            Template::Upload,
            sca.clone(),
            "an upload certificate is valid for 1 to 2 years",
        ),
        (
            Template::Tls,
            sca.clone(),
            "a TLS certificate is valid for 1 to 2 years",
        ),
        (
            Template::Sca,
            make(Template::Upload, 4),
            "the basic constraints say CA, with a path length of 0 if any",
        ),
        (
            Template::Sca,
            make(Template::Upload, 4),
            "the key usage has certificate signing",
        ),
        (
            Template::Sca,
            make(Template::Upload, 4),
            "an SCA is valid for 2 to 4 years",
        ),
        (
            Template::Dsc,
            make(Template::Upload, 4),
            "a DSC is signed by the SCA",
        ),
        (
            Template::Dsc,
            make(Template::Upload, 4),
            "the authority key identifier of a DSC is the SCA's subject key identifier",
        ),
        (
            Template::Dsc,
            dsc("VN", 2, 3, days(1, 400)),
            "a DSC is signed by the SCA",
        ),
        (
            Template::Upload,
            made(Template::Upload, &subject("UP", "SG"), days(1, 400), 4),
            "the country is the participant's, in two letters",
        ),
        (
            Template::Upload,
            made(Template::Upload, &nameless, days(1, 400), 4),
            "the subject has a common name (CN) that is not empty",
        ),
        (
            Template::Upload,
            made(Template::Upload, &subject("UP", "VN"), days(400, 29), 4),
            "it is valid for another 30 days at least",
        ),
    ];
    for (template, certificate, rule) in cases {
        let findings = check_certificate(template, certificate.der(), &question(Some(&sca)));
        assert!(
            faults(&findings).contains(&rule),
            "{template} {rule}: {findings:#?}"
        );
    }
    let longer = Template::Sca.period(now());
    let longer = dsc(
        "VN",
        2,
        1,
        hcert::x509::make::Period {
            not_after: days(0, 460).not_after,
            ..longer
        },
    );
    let short =
        hcert::x509::make::csca(&subject("CSCA", "VN"), days(10, 100), [1; 16], &key(1)).unwrap();
    let findings = check_certificate(Template::Dsc, longer.der(), &question(Some(&short)));
    assert!(
        faults(&findings).contains(&"a DSC does not outlive its SCA"),
        "{findings:#?}"
    );
    let eddsa = SoftwareKey::eddsa(&Zeroizing::new([1; 32]));
    let eddsa = hcert::x509::make::csca(
        &subject("CSCA", "VN"),
        Template::Sca.period(now()),
        [1; 16],
        &eddsa,
    );
    let findings = check_certificate(Template::Sca, eddsa.unwrap().der(), &question(None));
    let faults = faults(&findings);
    assert!(
        faults.contains(&"it is signed with SHA-256, by ECDSA, RSASSA-PSS or RSA"),
        "{faults:?}"
    );
    assert!(
        faults
            .iter()
            .any(|rule| rule.starts_with("the key is on an elliptic curve")),
        "{faults:?}"
    );
}

#[test]
fn what_is_no_certificate_has_one_finding() {
    for bytes in [&b""[..], b"x", &sca().der()[1..]] {
        let findings = check_certificate(Template::Sca, bytes, &question(None));
        assert_eq!((findings.len(), findings[0].is_fault()), (1, true));
    }
    let advice = Finding {
        rule: "r",
        level: Level::Should,
        outcome: Outcome::Broken("x".into()),
    };
    assert_eq!(
        (advice.to_string().as_str(), advice.is_fault()),
        ("advice r: x", false)
    );
}

#[test]
fn test_participants_have_countries_of_their_own() {
    let certificate = csca("XA", 1);
    let with = |participant| {
        let question = Question {
            participant: Some(participant),
            ..question(None)
        };
        faults(&check_certificate(
            Template::Sca,
            certificate.der(),
            &question,
        ))
    };
    assert_eq!(with("XXA"), [] as [&str; 0]);
    assert_eq!(with("XXB").len(), 1);
}

#[test]
fn keys_that_the_network_does_not_take() {
    let eddsa = SoftwareKey::eddsa(&Zeroizing::new([1; 32]));
    let (subject, period) = (subject("UP", "VN"), Template::Upload.period(now()));
    let made = |template, key: &dyn hcert::keys::Signer| {
        join::make(template, &subject, period, [1; 16], key, None)
    };
    assert!(matches!(
        made(Template::Upload, &eddsa),
        Err(JoinError::Algorithm(_))
    ));
    assert!(matches!(
        made(Template::Dsc, &key(1)),
        Err(JoinError::NoAuthority)
    ));
}

#[test]
fn the_folder_of_a_participant() {
    let (sca, tls, upload) = (sca(), make(Template::Tls, 3), make(Template::Upload, 4));
    let participant = Participant {
        authorities: &[("DCC", &sca), ("PH4H", &sca)],
        tls: &tls,
        tls_chain: &[],
        upload: &upload,
    };
    let files = join::folder(&participant).unwrap();
    let paths: Vec<_> = files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "onboarding/DCC/SCA/SCA.pem",
            "onboarding/PH4H/SCA/SCA.pem",
            "onboarding/DCC/TLS/TLS.pem",
            "onboarding/DCC/TLS/CA.pem",
            "onboarding/DCC/UP/UP.pem",
        ]
    );
    for ((_, pem), certificate) in files.iter().zip([&sca, &sca, &tls, &tls, &upload]) {
        let read = trust_list::import::read(pem, &hcert::limits::Limits::DEFAULT).unwrap();
        assert_eq!(read.keys.len(), 1);
        assert_eq!(read.keys[0].der(), certificate.der());
    }
    let issued = dsc("VN", 5, 1, days(1, 400));
    for (other, error) in [
        (
            Participant {
                authorities: &[],
                ..participant
            },
            FolderError::Empty,
        ),
        (
            Participant {
                authorities: &[("../x", &sca)],
                ..participant
            },
            FolderError::Domain("../x".into()),
        ),
        (
            Participant {
                authorities: &[("DCC", &sca), ("DCC", &sca)],
                ..participant
            },
            FolderError::Twice("DCC".into()),
        ),
        (
            Participant {
                tls: &issued,
                ..participant
            },
            FolderError::Chain,
        ),
        (
            Participant {
                upload: &tls,
                ..participant
            },
            FolderError::SharedKey("TLS certificate"),
        ),
        (
            Participant {
                upload: &sca,
                ..participant
            },
            FolderError::SharedKey("SCA"),
        ),
    ] {
        assert_eq!(join::folder(&other), Err(error));
    }
}

#[test]
fn an_upload_and_back() {
    let (dsc, upload) = (make(Template::Dsc, 2), make(Template::Upload, 4));
    let text = join::upload(&dsc, (&upload, &key(4)), now()).unwrap();
    assert!(!text.contains(['\n', '-']));
    assert_eq!(join::read_upload(&text, &upload).unwrap().der(), dsc.der());
    let request = join::request("DCC", &text);
    assert_eq!(
        request.to_string(),
        format!(r#"{{"cms":"{text}","properties":{{}},"domain":"DCC"}}"#)
    );
    // Another participant's certificate; the same key in another certificate.
    for other in [csca("VN", 7), csca("VN", 4)] {
        assert_eq!(
            join::read_upload(&text, &other).unwrap_err(),
            UploadError::Certificates
        );
    }
    let forged = {
        let mut bytes = base64::decode(&text).unwrap();
        let place = bytes.windows(3).position(|part| part == b"DSC").unwrap();
        bytes[place] = b'X';
        base64::encode(&bytes)
    };
    assert!(matches!(
        join::read_upload(&forged, &upload),
        Err(UploadError::Cms(_))
    ));
    let text = cms::sign(cms::DATA, b"no certificate", (&upload, &key(4)), now()).unwrap();
    assert!(matches!(
        join::read_upload(&base64::encode(&text), &upload),
        Err(UploadError::Content(_))
    ));
    assert_eq!(
        join::read_upload("!", &upload).unwrap_err(),
        UploadError::Base64
    );
}
