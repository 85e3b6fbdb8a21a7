//! Pictures that are made to be slow.
//!
//! zxing-cpp tries all finder patterns of a picture three by three. Paper that is printed all over with patterns a
//! few pixels wide held it for minutes, in a camera's frame too. What we do with rxing's parts has a bound.

use std::ops::Range;

use super::Luma8;

/// How many finder patterns there seem to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Crowd {
    /// As in pictures of some dozen codes.
    Few,
    /// Too many for a reader without a bound.
    Many,
    /// More than in pictures of codes.
    TooMany,
}

/// One row of so many is looked at: the middle of the smallest pattern is as high, and can't lie between.
const STEP: usize = 3;
/// A code has three, and a certificate's now and then a place inside it that looks like one: seventy codes.
const FEW: f32 = 256.0;
/// Seven hundred of the smallest codes, side by side, have two thousand.
const MANY: f32 = 10_000.0;
/// Less is a sensor's noise, in which readers look for nothing.
const CONTRAST: u8 = 24;
/// So much darker than what is around it is dark: even paper has no edges.
const NOISE: u8 = CONTRAST / 4;
/// Pixels of a row that share a limit between dark and light.
const BLOCK: usize = 32;

/// Looks through a picture. A camera's frame of 640 by 480 pixels takes 0.1 ms, a tenth of what reading a sharp
/// code in it takes.
pub(super) fn of(luma: &Luma8<'_>) -> Crowd {
    let found = patterns(luma);
    if found > MANY {
        Crowd::TooMany
    } else if found > FEW {
        Crowd::Many
    } else {
        Crowd::Few
    }
}

/// About how many finder patterns there are; counted to `MANY`.
fn patterns(luma: &Luma8<'_>) -> f32 {
    let width = luma.width as usize;
    let mut edges = Edges::new(width);
    let mut found = 0.0;
    for (row, pixels) in luma.pixels.chunks_exact(width).enumerate().step_by(STEP) {
        for edges in edges.of(pixels).windows(6) {
            let lengths = std::array::from_fn(|run| edges[run + 1] - edges[run]);
            if is_finder(lengths) && crosses(luma, row, pixels, edges[0]..edges[5]) {
                // A pattern is found in the rows of its middle, three sevenths of its height.
                let rows = (edges[5] - edges[0]) as f32 * 3.0 / 7.0;
                found += STEP as f32 / rows;
            }
        }
        if found > MANY {
            break;
        }
    }
    found
}

/// Where dark and light meet in a row. Its memory serves all rows, and its loops go over eight pixels and more at
/// once where they can: they see each pixel of every third row.
struct Edges {
    /// Each block's.
    sums: Vec<u32>,
    /// One where it is dark, and nothing else.
    dark: Vec<u8>,
    edges: Vec<usize>,
}

impl Edges {
    fn new(width: usize) -> Edges {
        Edges {
            sums: Vec::with_capacity(width.div_ceil(BLOCK)),
            dark: vec![0; width],
            edges: Vec::with_capacity(width + 1),
        }
    }

    /// The row's ends are among them.
    fn of(&mut self, row: &[u8]) -> &[usize] {
        self.tell_dark_from_light(row);
        self.edges.clear();
        self.edges.push(0);
        let width = row.len();
        let (words, _) = self.dark.as_chunks::<8>();
        let (next, _) = self.dark[1.min(width)..].as_chunks::<8>();
        let mut seen = 0;
        for (word, next) in words.iter().zip(next) {
            let mut changes = u64::from_le_bytes(*word) ^ u64::from_le_bytes(*next);
            while changes != 0 {
                self.edges
                    .push(seen + changes.trailing_zeros() as usize / 8 + 1);
                changes &= changes - 1;
            }
            seen += 8;
        }
        for index in seen + 1..width {
            if self.dark[index - 1] != self.dark[index] {
                self.edges.push(index);
            }
        }
        self.edges.push(width);
        &self.edges
    }

    /// A block's pixels are compared with the mean of it and its neighbours.
    fn tell_dark_from_light(&mut self, row: &[u8]) {
        self.sums.clear();
        let sum = |block: &[u8]| block.iter().map(|pixel| u32::from(*pixel)).sum::<u32>();
        self.sums.extend(row.chunks(BLOCK).map(sum));
        let blocks = row.chunks(BLOCK).zip(self.dark.chunks_mut(BLOCK));
        for (index, (pixels, dark)) in blocks.enumerate() {
            let (first, end) = (index.saturating_sub(1), (index + 2).min(self.sums.len()));
            let sum: u32 = self.sums[first..end].iter().sum();
            let count = row.len().min(end * BLOCK) - first * BLOCK;
            let mean = u8::try_from(sum / count as u32).unwrap_or(u8::MAX);
            let limit = mean.saturating_sub(NOISE);
            for (dark, pixel) in dark.iter_mut().zip(pixels) {
                *dark = u8::from(*pixel < limit);
            }
        }
    }
}

/// Runs of 1:1:3:1:1, as far off as a reader lets them be.
fn is_finder(lengths: [usize; 5]) -> bool {
    let total: usize = lengths.iter().sum();
    // A module is a seventh of all; half a module off is near.
    let near = |length: usize, modules: usize| (14 * length).abs_diff(2 * modules * total) <= total;
    let [first, second, middle, fourth, last] = lengths;
    total >= 7
        && near(middle, 3)
        && [first, second, fourth, last]
            .into_iter()
            .all(|length| near(length, 1))
}

/// Whether a finder pattern that was found in a row is one across it too: upwards and on both diagonals.
fn crosses(luma: &Luma8<'_>, row: usize, pixels: &[u8], found: Range<usize>) -> bool {
    let width = luma.width as usize;
    let column = usize::midpoint(found.start, found.end);
    let reach = 2 * found.len();
    let pattern = &pixels[found];
    let (Some(least), Some(most)) = (pattern.iter().min(), pattern.iter().max()) else {
        return false;
    };
    if most - least < CONTRAST {
        return false;
    }
    let middle = u8::midpoint(*least, *most);
    let inner = pixels[column] <= middle;
    // Three runs one way, from the pattern's middle.
    let away = |row: usize, right: isize, down: isize| {
        let mut lengths = [0; 3];
        let mut run = 0;
        for steps in 1..=reach.cast_signed() {
            let (x, y) = (
                column.checked_add_signed(right * steps),
                row.checked_add_signed(down * steps),
            );
            let (Some(x), Some(y)) = (x.filter(|x| *x < width), y) else {
                break;
            };
            let Some(pixel) = luma.pixels.get(y * width + x) else {
                break;
            };
            if (*pixel <= middle) != (inner ^ (run == 1)) {
                run += 1;
                if run == 3 {
                    break;
                }
            }
            lengths[run] += 1;
        }
        lengths
    };
    let through = |one: [usize; 3], other: [usize; 3]| {
        is_finder([one[2], one[1], one[0] + 1 + other[0], other[1], other[2]])
    };
    let (up, down) = (away(row, 0, -1), away(row, 0, 1));
    // The row need not be the pattern's middle.
    let row = usize::midpoint(row - up[0], row + down[0]);
    through(up, down)
        && through(away(row, -1, -1), away(row, 1, 1))
        && through(away(row, -1, 1), away(row, 1, -1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::Symbol;

    const SIDE: usize = 2048;

    fn paint(pixel: impl Fn(usize, usize) -> u8) -> Vec<u8> {
        (0..SIDE * SIDE)
            .map(|at| pixel(at % SIDE, at / SIDE))
            .collect()
    }

    fn crowd(pixels: &[u8]) -> Crowd {
        of(&Luma8::new(SIDE as u32, SIDE as u32, pixels).unwrap())
    }

    /// Dark, or light, where a finder pattern of this module's width is; a module's gap around it.
    fn finder(x: usize, y: usize, module: usize) -> bool {
        let (x, y) = (x / module % 8, y / module % 8);
        let ring =
            |inset: usize| (inset..7 - inset).contains(&x) && (inset..7 - inset).contains(&y);
        ring(0) && (!ring(1) || ring(2))
    }

    #[test]
    fn paper_full_of_finder_patterns() {
        // A camera's frame has room for so many only of the smallest.
        let frame: Vec<u8> = (0..1280 * 720)
            .map(|at| {
                if finder(at % 1280, at / 1280, 1) {
                    0
                } else {
                    255
                }
            })
            .collect();
        assert_eq!(of(&Luma8::new(1280, 720, &frame).unwrap()), Crowd::TooMany);
        for module in 1..=4 {
            for (dark, light) in [(0, 255), (255, 0), (90, 130)] {
                let pixels = paint(|x, y| if finder(x, y, module) { dark } else { light });
                assert_ne!(crowd(&pixels), Crowd::Few, "{module} {dark} {light}");
            }
            let lit = paint(|x, y| (x / 20) as u8 + if finder(x, y, module) { 0 } else { 60 });
            assert_ne!(crowd(&lit), Crowd::Few, "{module}, lit from one side");
        }
    }

    #[test]
    fn a_sensors_noise_a_sheet_of_codes_and_one_code() {
        let mut random = 1_u64;
        let noise: Vec<u8> = (0..SIDE * SIDE)
            .map(|_| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                128 + (random >> 32) as u8 % CONTRAST
            })
            .collect();
        assert_eq!(crowd(&noise), Crowd::Few);
        let symbol = Symbol::new("HC1:6BFOXN", &crate::encode::Options::default()).unwrap();
        // As many as there is room for, three pixels a module.
        let side = (symbol.width() + 4) * 3;
        let dark = |at: usize| {
            (at % side / 3)
                .checked_sub(2)
                .filter(|at| *at < symbol.width())
        };
        let sheet = paint(|x, y| match (dark(x), dark(y)) {
            (Some(x), Some(y)) if symbol.is_dark(x, y) => 0,
            _ => 255,
        });
        assert_eq!(crowd(&sheet), Crowd::Many);
        let one = paint(|x, y| {
            if x < side && y < side {
                sheet[y * SIDE + x]
            } else {
                255
            }
        });
        assert_eq!(crowd(&one), Crowd::Few);
    }
}
