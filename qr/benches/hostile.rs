//! Pictures that are made to be slow: finder patterns, alone and among noise, as few as a sheet of codes has and
//! more. For each size of picture the slowest is given.
//!
//! cargo bench -p qr --bench hostile

use std::time::Instant;

use qr::read::{self, Code, Effort, Luma8};

/// As a camera gives them, and the largest square that the readers were asked for.
const SIZES: [(usize, usize); 3] = [(640, 480), (1280, 720), (4096, 4096)];
const PATTERNS: [usize; 5] = [20, 60, 180, 250, 400];
/// Pixels.
const MODULES: [usize; 3] = [1, 2, 4];

/// A reader by name.
type Reader = (&'static str, fn(&Luma8<'_>) -> Vec<Code>);

const READERS: [Reader; 4] = [
    ("qr quick", |luma| read::codes(luma, Effort::Quick)),
    ("qr thorough", |luma| read::codes(luma, Effort::Thorough)),
    ("qr portable quick", |luma| {
        read::codes_portable(luma, Effort::Quick)
    }),
    ("qr portable thorough", |luma| {
        read::codes_portable(luma, Effort::Thorough)
    }),
];

#[derive(Clone, Copy)]
struct Kind {
    patterns: usize,
    module: usize,
    /// What lies between the patterns.
    noise: bool,
    scattered: bool,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Kind {
            patterns, module, ..
        } = self;
        write!(out, "{patterns} patterns of {module} pixels a module")?;
        out.write_str(if self.scattered {
            ", scattered"
        } else {
            ", in rows"
        })?;
        out.write_str(if self.noise { ", among noise" } else { "" })
    }
}

struct Random(u64);

impl Random {
    /// Below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % limit
    }
}

/// None where there is no room.
fn picture((width, height): (usize, usize), kind: Kind) -> Option<Vec<u8>> {
    let random = &mut Random(88_172_645_463_325_252);
    let modules = (width.div_ceil(kind.module), height.div_ceil(kind.module));
    let mut dark = vec![false; modules.0 * modules.1];
    if kind.noise {
        dark.fill_with(|| random.below(2) == 0);
    }
    // A pattern and a gap to the next.
    let (columns, rows) = (modules.0 / 8, modules.1 / 8);
    if columns * rows < 2 * kind.patterns {
        return None;
    }
    let side = (1..).find(|side| side * side >= kind.patterns)?;
    for pattern in 0..kind.patterns {
        let (column, row) = if kind.scattered {
            (random.below(columns), random.below(rows))
        } else {
            (
                pattern % side * (columns / side),
                pattern / side * (rows / side),
            )
        };
        for (x, y) in (0..64).map(|at| (at % 8, at / 8)) {
            let ring =
                |inset: usize| (inset..7 - inset).contains(&x) && (inset..7 - inset).contains(&y);
            dark[(row * 8 + y) * modules.0 + column * 8 + x] = ring(0) && (!ring(1) || ring(2));
        }
    }
    let pixel = |at: usize| {
        let (x, y) = (at % width / kind.module, at / width / kind.module);
        if dark[y * modules.0 + x] { 0 } else { 255 }
    };
    Some((0..width * height).map(pixel).collect())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for (width, height) in SIZES {
        let kinds = PATTERNS.iter().flat_map(|&patterns| {
            MODULES.iter().flat_map(move |&module| {
                [(false, false), (false, true), (true, false), (true, true)].map(
                    |(noise, scattered)| Kind {
                        patterns,
                        module,
                        noise,
                        scattered,
                    },
                )
            })
        });
        let mut slowest = READERS.map(|_| (0.0, String::new()));
        for kind in kinds {
            let Some(pixels) = picture((width, height), kind) else {
                continue;
            };
            let luma = Luma8::new(width as u32, height as u32, &pixels)?;
            for ((_, read), slowest) in READERS.iter().zip(&mut slowest) {
                let start = Instant::now();
                std::hint::black_box(read(&luma));
                let took = start.elapsed().as_secs_f64();
                if took > slowest.0 {
                    *slowest = (took, kind.to_string());
                }
            }
        }
        for ((name, _), (took, kind)) in READERS.iter().zip(slowest) {
            let size = format!("{width} × {height}");
            println!("{size:13}{name:22}{took:.2} s  {kind}");
        }
    }
    Ok(())
}
