//! Changes to a picture that make a worn code readable.

use super::{Code, Luma8, Point};

/// A picture of our own, and where its pixels lie in the picture it was made from.
#[derive(Debug, Clone)]
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<u8>,
    origin: (usize, usize),
    /// Pixels here for one pixel there.
    scale: f32,
}

impl Grey {
    pub(super) fn crop(
        luma: &Luma8<'_>,
        left: usize,
        top: usize,
        width: usize,
        height: usize,
    ) -> Self {
        let stride = luma.width() as usize;
        let pixels = luma.pixels()[top * stride..(top + height) * stride]
            .chunks_exact(stride)
            .flat_map(|row| &row[left..left + width])
            .copied()
            .collect();
        Self {
            width,
            height,
            pixels,
            origin: (left, top),
            scale: 1.0,
        }
    }

    pub(super) fn luma(&self) -> Option<Luma8<'_>> {
        Luma8::new(
            u32::try_from(self.width).ok()?,
            u32::try_from(self.height).ok()?,
            &self.pixels,
        )
        .ok()
    }

    /// Codes found here, with their places in the picture this was made from.
    pub(super) fn placed(&self, mut codes: Vec<Code>) -> Vec<Code> {
        let back =
            |value: i32, origin: usize| (value as f32 / self.scale).round() as i32 + origin as i32;
        for point in codes
            .iter_mut()
            .filter_map(|code| code.corners.as_mut())
            .flatten()
        {
            *point = Point {
                x: back(point.x, self.origin.0),
                y: back(point.y, self.origin.1),
            };
        }
        codes
    }

    fn resized(&self, width: usize, height: usize, scale: f32, pixels: Vec<u8>) -> Self {
        Self {
            width,
            height,
            pixels,
            origin: self.origin,
            scale: self.scale * scale,
        }
    }

    fn with(&self, pixels: Vec<u8>) -> Self {
        self.resized(self.width, self.height, 1.0, pixels)
    }

    /// Half as wide and high: each pixel the mean of four.
    pub(super) fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut pixels = Vec::with_capacity(width * height);
        for rows in self.pixels.chunks_exact(2 * self.width).take(height) {
            let (upper, lower) = rows.split_at(self.width);
            pixels.extend(upper.chunks_exact(2).zip(lower.chunks_exact(2)).map(
                |(upper, lower)| {
                    let sum: u16 = upper
                        .iter()
                        .chain(lower)
                        .map(|&pixel| u16::from(pixel))
                        .sum();
                    (sum / 4) as u8
                },
            ));
        }
        self.resized(width, height, 0.5, pixels)
    }

    /// Twice as wide and high, by linear interpolation.
    pub(super) fn doubled(&self) -> Self {
        let (width, height) = (2 * self.width, 2 * self.height);
        let mut pixels = vec![0; width * height];
        // Each new pixel lies a quarter of the way from its old pixel to a neighbour.
        let near = |i: usize, length: usize| {
            let old = i / 2;
            (
                old,
                if i % 2 == 0 {
                    old.saturating_sub(1)
                } else {
                    (old + 1).min(length - 1)
                },
            )
        };
        for (y, row) in pixels.chunks_exact_mut(width).enumerate() {
            let (here, beside) = near(y, self.height);
            let line = |y: usize| &self.pixels[y * self.width..(y + 1) * self.width];
            let blend = |a: u8, b: u8| 3 * u16::from(a) + u16::from(b);
            let column: Vec<u16> = line(here)
                .iter()
                .zip(line(beside))
                .map(|(&a, &b)| blend(a, b))
                .collect();
            for (x, pixel) in row.iter_mut().enumerate() {
                let (here, beside) = near(x, self.width);
                *pixel = ((3 * column[here] + column[beside] + 8) / 16) as u8;
            }
        }
        self.resized(width, height, 2.0, pixels)
    }

    /// Each pixel the mean of itself and its neighbours, weighed 1 2 1 in both directions: takes noise away.
    pub(super) fn smoothed(&self) -> Self {
        let (width, height) = (self.width, self.height);
        let weigh = |a: u16, b: u16, c: u16| a + 2 * b + c;
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let line = |y: usize| &self.pixels[y * width..(y + 1) * width];
            let (upper, here, lower) = (
                line(y.saturating_sub(1)),
                line(y),
                line((y + 1).min(height - 1)),
            );
            let column: Vec<u16> = (0..width)
                .map(|x| weigh(u16::from(upper[x]), u16::from(here[x]), u16::from(lower[x])))
                .collect();
            pixels.extend((0..width).map(|x| {
                let sum = weigh(
                    column[x.saturating_sub(1)],
                    column[x],
                    column[(x + 1).min(width - 1)],
                );
                ((sum + 8) / 16) as u8
            }));
        }
        self.with(pixels)
    }

    /// Unsharp mask: adds `strength` times what smoothing takes away.
    pub(super) fn sharpened(&self, radius: usize, strength: f32) -> Self {
        let mut soft = self.smoothed();
        for _ in 1..radius {
            soft = soft.smoothed();
        }
        let pixels = self.pixels.iter().zip(&soft.pixels).map(|(&pixel, &soft)| {
            (f32::from(pixel) + strength * (f32::from(pixel) - f32::from(soft))).clamp(0.0, 255.0)
                as u8
        });
        self.with(pixels.collect())
    }

    /// Grey levels drawn apart until one pixel in a hundred is black and one in a hundred white.
    pub(super) fn stretched(&self) -> Self {
        let mut histogram = [0_usize; 256];
        self.pixels
            .iter()
            .for_each(|&pixel| histogram[usize::from(pixel)] += 1);
        let few = self.pixels.len() / 100;
        let dark = reach(histogram.iter().copied().enumerate(), few).unwrap_or(0);
        let light = reach(histogram.iter().copied().enumerate().rev(), few).unwrap_or(255);
        let span = light.saturating_sub(dark).max(1);
        let table: Vec<u8> = (0..256_usize)
            .map(|level| (level.saturating_sub(dark) * 255 / span).min(255) as u8)
            .collect();
        self.with(
            self.pixels
                .iter()
                .map(|&pixel| table[usize::from(pixel)])
                .collect(),
        )
    }

    /// Black and white: dark is what is darker than the mean of the square of `2 radius + 1` pixels around.
    pub(super) fn thresholded(&self, radius: usize) -> Self {
        let (width, height) = (self.width, self.height);
        let stride = width + 1;
        let mut sums = vec![0_u32; stride * (height + 1)];
        for y in 0..height {
            let mut row = 0;
            for x in 0..width {
                row += u32::from(self.pixels[y * width + x]);
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1].wrapping_add(row);
            }
        }
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let (top, bottom) = (y.saturating_sub(radius), (y + radius + 1).min(height));
            for x in 0..width {
                let (left, right) = (x.saturating_sub(radius), (x + radius + 1).min(width));
                let sum = sums[bottom * stride + right]
                    .wrapping_sub(sums[top * stride + right])
                    .wrapping_sub(sums[bottom * stride + left])
                    .wrapping_add(sums[top * stride + left]);
                let count = ((bottom - top) * (right - left)) as u32;
                let dark = u32::from(self.pixels[y * width + x]) * count < sum;
                pixels.push(if dark { 0 } else { 255 });
            }
        }
        self.with(pixels)
    }

    pub(super) fn inverted(&self) -> Self {
        self.with(self.pixels.iter().map(|&pixel| 255 - pixel).collect())
    }
}

/// The first level at which more than `few` pixels have been passed.
fn reach(counts: impl IntoIterator<Item = (usize, usize)>, few: usize) -> Option<usize> {
    let mut sum = 0;
    counts
        .into_iter()
        .find(|&(_, count)| {
            sum += count;
            sum > few
        })
        .map(|(level, _)| level)
}
