//! Many sheets as one document.

use crate::PrintError;
use crate::pdf::{Document, UsedGlyphs};
use crate::sheet::{Kind, Sheet};
use crate::text::{Press, Shaper};

/// The most sheets in one document. Viewers keep the whole table of objects, and a print job of more
/// is better cut.
pub const MAX_SHEETS: usize = 10_000;

/// A PDF being made of one or thousands of sheets.
///
/// Its bytes are taken as it grows ([`take`](Batch::take)) and at the end ([`finish`](Batch::finish));
/// together they are the file. Between the two it keeps about a kilobyte for each sheet.
pub struct Batch {
    kind: Kind,
    shaper: Shaper,
    glyphs: UsedGlyphs,
    document: Document,
    most: usize,
}

impl Batch {
    /// An empty document.
    #[must_use]
    pub fn new(press: &Press, kind: Kind) -> Batch {
        Batch {
            kind,
            shaper: Shaper::new(press),
            glyphs: UsedGlyphs::new(press),
            document: Document::new(),
            most: MAX_SHEETS,
        }
    }

    /// Adds a sheet. On an error the document is as it was before, and takes other sheets.
    ///
    /// # Errors
    /// [`PrintError`] says why this sheet is not printed.
    pub fn push(&mut self, sheet: &Sheet) -> Result<(), PrintError> {
        if self.document.sheets() >= self.most {
            return Err(PrintError::Full { limit: self.most });
        }
        let pages = sheet.draw(self.kind, &mut self.shaper, &mut self.glyphs)?;
        self.document.sheet(pages);
        Ok(())
    }

    /// How many sheets there are.
    #[must_use]
    pub fn sheets(&self) -> usize {
        self.document.sheets()
    }

    /// The bytes made since the last call: to be written away in order, so that a long batch needs no
    /// memory for them.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        self.document.take()
    }

    /// Ends the document: the bytes since the last [`take`](Batch::take), which is all of it where that
    /// was never called. A document without sheets has no pages, and viewers refuse it.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let title = match self.kind {
            Kind::Fold => "Giấy chứng nhận / Certificate",
            Kind::Card => "Thẻ chứng nhận / Certificate card",
            Kind::Label => "Nhãn chứng nhận / Certificate label",
        };
        self.document.finish(&self.glyphs, title)
    }
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch")
            .field("kind", &self.kind)
            .field("sheets", &self.sheets())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, EventFacts, Facts, Notes, Profile, Recovery, Words};
    use hcert::date::{Date, PartialDate};

    fn sheet() -> Sheet {
        let day = Date::new(2021, 12, 20).unwrap();
        Sheet {
            facts: Facts {
                name: "Hồ Ự".into(),
                name_latin: String::new(),
                date_of_birth: PartialDate::UNKNOWN,
                nationality: None,
                event: EventFacts::Recovery(Recovery {
                    disease: Words::same("COVID-19"),
                    first_positive: day,
                    valid_from: day,
                    valid_until: day,
                }),
                country: Words::new("Việt Nam", "Viet Nam"),
                site: None,
                issuer: Words::same("Bộ Y tế"),
                code_expires: None,
                number: "URN:UVCI:01:VN:1".into(),
            },
            notes: Notes::default(),
            code: Code::new(Profile::National, "HC1:6BF"),
            second_code: None,
            specimen: false,
        }
    }

    #[test]
    fn a_document_has_an_end() {
        let mut batch = Batch::new(&Press::new(), Kind::Label);
        batch.most = 2;
        assert_eq!(batch.push(&sheet()), Ok(()));
        assert_eq!(batch.push(&sheet()), Ok(()));
        assert_eq!(batch.push(&sheet()), Err(PrintError::Full { limit: 2 }));
        assert_eq!(batch.sheets(), 2);
    }

    #[test]
    fn presses_are_shared_and_batches_move_between_threads() {
        fn shared<T: Send + Sync>() {}
        fn moved<T: Send>() {}
        shared::<Press>();
        moved::<Batch>();
    }

    #[test]
    fn nothing_of_a_person_is_in_debug_output() {
        let shown = format!("{:?}", sheet());
        assert!(!shown.contains("Hồ") && !shown.contains("HC1") && shown.contains("National"));
    }
}
