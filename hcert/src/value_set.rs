//! Value sets: which codes a payload may carry, and what they are called.
//!
//! [`ValueSets::builtin`] knows the sets of the eHealth Network as of January 2023 (test devices:
//! July 2021) and costs nothing until asked: its table is text in the program, searched when
//! needed. Newer sets, in the form the European Commission publishes them, replace a built-in set
//! as a whole with [`ValueSets::update`].
//!
//! Issuing checks codes ([`ValueSets::check`]); reading only asks for names
//! ([`ValueSets::display`]) and shows unknown codes as they are.

mod builtin;
mod check;
mod kind;
mod published;
mod vietnamese;

use alloc::{boxed::Box, collections::BTreeMap};

pub use kind::Kind;
use published::Table;
pub use published::ValueSetError;
pub use vietnamese::vietnamese;

/// The value sets in force: the built-in ones and those that replace them.
///
/// ```
/// use hcert::value_set::{Kind, ValueSets};
///
/// let sets = ValueSets::builtin();
/// assert_eq!(sets.display(Kind::Product, "EU/1/20/1528"), Some("Comirnaty"));
/// assert_eq!(sets.display(Kind::Product, "unheard of"), None);
/// ```
#[derive(Debug, Clone, Default)]
pub struct ValueSets {
    replaced: BTreeMap<Kind, Table>,
}

/// One code of a value set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The code.
    pub code: &'a str,
    /// What it stands for, in English; of a test device, maker and name.
    pub display: &'a str,
    /// Whether new certificates may carry it.
    pub active: bool,
}

impl ValueSets {
    /// The built-in sets.
    pub fn builtin() -> ValueSets {
        ValueSets::default()
    }

    /// Replaces a set by one in the published JSON form, and says which:
    ///
    /// ```json
    /// { "valueSetId": "covid-19-lab-result", "valueSetDate": "2021-04-27",
    ///   "valueSetValues": { "260415000": { "display": "Not detected", "active": true,
    ///       "lang": "en", "system": "http://snomed.info/sct", "version": "..." } } }
    /// ```
    ///
    /// The text is trusted as it is, and not compared with the date of the set it replaces.
    pub fn update(&mut self, json: &str) -> Result<Kind, ValueSetError> {
        let (kind, table) = Table::parse(json)?;
        self.replaced.insert(kind, table);
        Ok(kind)
    }

    /// The date of a set, as published (`2022-11-30`).
    pub fn date(&self, kind: Kind) -> &str {
        match self.replaced.get(&kind) {
            Some(table) => table.date(),
            None => builtin::date(kind),
        }
    }

    /// All codes of a set, also those no longer in use, in the order of their codes.
    pub fn entries(&self, kind: Kind) -> Box<dyn Iterator<Item = Entry<'_>> + '_> {
        match self.replaced.get(&kind) {
            Some(table) => Box::new(table.entries()),
            None => Box::new(builtin::entries(kind)),
        }
    }

    /// One code of a set.
    pub fn get(&self, kind: Kind, code: &str) -> Option<Entry<'_>> {
        match self.replaced.get(&kind) {
            Some(table) => table.get(code),
            None => builtin::entries(kind).find(|entry| entry.code == code),
        }
    }

    /// What a code stands for, in English, also one no longer in use; `None` if it is unknown,
    /// and to be shown as it is.
    pub fn display(&self, kind: Kind, code: &str) -> Option<&str> {
        self.get(kind, code).map(|entry| entry.display)
    }
}
