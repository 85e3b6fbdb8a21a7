use png::{BitDepth, ColorType, Compression, Encoder, Filter, PixelDimensions, Unit};

use super::{QUIET_ZONE, RenderError, Size, modules, positive};
use crate::encode::Symbol;

const MM_PER_INCH: f64 = 25.4;

/// Pixels along each side of the largest picture made: a metre at 400 dpi.
const MAX_PIXELS: u32 = 16_384;

/// How to draw a PNG.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PngOptions {
    /// How large. Modules are always a whole number of pixels, so sizes in millimetres are met as nearly
    /// as the resolution allows: a module is rounded to the nearest pixel, a width never exceeded.
    /// Default: modules of 0.5 mm.
    pub size: Size,
    /// Pixels per inch, noted in the file (chunk pHYs), so that it prints in the size meant.
    /// Default: 300.
    pub dpi: f64,
    /// Light modules around the symbol. Default: [`QUIET_ZONE`].
    pub quiet_zone: u32,
}

impl Default for PngOptions {
    fn default() -> Self {
        Self {
            size: Size::ModuleMm(0.5),
            dpi: 300.0,
            quiet_zone: QUIET_ZONE,
        }
    }
}

/// A PNG file and the size it came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Png {
    /// The file: greyscale, one bit per pixel.
    pub bytes: Vec<u8>,
    /// Pixels along each side, quiet zone included.
    pub pixels: u32,
    /// Pixels along each side of a module.
    pub module_pixels: u32,
    /// Millimetres along each side when printed at the resolution noted in the file.
    pub width_mm: f64,
    /// Millimetres along each side of a module.
    pub module_mm: f64,
}

/// Draws a symbol as PNG.
///
/// # Errors
/// If the options can not be met: see [`RenderError`].
pub fn png(symbol: &Symbol, options: &PngOptions) -> Result<Png, RenderError> {
    let dpi = positive("the resolution in dpi", options.dpi)?;
    let modules = modules(symbol, options.quiet_zone);
    let module_pixels = module_pixels(options.size, dpi, modules)?;
    let wide = u64::from(modules) * u64::from(module_pixels);
    let pixels = u32::try_from(wide)
        .ok()
        .filter(|&pixels| pixels <= MAX_PIXELS)
        .ok_or(RenderError::TooLarge {
            pixels: wide,
            limit: MAX_PIXELS,
        })?;
    let per_metre = (dpi / MM_PER_INCH * 1000.0).round().max(1.0);
    let bytes = write(
        symbol,
        options.quiet_zone,
        module_pixels,
        pixels,
        per_metre as u32,
    )
    .map_err(|error| RenderError::Png(error.to_string()))?;
    let mm = |pixels: u32| f64::from(pixels) / per_metre * 1000.0;
    Ok(Png {
        bytes,
        pixels,
        module_pixels,
        width_mm: mm(pixels),
        module_mm: mm(module_pixels),
    })
}

fn module_pixels(size: Size, dpi: f64, modules: u32) -> Result<u32, RenderError> {
    let pixels = match size {
        Size::ModulePixels(pixels) => {
            positive("the module size in pixels", f64::from(pixels))?;
            return Ok(pixels);
        }
        Size::ModuleMm(mm) => (positive("the module size in mm", mm)? * dpi / MM_PER_INCH)
            .round()
            .max(1.0),
        Size::WidthMm(width_mm) => {
            let width_mm = positive("the width in mm", width_mm)?;
            let pixels = (width_mm * dpi / MM_PER_INCH / f64::from(modules)).floor();
            if pixels < 1.0 {
                let needed_mm = f64::from(modules) * MM_PER_INCH / dpi;
                return Err(RenderError::TooSmall {
                    modules,
                    width_mm,
                    dpi,
                    needed_mm,
                });
            }
            pixels
        }
    };
    // Beyond u32 the cast saturates, and the caller refuses the width.
    Ok(pixels as u32)
}

fn write(
    symbol: &Symbol,
    quiet_zone: u32,
    module_pixels: u32,
    pixels: u32,
    per_metre: u32,
) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::with_capacity(4096);
    let mut encoder = Encoder::new(&mut bytes, pixels, pixels);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::One);
    encoder.set_pixel_dims(Some(PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: Unit::Meter,
    }));
    encoder.set_compression(Compression::Balanced);
    // Filters help with grey levels, not with bits.
    encoder.set_filter(Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&bitmap(symbol, quiet_zone, module_pixels, pixels))?;
    writer.finish()?;
    Ok(bytes)
}

/// Rows of pixels, 1 = light, each row filled up to a whole byte.
fn bitmap(symbol: &Symbol, quiet_zone: u32, module_pixels: u32, pixels: u32) -> Vec<u8> {
    let (quiet, scale) = (
        quiet_zone as usize * module_pixels as usize,
        module_pixels as usize,
    );
    let stride = (pixels as usize).div_ceil(8);
    let mut bitmap = vec![0xff; stride * pixels as usize];
    for y in 0..symbol.width() {
        let first = (quiet + y * scale) * stride;
        for x in (0..symbol.width()).filter(|&x| symbol.is_dark(x, y)) {
            for pixel in quiet + x * scale..quiet + (x + 1) * scale {
                bitmap[first + pixel / 8] &= !(0x80 >> (pixel % 8));
            }
        }
        for copy in 1..scale {
            bitmap.copy_within(first..first + stride, first + copy * stride);
        }
    }
    bitmap
}
