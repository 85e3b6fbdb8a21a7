//! PNG, JPEG, WebP.

use std::io::Cursor;

use image::codecs::{jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder};
use image::{ColorType, ImageDecoder, ImageError, ImageFormat, Limits};

use super::{PictureError, PictureLimits};
use crate::read::{self, Code, Effort, Luma8};

pub(super) fn codes(bytes: &[u8], limits: &PictureLimits) -> Result<Vec<Code>, PictureError> {
    let cursor = Cursor::new(bytes);
    let (width, height, pixels) = match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => luma(
            "PNG",
            PngDecoder::with_limits(cursor, allocation(limits)),
            limits,
        ),
        Ok(ImageFormat::Jpeg) => luma("JPEG", JpegDecoder::new(cursor), limits),
        Ok(ImageFormat::WebP) => luma("WebP", WebPDecoder::new(cursor), limits),
        _ => Err(PictureError::UnknownFormat),
    }?;
    let luma = Luma8::new(width, height, &pixels).map_err(|error| PictureError::Broken {
        format: "picture",
        reason: error.to_string(),
    })?;
    Ok(read::codes(&luma, Effort::Thorough))
}

fn allocation(limits: &PictureLimits) -> Limits {
    let mut allocation = Limits::default();
    allocation.max_image_width = Some(Luma8::MAX_SIDE);
    allocation.max_image_height = Some(Luma8::MAX_SIDE);
    allocation.max_alloc = Some(limits.pixel_bytes);
    allocation
}

/// The grey levels of a picture whose header a decoder has read.
fn luma<D: ImageDecoder>(
    format: &'static str,
    decoder: Result<D, ImageError>,
    limits: &PictureLimits,
) -> Result<(u32, u32, Vec<u8>), PictureError> {
    let broken = |error: ImageError| PictureError::Broken {
        format,
        reason: error.to_string(),
    };
    let mut decoder = decoder.map_err(broken)?;
    let (width, height) = decoder.dimensions();
    let (color, bytes) = (decoder.color_type(), decoder.total_bytes());
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits.pixels || bytes > limits.pixel_bytes || width.max(height) > Luma8::MAX_SIDE {
        let (limit, limit_bytes) = (limits.pixels, limits.pixel_bytes);
        return Err(PictureError::TooManyPixels {
            width,
            height,
            bytes,
            limit,
            limit_bytes,
        });
    }
    decoder.set_limits(allocation(limits)).map_err(broken)?;
    let mut raw = vec![0; usize::try_from(bytes).unwrap_or(0)];
    decoder.read_image(&mut raw).map_err(broken)?;
    Ok((width, height, grey(color, raw)))
}

/// Grey levels of pixels as decoders give them; samples of 16 bits are in the machine's byte order.
fn grey(color: ColorType, raw: Vec<u8>) -> Vec<u8> {
    let channels = usize::from(color.channel_count());
    let wide = usize::from(color.bytes_per_pixel()) / channels.max(1) == 2;
    if color == ColorType::L8 {
        return raw;
    }
    // The byte that counts most.
    let sample = |pixel: &[u8], i: usize| match (wide, cfg!(target_endian = "little")) {
        (false, _) => pixel[i],
        (true, little) => pixel[2 * i + usize::from(little)],
    };
    raw.chunks_exact(usize::from(color.bytes_per_pixel()).max(1))
        .map(|pixel| match channels {
            1 => sample(pixel, 0),
            2 => on_white(sample(pixel, 0), sample(pixel, 1)),
            3 => weigh(sample(pixel, 0), sample(pixel, 1), sample(pixel, 2)),
            _ => on_white(
                weigh(sample(pixel, 0), sample(pixel, 1), sample(pixel, 2)),
                sample(pixel, 3),
            ),
        })
        .collect()
}

/// Luma of ITU-R BT.601, in 1/256.
pub(super) fn weigh(red: u8, green: u8, blue: u8) -> u8 {
    ((77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue)) >> 8) as u8
}

fn on_white(level: u8, alpha: u8) -> u8 {
    let (level, alpha) = (u32::from(level), u32::from(alpha));
    ((level * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}
