//! The screen in each of its states, as pictures for the documentation (`specs/pictures`), which are kept
//! fresh; and that no page is wider or longer than its terminal.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::{fmt::Write as _, fs, path::Path, sync::LazyLock};

use gate::{
    answer::{Answer, Subject},
    judge::Fitness,
    scan::Advice,
    screen::{Depth, Page, Place, Size},
};
use hcert::time::Timestamp;
use proptest::prelude::*;
use verifier::{Revocation, Verdict, Verifier, trust::TrustBuilder, wording::Language};

const AT: i64 = 1_772_352_000;

fn vector(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../test-vectors")
        .join(name)
}

fn verdict(file: &str, at: i64) -> Verdict {
    let mut trust = TrustBuilder::new();
    trust
        .add_file(&fs::read(vector("trust/dsc-es256.pem")).unwrap())
        .unwrap();
    let text = fs::read_to_string(vector(file)).unwrap();
    Verifier::new(trust.build()).verify(&text, Timestamp::saturating(at))
}

/// As if a revocation list had been asked.
fn green() -> Verdict {
    let mut verdict = verdict("valid/es256-vaccination.txt", AT);
    verdict.revocation = Revocation::NotRevoked;
    verdict
}

fn answer(subject: Subject) -> Answer {
    Answer {
        number: 1,
        reader: "ttyACM0".into(),
        at: Timestamp::saturating(AT),
        subject,
        repeat: None,
        advice: None,
        fitness: Fitness {
            bundle: Some((41, 0)),
            ..Fitness::default()
        },
    }
}

fn code(verdict: Verdict) -> Answer {
    answer(Subject::Code(Some(Box::new(verdict))))
}

fn matched(passport_of_another: bool) -> Subject {
    let verdict = green();
    let certificate = verdict.result.as_ref().unwrap();
    let own = border::Subject::of(certificate).unwrap();
    let holder = certificate.holder().unwrap();
    let day = holder.date_of_birth.replace('-', "");
    let name = if passport_of_another {
        "LÊ THỊ HOA".to_owned()
    } else {
        holder.name_transliterated.unwrap().replace('<', " ")
    };
    let (year, rest) = day.split_at(4);
    let (month, day) = rest.split_at(2);
    let card = format!("079098000001||{name}|{day}{month}{year}|Nam|Quận 1|15042021");
    let document = border::Document::read(&card).unwrap();
    Subject::Document {
        matched: Some(Ok(border::compare(&own, &document))),
        verdict: Some(Box::new(verdict)),
    }
}

/// Name, language, terminal, page.
fn states() -> Vec<(&'static str, Size, Page)> {
    let vi = Language::Vietnamese;
    let small = Size {
        columns: 80,
        rows: 24,
    };
    let large = Size {
        columns: 120,
        rows: 36,
    };
    let amber = || code(verdict("valid/es256-vaccination.txt", AT));
    // Of Viet Nam, wherever the test runs.
    let place = Place::east_of_utc(7);
    let of = |answer: &Answer| Page::of_answer(answer, vi, &place);
    let fit = Fitness {
        bundle: Some((41, 0)),
        ..Fitness::default()
    };
    let unfit = Fitness {
        no_trust: Some("no such file".into()),
        ..Fitness::default()
    };
    vec![
        ("waiting", small, Page::waiting(&fit, 1, &[], vi)),
        ("no-reader", small, Page::waiting(&fit, 0, &[], vi)),
        ("no-trust", small, Page::waiting(&unfit, 1, &[], vi)),
        ("green", large, of(&code(green()))),
        ("green-small", small, of(&code(green()))),
        (
            "green-english",
            large,
            Page::of_answer(&code(green()), Language::English, &place),
        ),
        ("amber", large, of(&amber())),
        (
            "red-expired",
            large,
            of(&code(verdict(
                "valid/es256-vaccination.txt",
                AT + 3 * 366 * 86_400,
            ))),
        ),
        ("red-small", small, of(&code(verdict("trust/csca.pem", AT)))),
        (
            "repeat",
            large,
            of(&Answer {
                repeat: Some(std::time::Duration::from_secs(140)),
                ..code(green())
            }),
        ),
        (
            "input-method",
            large,
            of(&Answer {
                advice: Some(Advice::InputMethod),
                ..code(verdict("trust/csca.pem", AT))
            }),
        ),
        (
            "clock-wrong",
            large,
            of(&Answer {
                fitness: Fitness {
                    clock_wrong: true,
                    ..fit.clone()
                },
                ..amber()
            }),
        ),
        (
            "half",
            small,
            of(&Answer {
                advice: Some(Advice::Half),
                ..answer(Subject::Unreadable)
            }),
        ),
        ("desk-same", large, of(&answer(matched(false)))),
        ("desk-other", large, of(&answer(matched(true)))),
        (
            "answer-without-trust",
            small,
            of(&Answer {
                fitness: unfit,
                ..answer(Subject::Code(None))
            }),
        ),
    ]
}

/// What a terminal makes of a page: cells of a character, and the colours of all of them.
struct Terminal {
    cells: Vec<Vec<char>>,
    ground: String,
    ink: String,
}

/// Reads the few control sequences that a page has; any other is an error.
fn show(text: &str, size: Size) -> Terminal {
    let mut terminal = Terminal {
        cells: vec![vec![' '; size.columns]; size.rows],
        ground: String::new(),
        ink: String::new(),
    };
    let (mut row, mut column) = (0, 0);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\u{1b}' {
            assert!(!c.is_control(), "{c:?}");
            assert!(row < size.rows && column < size.columns, "{row} {column}");
            terminal.cells[row][column] = c;
            column += 1;
            continue;
        }
        assert_eq!(rest.next(), Some('['));
        let mut arguments = String::new();
        let end = loop {
            match rest.next().unwrap() {
                c @ ('0'..='9' | ';') => arguments.push(c),
                c => break c,
            }
        };
        let numbers: Vec<usize> = arguments
            .split(';')
            .filter_map(|n| n.parse().ok())
            .collect();
        match (end, &numbers[..]) {
            ('H', []) => (row, column) = (0, 0),
            ('H', [line, 1]) => (row, column) = (line - 1, 0),
            ('m', [_, 38, 2, r, g, b, 48, 2, x, y, z]) => {
                terminal.ink = format!("#{r:02x}{g:02x}{b:02x}");
                terminal.ground = format!("#{x:02x}{y:02x}{z:02x}");
            }
            other => panic!("{other:?}"),
        }
    }
    terminal
}

fn svg(terminal: &Terminal) -> String {
    const WIDTH: usize = 8;
    const HEIGHT: usize = 16;
    let (rows, columns) = (terminal.cells.len(), terminal.cells[0].len());
    let (w, h) = (columns * WIDTH, rows * HEIGHT);
    let (ground, ink) = (&terminal.ground, &terminal.ink);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
         font-family=\"DejaVu Sans Mono, monospace\" font-size=\"13\" fill=\"{ink}\">\n\
         <rect width=\"{w}\" height=\"{h}\" fill=\"{ground}\"/>\n"
    );
    let mut blocks = String::new();
    for (y, line) in terminal.cells.iter().enumerate() {
        for (x, c) in line.iter().enumerate() {
            let (top, height) = match c {
                '█' => (0, HEIGHT),
                '▀' => (0, HEIGHT / 2),
                '▄' => (HEIGHT / 2, HEIGHT / 2),
                _ => continue,
            };
            let _ = write!(
                blocks,
                "M{} {}h{WIDTH}v{height}h-{WIDTH}z",
                x * WIDTH,
                y * HEIGHT + top
            );
        }
        let text: String = line
            .iter()
            .map(|c| {
                if matches!(c, '█' | '▀' | '▄') {
                    ' '
                } else {
                    *c
                }
            })
            .collect();
        let text = text.trim_end();
        if !text.trim().is_empty() {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
            let length = text.chars().count() * WIDTH;
            let _ = writeln!(
                svg,
                "<text x=\"0\" y=\"{}\" textLength=\"{length}\" xml:space=\"preserve\">{escaped}</text>",
                y * HEIGHT + 12
            );
        }
    }
    if !blocks.is_empty() {
        let _ = writeln!(svg, "<path d=\"{blocks}\"/>");
    }
    svg + "</svg>\n"
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/pictures")
}

fn drawn() -> Vec<(String, String)> {
    states()
        .iter()
        .map(|(name, size, page)| {
            let terminal = show(&page.draw(*size, Depth::True), *size);
            (format!("gate-{name}.svg"), svg(&terminal))
        })
        .collect()
}

#[test]
fn the_pictures_are_fresh() {
    for (name, svg) in drawn() {
        let committed = fs::read_to_string(folder().join(&name)).unwrap_or_default();
        assert!(
            committed == svg,
            "{name}: run cargo test -p gate --test pictures -- --ignored"
        );
    }
}

#[test]
#[ignore = "writes specs/pictures"]
fn write() {
    fs::create_dir_all(folder()).unwrap();
    for (name, svg) in drawn() {
        fs::write(folder().join(name), svg).unwrap();
    }
}

#[test]
fn what_counts_is_on_every_terminal() {
    for size in [
        (40, 12),
        (60, 20),
        (80, 24),
        (80, 25),
        (100, 30),
        (132, 43),
        (240, 67),
    ] {
        let size = Size {
            columns: size.0,
            rows: size.1,
        };
        for (name, _, page) in states() {
            let terminal = show(&page.draw(size, Depth::True), size);
            let text: Vec<String> = terminal
                .cells
                .iter()
                .map(|row| row.iter().collect())
                .collect();
            let all = text.join("\n");
            if name.starts_with("green") && size.rows > 12 {
                let big = all.contains('█') || all.contains('▀');
                assert!(
                    big || all.contains("HỢP LỆ") || all.contains("VALID"),
                    "{size:?}\n{all}"
                );
            }
            if name.starts_with("red") {
                assert!(terminal.ground == "#b42318", "{name}");
            }
        }
    }
    for depth in [Depth::Sixteen, Depth::Many] {
        for (_, size, page) in states() {
            assert!(page.draw(size, depth).starts_with("\u{1b}[H\u{1b}["));
        }
    }
    assert_eq!(Depth::of("linux", ""), Depth::Sixteen);
    assert_eq!(Depth::of("xterm-256color", ""), Depth::Many);
    assert_eq!(Depth::of("xterm-256color", "truecolor"), Depth::True);
}

proptest! {
    /// No terminal is too small, and nothing is written beside it.
    #[test]
    fn any_size(columns in 1_usize..200, rows in 1_usize..80, state in 0_usize..16) {
        static PAGES: LazyLock<Vec<Page>> =
            LazyLock::new(|| states().into_iter().map(|(_, _, page)| page).collect());
        let page = &PAGES[state % PAGES.len()];
        let size = Size { columns, rows };
        show(&page.draw(size, Depth::True), size);
    }
}
