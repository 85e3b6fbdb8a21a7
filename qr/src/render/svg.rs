use std::fmt::Write as _;

use super::{QUIET_ZONE, RenderError, Size, modules, positive};
use crate::encode::Symbol;

/// How to draw an SVG.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SvgOptions {
    /// How large; sizes in millimetres are met exactly, pixels are CSS pixels (96 to the inch).
    /// Default: modules of 0.5 mm.
    pub size: Size,
    /// Light modules around the symbol. Default: [`QUIET_ZONE`].
    pub quiet_zone: u32,
}

impl Default for SvgOptions {
    fn default() -> Self {
        Self {
            size: Size::ModuleMm(0.5),
            quiet_zone: QUIET_ZONE,
        }
    }
}

/// Draws a symbol as SVG: a white square and one black path, a unit of which is a module.
///
/// # Errors
/// [`RenderError::NotPositive`] for a size that is none.
pub fn svg(symbol: &Symbol, options: &SvgOptions) -> Result<String, RenderError> {
    let modules = modules(symbol, options.quiet_zone);
    let (width, unit) = match options.size {
        Size::ModulePixels(pixels) => (
            positive("the module size in pixels", f64::from(pixels))? * f64::from(modules),
            "",
        ),
        Size::ModuleMm(mm) => (
            positive("the module size in mm", mm)? * f64::from(modules),
            "mm",
        ),
        Size::WidthMm(mm) => (positive("the width in mm", mm)?, "mm"),
    };
    // Micrometres are finer than any printer, and keep the digits of binary fractions out of the file.
    let width = (width * 1000.0).round() / 1000.0;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}{unit}\" height=\"{width}{unit}\" \
         viewBox=\"0 0 {modules} {modules}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{modules}v{modules}H0z\"/><path d=\"{}\"/></svg>\n",
        path(symbol, options.quiet_zone)
    ))
}

/// A rectangle for each run of dark modules in a row.
fn path(symbol: &Symbol, quiet_zone: u32) -> String {
    let quiet = quiet_zone as usize;
    let mut path = String::with_capacity(symbol.width() * symbol.width() * 4);
    for y in 0..symbol.width() {
        let mut x = 0;
        while x < symbol.width() {
            let run = (x..symbol.width())
                .take_while(|&x| symbol.is_dark(x, y))
                .count();
            if run > 0 {
                // Writing to a String can not fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + quiet, y + quiet);
            }
            x += run.max(1);
        }
    }
    path
}
