//! Cards that a reader at the desk scans, and what keyboards and input methods make of them.
//!
//! A reader on a USB port is a keyboard: it types the text of the code, and the computer does with
//! it what it does with typing. [`read`] undoes what can be undone in one way only, says what it
//! was, and otherwise says what to switch off ([`words`](crate::words)).

mod citizen;
mod insurance;
mod mangled;
mod syllable;
mod typing;

use core::fmt;

use crate::{field::Field, finding::Problem, plain::tidy};
use citizen::{Fields, Misfit};

pub use citizen::CitizenCard;
pub use insurance::InsuranceCard;
pub use mangled::Layout;
pub(crate) use mangled::from_mojibake;
pub(crate) use syllable::is_syllable;
pub use typing::{Method, restore_word};

/// The most bytes of a scan; the longest code holds about a thousand.
pub const MAX_SCAN: usize = 4096;

/// A card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Card {
    /// A citizen card.
    Citizen(CitizenCard),
    /// A health-insurance card.
    Insurance(InsuranceCard),
}

/// A card, and what happened to its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The card.
    pub card: Card,
    /// What was undone. Where it is not empty, the reader or the computer should be set right, and
    /// the fields be looked at.
    pub mended: Vec<Mending>,
    /// The marks of Vietnamese were dropped on the way: the name has to be completed by hand.
    pub marks_lost: bool,
}

/// What was undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mending {
    /// The text came as the keys of an input method.
    Keys(Method),
    /// An input method had put letters together that do not belong together.
    InputMethodOn(Method),
    /// Caps lock was on.
    CapsLock,
    /// Another character came for `|`.
    Pipe(char),
    /// No `|` came at all.
    NoPipe,
    /// The keyboard layout is another.
    Layout(Layout),
    /// UTF-8 was taken for Windows-1252.
    CodePage,
}

/// Why there is no card.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CardError {
    /// There is nothing.
    Empty,
    /// More than [`MAX_SCAN`] bytes.
    TooLong,
    /// It is a health certificate, not a card.
    Certificate,
    /// It is a link.
    Link,
    /// It is neither kind of card.
    NotACard,
    /// It begins like a card, and ends too soon.
    Cut,
    /// Two scans stand one behind the other: the reader does not send Enter.
    TwoScans,
    /// Letters were lost, or an input method changed them, and there is more than one answer.
    Garbled,
    /// A field is not right.
    Field {
        /// The field.
        field: Field,
        /// What is wrong.
        problem: Problem,
    },
}

impl CardError {
    /// A stable name, for interfaces.
    pub fn code(&self) -> &'static str {
        match self {
            CardError::Empty => "empty",
            CardError::TooLong => "too_long",
            CardError::Certificate => "certificate",
            CardError::Link => "link",
            CardError::NotACard => "not_a_card",
            CardError::Cut => "cut",
            CardError::TwoScans => "two_scans",
            CardError::Garbled => "garbled",
            CardError::Field { .. } => "field",
        }
    }
}

impl fmt::Debug for CardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CardError::Field { field, problem } => write!(f, "{}: {}", field.id(), problem.code()),
            other => f.write_str(other.code()),
        }
    }
}

/// The characters that come for `|` on other layouts: British `~`, German `'`, French `µ`,
/// Italian `§`, Spanish `Ç`, Nordic `*`, Polish and Czech `'`, old terminals `¦`.
const PIPES: [char; 14] = [
    '~', '\'', 'µ', '§', 'Ç', 'ç', '*', '¦', '\\', '#', '°', '>', '^', '\t',
];

/// Reads a scan.
///
/// ```
/// use intake::card::{self, Card};
///
/// let scan = card::read("079198000001||LÊ THỊ B|05031998|Nữ|Phường 1, Quận 3, TP. Hồ Chí Minh|10062022\r")?;
/// let Card::Citizen(card) = scan.card else { panic!("another card") };
/// assert_eq!(card.name.as_str(), "LÊ THỊ B");
/// assert_eq!(card.birth.to_string(), "1998-03-05");
/// # Ok::<(), card::CardError>(())
/// ```
pub fn read(text: &str) -> Result<Scan, CardError> {
    if text.len() > MAX_SCAN {
        return Err(CardError::TooLong);
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{FEFF}');
    if text.is_empty() {
        return Err(CardError::Empty);
    }
    let start: String = text
        .chars()
        .take(8)
        .collect::<String>()
        .to_ascii_lowercase();
    if ["hc1:", "shc:/", "nzcp:", "hc1ö", "hc1;"]
        .iter()
        .any(|prefix| start.starts_with(prefix))
    {
        return Err(CardError::Certificate);
    }
    if start.starts_with("http") || start.starts_with("www.") {
        return Err(CardError::Link);
    }
    if lines_of_cards(text) > 1 {
        return Err(CardError::TwoScans);
    }
    // The first way of reading that fits is taken; what fits worse is remembered for the message.
    let mut worst = CardError::NotACard;
    for (candidate, mended) in candidates(text) {
        match read_as(&candidate, mended) {
            Ok(scan) => return Ok(scan),
            Err(CardError::NotACard) => {}
            Err(error) if worst == CardError::NotACard => worst = error,
            Err(_) => {}
        }
    }
    Err(worst)
}

fn lines_of_cards(text: &str) -> usize {
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| line.len() > 12 && line.as_bytes().iter().take(12).all(u8::is_ascii_digit))
        .count()
}

/// The text as it is, and as it may have been, likely ways first.
fn candidates(text: &str) -> Vec<(String, Vec<Mending>)> {
    // No text of a card is by chance one that was read by the wrong code page.
    let mut all = match from_mojibake(text) {
        Some(right) => vec![(right, vec![Mending::CodePage])],
        None => vec![(text.to_owned(), Vec::new())],
    };
    // Each of these alone, and then with caps lock.
    for (layout, sign) in [
        (Layout::Vietnamese, 'đ'),
        (Layout::French, 'µ'),
        (Layout::German, '\''),
    ] {
        if text.contains(sign)
            && let Some(typed) = mangled::from_layout(layout, text)
        {
            all.push((typed, vec![Mending::Layout(layout)]));
        }
    }
    for pipe in PIPES {
        if !text.contains('|') && text.matches(pipe).count() >= 4 {
            all.push((text.replace(pipe, "|"), vec![Mending::Pipe(pipe)]));
        }
    }
    let swapped: Vec<_> = all
        .iter()
        .map(|(text, mended)| {
            let mut mended = mended.clone();
            mended.push(Mending::CapsLock);
            (mangled::swap_case(text), mended)
        })
        .collect();
    all.extend(swapped);
    all
}

fn read_as(text: &str, mut mended: Vec<Mending>) -> Result<Scan, CardError> {
    match insurance::read(text, '|') {
        Ok((card, method)) => {
            // An undone input method is beside nothing else: hexadecimal has no case.
            mended.retain(|mending| *mending != Mending::CapsLock);
            mended.extend(method.map(Mending::InputMethodOn));
            return Ok(Scan {
                card: Card::Insurance(card),
                mended,
                marks_lost: false,
            });
        }
        Err(Misfit::Other) => {}
        Err(misfit) => return Err(error(misfit)),
    }
    let fields = match Fields::split(text, '|') {
        Ok(fields) => fields,
        Err(misfit @ (Misfit::Other | Misfit::Cut)) if !text.contains('|') => {
            let Some(fields) = Fields::split_unseparated(text) else {
                return Err(error(misfit));
            };
            mended.push(Mending::NoPipe);
            fields
        }
        Err(misfit) => return Err(error(misfit)),
    };
    let caps_lock = mended.contains(&Mending::CapsLock);
    let (fields, method) = letters(fields, caps_lock)?;
    mended.extend(method.map(Mending::Keys));
    let card = fields.read().map_err(error)?;
    let marks_lost = method.is_none() && has_lost_marks(&fields);
    Ok(Scan {
        card: Card::Citizen(card),
        mended,
        marks_lost,
    })
}

fn error(misfit: Misfit) -> CardError {
    match misfit {
        Misfit::Other => CardError::NotACard,
        Misfit::Cut => CardError::Cut,
        Misfit::Second => CardError::TwoScans,
        Misfit::Wrong(Field::FullName, Problem::NameEncoding) => CardError::Garbled,
        Misfit::Wrong(field, problem) => CardError::Field { field, problem },
    }
}

/// The fields of letters, put back where they came as keys.
///
/// The word for the sex is the surest sign: it is one of two.
fn letters(fields: Fields, caps_lock: bool) -> Result<(Fields, Option<Method>), CardError> {
    let sex = tidy(&fields.sex);
    let clean = |text: &str| !text.contains('\u{FFFD}') && !text.contains("??");
    if !clean(&fields.name) {
        return Err(CardError::Garbled);
    }
    let mut found: Option<(Fields, Method)> = None;
    for method in Method::ALL {
        let put = |text: &str| typing::restore_text(method, text);
        let (name, residence) = (put(&fields.name), put(&fields.residence));
        let sex_put = put(&sex);
        if name.is_none() && residence.is_none() && sex_put.is_none() {
            continue;
        }
        let sex = sex_put.unwrap_or_else(|| sex.clone());
        let name = name.unwrap_or_else(|| fields.name.clone());
        // A name that still holds the keys of marks was not typed by this method.
        if !matches!(sex.as_str(), "Nam" | "Nữ") || has_keys(&name) {
            continue;
        }
        let mut put = fields.clone();
        put.residence = residence.unwrap_or(put.residence);
        put.sex = sex;
        put.name = name;
        match &found {
            Some((other, _)) if other.name != put.name => return Err(CardError::Garbled),
            Some(_) => {}
            None => found = Some((put, method)),
        }
    }
    if let Some((fields, method)) = found {
        return Ok((fields, Some(method)));
    }
    match sex.as_str() {
        "Nam" | "Nữ" => Ok((fields, None)),
        // Caps lock makes them `nAM` and `nỮ`; without, these are another reading's.
        _ if caps_lock => Err(CardError::NotACard),
        "nAM" | "nỮ" => Err(CardError::NotACard),
        // What is left of `Nữ` when its letters are lost or changed.
        text if text.starts_with('N') && text != "N/A" => {
            let mut fields = fields;
            fields.sex = "Nữ".into();
            if has_keys(&fields.name) || fields.name.contains('?') {
                return Err(CardError::Garbled);
            }
            Ok((fields, None))
        }
        _ => Ok((fields, None)),
    }
}

fn has_keys(name: &str) -> bool {
    name.contains(|c: char| {
        c.is_ascii_digit() || matches!(c, '^' | '~' | '`' | '(' | '+' | '?' | '*')
    })
}

/// Residences and names of Vietnam have marks: a text of several words without a single one was
/// stripped of them, and so was a word without a vowel.
fn has_lost_marks(fields: &Fields) -> bool {
    let text = format!("{} {}", fields.name, fields.residence);
    let vowel = |c: char| "aeiouy".contains(c.to_ascii_lowercase()) || !c.is_ascii();
    let lost = |word: &str| {
        word.len() > 1 && word.chars().all(char::is_alphabetic) && !word.contains(vowel)
    };
    let stripped = text.is_ascii() && text.split_whitespace().count() > 4;
    stripped || fields.name.split_whitespace().any(lost) || fields.name.contains('?')
}

#[cfg(test)]
mod tests;
