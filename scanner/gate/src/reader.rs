//! Readers, each on a thread of its own, that come back when they were unplugged.

mod keyboard;
mod serial;
mod standard;

use std::{
    io,
    path::PathBuf,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::SyncSender,
    },
    thread,
    time::{Duration, Instant},
};

use crate::frame::{Frame, Framer};

pub use serial::{Parity, Settings};
pub use standard::Quiet;

/// Between two tries to open a reader that is not there.
const RETRY: Duration = Duration::from_millis(300);
/// The longest that a read waits, so that silence and the end are noticed.
const WAIT: Duration = Duration::from_millis(100);

/// Where codes come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Standard input: a reader that types into this terminal, or a pipe.
    Standard,
    /// A serial port, also of a USB reader in serial mode.
    Serial(PathBuf, Settings),
    /// A USB reader that types, as an input device of its own: what it types reaches nobody else.
    Keyboard(PathBuf),
}

impl Source {
    /// What answers and counts call it.
    pub fn name(&self) -> String {
        let file = |path: &PathBuf| {
            path.file_name().map_or_else(
                || "reader".into(),
                |name| name.to_string_lossy().into_owned(),
            )
        };
        match self {
            Source::Standard => "stdin".into(),
            Source::Serial(path, _) | Source::Keyboard(path) => file(path),
        }
    }
}

/// `PATH`, `PATH:115200` or `PATH:9600,7E2`.
impl FromStr for Settings {
    type Err = String;

    fn from_str(text: &str) -> Result<Settings, String> {
        serial::parse(text)
    }
}

/// What a reader has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A code, or a part of one.
    Frame {
        /// Which reader.
        reader: usize,
        /// What came.
        frame: Frame,
        /// When its last byte was read.
        at: Instant,
    },
    /// It is there.
    Plugged {
        /// Which reader.
        reader: usize,
    },
    /// It is not there, and why; said once until it is back.
    Unplugged {
        /// Which reader.
        reader: usize,
        /// What the system says.
        why: String,
    },
    /// Standard input has ended: nothing more will come.
    Ended {
        /// Which reader.
        reader: usize,
    },
}

/// An open reader.
pub(crate) trait Open: Sized {
    /// Opens it, or says why not.
    fn open(&self) -> io::Result<Box<dyn Port>>;
}

/// Bytes of an open reader.
pub(crate) trait Port {
    /// Waits at most `wait` for bytes; 0 when none came. An error, or `Ok(None)` at the end, means
    /// that it is gone.
    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<Option<usize>>;
}

impl Open for Source {
    fn open(&self) -> io::Result<Box<dyn Port>> {
        match self {
            Source::Standard => Ok(Box::new(standard::Standard)),
            Source::Serial(path, settings) => serial::open(path, *settings),
            Source::Keyboard(path) => keyboard::open(path),
        }
    }
}

/// Reads a source on a thread until `stop`; gives what comes to `events`.
pub fn start(
    number: usize,
    source: Source,
    events: SyncSender<Event>,
    stop: Arc<AtomicBool>,
) -> io::Result<thread::JoinHandle<()>> {
    thread::Builder::new()
        .name(format!("reader-{number}"))
        .spawn(move || {
            let mut reader = Reader {
                number,
                events,
                stop,
                told_unplugged: false,
            };
            reader.run(&source);
        })
}

struct Reader {
    number: usize,
    events: SyncSender<Event>,
    stop: Arc<AtomicBool>,
    told_unplugged: bool,
}

impl Reader {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether anybody listens still.
    fn tell(&self, event: Event) -> bool {
        self.events.send(event).is_ok()
    }

    fn run(&mut self, source: &Source) {
        let mut framer = Framer::default();
        while !self.stopped() {
            let why = match source.open() {
                Ok(mut port) => {
                    self.told_unplugged = false;
                    let reader = self.number;
                    if !self.tell(Event::Plugged { reader }) {
                        return;
                    }
                    match self.read(port.as_mut(), &mut framer) {
                        Some(why) => why,
                        None => return,
                    }
                }
                Err(error) => error.to_string(),
            };
            if *source == Source::Standard {
                self.tell(Event::Ended {
                    reader: self.number,
                });
                return;
            }
            if !self.told_unplugged {
                self.told_unplugged = true;
                let reader = self.number;
                if !self.tell(Event::Unplugged { reader, why }) {
                    return;
                }
            }
            thread::sleep(RETRY);
        }
    }

    /// Until it is gone; `None` when nobody listens any more.
    fn read(&mut self, port: &mut dyn Port, framer: &mut Framer) -> Option<String> {
        let mut buffer = [0; 4096];
        let mut frames = Vec::new();
        let mut last = Instant::now();
        let why = loop {
            if self.stopped() {
                return None;
            }
            match port.read(&mut buffer, WAIT) {
                Ok(Some(0)) => framer.quiet(last.elapsed(), &mut frames),
                Ok(Some(count)) => {
                    last = Instant::now();
                    framer.push(buffer.get(..count).unwrap_or_default(), &mut frames);
                }
                Ok(None) => break "it is gone".to_owned(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break error.to_string(),
            }
            self.tell_all(&mut frames, last)?;
        };
        framer.unplugged(&mut frames);
        self.tell_all(&mut frames, last)?;
        Some(why)
    }

    fn tell_all(&self, frames: &mut Vec<Frame>, at: Instant) -> Option<()> {
        for frame in frames.drain(..) {
            let reader = self.number;
            if !self.tell(Event::Frame { reader, frame, at }) {
                return None;
            }
        }
        Some(())
    }
}
