//! Signers that may not have signed: by chain, period, key, usage.

use super::super::{
    cbor::Item,
    payload,
    stages::{Claims, Headers},
    trust::Trust,
    vector::{Vector, clause, invalid},
};

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    [standing(trust), unusable(trust), usages(trust)]
        .into_iter()
        .flatten()
        .collect()
}

fn standing(trust: &Trust) -> Vec<Vector> {
    let make = |name: &str, says: &str, dsc: &str, trusted: &[&str]| {
        let text = Claims::of(payload::vaccination()).seal(trust.dsc(dsc));
        invalid("trust", name, clause::TRUST, says, text).trusting(trusted)
    };
    vec![
        make(
            "dsc-forged",
            "A DSC that names the CSCA, with the signature of another key",
            "dsc-forged",
            &["csca.pem", "dsc-forged.pem"],
        ),
        make(
            "dsc-of-ended-csca",
            "A DSC that began after its CSCA had ended",
            "dsc-of-ended-csca",
            &["csca-ended.pem", "dsc-of-ended-csca.pem"],
        ),
        make(
            "dsc-ended-before-issue",
            "Issued after the DSC had ended",
            "dsc-ended-before-issue",
            &["csca.pem", "dsc-ended-before-issue.pem"],
        ),
        make(
            "dsc-ended-before-issue-alone",
            "Issued after the DSC had ended, and the CSCA is not given",
            "dsc-ended-before-issue",
            &["dsc-ended-before-issue.pem"],
        ),
        make(
            "dsc-begins-after-issue",
            "Issued before the DSC began",
            "dsc-begins-after-issue",
            &["csca.pem", "dsc-begins-after-issue.pem"],
        ),
    ]
}

/// Keys that have to be refused; the signatures under them could be anything.
fn unusable(trust: &Trust) -> Vec<Vector> {
    let make = |name: &str, says: &str, dsc: &str, signature: Option<Vec<u8>>| {
        let signer = trust.dsc(dsc);
        let cwt = Claims::of(payload::vaccination()).to_cwt();
        let message = Headers::of(signer).sign(cwt, signer);
        let signature = signature.unwrap_or_else(|| message.signature.clone());
        let text = message.signed(signature).seal();
        invalid(
            "trust",
            name,
            "RFC 8032 section 8.4; SEC 1 section 3.2.2",
            says,
            text,
        )
        .or_at("signature")
        .by(dsc)
    };
    // R the identity, S zero: under the identity as key the equation holds for every message.
    let mut universal = vec![0; 64];
    universal[0] = 1;
    vec![
        make(
            "key-identity",
            "An Ed25519 key of order 1, under which this signature fits every message",
            "dsc-key-identity",
            Some(universal),
        ),
        make(
            "key-off-curve",
            "A P-256 key that is no point of the curve",
            "dsc-key-off-curve",
            None,
        ),
    ]
}

fn usages(trust: &Trust) -> Vec<Vector> {
    type Content = fn() -> Item;
    let kinds: [(&str, Content); 3] = [
        ("vaccination", payload::vaccination),
        ("test", payload::rapid_test),
        ("recovery", payload::recovery),
    ];
    let dscs: [(&str, &[&str]); 6] = [
        ("dsc-vaccination", &["vaccination"]),
        ("dsc-test", &["test"]),
        ("dsc-recovery", &["recovery"]),
        ("dsc-test-and-recovery", &["test", "recovery"]),
        ("dsc-old-arc-vaccination", &["vaccination"]),
        ("dsc-client-auth-vaccination", &["vaccination"]),
    ];
    let mut out = Vec::new();
    for (dsc, allowed) in dscs {
        for (kind, content) in kinds {
            if !allowed.contains(&kind) {
                let name = format!("eku-{kind}-by-{dsc}");
                let says = format!("A {kind}, signed by a DSC for {}", allowed.join(" and "));
                let text = Claims::of(content()).seal(trust.dsc(dsc));
                out.push(invalid("key_usage", &name, clause::USAGE, &says, text).by(dsc));
            }
        }
    }
    let icvp = Claims::of_subclaim(-6, payload::icvp()).seal(trust.dsc("dsc-test"));
    let says = "An international certificate of vaccination, signed by a DSC for tests";
    out.push(
        invalid(
            "key_usage",
            "eku-icvp-by-dsc-test",
            clause::USAGE,
            says,
            icvp,
        )
        .by("dsc-test"),
    );
    out
}
