//! Names of people: the form of passports, Vietnamese names, and whether two names are one person.
//!
//! - [`Transliteration`] turns a name in its own letters into the letters of a machine-readable
//!   zone (`A` to `Z` and `<`), as `fnt` and `gnt` of a certificate need it.
//! - [`split_vietnamese`] proposes which part of a Vietnamese name is the family name.
//! - [`same_person`] compares a certificate with another document.

mod cyrillic;
mod greek;
mod latin;
mod likeness;
mod standard;
mod transliterate;
mod vietnamese;

pub use likeness::{Likeness, Person, same_person};
pub use standard::{MAX_STANDARD_NAME, StandardName, StandardNameError};
pub use transliterate::{NoRule, Transliteration};
pub use vietnamese::{SplitName, split_vietnamese};
