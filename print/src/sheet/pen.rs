//! What the kinds of paper have in common: texts that fit a box, codes, rows of facts.

use qr::encode::Symbol;
use qr::render::QUIET_ZONE;

use crate::PrintError;
use crate::facts::{Row, Words, partial_date};
use crate::pdf::{Canvas, Role};
use crate::text::{Lang, POINTS, Paragraph, Shaper, Span, Weight};

use super::{Printed, Profile};

/// A box on the page, in millimetres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Area {
    /// The box less what is above `top`.
    pub(super) fn below(self, top: f32) -> Area {
        Area {
            top,
            height: self.top + self.height - top,
            ..self
        }
    }

    pub(super) fn bottom(self) -> f32 {
        self.top + self.height
    }
}

/// Modules smaller than this, in millimetres, are not read well from paper.
const SMALLEST_MODULE: f32 = 0.36;

pub(super) struct Pen<'s, 'c> {
    pub(super) shaper: &'s mut Shaper,
    pub(super) canvas: Canvas<'c>,
}

/// How a text is set: sizes in points, the largest and the smallest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) role: Role,
    pub(super) sizes: (f32, f32),
    pub(super) lines: usize,
    pub(super) centred: bool,
}

pub(super) fn vi(text: &str, weight: Weight) -> Span<'_> {
    Span {
        text,
        weight,
        lang: Lang::Vi,
    }
}

pub(super) fn en(text: &str) -> Span<'_> {
    Span {
        text,
        weight: Weight::Regular,
        lang: Lang::En,
    }
}

impl Pen<'_, '_> {
    /// Sets a text at the top of a box; returns where the next one can begin.
    pub(super) fn text(
        &mut self,
        spans: &[Span<'_>],
        area: Area,
        style: Style,
        what: &'static str,
    ) -> Result<f32, PrintError> {
        let paragraph = Paragraph::fit(
            self.shaper,
            spans,
            area.width * POINTS,
            style.sizes,
            style.lines,
        )
        .ok_or(PrintError::DoesNotFit { what })?;
        let end = area.top + paragraph.height() / POINTS;
        if end > area.bottom() + 0.01 {
            return Err(PrintError::DoesNotFit { what });
        }
        self.canvas.begin(style.role);
        let centred = style.centred.then_some(area.width);
        Ok(self
            .canvas
            .paragraph(&paragraph, (area.left, area.top), centred))
    }

    /// Centres a code, its quiet zone included, at the top of a square box; returns the modules' size.
    pub(super) fn code(
        &mut self,
        (profile, symbol): &(Profile, Symbol),
        area: Area,
        largest: f32,
    ) -> Result<f32, PrintError> {
        let quiet = f32::from(u16::try_from(QUIET_ZONE).unwrap_or(4));
        let modules = f32::from(u16::try_from(symbol.width()).unwrap_or(u16::MAX));
        let room = area.width.min(area.height);
        let module = (room / (modules + 2.0 * quiet)).min(largest / modules);
        if module < SMALLEST_MODULE {
            return Err(PrintError::TooDense {
                modules: symbol.width(),
                most: most_modules(room, quiet),
            });
        }
        let left = area.left + (area.width - modules * module) / 2.0;
        let (vi, _) = profile.words();
        self.canvas
            .symbol(symbol, (left, area.top + quiet * module), module, &format!("Mã QR. {vi}"));
        Ok(module * (modules + 2.0 * quiet))
    }

    /// Name, name in Latin capitals, date of birth.
    pub(super) fn person(
        &mut self,
        printed: &Printed,
        area: Area,
        largest: f32,
        centred: bool,
    ) -> Result<f32, PrintError> {
        let small = (largest * 0.6).max(6.0);
        let style = Style {
            role: Role::Text,
            sizes: (largest, small),
            lines: 3,
            centred,
        };
        let facts = &printed.facts;
        let mut top = self.text(&[vi(&facts.name, Weight::Bold)], area, style, "the name")?;
        if !facts.name_latin.is_empty() {
            let latin = Style {
                sizes: (small.max(largest * 0.7).min(10.0), 5.5),
                ..style
            };
            top = self.text(&[en(&facts.name_latin)], area.below(top), latin, "the name")?;
        }
        let born = Style {
            sizes: ((largest * 0.85).min(12.0), 6.0),
            ..style
        };
        let Words { vi: date_vi, en: date_en } = partial_date(facts.date_of_birth);
        let date_en = format!("/ {date_en}");
        let mut spans = vec![
            vi("Ngày sinh", Weight::Regular),
            vi(&date_vi, Weight::Bold),
        ];
        if date_vi != date_en.trim_start_matches("/ ") {
            spans.push(en(&date_en));
        }
        self.text(&spans, area.below(top), born, "the date of birth")
    }

    /// A line that says that this is no real certificate.
    pub(super) fn specimen(&mut self, area: Area, size: f32) -> Result<f32, PrintError> {
        let style = Style {
            role: Role::Text,
            sizes: (size, 5.0),
            lines: 1,
            centred: true,
        };
        let spans = [
            vi("BẢN MẪU, KHÔNG CÓ GIÁ TRỊ", Weight::Bold),
            en("/ SPECIMEN, NOT VALID"),
        ];
        self.text(&spans, area, style, "the mark of a specimen")
    }
}

fn most_modules(room: f32, quiet: f32) -> usize {
    (21_u16..=177)
        .rev()
        .find(|&modules| room / (f32::from(modules) + 2.0 * quiet) >= SMALLEST_MODULE)
        .map_or(0, usize::from)
}

/// Rows that are set, and how high each is.
pub(super) struct SetRow {
    label: Option<Paragraph>,
    value: Paragraph,
}

/// How rows look at one size.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowStyle {
    /// The size of values, in points.
    pub(super) value: f32,
    /// The size of labels.
    pub(super) label: f32,
    /// Between rows, in millimetres.
    pub(super) gap: f32,
    /// Whether labels stand before the value, on its line.
    pub(super) inline: bool,
}

/// Sets rows for a width; the values may shrink to `smallest` points before their words are broken.
pub(super) fn set_rows(
    shaper: &mut Shaper,
    rows: &[Row],
    width: f32,
    style: RowStyle,
    smallest: f32,
) -> Option<Vec<SetRow>> {
    let width = width * POINTS;
    rows.iter()
        .map(|row| {
            let label_en = format!("/ {}", row.en);
            let value_en = format!("/ {}", row.value.en);
            let mut value = vec![vi(&row.value.vi, Weight::Bold)];
            if row.value.en != row.value.vi {
                value.push(en(&value_en));
            }
            if style.inline {
                let label = format!("{}:", row.vi);
                let mut spans = vec![vi(&label, Weight::Regular)];
                spans.extend(value);
                let value =
                    Paragraph::fit(shaper, &spans, width, (style.value, smallest), usize::MAX)?;
                return Some(SetRow { label: None, value });
            }
            let label = [vi(row.vi, Weight::Regular), en(&label_en)];
            Some(SetRow {
                label: Some(Paragraph::fit(shaper, &label, width, (style.label, 6.0), 2)?),
                value: Paragraph::fit(shaper, &value, width, (style.value, smallest), usize::MAX)?,
            })
        })
        .collect()
}

/// How high rows are together, in millimetres.
pub(super) fn height(rows: &[SetRow], style: RowStyle) -> f32 {
    rows.iter()
        .map(|row| {
            let label = row.label.as_ref().map_or(0.0, Paragraph::height);
            (label + row.value.height()) / POINTS + style.gap
        })
        .sum()
}

impl Pen<'_, '_> {
    /// Draws rows; returns where the next thing can begin.
    pub(super) fn rows(&mut self, rows: &[SetRow], (left, mut top): (f32, f32), style: RowStyle) -> f32 {
        for row in rows {
            self.canvas.begin(Role::Text);
            if let Some(label) = &row.label {
                top = self.canvas.paragraph(label, (left, top), None);
            }
            top = self.canvas.paragraph(&row.value, (left, top), None) + style.gap;
        }
        top
    }
}
