//! What may be trusted, and for what; and what revocation leaves alone.

use super::super::{
    payload,
    stages::{Claims, Headers, KID},
    trust::{Hashed, Trust},
    vector::{Vector, clause, valid},
};

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    [signers(trust), usages(trust), revocation(trust)]
        .into_iter()
        .flatten()
        .collect()
}

fn claims() -> Claims {
    Claims::of(payload::vaccination())
}

fn signers(trust: &Trust) -> Vec<Vector> {
    let text = |dsc: &str| claims().seal(trust.dsc(dsc));
    let es256 = trust.dsc("dsc-es256");
    let mut nameless = Headers::of(es256);
    nameless
        .protected
        .entries()
        .retain(|(label, _)| *label != KID.into());
    vec![
        valid(
            "dsc-alone",
            clause::TRUST,
            "The DSC is on the list, and its CSCA is not given: the list is believed",
            text("dsc-es256"),
        )
        .trusting(&["dsc-es256.pem"]),
        valid(
            "dsc-of-csca-not-given",
            clause::TRUST,
            "The DSC is on the list, below a CSCA other than the one given",
            text("dsc-of-other-csca"),
        )
        .by("dsc-of-other-csca"),
        valid(
            "dsc-of-second-csca",
            clause::TRUST,
            "Two CSCAs are given, and the DSC stands below the second",
            text("dsc-of-other-csca"),
        )
        .trusting(&["csca.pem", "csca-other.pem", "dsc-of-other-csca.pem"]),
        valid(
            "two-dscs-under-one-kid",
            clause::KID,
            "The first certificate under the kid does not fit, the second does",
            text("dsc-es256"),
        )
        .trusting(&["kid-of-two.json"]),
        valid(
            "dsc-of-several",
            clause::KID,
            "Several DSCs are trusted, and the kid names one of them",
            text("dsc-second"),
        )
        .trusting(&[
            "csca.pem",
            "dsc-es256.pem",
            "dsc-second.pem",
            "dsc-ps256.pem",
        ]),
        valid(
            "bare-key",
            clause::KID,
            "A public key without a certificate is tried whatever the kid",
            text("dsc-es256"),
        )
        .trusting(&["key-es256.pem"]),
        valid(
            "bare-key-no-kid",
            clause::KID,
            "No kid at all, and bare keys of two algorithms to try",
            nameless.sign(claims().to_cwt(), es256).seal(),
        )
        .trusting(&["key-eddsa.pem", "key-es256.pem"]),
        valid(
            "dsc-ended-since-issue",
            clause::TRUST,
            "The DSC has ended since, but was valid when it signed",
            text("dsc-ended-since-issue"),
        )
        .by("dsc-ended-since-issue"),
    ]
}

fn usages(trust: &Trust) -> Vec<Vector> {
    [
        (
            "eku-vaccination",
            "dsc-vaccination",
            "A DSC for vaccinations only",
            payload::vaccination(),
        ),
        (
            "eku-test",
            "dsc-test",
            "A DSC for tests only",
            payload::naat(),
        ),
        (
            "eku-recovery",
            "dsc-recovery",
            "A DSC for recoveries only",
            payload::recovery(),
        ),
        (
            "eku-one-of-two",
            "dsc-test-and-recovery",
            "A DSC for tests and recoveries",
            payload::recovery(),
        ),
        (
            "eku-old-arc",
            "dsc-old-arc-vaccination",
            "The usage in the arc 1.3.6.1.4.1.0.1847.2021.1, with a zero too many, counts alike",
            payload::vaccination(),
        ),
        (
            "eku-foreign-only",
            "dsc-client-auth",
            "clientAuth alone limits nothing",
            payload::recovery(),
        ),
        (
            "eku-foreign-besides",
            "dsc-client-auth-vaccination",
            "clientAuth beside the usage for vaccinations",
            payload::vaccination(),
        ),
    ]
    .map(|(name, dsc, says, content)| {
        let text = Claims::of(content).seal(trust.dsc(dsc));
        valid(name, clause::USAGE, says, text).by(dsc)
    })
    .into()
}

fn revocation(trust: &Trust) -> Vec<Vector> {
    let text = claims().seal(trust.dsc("dsc-es256"));
    let uci = payload::uvci("VACCINATION");
    let other = payload::uvci("OTHER");
    trust.revoke("revocation-of-another.json", Hashed::Uci(&other));
    let (lately, later) = ("2026-02-28T00:00:00Z", "2030-01-01T00:00:00Z");
    trust.revoke_until("revocation-ended.json", "XX", lately, Hashed::Uci(&uci));
    let elsewhere = Hashed::CountryCodeUci("XY", &uci);
    trust.revoke_until("revocation-of-xy.json", "XY", later, elsewhere);
    vec![
        valid(
            "not-revoked",
            clause::REVOCATION,
            "A batch of the country is in hand, and another certificate is on it",
            text.clone(),
        )
        .and_trusting("revocation-of-another.json"),
        valid(
            "revocation-batch-ended",
            clause::REVOCATION,
            "The batch that lists the certificate is past its own end",
            text.clone(),
        )
        .and_trusting("revocation-ended.json"),
        valid(
            "revocation-of-another-country",
            clause::REVOCATION,
            "The UVCI is revoked for another country",
            text,
        )
        .and_trusting("revocation-of-xy.json"),
    ]
}
