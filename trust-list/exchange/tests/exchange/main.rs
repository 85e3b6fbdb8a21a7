//! Every form read from lists made here, every refusal, every proof broken; then the world's own
//! lists.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod admission;
mod conformance;
mod did;
mod fuzz_seeds;
mod hostile;
mod join;
mod lists;
mod made;
mod master_list;
