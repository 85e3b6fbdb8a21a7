//! The readers in Rust, for every target.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::common::{BitMatrix, DetectorRXingResult, HybridBinarizer};
use rxing::qrcode::cpp_port::{decoder, detector};
use rxing::{Binarizer, Luma8Source, LuminanceSource};

use super::chain::Look;
use super::{Code, Luma8, Point};

/// What [`rxing`] reads. Its parts are called one by one because its result type takes the time of day,
/// which `wasm32` has not.
pub(super) fn rxing(luma: &Luma8<'_>, look: Look) -> Vec<Code> {
    guarded(|| {
        let Ok(mut source) = Luma8Source::new_with_slice(luma.pixels, luma.width, luma.height)
        else {
            return Vec::new();
        };
        let mut codes = read(source.clone(), look);
        if look != Look::Plain {
            source.invert();
            codes.extend(read(source, Look::Plain));
        }
        codes
    })
}

fn read(source: Luma8Source<'_>, look: Look) -> Vec<Code> {
    let binarizer = HybridBinarizer::new(source);
    let Ok(bits) = binarizer.get_black_matrix() else {
        return Vec::new();
    };
    let mut codes = qr(bits);
    if look != Look::Plain {
        codes.extend(super::aztec::first(bits).map(|content| Code::new(content, None)));
    }
    codes
}

/// A sheet of 30 codes has 90 finder patterns. More are wallpaper, of which the largest are looked at.
const MAX_FINDERS: usize = 256;
/// Threes of them that are looked at as a symbol, those that fit best first. Each takes a third of a
/// millisecond, and a picture made for it has tens of thousands.
const MAX_TRIES: usize = 1000;

fn qr(bits: &BitMatrix) -> Vec<Code> {
    let mut patterns = detector::FindFinderPatterns(bits, true, 0);
    patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.size));
    patterns.truncate(MAX_FINDERS);
    let mut used = Vec::new();
    let mut codes = Vec::new();
    for set in detector::GenerateFinderPatternSets(&mut patterns)
        .into_iter()
        .take(MAX_TRIES)
    {
        let finders = [set.bl, set.tl, set.tr];
        if finders.iter().any(|finder| used.contains(finder)) {
            continue;
        }
        let Ok(sampled) = detector::SampleQR(bits, &set) else {
            continue;
        };
        let Ok(decoded) = decoder::Decode(sampled.getBits()) else {
            continue;
        };
        if decoded.isValid() {
            used.extend(finders);
            let corners = <[_; 4]>::try_from(sampled.getPoints()).ok();
            // They come in reading order, not around the symbol.
            let corners = corners.map(
                |[top_left, top_right, bottom_left, bottom_right]: [rxing::Point; 4]| {
                    [top_left, top_right, bottom_right, bottom_left].map(|point| Point {
                        x: point.x as i32,
                        y: point.y as i32,
                    })
                },
            );
            codes.push(Code::new(decoded.content().bytes().to_vec(), corners));
        }
    }
    codes
}

/// A larger picture would keep [`rqrr`] busy for seconds.
#[cfg(not(any(target_arch = "wasm32", hcert_pure)))]
const MAX_RQRR_PIXELS: u32 = 2_000_000;

/// What [`rqrr`] reads: little, but it shares no ancestor with the others.
#[cfg(not(any(target_arch = "wasm32", hcert_pure)))]
pub(super) fn rqrr(luma: &Luma8<'_>, _: Look) -> Vec<Code> {
    if luma.width * luma.height > MAX_RQRR_PIXELS {
        return Vec::new();
    }
    let width = luma.width as usize;
    guarded(|| {
        let mut prepared =
            rqrr::PreparedImage::prepare_from_greyscale(width, luma.height as usize, |x, y| {
                luma.pixels[y * width + x]
            });
        let mut codes = Vec::new();
        for grid in prepared.detect_grids() {
            let mut bytes = Vec::new();
            if grid.decode_to(&mut bytes).is_ok() {
                codes.push(Code::new(
                    bytes,
                    Some(grid.bounds.map(|point| Point {
                        x: point.x,
                        y: point.y,
                    })),
                ));
            }
        }
        codes
    })
}

/// Pictures come from strangers: a reader that panics on one has read nothing.
fn guarded(read: impl FnOnce() -> Vec<Code>) -> Vec<Code> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}
