//! The two fonts, and words as rows of glyphs.

use std::collections::HashMap;
use std::sync::Arc;

use harfrust::{Buffer, Direction, Font, Language, Script, ShapeOptions, ShapePlan, ShaperFont};

use super::Weight;

/// The fonts, parsed. Made once for all batches; a clone is the same one.
#[derive(Clone)]
pub struct Press(Arc<[Face; 2]>);

/// One font. Its figures are those of the committed files, in thousandths of the size.
pub(crate) struct Face {
    pub(crate) name: &'static str,
    pub(crate) data: &'static [u8],
    pub(crate) stem: f32,
    font: Font,
    plan: ShapePlan,
}

impl Press {
    /// Parses the fonts.
    #[must_use]
    pub fn new() -> Press {
        Press(Arc::new([
            Face::new(
                "NotoSans-Regular",
                include_bytes!("../../assets/NotoSans-Regular.ttf"),
                80.0,
            ),
            Face::new(
                "NotoSans-Bold",
                include_bytes!("../../assets/NotoSans-Bold.ttf"),
                140.0,
            ),
        ]))
    }

    pub(crate) fn face(&self, weight: Weight) -> &Face {
        let [regular, bold] = &*self.0;
        match weight {
            Weight::Regular => regular,
            Weight::Bold => bold,
        }
    }

    /// Whether there is a glyph for a character. Both fonts have the same characters.
    pub(crate) fn covers(&self, c: char) -> bool {
        self.face(Weight::Regular)
            .font
            .charmap()
            .map_unicode(c)
            .is_some()
    }
}

impl Default for Press {
    fn default() -> Self {
        Press::new()
    }
}

impl std::fmt::Debug for Press {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Press(..)")
    }
}

impl Face {
    fn new(name: &'static str, data: &'static [u8], stem: f32) -> Face {
        let font = Font::new(data, 0).expect("the committed file is a font");
        // Vietnamese stacks its marks in a way of its own where a font knows how.
        let vietnamese = Language::new("vi");
        let plan = ShapePlan::new(
            &font,
            Direction::LeftToRight,
            Some(Script::LATIN),
            vietnamese.as_ref(),
            &[],
        );
        Face {
            name,
            data,
            stem,
            font,
            plan,
        }
    }

    /// The advance of a glyph, in thousandths of the size (which are the units of the fonts).
    pub(crate) fn advance(&self, glyph: u16) -> i32 {
        ShaperFont::new(&self.font).glyph_h_advance(u32::from(glyph).into())
    }
}

/// A glyph in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glyph {
    pub(crate) id: u16,
    /// From here to the next glyph, in thousandths of the size.
    pub(crate) advance: i32,
    /// How far it is drawn from its place, to the right and up.
    pub(crate) offset: (i32, i32),
    /// What it says, for those who copy the text; `None` where the glyph before it says it all.
    pub(crate) says: Option<char>,
}

/// A word as glyphs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) glyphs: Vec<Glyph>,
    /// The sum of the advances, in thousandths of the size.
    pub(crate) width: i32,
}

impl Run {
    fn new(glyphs: Vec<Glyph>) -> Run {
        let width = glyphs.iter().map(|glyph| glyph.advance).sum();
        Run { glyphs, width }
    }

    /// Words and spaces as one word.
    pub(crate) fn joined(runs: &[Arc<Run>]) -> Run {
        Run::new(
            runs.iter()
                .flat_map(|run| run.glyphs.iter().copied())
                .collect(),
        )
    }

    /// Parts that are no wider than `width`, at least one glyph each. For words longer than a line.
    pub(crate) fn broken(&self, width: i32) -> Vec<Arc<Run>> {
        let mut parts = Vec::new();
        let mut part: Vec<Glyph> = Vec::new();
        let mut used = 0;
        for &glyph in &self.glyphs {
            // A mark stays with its letter.
            if !part.is_empty() && glyph.advance > 0 && used + glyph.advance > width {
                parts.push(Arc::new(Run::new(std::mem::take(&mut part))));
                used = 0;
            }
            used += glyph.advance;
            part.push(glyph);
        }
        parts.push(Arc::new(Run::new(part)));
        parts
    }
}

/// Shapes words and remembers them: labels and the commoner names come again on every sheet.
pub(crate) struct Shaper {
    press: Press,
    known: [HashMap<Box<str>, Arc<Run>>; 2],
    buffer: Buffer,
}

/// Words remembered for each weight; when there are more, all are forgotten. About 2 MB.
const MOST_KNOWN: usize = 4096;

impl Shaper {
    pub(crate) fn new(press: &Press) -> Shaper {
        Shaper {
            press: press.clone(),
            known: [HashMap::new(), HashMap::new()],
            buffer: Buffer::new(),
        }
    }

    pub(crate) fn press(&self) -> &Press {
        &self.press
    }

    /// One word, or a space.
    pub(crate) fn word(&mut self, weight: Weight, word: &str) -> Arc<Run> {
        let [regular, bold] = &mut self.known;
        let known = match weight {
            Weight::Regular => regular,
            Weight::Bold => bold,
        };
        if let Some(run) = known.get(word) {
            return Arc::clone(run);
        }
        let run = Arc::new(shape(self.press.face(weight), &mut self.buffer, word));
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(word.into(), Arc::clone(&run));
        run
    }
}

fn shape(face: &Face, buffer: &mut Buffer, word: &str) -> Run {
    buffer.reset();
    buffer.push_str(word);
    buffer.set_direction(Direction::LeftToRight);
    buffer.set_script(Some(Script::LATIN));
    buffer.set_language(face.plan.language().cloned());
    let options = ShapeOptions::new().plan(Some(&face.plan));
    let shaped = harfrust::shape(&ShaperFont::new(&face.font), buffer, options);
    debug_assert!(shaped.is_ok(), "the buffer is set up as the plan is");

    let infos = buffer.glyph_infos();
    let mut said = word.char_indices().peekable();
    let mut glyphs = Vec::with_capacity(infos.len());
    for (index, (info, position)) in infos.iter().zip(buffer.glyph_positions()).enumerate() {
        // Characters and glyphs of a cluster are paired in order. Composed text has as many of the one as
        // of the other; else those left over are lost to copying.
        let end = infos
            .iter()
            .skip(index)
            .map(|later| later.cluster)
            .find(|&cluster| cluster > info.cluster)
            .and_then(|cluster| usize::try_from(cluster).ok())
            .unwrap_or(word.len());
        let says = said.next_if(|&(at, _)| at < end).map(|(_, c)| c);
        if infos
            .get(index + 1)
            .is_some_and(|next| next.cluster != info.cluster)
        {
            while said.next_if(|&(at, _)| at < end).is_some() {}
        }
        glyphs.push(Glyph {
            id: u16::try_from(info.glyph_id).unwrap_or(0),
            advance: position.x_advance,
            offset: (position.x_offset, position.y_offset),
            says,
        });
    }
    Run::new(glyphs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(run: &Run) -> String {
        run.glyphs.iter().filter_map(|glyph| glyph.says).collect()
    }

    #[test]
    fn words_say_what_they_are() {
        let mut shaper = Shaper::new(&Press::new());
        for word in [
            "Nguyễn",
            "Ự",
            "office",
            "26/02/1998",
            "AV",
            "x\u{302}\u{323}y",
            "URN:UVCI:01:VN:8A#U",
            " ",
        ] {
            let run = shaper.word(Weight::Regular, word);
            assert_eq!(said(&run), word);
            assert!(run.width > 0);
        }
    }

    #[test]
    fn a_composed_letter_is_one_glyph() {
        let mut shaper = Shaper::new(&Press::new());
        let run = shaper.word(Weight::Bold, "ễởỰ");
        assert_eq!(run.glyphs.len(), 3);
        assert!(
            run.glyphs
                .iter()
                .all(|glyph| glyph.id != 0 && glyph.offset == (0, 0))
        );
    }

    #[test]
    fn a_loose_mark_sits_on_its_letter() {
        let mut shaper = Shaper::new(&Press::new());
        let run = shaper.word(Weight::Regular, "x\u{302}");
        let [letter, mark] = run.glyphs[..] else {
            panic!("two glyphs")
        };
        assert!(letter.advance > 0 && mark.advance == 0 && mark.offset.0 < 0);
    }

    #[test]
    fn letters_are_kerned() {
        let mut shaper = Shaper::new(&Press::new());
        let pair = shaper.word(Weight::Regular, "AV").width;
        let single =
            shaper.word(Weight::Regular, "A").width + shaper.word(Weight::Regular, "V").width;
        assert!(pair < single);
    }

    #[test]
    fn a_long_word_is_broken() {
        let mut shaper = Shaper::new(&Press::new());
        let run = shaper.word(Weight::Regular, &"W".repeat(50));
        let parts = run.broken(5000);
        assert!(parts.len() > 1 && parts.iter().all(|part| part.width <= 5000));
        assert_eq!(
            parts.iter().map(|part| part.glyphs.len()).sum::<usize>(),
            50
        );
    }
}
