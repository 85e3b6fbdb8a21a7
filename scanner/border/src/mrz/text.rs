//! From what was typed or pasted to the characters of the zone.

use super::{MAX_TEXT, MrzError};

const STX: char = '\u{2}';
const ETX: char = '\u{3}';

/// The sizes of ICAO Doc 9303.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Size {
    /// Part 5: cards, 3 lines of 30 characters.
    Td1,
    /// Part 6: larger cards, 2 lines of 36.
    Td2,
    /// Part 4: passports, 2 lines of 44.
    Td3,
}

impl Size {
    const ALL: [Size; 3] = [Size::Td1, Size::Td2, Size::Td3];

    /// How many lines there are.
    pub const fn lines(self) -> usize {
        match self {
            Size::Td1 => 3,
            Size::Td2 | Size::Td3 => 2,
        }
    }

    /// How many characters each has.
    pub const fn width(self) -> usize {
        match self {
            Size::Td1 => 30,
            Size::Td2 => 36,
            Size::Td3 => 44,
        }
    }
}

/// The characters of the zone, all lines one after the other: `A` to `Z`, digits, `<`.
///
/// Lower case counts as upper case; spaces, tabs and line ends as nothing; `&lt;`, the quotation
/// marks `‹` and `«` and the full-width sign as `<`, for that is what becomes of it on web pages
/// and in word processors. Readers put STX before and ETX behind, some a checksum after that.
pub(super) fn characters(text: &str) -> Result<(Size, Vec<u8>), MrzError> {
    if text.len() > MAX_TEXT {
        return Err(MrzError::TooLong);
    }
    let text = text.rsplit_once(STX).map_or(text, |(_, text)| text);
    let text = text.split_once(ETX).map_or(text, |(text, _)| text);
    let text = text.replace("&lt;", "<");
    let mut lines: Vec<Vec<u8>> = vec![Vec::new()];
    for c in text.chars() {
        match c {
            '\r' | '\n' => lines.push(Vec::new()),
            c => character(c, lines.last_mut().ok_or(MrzError::Empty)?)?,
        }
    }
    lines.retain(|line| !line.is_empty());
    let whole = lines.concat();
    if whole.is_empty() {
        return Err(MrzError::Empty);
    }
    let fits = |size: &&Size| whole.len() == size.lines() * size.width();
    if let Some(size) = Size::ALL.iter().find(fits) {
        return Ok((*size, whole));
    }
    padded(&lines).ok_or(MrzError::Length { found: whole.len() })
}

fn character(c: char, line: &mut Vec<u8>) -> Result<(), MrzError> {
    match c {
        'A'..='Z' | '0'..='9' | '<' => line.extend(u8::try_from(c)),
        'a'..='z' => line.extend(u8::try_from(c.to_ascii_uppercase())),
        '«' => line.extend(*b"<<"),
        '‹' | '＜' => line.push(b'<'),
        c if c.is_whitespace() || c.is_control() || c == '\u{feff}' => {}
        found if found.is_alphabetic() => return Err(MrzError::InputMethod { found }),
        found => return Err(MrzError::Character { found }),
    }
    Ok(())
}

/// People leave out the fillers at the end of the line of names.
fn padded(lines: &[Vec<u8>]) -> Option<(Size, Vec<u8>)> {
    let size = Size::ALL.into_iter().find(|size| {
        let whole = lines.iter().filter(|line| line.len() == size.width());
        lines.len() == size.lines()
            && whole.count() + 1 == lines.len()
            && lines.iter().all(|line| line.len() <= size.width())
    })?;
    let mut all = Vec::new();
    for line in lines {
        all.extend_from_slice(line);
        all.resize(all.len() + size.width() - line.len(), b'<');
    }
    Some((size, all))
}
