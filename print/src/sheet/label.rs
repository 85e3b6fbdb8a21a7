//! A label of 62 x 100 mm for a health book: the width of common rolls.

use crate::PrintError;
use crate::facts::{EventFacts, Row, Words, rows, title};
use crate::pdf::{Canvas, Drawn, Role, UsedGlyphs};
use crate::text::{Shaper, Weight};
use qr::encode::Symbol;

use super::pen::{Area, Pen, Style, en, vi};
use super::{Printed, Profile};

const WIDTH: f32 = 62.0;
const HEIGHT: f32 = 100.0;
const MARGIN: f32 = 2.5;

pub(super) fn draw(
    printed: &Printed,
    shaper: &mut Shaper,
    glyphs: &mut UsedGlyphs,
) -> Result<Vec<Drawn>, PrintError> {
    let mut pages = Vec::with_capacity(2);
    for code in [Some(&printed.symbol), printed.second.as_ref()]
        .into_iter()
        .flatten()
    {
        let mut pen = Pen {
            shaper,
            canvas: Canvas::new(glyphs, WIDTH, HEIGHT),
        };
        label(&mut pen, printed, code)?;
        pages.push(pen.canvas.finish());
    }
    Ok(pages)
}

/// Sizes of the rows in points, from comfortable to tight.
const ROWS: [f32; 7] = [7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5];

/// What a long name leaves to the rows, in millimetres: six lines at the smallest size.
const ROOM_FOR_ROWS: f32 = 16.5;

fn label(
    pen: &mut Pen<'_, '_>,
    printed: &Printed,
    code: &(Profile, Symbol),
) -> Result<(), PrintError> {
    let area = Area {
        left: MARGIN,
        top: 1.5,
        width: WIDTH - 2.0 * MARGIN,
        height: HEIGHT - 3.0,
    };
    let (title_vi, title_en) = title(&printed.facts.event);
    let style = Style {
        role: Role::Title,
        sizes: (8.0, 6.0),
        lines: 1,
        centred: true,
    };
    let title_en = format!("/ {title_en}");
    let mut top = pen.text(
        &[vi(title_vi, Weight::Bold), en(&title_en)],
        area,
        style,
        "the title",
    )?;
    if printed.specimen {
        top = pen.specimen(area.below(top), 7.0)?;
    }
    top += pen.code(code, area.below(top), 52.0)?;
    let person = Area {
        height: area.bottom() - top - ROOM_FOR_ROWS,
        ..area.below(top)
    };
    top = pen.person(printed, person, 10.0, true)?;
    let (profile_vi, profile_en) = code.0.words();
    let rows: Vec<Row> = rows(&printed.facts)
        .into_iter()
        .skip(2)
        .filter(|row| is_brief(&printed.facts.event, row))
        // Two labels of one person look alike but for this.
        .chain(printed.second.is_some().then(|| Row {
            vi: "Mã QR",
            en: "QR code",
            value: Words::new(profile_vi, profile_en),
        }))
        .collect();
    let area = area.below(top + 0.5);
    pen.lines(&rows, area, &ROWS)
}

/// A label is glued beside the other facts of the same dose: it carries those that name it.
fn is_brief(event: &EventFacts, row: &Row) -> bool {
    let wanted: &[&str] = match event {
        EventFacts::Vaccination(_) => &["Product", "This dose", "Date of vaccination"],
        EventFacts::Test(_) => &["Type of test", "Result", "Sample taken"],
        EventFacts::Recovery(_) => &["Recovered from", "First positive test", "Valid until"],
    };
    wanted.contains(&row.en) || ["QR code valid until", "Certificate number"].contains(&row.en)
}
