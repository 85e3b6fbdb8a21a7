//! QR codes out of the files that people have: photographs, screenshots, PDF documents.
//!
//! Files come from strangers. Every size that a file claims is checked against [`PictureLimits`] before
//! memory is taken for it; with the default limits a picture takes about 200 MB at most. A PDF is parsed by a
//! library that knows no limits of its own: what can be known beforehand is checked beforehand, and
//! drawing runs in a thread that is given up after [`PictureLimits::time`]. A service that takes PDFs from
//! the public does well to read them in a process with a memory limit besides.

mod pdf;
mod raster;

#[cfg(test)]
mod tests;

use std::time::Duration;

use thiserror::Error;

use crate::read::Code;

/// How large a file may be, in every respect in which one can be too large.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PictureLimits {
    /// Bytes of the file. Default: 20 MiB, twice a large photograph.
    pub file_bytes: usize,
    /// Pixels of a picture, and of each picture within a PDF. For a PDF, also of
    /// all pictures on a page together. Default: 24 million; phones make 12 to 24.
    pub pixels: u64,
    /// Bytes of a picture's pixels as they are stored. Default: 100 MB, which is 25 million pixels of
    /// RGBA.
    pub pixel_bytes: u64,
    /// Pages of a PDF. Default: 20.
    pub pages: usize,
    /// Pixels per inch at which a page of a PDF is drawn first. In a document of up to four pages, those
    /// without a code are drawn once more at twice that and looked through thoroughly. Default: 200.
    pub dpi: f32,
    /// Pixels of a drawn page: a larger page is drawn at a lower resolution. Default: 16 million, A4 at
    /// 400 dpi.
    pub page_pixels: u64,
    /// Bytes that one compressed stream of a PDF may inflate to. Default: 32 MiB.
    pub stream_bytes: usize,
    /// Bytes that all of them together may inflate to. Default: 96 MiB.
    pub all_stream_bytes: usize,
    /// Drawing operations on a page. Default: 500,000; a dense map has some 100,000.
    pub operations: usize,
    /// Time for a PDF. Default: 30 seconds.
    pub time: Duration,
}

impl Default for PictureLimits {
    fn default() -> Self {
        Self {
            file_bytes: 20 << 20,
            pixels: 24_000_000,
            pixel_bytes: 100_000_000,
            pages: 20,
            dpi: 200.0,
            page_pixels: 16_000_000,
            stream_bytes: 32 << 20,
            all_stream_bytes: 96 << 20,
            operations: 500_000,
            time: Duration::from_secs(30),
        }
    }
}

/// The codes on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageCodes {
    /// Which page, from 1. A photograph is page 1.
    pub page: usize,
    /// What was read on it; may be empty. Corners are in pixels of the page as it was drawn.
    pub codes: Vec<Code>,
}

/// The codes in a PNG, JPEG, WebP or PDF file, page by page. What a file is, its content says: names
/// and media types are not asked.
///
/// Transparent pictures are read as if they lay on white paper. Only the first frame of an animation is
/// read.
///
/// # Errors
/// If the file is none of these, broken, encrypted, or beyond the limits. A readable file without codes
/// is no error.
pub fn codes(bytes: &[u8], limits: &PictureLimits) -> Result<Vec<PageCodes>, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    if bytes.len() > limits.file_bytes {
        return Err(PictureError::FileTooLarge {
            bytes: bytes.len(),
            limit: limits.file_bytes,
        });
    }
    if pdf::is_pdf(bytes) {
        return pdf::codes(bytes, limits);
    }
    Ok(vec![PageCodes {
        page: 1,
        codes: raster::codes(bytes, limits)?,
    }])
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum PictureError {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// The content is of no kind that is read.
    #[error("this is not a picture that can be read here; give a PNG, JPEG, WebP or PDF file")]
    UnknownFormat,
    /// More bytes than [`PictureLimits::file_bytes`].
    #[error(
        "the file has {bytes} bytes, at most {limit} are read; give a smaller picture, or only the part with the code"
    )]
    FileTooLarge {
        /// Its bytes.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// More pixels than [`PictureLimits::pixels`] or more bytes for them than [`PictureLimits::pixel_bytes`].
    #[error(
        "the picture has {width} × {height} pixels ({bytes} bytes), at most {limit} pixels and {limit_bytes} bytes are \
         read; give a smaller picture, or only the part with the code"
    )]
    TooManyPixels {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Bytes that its pixels take in memory.
        bytes: u64,
        /// The limit in pixels.
        limit: u64,
        /// The limit in bytes.
        limit_bytes: u64,
    },
    /// The file says it is a picture, but its content can not be decoded.
    #[error("the {format} file is broken or incomplete ({reason}); save or send it again")]
    Broken {
        /// "PNG", "JPEG", "WebP" or "PDF".
        format: &'static str,
        /// What the decoder said.
        reason: String,
    },
    /// A PDF with a password, or with restrictions, which are a kind of encryption.
    #[error(
        "the PDF is encrypted; print it to a new PDF file without protection, or take a screenshot of the code"
    )]
    Encrypted,
    /// More pages than [`PictureLimits::pages`].
    #[error(
        "the PDF has {pages} pages, at most {limit} are read; give only the page with the code"
    )]
    TooManyPages {
        /// Its pages.
        pages: usize,
        /// The limit.
        limit: usize,
    },
    /// Something within a PDF goes beyond a limit: what it inflates to, a picture in it, what is drawn.
    #[error(
        "the PDF is too complex: {what}, the limit is {limit}; take a screenshot of the code instead"
    )]
    TooComplex {
        /// What is too large.
        what: &'static str,
        /// The limit, in the unit that `what` tells.
        limit: u64,
    },
    /// Reading a PDF took longer than [`PictureLimits::time`].
    #[error("the PDF could not be drawn within {} seconds; take a screenshot of the code instead", limit.as_secs())]
    TooSlow {
        /// The limit.
        limit: Duration,
    },
}
