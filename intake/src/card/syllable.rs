//! Whether a word can be Vietnamese.
//!
//! Vietnamese is written one syllable a word: a beginning, a rhyme and a tone. The lists are short,
//! and a word that was mangled on its way hardly ever is on them.

use unicode_normalization::UnicodeNormalization as _;

const BEGINNINGS: [&str; 28] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g",
    "h", "k", "l", "m", "n", "p", "q", "r", "s", "t", "v", "x",
];

const RHYMES: &str = " a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu ia iêc iêm iên iêng iêp iêt iêu i ich im in inh ip it iu \
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong ooc op ot \
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uô up ut \
    uơ uy uya uych uyên uyêt uynh uyt uyu uyn ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu ưm ưn \
    y yêm yên yêng yêt yêu ynh yt ang ";

/// Whether a word, in any case and with its tone, is a syllable of Vietnamese.
pub(crate) fn is_syllable(word: &str) -> bool {
    /// No syllable is longer.
    const LONGEST: usize = 8;
    let word: String = word.nfc().flat_map(char::to_lowercase).collect();
    if word.is_empty() || word.chars().count() > LONGEST {
        return false;
    }
    let mut tones = 0;
    let mut bare = String::new();
    for c in word.nfd() {
        match c {
            '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' => tones += 1,
            c => bare.push(c),
        }
    }
    let bare: String = bare.nfc().collect();
    if tones > 1 {
        return false;
    }
    let is_rhyme = |rest: &str| !rest.is_empty() && RHYMES.contains(&format!(" {rest} "));
    // `gi` alone is beginning and rhyme at once: gì, gìn.
    is_rhyme(&bare)
        || BEGINNINGS.iter().any(|start| {
            bare.strip_prefix(start).is_some_and(|rest| {
                is_rhyme(rest)
                    || (*start == "gi" && is_rhyme(&format!("i{rest}")))
                    || (*start == "qu" && is_rhyme(&format!("u{rest}")))
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for word in [
            "Nguyễn",
            "TRẦN",
            "Lê",
            "Phạm",
            "Huỳnh",
            "Hoàng",
            "Vũ",
            "Võ",
            "Đặng",
            "Bùi",
            "Đỗ",
            "Hồ",
            "Ngô",
            "Dương",
            "Lý",
            "Trịnh",
            "Đoàn",
            "Thị",
            "Văn",
            "Đức",
            "Hồng",
            "Nhung",
            "Quỳnh",
            "Giang",
            "Phường",
            "Quận",
            "Bến",
            "Nghé",
            "Thuyền",
            "Khuya",
            "Gì",
            "Quốc",
            "Quyên",
            "Nguyệt",
            "Ý",
            "Yến",
            "An",
            "Nữ",
            "Nam",
            "Xuân",
            "Thủy",
            "Thuỷ",
            "Hòa",
            "Hoà",
            "Oanh",
            "Ước",
            "Kiều",
            "Trương",
            "Diễm",
        ] {
            assert!(is_syllable(word), "{word}");
        }
        for word in [
            "Nguyeenx",
            "Vawn",
            "Nuwx",
            "VN",
            "Nguye6n4",
            "Nguye^~n",
            "",
            "Đđ",
            "Brown",
            "Schmidt",
            "Nguyễnx",
            "Nuw",
            "Phuwowngf",
        ] {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
