//! Vietnamese letters as input methods have them typed: Telex, VNI and VIQR.
//!
//! Readers for citizen cards often send a name as the keys of an input method, for the method on
//! the computer to put together. Where that is switched off, or is another, the keys stay as they
//! are. A word is put back only if that makes a syllable of Vietnamese of it.

use unicode_normalization::UnicodeNormalization as _;

use super::syllable::is_syllable;

/// A way to type Vietnamese on a keyboard without its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Letters for marks: `Nguyeenx`.
    Telex,
    /// Digits for marks: `Nguye6n4`.
    Vni,
    /// Punctuation for marks: `Nguye^~n` (RFC 1456).
    Viqr,
}

impl Method {
    /// All of them.
    pub const ALL: [Method; 3] = [Method::Telex, Method::Vni, Method::Viqr];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Method::Telex => "Telex",
            Method::Vni => "VNI",
            Method::Viqr => "VIQR",
        }
    }
}

const CIRCUMFLEX: char = '\u{302}';
const BREVE: char = '\u{306}';
const HORN: char = '\u{31B}';
const GRAVE: char = '\u{300}';
const ACUTE: char = '\u{301}';
const TILDE: char = '\u{303}';
const HOOK: char = '\u{309}';
const DOT: char = '\u{323}';

/// The word that the keys make; `None` if no key is a mark's, or no Vietnamese syllable comes out.
pub fn restore_word(method: Method, keys: &str) -> Option<String> {
    /// Keys of the longest syllable, `nghieengs` and some.
    const LONGEST: usize = 16;
    if keys.len() > LONGEST {
        return None;
    }
    let mut word = Word::default();
    let mut used = false;
    for key in keys.chars() {
        let mark = match method {
            Method::Telex => telex(key),
            Method::Vni => vni(key),
            Method::Viqr => viqr(key),
        };
        match mark {
            Some(mark) if word.apply(mark, key) => used = true,
            _ => word.letters.push(Letter::plain(key)),
        }
    }
    if !used {
        return None;
    }
    let word = word.finish();
    is_syllable(&word).then_some(word)
}

/// All words of a text put back, each piece of letters and marks between spaces and commas; `None`
/// if no word changes, or one that is no syllable stays none.
pub(super) fn restore_text(method: Method, text: &str) -> Option<String> {
    let mut restored = String::with_capacity(text.len());
    let mut changed = false;
    for piece in text.split_inclusive([' ', ',', '-', '/', ';']) {
        let (keys, end) = match piece.char_indices().next_back() {
            Some((at, ' ' | ',' | '-' | '/' | ';')) => piece.split_at(at),
            _ => (piece, ""),
        };
        // Punctuation that belongs to the text: `TP.` has no vowel before its dot.
        let tail = keys.trim_end_matches(|c: char| method != Method::Viqr && c == '.');
        let rest = keys.get(tail.len()..).unwrap_or_default();
        match restore_word(method, tail) {
            Some(word) if !is_syllable(tail) => {
                changed = true;
                restored.push_str(&word);
            }
            _ => restored.push_str(tail),
        }
        restored.push_str(rest);
        restored.push_str(end);
    }
    changed.then_some(restored)
}

#[derive(Clone, Copy)]
enum Mark {
    /// A tone mark, for the vowel that bears it.
    Tone(char),
    /// A mark for the last vowel of these letters.
    Shape(char, &'static str),
    /// Telex `w`: horn on `o` and `u`, breve on `a`; alone it is `ư`.
    W,
    /// The bar of `đ`.
    Bar,
}

fn telex(key: char) -> Option<Mark> {
    Some(match key.to_ascii_lowercase() {
        's' => Mark::Tone(ACUTE),
        'f' => Mark::Tone(GRAVE),
        'r' => Mark::Tone(HOOK),
        'x' => Mark::Tone(TILDE),
        'j' => Mark::Tone(DOT),
        'a' => Mark::Shape(CIRCUMFLEX, "a"),
        'e' => Mark::Shape(CIRCUMFLEX, "e"),
        'o' => Mark::Shape(CIRCUMFLEX, "o"),
        'w' => Mark::W,
        'd' => Mark::Bar,
        _ => return None,
    })
}

fn vni(key: char) -> Option<Mark> {
    Some(match key {
        '1' => Mark::Tone(ACUTE),
        '2' => Mark::Tone(GRAVE),
        '3' => Mark::Tone(HOOK),
        '4' => Mark::Tone(TILDE),
        '5' => Mark::Tone(DOT),
        '6' => Mark::Shape(CIRCUMFLEX, "aeo"),
        '7' => Mark::Shape(HORN, "ou"),
        '8' => Mark::Shape(BREVE, "a"),
        '9' => Mark::Bar,
        _ => return None,
    })
}

fn viqr(key: char) -> Option<Mark> {
    Some(match key {
        '\'' => Mark::Tone(ACUTE),
        '`' => Mark::Tone(GRAVE),
        '?' => Mark::Tone(HOOK),
        '~' => Mark::Tone(TILDE),
        '.' => Mark::Tone(DOT),
        '^' => Mark::Shape(CIRCUMFLEX, "aeo"),
        '+' | '*' => Mark::Shape(HORN, "ou"),
        '(' => Mark::Shape(BREVE, "a"),
        'd' | 'D' => Mark::Bar,
        _ => return None,
    })
}

#[derive(Clone, Copy)]
struct Letter {
    base: char,
    shape: Option<char>,
    tone: Option<char>,
}

impl Letter {
    fn plain(base: char) -> Letter {
        Letter {
            base,
            shape: None,
            tone: None,
        }
    }

    fn is_vowel(&self) -> bool {
        matches!(
            self.base.to_ascii_lowercase(),
            'a' | 'e' | 'i' | 'o' | 'u' | 'y'
        )
    }
}

#[derive(Default)]
struct Word {
    letters: Vec<Letter>,
    tone: Option<char>,
}

impl Word {
    /// False if there is nothing for the mark to go on: then the key is a letter.
    fn apply(&mut self, mark: Mark, key: char) -> bool {
        match mark {
            Mark::Tone(tone) => {
                if self.tone.is_some() || !self.letters.iter().any(Letter::is_vowel) {
                    return false;
                }
                self.tone = Some(tone);
                true
            }
            Mark::Shape(shape, letters) => self.shape(shape, letters),
            Mark::W => self.w(key),
            Mark::Bar => self.bar(key),
        }
    }

    fn shape(&mut self, shape: char, letters: &str) -> bool {
        let fits = |letter: &Letter| {
            letter.shape.is_none() && letters.contains(letter.base.to_ascii_lowercase())
        };
        let Some(at) = self.letters.iter().rposition(fits) else {
            return false;
        };
        if let Some(letter) = self.letters.get_mut(at) {
            letter.shape = Some(shape);
        }
        true
    }

    fn w(&mut self, key: char) -> bool {
        if self.shape(HORN, "ou") || self.shape(BREVE, "a") {
            return true;
        }
        let base = if key.is_ascii_uppercase() { 'U' } else { 'u' };
        self.letters.push(Letter {
            shape: Some(HORN),
            ..Letter::plain(base)
        });
        true
    }

    /// `dd` in Telex and VIQR, `d9` in VNI; also `dand`, the mark after the syllable.
    fn bar(&mut self, key: char) -> bool {
        let Some(first) = self.letters.first_mut() else {
            return false;
        };
        let is_d = first.base.eq_ignore_ascii_case(&'d');
        if is_d && (key == '9' || key.eq_ignore_ascii_case(&'d')) {
            first.base = if first.base == 'D' { 'Đ' } else { 'đ' };
            return true;
        }
        false
    }

    fn finish(mut self) -> String {
        self.horn_of_u();
        if let Some(tone) = self.tone
            && let Some(letter) = self.bearer().and_then(|at| self.letters.get_mut(at))
        {
            letter.tone = Some(tone);
        }
        let parts = self.letters.iter().flat_map(|letter| {
            [Some(letter.base), letter.shape, letter.tone]
                .into_iter()
                .flatten()
        });
        parts.nfc().collect()
    }

    /// One key gives `uo` both horns where something follows (`huowng`, not `thuowr`), unless the
    /// `u` is of `qu`.
    fn horn_of_u(&mut self) {
        let is = |letter: Option<&Letter>, base: char| {
            letter.is_some_and(|letter| letter.base.eq_ignore_ascii_case(&base))
        };
        for at in 1..self.letters.len().saturating_sub(1) {
            let horned = self
                .letters
                .get(at)
                .is_some_and(|letter| letter.shape == Some(HORN));
            let before = at.checked_sub(2).and_then(|at| self.letters.get(at));
            if horned
                && is(self.letters.get(at), 'o')
                && !is(before, 'q')
                && let Some(u) = self.letters.get_mut(at - 1)
                && u.base.eq_ignore_ascii_case(&'u')
            {
                u.shape = Some(HORN);
            }
        }
    }

    /// The vowel that bears the tone: the last one with a mark; else, of several, the last one
    /// before an ending and the one before the last without (`Hoàng`, `Hòa`, `Thúy`).
    fn bearer(&self) -> Option<usize> {
        if let Some(at) = self
            .letters
            .iter()
            .rposition(|letter| letter.shape.is_some())
        {
            return Some(at);
        }
        let is = |at: usize, base: char| {
            self.letters
                .get(at)
                .is_some_and(|letter| letter.base.eq_ignore_ascii_case(&base))
        };
        let mut vowels: Vec<usize> = Vec::new();
        for (at, letter) in self.letters.iter().enumerate() {
            // `u` of `qu` and `i` of `gi` belong to the beginning, if another vowel follows.
            let next = self.letters.get(at + 1).is_some_and(Letter::is_vowel);
            let start =
                at == 1 && next && ((is(0, 'q') && is(1, 'u')) || (is(0, 'g') && is(1, 'i')));
            if letter.is_vowel() && !start {
                vowels.push(at);
            }
        }
        let ends_open = vowels
            .last()
            .is_some_and(|last| last + 1 == self.letters.len());
        match vowels.as_slice() {
            [] => None,
            [one] => Some(*one),
            [_, middle, _] => Some(*middle),
            [first, second] => Some(if ends_open { *first } else { *second }),
            [.., last] => Some(*last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_three_methods() {
        for (telex, vni, viqr, want) in [
            ("Nguyeenx", "Nguye6n4", "Nguye^~n", "Nguyễn"),
            ("NGUYEENX", "NGUYE6N4", "NGUYE^~N", "NGUYỄN"),
            ("Nguyeexn", "Nguye64n", "Nguye^n~", "Nguyễn"),
            ("Vawn", "Va8n", "Va(n", "Văn"),
            ("DDuwcs", "D9u7c1", "DDu+'c", "Đức"),
            ("Nuwx", "Nu74", "Nu+~", "Nữ"),
            ("Phuwowngf", "Phu7o72ng", "Phu+o+`ng", "Phường"),
            ("Huowng", "Huo7ng", "Huo+ng", "Hương"),
            ("Quaanj", "Qua65n", "Qua^.n", "Quận"),
            ("Hoangf", "Hoang2", "Hoa`ng", "Hoàng"),
            ("Hoaf", "Hoa2", "Ho`a", "Hòa"),
            ("Thuys", "Thuy1", "Thu'y", "Thúy"),
            ("Quys", "Quy1", "Quy'", "Quý"),
            ("Giangf", "Giang2", "Gia`ng", "Giàng"),
            ("Lee", "Le6", "Le^", "Lê"),
            ("Owr", "O73", "O+?", "Ở"),
            ("wng", "u7ng", "u+ng", "ưng"),
        ] {
            for (method, keys) in [
                (Method::Telex, telex),
                (Method::Vni, vni),
                (Method::Viqr, viqr),
            ] {
                assert_eq!(
                    restore_word(method, keys).as_deref(),
                    Some(want),
                    "{method:?} {keys}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_vietnamese_word_is_left() {
        for (method, keys) in [
            (Method::Telex, "An"),
            (Method::Telex, "Brown"),
            (Method::Telex, "Schroeder"),
            (Method::Telex, "sfrxj"),
            (Method::Vni, "B16"),
            (Method::Vni, "12"),
            (Method::Viqr, "TP."),
            (Method::Telex, "aaaaaaaaaaaaaaaaaaaaaa"),
        ] {
            assert_eq!(restore_word(method, keys), None, "{keys}");
        }
    }

    #[test]
    fn texts() {
        let text = "Phuwowngf Beens Nghes, Quaanj 1, TP. Hoof Chis Minh";
        let want = "Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh";
        assert_eq!(restore_text(Method::Telex, text).as_deref(), Some(want));
        assert_eq!(restore_text(Method::Vni, text), None);
        assert_eq!(restore_text(Method::Telex, want), None);
    }
}
