//! Every algorithm with every kind of content.

use super::super::{
    payload,
    stages::{Claims, EXP, NBF},
    trust::Trust,
    vector::{Vector, clause, valid},
};

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    let mut out = Vec::new();
    for dsc in ["dsc-es256", "dsc-ps256", "dsc-eddsa"] {
        let algorithm = dsc.trim_start_matches("dsc-");
        for (kind, words, content) in [
            ("vaccination", "A vaccination", payload::vaccination()),
            ("naat", "A nucleic acid test", payload::naat()),
            ("rapid-test", "A rapid antigen test", payload::rapid_test()),
            ("recovery", "A recovery", payload::recovery()),
        ] {
            let says = match algorithm {
                "eddsa" => format!("{words}, signed with Ed25519 (a national certificate)"),
                _ => format!("{words}, signed with {}", algorithm.to_uppercase()),
            };
            let text = Claims::of(content).seal(trust.dsc(dsc));
            let name = format!("{algorithm}-{kind}");
            out.push(valid(&name, clause::ALG, &says, text).by(dsc));
        }
    }
    let icvp = Claims::of_subclaim(-6, payload::icvp());
    let es256 = trust.dsc("dsc-es256");
    out.extend([
        valid(
            "icvp",
            clause::DVC,
            "An international certificate of vaccination, form of 2026",
            icvp.seal(es256),
        ),
        valid(
            "icvp-of-2025",
            clause::DVC,
            "An international certificate of vaccination, form of 2025, with the dose below v",
            Claims::of_subclaim(-6, payload::icvp_of_2025()).seal(es256),
        ),
        valid(
            "icvp-for-life",
            clause::DVC,
            "Yellow fever for life: nbf ten days after the dose, and no exp",
            icvp.without(EXP).plus(NBF, 1_768_500_000_i64).seal(es256),
        ),
    ]);
    out
}
