//! A page being drawn. Places are in millimetres from the top left, sizes of letters in points.

use pdf_writer::{Content, Finish, Name, Str, TextStr};
use qr::encode::Symbol;

use super::UsedGlyphs;
use crate::text::{BASELINE, LEADING, Lang, Line, POINTS, Paragraph, Weight, figures};

/// What a part of a page is (ISO 32000-1, 14.8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Title,
    Heading,
    Text,
    Picture,
}

/// A part of a page: what a reading voice goes through one after another.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) role: Role,
    /// What to say instead of the content.
    pub(crate) alt: Option<String>,
    /// The first of its marks on the page, and the one after the last.
    pub(crate) marks: (i32, i32),
}

/// A page that is drawn.
pub(crate) struct Drawn {
    /// Width and height in points.
    pub(crate) size: (f32, f32),
    pub(crate) content: Vec<u8>,
    pub(crate) elements: Vec<Element>,
}

pub(crate) struct Canvas<'a> {
    glyphs: &'a mut UsedGlyphs,
    /// Width and height in points.
    size: (f32, f32),
    content: Content,
    elements: Vec<Element>,
    next_mark: i32,
}

impl<'a> Canvas<'a> {
    /// An empty page, in millimetres.
    pub(crate) fn new(glyphs: &'a mut UsedGlyphs, width: f32, height: f32) -> Canvas<'a> {
        Canvas {
            glyphs,
            size: (width * POINTS, height * POINTS),
            content: Content::with_capacity(32 * 1024),
            elements: Vec::new(),
            next_mark: 0,
        }
    }

    pub(crate) fn finish(self) -> Drawn {
        Drawn {
            size: self.size,
            content: self.content.finish().into_vec(),
            elements: self.elements,
        }
    }

    /// Begins a part; what is drawn until the next one belongs to it.
    pub(crate) fn begin(&mut self, role: Role) {
        self.elements.push(Element {
            role,
            alt: None,
            marks: (self.next_mark, self.next_mark),
        });
    }

    /// The next mark of the current part.
    fn mark(&mut self) -> i32 {
        let mark = self.next_mark;
        self.next_mark += 1;
        if let Some(element) = self.elements.last_mut() {
            element.marks.1 = self.next_mark;
        }
        mark
    }

    fn y(&self, mm: f32) -> f32 {
        self.size.1 - mm * POINTS
    }

    /// A paragraph whose first line begins at `top`; returns where the next one can begin. Centred
    /// within `width` if `centred`.
    pub(crate) fn paragraph(
        &mut self,
        paragraph: &Paragraph,
        (left, mut top): (f32, f32),
        centred: Option<f32>,
    ) -> f32 {
        for line in &paragraph.lines {
            let width = thousandth(line.width) * paragraph.size / POINTS;
            let indent = centred.map_or(0.0, |room| (room - width) / 2.0);
            self.line(line, (left + indent, top), paragraph.size);
            top += paragraph.size * LEADING / POINTS;
        }
        top
    }

    /// One line, its box beginning at `top`.
    fn line(&mut self, line: &Line, (left, top): (f32, f32), size: f32) {
        let baseline = round(self.y(top) - size * BASELINE);
        let mut x = left * POINTS;
        for piece in &line.pieces {
            let mark = self.mark();
            let mut content = self
                .content
                .begin_marked_content_with_properties(Name(b"Span"));
            let mut properties = content.properties();
            properties.identify(mark);
            if piece.lang == Lang::En {
                properties.pair(Name(b"Lang"), TextStr("en"));
            }
            properties.finish();
            content.finish();

            self.content.begin_text();
            self.content.set_font(font_name(piece.weight), size);
            self.content
                .set_text_matrix([1.0, 0.0, 0.0, 1.0, round(x), baseline]);
            let mut shown = self.content.show_positioned();
            let mut items = shown.items();
            // Bytes of the glyphs since the last correction.
            let mut codes: Vec<u8> = Vec::with_capacity(128);
            let mut width = 0;
            for glyph in piece.runs.iter().flat_map(|run| &run.glyphs) {
                let code = self.glyphs.code(piece.weight, glyph);
                let (dx, _) = glyph.offset;
                if dx != 0 {
                    flush(&mut items, &mut codes);
                    items.adjust(-figures::units(dx));
                }
                codes.extend(code.cid.to_be_bytes());
                let correction = code.advance - glyph.advance + dx;
                if correction != 0 {
                    flush(&mut items, &mut codes);
                    items.adjust(figures::units(correction));
                }
                width += glyph.advance;
            }
            flush(&mut items, &mut codes);
            items.finish();
            shown.finish();
            self.content.end_text();
            self.content.end_marked_content();
            x += thousandth(width) * size;
        }
    }

    /// A QR symbol of modules of `module` millimetres, its first dark module at the place given. The
    /// modules of a row that touch are one rectangle, and all are filled as one path: no seams.
    pub(crate) fn symbol(
        &mut self,
        symbol: &Symbol,
        (left, top): (f32, f32),
        module: f32,
        alt: &str,
    ) {
        self.begin(Role::Picture);
        if let Some(element) = self.elements.last_mut() {
            element.alt = Some(alt.to_owned());
        }
        let mark = self.mark();
        let mut content = self
            .content
            .begin_marked_content_with_properties(Name(b"Figure"));
        content.properties().identify(mark);
        content.finish();
        let scale = module * POINTS;
        self.content.save_state();
        self.content.transform([
            scale,
            0.0,
            0.0,
            -scale,
            round(left * POINTS),
            round(self.y(top)),
        ]);
        for y in 0..symbol.width() {
            let mut x = 0;
            while x < symbol.width() {
                let dark = (x..symbol.width())
                    .take_while(|&x| symbol.is_dark(x, y))
                    .count();
                if dark > 0 {
                    self.content
                        .rect(modules(x), modules(y), modules(dark), 1.0);
                }
                x += dark.max(1);
            }
        }
        self.content.fill_nonzero();
        self.content.restore_state();
        self.content.end_marked_content();
    }

    /// A line that is no content: where to fold, or the frame of a box. Grey, dashed if asked.
    pub(crate) fn rule(&mut self, from: (f32, f32), to: (f32, f32), dashed: bool) {
        let (y0, y1) = (self.y(from.1), self.y(to.1));
        self.content.begin_marked_content(Name(b"Artifact"));
        self.content.save_state();
        self.content.set_line_width(0.5).set_stroke_gray(0.55);
        if dashed {
            self.content.set_dash_pattern([2.0, 4.0], 0.0);
        }
        self.content
            .move_to(round(from.0 * POINTS), round(y0))
            .line_to(round(to.0 * POINTS), round(y1))
            .stroke();
        self.content.restore_state();
        self.content.end_marked_content();
    }

    /// The frame of a box.
    pub(crate) fn frame(&mut self, (left, top): (f32, f32), (width, height): (f32, f32)) {
        let (right, bottom) = (left + width, top + height);
        self.rule((left, top), (right, top), false);
        self.rule((right, top), (right, bottom), false);
        self.rule((right, bottom), (left, bottom), false);
        self.rule((left, bottom), (left, top), false);
    }
}

fn flush(items: &mut pdf_writer::writers::PositionedItems<'_>, codes: &mut Vec<u8>) {
    if !codes.is_empty() {
        items.show(Str(codes));
        codes.clear();
    }
}

pub(super) fn font_name(weight: Weight) -> Name<'static> {
    match weight {
        Weight::Regular => Name(b"R"),
        Weight::Bold => Name(b"B"),
    }
}

/// To a hundredth of a point, 3.5 micrometres: finer than any printer, and short in the file.
fn round(points: f32) -> f32 {
    (points * 100.0).round() / 100.0
}

fn thousandth(units: i32) -> f32 {
    figures::units(units) / 1000.0
}

/// A number of modules, at most 177.
fn modules(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
