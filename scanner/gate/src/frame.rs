//! From the bytes of a reader to whole codes.

use std::time::Duration;

/// The most bytes of one code; of a longer one nothing is kept.
pub const LONGEST: usize = 16 * 1024;
/// Codes are longer than this; less is noise on the line, a checksum behind ETX, a stray key.
const SHORTEST: usize = 4;
/// A reader that sends no Enter: when it has been quiet for this long, the code is over.
pub const QUIET: Duration = Duration::from_millis(300);
/// A reader that does send Enter, and has stopped in the middle for this long, was interrupted.
pub const BROKEN_OFF: Duration = Duration::from_secs(2);

const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const BACKSPACE: [u8; 2] = [0x08, 0x7f];

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A whole code.
    Whole(Vec<u8>),
    /// Half a code: its end never came.
    Half,
    /// More than [`LONGEST`] bytes without an end.
    TooLong,
}

/// Cuts a reader's bytes into codes.
///
/// CR, LF and ETX end one, STX begins one anew; empty ones, and other control characters, count for
/// nothing. So one code is answered once, however its reader ends lines.
#[derive(Debug, Default)]
pub struct Framer {
    buffer: Vec<u8>,
    overlong: bool,
    /// The reader ends its codes with a character: silence means nothing then.
    has_suffix: bool,
}

impl Framer {
    /// Takes bytes as they come, and adds what they complete.
    pub fn push(&mut self, bytes: &[u8], frames: &mut Vec<Frame>) {
        for byte in bytes {
            match *byte {
                b'\r' | b'\n' | ETX => self.end(frames),
                STX => self.drop_begun(),
                byte if BACKSPACE.contains(&byte) || (byte < b' ' && byte != b'\t') => {}
                _ if self.overlong => {}
                byte if self.buffer.len() < LONGEST => self.buffer.push(byte),
                _ => {
                    self.buffer = Vec::new();
                    self.overlong = true;
                }
            }
        }
    }

    fn end(&mut self, frames: &mut Vec<Frame>) {
        self.has_suffix |= self.is_open();
        self.finish(frames);
    }

    fn finish(&mut self, frames: &mut Vec<Frame>) {
        if std::mem::take(&mut self.overlong) {
            frames.push(Frame::TooLong);
        } else if self.buffer.len() >= SHORTEST {
            frames.push(Frame::Whole(std::mem::take(&mut self.buffer)));
        }
        self.buffer.clear();
    }

    /// After silence.
    pub fn quiet(&mut self, silence: Duration, frames: &mut Vec<Frame>) {
        if !self.is_open() {
            return;
        }
        if !self.has_suffix && silence >= QUIET {
            self.finish(frames);
        } else if silence >= BROKEN_OFF {
            self.half(frames);
        }
    }

    /// The reader was unplugged: what was begun will never end.
    pub fn unplugged(&mut self, frames: &mut Vec<Frame>) {
        if self.is_open() {
            self.half(frames);
        }
        self.has_suffix = false;
    }

    fn half(&mut self, frames: &mut Vec<Frame>) {
        // Noise is nothing to tell.
        if self.overlong || self.buffer.len() >= SHORTEST {
            frames.push(Frame::Half);
        }
        self.drop_begun();
    }

    fn drop_begun(&mut self) {
        self.buffer.clear();
        self.overlong = false;
    }

    /// Whether something has begun that has not ended.
    pub fn is_open(&self) -> bool {
        self.overlong || !self.buffer.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(text: &str) -> Frame {
        Frame::Whole(text.into())
    }

    fn frames(bytes: &[u8]) -> Vec<Frame> {
        let mut framer = Framer::default();
        let mut frames = Vec::new();
        framer.push(bytes, &mut frames);
        frames
    }

    #[test]
    fn however_lines_end() {
        let (a, b) = (whole("HC1:A B "), whole("HC1:CD"));
        for bytes in [
            &b"HC1:A B \rHC1:CD\r"[..],
            b"HC1:A B \nHC1:CD\n",
            b"HC1:A B \r\nHC1:CD\r\n",
            b"\r\n\r\nHC1:A B \r\n\r\nHC1:CD\r\n",
            b"\x02HC1:A B \x03\x02HC1:CD\x03",
            b"\x02HC1:A B \r\x03K\x02HC1:CD\r\x03L",
            b"HC1:HALF\x02HC1:A B \x03HC1:CD\n",
            b"\0\x1bHC1:A B \x1d\nab\nHC1:CD\n",
        ] {
            assert_eq!(frames(bytes), [a.clone(), b.clone()], "{bytes:?}");
        }
        assert_eq!(frames(b"HC1:"), []);
    }

    #[test]
    fn silence_ends_only_what_has_no_other_end() {
        let mut framer = Framer::default();
        let mut frames = Vec::new();
        framer.push(b"HC1:A", &mut frames);
        framer.quiet(QUIET / 2, &mut frames);
        assert_eq!(frames, []);
        framer.quiet(QUIET, &mut frames);
        assert_eq!(std::mem::take(&mut frames), [whole("HC1:A")]);
        framer.push(b"HC1:B\rHC1:C", &mut frames);
        framer.quiet(QUIET, &mut frames);
        assert_eq!(std::mem::take(&mut frames), [whole("HC1:B")]);
        framer.quiet(BROKEN_OFF, &mut frames);
        framer.push(b"HC1:D\r", &mut frames);
        assert_eq!(std::mem::take(&mut frames), [Frame::Half, whole("HC1:D")]);
        framer.push(b"HC1:E", &mut frames);
        framer.unplugged(&mut frames);
        framer.unplugged(&mut frames);
        assert_eq!(std::mem::take(&mut frames), [Frame::Half]);
        framer.push(b"\xff", &mut frames);
        framer.unplugged(&mut frames);
        assert_eq!(frames, []);
    }

    #[test]
    fn what_never_ends_costs_no_memory() {
        let mut framer = Framer::default();
        let mut frames = Vec::new();
        for _ in 0..1000 {
            framer.push(&[b'A'; 4096], &mut frames);
        }
        assert!(framer.buffer.capacity() <= LONGEST);
        framer.push(b"\nHC1:A\n", &mut frames);
        assert_eq!(frames, [Frame::TooLong, whole("HC1:A")]);
    }

    proptest! {
        /// However the bytes are cut into reads, the same comes out.
        #[test]
        fn reads_do_not_matter(bytes in prop::collection::vec(prop::sample::select(b"ABCDEF\r\n\x02\x03\x00\xff".to_vec()), 0..200), cut in 1_usize..20) {
            let mut framer = Framer::default();
            let mut pieces = Vec::new();
            for piece in bytes.chunks(cut) {
                framer.push(piece, &mut pieces);
            }
            prop_assert_eq!(pieces, frames(&bytes));
        }
    }
}
