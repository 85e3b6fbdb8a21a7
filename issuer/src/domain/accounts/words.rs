//! Sign-in names and first passwords that people can read out and type on any keyboard.

use service::random::{self, NoRandom};
use zeroize::Zeroizing;

/// Beginnings of syllables.
const ONSETS: [&str; 16] = [
    "b", "ch", "d", "h", "kh", "l", "m", "n", "nh", "ph", "s", "t", "th", "tr", "v", "x",
];
/// Their ends, all of which Vietnamese has without a mark.
const RIMES: [&str; 32] = [
    "a", "ai", "am", "an", "ang", "anh", "ao", "au", "ay", "em", "en", "eo", "i", "im", "in",
    "inh", "iu", "o", "oa", "oai", "oi", "om", "on", "ong", "u", "ua", "ui", "um", "un", "ung",
    "uoi", "uong",
];
/// Words of a password.
const WORDS: usize = 3;

/// A first password: three words of two syllables, as `lanthao-binhmai-xuongdong`. Each syllable is one
/// of 512: 54 bits in all, and wrong guesses at the sign-in make it wait.
pub(crate) fn first_password() -> Result<Zeroizing<String>, NoRandom> {
    let random = random::bytes::<{ WORDS * 4 }>()?;
    let mut text = Zeroizing::new(String::with_capacity(64));
    for (index, pair) in random.chunks_exact(2).enumerate() {
        if index > 0 && index % 2 == 0 {
            text.push('-');
        }
        if let [onset, rime] = pair {
            // 16 and 32 divide 256: each is as likely as any other.
            text.push_str(ONSETS.get(usize::from(onset % 16)).unwrap_or(&""));
            text.push_str(RIMES.get(usize::from(rime % 32)).unwrap_or(&""));
        }
    }
    Ok(text)
}

/// A sign-in name for somebody: `lan.nguyen` of Nguyễn Thị Lan; with a number when it is in use.
pub(crate) fn name_for(full_name: &str, in_use: impl Fn(&str) -> bool) -> String {
    let words: Vec<String> = full_name.split_whitespace().map(intake::plain).collect();
    let ascii = |word: &String| -> String {
        let letters = word.chars().filter(char::is_ascii_alphanumeric);
        letters.take(24).collect()
    };
    let words: Vec<String> = words.iter().map(ascii).filter(|w| !w.is_empty()).collect();
    let name = match words.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [family, .., given] => format!("{given}.{family}"),
    };
    if name.is_empty() || !in_use(&name) {
        return name;
    }
    let numbered = |number: u32| format!("{name}{number}");
    let free = (2..100_000).map(numbered).find(|name| !in_use(name));
    free.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn passwords_can_be_typed() {
        let all: HashSet<String> = (0..200)
            .map(|_| first_password().unwrap().to_string())
            .collect();
        assert_eq!(all.len(), 200);
        for one in &all {
            assert!(one.len() >= service::people::password::SHORTEST, "{one}");
            assert_eq!(one.split('-').count(), 3, "{one}");
            assert!(one.bytes().all(|c| c.is_ascii_lowercase() || c == b'-'));
        }
        let onsets: HashSet<_> = ONSETS.iter().collect();
        let rimes: HashSet<_> = RIMES.iter().collect();
        assert_eq!((onsets.len(), rimes.len()), (16, 32));
    }

    #[test]
    fn names() {
        let free = |_: &str| false;
        assert_eq!(name_for("Nguyễn Thị Lan", free), "lan.nguyen");
        assert_eq!(name_for(" Đỗ  Đức ", free), "duc.do");
        assert_eq!(name_for("Y", free), "y");
        assert_eq!(name_for("!", free), "");
        let used = |name: &str| ["lan.nguyen", "lan.nguyen2"].contains(&name);
        assert_eq!(name_for("Nguyễn Lan", used), "lan.nguyen3");
    }
}
