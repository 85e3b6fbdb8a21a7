//! Cyrillic letters.

/// ICAO Doc 9303 part 3, section 6, table B, general column. `letter` is in upper case and
/// without marks: the table writes `Ё Й Ї Ў` as their base letters. `acute` tells the Macedonian
/// `Ѓ` and `Ќ`, which no other language has, so that the exception for Macedonian holds.
pub(super) fn letters(letter: char, acute: bool) -> Option<&'static str> {
    Some(match letter {
        'Г' if acute => "GJ",
        'К' if acute => "KJ",
        'А' => "A",
        'Б' => "B",
        'В' => "V",
        'Г' | 'Ґ' => "G",
        'Д' | 'Ђ' => "D",
        'Е' | 'Э' => "E",
        'Ж' => "ZH",
        'З' => "Z",
        'И' | 'І' => "I",
        'Ј' => "J",
        'К' => "K",
        'Л' => "L",
        'Љ' => "LJ",
        'М' => "M",
        'Н' => "N",
        'Њ' => "NJ",
        'О' => "O",
        'П' => "P",
        'Р' => "R",
        'С' => "S",
        'Т' => "T",
        'Ћ' => "C",
        'У' | 'Ѫ' => "U",
        'Ф' => "F",
        'Х' => "KH",
        'Ц' => "TS",
        'Ч' => "CH",
        'Џ' | 'Ѕ' => "DZ",
        'Ш' => "SH",
        'Щ' => "SHCH",
        'Ъ' | 'Є' => "IE",
        'Ы' | 'Ѵ' => "Y",
        'Ь' => "",
        'Ю' => "IU",
        'Я' => "IA",
        // Beyond the table: Kazakh, as in Kazakh passports, and its neighbours.
        'Ә' => "A",
        'Ғ' => "G",
        'Қ' => "K",
        'Ң' => "N",
        'Ө' => "O",
        'Ү' | 'Ұ' => "U",
        'Һ' => "H",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::name::Transliteration;

    #[test]
    fn whole_alphabets() {
        for (text, want) in [
            ("абвгдеёжзийклмноп", "ABVGDEEZHZIIKLMNOP"),
            ("рстуфхцчшщъыьэюя", "RSTUFKHTSCHSHSHCHIEYEIUIA"),
            ("АБВГДЕЁЖЗИЙКЛМНОП", "ABVGDEEZHZIIKLMNOP"),
            ("ґєії ў љњћџђј ѓќѕ", "GIEII<U<LJNJCDZDJ<GJKJDZ"),
            ("Юлия Щеглова", "IULIIA<SHCHEGLOVA"),
            ("Олександр Петренко", "OLEKSANDR<PETRENKO"),
            ("Қазақстан Нұрсұлтан", "KAZAKSTAN<NURSULTAN"),
        ] {
            assert_eq!(
                Transliteration::Icao.apply(text).unwrap().as_str(),
                want,
                "{text}"
            );
        }
    }
}
