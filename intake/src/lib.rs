//! What vaccination and sampling sites report, from the way people write it to checked records.
//!
//! ```text
//! card:  what a reader at the desk types      \
//! table: CSV and XLSX                          >  draft -> record -> plausibility -> hcert::dcc
//! fhir:  bundles and lines of resources       /
//! ```
//!
//! A [`draft::Draft`] holds one report as texts; [`draft::Draft::read`] makes a [`record::Record`]
//! of it, whose types cannot hold a wrong value, or says everything that is wrong.
//! [`plausibility::check`] then says what cannot be or is not likely, and [`record::to_dcc`] makes
//! the payload of a certificate. [`words`] says all of it in Vietnamese and English.
//!
//! Nothing here reads a file, a clock, a socket or a random number: bytes and
//! [`hcert::time::Timestamp`]s come in as arguments.
//!
//! ```
//! use hcert::{time::Timestamp, uvci::Uvci};
//! use intake::{
//!     codes::Catalogue, draft::Settings, plausibility::Known, record, table,
//!     words::{Language, Words},
//! };
//!
//! let catalogue = Catalogue::builtin();
//! let now: Timestamp = "2022-06-15T03:00:00Z".parse()?;
//! let options = table::Options {
//!     settings: Settings::vietnam(&catalogue).ok_or("VN is in the value set")?,
//!     known: Known::new(&catalogue, now),
//!     history: None,
//!     secret: &[0; 32], // of the service, and kept secret
//!     limits: table::Limits::DEFAULT,
//! };
//! let file = "Họ và tên;Ngày sinh;Vắc xin;Mũi;Ngày tiêm\n\
//!             Lê Thị Hương;1940;Comirnaty;2/2;20/12/2021\n\
//!             Trần An;26/02/1998;Comirnaty;2/2;31/02/2022\n";
//! let table = table::read(file.as_bytes(), &options)?;
//!
//! let (_, accepted) = table.accepted().next().ok_or("one is right")?;
//! let issuer = record::Issuer { name: record::Line::new("Bộ Y tế").map_err(|_| "empty")? };
//! let dcc = record::to_dcc(&accepted.record, &issuer, Uvci::new("VN", "8A1F3C")?);
//! assert_eq!(dcc.date_of_birth().to_string(), "1940");
//!
//! let (row, findings) = table.refused().next().ok_or("one is wrong")?;
//! let words = Words::new(Language::English);
//! assert_eq!((row.line, words.what(&findings[0])), (3, "The month has no day 31.".into()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod card;
pub mod codes;
pub mod draft;
pub mod fhir;
pub mod field;
pub mod finding;
pub mod plausibility;
pub mod record;
pub mod table;
pub mod words;

mod plain;
mod typed;

pub use plain::{plain, tidy};
