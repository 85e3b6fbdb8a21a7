//! Worn frames: pictures of QR codes as a camera at a gate sees them, made from a seed, for measuring
//! readers. Synthetic: the real world is worse in ways nobody thought of.
//!
//! Only operations that IEEE 754 fixes to the bit are used (no `sin`, no `exp`), so a seed gives the same
//! frames everywhere.

mod canvas;
mod random;

#[cfg(test)]
mod tests;

use canvas::{Canvas, Quad, Shade};
use random::Random;

use crate::encode::{Level, Options, Symbol};
use crate::read::{Luma8, LumaError};

/// Pixels in a row of a frame.
pub const WIDTH: usize = 1280;
/// Rows of a frame.
pub const HEIGHT: usize = 720;

/// What has been done to a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Upright and sharp.
    Clean,
    /// Turned by any angle.
    Rotated,
    /// Seen from the side.
    Tilted,
    /// Out of focus.
    Blurred,
    /// Moved during exposure.
    Moved,
    /// Grainy, as in the dark.
    Noisy,
    /// Dim and of low contrast.
    Dim,
    /// A shadow, a lamp's reflection.
    UnevenLight,
    /// Saved as a poor JPEG.
    Jpeg,
    /// Small in the frame.
    Small,
    /// Partly covered, within what the error correction restores.
    Covered,
    /// Photographed from a screen.
    Moire,
    /// A little of most of the above.
    Camera,
    /// Several codes at once.
    Several,
    /// Light on dark.
    Inverted,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 15] = [
        Self::Clean,
        Self::Rotated,
        Self::Tilted,
        Self::Blurred,
        Self::Moved,
        Self::Noisy,
        Self::Dim,
        Self::UnevenLight,
        Self::Jpeg,
        Self::Small,
        Self::Covered,
        Self::Moire,
        Self::Camera,
        Self::Several,
        Self::Inverted,
    ];

    /// A short name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Rotated => "rotated",
            Self::Tilted => "tilted",
            Self::Blurred => "blurred",
            Self::Moved => "moved",
            Self::Noisy => "noisy",
            Self::Dim => "dim",
            Self::UnevenLight => "uneven-light",
            Self::Jpeg => "jpeg",
            Self::Small => "small",
            Self::Covered => "covered",
            Self::Moire => "moire",
            Self::Camera => "camera",
            Self::Several => "several",
            Self::Inverted => "inverted",
        }
    }
}

/// A frame and what a reader should find in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// What has been done to it.
    pub kind: Kind,
    /// [`WIDTH`] × [`HEIGHT`] grey levels.
    pub pixels: Vec<u8>,
    /// The texts of its codes.
    pub texts: Vec<String>,
}

impl Frame {
    /// The frame of a kind and a seed. `wear` goes from 0, hardly any, to 1, more than most readers bear.
    #[must_use]
    pub fn new(kind: Kind, wear: f64, seed: u64) -> Self {
        let mut random = Random::new(seed ^ (kind as u64) << 32);
        let mut canvas = background(&mut random);
        let count = if kind == Kind::Several {
            2 + (wear * 4.0) as usize
        } else {
            1
        };
        let shade = match kind {
            Kind::Inverted => Shade {
                dark: 225.0,
                light: 25.0,
            },
            _ => Shade {
                dark: random.within(15.0, 45.0),
                light: random.within(205.0, 245.0),
            },
        };
        let mut texts = Vec::new();
        let mut covers = Vec::new();
        for place in 0..count {
            let text = certificate(&mut random, if count > 1 { 220 } else { 420 });
            let Some(symbol) = symbol(&text, &mut random) else {
                continue;
            };
            let quad = place_of(kind, wear, place, count, &symbol, &mut random);
            canvas.draw(&symbol, &quad, shade);
            covers.push(quad);
            texts.push(text);
        }
        wear_down(&mut canvas, kind, wear, &covers, &mut random);
        let pixels = canvas.into_pixels(kind, wear, &mut random);
        Self {
            kind,
            pixels,
            texts,
        }
    }

    /// A frame with no code in it, which is what a camera sees most of the time.
    #[must_use]
    pub fn without_codes(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut canvas = background(&mut random);
        canvas.blur(0.8);
        canvas.noise(4.0, &mut random);
        Self {
            kind: Kind::Clean,
            pixels: canvas.into_pixels(Kind::Clean, 0.0, &mut random),
            texts: Vec::new(),
        }
    }

    /// The frame as a reader takes it.
    ///
    /// # Errors
    /// None, unless the pixels were changed in number.
    pub fn luma(&self) -> Result<Luma8<'_>, LumaError> {
        Luma8::new(WIDTH as u32, HEIGHT as u32, &self.pixels)
    }
}

/// `per_kind` frames of each kind, their wear rising from 0 to 1.
pub fn frames(per_kind: usize, seed: u64) -> impl Iterator<Item = Frame> {
    Kind::ALL.into_iter().flat_map(move |kind| {
        (0..per_kind).map(move |i| {
            let wear = i as f64 / (per_kind.max(2) - 1) as f64;
            Frame::new(
                kind,
                wear,
                seed.wrapping_mul(1_000_003).wrapping_add(i as u64),
            )
        })
    })
}

/// A text that has the alphabet and the length of a certificate.
fn certificate(random: &mut Random, shortest: usize) -> String {
    const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let length = shortest + random.below(180);
    let characters = (0..length).map(|_| char::from(ALPHABET[random.below(45)]));
    "HC1:".chars().chain(characters).collect()
}

fn symbol(text: &str, random: &mut Random) -> Option<Symbol> {
    let level = if random.below(3) == 0 {
        Level::M
    } else {
        Level::Q
    };
    Symbol::new(
        text,
        &Options {
            level,
            ..Options::default()
        },
    )
    .ok()
}

/// A desk: a grey slope, a sheet of paper and lines of something like print.
fn background(random: &mut Random) -> Canvas {
    let (level, across, down) = (
        random.within(90.0, 190.0),
        random.within(-40.0, 40.0),
        random.within(-40.0, 40.0),
    );
    let mut canvas =
        Canvas::from_fn(|x, y| level + across * x / WIDTH as f64 + down * y / HEIGHT as f64);
    canvas.fill(60, 20, WIDTH - 60, HEIGHT - 20, 225.0);
    for line in 0..24 {
        let (mut x, y) = (90 + random.below(40), 40 + line * 28);
        while x < WIDTH - 160 {
            let word = 8 + random.below(70);
            canvas.fill(x, y, x + word, y + 9, 120.0);
            x += word + 10;
        }
    }
    canvas
}

fn place_of(
    kind: Kind,
    wear: f64,
    place: usize,
    count: usize,
    symbol: &Symbol,
    random: &mut Random,
) -> Quad {
    let (width, height) = (WIDTH as f64, HEIGHT as f64);
    let modules = (symbol.width() + 8) as f64;
    if count > 1 {
        let columns = if count > 4 { 3 } else { 2 };
        let cell = (width / columns as f64).min(height / count.div_ceil(columns) as f64);
        let (column, row) = (
            (place % columns) as f64 + 0.5,
            (place / columns) as f64 + 0.5,
        );
        let centre = (
            column * width / columns as f64,
            row * height / count.div_ceil(columns) as f64,
        );
        let size = cell * random.within(0.68, 0.74);
        return Quad::upright(centre, size).turned(random.within(-0.2, 0.2), centre);
    }
    let pixels_per_module = match kind {
        Kind::Small => 3.0 - 1.5 * wear,
        Kind::Tilted => 6.0,
        _ => random.within(3.2, 5.5),
    };
    let size = (pixels_per_module * modules).min(0.92 * height);
    let margin = 0.5 * size + 10.0;
    let turning = matches!(
        kind,
        Kind::Rotated | Kind::Moire | Kind::Camera | Kind::Small
    );
    let size = if kind == Kind::Rotated {
        size.min(0.68 * height)
    } else {
        size
    };
    let centre = if turning || kind == Kind::Tilted {
        (width / 2.0 + random.within(-120.0, 120.0), height / 2.0)
    } else {
        (
            random.within(margin, width - margin),
            random.within(
                margin.min(height / 2.0),
                (height - margin).max(height / 2.0),
            ),
        )
    };
    let quad = Quad::upright(centre, size);
    match kind {
        // The half tangent: from no turn to a half turn.
        Kind::Rotated => quad.turned(random.within(0.0, 1.0) * 3.0 * wear - 1.5 * wear, centre),
        Kind::Tilted => quad
            .tilted(0.15 + 0.75 * wear, centre, random)
            .turned(random.within(-0.3, 0.3), centre),
        Kind::Camera => quad
            .tilted(0.35 * wear, centre, random)
            .turned(random.within(-0.25, 0.25), centre),
        Kind::Moire | Kind::Small => quad.turned(random.within(-0.1, 0.1), centre),
        _ => quad.turned(random.within(-0.02, 0.02), centre),
    }
}

fn wear_down(canvas: &mut Canvas, kind: Kind, wear: f64, quads: &[Quad], random: &mut Random) {
    match kind {
        Kind::Blurred => canvas.blur(0.6 + 2.2 * wear),
        Kind::Moved => canvas.move_along(1.0 + 9.0 * wear, random.direction()),
        Kind::Noisy => {
            canvas.blur(0.6);
            canvas.noise(10.0 + 80.0 * wear, random);
        }
        Kind::Dim => {
            canvas.blur(0.7);
            canvas.scale(0.35 - 0.28 * wear, 14.0);
            canvas.noise(1.0 + 3.0 * wear, random);
        }
        Kind::UnevenLight => {
            canvas.blur(0.6);
            canvas.light(0.3 + 0.65 * wear, random);
            canvas.noise(3.0, random);
        }
        Kind::Covered => {
            for quad in quads {
                canvas.cover(quad, 0.02 + 0.14 * wear, random);
            }
            canvas.blur(0.6);
        }
        Kind::Moire => {
            canvas.blur(0.7);
            canvas.moire(0.15 + 0.5 * wear, random);
            canvas.noise(4.0, random);
        }
        Kind::Camera => {
            canvas.move_along(1.0 + 2.0 * wear, random.direction());
            canvas.blur(0.6 + 0.7 * wear);
            canvas.light(0.2 + 0.5 * wear, random);
            canvas.scale(0.9 - 0.5 * wear, 10.0);
            canvas.noise(3.0 + 9.0 * wear, random);
        }
        Kind::Small
        | Kind::Tilted
        | Kind::Rotated
        | Kind::Several
        | Kind::Jpeg
        | Kind::Inverted => {
            canvas.blur(0.5);
            canvas.noise(2.0 + 3.0 * wear, random);
        }
        Kind::Clean => {}
    }
}
