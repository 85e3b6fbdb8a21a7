//! Spans of words as lines of a width.

use std::sync::Arc;

use super::{Lang, Run, Shaper, Weight};

/// A text of one weight and language within a paragraph.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span<'a> {
    pub(crate) text: &'a str,
    pub(crate) weight: Weight,
    pub(crate) lang: Lang,
}

/// Words of one span that stand in one line.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) weight: Weight,
    pub(crate) lang: Lang,
    /// Words and the spaces between them.
    pub(crate) runs: Vec<Arc<Run>>,
}

/// A line.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub(crate) pieces: Vec<Piece>,
    /// In thousandths of the size.
    pub(crate) width: i32,
}

/// Lines that fit.
#[derive(Debug)]
pub(crate) struct Paragraph {
    pub(crate) lines: Vec<Line>,
    /// The size of the letters in points.
    pub(crate) size: f32,
}

impl Paragraph {
    /// Sets spans, one after another with a space between them, at the largest of the sizes `from` down
    /// to `to` (in points, by half points) at which they take at most `most_lines` of `width` points and
    /// no word is broken. A word is broken only at the smallest size; `None` if even that is too much.
    pub(crate) fn fit(
        shaper: &mut Shaper,
        spans: &[Span<'_>],
        width: f32,
        (from, to): (f32, f32),
        most_lines: usize,
    ) -> Option<Paragraph> {
        let words = words(shaper, spans);
        let longest = words.iter().map(|word| word.run.width).max().unwrap_or(0);
        let mut size = from;
        loop {
            let smallest = size - 0.5 < to;
            let room = thousandths(width, size);
            if longest <= room || smallest {
                let lines = wrap(&words, room);
                if lines.len() <= most_lines {
                    return Some(Paragraph { lines, size });
                }
            }
            if smallest {
                return None;
            }
            size -= 0.5;
        }
    }

    /// The height, in points.
    pub(crate) fn height(&self) -> f32 {
        let lines = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        f32::from(lines) * self.size * super::LEADING
    }
}

/// A width in points as thousandths of a size.
fn thousandths(width: f32, size: f32) -> i32 {
    // Widths are those of paper: far from what an i32 holds.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a page is less than a million units wide"
    )]
    let units = (width / size * 1000.0) as i32;
    units
}

struct Word {
    run: Arc<Run>,
    space: Arc<Run>,
    weight: Weight,
    lang: Lang,
}

/// The stroke between two languages begins a line rather than ending one: it stays with its next word.
const STROKE: &str = "/";

fn words(shaper: &mut Shaper, spans: &[Span<'_>]) -> Vec<Word> {
    let mut words = Vec::new();
    for span in spans {
        let space = shaper.word(span.weight, " ");
        let mut stroke = None;
        for word in span.text.split(' ').filter(|word| !word.is_empty()) {
            let mut run = shaper.word(span.weight, word);
            if word == STROKE && stroke.is_none() {
                stroke = Some(run);
                continue;
            }
            if let Some(stroke) = stroke.take() {
                run = Arc::new(Run::joined(&[stroke, Arc::clone(&space), run]));
            }
            words.push(Word {
                run,
                space: Arc::clone(&space),
                weight: span.weight,
                lang: span.lang,
            });
        }
        words.extend(stroke.map(|run| Word {
            run,
            space,
            weight: span.weight,
            lang: span.lang,
        }));
    }
    words
}

fn wrap(words: &[Word], room: i32) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = Line::default();
    for word in words {
        if word.run.width <= room {
            line = append(line, word, Arc::clone(&word.run), room, &mut lines);
        } else {
            for part in word.run.broken(room) {
                // Parts of a word follow without a space, each in a line of its own.
                if !line.pieces.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line = append(line, word, part, room, &mut lines);
            }
        }
    }
    if !line.pieces.is_empty() {
        lines.push(line);
    }
    lines
}

fn append(mut line: Line, word: &Word, run: Arc<Run>, room: i32, lines: &mut Vec<Line>) -> Line {
    if !line.pieces.is_empty() && line.width + word.space.width + run.width > room {
        lines.push(std::mem::take(&mut line));
    }
    let fresh = line.pieces.is_empty();
    if !fresh {
        line.width += word.space.width;
        // The space belongs to what stands before it, so that no piece begins with one.
        if let Some(last) = line.pieces.last_mut() {
            last.runs.push(Arc::clone(&word.space));
        }
    }
    line.width += run.width;
    match line.pieces.last_mut() {
        Some(last) if last.weight == word.weight && last.lang == word.lang => last.runs.push(run),
        _ => line.pieces.push(Piece {
            weight: word.weight,
            lang: word.lang,
            runs: vec![run],
        }),
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Press;

    fn fit(text: &str, width: f32, most_lines: usize) -> Option<(Vec<String>, f32)> {
        let span = Span {
            text,
            weight: Weight::Regular,
            lang: Lang::Vi,
        };
        let mut shaper = Shaper::new(&Press::new());
        let paragraph = Paragraph::fit(&mut shaper, &[span], width, (12.0, 6.0), most_lines)?;
        let said = |line: &Line| {
            line.pieces
                .iter()
                .flat_map(|piece| &piece.runs)
                .flat_map(|run| run.glyphs.iter().filter_map(|glyph| glyph.says))
                .collect()
        };
        Some((paragraph.lines.iter().map(said).collect(), paragraph.size))
    }

    #[test]
    fn short_text_is_one_large_line() {
        let (lines, size) = fit("Nguyễn Văn Đức", 200.0, 2).unwrap();
        assert_eq!((lines, size), (vec!["Nguyễn Văn Đức".to_owned()], 12.0));
    }

    #[test]
    fn longer_text_wraps_then_shrinks() {
        let text = "Công Tằng Tôn Nữ Thị Hoàng Anh Phương";
        let (lines, size) = fit(text, 130.0, 2).unwrap();
        assert_eq!(
            (lines.len(), lines.join(" ").as_str(), size),
            (2, text, 12.0)
        );
        let (lines, size) = fit(text, 130.0, 1).unwrap();
        assert!(lines.len() == 1 && size < 9.0);
        assert!(fit(&text.repeat(9), 130.0, 2).is_none());
    }

    #[test]
    fn a_stroke_does_not_end_a_line() {
        for width in 60..200_u16 {
            let (lines, _) = fit("Bộ Y tế / Ministry of Health /", f32::from(width), 9).unwrap();
            let (last, others) = lines.split_last().unwrap();
            assert!(others.iter().all(|line| !line.ends_with('/')), "{lines:?}");
            assert!(last.ends_with('/'), "{lines:?}");
        }
    }

    #[test]
    fn a_word_is_broken_only_at_the_smallest_size() {
        let (lines, size) = fit(&"W".repeat(60), 130.0, 9).unwrap();
        assert!(lines.len() > 1 && size == 6.0);
        assert_eq!(lines.concat(), "W".repeat(60));
        assert!(fit(&"W".repeat(20), 130.0, 9).unwrap().1 > 6.0);
    }
}
