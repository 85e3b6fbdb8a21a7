//! The readers in Rust, for every target.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::common::{BitMatrix, DetectorRXingResult, GlobalHistogramBinarizer, HybridBinarizer};
use rxing::qrcode::cpp_port::{decoder, detector};
use rxing::{Binarizer, Luma8Source};

use super::filter::Grey;
use super::{Code, Effort, Luma8, Point};

pub(super) fn codes(luma: &Luma8<'_>, effort: Effort) -> Vec<Code> {
    let whole = || Grey::crop(luma, 0, 0, luma.width as usize, luma.height as usize);
    let on = |grey: &Grey| {
        grey.luma()
            .map_or_else(Vec::new, |luma| grey.placed(rxing(&luma, Threshold::Local)))
    };
    let passes: [&dyn Fn() -> Vec<Code>; 6] = [
        &|| rxing(luma, Threshold::Local),
        &|| on(&whole().inverted()),
        &|| on(&whole().halved()),
        &|| on(&whole().doubled()),
        &|| rxing(luma, Threshold::Global),
        &|| rqrr(luma),
    ];
    let quick = 5;
    let mut codes = Vec::new();
    for pass in passes.iter().take(if effort == Effort::Quick {
        quick
    } else {
        passes.len()
    }) {
        codes = pass();
        if !codes.is_empty() {
            break;
        }
    }
    codes
}

/// How grey becomes black and white.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Threshold {
    /// By the surroundings of each pixel: for uneven light.
    Local,
    /// One level for the whole picture.
    Global,
}

/// What `rxing` reads. Its parts are called one by one because its result type takes the time of day,
/// which `wasm32` has not.
pub(super) fn rxing(luma: &Luma8<'_>, threshold: Threshold) -> Vec<Code> {
    guarded(|| {
        let Ok(source) = Luma8Source::new_with_slice(luma.pixels, luma.width, luma.height) else {
            return Vec::new();
        };
        match threshold {
            Threshold::Local => HybridBinarizer::new(source)
                .get_black_matrix()
                .map(rxing_bits),
            Threshold::Global => GlobalHistogramBinarizer::new(source)
                .get_black_matrix()
                .map(rxing_bits),
        }
        .unwrap_or_default()
    })
}

fn rxing_bits(bits: &BitMatrix) -> Vec<Code> {
    let mut patterns = detector::FindFinderPatterns(bits, true, 0);
    let mut used = Vec::new();
    let mut codes = Vec::new();
    for set in detector::GenerateFinderPatternSets(&mut patterns) {
        let corners = [set.bl, set.tl, set.tr];
        if corners.iter().any(|corner| used.contains(corner)) {
            continue;
        }
        let Ok(sampled) = detector::SampleQR(bits, &set) else {
            continue;
        };
        let Ok(decoded) = decoder::Decode(sampled.getBits()) else {
            continue;
        };
        if decoded.isValid() {
            used.extend(corners);
            let corners = match *sampled.getPoints() {
                [a, b, c, d] => Some([a, b, c, d].map(|point| Point {
                    x: point.x as i32,
                    y: point.y as i32,
                })),
                _ => None,
            };
            codes.push(Code::new(decoded.content().bytes().to_vec(), corners));
        }
    }
    codes
}

/// What `rqrr` reads.
pub(super) fn rqrr(luma: &Luma8<'_>) -> Vec<Code> {
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
