//! What is printed, and how it lies on the paper.

mod card;
mod fold;
mod label;
mod pen;

use qr::encode::{Level, Options, Symbol};
use qr::render::{PngOptions, png};

use crate::PrintError;
use crate::facts::{EventFacts, Facts, Words};
use crate::pdf::{Drawn, UsedGlyphs};
use crate::text::{Shaper, clean, is_whole};

/// The paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A4, printed on one side and folded twice to A6: the lower half back, then the right half back.
    /// The code stays in front (at least 5 x 5 cm), the explanation is behind, and the facts are inside.
    Fold,
    /// A card of 85.6 x 54 mm (CR80, ISO/IEC 7810 ID-1), front and back as two pages. The code is as
    /// large as the card allows: under 5 cm.
    Card,
    /// A label of 62 x 100 mm for a health book, the code at least 5 x 5 cm; a page for each code.
    Label,
}

/// Who is to read a code, which is a matter of its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Signed with EdDSA: for verifiers of the country itself.
    National,
    /// Signed with ES256: for borders, as the HCERT specification asks.
    International,
}

impl Profile {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Profile::National => ("Mã dùng trong nước", "For use within the country"),
            Profile::International => ("Mã dùng quốc tế", "For international use"),
        }
    }
}

/// A signed text for a QR symbol.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    profile: Profile,
    text: String,
}

impl Code {
    /// A text, such as `HC1:...`. It becomes a symbol, and is checked, when it is printed.
    pub fn new(profile: Profile, text: impl Into<String>) -> Code {
        Code {
            profile,
            text: text.into(),
        }
    }

    /// The code as a picture for a screen or a message (PNG, black and white, quiet zone included).
    ///
    /// # Errors
    /// [`PrintError::Code`] where the text makes no symbol.
    pub fn png(&self) -> Result<Vec<u8>, PrintError> {
        let symbol = Symbol::new(&self.text, &Options::default())?;
        Ok(png(&symbol, &PngOptions::default())?.bytes)
    }

    /// The symbol for a kind of paper. A card has little room: there larger modules help more than more
    /// correction.
    fn symbol(&self, kind: Kind) -> Result<Symbol, PrintError> {
        let level = match kind {
            Kind::Card => Level::M,
            Kind::Fold | Kind::Label => Level::Q,
        };
        let options = Options {
            level,
            ..Options::default()
        };
        Ok(Symbol::new(&self.text, &options)?)
    }
}

impl std::fmt::Debug for Code {
    /// Without the text: it holds the person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Code")
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// What a sheet tells its bearer beyond the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notes {
    /// Where to have a mistake mended, as it stands after "bring this sheet to".
    pub correct_at: Words,
    /// The one-time code with which the bearer gets the certificate online. Without one there is a line
    /// to write it on.
    pub claim_code: Option<String>,
    /// Where to enter it, such as `hcert.example.vn/nhan`.
    pub claim_at: Option<String>,
}

impl Default for Notes {
    fn default() -> Notes {
        Notes {
            correct_at: Words::new(
                "nơi đã tiêm hoặc xét nghiệm",
                "the site where you were vaccinated or tested",
            ),
            claim_code: None,
            claim_at: None,
        }
    }
}

/// One certificate on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What it says.
    pub facts: Facts,
    /// What it tells beyond that.
    pub notes: Notes,
    /// The code in front.
    pub code: Code,
    /// Another code for the same facts, on a side of its own, so that a camera never sees both.
    pub second_code: Option<Code>,
    /// Marks the sheet as a specimen. For every certificate signed with a development or test key.
    pub specimen: bool,
}

impl Sheet {
    /// Draws the pages, in their order.
    pub(crate) fn draw(
        &self,
        kind: Kind,
        shaper: &mut Shaper,
        glyphs: &mut UsedGlyphs,
    ) -> Result<Vec<Drawn>, PrintError> {
        let printed = Printed::new(self, kind, shaper)?;
        match kind {
            Kind::Fold => fold::draw(&printed, shaper, glyphs),
            Kind::Card => card::draw(&printed, shaper, glyphs),
            Kind::Label => label::draw(&printed, shaper, glyphs),
        }
    }
}

/// A sheet whose texts are clean and whose codes are symbols.
struct Printed {
    facts: Facts,
    notes: Notes,
    symbol: (Profile, Symbol),
    second: Option<(Profile, Symbol)>,
    specimen: bool,
}

impl Printed {
    fn new(sheet: &Sheet, kind: Kind, shaper: &Shaper) -> Result<Printed, PrintError> {
        let symbol = |code: &Code| Ok::<_, PrintError>((code.profile, code.symbol(kind)?));
        Ok(Printed {
            facts: clean_facts(&sheet.facts, shaper)?,
            notes: clean_notes(&sheet.notes, shaper)?,
            symbol: symbol(&sheet.code)?,
            second: sheet.second_code.as_ref().map(symbol).transpose()?,
            specimen: sheet.specimen,
        })
    }
}

/// The longest text that is looked at, in bytes: far more than fits any paper.
const MAX_BYTES: usize = 2000;

fn clean_facts(facts: &Facts, shaper: &Shaper) -> Result<Facts, PrintError> {
    let text = |text: &str| {
        if text.len() > MAX_BYTES {
            return Err(PrintError::DoesNotFit { what: "a fact" });
        }
        Ok(clean(shaper.press(), text))
    };
    let words = |words: &Words| Ok::<_, PrintError>(Words::new(text(&words.vi)?, text(&words.en)?));
    let mut name = text(&facts.name)?;
    let mut name_latin = text(&facts.name_latin)?;
    if (name.is_empty() || !is_whole(&name)) && !name_latin.is_empty() {
        name = std::mem::take(&mut name_latin);
    }
    if name.is_empty() {
        return Err(PrintError::NoName);
    }
    if name_latin == name {
        name_latin.clear();
    }
    let mut event = facts.event.clone();
    match &mut event {
        EventFacts::Vaccination(v) => {
            v.disease = words(&v.disease)?;
            v.vaccine = words(&v.vaccine)?;
            v.product = text(&v.product)?;
            v.manufacturer = text(&v.manufacturer)?;
        }
        EventFacts::Test(t) => {
            t.disease = words(&t.disease)?;
            t.test_type = words(&t.test_type)?;
            t.result = words(&t.result)?;
            t.name = t.name.as_deref().map(text).transpose()?;
            t.centre = t.centre.as_deref().map(text).transpose()?;
        }
        EventFacts::Recovery(r) => r.disease = words(&r.disease)?,
    }
    Ok(Facts {
        name,
        name_latin,
        date_of_birth: facts.date_of_birth,
        nationality: facts.nationality.as_ref().map(words).transpose()?,
        event,
        country: words(&facts.country)?,
        site: facts.site.as_deref().map(text).transpose()?,
        issuer: words(&facts.issuer)?,
        code_expires: facts.code_expires,
        number: text(&facts.number)?,
    })
}

fn clean_notes(notes: &Notes, shaper: &Shaper) -> Result<Notes, PrintError> {
    let text = |text: &str| {
        if text.len() > MAX_BYTES {
            return Err(PrintError::DoesNotFit { what: "a note" });
        }
        Ok(clean(shaper.press(), text))
    };
    Ok(Notes {
        correct_at: Words::new(text(&notes.correct_at.vi)?, text(&notes.correct_at.en)?),
        claim_code: notes.claim_code.as_deref().map(text).transpose()?,
        claim_at: notes.claim_at.as_deref().map(text).transpose()?,
    })
}
