//! Whether a name can be one.

use super::Findings;
use crate::{
    card::{Method, from_mojibake, is_syllable, restore_word},
    field::Field,
    finding::Problem,
    plain::plain,
    record::{Person, Sex},
};

/// Family names that are hardly ever given names: who has one at the end has it swapped.
const FAMILY_ONLY: [&str; 12] = [
    "Nguyễn", "Trần", "Phạm", "Huỳnh", "Phan", "Bùi", "Đặng", "Ngô", "Trịnh", "Trương", "Đỗ", "Võ",
];

/// Family names of Viet Nam, without marks.
const FAMILY: &str = " nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh trinh dao doan lam mai \
    truong cao ha luong luu ta to thai chau ton quach tang kieu la nghiem phung mac thach danh kim son lo giang ninh au chu \
    cu cung diep dam khuat khuong lac luc ma nong ong quan sam thieu tieu tong tu vuong vi xa y ksor ro siu trieu vang thao \
    giap be ban hua hau lu sung song an bach cam can chung co dan dau doi dong du duc gian h han hong hy khau khong khuu lai \
    lang lien long loi luyen ly mau mo mong ngan nghi nham nhan nhu o ong pho phi phu quang que quy sai sang sinh so tan tap \
    tat te thang than thanh thi thien tho thoi thong thuong thuy tien tinh toan trac trang tri trong trung tuong ty ung uong \
    uy van vien viet vinh vong yen yem ";

pub(super) fn check(person: &Person, found: &mut Findings) {
    let (family, given) = (person.name.family(), person.name.given());
    if family.is_empty() && given.is_empty() {
        // Only the passport's spelling, which its own type keeps in form.
        return;
    }
    let whole = person.name.full();
    for (field, part) in [(Field::FamilyName, family), (Field::GivenNames, given)] {
        letters(field, part, found);
    }
    if whole.split(' ').count() == 1 {
        found.add(Field::FullName, Problem::NameOneWord, &whole);
    }
    let foreign = person
        .nationality
        .as_ref()
        .is_some_and(|country| !country.is_vietnam());
    if !foreign {
        let last = given.split(' ').next_back().unwrap_or_default();
        let is_family = |word: &str| FAMILY.contains(&format!(" {} ", plain(word)));
        let only_family = |word: &str| FAMILY_ONLY.iter().any(|name| plain(name) == plain(word));
        if only_family(last) && !is_family(family) {
            found.add(Field::FullName, Problem::NameSwapped, &whole);
        }
        sex(person, given, found);
    }
}

/// `Thị` is a middle name of women and `Văn` of men; whoever has both, or another, says nothing.
fn sex(person: &Person, given: &str, found: &mut Findings) {
    let words: Vec<String> = given.split(' ').map(str::to_lowercase).collect();
    // The last word is the name itself, and may be any.
    let middle = words.split_last().map_or(&[][..], |(_, middle)| middle);
    let has = |word: &str| middle.iter().any(|other| other == word);
    let word = match person.sex {
        Some(Sex::Male) if has("thị") && !has("văn") => "Thị",
        Some(Sex::Female) if has("văn") && !has("thị") => "Văn",
        _ => return,
    };
    found.add(Field::Sex, Problem::NameSex { word }, given);
}

fn letters(field: Field, part: &str, found: &mut Findings) {
    /// Letters of the fonts of before Unicode (TCVN3), which no name has.
    const LEGACY: &str = "¸µ¶·¹¨»¾¼½©ª«¬\u{ad}®×÷¤¦§";
    if from_mojibake(part).is_some()
        || part.contains('\u{FFFD}')
        || part.contains(|c| LEGACY.contains(c))
    {
        found.add(field, Problem::NameEncoding, part);
        return;
    }
    let restored: Option<Vec<(bool, String)>> = part.split(' ').map(restore).collect();
    let typed = restored.filter(|words| words.iter().any(|word| word.0));
    let perhaps = typed.map(|words| {
        words
            .into_iter()
            .map(|word| word.1)
            .collect::<Vec<_>>()
            .join(" ")
    });
    if part.contains(|c: char| c.is_numeric()) {
        // The digits may be VNI's.
        if perhaps.is_some() {
            found.add(field, Problem::NameTyping { perhaps }, part);
        }
        found.add(field, Problem::NameDigit, part);
        return;
    }
    let is_of_name = |c: char| {
        c.is_alphabetic()
            || unicode_normalization::char::is_combining_mark(c)
            || matches!(
                c,
                ' ' | '-' | '\'' | '’' | 'ʼ' | '.' | ',' | '·' | '\u{200C}' | '\u{200D}'
            )
    };
    if let Some(strange) = part.chars().find(|c| !is_of_name(*c)) {
        // A card without marks for lost letters, and VIQR's marks, land here as well.
        if perhaps.is_some() {
            found.add(field, Problem::NameTyping { perhaps }, part);
        }
        found.add(field, Problem::NameCharacter { found: strange }, part);
    } else if perhaps.is_some() {
        found.add(field, Problem::NameTyping { perhaps }, part);
    }
}

/// A word as it is, or as it was meant if it was typed with the input method off and there is one
/// answer. `None` if there are several.
fn restore(word: &str) -> Option<(bool, String)> {
    let as_it_is = || Some((false, word.to_owned()));
    if !word.is_ascii() || is_syllable(word) {
        return as_it_is();
    }
    // A single sign of Telex is within many foreign names (Lee, Bob, Max): two make a case.
    let lower = word.to_ascii_lowercase();
    let doubled = ["aa", "ee", "oo", "dd", "w"]
        .iter()
        .any(|pair| lower.contains(pair));
    let toned = lower
        .get(1..)
        .is_some_and(|rest| rest.contains(['s', 'f', 'r', 'x', 'j']));
    let mut all: Vec<String> = Vec::new();
    for method in Method::ALL {
        if method == Method::Telex && !(doubled && toned) {
            continue;
        }
        if let Some(restored) = restore_word(method, word)
            && !all.contains(&restored)
        {
            all.push(restored);
        }
    }
    match all.as_slice() {
        [] => as_it_is(),
        [one] => Some((true, one.clone())),
        _ => None,
    }
}
