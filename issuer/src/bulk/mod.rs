//! Bulk work: thousands of rows of a file become records and certificates.
//!
//! ```text
//! file -> check (line by line, a report)  -> job `checked`: its accepted rows lie in the database
//! run  -> pieces of 500 rows, handed out by the database to whichever process asks
//!         each piece: records, certificates, outcomes, "done" in one transaction
//! out  <- PDF of sheets, ZIP of pictures, CSV of codes: streamed, page by page
//! ```
//!
//! No process is special and any may die: what it held is taken over when its time is over, and
//! nothing is made twice, for each row is told by its key and each event by its fingerprint.

pub mod check;
mod draft;
pub mod exports;
pub mod form;
pub mod jobs;
mod known;
pub(crate) mod piece;
pub(crate) mod trouble;
pub mod upload;
pub mod worker;

/// Rows of a piece. Enough that a transaction's cost is spread over many, and few enough that a piece
/// takes a fraction of a second.
pub const PIECE: usize = 500;
/// The largest file, in bytes.
pub const LARGEST: usize = 32 << 20;
/// The most rows of a file, the header left out.
pub const MOST: usize = 100_000;
