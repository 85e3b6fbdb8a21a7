//! The border desk: a certificate and an identity document together.
//!
//! A verdict says that a certificate is authentic; whose it is, only another document can say.
//! [`Document::read`] takes what a reader types or a person pastes - the machine-readable zone of a
//! passport or card ([`mrz`], ICAO Doc 9303), or the QR code of a Vietnamese citizen card - and
//! [`compare`] says whether both name one person, which field speaks against it, or why a person has
//! to look.
//!
//! ```
//! use border::{Answer, Document, Subject, compare};
//!
//! let passport = Document::read(
//!     "P<VNMNGUYEN<<VAN<DUC<<<<<<<<<<<<<<<<<<<<<<<<\n\
//!      B1234567<3VNM9802263M2601010<<<<<<<<<<<<<<06",
//! )?;
//! let certificate = Subject::new("Nguyễn", "Văn Đức", "NGUYEN", "VAN<DUC", "1998-02-26");
//! assert_eq!(compare(&certificate, &passport), Answer::Match);
//! # Ok::<(), border::DocumentError>(())
//! ```
//!
//! There is no input or output: texts come in, answers go out, and nothing is kept. `Debug` of
//! everything here shows nothing of the person.

mod answer;
mod arabic;
mod birth;
mod document;
pub mod mrz;
mod name;
mod subject;
pub mod words;

pub use answer::{Answer, Differences, Doubt, compare};
pub use document::{Document, DocumentError};
pub use subject::Subject;
