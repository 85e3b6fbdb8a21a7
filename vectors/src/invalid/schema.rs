//! Content that the schema does not allow, under a good signature.

use super::super::{
    cbor::Item,
    payload,
    stages::Claims,
    trust::Trust,
    vector::{Vector, clause, invalid},
};

/// One of the samples.
type Content = fn() -> Item;

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    let es256 = trust.dsc("dsc-es256");
    let make = |name: &str, says: &str, content: Item| {
        let text = Claims::of(content).seal(es256);
        invalid("schema", name, clause::SCHEMA, says, text)
    };
    let icvp = |name: &str, says: &str, content: Item| {
        let text = Claims::of_subclaim(-6, content).seal(es256);
        invalid("schema", name, clause::DVC, says, text)
    };
    let v = payload::vaccination;
    let (t, r) = (payload::naat, payload::recovery);
    let mut out = vec![
        make(
            "ver-not-a-version",
            "ver is no version",
            v().with("ver", "latest"),
        ),
        make("nam-without-standard", "Neither fnt nor gnt", {
            v().without("nam/fnt").without("nam/gnt")
        }),
        make("nam-text", "nam is text", v().with("nam", "Nguyễn Văn Đức")),
        make("nam-number", "A name is a number", v().with("nam/fnt", 1)),
        make("dob-1815", "Born in 1815", v().with("dob", "1815-02-26")),
        make("dob-2100", "Born in 2100", v().with("dob", "2100-01-01")),
        make(
            "dob-impossible",
            "Born on 30 February",
            v().with("dob", "1998-02-30"),
        ),
        make(
            "dob-day-first",
            "Born on 26/02/1998",
            v().with("dob", "26/02/1998"),
        ),
        make(
            "dob-number",
            "The date of birth is a number",
            v().with("dob", 1998),
        ),
        make("events-none", "Neither v nor t nor r", v().without("v")),
        make("events-v-and-t", "A vaccination and a test", {
            v().plus("", "t", t().at("t").clone())
        }),
        make(
            "events-v-empty",
            "v is an empty array",
            v().with("v", Item::Array(vec![])),
        ),
        make("events-v-null", "v is null", v().with("v", Item::Null)),
        make("events-v-not-an-array", "v is a map", {
            v().with("v", v().at("v/0").clone())
        }),
        make("events-v-of-text", "v is an array of text", {
            v().with("v", Item::Array(vec!["dose".into()]))
        }),
        make("events-two", "Two entries under version 1.3.0", {
            let entry = v().at("v/0").clone();
            let entries = vec![entry.clone(), entry.with("dn", 1)];
            v().with("ver", "1.3.0").with("v", Item::Array(entries))
        }),
        make("dose-zero", "Dose 0", v().with("v/0/dn", 0)),
        make("dose-negative", "Dose -1", v().with("v/0/dn", -1)),
        make(
            "dose-half",
            "Dose 1.5",
            v().with("v/0/dn", Item::Float(1.5)),
        ),
        make(
            "dose-text",
            "The dose number is text",
            v().with("v/0/dn", "2"),
        ),
        make("series-zero", "A series of no doses", v().with("v/0/sd", 0)),
        make(
            "dt-impossible",
            "A dose on 31 April",
            v().with("v/0/dt", "2025-04-31"),
        ),
        make(
            "dt-partial",
            "A dose in a month",
            v().with("v/0/dt", "2025-04"),
        ),
        make("dt-empty", "A dose on no day", v().with("v/0/dt", "")),
        make(
            "sc-date-only",
            "A test without a time",
            t().with("t/0/sc", "2026-01-14"),
        ),
        make(
            "sc-hour-25",
            "A test at 25 o'clock",
            t().with("t/0/sc", "2026-01-14T25:30:00Z"),
        ),
        make(
            "du-impossible",
            "Valid until day 32",
            r().with("r/0/du", "2026-05-32"),
        ),
        make(
            "ci-bytes",
            "The UVCI is bytes",
            v().with("v/0/ci", Item::Bytes(vec![1])),
        ),
        icvp("icvp-without-dose", "No vx", payload::icvp().without("vx")),
        icvp("icvp-without-name", "No name", payload::icvp().without("n")),
        icvp(
            "icvp-without-dob",
            "No date of birth",
            payload::icvp().without("dob"),
        ),
        icvp("icvp-dob-impossible", "Born on 30 February", {
            payload::icvp().with("dob", "1998-02-30")
        }),
    ];
    for field in ["ver", "nam", "dob"] {
        let says = format!("{field} is missing");
        out.push(make(&format!("missing-{field}"), &says, v().without(field)));
    }
    let groups: [(&str, Content, &[&str]); 3] = [
        (
            "v",
            v,
            &["tg", "vp", "mp", "ma", "dn", "sd", "dt", "co", "is", "ci"],
        ),
        ("t", t, &["tg", "tt", "sc", "tr", "co", "is", "ci"]),
        ("r", r, &["tg", "fr", "df", "du", "co", "is", "ci"]),
    ];
    for (group, content, fields) in groups {
        for field in fields {
            let name = format!("missing-{group}-{field}");
            let says = format!("{field} is missing in {group}");
            out.push(make(
                &name,
                &says,
                content().without(&format!("{group}/0/{field}")),
            ));
        }
    }
    let null = v().with("v/0/ci", Item::Null);
    out.push(make(
        "null-for-required",
        "null where a field is required",
        null,
    ));
    let text = Claims::of("certificate".into()).seal(es256);
    let says = "Text stands where the certificate should";
    out.push(invalid("cbor", "content-text", clause::SCHEMA, says, text).or_at("schema"));
    out
}
