//! The machine that emulates or debugs this one, by Arm's semihosting: its screen, and a file of codes.
//!
//! The file is named by the command line. Each code is a line with its time (seconds since 1970) and its
//! length in bytes, then its bytes, then a line end:
//!
//! ```text
//! 1772352000 412
//! HC1:NCF...
//! ```

use alloc::{string::String, vec::Vec};
use core::fmt::{self, Write as _};

use cortex_m_semihosting::{hio, nr::open::R_BINARY, syscall, syscall1};
use hcert::{limits::Limits, time::Timestamp};

/// The screen: lines to the host's standard output.
pub(crate) struct Screen;

impl Screen {
    /// Shows one line. Without a host nobody sees it, which is no reason to stop.
    pub(crate) fn line(&mut self, line: fmt::Arguments<'_>) {
        if let Ok(mut out) = hio::hstdout() {
            let _ = out.write_fmt(line).and_then(|()| out.write_str("\n"));
        }
    }
}

/// Why codes can't be read.
pub(crate) enum CodesError {
    /// There is no file of that name.
    NoFile,
    /// It is not in the form above.
    Form,
}

impl fmt::Display for CodesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CodesError::NoFile => "no file of codes: its name is the command line",
            CodesError::Form => "the file of codes is not in its form",
        })
    }
}

/// A text is kept up to this, which is longer than any that is looked at by as much as a cut character
/// can take away.
const KEPT: usize = Limits::SMALL.text_bytes + 4;

/// A file of codes.
pub(crate) struct Codes {
    file: usize,
    buffer: [u8; 256],
    start: usize,
    end: usize,
}

impl Codes {
    /// Opens the file that the command line names.
    pub(crate) fn open() -> Result<Codes, CodesError> {
        let mut name = [0_u8; 128];
        let mut line = [name.as_mut_ptr() as usize, name.len()];
        // SAFETY: a pointer to memory of ours and its length, of which the host writes at most so much, and
        // over the length what it wrote (Arm semihosting, SYS_GET_CMDLINE).
        let failed = unsafe { syscall1(GET_CMDLINE, &raw mut line as usize) } != 0;
        let [_, length] = line;
        if failed || length == 0 || length >= name.len() {
            return Err(CodesError::NoFile);
        }
        // SAFETY: a name with a zero behind it, and its length without (SYS_OPEN).
        let file = unsafe { syscall!(OPEN, name.as_ptr(), R_BINARY, length) };
        if file == usize::MAX {
            return Err(CodesError::NoFile);
        }
        Ok(Codes {
            file,
            buffer: [0; 256],
            start: 0,
            end: 0,
        })
    }

    /// The next code and its time; `None` at the end of the file.
    pub(crate) fn next(&mut self) -> Result<Option<(Timestamp, String)>, CodesError> {
        let Some(first) = self.byte() else {
            return Ok(None);
        };
        let negative = first == b'-';
        let at = self.number(if negative { None } else { Some(first) }, b' ')?;
        let at = if negative { -at } else { at };
        let length = self.number(None, b'\n')?;
        let mut kept = Vec::with_capacity(KEPT.min(usize::try_from(length).unwrap_or(KEPT)));
        for _ in 0..length {
            let byte = self.byte().ok_or(CodesError::Form)?;
            if kept.len() < KEPT {
                kept.push(byte);
            }
        }
        if self.byte() != Some(b'\n') {
            return Err(CodesError::Form);
        }
        Ok(Some((Timestamp::saturating(at), text(kept))))
    }

    /// Digits up to `end`.
    fn number(&mut self, first: Option<u8>, end: u8) -> Result<i64, CodesError> {
        let mut number = 0_i64;
        let mut next = first.or_else(|| self.byte());
        loop {
            match next {
                Some(digit @ b'0'..=b'9') => {
                    let more = number.checked_mul(10);
                    let more = more.and_then(|number| number.checked_add(i64::from(digit - b'0')));
                    number = more.ok_or(CodesError::Form)?;
                }
                Some(byte) if byte == end => return Ok(number),
                _ => return Err(CodesError::Form),
            }
            next = self.byte();
        }
    }

    fn byte(&mut self) -> Option<u8> {
        if self.start == self.end {
            let room = self.buffer.len();
            // SAFETY: memory of ours and its length, of which the host writes at most so much (SYS_READ).
            let left = unsafe { syscall!(READ, self.file, self.buffer.as_mut_ptr(), room) };
            (self.start, self.end) = (0, room.saturating_sub(left));
        }
        let byte = self.buffer.get(self.start..self.end)?.first().copied();
        self.start += usize::from(byte.is_some());
        byte
    }
}

/// SYS_GET_CMDLINE.
const GET_CMDLINE: usize = 0x15;

/// What is not UTF-8 is no code either.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let valid = error.utf8_error().valid_up_to();
        let mut bytes = error.into_bytes();
        bytes.truncate(valid);
        String::from_utf8(bytes).unwrap_or_default()
    })
}
