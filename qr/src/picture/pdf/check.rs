//! What can be known about a PDF before memory and time are spent on it.
//!
//! The PDF library inflates streams without a limit, the object streams among them while it opens the
//! file. So everything in the file that can be inflated is inflated here first, within limits; what could
//! hide from that (encryption, unusual filters around object streams) is refused.

use std::panic::resume_unwind;
use std::time::Instant;

use flate2::{Decompress, FlushDecompress, Status};
use hayro::hayro_interpret::hayro_syntax::Filter;
use hayro::hayro_interpret::hayro_syntax::Pdf;
use hayro::hayro_interpret::hayro_syntax::object::{Dict, Object, Stream};
use hayro::hayro_interpret::hayro_syntax::page::Page;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, SoftMask, font::GlyphRun, interpret_page,
};
use hayro::kurbo::{Affine, BezPath, Rect};

use super::super::{PictureError, PictureLimits};

/// Streams of a file; an ordinary document has some hundred.
const MAX_STREAMS: usize = 20_000;

/// How often a stream may be compressed within itself.
const MAX_NESTING: usize = 3;

/// A dictionary in front of a stream is looked at no further back than this.
const DICTIONARY_BYTES: usize = 2048;

/// Drawing instructions of a page or a form: a path may be as long as they are, and takes twenty times
/// their bytes in memory.
const MAX_CONTENT_BYTES: usize = 4 << 20;

/// Length of all outlines on a page, in points (1/72 inch). A code drawn module by module has some 30,000.
const MAX_OUTLINE: f64 = 1_500_000.0;

/// DEFLATE makes at most 1032 bytes of one, LZW 1365 and more, run lengths 64.
const RATIO: [(Filter, usize); 3] = [
    (Filter::FlateDecode, 1032),
    (Filter::LzwDecode, 2731),
    (Filter::RunLengthDecode, 64),
];

/// Checks the bytes of a file before a PDF library sees them.
pub(super) fn file(bytes: &[u8], limits: &PictureLimits) -> Result<(), PictureError> {
    if find(bytes, b"/Encrypt").is_some() {
        return Err(PictureError::Encrypted);
    }
    let mut inflater = Inflater {
        decompress: Decompress::new(false),
        left: limits.all_stream_bytes,
        limits,
    };
    let mut streams = 0;
    let mut position = 0;
    while let Some(found) = find(&bytes[position..], b"stream") {
        let start = position + found;
        position = start + b"stream".len();
        if bytes[..start].ends_with(b"end") {
            continue;
        }
        streams += 1;
        if streams > MAX_STREAMS {
            return Err(PictureError::TooComplex {
                what: "it has very many streams",
                limit: MAX_STREAMS as u64,
            });
        }
        dictionary(&bytes[start.saturating_sub(DICTIONARY_BYTES)..start])?;
        let data = &bytes[position..];
        let data = data
            .strip_prefix(b"\r\n")
            .or(data.strip_prefix(b"\n"))
            .unwrap_or(data);
        inflater.stream(data, 0)?;
    }
    Ok(())
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    let first = *word.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|&byte| byte == first)?;
        if bytes[at..].starts_with(word) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Refuses what no ordinary program writes and what would hide a stream's filters.
fn dictionary(before: &[u8]) -> Result<(), PictureError> {
    let start = before
        .windows(3)
        .rposition(|word| word == b"obj")
        .unwrap_or(0);
    let dictionary = &before[start..];
    let contains = |word: &[u8]| find(dictionary, word).is_some();
    // A letter written as its number: /Obj#53tm.
    let disguised = dictionary.windows(3).any(|name| {
        let digits = std::str::from_utf8(&name[1..])
            .ok()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        name[0] == b'#' && digits.is_some_and(|byte| byte.is_ascii_alphanumeric())
    });
    let structural = contains(b"/ObjStm") || contains(b"/XRef");
    let unusual: [&[u8]; 6] = [b"/ASCII", b"/A85", b"/AHx", b"/LZW", b"/RunLength", b"/RL"];
    if disguised || (structural && unusual.into_iter().any(contains)) {
        return Err(super::broken(
            "its streams are written in a way that no ordinary program uses",
        ));
    }
    Ok(())
}

struct Inflater<'a> {
    decompress: Decompress,
    left: usize,
    limits: &'a PictureLimits,
}

impl Inflater<'_> {
    /// Inflates data if it is compressed at all: with the header of zlib, and, as the PDF library would
    /// try that too, without.
    fn stream(&mut self, data: &[u8], nesting: usize) -> Result<(), PictureError> {
        for skipped in [2, 0] {
            let inflated = self.inflate(data.get(skipped..).unwrap_or_default())?;
            if inflated.len() > 1024 {
                if nesting == MAX_NESTING {
                    return Err(PictureError::TooComplex {
                        what: "a stream is compressed many times over",
                        limit: MAX_NESTING as u64,
                    });
                }
                if nesting < MAX_NESTING && looks_like_zlib(&inflated) {
                    self.stream(&inflated, nesting + 1)?;
                }
                break;
            }
        }
        Ok(())
    }

    /// What comes out until the end or an error.
    fn inflate(&mut self, data: &[u8]) -> Result<Vec<u8>, PictureError> {
        self.decompress.reset(false);
        let mut inflated = Vec::new();
        let mut chunk = vec![0; 64 << 10];
        loop {
            let (read, written) = (self.decompress.total_in(), self.decompress.total_out());
            let rest = data.get(read as usize..).unwrap_or_default();
            let status = self
                .decompress
                .decompress(rest, &mut chunk, FlushDecompress::None);
            let made = (self.decompress.total_out() - written) as usize;
            inflated.extend_from_slice(&chunk[..made]);
            if inflated.len() > self.limits.stream_bytes {
                let limit = self.limits.stream_bytes as u64;
                return Err(PictureError::TooComplex {
                    what: "a stream inflates to very many bytes",
                    limit,
                });
            }
            self.left = self
                .left
                .checked_sub(made)
                .ok_or(PictureError::TooComplex {
                    what: "its streams inflate to very many bytes",
                    limit: self.limits.all_stream_bytes as u64,
                })?;
            let stuck = made == 0 && self.decompress.total_in() == read;
            if stuck || !matches!(status, Ok(Status::Ok)) {
                return Ok(inflated);
            }
        }
    }
}

fn looks_like_zlib(data: &[u8]) -> bool {
    matches!(data, [first, second, ..] if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0)
}

/// Checks the filters and the pictures of an opened file.
pub(super) fn objects(pdf: &Pdf, limits: &PictureLimits) -> Result<(), PictureError> {
    for object in pdf.objects() {
        match object {
            Object::Stream(stream) => self::stream(&stream, limits)?,
            Object::Dict(dict) => size(&dict, limits)?,
            _ => {}
        }
    }
    Ok(())
}

fn stream(stream: &Stream<'_>, limits: &PictureLimits) -> Result<(), PictureError> {
    size(stream.dict(), limits)?;
    for key in ["DecodeParms", "DP"] {
        if let Some(parameters) = stream.dict().get::<Dict<'_>>(key) {
            size(&parameters, limits)?;
        }
    }
    // The first filter, if it is Flate, has been tried in `file`.
    let filters = stream.filters();
    let worst = filters
        .iter()
        .enumerate()
        .filter(|&(i, &filter)| i > 0 || filter != Filter::FlateDecode)
        .fold(stream.raw_data().len(), |length, (_, filter)| {
            let ratio = RATIO
                .iter()
                .find(|(known, _)| known == filter)
                .map_or(1, |&(_, ratio)| ratio);
            length.saturating_mul(ratio)
        });
    let nested_flate =
        filters.len() > 1 && filters.iter().all(|&filter| filter == Filter::FlateDecode);
    if worst > limits.stream_bytes && !nested_flate {
        let limit = limits.stream_bytes as u64;
        return Err(PictureError::TooComplex {
            what: "a stream may inflate to very many bytes",
            limit,
        });
    }
    let draws = stream.dict().contains_key("BBox");
    let content = draws.then(|| stream.decoded_data().ok()).flatten();
    if content.is_some_and(|content| content.len() > MAX_CONTENT_BYTES) {
        return Err(content_too_long());
    }
    Ok(())
}

fn content_too_long() -> PictureError {
    PictureError::TooComplex {
        what: "a page or form has very many bytes of drawing instructions",
        limit: MAX_CONTENT_BYTES as u64,
    }
}

/// Refuses a picture of too many pixels, and rows (of a fax) that are too long.
fn size(dict: &Dict<'_>, limits: &PictureLimits) -> Result<(), PictureError> {
    let number = |key: &str| {
        dict.get::<i64>(key)
            .and_then(|number| u64::try_from(number).ok())
    };
    let width = number("Width")
        .or(number("W"))
        .or(number("Columns"))
        .unwrap_or(0);
    let height = number("Height")
        .or(number("H"))
        .or(number("Rows"))
        .unwrap_or(1);
    pixels(width, height.max(1), limits)
}

fn pixels(width: u64, height: u64, limits: &PictureLimits) -> Result<(), PictureError> {
    if width.saturating_mul(height) > limits.pixels {
        return Err(PictureError::TooComplex {
            what: "a picture in it has very many pixels",
            limit: limits.pixels,
        });
    }
    Ok(())
}

/// Goes through a page without drawing, counting. A few small forms that show each other many times
/// would otherwise be drawn for hours.
///
/// The count ends by unwinding, as the library has no other way to stop; the caller catches.
pub(super) fn drawing(
    page: &Page<'_>,
    limits: &PictureLimits,
    deadline: Instant,
) -> Result<(), PictureError> {
    if page
        .page_stream()
        .is_some_and(|content| content.len() > MAX_CONTENT_BYTES)
    {
        return Err(content_too_long());
    }
    let (width, height) = page.render_dimensions();
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let cache = InterpreterCache::new();
    let mut context = Context::new(
        Affine::IDENTITY,
        bounds,
        &cache,
        page.xref(),
        super::settings(),
    );
    let mut counter = Counter {
        operations: 0,
        outline: 0.0,
        pixels: 0,
        limits,
        deadline,
    };
    interpret_page(page, &mut context, &mut counter);
    Ok(())
}

struct Counter<'a> {
    operations: usize,
    outline: f64,
    pixels: u64,
    limits: &'a PictureLimits,
    deadline: Instant,
}

impl Counter<'_> {
    fn count(&mut self, operations: usize) {
        self.operations += operations;
        if self.operations > self.limits.operations {
            let limit = self.limits.operations as u64;
            stop(PictureError::TooComplex {
                what: "a page has very many drawing operations",
                limit,
            });
        }
        if Instant::now() > self.deadline {
            stop(PictureError::TooSlow {
                limit: self.limits.time,
            });
        }
    }

    /// The renderer keeps a few bytes for each pixel along each outline until the page is done.
    fn path(&mut self, path: &BezPath, transform: Affine) {
        self.count(1 + path.elements().len() / 8);
        let mut last = None;
        for point in path
            .elements()
            .iter()
            .filter_map(|element| element.end_point())
        {
            let point = transform * point;
            let length = last.map_or(0.0, |last| point.distance(last));
            self.outline += if length.is_finite() {
                length
            } else {
                MAX_OUTLINE
            };
            last = Some(point);
        }
        if self.outline > MAX_OUTLINE {
            let limit = MAX_OUTLINE as u64;
            stop(PictureError::TooComplex {
                what: "the outlines drawn on a page have very many points of length",
                limit,
            });
        }
    }
}

fn stop(error: PictureError) -> ! {
    resume_unwind(Box::new(error))
}

impl<'a> Device<'a> for Counter<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, _: &DrawMode) {
        self.path(path, props.transform);
    }
    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.path(&clip.path, Affine::IDENTITY);
    }
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.count(1);
    }
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {
        self.count(1);
    }
    fn draw_image(&mut self, image: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.count(1);
        // The renderer keeps all pictures of a page until it is done.
        self.pixels = self
            .pixels
            .saturating_add(u64::from(image.width()) * u64::from(image.height()));
        if let Err(error) = pixels(self.pixels, 1, self.limits) {
            stop(error);
        }
    }
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
