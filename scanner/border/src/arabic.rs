//! Arabic letters as a machine-readable zone writes them.

/// ICAO Doc 9303 part 3, section 6, table C. Some letters become two or three with `X` before them,
/// so that the table can be undone; vowels that are not written stay unwritten. `None` if a letter
/// has no rule.
///
/// Most states print the usual spelling in Latin letters instead: this is one reading of a name
/// beside the certificate's own standardised one, and nothing is issued by it.
pub(crate) fn words(name: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut any = false;
    for c in name.chars() {
        match c {
            ' ' | '-' | '\u{a0}' => words.extend((!word.is_empty()).then(|| word.split_off(0))),
            // Tatweel, vowel signs, directions: not written. A doubled letter (shadda) is.
            '\u{640}' | '\u{64b}'..='\u{650}' | '\u{652}' | '\u{670}' | '\u{200e}' | '\u{200f}' => {
            }
            '\u{651}' => {
                let last = word.chars().next_back()?;
                word.push(last);
            }
            _ => {
                word.push_str(letters(c)?);
                any = true;
            }
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    any.then_some(words)
}

fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ء' => "XE",
        'آ' => "XAA",
        'أ' => "XAE",
        'ؤ' => "U",
        'إ' => "I",
        'ئ' => "XI",
        'ا' => "A",
        'ب' => "B",
        'ة' => "XTA",
        'ت' => "T",
        'ث' => "XTH",
        'ج' => "J",
        'ح' => "XH",
        'خ' => "XKH",
        'د' => "D",
        'ذ' => "XDH",
        'ر' => "R",
        'ز' => "Z",
        'س' => "S",
        'ش' => "XSH",
        'ص' => "XSS",
        'ض' => "XDZ",
        'ط' => "XTT",
        'ظ' => "XZZ",
        'ع' => "E",
        'غ' => "G",
        'ف' => "F",
        'ق' => "Q",
        'ك' => "K",
        'ل' => "L",
        'م' => "M",
        'ن' => "N",
        'ه' => "H",
        'و' => "W",
        'ى' => "XAY",
        'ي' => "Y",
        'ٱ' => "XXA",
        'ٹ' => "XXT",
        'پ' => "P",
        'چ' => "XC",
        'ڈ' => "XXD",
        'ڑ' => "XXR",
        'ژ' => "XJ",
        'ک' => "XKK",
        'گ' => "XGG",
        'ں' => "XNN",
        'ھ' => "XDO",
        'ہ' => "XXG",
        'ی' => "XYA",
        'ے' => "XYB",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of Doc 9303 part 3 and Arabic names in other scripts.
    #[test]
    fn table_of_names() {
        for (name, want) in [
            (
                "ابو بكر محمد بن زكريا الرازي",
                Some("ABW BKR MXHMD BN ZKRYA ALRAZY"),
            ),
            ("هارون الرشيد", Some("HARWN ALRXSHYD")),
            ("مُحَمَّد", Some("MXHMMD")),
            ("عبد-الله", Some("EBD ALLH")),
            ("Mohammed", None),
            ("王", None),
            (" ", None),
            ("", None),
        ] {
            let words = words(name).map(|words| words.join(" "));
            assert_eq!(words.as_deref(), want, "{name}");
        }
    }
}
