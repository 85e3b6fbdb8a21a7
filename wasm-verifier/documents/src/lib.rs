//! Pages of PDF documents, drawn for the reader of QR codes in a browser.
//!
//! A module of its own, since few who check certificates ever open a document, and it is ten times the verifier.
//! It draws with the crate that the native reader draws with, so both see the same. What bounds a hostile
//! document here is the module's memory, which can't grow further, and the worker, which is ended when it takes
//! too long.

use std::{fmt, sync::Arc};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use wasm_bindgen::prelude::wasm_bindgen;

/// Pixels of a page; an A4 sheet at 300 dpi has nine million.
const MOST_PIXELS: f32 = 24e6;
/// Pixels on a side.
const MOST_SIDE: f32 = 16_000.0;

/// A document.
#[wasm_bindgen]
pub struct Document(Pdf);

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").finish_non_exhaustive()
    }
}

/// A page as grey levels, row by row.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Drawn {
    /// Pixels in a row.
    #[wasm_bindgen(readonly)]
    pub width: u32,
    /// Rows.
    #[wasm_bindgen(readonly)]
    pub height: u32,
    pixels: Vec<u8>,
}

#[wasm_bindgen]
impl Drawn {
    /// One byte for each pixel, 0 for black; they are given away.
    pub fn pixels(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.pixels)
    }
}

#[wasm_bindgen]
impl Document {
    /// Opens a document. The error is a word: `pdf_locked` or `pdf`.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: Vec<u8>) -> Result<Document, String> {
        Pdf::new(bytes).map(Document).map_err(|error| match error {
            LoadPdfError::Decryption(_) => "pdf_locked".into(),
            LoadPdfError::Invalid => "pdf".into(),
        })
    }

    /// How many pages it has.
    pub fn pages(&self) -> usize {
        self.0.pages().len()
    }

    /// Draws a page, from 0 on, at `dpi` pixels per inch or as many as are allowed. Nothing for a page of no size.
    pub fn draw(&self, page: usize, dpi: f32) -> Option<Drawn> {
        let page = self.0.pages().get(page)?;
        let (width, height) = page.render_dimensions();
        let area = width * height;
        if !(area.is_finite() && width > 0.0 && height > 0.0) {
            return None;
        }
        let scale = (dpi / 72.0)
            .min((MOST_PIXELS / area).sqrt())
            .min(MOST_SIDE / width.max(height));
        let settings = InterpreterSettings {
            // Text is of no interest: fonts that are not in the file are not drawn.
            font_resolver: Arc::new(|_| None),
            ..InterpreterSettings::default()
        };
        let pixmap_settings = PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        };
        let drawn = render(
            page,
            &RenderCache::new(),
            &settings,
            &RenderSettings::default(),
            &pixmap_settings,
        );
        let grey = |red: u8, green: u8, blue: u8| {
            let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
            u8::try_from(sum >> 8).unwrap_or(u8::MAX)
        };
        Some(Drawn {
            width: drawn.width().into(),
            height: drawn.height().into(),
            pixels: drawn
                .data()
                .iter()
                .map(|pixel| grey(pixel.r, pixel.g, pixel.b))
                .collect(),
        })
    }
}
