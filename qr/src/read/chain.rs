//! What is tried, and in which order. Measured on worn frames; see `benches/worn.rs`.

use std::cell::OnceCell;

use super::filter::Grey;
use super::{Code, Effort, Luma8};

/// A reader: the codes it finds in a picture.
pub(super) type Reader = fn(&Luma8<'_>, Look) -> Vec<Code>;

/// Where a reader looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// For QR codes, dark on light, at the picture's own resolution.
    Plain,
    /// For QR codes light on dark and for Aztec codes as well.
    Wide,
    /// As wide, and at lower resolutions too.
    Everywhere,
}

/// A change to the picture before it is read.
#[derive(Debug, Clone, Copy)]
enum Change {
    Halved,
    Doubled,
    /// So many times over.
    Smoothed(u8),
    /// By what so many smoothings take away, times a strength.
    Sharpened(u8, f32),
    /// Black and white by the mean of a square of that radius.
    Threshold(usize),
}

use Change::{Doubled, Halved, Sharpened, Smoothed, Threshold};

type Step = (&'static [Change], Look);

/// Ends with the first step that finds a code. The second helps against noise, moiré and a moving hand
/// and finds what is rare; the third is for small and blurred codes, the fourth for many things, at a
/// price.
const QUICK: &[Step] = &[
    (&[], Look::Plain),
    (&[Smoothed(1)], Look::Wide),
    (&[Sharpened(2, 2.0)], Look::Plain),
    (&[Halved], Look::Plain),
    (&[Smoothed(2), Doubled], Look::Plain),
];

/// All are done, as each may find a further code.
const THOROUGH: &[Step] = &[
    (&[], Look::Everywhere),
    (&[Smoothed(1)], Look::Wide),
    (&[Sharpened(2, 2.0)], Look::Plain),
];

/// Ends with the first step that finds a code, and is begun only if there is none yet.
const LAST: &[Step] = &[
    (&[Smoothed(2), Doubled], Look::Plain),
    (&[Sharpened(2, 2.0), Doubled], Look::Plain),
    (&[Halved], Look::Wide),
    (&[Smoothed(1), Threshold(10)], Look::Plain),
    (&[Doubled], Look::Wide),
    (&[Smoothed(3)], Look::Plain),
    (&[Sharpened(8, 4.0)], Look::Plain),
    (&[Halved, Halved], Look::Wide),
    (&[Smoothed(1), Sharpened(4, 3.0), Doubled], Look::Plain),
    (
        &[Sharpened(4, 3.0), Doubled, Sharpened(4, 2.0)],
        Look::Plain,
    ),
    (&[Smoothed(1), Doubled, Threshold(20)], Look::Plain),
    (&[Halved, Halved, Halved], Look::Plain),
];

/// A larger picture is not doubled: that would cost more memory than it helps.
const MAX_DOUBLED_PIXELS: u32 = 4_000_000;

/// Reads a picture with `reader`; if it finds nothing at all, `other` gives its opinion.
pub(super) fn codes(
    luma: &Luma8<'_>,
    effort: Effort,
    reader: Reader,
    other: Option<Reader>,
) -> Vec<Code> {
    let picture = Picture {
        luma,
        grey: OnceCell::new(),
    };
    match effort {
        Effort::Quick => picture.first(QUICK, reader),
        Effort::Thorough => {
            let codes: Vec<Code> = THOROUGH
                .iter()
                .flat_map(|step| picture.read(step, reader))
                .collect();
            if !codes.is_empty() {
                return codes;
            }
            let last = picture.first(LAST, reader);
            if !last.is_empty() {
                return last;
            }
            other.map_or_else(Vec::new, |other| picture.first(QUICK, other))
        }
    }
}

struct Picture<'a> {
    luma: &'a Luma8<'a>,
    /// A copy, made when the first change is.
    grey: OnceCell<Grey>,
}

impl Picture<'_> {
    fn first(&self, steps: &[Step], reader: Reader) -> Vec<Code> {
        steps
            .iter()
            .map(|step| self.read(step, reader))
            .find(|codes| !codes.is_empty())
            .unwrap_or_default()
    }

    fn read(&self, &(changes, look): &Step, reader: Reader) -> Vec<Code> {
        if changes.is_empty() {
            return reader(self.luma, look);
        }
        let doubling = changes.iter().any(|change| matches!(change, Doubled));
        if doubling && self.luma.width * self.luma.height > MAX_DOUBLED_PIXELS {
            return Vec::new();
        }
        let mut grey = self
            .grey
            .get_or_init(|| Grey::new(self.luma))
            .changed(changes[0]);
        for change in &changes[1..] {
            grey = grey.changed(*change);
        }
        let codes = grey
            .luma()
            .map_or_else(Vec::new, |luma| reader(&luma, look));
        grey.placed(codes)
    }
}

impl Grey {
    fn changed(&self, change: Change) -> Self {
        match change {
            Halved => self.halved(),
            Doubled => self.doubled(),
            Smoothed(times) => self.smoothed(times),
            Sharpened(times, strength) => self.sharpened(times, strength),
            Threshold(radius) => self.thresholded(radius),
        }
    }
}
