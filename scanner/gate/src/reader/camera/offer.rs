//! What a camera offers, and which of it is taken.

use linuxvideo::{
    BufType, Device,
    format::{FrameSizes, PixelFormat, StepwiseFrameSizes},
};

use super::picture::{Kind, MOST_SIDE};

/// Large enough for a code of 600 characters that fills a third of the picture, and read in a few
/// milliseconds.
const WIDTH: u32 = 1280;
const HEIGHT: u32 = 720;
/// Fewer pictures a second make a person wait.
const SLOW: f32 = 10.0;

/// A kind of picture that a camera can send.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Offer {
    pub(super) kind: Kind,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Pictures a second, if the driver says it.
    pub(super) rate: Option<f32>,
}

impl Offer {
    pub(super) fn pixels(&self) -> PixelFormat {
        PixelFormat::from_fourcc(self.kind.fourcc())
    }

    /// Less is better.
    fn cost(&self) -> (bool, u64, usize) {
        let slow = self.rate.is_some_and(|rate| rate < SLOW);
        let wanted = u64::from(WIDTH) * u64::from(HEIGHT);
        let has = u64::from(self.width) * u64::from(self.height);
        // What is missing can't be read; what is too much only takes time.
        let off = match has.checked_sub(wanted) {
            Some(more) => more,
            None => 2 * (wanted - has),
        };
        let rank = Kind::ALL.iter().position(|kind| *kind == self.kind);
        (slow, off, rank.unwrap_or(usize::MAX))
    }
}

/// The one to take.
pub(super) fn best(offers: &[Offer]) -> Option<&Offer> {
    offers
        .iter()
        .filter(|offer| {
            (1..=MOST_SIDE).contains(&offer.width) && (1..=MOST_SIDE).contains(&offer.height)
        })
        .min_by_key(|offer| offer.cost())
}

/// What a device offers of what is understood.
pub(super) fn all(device: &Device) -> Vec<Offer> {
    let mut offers = Vec::new();
    let formats = device.formats(BufType::VIDEO_CAPTURE);
    for format in formats.flatten() {
        let Some(kind) = Kind::of(format.pixel_format().as_fourcc()) else {
            continue;
        };
        let sizes = match device.frame_sizes(format.pixel_format()) {
            Ok(FrameSizes::Discrete(sizes)) => sizes
                .iter()
                .map(|size| (size.width(), size.height()))
                .collect(),
            Ok(FrameSizes::Stepwise(range) | FrameSizes::Continuous(range)) => vec![within(&range)],
            // An old driver that can't be asked is told what is wanted, and says what it takes.
            Err(_) => vec![(WIDTH, HEIGHT)],
        };
        for (width, height) in sizes {
            let rates = device.frame_intervals(format.pixel_format(), width, height);
            let shortest = rates.ok().map(|rates| rates.min());
            offers.push(Offer {
                kind,
                width,
                height,
                rate: shortest
                    .and_then(|shortest| rate(shortest.numerator(), shortest.denominator())),
            });
        }
    }
    offers
}

fn within(range: &StepwiseFrameSizes) -> (u32, u32) {
    (
        nearest(
            WIDTH,
            range.min_width(),
            range.max_width(),
            range.step_width(),
        ),
        nearest(
            HEIGHT,
            range.min_height(),
            range.max_height(),
            range.step_height(),
        ),
    )
}

/// The nearest below that a range of steps has; a range that is none gives its beginning.
fn nearest(wanted: u32, least: u32, most: u32, step: u32) -> u32 {
    let within = wanted.min(most).max(least);
    let above = within - least;
    within - above % step.max(1)
}

/// Pictures a second, of the time that one takes.
fn rate(numerator: u32, denominator: u32) -> Option<f32> {
    #[expect(clippy::cast_precision_loss, reason = "compared with ten")]
    let rate = denominator as f32 / numerator as f32;
    rate.is_finite().then_some(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(kind: Kind, width: u32, height: u32, rate: f32) -> Offer {
        Offer {
            kind,
            width,
            height,
            rate: (rate > 0.0).then_some(rate),
        }
    }

    #[test]
    fn the_size_that_is_taken() {
        let yuyv = |width, height, rate| offer(Kind::Yuyv, width, height, rate);
        let jpeg = |width, height, rate| offer(Kind::Jpeg, width, height, rate);
        for (offers, want) in [
            // As a usual USB camera: only JPEG is quick enough at the size that is wanted.
            (
                vec![
                    yuyv(640, 480, 30.0),
                    yuyv(1280, 720, 9.0),
                    yuyv(1920, 1080, 5.0),
                    jpeg(640, 480, 30.0),
                    jpeg(1280, 720, 30.0),
                    jpeg(1920, 1080, 30.0),
                ],
                Some(4),
            ),
            // Grey, then brightness by itself, then what has to be unpacked.
            (
                vec![
                    jpeg(1280, 720, 30.0),
                    yuyv(1280, 720, 30.0),
                    offer(Kind::Planar(*b"NV12"), 1280, 720, 0.0),
                    offer(Kind::Grey, 1280, 720, 30.0),
                ],
                Some(3),
            ),
            (vec![yuyv(320, 240, 30.0), yuyv(640, 480, 30.0)], Some(1)),
            (vec![yuyv(640, 480, 30.0), yuyv(1920, 1080, 30.0)], Some(1)),
            (vec![yuyv(800, 600, 30.0), yuyv(3840, 2160, 30.0)], Some(0)),
            // Slow is better than none.
            (vec![yuyv(1280, 720, 5.0)], Some(0)),
            (vec![yuyv(0, 0, 30.0), yuyv(100_000, 100_000, 30.0)], None),
            (vec![], None),
        ] {
            let want = want.map(|at: usize| &offers[at]);
            assert_eq!(best(&offers), want);
        }
    }

    #[test]
    fn sizes_by_steps() {
        assert_eq!(nearest(1280, 2, 8192, 1), 1280);
        assert_eq!(nearest(720, 48, 480, 16), 480);
        assert_eq!(nearest(720, 1080, 2160, 8), 1080);
        assert_eq!(nearest(1280, 15, 4000, 7), 1275);
        // Drivers have been seen to answer nonsense.
        assert_eq!(nearest(1280, 0, 0, 0), 0);
        assert_eq!(nearest(1280, 500, 100, 0), 500);
        assert_eq!(rate(0, 0), None);
        assert_eq!(rate(0, 30), None);
        assert_eq!(rate(1, 30), Some(30.0));
    }
}
