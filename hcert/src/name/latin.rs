//! Latin letters that are not a base letter with marks.

/// ICAO Doc 9303 part 3, section 6, table A, for the letters that Unicode does not decompose,
/// and letters of further Latin alphabets in the same spirit. `letter` is in upper case.
///
/// All other letters of table A are a base letter with marks, which are dropped; the exceptions
/// `Ä Ö Ü Å` are in [`super::transliterate`]. The choices the table leaves open follow what
/// certificates in use have: `Ü` is `UE`, `Ñ` is `N`.
pub(super) fn letters(letter: char) -> Option<&'static str> {
    Some(match letter {
        'Æ' => "AE",
        'Ð' | 'Đ' => "D",
        'Ħ' => "H",
        'ı' => "I",
        'ĸ' => "Q",
        'Ł' => "L",
        'Ŋ' => "N",
        'Ø' => "OE",
        'Œ' => "OE",
        // Upper-casing has turned ß into SS already.
        'ẞ' | 'ß' => "SS",
        'Ŧ' => "T",
        'Þ' => "TH",
        // Beyond the table.
        'Ɑ' => "A",
        'Ɓ' | 'Ƀ' => "B",
        'Ƈ' | 'Ȼ' => "C",
        'Ɖ' | 'Ɗ' => "D",
        'Ə' | 'Ǝ' | 'Ɛ' | 'Ɇ' => "E",
        'Ƒ' => "F",
        'Ɠ' | 'Ɣ' | 'Ǥ' => "G",
        'Ɨ' | 'Ɩ' => "I",
        'Ɉ' => "J",
        'Ƙ' => "K",
        'Ƚ' => "L",
        'Ɲ' | 'Ƞ' => "N",
        'Ɔ' | 'Ɵ' => "O",
        'Ƥ' => "P",
        'Ɍ' => "R",
        'Ƭ' | 'Ʈ' | 'Ⱦ' => "T",
        'Ʉ' => "U",
        'Ʋ' => "V",
        'Ƴ' | 'Ɏ' => "Y",
        'Ƶ' | 'Ȥ' => "Z",
        _ => return None,
    })
}
