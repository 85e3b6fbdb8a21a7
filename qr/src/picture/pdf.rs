//! PDF: pages drawn by the crate [`hayro`], then read like photographs.

mod check;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Instant;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use super::raster::weigh;
use super::{PageCodes, PictureError, PictureLimits};
use crate::read::{self, Code, Effort, Luma8};

const POINTS_PER_INCH: f32 = 72.0;

/// A document of more pages is gone through only once, as the second time takes a second or two a page.
const FEW_PAGES: usize = 4;

/// Deeply nested objects take stack; what is not touched takes no memory.
const STACK_BYTES: usize = 256 << 20;

/// Readers expect the mark within the first kilobyte (ISO 32000-1, annex H, note 13).
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)]
        .windows(5)
        .any(|mark| mark == b"%PDF-")
}

pub(super) fn codes(bytes: &[u8], limits: &PictureLimits) -> Result<Vec<PageCodes>, PictureError> {
    check::file(bytes, limits)?;
    let (send, receive) = mpsc::channel();
    let (file, limits) = (bytes.to_vec(), *limits);
    thread::Builder::new()
        .name("pdf".into())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            let read = catch_unwind(AssertUnwindSafe(|| document(file, &limits)));
            let result = read.unwrap_or_else(|panic| Err(reason(panic)));
            // Nobody listens any more if the time was up.
            let _ = send.send(result);
        })
        .map_err(|error| broken(&error.to_string()))?;
    match receive.recv_timeout(limits.time) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(PictureError::TooSlow { limit: limits.time }),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(broken("drawing it ended early")),
    }
}

fn broken(reason: &str) -> PictureError {
    PictureError::Broken {
        format: "PDF",
        reason: reason.into(),
    }
}

/// What ended the drawing: one of our own limits, or a defect of the library met by a hostile file.
fn reason(panic: Box<dyn Any + Send>) -> PictureError {
    match panic.downcast::<PictureError>() {
        Ok(error) => *error,
        Err(_) => broken("it could not be drawn"),
    }
}

fn document(file: Vec<u8>, limits: &PictureLimits) -> Result<Vec<PageCodes>, PictureError> {
    let deadline = Instant::now() + limits.time;
    let pdf = Pdf::new(file).map_err(|error| match error {
        LoadPdfError::Decryption(_) => PictureError::Encrypted,
        LoadPdfError::Invalid => broken("its structure can not be read"),
    })?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(broken("it has no pages"));
    }
    if pages.len() > limits.pages {
        return Err(PictureError::TooManyPages {
            pages: pages.len(),
            limit: limits.pages,
        });
    }
    check::objects(&pdf, limits)?;
    let mut read: Vec<PageCodes> = (1..=pages.len())
        .map(|page| PageCodes {
            page,
            codes: Vec::new(),
        })
        .collect();
    for (dpi, effort) in [
        (limits.dpi, Effort::Quick),
        (2.0 * limits.dpi, Effort::Thorough),
    ] {
        if effort == Effort::Thorough && pages.len() > FEW_PAGES {
            break;
        }
        for (page, read) in pages
            .iter()
            .zip(&mut read)
            .filter(|(_, read)| read.codes.is_empty())
        {
            if Instant::now() > deadline {
                return Err(PictureError::TooSlow { limit: limits.time });
            }
            check::drawing(page, limits, deadline)?;
            read.codes = page_codes(page, dpi, effort, limits);
        }
    }
    Ok(read)
}

/// Text is of no interest: fonts that are not in the file are not drawn.
fn settings() -> InterpreterSettings {
    InterpreterSettings {
        font_resolver: Arc::new(|_| None),
        ..InterpreterSettings::default()
    }
}

fn page_codes(page: &Page<'_>, dpi: f32, effort: Effort, limits: &PictureLimits) -> Vec<Code> {
    let (width, height) = page.render_dimensions();
    let Some(scale) = scale(width, height, dpi, limits.page_pixels) else {
        return Vec::new();
    };
    let pixmap_settings = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
    };
    let pixmap = render(
        page,
        &RenderCache::new(),
        &settings(),
        &RenderSettings::default(),
        &pixmap_settings,
    );
    let pixels: Vec<u8> = pixmap
        .data()
        .iter()
        .map(|pixel| weigh(pixel.r, pixel.g, pixel.b))
        .collect();
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    drop(pixmap);
    Luma8::new(width, height, &pixels)
        .map_or_else(|_| Vec::new(), |luma| read::codes(&luma, effort))
}

/// Pixels per point, so that the page keeps within its pixels; none for a page of no size.
fn scale(width: f32, height: f32, dpi: f32, page_pixels: u64) -> Option<f32> {
    let area = width * height;
    if !(area.is_finite() && width > 0.0 && height > 0.0) {
        return None;
    }
    let longest = Luma8::MAX_SIDE as f32 / width.max(height);
    let scale = (dpi / POINTS_PER_INCH)
        .min((page_pixels as f32 / area).sqrt())
        .min(longest);
    (scale > 0.0).then_some(scale)
}
