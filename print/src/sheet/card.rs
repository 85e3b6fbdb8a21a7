//! A card of 85.6 x 54 mm.
//!
//! Front: the code as high as the card, the person beside it. Back: the facts; where there is a second
//! code, that code with the shortest facts beside it.

use crate::PrintError;
use crate::facts::{date, rows, title};
use crate::pdf::{Canvas, Drawn, Role, UsedGlyphs};
use crate::text::{Shaper, Weight};

use super::Printed;
use super::Profile;
use super::pen::{Area, Pen, Style, en, vi};
use qr::encode::Symbol;

const WIDTH: f32 = 85.6;
const HEIGHT: f32 = 53.98;
/// Card printers print to the edge, but not always straight.
const MARGIN: f32 = 2.0;
/// The square of the code with its quiet zone.
const CODE: f32 = HEIGHT - 1.5;

pub(super) fn draw(
    printed: &Printed,
    shaper: &mut Shaper,
    glyphs: &mut UsedGlyphs,
) -> Result<Vec<Drawn>, PrintError> {
    let front = {
        let mut pen = Pen {
            shaper,
            canvas: Canvas::new(glyphs, WIDTH, HEIGHT),
        };
        with_code(&mut pen, printed, &printed.symbol)?;
        pen.canvas.finish()
    };
    let mut pen = Pen {
        shaper,
        canvas: Canvas::new(glyphs, WIDTH, HEIGHT),
    };
    match &printed.second {
        Some(second) => with_code(&mut pen, printed, second)?,
        None => facts(&mut pen, printed)?,
    }
    Ok(vec![front, pen.canvas.finish()])
}

fn with_code(
    pen: &mut Pen<'_, '_>,
    printed: &Printed,
    code: &(Profile, Symbol),
) -> Result<(), PrintError> {
    let side = Area {
        left: CODE + 1.5,
        top: MARGIN,
        width: WIDTH - CODE - 1.5 - MARGIN,
        height: HEIGHT - 2.0 * MARGIN,
    };
    let style = Style {
        role: Role::Title,
        sizes: (8.0, 6.0),
        lines: 3,
        centred: false,
    };
    let (title_vi, title_en) = title(&printed.facts.event);
    let mut top = pen.text(&[vi(title_vi, Weight::Bold)], side, style, "the title")?;
    let small = Style {
        role: Role::Text,
        sizes: (6.5, 5.5),
        ..style
    };
    top = pen.text(&[en(title_en)], side.below(top), small, "the title")?;
    if printed.specimen {
        let specimen = Style { lines: 2, ..small };
        let spans = [vi("BẢN MẪU", Weight::Bold), en("/ SPECIMEN")];
        top = pen.text(&spans, side.below(top), specimen, "the mark of a specimen")?;
    }
    let code_area = Area {
        left: 0.75,
        top: 0.75,
        width: CODE,
        height: CODE,
    };
    pen.code(code, code_area, CODE)?;
    top = pen.person(printed, side.below(top + 1.0), 9.0, false)?;
    let (profile_vi, profile_en) = code.0.words();
    let mut lines = vec![format!("{profile_vi} / {profile_en}")];
    if let Some(expires) = printed.facts.code_expires {
        let day = date(expires);
        lines.push(format!("Đến hết {} / until {}", day.vi, day.en));
    }
    for line in lines {
        // Left out where a long name needs the room; both stand on the back or on the screen.
        let spans = [vi(&line, Weight::Regular)];
        if let Ok(end) = pen.text(&spans, side.below(top + 0.6), small, "the use of the code") {
            top = end + 0.6;
        }
    }
    Ok(())
}

/// Sizes of the facts in points, from comfortable to tight.
const ROWS: [f32; 10] = [7.5, 7.0, 6.75, 6.5, 6.25, 6.0, 5.5, 5.0, 4.5, 4.0];

fn facts(pen: &mut Pen<'_, '_>, printed: &Printed) -> Result<(), PrintError> {
    let area = Area {
        left: 3.0,
        top: MARGIN,
        width: WIDTH - 6.0,
        height: HEIGHT - 2.0 * MARGIN,
    };
    let area = if printed.specimen {
        area.below(pen.specimen(area, 6.5)?)
    } else {
        area
    };
    pen.lines(&rows(&printed.facts), area, &ROWS)
}
