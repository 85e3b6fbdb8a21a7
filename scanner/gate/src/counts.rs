//! Counts by hour and result, without anything of anybody.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use hcert::time::Timestamp;

use crate::answer::Answer;

const HOUR: i64 = 3600;
const HEADER: &str = "hour,reader,colour,reason,count";
/// Hours that are kept: two years.
const MOST_HOURS: i64 = 2 * 366 * 24;
/// The most bytes of a file of counts.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    hour: i64,
    reader: String,
    colour: String,
    reason: String,
}

/// The counts, and the file in which they outlive a power cut.
#[derive(Debug)]
pub struct Counts {
    path: Option<PathBuf>,
    counts: BTreeMap<Key, u64>,
    changed: bool,
}

impl Counts {
    /// In memory only.
    pub fn in_memory() -> Counts {
        Counts {
            path: None,
            counts: BTreeMap::new(),
            changed: false,
        }
    }

    /// With what a file has. Lines that are not understood are left out and counted: a gate does not
    /// stay closed for its statistics.
    pub fn open(path: &Path) -> io::Result<(Counts, usize)> {
        let mut counts = Counts {
            path: Some(path.to_owned()),
            ..Counts::in_memory()
        };
        let mut text = String::new();
        match File::open(path) {
            Ok(file) => {
                let mut bytes = Vec::new();
                file.take(MOST_BYTES).read_to_end(&mut bytes)?;
                text.push_str(&String::from_utf8_lossy(&bytes));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let mut odd = 0;
        for line in text
            .lines()
            .filter(|line| !line.is_empty() && *line != HEADER)
        {
            match parse(line) {
                Some((key, count)) => *counts.counts.entry(key).or_default() += count,
                None => odd += 1,
            }
        }
        Ok((counts, odd))
    }

    /// Counts an answer.
    pub fn add(&mut self, answer: &Answer) {
        let hour = answer.at.unix().div_euclid(HOUR);
        let key = Key {
            hour,
            reader: plain(&answer.reader),
            colour: answer.colour().name().into(),
            reason: answer.reason().into(),
        };
        *self.counts.entry(key).or_default() += 1;
        self.changed = true;
    }

    /// All of them as CSV: hour (its beginning, UTC), reader, colour, reason, count.
    pub fn to_csv(&self) -> String {
        let mut csv = format!("{HEADER}\n");
        for (key, count) in &self.counts {
            let hour = Timestamp::saturating(key.hour.saturating_mul(HOUR));
            let Key {
                reader,
                colour,
                reason,
                ..
            } = key;
            let _ = writeln!(csv, "{hour},{reader},{colour},{reason},{count}");
        }
        csv
    }

    /// Writes them if anything changed: to another file first, which takes the old one's place when it
    /// is whole on the disk. On a full disk the old file stays, and the next call tries again. Whether
    /// there was anything to write.
    pub fn save(&mut self) -> io::Result<bool> {
        let Some(path) = self.path.clone().filter(|_| self.changed) else {
            return Ok(false);
        };
        let last = self.counts.keys().next_back().map_or(0, |key| key.hour);
        self.counts.retain(|key, _| key.hour > last - MOST_HOURS);
        write_whole(&path, self.to_csv().as_bytes())?;
        self.changed = false;
        Ok(true)
    }
}

/// Old or new, and nothing between.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let other = path.with_extension("new");
    let written = (|| {
        let mut file = File::create(&other)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&other, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&other);
    }
    written
}

fn parse(line: &str) -> Option<(Key, u64)> {
    let mut fields = line.split(',');
    let hour: Timestamp = fields.next()?.parse().ok()?;
    let mut text = || fields.next().map(plain);
    let key = Key {
        hour: hour.unix().div_euclid(HOUR),
        reader: text()?,
        colour: text()?,
        reason: text()?,
    };
    let count = fields.next()?.parse().ok()?;
    fields.next().is_none().then_some((key, count))
}

/// Nothing that CSV or a spreadsheet would take for something else.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.' | ':') => c,
            _ => '_',
        })
        .collect::<String>()
        .trim_start_matches('-')
        .to_owned()
}
