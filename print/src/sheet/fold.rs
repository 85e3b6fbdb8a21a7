//! A4 folded twice to A6.
//!
//! Printed on one side. The lower half goes back, then the right half: the left upper quarter stays in
//! front, the right upper one is behind, the lower half is inside and is read unfolded. So all text
//! stands upright on the open sheet, on paper as on a screen.

use crate::PrintError;
use crate::facts::{date, rows, title};
use crate::pdf::{Canvas, Drawn, Role, UsedGlyphs};
use crate::text::{POINTS, Paragraph, Shaper, Weight};

use super::Printed;
use super::pen::{Area, Pen, RowStyle, SetRow, Style, en, height, set_rows, vi};

const WIDTH: f32 = 210.0;
const HEIGHT: f32 = 297.0;
/// From the edge of the paper, and from a fold: office printers leave 5 mm white.
const MARGIN: f32 = 9.0;
/// The largest code, in millimetres without its quiet zone.
const LARGEST: f32 = 76.0;
/// A long name in letters that can be read is worth more than a larger code.
const LARGEST_BESIDE_LONG_NAME: f32 = 62.0;
/// Letters of a name that take more than two lines.
const LONG_NAME: usize = 48;

const QUARTER: (f32, f32) = (WIDTH / 2.0, HEIGHT / 2.0);

fn quarter(column: f32, row: f32) -> Area {
    Area {
        left: column * QUARTER.0 + MARGIN,
        top: row * QUARTER.1 + MARGIN,
        width: QUARTER.0 - 2.0 * MARGIN,
        height: QUARTER.1 - 2.0 * MARGIN,
    }
}

const TITLE: Style = Style {
    role: Role::Title,
    sizes: (15.0, 11.0),
    lines: 1,
    centred: true,
};

const SUBTITLE: Style = Style {
    role: Role::Text,
    sizes: (11.0, 10.0),
    lines: 1,
    centred: true,
};

const HEADING: Style = Style {
    role: Role::Heading,
    sizes: (12.0, 10.0),
    lines: 2,
    centred: false,
};

pub(super) fn draw(
    printed: &Printed,
    shaper: &mut Shaper,
    glyphs: &mut UsedGlyphs,
) -> Result<Vec<Drawn>, PrintError> {
    let mut pen = Pen {
        shaper,
        canvas: Canvas::new(glyphs, WIDTH, HEIGHT),
    };
    front(&mut pen, printed)?;
    inside(&mut pen, printed)?;
    back(&mut pen, printed)?;
    pen.canvas
        .rule((WIDTH / 2.0, 4.0), (WIDTH / 2.0, HEIGHT - 4.0), true);
    pen.canvas
        .rule((4.0, HEIGHT / 2.0), (WIDTH - 4.0, HEIGHT / 2.0), true);
    Ok(vec![pen.canvas.finish()])
}

fn front(pen: &mut Pen<'_, '_>, printed: &Printed) -> Result<(), PrintError> {
    let area = quarter(0.0, 0.0);
    let (title_vi, title_en) = title(&printed.facts.event);
    let mut top = pen.text(&[vi(title_vi, Weight::Bold)], area, TITLE, "the title")?;
    top = pen.text(&[en(title_en)], area.below(top), SUBTITLE, "the title")?;
    if printed.specimen {
        top = pen.specimen(area.below(top), 10.0)?;
    }
    let code_area = Area {
        height: area.height,
        ..area.below(top + 1.0)
    };
    let long = printed.facts.name.chars().count() > LONG_NAME;
    let largest = if long {
        LARGEST_BESIDE_LONG_NAME
    } else {
        LARGEST
    };
    top += 1.0 + pen.code(&printed.symbol, code_area, largest)?;
    let (profile_vi, profile_en) = printed.symbol.0.words();
    top = pen.text(
        &[
            vi(profile_vi, Weight::Regular),
            en(&format!("/ {profile_en}")),
        ],
        area.below(top),
        Style {
            role: Role::Text,
            sizes: (10.0, 9.0),
            ..SUBTITLE
        },
        "the use of the code",
    )?;
    pen.person(printed, area.below(top + 1.5), 16.0, true)?;
    Ok(())
}

/// From comfortable to tight: the first that fits is taken.
const ROWS: [RowStyle; 5] = [
    RowStyle {
        value: 11.5,
        label: 10.0,
        gap: 2.6,
        inline: false,
    },
    RowStyle {
        value: 11.0,
        label: 10.0,
        gap: 1.6,
        inline: false,
    },
    RowStyle {
        value: 10.0,
        label: 9.0,
        gap: 1.0,
        inline: false,
    },
    RowStyle {
        value: 9.0,
        label: 8.0,
        gap: 0.6,
        inline: false,
    },
    RowStyle {
        value: 8.0,
        label: 7.0,
        gap: 0.4,
        inline: false,
    },
];

fn inside(pen: &mut Pen<'_, '_>, printed: &Printed) -> Result<(), PrintError> {
    let (left, right) = (quarter(0.0, 1.0), quarter(1.0, 1.0));
    let heading = [
        vi("Nội dung chứng nhận", Weight::Bold),
        en("/ What is certified"),
    ];
    let top = pen.text(&heading, left, HEADING, "the heading")? + 1.5;
    let rows = rows(&printed.facts);
    for style in ROWS {
        let Some(set) = set_rows(pen.shaper, &rows, left.width, style, style.value.min(9.0)) else {
            continue;
        };
        let room = left.bottom() - top;
        if let Some((first, second)) = split(&set, style, room) {
            pen.rows(first, (left.left, top), style);
            pen.rows(second, (right.left, top), style);
            return Ok(());
        }
    }
    Err(PrintError::DoesNotFit {
        what: "the list of facts",
    })
}

/// Rows in two columns that are as even as can be, the left one not shorter by more than needs be.
fn split(rows: &[SetRow], style: RowStyle, room: f32) -> Option<(&[SetRow], &[SetRow])> {
    (0..=rows.len())
        .filter_map(|count| rows.split_at_checked(count))
        .map(|columns| {
            (
                columns,
                height(columns.0, style).max(height(columns.1, style)),
            )
        })
        .filter(|&(_, high)| high - style.gap <= room)
        .min_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(columns, _)| columns)
}

/// How the text on the back is set: its size in points, the space between two notes in millimetres, and
/// whether English begins a line of its own. From comfortable to tight.
const NOTES: [(f32, f32, bool); 9] = [
    (10.5, 2.6, true),
    (10.0, 2.0, true),
    (10.0, 1.2, true),
    (9.5, 1.0, true),
    (9.5, 1.0, false),
    (9.0, 0.8, false),
    (8.5, 0.6, false),
    (8.0, 0.4, false),
    (7.0, 0.2, false),
];

/// The height of the box for the claim code, in millimetres.
const CLAIM: f32 = 17.0;

fn back(pen: &mut Pen<'_, '_>, printed: &Printed) -> Result<(), PrintError> {
    let area = quarter(1.0, 0.0);
    let mut top = area.top;
    if let Some(second) = &printed.second {
        let (profile_vi, profile_en) = second.0.words();
        let style = Style {
            centred: true,
            ..HEADING
        };
        let profile_en = format!("/ {profile_en}");
        let spans = [vi(profile_vi, Weight::Bold), en(&profile_en)];
        top = pen.text(&spans, area, style, "the use of the code")?;
        // No larger than it has to be: words are to stand below it.
        top += pen.code(second, area.below(top), 52.0)?;
    }
    let notes = notes(printed);
    let room = area.bottom() - CLAIM - 1.0 - top;
    let (set, gap) = NOTES
        .iter()
        .filter_map(|&(size, gap, apart)| {
            Some((set_notes(pen, &notes, area.width, size, apart)?, gap))
        })
        .find(|(set, gap)| {
            let high = |note: &Vec<Paragraph>| note.iter().map(Paragraph::height).sum::<f32>();
            set.iter()
                .map(|note| high(note) / POINTS + gap)
                .sum::<f32>()
                <= room
        })
        .ok_or(PrintError::DoesNotFit {
            what: "the text on the back",
        })?;
    for note in &set {
        pen.canvas.begin(Role::Text);
        for paragraph in note {
            top = pen.canvas.paragraph(paragraph, (area.left, top), None);
        }
        top += gap;
    }
    let claim = Area {
        top: area.bottom() - CLAIM,
        height: CLAIM,
        ..area
    };
    claim_box(pen, printed, claim)
}

fn set_notes(
    pen: &mut Pen<'_, '_>,
    notes: &[Note],
    width: f32,
    size: f32,
    apart: bool,
) -> Option<Vec<Vec<Paragraph>>> {
    notes
        .iter()
        .map(|note| {
            let spans = [
                vi(note.head, Weight::Bold),
                vi(&note.vi, Weight::Regular),
                en(&note.en),
            ];
            let (first, second) = spans.split_at(if apart { 2 } else { 3 });
            [first, second]
                .into_iter()
                .filter(|spans| !spans.is_empty())
                .map(|spans| {
                    Paragraph::fit(pen.shaper, spans, width * POINTS, (size, size), usize::MAX)
                })
                .collect()
        })
        .collect()
}

struct Note {
    head: &'static str,
    vi: String,
    en: String,
}

fn notes(printed: &Printed) -> Vec<Note> {
    let note = |head, vi: &str, en: &str| Note {
        head,
        vi: vi.to_owned(),
        en: en.to_owned(),
    };
    let mut notes = Vec::with_capacity(5);
    // A second code leaves room for what one has to do, not for what is plain from the sheet.
    let brief = printed.second.is_some();
    if !brief {
        notes.push(note(
            "Đây là gì?",
            "Bản in của giấy chứng nhận số. Mã QR chứa cùng nội dung, có chữ ký số của cơ quan y tế.",
            "A printed digital certificate. The QR code holds the same facts, signed by the health authority.",
        ));
    }
    notes.push(note(
        "Kiểm tra:",
        "quét mã QR bằng ứng dụng kiểm tra, không cần mạng; so tên và ngày sinh với giấy tờ tùy thân.",
        "To check: scan the code with a verifier app, no network needed; compare name and birth date with an \
         identity document.",
    ));
    if let Some(expires) = printed.facts.code_expires {
        let day = date(expires);
        notes.push(Note {
            head: "Thời hạn:",
            vi: format!("mã QR dùng đến hết {}, sau đó xin cấp lại.", day.vi),
            en: format!(
                "The code is valid until {}; then ask for a new one.",
                day.en
            ),
        });
    }
    let correct = &printed.notes.correct_at;
    notes.push(Note {
        head: "Có sai sót?",
        vi: format!("Mang giấy này đến {}.", correct.vi),
        en: format!("A mistake? Bring this sheet to {}.", correct.en),
    });
    if !brief {
        notes.push(note(
            "Giữ kín mã QR:",
            "ai quét được mã đều đọc được nội dung.",
            "Do not post the code: anyone who scans it can read it.",
        ));
    }
    notes
}

fn claim_box(pen: &mut Pen<'_, '_>, printed: &Printed, area: Area) -> Result<(), PrintError> {
    pen.canvas
        .frame((area.left, area.top), (area.width, area.height));
    let inner = Area {
        left: area.left + 2.5,
        top: area.top + 1.2,
        width: area.width - 5.0,
        height: area.height - 1.4,
    };
    let at = printed.notes.claim_at.as_deref().unwrap_or_default();
    let mut spans = vec![
        vi("Mã nhận bản điện tử", Weight::Regular),
        en("/ Claim code"),
    ];
    if !at.is_empty() {
        spans.push(vi(at, Weight::Bold));
    }
    let small = Style {
        role: Role::Text,
        sizes: (9.5, 7.0),
        lines: 1,
        centred: false,
    };
    let top = pen.text(&spans, inner, small, "the address for the claim code")?;
    if let Some(code) = &printed.notes.claim_code {
        let style = Style {
            sizes: (16.0, 10.0),
            lines: 1,
            centred: true,
            role: Role::Text,
        };
        pen.text(
            &[vi(code, Weight::Bold)],
            inner.below(top + 0.3),
            style,
            "the claim code",
        )?;
    } else {
        let line = area.bottom() - 3.0;
        pen.canvas
            .rule((inner.left, line), (inner.left + inner.width, line), true);
    }
    Ok(())
}
