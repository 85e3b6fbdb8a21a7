//! The PDF file: pages as they are drawn, written object by object.
//!
//! `pdf-writer` writes the objects; what is here is their order, which lets a document of thousands of
//! pages leave the memory as it is made, the fonts (once, with the glyphs that were used) and the tags.

mod canvas;
mod document;
mod font;

pub(crate) use canvas::{Canvas, Drawn, Role};
pub(crate) use document::Document;
pub(crate) use font::UsedGlyphs;
