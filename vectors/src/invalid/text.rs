//! The text: prefix and Base45.

use super::super::{
    payload,
    stages::Claims,
    trust::Trust,
    valid::with_two_spaces,
    vector::{Vector, clause, invalid},
};

const BASE45: &str = "RFC 9285 section 6";

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    let text = Claims::of(payload::vaccination()).seal(trust.dsc("dsc-es256"));
    let digits = text.trim_start_matches("HC1:").to_owned();
    let prefix =
        |name: &str, says: &str, text: String| invalid("prefix", name, clause::CONTEXT, says, text);
    let base45 = |name: &str, says: &str, digits: String| {
        invalid("base45", name, BASE45, says, format!("HC1:{digits}"))
    };
    // Whole triples only, so that what is put after them begins a new group.
    let triples = &digits[..digits.len() / 3 * 3];
    let replaced =
        |place: usize, with: &str| [&digits[..place], with, &digits[place + 1..]].concat();
    let two_spaces = with_two_spaces(trust).replacen("  ", " ", 1);
    vec![
        prefix("prefix-none", "No context identifier", digits.clone()),
        prefix("prefix-empty-text", "No text at all", String::new()),
        prefix(
            "prefix-hc2",
            "A later context identifier",
            format!("HC2:{digits}"),
        ),
        prefix(
            "prefix-lt1",
            "The context identifier of a national light certificate",
            format!("LT1:{digits}"),
        ),
        prefix(
            "prefix-lower-case",
            "The context identifier in small letters",
            format!("hc1:{digits}"),
        ),
        prefix(
            "prefix-without-colon",
            "The context identifier without its colon",
            format!("HC1{digits}"),
        ),
        prefix(
            "prefix-twice",
            "The context identifier twice",
            format!("HC1HC1:{digits}"),
        ),
        prefix(
            "prefix-after-space",
            "A space before the text",
            format!(" {text}"),
        ),
        prefix(
            "prefix-after-byte-order-mark",
            "A byte order mark before the text",
            format!("\u{feff}{text}"),
        ),
        prefix(
            "prefix-fullwidth",
            "A context identifier that only looks like one",
            format!("\u{ff28}\u{ff23}\u{ff11}:{digits}"),
        ),
        prefix(
            "text-of-20000-characters",
            "Longer than any QR code can hold (at most 7,089 characters)",
            format!("HC1:{}", "0".repeat(20_000)),
        )
        .or_at("zlib"),
        base45(
            "base45-lower-case",
            "The digits in small letters",
            digits.to_lowercase(),
        ),
        base45(
            "base45-outside-alphabet",
            "A character that is no digit, inside",
            replaced(100, "#"),
        ),
        base45(
            "base45-outside-alphabet-last",
            "A character that is no digit, at the end",
            replaced(digits.len() - 1, "_"),
        ),
        base45(
            "base45-not-ascii",
            "A letter of two bytes",
            replaced(100, "Đ"),
        ),
        base45("base45-null", "A zero byte inside", replaced(100, "\0")),
        base45("base45-line-end-inside", "A line end inside", {
            let (start, end) = digits.split_at(99);
            format!("{start}\n{end}")
        }),
        base45(
            "base45-impossible-length",
            "One character more than a multiple of three",
            format!("{triples}0"),
        ),
        base45(
            "base45-triple-too-large",
            "Three characters that stand for 65536",
            format!("{}GGW{}", &digits[..99], &digits[102..]),
        ),
        base45(
            "base45-pair-too-large",
            "Two characters at the end that stand for 256",
            format!("{triples}V5"),
        ),
        base45(
            "base45-space-after",
            "A space after the text",
            format!("{triples} "),
        ),
        invalid(
            "base45",
            "base45-spaces-collapsed",
            BASE45,
            "Two spaces became one on the way",
            two_spaces,
        )
        .or_at("zlib"),
        base45(
            "base45-percent-encoded",
            "The text went through a web address: spaces became %20",
            digits.replace(' ', "%20"),
        )
        .or_at("zlib"),
    ]
}
