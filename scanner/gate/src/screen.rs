//! The answer on a whole terminal: colour, sign, word, name, birth date, to be read from two metres.

mod font;
mod page;
mod place;

use std::{
    io::{self, Write},
    os::fd::AsFd,
    time::{Duration, Instant},
};

use verifier::{Colour, wording::Language};

use crate::{
    answer::Answer,
    engine::{Notice, Show},
    judge::Judge,
    words,
};

pub use page::{Depth, Page, Size};
pub use place::Place;

/// How long an answer stays.
const GREEN_STAYS: Duration = Duration::from_secs(4);
const OTHERS_STAY: Duration = Duration::from_secs(8);
/// How long a notice stays.
const NOTICE_STAYS: Duration = Duration::from_secs(15);

/// A terminal.
pub struct Screen<W: Write + AsFd> {
    out: W,
    language: Language,
    depth: Depth,
    beep: bool,
    until: Option<Instant>,
    notice: Option<(Instant, String)>,
    /// What can't be written, as long as it can't.
    not_kept: Option<String>,
    place: Place,
    drawn: String,
}

impl<W: Write + AsFd> Screen<W> {
    /// Takes the terminal over.
    pub fn new(mut out: W, language: Language, depth: Depth, beep: bool) -> io::Result<Screen<W>> {
        // The other screen, no cursor.
        out.write_all(b"\x1b[?1049h\x1b[?25l\x1b[2J")?;
        Ok(Screen {
            out,
            language,
            depth,
            beep,
            until: None,
            notice: None,
            not_kept: None,
            place: Place::of_this_machine(),
            drawn: String::new(),
        })
    }

    fn size(&self) -> Size {
        let size = rustix::termios::tcgetwinsize(&self.out);
        match size {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Size {
                columns: size.ws_col.into(),
                rows: size.ws_row.into(),
            },
            _ => Size::default(),
        }
    }

    fn draw(&mut self, page: &Page) {
        let text = page.draw(self.size(), self.depth);
        if text == self.drawn {
            return;
        }
        // A terminal that is gone is no reason to keep a door closed.
        let _ = self.out.write_all(text.as_bytes());
        let _ = self.out.flush();
        self.drawn = text;
    }

    fn notices(&self) -> Vec<&str> {
        let passing = self.notice.iter();
        passing
            .filter(|(at, _)| at.elapsed() < NOTICE_STAYS)
            .map(|(_, text)| text.as_str())
            .chain(self.not_kept.as_deref())
            .collect()
    }

    fn sound(&mut self, colour: Colour) {
        if !self.beep {
            return;
        }
        let sound: &[u8] = match (self.depth, colour) {
            // The Linux console has pitch and length.
            (Depth::Sixteen, Colour::Green) => b"\x1b[10;1500]\x1b[11;120]\x07",
            (Depth::Sixteen, Colour::Amber) => b"\x1b[10;800]\x1b[11;150]\x07\x07",
            (Depth::Sixteen, Colour::Red) => b"\x1b[10;300]\x1b[11;800]\x07",
            (_, Colour::Green) => b"\x07",
            (_, Colour::Amber) => b"\x07\x07",
            (_, Colour::Red) => b"\x07\x07\x07",
        };
        let _ = self.out.write_all(sound);
    }
}

impl<W: Write + AsFd> Show for Screen<W> {
    fn answer(&mut self, answer: &Answer) {
        let colour = answer.colour();
        let stays = match colour {
            Colour::Green => GREEN_STAYS,
            _ => OTHERS_STAY,
        };
        self.until = Some(Instant::now() + stays);
        let page = Page::of_answer(answer, self.language, &self.place);
        self.draw(&page);
        self.sound(colour);
    }

    fn idle(&mut self, judge: &Judge, readers: usize) {
        if self.until.is_some_and(|until| Instant::now() < until) {
            return;
        }
        self.until = None;
        let page = Page::waiting(&judge.fitness(), readers, &self.notices(), self.language);
        self.draw(&page);
    }

    fn notice(&mut self, notice: &Notice) {
        match notice {
            Notice::NotKept(_) => self.not_kept = words::notice(notice, self.language),
            Notice::Kept => self.not_kept = None,
            other => {
                if let Some(text) = words::notice(other, self.language) {
                    self.notice = Some((Instant::now(), text));
                }
            }
        }
    }
}

impl<W: Write + AsFd> Drop for Screen<W> {
    fn drop(&mut self) {
        let _ = self.out.write_all(b"\x1b[0m\x1b[?25h\x1b[?1049l");
        let _ = self.out.flush();
    }
}
