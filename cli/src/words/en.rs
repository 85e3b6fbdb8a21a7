//! English.

use verifier::wording::Language;

use super::Texts;

pub(super) static TEXTS: Texts = Texts {
    language: Language::English,
    error: "error",
    warning: "warning",
    unverified: "UNVERIFIED",
    nothing_checked: "nothing below has been checked",
    characters: "characters",
    bytes: "bytes",
    ends_here: "the code can't be taken apart further",
    no_code_in_picture: "No code could be read in the picture. Take it again: closer, sharp, the whole code in view.",
    no_trusted_key: "the files hold no trusted key: give the issuer's certificate with --trust FILE",
    code: "Code",
    name: "Name",
    date_of_birth: "Date of birth",
    issued_by: "Issued by",
    valid_until: "Valid until",
    revocation: "Revocation",
    vaccination: "Vaccination",
    vaccine: "Vaccine",
    date: "Date",
    disease: "Disease",
    test: "Test",
    result: "Result",
    sampled: "Sampled",
    recovery: "Recovery",
    more_refused: |count| format!("{count} more entries can't be used"),
    no_trust_installed: |folder| {
        format!(
            "no trusted keys: give the issuer's certificate with --trust FILE, or put it into {folder}"
        )
    },
};
