//! Cells that a spreadsheet must not take for formulas.
//!
//! A cell that begins with `=`, `+`, `-`, `@`, a tab or a line break is computed by spreadsheets,
//! and may read other cells or call a server (OWASP, "CSV Injection"). An apostrophe before it
//! says that it is text.

use std::borrow::Cow;

/// Whether a text would be computed, also behind apostrophes that were put before it.
fn is_formula(text: &str) -> bool {
    let start = text.trim_start_matches('\'');
    // The wide forms count in East Asian versions; spaces before them are dropped on reading.
    start
        .trim_start_matches([' ', '\u{a0}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// The text, with an apostrophe before it if a spreadsheet would compute it.
pub fn guard(text: &str) -> Cow<'_, str> {
    if is_formula(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text as it was before [`guard`].
pub fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas() {
        for text in [
            "=1+1", "+84", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''=1", " =1", "＝1",
        ] {
            let guarded = guard(text);
            assert!(guarded.starts_with('\''), "{text}");
            assert_eq!(unguard(&guarded), text);
        }
        for text in ["", "Lê An", "'Lê", "1-2", "a=b", "'"] {
            assert_eq!(guard(text), text);
            assert_eq!(unguard(text), text);
        }
    }

    proptest! {
        #[test]
        fn there_and_back(text in "['=+@ \\ta-]{0,6}") {
            let guarded = guard(&text);
            prop_assert_eq!(unguard(&guarded), &text);
            prop_assert!(!guarded.trim_start().starts_with(['=', '+', '-', '@']));
        }
    }
}
