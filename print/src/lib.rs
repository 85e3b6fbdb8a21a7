//! Certificates on paper.
//!
//! [`Facts`] say what is certified, in words; a [`Code`] is the signed text that goes into a QR symbol.
//! Together with [`Notes`] they are a [`Sheet`], of which a [`Batch`] makes one PDF with one or
//! thousands of sheets, as a folded A4 page, a card or a label ([`Kind`]).
//!
//! Nothing here reads a file or a clock. The PDF comes out piece by piece ([`Batch::take`]), so that a
//! long batch needs no more memory than a short one; the same sheets always give the same bytes.
//!
//! ```
//! use hcert::dcc::Dcc;
//! use hcert::value_set::ValueSets;
//! use print::{Batch, Code, Facts, Kind, Notes, Press, Profile, Sheet};
//! use serde_json::json;
//!
//! let dcc = Dcc::from_json(&json!({
//!     "ver": "1.3.3", "nam": { "fn": "Nguyễn", "gn": "Văn Đức" }, "dob": "1998-02-26",
//!     "v": [{
//!         "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
//!         "dn": 2, "sd": 2, "dt": "2021-12-20", "co": "VN", "is": "Bộ Y tế",
//!         "ci": "URN:UVCI:01:VN:8A1F3C#U"
//!     }]
//! })).expect("the schema is kept");
//! let sheet = Sheet {
//!     facts: Facts::from_dcc(&dcc, &ValueSets::builtin()),
//!     notes: Notes::default(),
//!     code: Code::new(Profile::National, "HC1:6BFOXN"),
//!     second_code: None,
//!     specimen: true,
//! };
//!
//! let press = Press::new(); // once: it holds the fonts
//! let mut batch = Batch::new(&press, Kind::Fold);
//! batch.push(&sheet)?;
//! let mut pdf = batch.take(); // what is finished so far, to be written away
//! pdf.extend(batch.finish());
//! assert!(pdf.starts_with(b"%PDF-"));
//! # Ok::<(), print::PrintError>(())
//! ```

mod batch;
mod error;
mod facts;
mod pdf;
mod sheet;
mod text;

pub use batch::{Batch, MAX_SHEETS};
pub use error::PrintError;
pub use facts::{EventFacts, Facts, Recovery, Row, Test, Vaccination, Words};
pub use sheet::{Code, Kind, Notes, Profile, Sheet};
pub use text::Press;
