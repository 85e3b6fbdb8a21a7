//! Text with one code per line: read with bounds, and checked on every core.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    thread,
};

use anyhow::Context as _;
use hcert::limits::Limits;
use verifier::Verifier;

use super::{Place, Printer};
use crate::progress::Progress;

/// Reads lines, each no longer than a code can be: of a longer one only the start is kept, enough
/// to be refused for its length. A gigabyte without a line end therefore costs a few kilobytes.
pub(crate) struct LineReader<R> {
    input: R,
    longest: usize,
    line: Vec<u8>,
    text: String,
    number: u64,
    consumed: u64,
}

impl<R: BufRead> LineReader<R> {
    /// Lines of `input` of at most `longest` bytes.
    pub(crate) fn new(input: R, longest: usize) -> LineReader<R> {
        LineReader {
            input,
            longest,
            line: Vec::new(),
            text: String::new(),
            number: 0,
            consumed: 0,
        }
    }

    /// The next line that is not empty, with its number from 1. Bytes that are not UTF-8 become
    /// U+FFFD, which no code contains.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<(u64, &str)>> {
        loop {
            if !self.read_line()? {
                return Ok(None);
            }
            self.number += 1;
            let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
            if !line.is_empty() {
                self.text.clear();
                self.text.push_str(&String::from_utf8_lossy(line));
                return Ok(Some((self.number, &self.text)));
            }
        }
    }

    /// Bytes read so far.
    fn consumed(&self) -> u64 {
        self.consumed
    }

    fn read_line(&mut self) -> io::Result<bool> {
        self.line.clear();
        let mut any = false;
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                return Ok(any);
            }
            any = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            let room = (self.longest + 1).saturating_sub(self.line.len());
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            self.consumed += used as u64;
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}

/// Lines that one core checks before the answers are written.
const LINES_PER_CORE: usize = 1024;

/// Answers the codes of a file in its order, on every core.
pub(super) fn verify(
    file: File,
    name: &str,
    verifier: &Verifier,
    printer: &Printer<'_>,
    out: &mut impl Write,
) -> anyhow::Result<bool> {
    let size = file.metadata().map(|metadata| metadata.len()).unwrap_or(0);
    let progress = Progress::bytes(size);
    let mut lines = LineReader::new(BufReader::new(file), Limits::DEFAULT.text_bytes);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut batch: Vec<(u64, String)> = Vec::new();
    let mut all_valid = true;
    let mut any = false;
    loop {
        batch.clear();
        while batch.len() < cores * LINES_PER_CORE {
            match lines.next_line().with_context(|| name.to_owned())? {
                Some((number, line)) => batch.push((number, line.to_owned())),
                None => break,
            }
        }
        if batch.is_empty() {
            break;
        }
        any = true;
        let parts: Vec<_> = batch.chunks(batch.len().div_ceil(cores)).collect();
        let answers = thread::scope(|scope| {
            let workers: Vec<_> = parts
                .into_iter()
                .map(|part| scope.spawn(move || part_answers(part, name, verifier, printer)))
                .collect();
            workers
                .into_iter()
                .map(thread::ScopedJoinHandle::join)
                .collect::<Vec<_>>()
        });
        for answer in answers {
            let Ok((valid, text)) = answer else {
                anyhow::bail!("{name}: a worker stopped unexpectedly");
            };
            all_valid &= valid;
            out.write_all(&text)?;
        }
        progress.at(lines.consumed());
    }
    progress.finish();
    anyhow::ensure!(any, "{name}: the file holds no code, only empty lines");
    Ok(all_valid)
}

fn part_answers(
    part: &[(u64, String)],
    name: &str,
    verifier: &Verifier,
    printer: &Printer<'_>,
) -> (bool, Vec<u8>) {
    let mut session = verifier.session();
    let mut answers = Vec::new();
    let mut all_valid = true;
    for (number, line) in part {
        all_valid &= printer.answer(&mut session, line, name, Place::Line(*number), &mut answers);
    }
    (all_valid, answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<(u64, String)> {
        let mut reader = LineReader::new(BufReader::with_capacity(3, input), 5);
        let mut lines = Vec::new();
        while let Some((number, line)) = reader.next_line().unwrap() {
            lines.push((number, line.to_owned()));
        }
        assert_eq!(reader.consumed(), input.len() as u64);
        lines
    }

    #[test]
    fn lines_keep_their_numbers_and_spaces() {
        let expected = [(1, "HC1: "), (3, "a"), (4, "123456"), (5, "\u{fffd}")];
        let expected = expected.map(|(number, line)| (number, line.to_owned()));
        assert_eq!(lines(b"HC1: \r\n\na\n1234567890\n\xff"), expected);
        assert_eq!(lines(b"\n\n\r\n"), []);
        assert_eq!(lines(b""), []);
    }
}
