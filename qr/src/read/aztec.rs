//! Aztec symbols, from modules to bytes (ISO/IEC 24778). The decoder of [`rxing`] would make text of the bytes by the
//! tables of all encodings, which are half as large as everything else that a browser loads.

mod find;

use rxing::common::{
    BitMatrix,
    reedsolomon::{PredefinedGenericGF, ReedSolomonDecoder},
};

/// A symbol that was found and sampled.
struct Sampled {
    /// Its modules.
    modules: BitMatrix,
    /// Layers of data around its middle.
    layers: usize,
    /// Words of data, the rest being for error correction.
    words: usize,
    /// With the smaller middle.
    compact: bool,
}

/// The content of the first symbol in a picture that can be read.
pub(super) fn first(bits: &BitMatrix) -> Option<Vec<u8>> {
    find::first(bits, content)
}

fn content(sampled: &Sampled) -> Option<Vec<u8>> {
    let raw = raw_bits(&sampled.modules, sampled.layers, sampled.compact)?;
    Some(bytes(&corrected(&raw, sampled.layers, sampled.words)?))
}

/// The bits of the layers, from the outermost inwards, each two modules thick and read round.
fn raw_bits(matrix: &BitMatrix, layers: usize, compact: bool) -> Option<Vec<bool>> {
    let side = layers * 4 + if compact { 11 } else { 14 };
    let places = places(side, compact);
    let width = usize::try_from(matrix.width().min(matrix.height())).ok()?;
    if places.iter().any(|place| *place >= width) {
        return None;
    }
    let dark = |x: usize, y: usize| -> bool {
        let at = |i: usize| u32::try_from(places.get(i).copied().unwrap_or(0)).unwrap_or(0);
        matrix.get(at(x), at(y))
    };
    let mut bits = Vec::new();
    for layer in 0..layers {
        let length = (layers - layer) * 4 + if compact { 9 } else { 12 };
        let (low, high) = (2 * layer, side - 1 - 2 * layer);
        let pairs = || (0..length).flat_map(|j| [(j, 0), (j, 1)]);
        bits.extend(pairs().map(|(j, k)| dark(low + k, low + j)));
        bits.extend(pairs().map(|(j, k)| dark(low + j, high - k)));
        bits.extend(pairs().map(|(j, k)| dark(high - k, high - j)));
        bits.extend(pairs().map(|(j, k)| dark(high - j, low + k)));
    }
    Some(bits)
}

/// Modules on a side of a full symbol whose data, without the lines of the reference grid, take `side`.
fn with_grid_lines(side: usize) -> usize {
    side + 1 + 2 * ((side / 2 - 1) / 15)
}

/// Where rows and columns of data lie: full symbols have a line of the reference grid at every
/// sixteenth module from the middle.
fn places(side: usize, compact: bool) -> Vec<usize> {
    if compact {
        return (0..side).collect();
    }
    let (middle, whole) = (side / 2, with_grid_lines(side));
    let mut places = vec![0; side];
    for i in 0..middle {
        let distance = i + i / 15 + 1;
        places[middle - i - 1] = whole / 2 - distance;
        places[middle + i] = whole / 2 + distance;
    }
    places
}

/// The bits of the data words, errors corrected and stuffing taken out.
fn corrected(raw: &[bool], layers: usize, data_words: usize) -> Option<Vec<bool>> {
    let (size, field) = match layers {
        0..=2 => (6, PredefinedGenericGF::AztecData6),
        3..=8 => (8, PredefinedGenericGF::AztecData8),
        9..=22 => (10, PredefinedGenericGF::AztecData10),
        _ => (12, PredefinedGenericGF::AztecData12),
    };
    // What does not fill a word stands before the first.
    let words = raw.get(raw.len() % size..)?.chunks_exact(size);
    let mut words: Vec<i32> = words.map(number).collect();
    let check_words = words.len().checked_sub(data_words)?;
    let decoder = ReedSolomonDecoder::new(field.into());
    decoder
        .decode(&mut words, i32::try_from(check_words).ok()?)
        .ok()?;
    let all = (1 << size) - 1;
    let mut bits = Vec::with_capacity(data_words * size);
    for &word in words.get(..data_words)? {
        match word {
            word if word == 0 || word == all => return None,
            // The last bit was put in so that a word is neither all zeros nor all ones.
            word if word == 1 || word == all - 1 => {
                bits.extend(std::iter::repeat_n(word != 1, size - 1));
            }
            word => bits.extend((0..size).rev().map(|bit| word & (1 << bit) != 0)),
        }
    }
    Some(bits)
}

/// The number that some bits, at most 12 of them, are.
fn number(bits: &[bool]) -> i32 {
    bits.iter()
        .fold(0, |number, bit| 2 * number + i32::from(*bit))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Upper,
    Lower,
    Mixed,
    Punctuation,
    Digit,
}

/// What a code of a mode stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Byte(u8),
    Two(&'static [u8; 2]),
    /// For one code.
    Shift(Mode),
    /// From now on.
    Latch(Mode),
    /// Bytes follow.
    Binary,
    /// FNC1, or another encoding.
    Flag,
}

fn item(mode: Mode, code: u8) -> Item {
    use Item::{Binary, Byte, Flag, Latch, Shift, Two};
    use Mode::{Digit, Lower, Mixed, Punctuation, Upper};
    const SIGNS: &[u8; 8] = b"@\\^_`|~\x7f";
    const PUNCTUATION: &[u8; 25] = b"!\"#$%&'()*+,-./:;<=>?[]{}";
    match (mode, code) {
        (Punctuation, 0) => Flag,
        (_, 0) => Shift(Punctuation),
        (Upper | Lower | Mixed | Digit, 1) => Byte(b' '),
        (Upper, 2..=27) => Byte(b'A' + code - 2),
        (Lower, 2..=27) => Byte(b'a' + code - 2),
        (Upper, 28) | (Mixed, 28) => Latch(Lower),
        (Lower, 28) => Shift(Upper),
        (Upper | Lower, 29) => Latch(Mixed),
        (Upper | Lower, 30) => Latch(Digit),
        (Mixed, 2..=14) => Byte(code - 1),
        (Mixed, 15..=19) => Byte(code + 12),
        (Mixed, 20..=27) => Byte(SIGNS[usize::from(code - 20)]),
        (Mixed, 29) => Latch(Upper),
        (Mixed, 30) => Latch(Punctuation),
        (Punctuation, 1) => Byte(b'\r'),
        (Punctuation, 2) => Two(b"\r\n"),
        (Punctuation, 3) => Two(b". "),
        (Punctuation, 4) => Two(b", "),
        (Punctuation, 5) => Two(b": "),
        (Punctuation, 6..=30) => Byte(PUNCTUATION[usize::from(code - 6)]),
        (Punctuation, _) => Latch(Upper),
        (Digit, 2..=11) => Byte(b'0' + code - 2),
        (Digit, 12) => Byte(b','),
        (Digit, 13) => Byte(b'.'),
        (Digit, 14) => Latch(Upper),
        (Digit, _) => Shift(Upper),
        (Upper | Lower | Mixed, _) => Binary,
    }
}

/// The bytes of a stream of codes. It ends where no whole code is left.
fn bytes(bits: &[bool]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = bits;
    let mut take = |count: usize| {
        let (taken, left) = rest.split_at_checked(count)?;
        rest = left;
        usize::try_from(number(taken)).ok()
    };
    let mut mode = Mode::Upper;
    let mut back = None;
    while let Some(code) = take(if mode == Mode::Digit { 4 } else { 5 }) {
        match item(mode, u8::try_from(code).unwrap_or(0)) {
            Item::Byte(byte) => bytes.push(byte),
            Item::Two(two) => bytes.extend(two),
            Item::Shift(next) => {
                (back, mode) = (Some(mode), next);
                continue;
            }
            Item::Latch(next) => {
                (back, mode) = (None, next);
                continue;
            }
            Item::Binary => {
                let length = match take(5) {
                    Some(0) => take(11).map(|more| more + 31),
                    length => length,
                };
                for _ in 0..length.unwrap_or(0) {
                    let Some(byte) = take(8) else { return bytes };
                    bytes.push(u8::try_from(byte).unwrap_or(0));
                }
            }
            // Another encoding is for who makes text of the bytes; its digits are passed over.
            Item::Flag => match take(3) {
                Some(0) => bytes.push(0x1d),
                Some(digits) => {
                    if take(4 * digits).is_none() {
                        return bytes;
                    }
                }
                None => return bytes,
            },
        }
        mode = back.take().unwrap_or(mode);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(codes: &[(usize, usize)]) -> Vec<u8> {
        let bits = codes
            .iter()
            .flat_map(|(code, size)| (0..*size).rev().map(move |bit| code & (1 << bit) != 0));
        bytes(&bits.collect::<Vec<_>>())
    }

    #[test]
    fn modes_are_shifted_and_latched() {
        // H, C, digits, 1, upper, shift punctuation, colon.
        let start = [(9, 5), (4, 5), (30, 5), (3, 4), (14, 4), (0, 5), (21, 5)];
        assert_eq!(of(&start), b"HC1:");
        // After a shift the mode is the one before.
        assert_eq!(of(&[(28, 5), (2, 5), (28, 5), (2, 5), (2, 5)]), b"aAa");
        assert_eq!(of(&[(0, 5), (2, 5), (2, 5)]), b"\r\nA");
        assert_eq!(
            of(&[(29, 5), (15, 5), (20, 5), (27, 5), (14, 5)]),
            b"\x1b@\x7f\r"
        );
    }

    #[test]
    fn bytes_and_flags() {
        assert_eq!(
            of(&[(31, 5), (2, 5), (0xe1, 8), (0, 8), (2, 5)]),
            b"\xe1\0A"
        );
        // FNC1, then encoding 26, which is UTF-8.
        let flags = [
            (0, 5),
            (0, 5),
            (0, 3),
            (0, 5),
            (0, 5),
            (2, 3),
            (4, 4),
            (8, 4),
            (3, 5),
        ];
        assert_eq!(of(&flags), b"\x1dB");
        // Cut off.
        assert_eq!(of(&[(2, 5), (31, 5), (9, 5), (0x41, 8)]), b"AA");
        assert_eq!(of(&[(2, 5), (1, 3)]), b"A");
    }
}
