//! One answer after the other.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    time::{Duration, Instant},
};

use border::{Document, Subject as Person, compare};
use hcert::time::Timestamp;
use verifier::{Verdict, wording::Language};

use crate::{
    answer::{Answer, Subject},
    counts::{Counts, write_whole},
    door::{Door, Running},
    frame::Frame,
    judge::{Judge, Judged},
    reader::{self, Absent, Event, Source},
    scan::Advice,
    seen::Seen,
};

/// How a gate is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// The readers; at least one.
    pub readers: Vec<Source>,
    /// What opens.
    pub doors: Vec<Door>,
    /// A code that is shown again within this time is told; zero: never.
    pub repeat: Duration,
    /// Identity documents are compared with certificates.
    pub desk: bool,
    /// Language of what is said.
    pub language: Language,
    /// Where the counts are kept; none: in memory only.
    pub counts: Option<PathBuf>,
    /// Where the gate writes every minute that it ran, to notice a clock that was set back.
    pub heartbeat: Option<PathBuf>,
}

/// What else happens, to be logged or shown. Nothing of it is about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A reader is there (again).
    Plugged(String),
    /// A reader is gone, and why.
    Unplugged(String, Absent),
    /// A door did not do what it should.
    Door(&'static str, String),
    /// A door is too slow, and missed a green.
    DoorSlow,
    /// So many lines of the file of counts are not understood.
    OddCounts(usize),
    /// The counts, and that the gate runs, can't be written; said until it is mended.
    NotKept(String),
    /// They can be written again.
    Kept,
}

/// Who sees the answers: a screen.
pub trait Show {
    /// A new answer.
    fn answer(&mut self, answer: &Answer);
    /// Nothing happened for a moment; `readers` is how many are there.
    fn idle(&mut self, judge: &Judge, readers: usize);
    /// Something else happened.
    fn notice(&mut self, notice: &Notice);
}

/// Waiting codes. A person shows one after the other; a queue would only make answers late.
const QUEUE: usize = 64;
const TICK: Duration = Duration::from_millis(200);
const SAVE: Duration = Duration::from_secs(10);
/// While the counts can't be written.
const RETRY: Duration = Duration::from_secs(2);
const HEARTBEAT: Duration = Duration::from_secs(60);
/// At a desk, certificate and document belong together for so long.
const TOGETHER: Duration = Duration::from_secs(60);

/// Runs until `stop`, or until standard input has ended and there is no other reader.
///
/// # Errors
/// Only when it can't begin: no thread.
pub fn run(
    options: Options,
    judge: &Judge,
    show: &mut dyn Show,
    stop: &Arc<AtomicBool>,
) -> io::Result<Counts> {
    let (events, incoming) = sync_channel(QUEUE);
    let (notices, told) = sync_channel(QUEUE);
    let names = names(&options.readers);
    for (number, source) in options.readers.iter().enumerate() {
        reader::start(number, source.clone(), events.clone(), Arc::clone(stop))?;
    }
    drop(events);
    let doors = doors(&options, &notices)?;
    let (counts, odd) = match &options.counts {
        Some(path) => Counts::open(path).unwrap_or_else(|error| {
            // What is there is not written over; the gate opens all the same.
            show.notice(&Notice::NotKept(error.to_string()));
            (Counts::in_memory(), 0)
        }),
        None => (Counts::in_memory(), 0),
    };
    if odd > 0 {
        show.notice(&Notice::OddCounts(odd));
    }
    let mut engine = Engine {
        judge,
        doors,
        counts,
        seen: Seen::new(options.repeat),
        desk: options.desk.then(Desk::default),
        number: 0,
        names,
        present: vec![false; options.readers.len()],
        heartbeat: options.heartbeat.clone(),
        saved: Instant::now(),
        beaten: None,
        save_failed: false,
    };
    engine.serve(&incoming, &told, show, stop);
    engine.save(show);
    for door in engine.doors {
        door.finish();
    }
    Ok(engine.counts)
}

/// Names of readers; several of one name are told apart by number.
fn names(readers: &[Source]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for source in readers {
        let name = source.name();
        let same = readers.iter().filter(|other| other.name() == name).count();
        let before = names
            .iter()
            .filter(|known| known.starts_with(&name))
            .count();
        names.push(if same > 1 {
            format!("{name}-{}", before + 1)
        } else {
            name
        });
    }
    names
}

fn doors(options: &Options, notices: &SyncSender<Notice>) -> io::Result<Vec<Running>> {
    let start = |door: &Door| {
        let notices = notices.clone();
        Running::start(door.clone(), options.language, move |door, why| {
            // With a full queue somebody has enough to read.
            let _ = notices.try_send(Notice::Door(door, why));
        })
    };
    options.doors.iter().map(start).collect()
}

/// When this gate last said that it ran.
pub fn last_run(path: &Path) -> Option<Timestamp> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

struct Engine<'a> {
    judge: &'a Judge,
    doors: Vec<Running>,
    counts: Counts,
    seen: Seen,
    desk: Option<Desk>,
    number: u64,
    names: Vec<String>,
    present: Vec<bool>,
    heartbeat: Option<PathBuf>,
    saved: Instant,
    beaten: Option<Instant>,
    save_failed: bool,
}

impl Engine<'_> {
    fn serve(
        &mut self,
        incoming: &Receiver<Event>,
        told: &Receiver<Notice>,
        show: &mut dyn Show,
        stop: &AtomicBool,
    ) {
        self.beat(show);
        while !stop.load(Ordering::Relaxed) {
            match incoming.recv_timeout(TICK) {
                Ok(event) => self.event(event, show),
                Err(RecvTimeoutError::Timeout) => {
                    let readers = self.present.iter().filter(|here| **here).count();
                    show.idle(self.judge, readers);
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
            while let Ok(notice) = told.try_recv() {
                show.notice(&notice);
            }
            let pause = if self.save_failed { RETRY } else { SAVE };
            if self.saved.elapsed() > pause {
                self.save(show);
            }
            if self
                .beaten
                .is_none_or(|beaten| beaten.elapsed() > HEARTBEAT)
            {
                self.beat(show);
            }
        }
        while let Ok(notice) = told.try_recv() {
            show.notice(&notice);
        }
    }

    fn event(&mut self, event: Event, show: &mut dyn Show) {
        let name = |engine: &Self, reader: usize| {
            let name = engine.names.get(reader).cloned();
            name.unwrap_or_default()
        };
        let here = |engine: &mut Self, reader: usize, is: bool| {
            if let Some(present) = engine.present.get_mut(reader) {
                *present = is;
            }
        };
        match event {
            Event::Plugged { reader } => {
                here(self, reader, true);
                show.notice(&Notice::Plugged(name(self, reader)));
            }
            Event::Unplugged { reader, why } => {
                here(self, reader, false);
                show.notice(&Notice::Unplugged(name(self, reader), why));
            }
            Event::Ended { reader } => here(self, reader, false),
            Event::Frame { reader, frame, .. } => {
                let reader = name(self, reader);
                let Some(answer) = self.answer(reader, frame) else {
                    return;
                };
                self.counts.add(&answer);
                let in_time = self.doors.iter().all(|door| door.tell(&answer));
                show.answer(&answer);
                if !in_time {
                    show.notice(&Notice::DoorSlow);
                }
            }
        }
    }

    /// `None` while only a part of a document has come.
    fn answer(&mut self, reader: String, frame: Frame) -> Option<Answer> {
        let document = match (&mut self.desk, &frame) {
            (Some(desk), Frame::Whole(bytes)) => desk.take(&String::from_utf8_lossy(bytes)),
            _ => Taken::Code,
        };
        if matches!(document, Taken::Part) {
            return None;
        }
        self.number += 1;
        let mut answer = Answer {
            number: self.number,
            reader,
            at: self.judge.now(),
            subject: Subject::Unreadable,
            repeat: None,
            advice: None,
            fitness: self.judge.fitness(),
        };
        let bytes = match frame {
            Frame::Whole(bytes) => bytes,
            Frame::Half => {
                answer.advice = Some(Advice::Half);
                return Some(answer);
            }
            Frame::TooLong => {
                answer.advice = Some(Advice::TooLong);
                return Some(answer);
            }
        };
        if let (Some(desk), Taken::Document(text)) = (&mut self.desk, document) {
            answer.subject = desk.document(&text);
            return Some(answer);
        }
        let Judged {
            verdict,
            text,
            advice,
        } = self.judge.judge(&bytes);
        answer.advice = advice;
        if verdict.as_ref().is_some_and(Verdict::is_valid) {
            answer.repeat = self.seen.shown(&text, Instant::now());
        }
        answer.subject = match (&mut self.desk, verdict) {
            (Some(desk), Some(verdict)) => desk.code(verdict),
            (_, verdict) => Subject::Code(verdict.map(Box::new)),
        };
        Some(answer)
    }

    fn save(&mut self, show: &mut dyn Show) {
        self.saved = Instant::now();
        let saved = self.counts.save();
        self.kept(saved, show);
    }

    /// Says that it runs. A wrong clock says nothing, or it would become the measure.
    fn beat(&mut self, show: &mut dyn Show) {
        self.beaten = Some(Instant::now());
        if let Some(path) = &self.heartbeat
            && !self.judge.fitness().clock_wrong
        {
            let written = write_whole(path, self.judge.now().to_string().as_bytes());
            self.kept(written.map(|()| true), show);
        }
    }

    /// Whether something was written, or why not. Said once: a full disk stays full for a while. The counts stay in
    /// memory and are tried again.
    fn kept(&mut self, written: io::Result<bool>, show: &mut dyn Show) {
        match written {
            // Nothing was there to be written: that says nothing of the disk.
            Ok(false) => {}
            Ok(true) if self.save_failed => {
                self.save_failed = false;
                show.notice(&Notice::Kept);
            }
            Ok(true) => {}
            Err(error) if !self.save_failed => {
                self.save_failed = true;
                show.notice(&Notice::NotKept(error.to_string()));
            }
            Err(_) => {}
        }
    }
}

/// What a desk holds until both are there, in memory and for a minute.
#[derive(Default)]
struct Desk {
    lines: Option<(Instant, String)>,
    certificate: Option<(Instant, Verdict)>,
    document: Option<(Instant, Document)>,
}

/// What a text is at a desk.
enum Taken {
    /// A line of a zone, of which more lines have to come: readers end each with Enter.
    Part,
    /// A whole document.
    Document(String),
    /// Something else.
    Code,
}

/// The lines of a zone come one right after the other.
const LINES_TOGETHER: Duration = Duration::from_secs(5);

/// How many characters a zone has in which this is a line; `None` if it is none.
fn zone_of(line: &str) -> Option<usize> {
    let of_zone = |c: u8| c.is_ascii_alphanumeric() || c == b'<';
    match line.len() {
        _ if !line.bytes().all(of_zone) => None,
        30 => Some(90),
        length @ (36 | 44) => Some(2 * length),
        _ => None,
    }
}

fn fresh<T>(held: Option<(Instant, T)>) -> Option<T> {
    held.and_then(|(at, held)| (at.elapsed() < TOGETHER).then_some(held))
}

fn matched(verdict: &Verdict, document: &Document) -> Option<border::Answer> {
    let certificate = verdict.result.as_ref().ok()?;
    Some(compare(&Person::of(certificate)?, document))
}

impl Desk {
    fn take(&mut self, text: &str) -> Taken {
        let line = text.trim();
        let Some(whole) = zone_of(line) else {
            self.lines = None;
            return if Document::looks_like_one(text) {
                Taken::Document(text.to_owned())
            } else {
                Taken::Code
            };
        };
        let before = self.lines.take();
        let before = before
            .filter(|(at, text)| at.elapsed() < LINES_TOGETHER && text.len() % line.len() == 0);
        let mut text = before.map(|(_, text)| text).unwrap_or_default();
        text.push_str(line);
        if text.len() < whole {
            self.lines = Some((Instant::now(), text));
            return Taken::Part;
        }
        Taken::Document(text)
    }

    fn document(&mut self, text: &str) -> Subject {
        let verdict = fresh(self.certificate.take());
        let document = match Document::read(text) {
            Ok(document) => document,
            Err(error) => {
                let kept = verdict.clone();
                self.certificate = kept.map(|verdict| (Instant::now(), verdict));
                return Subject::Document {
                    verdict: verdict.map(Box::new),
                    matched: Some(Err(error)),
                };
            }
        };
        let answer = verdict.as_ref().and_then(|one| matched(one, &document));
        if verdict.is_none() {
            self.document = Some((Instant::now(), document));
        }
        Subject::Document {
            verdict: verdict.map(Box::new),
            matched: answer.map(Ok),
        }
    }

    fn code(&mut self, verdict: Verdict) -> Subject {
        if !verdict.is_valid() {
            return Subject::Code(Some(Box::new(verdict)));
        }
        match fresh(self.document.take()) {
            Some(document) => {
                let answer = matched(&verdict, &document);
                Subject::Document {
                    verdict: Some(Box::new(verdict)),
                    matched: answer.map(Ok),
                }
            }
            None => {
                self.certificate = Some((Instant::now(), verdict.clone()));
                Subject::Code(Some(Box::new(verdict)))
            }
        }
    }
}
