//! Aztec symbols, from a picture to modules (ISO/IEC 24778): rings around a middle, then a ring that says how large the
//! symbol is, then the symbol. Runs, edges, squares, perspective and error correction are [`rxing`]'s; its own finder
//! makes text of what it finds to see whether it is right, which a browser's module has no tables for.

use rxing::common::{
    BitMatrix, PerspectiveTransform, Quadrilateral,
    cpp_essentials::{ConcentricPattern, FindConcentricPatternCorners, LocateConcentricPattern},
    reedsolomon::{PredefinedGenericGF, ReedSolomonDecoder},
};
use rxing::{Point, point};

use super::Sampled;

/// Places that are looked at in a picture. The lines of the reference grid look like a middle in one direction, so
/// there are some hundreds in each symbol.
const MAX_PLACES: usize = 4000;
/// Those of them that are looked at further, since they have rings around them.
const MAX_TRIES: usize = 30;
/// Modules from one line of the reference grid to the next.
const LINES: usize = 16;
/// How often all corners are moved by one step.
const MAX_ROUNDS: usize = 8;
/// Modules across the rings that both kinds of middle have.
const RINGS: usize = 7;

/// The first symbol whose content can be read.
pub(super) fn first<T>(bits: &BitMatrix, read: impl Fn(&Sampled) -> Option<T>) -> Option<T> {
    let range = i32::try_from(bits.width().min(bits.height()) / 2)
        .ok()?
        .max(1);
    let pattern = [1; RINGS];
    let mut seen: Vec<Point> = Vec::new();
    for start in middles(bits).into_iter().take(MAX_PLACES) {
        let near = |one: &Point| Point::distance(*one, start) < 4.0;
        if seen.len() == MAX_TRIES || seen.iter().any(near) {
            continue;
        }
        let Some(rings) =
            LocateConcentricPattern::<true, RINGS, RINGS>(bits, &pattern, start, range)
        else {
            continue;
        };
        seen.push(rings.p);
        let found = [Middle::FULL, Middle::COMPACT]
            .iter()
            .flat_map(|middle| middle.sampled(bits, rings))
            .find_map(|sampled| read(&sampled));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Points in the middle of seven runs of about one width, the fourth of them dark.
fn middles(bits: &BitMatrix) -> Vec<Point> {
    let mut points = Vec::new();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    // A module of one pixel can't be read anyway.
    for y in (0..bits.height()).step_by(2) {
        runs.clear();
        let mut dark = bits.get(0, y);
        let first_is_dark = dark;
        let mut begun = 0;
        for x in 1..bits.width() {
            if bits.get(x, y) != dark {
                runs.push((begun, x - begun));
                (begun, dark) = (x, !dark);
            }
        }
        for (index, window) in runs.windows(RINGS).enumerate() {
            let middle_is_dark = (index + RINGS / 2).is_multiple_of(2) == first_is_dark;
            let sum: u32 = window.iter().map(|(_, length)| length).sum();
            // Half a module more or less, and a pixel for the edges.
            let near = |length: u32| {
                let seven = 7 * length;
                seven + 7 + sum / 2 >= sum && seven <= sum + sum / 2 + 7
            };
            if middle_is_dark && window.iter().all(|(_, length)| near(*length)) {
                let (start, length) = window[RINGS / 2];
                points.push(point((start + length / 2) as f32, y as f32));
            }
        }
    }
    points
}

/// One of the two kinds of middle.
struct Middle {
    /// From the centre to the ring that says the size, in modules.
    ring: i32,
    /// The edge, counted from the centre, inside a ring around which a square is fitted; the ring is that many
    /// modules from the centre, less a half, plus a half.
    edge: i32,
    /// Words of four bits in that ring, and how many of them are not for correction.
    words: (usize, usize),
    compact: bool,
}

impl Middle {
    const COMPACT: Middle = Middle {
        ring: 5,
        edge: 3,
        words: (7, 2),
        compact: true,
    };
    const FULL: Middle = Middle {
        ring: 7,
        edge: 5,
        words: (10, 4),
        compact: false,
    };

    /// The symbols around some rings, if this is their middle: as it is, and mirrored.
    fn sampled(&self, bits: &BitMatrix, rings: ConcentricPattern) -> Vec<Sampled> {
        let size = rings.size.saturating_mul(2).max(1);
        let Some(square) = FindConcentricPatternCorners(bits, rings.p, size, self.edge) else {
            return Vec::new();
        };
        let [a, b, c, d] = [0, 1, 2, 3].map(|corner| square[corner]);
        [[a, b, c, d], [a, d, c, b]]
            .into_iter()
            .filter_map(|corners| self.symbol(bits, corners))
            .collect()
    }

    /// The symbol whose ring has these corners, whichever of them is the first.
    fn symbol(&self, bits: &BitMatrix, corners: [Point; 4]) -> Option<Sampled> {
        (0..4).find_map(|turn| {
            let mut corners = corners;
            corners.rotate_left(turn);
            let grid = Grid::new(bits, corners, self.edge as f32)?;
            if !self.is_upright(&grid) {
                return None;
            }
            let (layers, words) = self.size(&grid)?;
            let side = layers * 4 + if self.compact { 11 } else { 14 };
            let side = if self.compact {
                side
            } else {
                super::with_grid_lines(side)
            };
            let grid = if self.compact {
                grid
            } else {
                grid.fitted(side / 2)
            };
            Some(Sampled {
                modules: grid.square(side)?,
                layers,
                words,
                compact: self.compact,
            })
        })
    }

    /// Whether the marks in the corners of the ring are where they belong: three modules, two, one, none, clockwise
    /// from the top left. Two of the twelve may be wrong, as no turn is nearer than eight to another.
    fn is_upright(&self, grid: &Grid<'_>) -> bool {
        let r = self.ring;
        let marks = [
            (-r, -r, true),
            (1 - r, -r, true),
            (-r, 1 - r, true),
            (r, -r, true),
            (r, 1 - r, true),
            (r - 1, -r, false),
            (r, r - 1, true),
            (r, r, false),
            (r - 1, r, false),
            (-r, r, false),
            (1 - r, r, false),
            (-r, r - 1, false),
        ];
        let wrong = marks
            .iter()
            .filter(|(x, y, dark)| grid.is_dark(*x, *y) != *dark);
        wrong.count() <= 2
    }

    /// Layers and words of data, out of the ring.
    fn size(&self, grid: &Grid<'_>) -> Option<(usize, usize)> {
        let r = self.ring;
        // Between the marks of two corners, without the line of the reference grid.
        let along = || (2 - r..=r - 2).filter(|at| self.compact || *at != 0);
        let bits: Vec<bool> = along()
            .map(|at| (at, -r))
            .chain(along().map(|at| (r, at)))
            .chain(along().map(|at| (-at, r)))
            .chain(along().map(|at| (-r, -at)))
            .map(|(x, y)| grid.is_dark(x, y))
            .collect();
        let (all, data) = self.words;
        let mut words: Vec<i32> = bits.chunks(4).map(super::number).collect();
        let decoder = ReedSolomonDecoder::new(PredefinedGenericGF::AztecParam.into());
        decoder
            .decode(&mut words, i32::try_from(all - data).ok()?)
            .ok()?;
        let message = words.get(..data)?.iter().try_fold(0_usize, |sum, word| {
            Some(16 * sum + usize::try_from(*word).ok()?)
        })?;
        let split = if self.compact { 6 } else { 11 };
        Some(((message >> split) + 1, (message & ((1 << split) - 1)) + 1))
    }
}

/// Where modules lie in the picture.
struct Grid<'a> {
    bits: &'a BitMatrix,
    transform: PerspectiveTransform,
}

impl<'a> Grid<'a> {
    /// `corners` of the square whose sides are `half` modules from the centre, clockwise from the top left.
    fn new(bits: &'a BitMatrix, corners: [Point; 4], half: f32) -> Option<Grid<'a>> {
        let [a, b, c, d] = corners;
        let modules = Quadrilateral::new(
            point(-half, -half),
            point(half, -half),
            point(half, half),
            point(-half, half),
        );
        let picture = Quadrilateral::new(a, b, c, d);
        let transform =
            PerspectiveTransform::quadrilateralToQuadrilateral(modules, picture).ok()?;
        Some(Grid { bits, transform })
    }

    /// Moved so that the reference grid lies where it should, from the middle outwards: what was measured there on ten
    /// modules is not good enough for a hundred.
    fn fitted(self, half: usize) -> Grid<'a> {
        let mut grid = self;
        for half in (LINES..half).step_by(LINES).chain([half]) {
            let h = half as f32;
            let at = |x: f32, y: f32| grid.transform.transform_point(point(x * h, y * h));
            let mut corners = [at(-1.0, -1.0), at(1.0, -1.0), at(1.0, 1.0), at(-1.0, 1.0)];
            let module = Point::distance(corners[0], corners[1]) / (2.0 * h);
            let mut best = grid.lines_that_fit(half);
            for step in [1.0, 0.5, 0.25].map(|part| part * module) {
                let mut better = true;
                for _ in 0..MAX_ROUNDS {
                    if !std::mem::take(&mut better) {
                        break;
                    }
                    for corner in 0..4 {
                        for by in [
                            point(step, 0.0),
                            point(-step, 0.0),
                            point(0.0, step),
                            point(0.0, -step),
                        ] {
                            let mut moved = corners;
                            moved[corner] += by;
                            let Some(other) = Grid::new(grid.bits, moved, h) else {
                                continue;
                            };
                            let fit = other.lines_that_fit(half);
                            if fit > best {
                                (best, corners, grid, better) = (fit, moved, other, true);
                            }
                        }
                    }
                }
            }
        }
        grid
    }

    /// How many modules of the reference grid's lines, up to `half` modules from the centre, are as they should be:
    /// dark and light in turn, beginning with the centre.
    fn lines_that_fit(&self, half: usize) -> usize {
        let half = i32::try_from(half).unwrap_or(0);
        let lines = || (-half..=half).filter(|at| at % LINES as i32 == 0);
        lines()
            .flat_map(|line| (-half..=half).flat_map(move |at| [(line, at), (at, line)]))
            .filter(|(x, y)| self.is_dark(*x, *y) == ((x + y) % 2 == 0))
            .count()
    }

    /// A module by its distance from the centre; what lies outside the picture is light.
    fn is_dark(&self, x: i32, y: i32) -> bool {
        let place = self.transform.transform_point(point(x as f32, y as f32));
        self.bits.try_get_point(place).unwrap_or(false)
    }

    /// The modules of a symbol with an odd number of them on each side. None when a corner is not in the picture.
    fn square(&self, side: usize) -> Option<BitMatrix> {
        let half = i32::try_from(side / 2).ok()?;
        for (x, y) in [(-half, -half), (half, -half), (half, half), (-half, half)] {
            let place = self.transform.transform_point(point(x as f32, y as f32));
            self.bits.try_get_point(place)?;
        }
        let mut modules = BitMatrix::with_single_dimension(u32::try_from(side).ok()?).ok()?;
        for (row, y) in (-half..=half).enumerate() {
            for (column, x) in (-half..=half).enumerate() {
                if self.is_dark(x, y) {
                    modules.set(u32::try_from(column).ok()?, u32::try_from(row).ok()?);
                }
            }
        }
        Some(modules)
    }
}
