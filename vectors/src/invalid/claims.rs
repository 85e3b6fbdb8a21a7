//! Time, revocation, and claims that are missing or of the wrong type.

use super::super::{
    cbor::{Item, object},
    payload,
    stages::{Claims, EXP, EXPIRES_AT, HCERT, IAT, ISS, ISSUED_AT, NBF, NOW},
    trust::{Hashed, Trust},
    valid::twin,
    vector::{Vector, clause, invalid},
};

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    [times(trust), types(trust), contents(trust), revoked(trust)]
        .into_iter()
        .flatten()
        .collect()
}

fn claims() -> Claims {
    Claims::of(payload::vaccination())
}

fn times(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let text = claims().seal(es256);
    let expired =
        |name: &str, says: &str, text: String| invalid("expired", name, clause::EXP, says, text);
    let early = |name: &str, clause, says: &str, text: String| {
        invalid("not_yet_valid", name, clause, says, text)
    };
    vec![
        expired("expired-by-a-second", "A second after exp", text.clone()).at(EXPIRES_AT + 1),
        expired("expired-by-years", "Ten years after exp", text.clone())
            .at(EXPIRES_AT + 315_576_000),
        expired(
            "expired-float",
            "exp as a float, in the past",
            #[expect(clippy::cast_precision_loss, reason = "seconds of this century fit")]
            claims()
                .with(EXP, Item::Float(NOW as f64 - 1.0))
                .seal(es256),
        ),
        expired(
            "expired-42",
            "exp 42, the mark of specimens",
            claims().with(EXP, 42).seal(es256),
        ),
        expired(
            "expired-negative",
            "exp before 1970",
            claims().with(EXP, -1).seal(es256),
        ),
        expired(
            "expired-icvp",
            "An international certificate of vaccination past its exp",
            Claims::of_subclaim(-6, payload::icvp()).seal(es256),
        )
        .at(EXPIRES_AT + 1),
        early("before-iat", clause::IAT, "A second before its issue", text).at(ISSUED_AT - 1),
        early(
            "before-nbf",
            "RFC 8392 section 3.1.5",
            "Before nbf",
            claims().plus(NBF, NOW + 1).seal(es256),
        ),
    ]
}

/// Claims of the wrong type. What they mean is not known, so none may be left out of account.
fn types(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let make = |name: &str, says: &str, claims: Claims| {
        let clause = "RFC 8392 section 2 (NumericDate)";
        invalid("cbor", name, clause, says, claims.seal(es256)).or_at("schema")
    };
    vec![
        make(
            "exp-text",
            "exp as text",
            claims().with(EXP, "2027-01-15T08:00:00Z"),
        ),
        make("exp-null", "exp null", claims().with(EXP, Item::Null)),
        make(
            "exp-not-a-number",
            "exp NaN",
            claims().with(EXP, Item::Float(f64::NAN)),
        ),
        make(
            "exp-infinite",
            "exp infinite",
            claims().with(EXP, Item::Float(f64::INFINITY)),
        ),
        make(
            "exp-tagged-twice",
            "exp within the tag 1 twice",
            claims().with(EXP, Item::from(EXPIRES_AT).tagged(1).tagged(1)),
        ),
        make("iat-text", "iat as text", claims().with(IAT, "now")),
        make(
            "nbf-bytes",
            "nbf as bytes",
            claims().plus(NBF, Item::Bytes(vec![0])),
        ),
        make("iss-number", "iss as a number", claims().with(ISS, 49)),
        make(
            "hcert-text",
            "The hcert claim is text",
            claims().with(HCERT, "hcert"),
        ),
        make(
            "hcert-null",
            "The hcert claim is null",
            claims().with(HCERT, Item::Null),
        ),
    ]
}

fn contents(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let make = |name: &str, clause, says: &str, claims: Claims| {
        invalid("schema", name, clause, says, claims.seal(es256))
    };
    let subclaims = |entries: Vec<(Item, Item)>| claims().with(HCERT, Item::Map(entries));
    vec![
        make("exp-missing", clause::EXP, "No exp", claims().without(EXP)),
        make(
            "hcert-missing",
            clause::CLAIM,
            "No hcert claim",
            claims().without(HCERT),
        ),
        make(
            "hcert-empty",
            clause::CLAIM,
            "An hcert claim of nothing",
            subclaims(Vec::new()),
        ),
        make(
            "hcert-unknown-subclaim",
            clause::CLAIM,
            "A sub-claim that nobody knows, and no other",
            subclaims(vec![(99.into(), payload::vaccination())]),
        ),
        make(
            "hcert-subclaim-text",
            clause::CLAIM,
            "The sub-claim's key is the text 1",
            subclaims(vec![("1".into(), payload::vaccination())]),
        ),
        make(
            "claims-with-text-keys",
            "RFC 8392 section 4",
            "The claims have the names of JSON Web Token for keys",
            Claims(vec![
                ("iss".into(), "XX".into()),
                ("exp".into(), EXPIRES_AT.into()),
                ("hcert".into(), object([("1", payload::vaccination())])),
            ]),
        ),
    ]
}

fn revoked(trust: &Trust) -> Vec<Vector> {
    let uci = payload::uvci("VACCINATION");
    trust.revoke("revocation-uci.json", Hashed::Uci(&uci));
    trust.revoke(
        "revocation-country-uci.json",
        Hashed::CountryCodeUci("XX", &uci),
    );
    let mut out = Vec::new();
    for (name, says, file) in [
        ("revoked-uci", "The UVCI is revoked", "revocation-uci.json"),
        (
            "revoked-country-uci",
            "Country and UVCI are revoked",
            "revocation-country-uci.json",
        ),
    ] {
        let text = claims().seal(trust.dsc("dsc-es256"));
        out.push(invalid("revocation", name, clause::REVOCATION, says, text).and_trusting(file));
    }
    for dsc in ["dsc-es256", "dsc-ps256", "dsc-eddsa"] {
        let algorithm = dsc.trim_start_matches("dsc-");
        let message = claims().sign(trust.dsc(dsc));
        let listed = match algorithm {
            "es256" => &message.signature[..32],
            _ => &message.signature[..],
        };
        let file = format!("revocation-signature-{algorithm}.json");
        trust.revoke(&file, Hashed::Signature(listed));
        let make = |name: &str, says: &str, text: String| {
            invalid("revocation", name, clause::REVOCATION, says, text)
                .by(dsc)
                .and_trusting(&file)
        };
        out.push(make(
            &format!("revoked-signature-{algorithm}"),
            "The signature is revoked; of ES256 only r is listed",
            message.seal(),
        ));
        if algorithm == "es256" {
            let other = message.clone().signed(twin(&message.signature));
            out.push(make(
                "revoked-signature-twin",
                "The signature is revoked, and s was replaced by n - s to evade that",
                other.seal(),
            ));
        }
    }
    out
}
