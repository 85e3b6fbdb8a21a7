//! A code as it was typed: the texts it can have been, and what to set right.
//!
//! A signature decides in the end, so that no guess here can make a certificate valid that is not.

use hcert::limits::Limits;
use unicode_normalization::UnicodeNormalization as _;

/// What should be set right at the reader or the computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Advice {
    /// Caps lock was on; undone.
    CapsLock,
    /// Something stood before the code; left out.
    Noise,
    /// The keyboard layout is German; undone.
    German,
    /// The keyboard layout is French; undone.
    French,
    /// The reader types for a German or French keyboard, and this computer or the gate itself, which takes
    /// keys as a US keyboard means them, is set to none; undone.
    ReaderLayout,
    /// An input method or a Vietnamese layout has changed the text: it can't be undone.
    InputMethod,
    /// Only a part of the code came.
    Half,
    /// Too long for a code.
    TooLong,
}

impl Advice {
    /// A stable word, for interfaces.
    pub const fn name(self) -> &'static str {
        match self {
            Advice::CapsLock => "caps_lock",
            Advice::Noise => "noise",
            Advice::German => "german_layout",
            Advice::French => "french_layout",
            Advice::ReaderLayout => "reader_layout",
            Advice::InputMethod => "input_method",
            Advice::Half => "half",
            Advice::TooLong => "too_long",
        }
    }
}

/// A text that a scan can have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The text.
    pub text: String,
    /// What was undone.
    pub advice: Option<Advice>,
}

const PREFIX: &str = "HC1:";

/// The texts that a scan can have been, likely ones first; at least one.
pub fn readings(bytes: &[u8]) -> Vec<Reading> {
    let text = String::from_utf8_lossy(bytes);
    // Tab is what some readers send in place of Enter. A space may belong to the code.
    let text = without_aim(text.trim_matches('\t'));
    let mut readings = vec![Reading {
        text: text.to_owned(),
        advice: None,
    }];
    let mut add = |text: String, advice| {
        if readings.iter().all(|known| known.text != text) {
            readings.push(Reading {
                text,
                advice: Some(advice),
            });
        }
    };
    // Base45 has no lower case.
    let upper = text.to_ascii_uppercase();
    if upper.starts_with(PREFIX) {
        add(upper.clone(), Advice::CapsLock);
    }
    // The last is the likeliest: a half code with a whole one behind it.
    for (at, _) in upper.rmatch_indices(PREFIX).take(4) {
        if at > 0 {
            add(
                upper.get(at..).unwrap_or_default().to_owned(),
                Advice::Noise,
            );
        }
    }
    for (restore, advice) in [
        (german as fn(&str) -> Option<String>, Advice::German),
        (french, Advice::French),
        (of_german_reader, Advice::ReaderLayout),
        (of_french_reader, Advice::ReaderLayout),
    ] {
        if let Some(text) = restore(text)
            && text.starts_with(PREFIX)
        {
            add(text, advice);
        }
    }
    readings
}

/// Why a text that is no certificate may be none: letters that no code has.
pub fn suspicion(bytes: &[u8]) -> Option<Advice> {
    let text = String::from_utf8_lossy(bytes);
    if text.len() > Limits::DEFAULT.text_bytes {
        return Some(Advice::TooLong);
    }
    let text = text.trim_matches('\t');
    let start: String = text.chars().take(8).collect::<String>().to_uppercase();
    // `HC1:` itself: `1` is the key of the acute accent for VNI, and `ă` on a Vietnamese layout.
    let like_a_code = start.starts_with("HC") || start.contains("C1:");
    let foreign = |c: char| c.is_alphabetic() && !c.is_ascii();
    (like_a_code && text.contains(foreign)).then_some(Advice::InputMethod)
}

/// Without the symbology identifier that readers can be set to send: `]Q1`, `]z3`
/// (ISO/IEC 15424).
fn without_aim(text: &str) -> &str {
    let mut rest = text.chars();
    match (rest.next(), rest.next(), rest.next()) {
        (Some(']'), Some(kind), Some(modifier))
            if kind.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() =>
        {
            rest.as_str()
        }
        _ => text,
    }
}

/// What a US keyboard meant that came out on a German one (QWERTZ); of the characters of HC1 texts only.
fn german(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        let (dead, c) = undo_grave(c);
        if dead {
            out.push('+');
        }
        out.push(match c {
            'Y' => 'Z',
            'Z' => 'Y',
            'ß' | '?' => '-',
            '-' => '/',
            '(' => '*',
            'Ö' => ':',
            // A dead key on its own, or before what takes no accent.
            '`' => '+',
            '0'..='9' | 'A'..='Z' | ' ' | '$' | '%' | '.' => c,
            _ => return None,
        });
    }
    Some(out)
}

/// Whether a letter has a grave accent, and the letter without it.
fn undo_grave(c: char) -> (bool, char) {
    let mut parts = std::iter::once(c).nfd();
    match (parts.next(), parts.next()) {
        (Some(base), Some('\u{300}')) => (true, base),
        _ => (false, c),
    }
}

/// What a US keyboard meant that came out on a French one (AZERTY).
fn french(text: &str) -> Option<String> {
    text.nfc()
        .map(|c| {
            Some(match c {
                '&' => '1',
                'é' => '2',
                '"' => '3',
                '\'' => '4',
                '(' => '5',
                '-' => '6',
                'è' => '7',
                '_' => '8',
                'ç' => '9',
                'à' => '0',
                'A' => 'Q',
                'Q' => 'A',
                'Z' => 'W',
                'W' => 'Z',
                '?' => 'M',
                'M' => ':',
                '4' => '$',
                '5' => '%',
                '8' => '*',
                '+' => '+',
                ')' => '-',
                ':' => '.',
                '!' => '/',
                ' ' => ' ',
                'B'..='L' | 'N'..='P' | 'R'..='V' | 'X' | 'Y' => c,
                _ => return None,
            })
        })
        .collect()
}

/// What a reader meant that types for a German keyboard (QWERTZ), where the keys are a US keyboard's.
fn of_german_reader(text: &str) -> Option<String> {
    text.chars()
        .map(|c| {
            Some(match c {
                'Y' => 'Z',
                'Z' => 'Y',
                '>' => ':',
                '}' => '*',
                ']' => '+',
                '/' => '-',
                '&' => '/',
                '0'..='9' | 'A'..='X' | ' ' | '$' | '%' | '.' => c,
                _ => return None,
            })
        })
        .collect()
}

/// The same for a French keyboard (AZERTY).
fn of_french_reader(text: &str) -> Option<String> {
    text.chars()
        .map(|c| {
            Some(match c {
                '!' => '1',
                '@' => '2',
                '#' => '3',
                '$' => '4',
                '%' => '5',
                '^' => '6',
                '&' => '7',
                '*' => '8',
                '(' => '9',
                ')' => '0',
                'Q' => 'A',
                'A' => 'Q',
                'W' => 'Z',
                'Z' => 'W',
                ':' => 'M',
                '.' => ':',
                '<' => '.',
                '>' => '/',
                ']' => '$',
                '"' => '%',
                '\\' => '*',
                '6' => '-',
                '+' | ' ' | 'B'..='L' | 'N'..='P' | 'R'..='V' | 'X' | 'Y' => c,
                _ => return None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<(String, Option<Advice>)> {
        let readings = readings(text.as_bytes());
        readings
            .into_iter()
            .map(|reading| (reading.text, reading.advice))
            .collect()
    }

    #[test]
    fn what_readers_make_of_a_code() {
        let code = "HC1:6BFOXN Z.A-Y/Q*M+W$%";
        for (typed, advice) in [
            ("HC1:6BFOXN Z.A-Y/Q*M+W$%", None),
            ("]Q1HC1:6BFOXN Z.A-Y/Q*M+W$%", None),
            ("]z3HC1:6BFOXN Z.A-Y/Q*M+W$%", None),
            ("HC1:6BFOXN Z.A-Y/Q*M+W$%\t", None),
            ("hc1:6bfoxn z.a-y/q*m+w$%", Some(Advice::CapsLock)),
            ("Hc1:6BFoXN Z.A-Y/Q*M+W$%", Some(Advice::CapsLock)),
            ("\u{fffd}xHC1:6BFOXN Z.A-Y/Q*M+W$%", Some(Advice::Noise)),
            ("HC1:6BFHC1:6BFOXN Z.A-Y/Q*M+W$%", Some(Advice::Noise)),
            ("HC1Ö6BFOXN Y.AßZ-Q(M`W$%", Some(Advice::German)),
            ("HC&M-BFOXN W:Q)Y!A8?+Z45", Some(Advice::French)),
            ("HC1>6BFOXN Y.A/Z&Q}M]W$%", Some(Advice::ReaderLayout)),
            ("HC!.^BFOXN W<Q6Y>A\\:+Z]\"", Some(Advice::ReaderLayout)),
        ] {
            let readings = found(typed);
            assert!(
                readings.contains(&(code.into(), advice)),
                "{typed}: {readings:?}"
            );
        }
        assert_eq!(german("+"), None);
        assert_eq!(german("HC1ÖÀB").as_deref(), Some("HC1:+AB"));
    }

    #[test]
    fn what_cannot_be_undone_is_told() {
        for (typed, advice) in [
            ("HC1:6BFÔXN", Some(Advice::InputMethod)),
            ("HCă:6BFOXN", Some(Advice::InputMethod)),
            ("hc1:6bfơxn", Some(Advice::InputMethod)),
            ("HC1:6BFOXN", None),
            ("Nguyễn Văn Đức", None),
        ] {
            assert_eq!(suspicion(typed.as_bytes()), advice, "{typed}");
        }
        assert_eq!(suspicion(&vec![b'A'; 20_000]), Some(Advice::TooLong));
    }

    proptest! {
        /// Whatever a code is, both layouts are undone to it.
        #[test]
        fn layouts_are_undone(code in "HC1:[0-9A-Z $%*+./:-]{0,60}") {
            let german_of = |c: char| match c {
                'Y' => 'Z', 'Z' => 'Y', '-' => 'ß', '/' => '-', '*' => '(', ':' => 'Ö', '+' => '`', c => c,
            };
            let french_of = |c: char| match c {
                '1' => '&', '2' => 'é', '3' => '"', '4' => '\'', '5' => '(', '6' => '-', '7' => 'è', '8' => '_',
                '9' => 'ç', '0' => 'à', 'A' => 'Q', 'Q' => 'A', 'Z' => 'W', 'W' => 'Z', 'M' => '?', ':' => 'M',
                '$' => '4', '%' => '5', '*' => '8', '-' => ')', '.' => ':', '/' => '!', c => c,
            };
            let typed: String = code.chars().map(german_of).collect();
            prop_assert_eq!(german(&typed), Some(code.clone()));
            let typed: String = code.chars().map(french_of).collect();
            prop_assert_eq!(french(&typed), Some(code.clone()));
            let german_reader_of = |c: char| match c {
                'Y' => 'Z', 'Z' => 'Y', ':' => '>', '*' => '}', '+' => ']', '-' => '/', '/' => '&', c => c,
            };
            let french_reader_of = |c: char| match c {
                '1' => '!', '2' => '@', '3' => '#', '4' => '$', '5' => '%', '6' => '^', '7' => '&', '8' => '*',
                '9' => '(', '0' => ')', 'A' => 'Q', 'Q' => 'A', 'Z' => 'W', 'W' => 'Z', 'M' => ':', ':' => '.',
                '.' => '<', '/' => '>', '$' => ']', '%' => '"', '*' => '\\', '-' => '6', c => c,
            };
            let typed: String = code.chars().map(german_reader_of).collect();
            prop_assert_eq!(of_german_reader(&typed), Some(code.clone()));
            let typed: String = code.chars().map(french_reader_of).collect();
            prop_assert_eq!(of_french_reader(&typed), Some(code));
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(!readings(&bytes).is_empty());
            let _ = suspicion(&bytes);
        }
    }
}
