//! Grey pictures, worn by own means so that the test needs no other program; and the page contents of a
//! PDF of this crate.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "pixels of a test"
)]

use hcert::zlib::Inflater;

/// 8 bits a pixel, 255 is white.
#[derive(Clone)]
pub(crate) struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// A binary PGM as poppler writes it.
    pub(crate) fn parse(bytes: &[u8]) -> Picture {
        let mut fields = bytes.splitn(4, |&b| b == b'\n' || b == b' ');
        let mut next = || fields.next().unwrap();
        assert_eq!(next(), b"P5");
        let number = |field: &[u8]| std::str::from_utf8(field).unwrap().parse().unwrap();
        let (width, height): (usize, usize) = (number(next()), number(next()));
        let rest = next();
        let pixels = rest.strip_prefix(b"255\n").unwrap().to_vec();
        assert_eq!(pixels.len(), width * height);
        Picture {
            width,
            height,
            pixels,
        }
    }

    pub(crate) fn to_pgm(&self) -> Vec<u8> {
        let mut out = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        out.extend_from_slice(&self.pixels);
        out
    }

    fn at(&self, x: i64, y: i64) -> f32 {
        let inside = (0..self.width as i64).contains(&x) && (0..self.height as i64).contains(&y);
        if inside {
            f32::from(self.pixels[y as usize * self.width + x as usize])
        } else {
            255.0
        }
    }

    /// Turned about its centre.
    pub(crate) fn rotated(&self, degrees: f32) -> Picture {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (cx, cy) = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        self.map(|x, y| {
            let (dx, dy) = (x as f32 - cx, y as f32 - cy);
            let (sx, sy) = (cx + dx * cos + dy * sin, cy - dx * sin + dy * cos);
            let (x0, y0) = (sx.floor(), sy.floor());
            let (fx, fy) = (sx - x0, sy - y0);
            let (x0, y0) = (x0 as i64, y0 as i64);
            let upper = self.at(x0, y0) * (1.0 - fx) + self.at(x0 + 1, y0) * fx;
            let lower = self.at(x0, y0 + 1) * (1.0 - fx) + self.at(x0 + 1, y0 + 1) * fx;
            upper * (1.0 - fy) + lower * fy
        })
    }

    /// Each pixel the mean of the nine around it.
    pub(crate) fn blurred(&self) -> Picture {
        self.map(|x, y| {
            let around = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy)));
            around
                .map(|(dx, dy)| self.at(x as i64 + dx, y as i64 + dy))
                .sum::<f32>()
                / 9.0
        })
    }

    /// Black as `black`, white as `white`: little toner on grey paper.
    pub(crate) fn faded(&self, black: u8, white: u8) -> Picture {
        let (black, white) = (f32::from(black), f32::from(white));
        self.map(|x, y| black + self.at(x as i64, y as i64) / 255.0 * (white - black))
    }

    /// Dirt: a speck of 2 x 2 pixels, black or white, on one pixel in `rare`.
    pub(crate) fn specked(&self, seed: u64, rare: u64) -> Picture {
        let mut random = Random::new(seed);
        let mut worn = self.clone();
        for _ in 0..(self.pixels.len() as u64 / rare) {
            let x = random.next() as usize % (self.width - 1);
            let y = random.next() as usize % (self.height - 1);
            let grey = if random.next().is_multiple_of(2) {
                0
            } else {
                255
            };
            for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                worn.pixels[(y + dy) * self.width + x + dx] = grey;
            }
        }
        worn
    }

    /// What a sensor adds to every pixel, up or down.
    pub(crate) fn noisy(&self, seed: u64, strength: u8) -> Picture {
        let mut random = Random::new(seed);
        let mut worn = self.clone();
        for pixel in &mut worn.pixels {
            let range = 2 * u64::from(strength) + 1;
            let noise = (random.next() % range) as f32 - f32::from(strength);
            *pixel = (f32::from(*pixel) + noise).clamp(0.0, 255.0) as u8;
        }
        worn
    }

    fn map(&self, pixel: impl Fn(usize, usize) -> f32) -> Picture {
        let pixels = (0..self.height)
            .flat_map(|y| (0..self.width).map(move |x| (x, y)))
            .map(|(x, y)| pixel(x, y) as u8)
            .collect();
        Picture { pixels, ..*self }
    }

    fn dark(&self, x: usize, y: usize) -> bool {
        self.pixels[y * self.width + x] < 200
    }

    /// Dark pixels within `margin` of a square, outside of it.
    pub(crate) fn dark_in_ring(&self, (left, top): (f32, f32), side: f32, margin: f32) -> usize {
        let inside = |v: f32, from: f32| v >= from - 1.0 && v <= from + side + 1.0;
        let near = |v: f32, from: f32| v >= from - margin && v <= from + side + margin;
        (0..self.height)
            .flat_map(|y| (0..self.width).map(move |x| (x, y)))
            .filter(|&(x, y)| {
                let (fx, fy) = (x as f32, y as f32);
                near(fx, left) && near(fy, top) && !(inside(fx, left) && inside(fy, top))
            })
            .filter(|&(x, y)| self.dark(x, y))
            .count()
    }

    /// Dark pixels within `margin` pixels of the edge.
    pub(crate) fn dark_at_edge(&self, margin: usize) -> usize {
        (0..self.height)
            .flat_map(|y| (0..self.width).map(move |x| (x, y)))
            .filter(|&(x, y)| {
                x < margin || y < margin || x + margin >= self.width || y + margin >= self.height
            })
            .filter(|&(x, y)| self.dark(x, y))
            .count()
    }
}

struct Random(u64);

impl Random {
    fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// The sizes of the pages in points, and their contents.
pub(crate) fn pages(pdf: &[u8]) -> (Vec<(f32, f32)>, Vec<String>) {
    let find = |from: usize, what: &[u8]| {
        pdf[from..]
            .windows(what.len())
            .position(|window| window == what)
            .map(|at| from + at)
    };
    let mut contents = Vec::new();
    let mut from = 0;
    while let Some(at) = find(from, b"stream\n") {
        let start = at + b"stream\n".len();
        let end = find(start, b"\nendstream").unwrap();
        let mut out = Vec::new();
        let inflated = Inflater::default()
            .inflate(&pdf[start..end], 10_000_000, &mut out)
            .unwrap();
        // Fonts and their tables are no drawings. Strings of glyphs are not UTF-8, the rest is ASCII.
        if inflated.windows(3).any(|window| window == b"BDC") {
            contents.push(String::from_utf8_lossy(inflated).into_owned());
        }
        from = end + b"\nendstream".len();
    }
    let text = String::from_utf8_lossy(pdf);
    let sizes = text
        .split("/MediaBox [")
        .skip(1)
        .map(|rest| {
            let numbers: Vec<f32> = rest
                .split(']')
                .next()
                .unwrap()
                .split(' ')
                .filter_map(|word| word.parse().ok())
                .collect();
            (numbers[2], numbers[3])
        })
        .collect();
    (sizes, contents)
}
