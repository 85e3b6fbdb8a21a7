//! QR codes for JavaScript: read out of pictures, and made.
//!
//! A module of its own beside the one that decides: a phone whose browser reads codes itself verifies without
//! it, and a program on a server never needs it. The published face is `js/pictures.js`. Errors are sentences in
//! English.

use qr::{
    encode::{Options, Symbol},
    read::{self, Effort, Luma8},
};
use wasm_bindgen::prelude::wasm_bindgen;

/// The texts of the codes in a picture, given as RGBA or as grey levels: which, the number of
/// bytes says. Codes whose content is no text are left out.
#[wasm_bindgen]
pub fn decode(
    pixels: Vec<u8>,
    width: u32,
    height: u32,
    thorough: bool,
) -> Result<Vec<String>, String> {
    let count = u64::from(width) * u64::from(height);
    let pixels = match pixels.len() as u64 {
        length if length == count => pixels,
        length if length == 4 * count => grey(pixels),
        length => {
            return Err(format!(
                "{length} bytes are no picture of {width} × {height} pixels, which takes 1 or 4 bytes for each"
            ));
        }
    };
    let luma = Luma8::new(width, height, &pixels).map_err(|error| error.to_string())?;
    let effort = if thorough {
        Effort::Thorough
    } else {
        Effort::Quick
    };
    let codes = read::codes(&luma, effort).into_iter();
    Ok(codes.filter_map(|code| code.text).collect())
}

/// The grey levels of RGBA, as if it lay on white paper; in the same memory, as pictures are large.
fn grey(mut pixels: Vec<u8>) -> Vec<u8> {
    let count = pixels.len() / 4;
    for at in 0..count {
        let Some(&[red, green, blue, alpha]) = pixels.get(4 * at..4 * at + 4) else {
            break;
        };
        // ITU-R BT.601, in 1/256.
        let [red, green, blue] = [red, green, blue].map(u32::from);
        let level = (77 * red + 150 * green + 29 * blue) >> 8;
        let alpha = u32::from(alpha);
        let level = (level * alpha + 255 * (255 - alpha) + 127) / 255;
        if let Some(pixel) = pixels.get_mut(at) {
            *pixel = u8::try_from(level).unwrap_or(u8::MAX);
        }
    }
    pixels.truncate(count);
    pixels
}

/// A QR symbol that was read back.
#[wasm_bindgen]
#[derive(Debug)]
pub struct QrSymbol(Symbol);

#[wasm_bindgen]
impl QrSymbol {
    /// Modules along each side, without the quiet zone.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> u32 {
        u32::try_from(self.0.width()).unwrap_or(0)
    }

    /// How much of it may be lost: L, M, Q or H.
    #[wasm_bindgen(getter)]
    pub fn level(&self) -> String {
        self.0.level().to_string()
    }

    /// One byte for each module, row by row: 1 dark, 0 light.
    pub fn modules(&self) -> Vec<u8> {
        let width = self.0.width();
        let rows = (0..width).flat_map(|y| (0..width).map(move |x| (x, y)));
        rows.map(|(x, y)| u8::from(self.0.is_dark(x, y))).collect()
    }
}

/// The symbol of a text at level Q, at a lower one only if it fits no symbol otherwise.
#[wasm_bindgen]
pub fn symbol(text: &str) -> Result<QrSymbol, String> {
    let symbol = Symbol::new(text, &Options::default());
    symbol.map(QrSymbol).map_err(|error| error.to_string())
}
