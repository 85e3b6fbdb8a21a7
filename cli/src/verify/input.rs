//! What an INPUT argument is: a picture, a document, lines of text, one code, or standard input.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
    path::Path,
};

use anyhow::{Context as _, bail};
use hcert::limits::Limits;
use qr::picture::{self, PictureLimits};
use verifier::{Format, Verifier};

use super::{LineReader, Place, Printer, lines};

/// An INPUT argument, opened.
pub(crate) enum Input<'a> {
    /// Standard input, line by line.
    Standard,
    /// The argument is the code.
    Literal(&'a str),
    /// A file of text.
    Lines(File),
    /// A file that is a picture or a document.
    Picture(Vec<u8>),
}

/// The largest picture or document that is read whole.
const PICTURE_BYTES: u64 = 64 * 1024 * 1024;

impl<'a> Input<'a> {
    /// Opens an argument. What a file is, its content says.
    pub(crate) fn open(argument: &'a str) -> anyhow::Result<Input<'a>> {
        if argument == "-" {
            return Ok(Input::Standard);
        }
        let path = Path::new(argument);
        // A code is no file name: longer than any, or beginning as none does.
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(_) if Format::recognise(argument).is_some() => return Ok(Input::Literal(argument)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                bail!("{argument}: no such file, and not a code either: a code begins with HC1:")
            }
            Err(error) => return Err(error).context(argument.to_owned()),
        };
        let metadata = file.metadata().with_context(|| argument.to_owned())?;
        if metadata.is_dir() {
            bail!("{argument}: is a directory: name the files in it, as in {argument}/*.png");
        }
        let mut start = [0; 16];
        let length = read_start(&mut file, &mut start).with_context(|| argument.to_owned())?;
        let start = &start[..length];
        if start.is_empty() {
            bail!("{argument}: the file is empty");
        }
        if !is_picture(start) {
            file.seek(SeekFrom::Start(0))
                .with_context(|| argument.to_owned())?;
            return Ok(Input::Lines(file));
        }
        if metadata.len() > PICTURE_BYTES {
            let limit = PICTURE_BYTES / 1024 / 1024;
            bail!("{argument}: the file is larger than {limit} MB: save the picture smaller");
        }
        let mut bytes = start.to_vec();
        file.take(PICTURE_BYTES)
            .read_to_end(&mut bytes)
            .with_context(|| argument.to_owned())?;
        Ok(Input::Picture(bytes))
    }
}

fn read_start(file: &mut File, start: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < start.len() {
        match file.read(&mut start[length..])? {
            0 => break,
            read => length += read,
        }
    }
    Ok(length)
}

/// PNG, JPEG, WebP, PDF, by how they begin; other picture kinds are recognised to say that they
/// are not read, instead of taking them for text.
fn is_picture(start: &[u8]) -> bool {
    const STARTS: [&[u8]; 9] = [
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"RIFF",
        b"%PDF",
        b"GIF8",
        b"BM",
        b"II*\0",
        b"MM\0*",
        b"\0\0\0\x20ftyp",
    ];
    STARTS.iter().any(|known| start.starts_with(known)) || start.get(4..8) == Some(b"ftyp")
}

/// Answers every code of an input; true when all are valid.
pub(super) fn verify(
    argument: &str,
    verifier: &Verifier,
    printer: &Printer<'_>,
    out: &mut impl Write,
) -> anyhow::Result<bool> {
    match Input::open(argument)? {
        Input::Standard => standard_input(verifier, printer, out),
        Input::Literal(code) => {
            let mut answer = Vec::new();
            let valid = printer.answer(
                &mut verifier.session(),
                code,
                argument,
                Place::Whole,
                &mut answer,
            );
            out.write_all(&answer)?;
            Ok(valid)
        }
        Input::Lines(file) => lines::verify(file, argument, verifier, printer, out),
        Input::Picture(bytes) => picture_codes(&bytes, argument, verifier, printer, out),
    }
}

/// Each line is answered at once, as a reader on a port needs it.
fn standard_input(
    verifier: &Verifier,
    printer: &Printer<'_>,
    out: &mut impl Write,
) -> anyhow::Result<bool> {
    let mut lines = LineReader::new(
        BufReader::new(io::stdin().lock()),
        Limits::DEFAULT.text_bytes,
    );
    let mut session = verifier.session();
    let mut all_valid = true;
    let mut answer = Vec::new();
    while let Some((number, line)) = lines.next_line().context("standard input")? {
        answer.clear();
        all_valid &= printer.answer(&mut session, line, "-", Place::Line(number), &mut answer);
        out.write_all(&answer)?;
        out.flush()?;
    }
    Ok(all_valid)
}

fn picture_codes(
    bytes: &[u8],
    name: &str,
    verifier: &Verifier,
    printer: &Printer<'_>,
    out: &mut impl Write,
) -> anyhow::Result<bool> {
    let mut answer = Vec::new();
    let mut all_valid = true;
    match picture::codes(bytes, &PictureLimits::default()) {
        Err(error) => {
            all_valid = false;
            printer.no_code(error.to_string(), name, Place::Whole, &mut answer);
        }
        Ok(pages) => {
            let document = pages.len() > 1;
            let mut session = verifier.session();
            let mut found = false;
            for page in &pages {
                let place = if document {
                    Place::Page(page.page)
                } else {
                    Place::Whole
                };
                for code in &page.codes {
                    found = true;
                    // A code that is no text is of no format that is read as text.
                    let text = code.text.clone().unwrap_or_else(|| latin1(&code.bytes));
                    all_valid &= printer.answer(&mut session, &text, name, place, &mut answer);
                }
            }
            if !found {
                all_valid = false;
                let why = printer.context.words().no_code_in_picture().to_owned();
                printer.no_code(why, name, Place::Whole, &mut answer);
            }
        }
    }
    out.write_all(&answer)?;
    Ok(all_valid)
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}
