//! The gate: codes from readers, answers on a screen and to a door.
//!
//! ```text
//! reader::*  bytes of a keyboard, a serial port, standard input, or a camera's codes; comes back when it was unplugged
//! frame      bytes -> whole codes
//! scan       a code as it was typed -> the texts it can have been, and advice
//! judge      text + trust in use + clock -> answer
//! engine     one at a time: desk, repeats, counts; each answer to every output
//! screen, protocol, door   what people and door controllers get
//! ```
//!
//! Nothing of a person is kept: not in the counts, not on disk; a repeated code is known by a keyed
//! hash in memory that is forgotten after minutes. Green needs trust data, always.

pub mod answer;
pub mod counts;
pub mod door;
pub mod engine;
pub mod frame;
pub mod judge;
pub mod protocol;
pub mod reader;
pub mod scan;
pub mod screen;
mod seen;
pub mod words;
