//! English.

use alloc::{format, string::String};

use hcert::x509::EventKind;

use crate::{Colour, Doubt, Reason, Revocation};

pub(super) fn colour(colour: Colour, cannot_say: bool) -> &'static str {
    match colour {
        Colour::Green => "VALID",
        Colour::Amber if cannot_say => "CAN'T SAY",
        Colour::Amber => "NOT ENOUGH",
        Colour::Red => "NOT VALID",
    }
}

pub(super) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Picture(why) => why.clone(),
        Reason::Unrecognised => {
            "This is not a health certificate. Ask for the certificate's own code.".into()
        }
        Reason::Unsupported(format) => format!(
            "This is a certificate of the kind {format}, which this version does not read. Ask \
             for another document."
        ),
        Reason::Decode(error) => format!(
            "The code is damaged or not a health certificate ({error}). Scan it again, or ask for \
             a new print."
        ),
        Reason::Claims(error) => {
            format!("The signed content can't be read ({error}). Ask for another document.")
        }
        Reason::UnknownKey(Some(kid)) => format!(
            "Unknown issuer: no trusted key has the identifier {kid}. Update the trust list or ask \
             for another document."
        ),
        Reason::UnknownKey(None) => "Unknown issuer: the code names no key. Ask for another \
                                     document."
            .into(),
        Reason::Chain(error) => {
            format!("The issuer's key is not to be trusted: {error}. Update the trust list.")
        }
        Reason::SignerPeriod {
            issued_at,
            not_before,
            not_after,
        } => format!(
            "Issued on {issued_at}, when the issuer's key was not valid (it was from {not_before} \
             until {not_after}). Ask for another document."
        ),
        Reason::SignerWithdrawn {
            compromised: true, ..
        } => "The issuer's key was stolen: nothing signed with it is to be believed. Ask the \
              holder to have a new certificate issued."
            .into(),
        Reason::SignerWithdrawn { from, .. } => format!(
            "The issuer's key was withdrawn on {from}, before this certificate was issued. Ask \
             for another document."
        ),
        Reason::TrustExpired(since) => format!(
            "This device's trust list ended on {since}, and nothing may be accepted since. Update \
             the trust list."
        ),
        Reason::Key(error) => {
            format!("The issuer's key can't be used: {error}. Update the trust list.")
        }
        Reason::Signature => "The signature does not match: no health authority issued this code \
                              as it is."
            .into(),
        Reason::KeyUsage(kind) => format!(
            "The issuer's key may not sign a {}. Ask for another document.",
            kind_name(*kind)
        ),
        Reason::NotYetValid(from) => {
            format!("Valid only from {from}. Check this device's date and time.")
        }
        Reason::Expired(until) => {
            format!("Expired on {until}. Ask the holder to have it renewed.")
        }
        Reason::Revoked => {
            "The issuer has revoked this certificate. Ask for another document.".into()
        }
        Reason::Content(error) => {
            format!("The content is not as the format demands: {error}. Ask for another document.")
        }
        Reason::NoContent => "Signed, but not a health certificate that is known here.".into(),
        Reason::NoExpiry => "The certificate says no end of its validity, which it must.".into(),
    }
}

fn kind_name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Vaccination => "vaccination certificate",
        EventKind::Test => "test certificate",
        EventKind::Recovery => "recovery certificate",
    }
}

pub(super) fn doubt(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::RevocationUnknown => {
            "Revocation is not checked: no revocation list of this issuer is in hand."
        }
        Doubt::TrustStale => {
            "The trust list is old: a withdrawn key or a revoked certificate may pass. Update it."
        }
        Doubt::TrustExpired => {
            "The trust list has ended: it says nothing reliable any more. Update it."
        }
        Doubt::ClockWrong => "The clock of this device is wrong: set date and time.",
        Doubt::RulesUnknown => "The rules in force can't be read: update the trust list.",
        Doubt::RuleFailed => "A rule in force is not met.",
        Doubt::RuleOpen => "A rule in force could not be evaluated.",
    }
}

pub(super) fn revocation(revocation: Revocation) -> &'static str {
    match revocation {
        Revocation::NotRevoked => "not revoked",
        Revocation::Revoked => "revoked",
        Revocation::Unknown => "not checked",
    }
}
