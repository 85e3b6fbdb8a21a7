//! From a name in its own letters to the letters of a machine-readable zone.

use alloc::vec::Vec;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::standard::{Builder, StandardName};
use super::{cyrillic, greek, latin, vietnamese};

/// Which rules turn a name into [`StandardName`] letters.
///
/// The two differ only in letters that stand for two: the ICAO rules write `Ä Ö Ü Å` as
/// `AE OE UE AA`, the Vietnamese rules drop every mark (`Ă Â A` -> `A`, `Ê` -> `E`,
/// `Ô Ơ O` -> `O`, `Ư U` -> `U`), whatever it is. Both write `Đ` as `D`, and both fall back on
/// the same tables for letters that are not a base letter with marks.
///
/// ```
/// use hcert::name::Transliteration;
///
/// let rules = Transliteration::detect("Nguyễn Văn Đức", None);
/// assert_eq!(rules, Transliteration::Vietnamese);
/// assert_eq!(rules.apply("Văn Đức")?.as_str(), "VAN<DUC");
/// assert_eq!(Transliteration::Icao.apply("Gößinger")?.as_str(), "GOESSINGER");
/// # Ok::<(), hcert::name::NoRule>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transliteration {
    /// [ICAO Doc 9303 part 3](https://www.icao.int/publications/pages/publication.aspx?docnum=9303),
    /// section 6: table A for Latin and table B for Cyrillic letters (the general column, not the
    /// exceptions for single languages). Doc 9303 has no table for Greek; Greek letters follow
    /// ELOT 743, which Greek passports use.
    Icao,
    /// The rules of Vietnamese passports.
    Vietnamese,
}

/// A letter of a script for which there is no table, for example Arabic or Chinese. The
/// standardised name has to be taken from the person's passport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule to write the letter {letter} with A to Z")]
pub struct NoRule {
    /// The first such letter.
    pub letter: char,
}

impl Transliteration {
    /// The rules a name asks for: [`Vietnamese`](Transliteration::Vietnamese) when the nationality
    /// is Vietnamese (`VN` or `VNM`) or the name holds a letter only Vietnamese uses (`ơ`, `ư`, a
    /// vowel with hook above or dot below, or a tone mark on top of `ă â ê ô`); otherwise
    /// [`Icao`](Transliteration::Icao).
    ///
    /// `đ`, `ă` and `â` alone decide nothing: other languages have them too, and both rules write
    /// them alike.
    pub fn detect(name: &str, nationality: Option<&str>) -> Transliteration {
        if matches!(nationality, Some("VN" | "VNM")) || vietnamese::has_vietnamese_letter(name) {
            Transliteration::Vietnamese
        } else {
            Transliteration::Icao
        }
    }

    /// The standardised form of a name.
    ///
    /// Hyphens, spaces, commas, slashes and `<` separate parts with one `<`; apostrophes, digits
    /// and all other punctuation are removed; composed and decomposed Unicode give the same
    /// result; more than 80 letters are cut at the last boundary between parts. Text that already
    /// is standardised stays as it is, save for fillers at its ends or doubled.
    ///
    /// Fails on letters of a script without a table, so that no certificate is issued with half a
    /// name.
    pub fn apply(self, name: &str) -> Result<StandardName, NoRule> {
        let (standard, unknown) = self.run(name);
        match unknown {
            Some(letter) => Err(NoRule { letter }),
            None => Ok(standard),
        }
    }

    /// As [`apply`](Transliteration::apply), but letters without a rule are left out. For
    /// comparing and searching, not for issuing.
    pub fn apply_lossy(self, name: &str) -> StandardName {
        self.run(name).0
    }

    fn run(self, name: &str) -> (StandardName, Option<char>) {
        let clusters = clusters(name);
        let mut out = Builder::default();
        let mut unknown = None;
        let mut rest = clusters.as_slice();
        let mut previous = None;
        while let [cluster, tail @ ..] = rest {
            let mut used = 1;
            let base = cluster.base;
            if base.is_ascii_uppercase() {
                out.letters(base.encode_utf8(&mut [0; 4]));
                if self == Transliteration::Icao {
                    out.letters(cluster.second_letter());
                }
            } else if is_boundary(base) {
                out.boundary();
            } else if let Some(letters) = latin::letters(base) {
                out.letters(letters);
            } else if let Some(letters) = cyrillic::letters(base, cluster.acute) {
                out.letters(letters);
            } else if let Some((letters, count)) = greek::letters(previous, rest) {
                out.letters(letters);
                used = count;
            } else if is_letter(base) {
                unknown = unknown.or(Some(base));
            }
            previous = Some(*cluster);
            rest = tail.get(used - 1..).unwrap_or_default();
        }
        (out.finish(), unknown)
    }
}

/// A letter in upper case, and what the marks on it mean for the tables.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cluster {
    pub(super) base: char,
    /// U+0308: umlaut or diaeresis.
    pub(super) diaeresis: bool,
    /// U+030A: ring above.
    pub(super) ring: bool,
    /// U+0301: acute, also the Greek tonos.
    pub(super) acute: bool,
}

impl Cluster {
    /// What ICAO table A adds after the base letter for its marks.
    fn second_letter(&self) -> &'static str {
        match self.base {
            'A' | 'O' | 'U' if self.diaeresis => "E",
            'A' if self.ring => "A",
            _ => "",
        }
    }
}

/// Compatibility decomposition first, so that ligatures, full-width letters and both
/// normalisation forms meet; then upper case; then marks onto their letter.
fn clusters(name: &str) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for c in name.nfkd() {
        if is_combining_mark(c) {
            if let Some(last) = clusters.last_mut() {
                last.diaeresis |= c == '\u{308}';
                last.ring |= c == '\u{30A}';
                last.acute |= c == '\u{301}';
            }
        } else {
            clusters.extend(c.to_uppercase().map(|base| Cluster {
                base,
                diaeresis: false,
                ring: false,
                acute: false,
            }));
        }
    }
    clusters
}

/// Spaces and hyphens become fillers (Doc 9303 part 3, 4.6), and so does what lists of names are
/// written with.
fn is_boundary(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '<' | '-' | ',' | ';' | '/' | '&' | '+' | '_')
        || matches!(
            c,
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2E3A}' | '\u{2E3B}' | '\u{FE58}'
        )
}

/// Modifier letters (the Ukrainian and Hawaiian apostrophes among them) are punctuation here.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !matches!(c, '\u{2B0}'..='\u{2FF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use proptest::prelude::*;

    fn icao(name: &str) -> String {
        Transliteration::Icao.apply(name).unwrap().as_str().into()
    }

    #[test]
    fn table_of_names() {
        for (name, want) in [
            ("d'Červenková Panklová", "DCERVENKOVA<PANKLOVA"),
            ("Jiřina-Maria Alena", "JIRINA<MARIA<ALENA"),
            ("Müller", "MUELLER"),
            ("Gößinger", "GOESSINGER"),
            ("GÖẞINGER", "GOESSINGER"),
            ("Musterfrau-Gößinger", "MUSTERFRAU<GOESSINGER"),
            ("d'Arsøns - van Halen", "DARSOENS<VAN<HALEN"),
            ("François-Joan", "FRANCOIS<JOAN"),
            ("Åse Ærø", "AASE<AEROE"),
            ("Þórður Ðanielsson", "THORDUR<DANIELSSON"),
            ("Işık İlhan", "ISIK<ILHAN"),
            ("Łukasz Żółć", "LUKASZ<ZOLC"),
            ("Ĳsbrand Ŀull Ŋaŧħa", "IJSBRAND<LULL<NATHA"),
            ("Œuvrard Muñoz", "OEUVRARD<MUNOZ"),
            ("Đoković", "DOKOVIC"),
            ("Αθανάσιος", "ATHANASIOS"),
            ("Щукин", "SHCHUKIN"),
            ("Ø", "OE"),
            ("'t Achternaam", "T<ACHTERNAAM"),
            ("O’Neill", "ONEILL"),
            ("Лук’янов Лукʼянов", "LUKIANOV<LUKIANOV"),
            ("Smith, John / Jr.", "SMITH<JOHN<JR"),
            ("  --Jean\u{a0}-\u{2011} Luc--  ", "JEAN<LUC"),
            ("ＭＵＥＬＬＥＲ ﬁ", "MUELLER<FI"),
            ("Karl 2 der 3.", "KARL<DER"),
            ("SMITH<JONES", "SMITH<JONES"),
            ("Ren\u{200d}é\u{ad}", "RENE"),
            ("Nhung", "NHUNG"),
            ("", ""),
            ("-'", ""),
            ("\u{308}", ""),
        ] {
            assert_eq!(icao(name), want, "{name:?}");
        }
    }

    #[test]
    fn vietnamese_drops_all_marks() {
        let vietnamese =
            |name: &str| String::from(Transliteration::Vietnamese.apply(name).unwrap().as_str());
        for (name, want) in [
            ("Đỗ", "DO"),
            ("Thị Hồng Nhung", "THI<HONG<NHUNG"),
            ("Nguyễn", "NGUYEN"),
            ("Văn Đức", "VAN<DUC"),
            ("ăâêôơưđ ĂÂÊÔƠƯĐ", "AAEOOUD<AAEOOUD"),
            (
                "ắằẳẵặ ấầẩẫậ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ýỳỷỹỵ",
                "AAAAA<AAAAA<EEEEE<OOOOO<OOOOO<UUUUU<YYYYY",
            ),
            ("Müller Thị Hoa", "MULLER<THI<HOA"),
            ("Åge", "AGE"),
            ("Bùi Thái Sơn-Hà", "BUI<THAI<SON<HA"),
            ("Y Thông Êban", "Y<THONG<EBAN"),
        ] {
            assert_eq!(vietnamese(name), want, "{name:?}");
            let decomposed: String = name.nfd().collect();
            assert_eq!(vietnamese(&decomposed), want, "{decomposed:?}");
        }
        // No Vietnamese letter is taken for a German one by the ICAO rules either.
        assert_eq!(icao("Đỗ Thị Hồng Nhung"), "DO<THI<HONG<NHUNG");
    }

    #[test]
    fn detection() {
        for (name, nationality, vietnamese) in [
            ("Nguyễn Văn Đức", None, true),
            ("Đỗ Thị Hồng Nhung", None, true),
            ("Lê Minh", None, false),
            ("Lê Minh", Some("VN"), true),
            ("Lê Minh", Some("VNM"), true),
            ("Müller", Some("DE"), false),
            ("Müller-Nguyễn", None, true),
            ("Đorđe Ångström", None, false),
            ("Ștefănescu", None, false),
            ("Trương", None, true),
            ("Trần", None, true),
            ("Thị", None, true),
            ("Ḥasan Ṭāhir", None, false),
            ("", None, false),
        ] {
            let want = if vietnamese {
                Transliteration::Vietnamese
            } else {
                Transliteration::Icao
            };
            assert_eq!(Transliteration::detect(name, nationality), want, "{name:?}");
            let decomposed: String = name.nfd().collect();
            assert_eq!(
                Transliteration::detect(&decomposed, nationality),
                want,
                "{name:?}"
            );
        }
    }

    #[test]
    fn scripts_without_a_table_are_refused() {
        for name in ["ناصر", "王小明", "Müller 王"] {
            assert!(Transliteration::Icao.apply(name).is_err(), "{name}");
        }
        assert_eq!(
            Transliteration::Icao.apply_lossy("Müller 王").as_str(),
            "MUELLER"
        );
    }

    #[test]
    fn long_names_are_cut_between_parts() {
        let part = "ABCDEFGHI"; // nine letters and a filler: eight parts make 79
        let nine = [part; 9].join(" ");
        assert_eq!(icao(&nine), [part; 8].join("<"));
        let fits = alloc::format!("{}J", [part; 8].join("-"));
        assert_eq!(icao(&fits).len(), 80);
        assert_eq!(icao(&alloc::format!("{fits} more")), icao(&fits));
        assert_eq!(icao(&"x".repeat(100)), "X".repeat(80));
        assert_eq!(icao(&"Ä".repeat(41)).len(), 80);
    }

    proptest! {
        #[test]
        fn output_alphabet_and_idempotence(name in "\\PC{0,100}|[\\p{Latin}\\p{Cyrillic}\\p{Greek} '-]{0,120}") {
            for rules in [Transliteration::Icao, Transliteration::Vietnamese] {
                let once = rules.apply_lossy(&name);
                let text = once.as_str();
                prop_assert_eq!(StandardName::parse(text), Ok(once.clone()));
                prop_assert!(!text.starts_with('<') && !text.ends_with('<') && !text.contains("<<"));
                prop_assert_eq!(rules.apply(text), Ok(once.clone()));
                let composed: String = name.nfc().collect();
                let decomposed: String = name.nfd().collect();
                prop_assert_eq!(&rules.apply_lossy(&composed), &once);
                prop_assert_eq!(&rules.apply_lossy(&decomposed), &once);
            }
        }
    }
}
