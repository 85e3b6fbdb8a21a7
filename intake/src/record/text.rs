//! Short texts: lots, sites, tubes, names of makers.

use core::fmt;

use hcert::dcc::{MAX_TEXT, Text, TextError};

use crate::{finding::Form, finding::Problem, plain::tidy};

/// One line of 1 to 80 characters, in NFC, without outer or double spaces and control characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line(Text);

impl Line {
    /// Spaces are put in order; an empty text is [`Problem::Missing`].
    pub fn new(text: &str) -> Result<Line, Problem> {
        let text = tidy(text);
        if text.is_empty() {
            return Err(Problem::Missing);
        }
        match Text::new(&text) {
            Ok(text) => Ok(Line(text)),
            Err(TextError::ControlCharacter { found }) => Err(Problem::ControlCharacter { found }),
            Err(TextError::TooLong { length }) => Err(Problem::TooLong {
                length,
                limit: MAX_TEXT,
            }),
            Err(_) => Err(Problem::Missing),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The text as a payload has it.
    pub fn text(&self) -> &Text {
        &self.0
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line(..)")
    }
}

/// A text of an alphabet, in upper case where the letters do not matter.
macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $form:expr, $length:expr, $others:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Spaces around it are dropped, letters become upper case.
            pub fn new(text: &str) -> Result<$name, Problem> {
                let text = text.trim();
                if text.is_empty() {
                    return Err(Problem::Missing);
                }
                let allowed = |c: char| c.is_ascii_alphanumeric() || $others.contains(c);
                if $length.contains(&text.len()) && text.chars().all(allowed) {
                    Ok($name(text.to_ascii_uppercase()))
                } else {
                    Err(Problem::Form($form))
                }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

code! {
    /// The lot of a vaccine, as printed on the vial: 3 to 20 letters, digits, `-`, `.` and `/`.
    Lot, Form::Lot, 3..=20, "-./"
}
code! {
    /// The code of a site: 2 to 32 letters, digits, `-`, `_` and `.`.
    Site, Form::Site, 2..=32, "-_."
}
code! {
    /// The number on a sample tube: 3 to 40 letters, digits and `-`.
    Tube, Form::Tube, 3..=40, "-"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        assert_eq!(Lot::new(" fk0595 ").map(|lot| lot.0), Ok("FK0595".into()));
        for bad in ["A1", "ABC 123", "0123456789ABCDEFGHIJK", "ABC=1", "số1"] {
            assert_eq!(Lot::new(bad), Err(Problem::Form(Form::Lot)), "{bad}");
        }
        assert_eq!(Site::new(""), Err(Problem::Missing));
        assert!(Site::new("79-Q1_TYT.03").is_ok());
        assert_eq!(Tube::new("a/1"), Err(Problem::Form(Form::Tube)));
        assert_eq!(
            Line::new("  Trạm  y tế ").map(|l| l.0.to_string()),
            Ok("Trạm y tế".into())
        );
        assert!(matches!(
            Line::new(&"x".repeat(81)),
            Err(Problem::TooLong { length: 81, .. })
        ));
        assert!(matches!(
            Line::new("a\u{202e}b"),
            Err(Problem::ControlCharacter { .. })
        ));
    }
}
