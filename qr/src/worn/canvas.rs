use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::{DynamicImage, ExtendedColorType, ImageEncoder};

use super::random::Random;
use super::{HEIGHT, Kind, WIDTH};
use crate::encode::Symbol;

/// Grey levels before they become bytes.
pub(super) struct Canvas(Vec<f32>);

#[derive(Clone, Copy)]
pub(super) struct Shade {
    pub(super) dark: f64,
    pub(super) light: f64,
}

/// Cosine and sine of the angle whose half has the tangent `half`.
pub(super) fn turn(half: f64) -> (f64, f64) {
    let square = half * half;
    ((1.0 - square) / (1.0 + square), 2.0 * half / (1.0 + square))
}

/// Corners on the canvas: top left, top right, bottom right, bottom left.
#[derive(Clone, Copy)]
pub(super) struct Quad([(f64, f64); 4]);

impl Quad {
    pub(super) fn upright(centre: (f64, f64), size: f64) -> Self {
        let half = size / 2.0;
        Self(
            [(-half, -half), (half, -half), (half, half), (-half, half)]
                .map(|(x, y)| (centre.0 + x, centre.1 + y)),
        )
    }

    /// Turned around `centre` by the angle whose half has the tangent `half`.
    pub(super) fn turned(self, half: f64, centre: (f64, f64)) -> Self {
        let (cos, sin) = turn(half);
        self.about(centre, |x, y| (x * cos - y * sin, x * sin + y * cos))
    }

    /// Leant away from the camera.
    pub(super) fn tilted(self, tangent: f64, centre: (f64, f64), random: &mut Random) -> Self {
        let (cos, sin) = turn(tangent / 2.0);
        let (axis_x, axis_y) = random.direction();
        let distance = random.within(900.0, 1500.0);
        self.about(centre, |x, y| {
            let (along, across) = (x * axis_x + y * axis_y, y * axis_x - x * axis_y);
            let near = distance / (distance + across * sin);
            let (along, across) = (along * near, across * cos * near);
            (
                along * axis_x - across * axis_y,
                along * axis_y + across * axis_x,
            )
        })
    }

    fn about(self, centre: (f64, f64), map: impl Fn(f64, f64) -> (f64, f64)) -> Self {
        Self(self.0.map(|(x, y)| {
            let (x, y) = map(x - centre.0, y - centre.1);
            (centre.0 + x, centre.1 + y)
        }))
    }

    /// The projective map from this quad to the unit square, as rows of a matrix (Heckbert 1989).
    fn to_unit_square(self) -> [[f64; 3]; 3] {
        let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] = self.0;
        let (dx1, dx2, sx) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
        let (dy1, dy2, sy) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
        let det = dx1 * dy2 - dx2 * dy1;
        let (g, h) = ((sx * dy2 - dx2 * sy) / det, (dx1 * sy - sx * dy1) / det);
        let (a, b, c) = (x1 - x0 + g * x1, x3 - x0 + h * x3, x0);
        let (d, e, f) = (y1 - y0 + g * y1, y3 - y0 + h * y3, y0);
        [
            [e - f * h, c * h - b, b * f - c * e],
            [f * g - d, a - c * g, c * d - a * f],
            [d * h - e * g, b * g - a * h, a * e - b * d],
        ]
    }

    fn bounds(&self, (sx, sy): (usize, usize)) -> (usize, usize, usize, usize) {
        let fold = |f: fn(f64, f64) -> f64, pick: fn(&(f64, f64)) -> f64| {
            self.0.iter().map(pick).reduce(f).unwrap_or(0.0)
        };
        let clamp = |value: f64, limit: usize| value.clamp(0.0, limit as f64) as usize;
        (
            clamp(fold(f64::min, |p| p.0).floor(), sx),
            clamp(fold(f64::min, |p| p.1).floor(), sy),
            clamp(fold(f64::max, |p| p.0).ceil(), sx),
            clamp(fold(f64::max, |p| p.1).ceil(), sy),
        )
    }
}

impl Canvas {
    pub(super) fn from_fn(level: impl Fn(f64, f64) -> f64) -> Self {
        let pixel = |i: usize| level((i % WIDTH) as f64, (i / WIDTH) as f64) as f32;
        Self((0..WIDTH * HEIGHT).map(pixel).collect())
    }

    pub(super) fn fill(
        &mut self,
        left: usize,
        top: usize,
        right: usize,
        bottom: usize,
        level: f32,
    ) {
        for y in top..bottom.min(HEIGHT) {
            self.0[y * WIDTH + left..y * WIDTH + right.min(WIDTH)].fill(level);
        }
    }

    fn each(&mut self, mut change: impl FnMut(f64, f64, f32) -> f32) {
        for (i, pixel) in self.0.iter_mut().enumerate() {
            *pixel = change((i % WIDTH) as f64, (i / WIDTH) as f64, *pixel);
        }
    }

    /// A symbol with its quiet zone, nine samples to a pixel.
    pub(super) fn draw(&mut self, symbol: &Symbol, quad: &Quad, shade: Shade) {
        const SAMPLES: [f64; 3] = [1.0 / 6.0, 0.5, 5.0 / 6.0];
        let map = quad.to_unit_square();
        let modules = (symbol.width() + 8) as f64;
        let (left, top, right, bottom) = quad.bounds((WIDTH, HEIGHT));
        for y in top..bottom {
            for x in left..right {
                let pixel = &mut self.0[y * WIDTH + x];
                let below = f64::from(*pixel);
                let mut sum = 0.0;
                for (dy, dx) in SAMPLES
                    .iter()
                    .flat_map(|dy| SAMPLES.iter().map(move |dx| (dy, dx)))
                {
                    let (px, py) = (x as f64 + dx, y as f64 + dy);
                    let [u, v, w] = map.map(|[a, b, c]| a * px + b * py + c);
                    let (u, v) = (u / w, v / w);
                    sum += if (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v) {
                        let module = |t: f64| ((t * modules) as usize).checked_sub(4);
                        let dark = module(u)
                            .zip(module(v))
                            .is_some_and(|(x, y)| symbol.is_dark(x, y));
                        if dark { shade.dark } else { shade.light }
                    } else {
                        below
                    };
                }
                *pixel = (sum / 9.0) as f32;
            }
        }
    }

    /// About a Gaussian of that deviation in pixels: three box blurs in each direction.
    pub(super) fn blur(&mut self, deviation: f64) {
        let radius = (((4.0 * deviation * deviation + 1.0).sqrt() - 1.0) / 2.0) as f32;
        for _ in 0..3 {
            for row in self.0.chunks_exact_mut(WIDTH) {
                let blurred = box_blur(row, radius);
                row.copy_from_slice(&blurred);
            }
            for x in 0..WIDTH {
                let column: Vec<f32> = (0..HEIGHT).map(|y| self.0[y * WIDTH + x]).collect();
                for (y, pixel) in box_blur(&column, radius).into_iter().enumerate() {
                    self.0[y * WIDTH + x] = pixel;
                }
            }
        }
    }

    /// The mean along a line of `length` pixels.
    pub(super) fn move_along(&mut self, length: f64, (dx, dy): (f64, f64)) {
        let samples = 2 * length.ceil() as usize + 1;
        let old = self.0.clone();
        self.each(|x, y, _| {
            let sum: f64 = (0..samples)
                .map(|i| {
                    let at = length * (i as f64 / (samples - 1) as f64 - 0.5);
                    sample(&old, x + at * dx, y + at * dy)
                })
                .sum();
            (sum / samples as f64) as f32
        });
    }

    pub(super) fn noise(&mut self, deviation: f64, random: &mut Random) {
        self.each(|_, _, pixel| pixel + (deviation * random.normal()) as f32);
    }

    pub(super) fn scale(&mut self, factor: f64, offset: f64) {
        self.each(|_, _, pixel| pixel * factor as f32 + offset as f32);
    }

    /// A slope of light, the edge of a shadow, and a bright spot.
    pub(super) fn light(&mut self, strength: f64, random: &mut Random) {
        let (dx, dy) = random.direction();
        let edge = random.within(-150.0, 150.0);
        let (spot_x, spot_y) = (random.within(200.0, 1080.0), random.within(100.0, 620.0));
        self.each(|x, y, pixel| {
            let across = (x - WIDTH as f64 / 2.0) * dx + (y - HEIGHT as f64 / 2.0) * dy;
            let slope = 1.0 - strength * 0.35 * (1.0 + across / 700.0);
            let shadow = 1.0 - 0.6 * strength * ((across - edge) / 30.0).clamp(0.0, 1.0);
            let (sx, sy) = ((x - spot_x) / 140.0, (y - spot_y) / 140.0);
            let spot = (1.0 - sx * sx - sy * sy).max(0.0);
            let lit = f64::from(pixel) * slope * shadow;
            (lit + (255.0 - lit) * 0.55 * strength * spot * spot) as f32
        });
    }

    /// Spots over a share of the symbol, away from its corners, where no error correction helps.
    pub(super) fn cover(&mut self, quad: &Quad, share: f64, random: &mut Random) {
        let map = quad.to_unit_square();
        let spots: Vec<_> = (0..3)
            .map(|_| {
                let radius = (share / 3.0 / std::f64::consts::PI).sqrt();
                (
                    random.within(0.34, 0.72),
                    random.within(0.34, 0.72),
                    radius,
                    random.within(20.0, 240.0),
                )
            })
            .collect();
        self.each(|x, y, pixel| {
            let [u, v, w] = map.map(|[a, b, c]| a * x + b * y + c);
            let (u, v) = (u / w, v / w);
            let inside = |&&(cx, cy, radius, _): &&(f64, f64, f64, f64)| {
                (u - cx) * (u - cx) + (v - cy) * (v - cy) < radius * radius
            };
            spots
                .iter()
                .find(inside)
                .map_or(pixel, |spot| spot.3 as f32)
        });
    }

    /// The beat of a screen's pixels with the camera's.
    pub(super) fn moire(&mut self, strength: f64, random: &mut Random) {
        let (dx, dy) = random.direction();
        let (period, other) = (random.within(2.3, 6.0), random.within(7.0, 19.0));
        self.each(|x, y, pixel| {
            let (along, across) = (x * dx + y * dy, y * dx - x * dy);
            let beat = 0.6 * wave(along / period) + 0.4 * wave(across / other);
            (f64::from(pixel) * (1.0 + strength * 0.6 * beat)) as f32
        });
    }

    pub(super) fn into_pixels(self, kind: Kind, wear: f64, random: &mut Random) -> Vec<u8> {
        let pixels: Vec<u8> = self
            .0
            .iter()
            .map(|&pixel| (pixel + 0.5).clamp(0.0, 255.0) as u8)
            .collect();
        match kind {
            Kind::Jpeg => jpeg(&pixels, 40 - (35.0 * wear) as u8),
            Kind::Camera => jpeg(&pixels, 60 + random.below(30) as u8),
            _ => pixels,
        }
    }
}

/// A wave of period 1 between -1 and 1, made of parabolas.
fn wave(t: f64) -> f64 {
    let t = t - t.floor();
    if t < 0.5 {
        16.0 * t * (0.5 - t)
    } else {
        -16.0 * (t - 0.5) * (1.0 - t)
    }
}

fn sample(pixels: &[f32], x: f64, y: f64) -> f64 {
    let (x, y) = (
        x.clamp(0.0, (WIDTH - 1) as f64),
        y.clamp(0.0, (HEIGHT - 1) as f64),
    );
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(WIDTH - 1), (top + 1).min(HEIGHT - 1));
    let (u, v) = (x - left as f64, y - top as f64);
    let at = |x: usize, y: usize| f64::from(pixels[y * WIDTH + x]);
    (at(left, top) * (1.0 - u) + at(right, top) * u) * (1.0 - v)
        + (at(left, bottom) * (1.0 - u) + at(right, bottom) * u) * v
}

/// The mean over `2 radius + 1` pixels, the outermost two counting by the fraction of `radius`.
fn box_blur(line: &[f32], radius: f32) -> Vec<f32> {
    let (whole, fraction) = (radius as isize, radius - radius.floor());
    let last = line.len() as isize - 1;
    let at = |i: isize| line[i.clamp(0, last) as usize];
    let weight = 1.0 / (2.0 * radius + 1.0);
    (0..=last)
        .map(|i| {
            let inner: f32 = (i - whole..=i + whole).map(at).sum();
            (inner + fraction * (at(i - whole - 1) + at(i + whole + 1))) * weight
        })
        .collect()
}

fn jpeg(pixels: &[u8], quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let written = JpegEncoder::new_with_quality(&mut file, quality.max(1)).write_image(
        pixels,
        WIDTH as u32,
        HEIGHT as u32,
        ExtendedColorType::L8,
    );
    let read = JpegDecoder::new(std::io::Cursor::new(&file)).and_then(DynamicImage::from_decoder);
    match (written, read) {
        (Ok(()), Ok(image)) => image.into_luma8().into_raw(),
        _ => pixels.to_vec(),
    }
}
