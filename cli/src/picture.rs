//! QR codes as files: the arguments that `issue` and `qr` share, and the drawing.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use qr::{
    encode::{Level, Options, Symbol},
    render::{self, PngOptions, Size, SvgOptions},
};
use zeroize::Zeroizing;

use crate::{context::Context, fault::Fault, files::Output};

/// Where a QR code goes, and how large it is drawn.
#[derive(Debug, Args)]
pub(crate) struct PictureArgs {
    /// File for the QR code as PNG; - for standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) png: Option<PathBuf>,
    /// File for the QR code as SVG; - for standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Error correction level; by default q, and less only where a text needs it.
    #[arg(long, value_enum)]
    pub(crate) level: Option<LevelArg>,
    /// Side of a module in millimetres; by default 0.5.
    #[arg(long, value_name = "MM", conflicts_with = "width_mm", value_parser = millimetres)]
    pub(crate) module_mm: Option<f64>,
    /// Side of the whole picture in millimetres, with its white border.
    #[arg(long, value_name = "MM", value_parser = millimetres)]
    pub(crate) width_mm: Option<f64>,
    /// Resolution of the PNG in pixels per inch.
    #[arg(long, default_value_t = 300.0, value_parser = dots)]
    pub(crate) dpi: f64,
}

/// An error correction level.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LevelArg {
    /// About 7 % can be restored
    L,
    /// About 15 %
    M,
    /// About 25 %, the usual choice
    Q,
    /// About 30 %
    H,
}

impl From<LevelArg> for Level {
    fn from(level: LevelArg) -> Level {
        match level {
            LevelArg::L => Level::L,
            LevelArg::M => Level::M,
            LevelArg::Q => Level::Q,
            LevelArg::H => Level::H,
        }
    }
}

fn millimetres(text: &str) -> Result<f64, String> {
    within(text, 0.01..=2000.0, "millimetres from 0.01 to 2000")
}

fn dots(text: &str) -> Result<f64, String> {
    within(text, 10.0..=10_000.0, "pixels per inch from 10 to 10000")
}

fn within(text: &str, range: std::ops::RangeInclusive<f64>, expected: &str) -> Result<f64, String> {
    let number: f64 = text
        .parse()
        .map_err(|_| format!("a number of {expected}"))?;
    if range.contains(&number) {
        Ok(number)
    } else {
        Err(format!("a number of {expected}"))
    }
}

/// Files of a QR code, not written yet, and a line about each.
#[derive(Default)]
pub(crate) struct Pictures {
    /// What to write.
    pub(crate) outputs: Vec<Output>,
    /// What to say.
    pub(crate) lines: Vec<String>,
}

impl PictureArgs {
    /// Whether a file is asked for.
    pub(crate) fn wanted(&self) -> bool {
        self.png.is_some() || self.svg.is_some()
    }

    /// The symbol of a text, read back. A level that was asked for is never lowered.
    pub(crate) fn symbol(&self, text: &str) -> Result<Symbol, Fault> {
        let mut options = Options::default();
        if let Some(level) = self.level {
            options.level = level.into();
            options.lowest_level = level.into();
        }
        Ok(Symbol::new(text, &options)?)
    }

    /// Draws the files that are asked for.
    pub(crate) fn draw(&self, symbol: &Symbol, context: &Context) -> Result<Pictures, Fault> {
        let size = match (self.module_mm, self.width_mm) {
            (_, Some(width)) => Size::WidthMm(width),
            (module, None) => Size::ModuleMm(module.unwrap_or(0.5)),
        };
        let mut pictures = Pictures::default();
        let words = context.words().making();
        let about = format!(
            "{0} × {0} {1}, {2} {3}",
            symbol.width(),
            words.modules,
            words.level,
            symbol.level()
        );
        if let Some(path) = &self.png {
            let options = PngOptions {
                size,
                dpi: self.dpi,
                ..PngOptions::default()
            };
            let png = render::png(symbol, &options)?;
            let line = format!(
                "{} ({:.1} mm, {} px, {about})",
                path.display(),
                png.width_mm,
                png.pixels
            );
            pictures.add(path, png.bytes, line);
        }
        if let Some(path) = &self.svg {
            let options = SvgOptions {
                size,
                ..SvgOptions::default()
            };
            let svg = render::svg(symbol, &options)?;
            let line = format!("{} ({about})", path.display());
            pictures.add(path, svg.into_bytes(), line);
        }
        Ok(pictures)
    }
}

impl Pictures {
    fn add(&mut self, path: &std::path::Path, bytes: Vec<u8>, line: String) {
        self.outputs.push(Output {
            path: path.to_owned(),
            bytes: Zeroizing::new(bytes),
            private: false,
            replace: true,
        });
        self.lines.push(line);
    }
}
