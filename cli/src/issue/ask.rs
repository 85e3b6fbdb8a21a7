//! A payload from the person at the terminal.

use std::io::{self, BufRead, Write};

use super::{
    answers::Conversation,
    payloads::{self, Terms, Wanted},
    questions,
};
use crate::{context::Context, fault::Fault};

/// Asks until the payload may be issued and the person says yes. The dialogue is on standard
/// error: standard output is for the certificate.
pub(super) fn payload(terms: &Terms, context: &Context) -> Result<Wanted, Fault> {
    let mut talk = Conversation::new(io::stdin().lock(), io::stderr(), context.words());
    until_right(&mut talk, terms)
}

fn until_right<R: BufRead, W: Write>(
    talk: &mut Conversation<R, W>,
    terms: &Terms,
) -> Result<Wanted, Fault> {
    let words = talk.words();
    let asking = words.asking();
    talk.say(asking.intro)?;
    loop {
        let value = questions::payload(talk, terms)?;
        match payloads::prepare(value, terms)? {
            Ok(wanted) => {
                let answer = talk.ask(asking.confirm, None, |answer| {
                    let answer = answer.to_lowercase();
                    let yes = ["y", "yes", "c", "co", asking.yes];
                    match answer.is_empty() {
                        true => Err(asking.needed.into()),
                        false => Ok(yes.contains(&answer.as_str())),
                    }
                });
                return match answer? {
                    true => Ok(wanted),
                    false => Err(Fault::Cancelled),
                };
            }
            Err(problems) => {
                for problem in &problems {
                    talk.say(&format!("  {}", words.problem(problem)))?;
                }
                talk.say(asking.again)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use hcert::{
        keys::{Signer as _, SoftwareKey},
        x509::{
            Certificate, EventKind,
            make::{self, Period, Subject},
        },
    };
    use serde_json::{Value, json};
    use verifier::wording::Language;
    use zeroize::Zeroizing;

    use super::*;
    use crate::words::Words;

    fn dsc(kinds: &[EventKind]) -> Certificate {
        let key = SoftwareKey::eddsa(&Zeroizing::new([7; 32]));
        let subject = Subject {
            common_name: "A",
            country: "VN",
            organisation: None,
        };
        let period = Period {
            not_before: "2020-01-01T00:00:00Z".parse().unwrap(),
            not_after: "2030-01-01T00:00:00Z".parse().unwrap(),
        };
        let csca = make::csca(&subject, period, [1; 16], &key).unwrap();
        make::dsc(&subject, period, [2; 16], &key.spki(), kinds, (&csca, &key)).unwrap()
    }

    /// The payload that these lines make, and what was said; `None` when the talk ended without.
    fn talk(kinds: &[EventKind], language: Language, lines: &str) -> (Option<Value>, String) {
        let dsc = dsc(kinds);
        let terms = Terms {
            issuer: "VN".into(),
            issued_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            expires_at: "2027-01-01T00:00:00Z".parse().unwrap(),
            usage: dsc.usage(),
        };
        let mut said = Vec::new();
        let mut talk = Conversation::new(lines.as_bytes(), &mut said, Words::new(language));
        let wanted = until_right(&mut talk, &terms);
        let said = String::from_utf8(said).unwrap();
        let value = wanted.ok().map(|wanted| {
            let mut value = wanted.dcc.to_json();
            let group = wanted.dcc.event().key();
            value[group][0].as_object_mut().unwrap().remove("ci");
            value
        });
        (value, said)
    }

    const PERSON: &str = "Nguyễn Văn Đức\n\n\n\n\n26/02/1998\n";

    #[test]
    fn a_vaccination_with_slips_on_the_way() {
        let lines = format!(
            "1\n{PERSON}nothing like it\ncomirnaty\nmRNA\nBioNTech\nzwei\n2\n\n31/02/2021\n20122021\n\nBộ Y tế\nyes\n"
        );
        let (value, said) = talk(&[], Language::English, &lines);
        let expected = json!({
            "ver": "1.3.3",
            "nam": { "fn": "Nguyễn", "fnt": "NGUYEN", "gn": "Văn Đức", "gnt": "VAN<DUC" },
            "dob": "1998-02-26",
            "v": [{
                "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528",
                "ma": "ORG-100030215", "dn": 2, "sd": 2, "dt": "2021-12-20", "co": "VN",
                "is": "Bộ Y tế"
            }]
        });
        assert_eq!(value, Some(expected), "{said}");
        for wanted in [
            "Family name [Nguyễn]: ",
            "Given names in the letters of the passport [VAN<DUC]: ",
            "  = 26 Feb 1998\n",
            "  nothing found\n",
            "  = Comirnaty (EU/1/20/1528)\n",
            "  a whole number from 1, please\n",
            "  the month has no day 31\n",
            "  = 20 Dec 2021\n",
        ] {
            assert!(said.contains(wanted), "{wanted:?} in {said}");
        }
    }

    #[test]
    fn a_contradiction_is_shown_and_what_was_typed_is_kept() {
        let first = "Trần Thị Ưng\n\n\n\n\n1956\n01/12/2021\n01/11/2021\n\n\nBộ Y tế\n";
        let second = "\n\n\n\n\n\n\n12/12/2021\n\n\n\ncó\n";
        let (value, said) = talk(
            &[EventKind::Recovery],
            Language::Vietnamese,
            &format!("{first}{second}"),
        );
        let value = value.unwrap_or_else(|| panic!("{said}"));
        assert_eq!(value["dob"], "1956");
        assert_eq!(
            value["r"][0],
            json!({ "tg": "840539006", "fr": "2021-12-01", "co": "VN", "is": "Bộ Y tế",
                    "df": "2021-12-12", "du": "2022-05-30" })
        );
        for wanted in [
            "Chứng nhận: khỏi bệnh\n",
            "r[0].df mâu thuẫn với r[0].fr",
            "Nơi cấp, ví dụ Bộ Y tế [Bộ Y tế]: ",
            "  = 12/12/2021\n",
        ] {
            assert!(said.contains(wanted), "{wanted:?} in {said}");
        }
    }

    #[test]
    fn a_test_with_its_moment() {
        let lines = format!(
            "test\n{PERSON}nucleic\n\n20/12/2021\n8.30\n8:30\n\nnot detected\nBệnh viện\n\nBộ Y tế\nno\n"
        );
        let (value, said) = talk(&[], Language::English, &lines);
        assert_eq!(value, None);
        assert!(said.contains("hours and minutes, please"), "{said}");
        let (value, said) = talk(&[], Language::English, &lines.replace("\nno\n", "\ny\n"));
        let value = value.unwrap_or_else(|| panic!("{said}"));
        assert_eq!(value["t"][0]["sc"], "2021-12-20T08:30:00+07:00");
        assert_eq!(value["t"][0]["nm"], "RT-PCR");
    }

    #[test]
    fn the_end_of_input_issues_nothing() {
        assert_eq!(talk(&[], Language::English, "1\nNguyễn").0, None);
        assert_eq!(talk(&[], Language::English, "").0, None);
    }
}
