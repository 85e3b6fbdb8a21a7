//! Publishing: from what the database holds to files that verifiers trust.
//!
//! [`Publisher::publish`] goes step by step, and a publisher that is killed between any two of
//! them leaves a site on which every client finds a whole bundle:
//!
//! 1. Slices that changed are made, the key list is made and signed if it changed.
//! 2. A sequence is taken in the database. It is gone from then on: a publication that fails
//!    leaves a gap, never a second manifest with the same number.
//! 3. Parts, roots and the numbered manifest are put. Nobody is led to them yet.
//! 4. All of it is read back and goes through the checks of a verifier that has the bundle before.
//! 5. With the database's lock held, so that two publishers come one after the other, the live
//!    pointer is replaced in one step and the database says so.
//! 6. The single file is written, and parts that no manifest needs any more are taken away.

mod contents;
pub mod held;
mod key_list;
mod preview;
mod previous;
pub mod roots;
mod run;
pub mod site;

pub use contents::PartContent;
pub use key_list::{KeyListStatus, SignedCopy};
pub use preview::{KeyChange, PartChange, Preview};
pub use run::{PublishError, Published, Publisher};
