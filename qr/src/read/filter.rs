//! Changes to a picture that make a worn code readable.

use super::{Code, Luma8, Point};

/// A picture of our own, and where its pixels lie in the picture it was made from.
#[derive(Debug, Clone)]
pub(super) struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
    /// Pixels here for one pixel there.
    scale: f32,
}

impl Grey {
    pub(super) fn new(luma: &Luma8<'_>) -> Self {
        let (width, height) = (luma.width as usize, luma.height as usize);
        Self {
            width,
            height,
            pixels: luma.pixels.to_vec(),
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
        let back = |value: i32| (value as f32 / self.scale).round() as i32;
        for point in codes
            .iter_mut()
            .filter_map(|code| code.corners.as_mut())
            .flatten()
        {
            *point = Point {
                x: back(point.x),
                y: back(point.y),
            };
        }
        codes
    }

    fn resized(&self, width: usize, height: usize, scale: f32, pixels: Vec<u8>) -> Self {
        Self {
            width,
            height,
            pixels,
            scale: self.scale * scale,
        }
    }

    fn with(&self, pixels: Vec<u8>) -> Self {
        self.resized(self.width, self.height, 1.0, pixels)
    }

    /// Half as wide and high: each pixel the mean of four. A single row or column stays as it is.
    pub(super) fn halved(&self) -> Self {
        if self.width < 2 || self.height < 2 {
            return self.clone();
        }
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
        let line = |y: usize| &self.pixels[y * self.width..(y + 1) * self.width];
        let mut pixels = vec![0; width * height];
        // Each new pixel lies a quarter of the way from an old pixel to its neighbour.
        let mut sums = vec![0; self.width + 2];
        for (y, row) in pixels.chunks_exact_mut(width).enumerate() {
            let (here, beside) = (
                y / 2,
                (y / 2 + y % 2 * 2).saturating_sub(1).min(self.height - 1),
            );
            for ((sum, &here), &beside) in sums[1..].iter_mut().zip(line(here)).zip(line(beside)) {
                *sum = 3 * u16::from(here) + u16::from(beside);
            }
            (sums[0], sums[self.width + 1]) = (sums[1], sums[self.width]);
            let neighbours = sums.iter().zip(&sums[1..]).zip(&sums[2..]);
            for (pair, ((&left, &here), &right)) in row.chunks_exact_mut(2).zip(neighbours) {
                pair[0] = ((3 * here + left + 8) / 16) as u8;
                pair[1] = ((3 * here + right + 8) / 16) as u8;
            }
        }
        self.resized(width, height, 2.0, pixels)
    }

    /// Each pixel the mean of itself and its neighbours, weighed 1 2 1 in both directions: takes noise away.
    pub(super) fn smoothed(&self, times: u8) -> Self {
        (1..times).fold(self.smoothed_once(), |grey, _| grey.smoothed_once())
    }

    fn smoothed_once(&self) -> Self {
        let (width, height) = (self.width, self.height);
        let line = |y: usize| &self.pixels[y * width..(y + 1) * width];
        let weigh = |a: u16, b: u16, c: u16| a + 2 * b + c;
        let mut pixels = Vec::with_capacity(width * height);
        // Sums down the columns, with one more at each end.
        let mut sums = vec![0; width + 2];
        for y in 0..height {
            let neighbours = line(y.saturating_sub(1))
                .iter()
                .zip(line((y + 1).min(height - 1)));
            for ((sum, &here), (&above, &below)) in
                sums[1..].iter_mut().zip(line(y)).zip(neighbours)
            {
                *sum = weigh(u16::from(above), u16::from(here), u16::from(below));
            }
            (sums[0], sums[width + 1]) = (sums[1], sums[width]);
            let weighed = sums.iter().zip(&sums[1..]).zip(&sums[2..]);
            pixels.extend(weighed.map(|((&a, &b), &c)| ((weigh(a, b, c) + 8) / 16) as u8));
        }
        self.with(pixels)
    }

    /// Unsharp mask: adds `strength` times what smoothing so many `times` takes away.
    pub(super) fn sharpened(&self, times: u8, strength: f32) -> Self {
        let soft = self.smoothed(times);
        let pixels = self.pixels.iter().zip(&soft.pixels).map(|(&pixel, &soft)| {
            let (pixel, soft) = (f32::from(pixel), f32::from(soft));
            (pixel + strength * (pixel - soft)).clamp(0.0, 255.0) as u8
        });
        self.with(pixels.collect())
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
}
