//! One page: what stands on it, and how it is drawn on a terminal of any size.

use std::fmt::Write as _;

use hcert::date::PartialDate;
use verifier::{
    Colour,
    rules::Outcome,
    wording::{Language, Wording},
};

use super::{
    font::{self, ADVANCE, Bitmap},
    place::Place,
};
use crate::{
    answer::{Answer, Subject},
    judge::Fitness,
    words,
};

/// Columns and rows of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
}

impl Default for Size {
    fn default() -> Size {
        Size {
            columns: 80,
            rows: 24,
        }
    }
}

/// How many colours a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Sixteen, as the Linux console.
    Sixteen,
    /// 256.
    Many,
    /// All.
    True,
}

impl Depth {
    /// By the environment's TERM and COLORTERM.
    pub fn of(term: &str, colorterm: &str) -> Depth {
        if matches!(colorterm, "truecolor" | "24bit") {
            Depth::True
        } else if term.contains("256") {
            Depth::Many
        } else {
            Depth::Sixteen
        }
    }
}

/// What stands on the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    colour: Option<Colour>,
    /// The word, in the language and in the other one.
    word: (String, String),
    name: Option<String>,
    birth: Option<String>,
    lines: Vec<String>,
    foot: Vec<String>,
}

fn other(language: Language) -> Language {
    match language {
        Language::English => Language::Vietnamese,
        Language::Vietnamese => Language::English,
    }
}

impl Page {
    /// An answer; times are those of the place.
    pub fn of_answer(answer: &Answer, language: Language, place: &Place) -> Page {
        let colour = answer.colour();
        let second = other(language);
        let mut lines: Vec<String> = Vec::new();
        for language in [language, second] {
            let reasons = reason(answer, language);
            lines.extend(reasons.iter().map(|line| place.in_words(line, language)));
            if let Some(repeat) = answer.repeat {
                lines.push(words::repeat(repeat.as_secs(), language));
            }
            if let Some(advice) = answer.advice {
                lines.push(words::advice(advice, language).to_owned());
            }
        }
        let holder = answer.holder();
        let holder = holder.as_ref();
        Page {
            colour: Some(colour),
            word: (word(answer, language), word(answer, second)),
            name: holder.map(|holder| shown(&holder.name)),
            birth: holder.map(|holder| birth(&holder.date_of_birth)),
            lines,
            foot: words::troubles(&answer.fitness, language),
        }
    }

    /// Nothing is shown at the moment. What the gate can't vouch for, it says before anybody comes.
    pub fn waiting(
        fitness: &Fitness,
        readers: usize,
        notices: &[&str],
        language: Language,
    ) -> Page {
        let second = other(language);
        let unfit = fitness.no_trust.is_some() || fitness.clock_wrong || fitness.test;
        let say: fn(Language) -> &'static str = match (unfit, readers) {
            (true, _) => words::cannot_say,
            (false, 0) => words::no_reader,
            (false, _) => words::ready,
        };
        let troubles = words::troubles(fitness, language);
        let (mut lines, mut foot) = (Vec::new(), Vec::new());
        if unfit {
            lines = troubles;
            lines.extend(words::troubles(fitness, second));
        } else {
            foot = troubles;
        }
        foot.extend(notices.iter().map(|notice| shown(notice)));
        if let Some((sequence, days)) = fitness.bundle {
            foot.push(match language {
                Language::Vietnamese => format!("Dữ liệu tin cậy số {sequence}, {days} ngày"),
                Language::English => format!("Trust data {sequence}, {days} days old"),
            });
        }
        Page {
            colour: unfit.then_some(Colour::Amber),
            word: (say(language).into(), say(second).into()),
            name: None,
            birth: None,
            lines,
            foot,
        }
    }

    /// The page as a terminal takes it: from its top left, every cell written.
    pub fn draw(&self, size: Size, depth: Depth) -> String {
        let mut text = String::from("\x1b[H");
        text.push_str(paint(self.colour, depth));
        let lines = self.layout(size);
        for row in 0..size.rows {
            let line = lines.get(row).map_or("", String::as_str);
            let width = line.chars().count();
            let _ = write!(text, "\x1b[{};1H{line}", row + 1);
            for _ in width..size.columns {
                text.push(' ');
            }
        }
        text
    }

    /// The lines of a page, none wider than the terminal, no more than it has rows.
    fn layout(&self, size: Size) -> Vec<String> {
        // What gives way first when there is no room: the gaps, the birth date's size, the word's (its
        // colour and sign stay), the name's.
        let choices = [
            Big {
                word: true,
                name: true,
                birth: true,
            },
            Big {
                word: true,
                name: true,
                birth: false,
            },
            Big {
                word: false,
                name: true,
                birth: true,
            },
            Big {
                word: false,
                name: true,
                birth: false,
            },
            Big {
                word: true,
                name: false,
                birth: false,
            },
            Big {
                word: false,
                name: false,
                birth: false,
            },
        ];
        let gaps = [true, false];
        let all = choices.iter().flat_map(|big| gaps.map(|gaps| (big, gaps)));
        let mut last = Vec::new();
        for (big, gaps) in all {
            last = self.lines(size, big, gaps);
            if last.len() <= size.rows {
                return last;
            }
        }
        last.truncate(size.rows);
        last
    }

    fn lines(&self, size: Size, is_big: &Big, gaps: bool) -> Vec<String> {
        let width = size.columns.saturating_sub(4).max(1);
        let gap = |lines: &mut Vec<String>| {
            if gaps {
                lines.push(String::new());
            }
        };
        let mut lines = Vec::new();
        gap(&mut lines);
        let sign = self.colour.map(sign);
        match (&sign, is_big.word) {
            (Some(sign), true) => {
                let word = big(&self.word.0, width.saturating_sub(sign.width + 2));
                lines.extend(beside(&sign.lines(), &word, sign.width));
            }
            (None, true) => lines.extend(big(&self.word.0, width)),
            (_, false) => {
                let sign = self.colour.map_or(' ', small_sign);
                lines.extend(wrapped(&format!("{sign} {}", self.word.0), width));
            }
        }
        gap(&mut lines);
        lines.extend(wrapped(&self.word.1, width));
        gap(&mut lines);
        for (text, is_big) in [(&self.name, is_big.name), (&self.birth, is_big.birth)] {
            let Some(text) = text else { continue };
            if is_big {
                lines.extend(big(text, width));
            } else {
                lines.extend(wrapped(text, width));
            }
            gap(&mut lines);
        }
        for line in &self.lines {
            lines.extend(wrapped(line, width));
        }
        let foot = self.foot.iter().flat_map(|line| wrapped(line, width));
        let foot: Vec<String> = foot.collect();
        if !foot.is_empty() {
            let room = size.rows.saturating_sub(lines.len() + foot.len());
            let least = usize::from(gaps);
            lines.extend((0..room.max(least)).map(|_| String::new()));
            lines.extend(foot);
        }
        lines
            .into_iter()
            .map(|line| match line.as_str() {
                "" => line,
                _ => format!("  {line}").chars().take(size.columns).collect(),
            })
            .collect()
    }
}

/// What is drawn in blocks.
struct Big {
    word: bool,
    name: bool,
    birth: bool,
}

/// Text in blocks, a line for as many words as fit; as plain text if a letter of it has no blocks.
fn big(text: &str, width: usize) -> Vec<String> {
    let most = width / ADVANCE;
    let mut lines = Vec::new();
    for line in wrapped(text, most.max(1)) {
        match font::text(&line) {
            Some(bitmap) if bitmap.width <= width => {
                lines.extend(bitmap.lines());
                lines.push(String::new());
            }
            _ => return wrapped(text, width),
        }
    }
    lines.pop();
    lines
}

/// Two blocks side by side.
fn beside(left: &[String], right: &[String], width: usize) -> Vec<String> {
    (0..left.len().max(right.len()))
        .map(|row| {
            let left = left.get(row).map_or("", String::as_str);
            let right = right.get(row).map_or("", String::as_str);
            format!("{left:width$}  {right}").trim_end().to_owned()
        })
        .collect()
}

/// Words in lines; a word that is longer than a line is cut into several.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    // There are terminals without room for a letter.
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        let begun = line.chars().count();
        if begun > 0 && begun + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line));
        }
        while word.len() > width {
            let rest = word.split_off(width);
            lines.push(word.into_iter().collect());
            word = rest;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word);
    }
    lines.push(line);
    lines
}

fn word(answer: &Answer, language: Language) -> String {
    let wording = Wording::new(language);
    match &answer.subject {
        Subject::Unreadable => words::unreadable(language).into(),
        Subject::Code(None) => words::cannot_say(language).into(),
        Subject::Document {
            matched: Some(Ok(matched)),
            ..
        } => border::words::Words::new(language).answer(matched).into(),
        Subject::Document {
            matched: Some(Err(_)),
            ..
        } => words::unreadable(language).into(),
        Subject::Document { matched: None, .. } => words::cannot_say(language).into(),
        Subject::Code(Some(verdict)) => {
            let colour = answer.colour();
            // The gate itself can make amber of a green verdict.
            let doubts = verdict.doubts();
            wording.colour(colour, &doubts).into()
        }
    }
}

fn reason(answer: &Answer, language: Language) -> Vec<String> {
    let wording = Wording::new(language);
    let mut lines = Vec::new();
    if let Subject::Document { matched, .. } = &answer.subject {
        let words = border::words::Words::new(language);
        match matched {
            None => lines.push(words::no_certificate(language).to_owned()),
            Some(Err(error)) => lines.push(words.document(error)),
            Some(Ok(matched)) => {
                lines.extend(words.reasons(matched).into_iter().map(str::to_owned));
            }
        }
    }
    let Some(verdict) = answer.verdict() else {
        return lines;
    };
    match &verdict.result {
        Err(failure) => lines.push(wording.failure(failure)),
        Ok(_) => {
            let doubts = verdict.doubts();
            lines.extend(doubts.iter().map(|one| wording.doubt(*one).to_owned()));
            for rule in &verdict.rules {
                if rule.outcome == Outcome::Failed {
                    let text = rule.description.get(language.code());
                    lines.extend(text.map(shown));
                }
            }
        }
    }
    lines.iter().map(|line| shown(line)).collect()
}

/// 26/02/1998, 02/1998, 1998.
fn birth(text: &str) -> String {
    let Ok(date) = PartialDate::parse_lenient(text) else {
        return shown(text);
    };
    match (date.day(), date.month(), date.year()) {
        (Some(day), Some(month), Some(year)) => format!("{day:02}/{month:02}/{year}"),
        (_, Some(month), Some(year)) => format!("{month:02}/{year}"),
        (_, _, Some(year)) => year.to_string(),
        _ => "–".into(),
    }
}

/// Text for a terminal: what could rewrite the screen, or the answer on it, becomes U+FFFD.
fn shown(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                '\u{fffd}'
            }
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// White on the colour of the answer; white on near-black when there is none.
fn paint(colour: Option<Colour>, depth: Depth) -> &'static str {
    match (colour, depth) {
        (Some(Colour::Green), Depth::True) => "\x1b[1;38;2;255;255;255;48;2;26;127;55m",
        (Some(Colour::Amber), Depth::True) => "\x1b[1;38;2;255;255;255;48;2;154;103;0m",
        (Some(Colour::Red), Depth::True) => "\x1b[1;38;2;255;255;255;48;2;180;35;24m",
        (None, Depth::True) => "\x1b[0;38;2;255;255;255;48;2;17;17;17m",
        (Some(Colour::Green), Depth::Many) => "\x1b[1;38;5;231;48;5;28m",
        (Some(Colour::Amber), Depth::Many) => "\x1b[1;38;5;231;48;5;94m",
        (Some(Colour::Red), Depth::Many) => "\x1b[1;38;5;231;48;5;124m",
        (None, Depth::Many) => "\x1b[0;38;5;231;48;5;233m",
        // The console's yellow is a brown on which black is read better.
        (Some(Colour::Green), Depth::Sixteen) => "\x1b[0;1;37;42m",
        (Some(Colour::Amber), Depth::Sixteen) => "\x1b[0;30;43m",
        (Some(Colour::Red), Depth::Sixteen) => "\x1b[0;1;37;41m",
        (None, Depth::Sixteen) => "\x1b[0;37;40m",
    }
}

fn small_sign(colour: Colour) -> char {
    match colour {
        Colour::Green => '✔',
        Colour::Amber => '▲',
        Colour::Red => '✖',
    }
}

/// A tick in a circle, an exclamation mark in a triangle, a cross in an octagon.
fn sign(colour: Colour) -> Bitmap {
    Bitmap::drawn(match colour {
        Colour::Green => &[
            "    #####    ",
            "  ##     ##  ",
            " #         # ",
            " #       # # ",
            "#       ##  #",
            "#  #   ##   #",
            "#  ## ##    #",
            "#   ###     #",
            " #   #     # ",
            " #         # ",
            "  ##     ##  ",
            "    #####    ",
        ],
        Colour::Amber => &[
            "      #      ",
            "     # #     ",
            "     # #     ",
            "    # # #    ",
            "    # # #    ",
            "   #  #  #   ",
            "   #  #  #   ",
            "  #   #   #  ",
            "  #       #  ",
            " #    #    # ",
            " #         # ",
            "#############",
        ],
        Colour::Red => &[
            "    #####    ",
            "   #     #   ",
            "  #       #  ",
            " #  #   #  # ",
            "#    # #    #",
            "#     #     #",
            "#     #     #",
            "#    # #    #",
            " #  #   #  # ",
            "  #       #  ",
            "   #     #   ",
            "    #####    ",
        ],
    })
}
