//! What the kinds of paper have in common: texts that fit a box, codes, rows of facts.

use qr::encode::Symbol;
use qr::render::QUIET_ZONE;

use crate::PrintError;
use crate::facts::{Row, partial_date};
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
        self.canvas.symbol(
            symbol,
            (left, area.top + quiet * module),
            module,
            &format!("Mã QR. {vi}"),
        );
        Ok(module * (modules + 2.0 * quiet))
    }

    /// Name, name in Latin capitals, date of birth, the name in letters of at most `largest` points.
    pub(super) fn person(
        &mut self,
        printed: &Printed,
        area: Area,
        largest: f32,
        centred: bool,
    ) -> Result<f32, PrintError> {
        let set = PERSON
            .iter()
            .find_map(|&style| self.set_person(printed, area, largest, style))
            .ok_or(PrintError::DoesNotFit { what: "the name" })?;
        let mut top = area.top;
        for paragraph in &set {
            self.canvas.begin(Role::Text);
            let centred = centred.then_some(area.width);
            top = self.canvas.paragraph(paragraph, (area.left, top), centred);
        }
        Ok(top)
    }

    fn set_person(
        &mut self,
        printed: &Printed,
        area: Area,
        largest: f32,
        style: PersonStyle,
    ) -> Option<Vec<Paragraph>> {
        let facts = &printed.facts;
        let date = partial_date(facts.date_of_birth);
        let date_en = format!("/ {}", date.en);
        let name = [vi(&facts.name, Weight::Bold)];
        let latin = [en(&facts.name_latin)];
        let mut born = vec![vi("Ngày sinh", Weight::Regular), vi(&date.vi, Weight::Bold)];
        if date.vi != date.en {
            born.push(en(&date_en));
        }
        let from = largest * style.from;
        let mut texts = vec![(
            &name[..],
            (from, (largest * style.to).max(style.least)),
            style.lines,
        )];
        if style.latin && !facts.name_latin.is_empty() {
            let from = (from * 0.7).min(10.0);
            texts.push((&latin, (from, from.min(5.5)), style.lines));
        }
        let from = (largest * style.born).min(12.0);
        texts.push((&born, (from, from.min(6.0)), 2));
        let mut set = Vec::with_capacity(3);
        for (spans, sizes, lines) in texts {
            set.push(Paragraph::fit(
                self.shaper,
                spans,
                area.width * POINTS,
                sizes,
                lines,
            )?);
        }
        let high: f32 = set.iter().map(Paragraph::height).sum();
        (high / POINTS <= area.height + 0.01).then_some(set)
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

/// How a person is set. Sizes are parts of the largest one.
#[derive(Debug, Clone, Copy)]
struct PersonStyle {
    /// The size of the name to begin with, and the smallest one.
    from: f32,
    to: f32,
    /// The smallest size of the name in points.
    least: f32,
    /// Lines that the name may take.
    lines: usize,
    /// The size of the date of birth.
    born: f32,
    /// Whether the name in Latin capitals is there. It is in the code as well; the name itself goes first.
    latin: bool,
}

const COMFORTABLE: PersonStyle = PersonStyle {
    from: 1.0,
    to: 0.7,
    least: 5.0,
    lines: 3,
    born: 0.85,
    latin: true,
};

/// From comfortable to what the longest names need.
const PERSON: [PersonStyle; 5] = [
    COMFORTABLE,
    PersonStyle {
        from: 0.7,
        to: 0.5,
        lines: 7,
        ..COMFORTABLE
    },
    PersonStyle {
        from: 0.6,
        to: 0.3,
        lines: 9,
        ..COMFORTABLE
    },
    PersonStyle {
        from: 0.6,
        to: 0.3,
        lines: 12,
        latin: false,
        ..COMFORTABLE
    },
    PersonStyle {
        from: 0.6,
        to: 0.3,
        least: 4.0,
        lines: 12,
        born: 0.7,
        latin: false,
    },
];

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
                let label_en = format!("{label_en}:");
                let mut spans = vec![vi(row.vi, Weight::Regular), en(&label_en)];
                spans.extend(value);
                let value =
                    Paragraph::fit(shaper, &spans, width, (style.value, smallest), usize::MAX)?;
                return Some(SetRow { label: None, value });
            }
            let label = [vi(row.vi, Weight::Regular), en(&label_en)];
            Some(SetRow {
                label: Some(Paragraph::fit(
                    shaper,
                    &label,
                    width,
                    (style.label, 6.0),
                    2,
                )?),
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
    pub(super) fn rows(
        &mut self,
        rows: &[SetRow],
        (left, mut top): (f32, f32),
        style: RowStyle,
    ) -> f32 {
        for row in rows {
            self.canvas.begin(Role::Text);
            if let Some(label) = &row.label {
                top = self.canvas.paragraph(label, (left, top), None);
            }
            top = self.canvas.paragraph(&row.value, (left, top), None) + style.gap;
        }
        top
    }

    /// Draws rows with their labels in front, at the first of the sizes at which they fit a box; what is
    /// left of its height goes between them.
    pub(super) fn lines(
        &mut self,
        rows: &[Row],
        area: Area,
        sizes: &[f32],
    ) -> Result<(), PrintError> {
        for &value in sizes {
            let mut style = RowStyle {
                value,
                label: value,
                gap: 0.0,
                inline: true,
            };
            let Some(set) = set_rows(self.shaper, rows, area.width, style, value) else {
                continue;
            };
            let left = area.height - height(&set, style);
            if left >= 0.0 {
                let count = u16::try_from(set.len()).unwrap_or(u16::MAX);
                style.gap = (left / f32::from(count.max(1))).min(0.5);
                self.rows(&set, (area.left, area.top), style);
                return Ok(());
            }
        }
        Err(PrintError::DoesNotFit {
            what: "the list of facts",
        })
    }
}
