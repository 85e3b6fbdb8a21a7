//! What is said to people, in each language.
//!
//! One file per language; the compiler sees to it that each says everything. Each thing is said in
//! two sentences: what is so, and what to do.

mod en;
mod vi;

use crate::{
    card::{CardError, Mending},
    fhir::{FhirError, What},
    field::Field,
    finding::Finding,
    table::TableError,
};

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Vietnamese.
    #[default]
    Vietnamese,
    /// English.
    English,
}

impl Language {
    /// All languages.
    pub const ALL: [Language; 2] = [Language::Vietnamese, Language::English];

    /// ISO 639-1.
    pub const fn code(self) -> &'static str {
        match self {
            Language::Vietnamese => "vi",
            Language::English => "en",
        }
    }
}

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub struct Words(Language);

macro_rules! say {
    ($($(#[$doc:meta])* $name:ident($of:ty) -> $out:ty;)*) => {
        impl Words {
            $(
                $(#[$doc])*
                pub fn $name(self, of: $of) -> $out {
                    match self.0 {
                        Language::Vietnamese => vi::$name(of),
                        Language::English => en::$name(of),
                    }
                }
            )*
        }
    };
}

say! {
    /// The name of a field, as a table's header has it.
    field(Field) -> &'static str;
    /// What is wrong with a field.
    what(&Finding) -> String;
    /// What to do about it.
    remedy(&Finding) -> String;
    /// Why a file can't be taken, and what to do.
    table(&TableError) -> String;
    /// Why a scan is no card, and what to do.
    card(&CardError) -> String;
    /// Why a FHIR document can't be taken, and what to do.
    fhir(&FhirError) -> String;
    /// What is wrong with an element of FHIR, and what to do.
    issue(&What) -> String;
    /// What happened to a scan on its way, and what to set right.
    mending(&Mending) -> String;
}

impl Words {
    /// The words of this language.
    pub fn new(language: Language) -> Words {
        Words(language)
    }

    /// That the reader dropped the marks of Vietnamese, and what to do.
    pub fn marks_lost(self) -> &'static str {
        match self.0 {
            Language::Vietnamese => vi::MARKS_LOST,
            Language::English => en::MARKS_LOST,
        }
    }

    /// What stands before the warnings of a row that waits for somebody to say that they are right.
    pub fn to_confirm(self) -> &'static str {
        match self.0 {
            Language::Vietnamese => "Cần xác nhận:",
            Language::English => "To be confirmed:",
        }
    }

    /// The explanation of the template for a table, line by line.
    pub fn template(self) -> &'static [&'static str] {
        match self.0 {
            Language::Vietnamese => &vi::TEMPLATE,
            Language::English => &en::TEMPLATE,
        }
    }

    /// The names of the template's sheets: the data, and the explanation.
    pub fn sheets(self) -> [&'static str; 2] {
        match self.0 {
            Language::Vietnamese => ["Dữ liệu", "Hướng dẫn"],
            Language::English => ["Data", "Explanation"],
        }
    }
}

#[cfg(test)]
mod tests;
