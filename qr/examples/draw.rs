//! Draws each line of a file as a QR code in PNG.
//!
//! ```text
//! cargo run -p qr --example draw -- TEXTS FOLDER
//! ```
//!
//! makes `FOLDER/1.png`, `FOLDER/2.png` and so on.

use std::{fs, path::Path};

use qr::{
    encode::{Options, Symbol},
    render::{PngOptions, png},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(texts), Some(folder)) = (args.next(), args.next()) else {
        return Err("draw TEXTS FOLDER".into());
    };
    fs::create_dir_all(&folder)?;
    for (index, text) in fs::read_to_string(texts)?.lines().enumerate() {
        let symbol = Symbol::new(text, &Options::default())?;
        let picture = png(&symbol, &PngOptions::default())?;
        fs::write(
            Path::new(&folder).join(format!("{}.png", index + 1)),
            picture.bytes,
        )?;
    }
    Ok(())
}
