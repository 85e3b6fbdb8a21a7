//! English.

use super::NetworkTexts;

pub(super) static TEXTS: NetworkTexts = NetworkTexts {
    made: "keys and certificates made for WHO's network, participant",
    handed_in: "to hand in",
    private_keys: "private keys",
    next_steps: |out, domain, participant| {
        vec![
            format!("take {out}/private/*/SCA.key offline, and a copy to a second safe place"),
            format!("check it again before you hand it in: hcert keys network check {out}"),
            format!(
                "put what is in {out}/participant into the participant repository that WHO gave \
                 {participant}, and tell WHO the SHA-256 of the SCA by another way: hcert keys show \
                 {out}/participant/onboarding/{domain}/SCA/SCA.pem"
            ),
            format!(
                "once WHO has let you in, upload the DSC: hcert keys network upload --dsc \
                 {out}/DSC/{domain}/DSC.pem --up-cert \
                 {out}/participant/onboarding/{domain}/UP/UP.pem --up-key {out}/private/UP.key \
                 --out {out}/DSC.cms"
            ),
            "development, acceptance and production: make keys anew for each, never use one in two"
                .into(),
        ]
    },
    lies_open: "a private key that is open, or in the folder to hand in: take it away, and make a \
                new one if anybody could have read it",
    several: |count| format!("{count} certificates in one file, where one belongs"),
    shared_key: |other| format!("the same key as in {other}: each has a key of its own"),
    result: |certificates, faults, advice| {
        let faults = match faults {
            0 => "the network takes what is here".to_owned(),
            1 => "1 fault".to_owned(),
            faults => format!("{faults} faults"),
        };
        format!("certificates checked: {certificates}; {faults}; advice: {advice}")
    },
    up_ended: "the upload certificate is not valid now",
    other_content: "the upload does not hold the DSC; nothing was written",
    signed_by: "signed by",
    upload: "upload",
    upload_made: "upload made",
    upload_next: |body| match body {
        Some(body) => format!(
            "send it with the TLS certificate: POST /trustedCertificate, content type \
             application/json, body {body}"
        ),
        None => "send it with the TLS certificate: POST /signerCertificate, content type \
                 application/cms-text; for POST /trustedCertificate make the body with --request"
            .into(),
    },
};
