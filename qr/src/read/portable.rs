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

/// Pictures come from strangers: a reader that panics on one has read nothing.
fn guarded(read: impl FnOnce() -> Vec<Code>) -> Vec<Code> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}
