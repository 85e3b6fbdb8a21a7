//! Readers, each on a thread of its own, that come back when they were unplugged.

mod absent;
mod camera;
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

pub use absent::Absent;
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
    /// A camera, by V4L2.
    Camera(PathBuf),
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
            Source::Serial(path, _) | Source::Keyboard(path) | Source::Camera(path) => file(path),
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
    /// It is not there, and why; said once until it is back or the reason is another.
    Unplugged {
        /// Which reader.
        reader: usize,
        /// What keeps it away.
        why: Absent,
    },
    /// Standard input has ended: nothing more will come.
    Ended {
        /// Which reader.
        reader: usize,
    },
}

/// An open reader.
enum Open {
    /// Sends bytes, of which codes are cut.
    Bytes(Box<dyn Port>),
    /// Sends pictures, of which each code comes whole.
    Pictures(Box<camera::Camera>),
}

/// Bytes of an open reader.
trait Port {
    /// Waits at most `wait` for bytes; 0 when none came. An error, or `Ok(None)` at the end, means
    /// that it is gone.
    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<Option<usize>>;
}

impl Source {
    fn open(&self) -> Result<Open, Absent> {
        let absent = |error: io::Error| Absent::of(&error, self.group());
        Ok(match self {
            Source::Standard => Open::Bytes(Box::new(standard::Standard)),
            Source::Serial(path, settings) => {
                Open::Bytes(serial::open(path, *settings).map_err(absent)?)
            }
            Source::Keyboard(path) => Open::Bytes(keyboard::open(path)?),
            Source::Camera(path) => Open::Pictures(Box::new(camera::open(path)?)),
        })
    }

    /// Whose members may open it, on Debian and its like.
    fn group(&self) -> &'static str {
        match self {
            Source::Standard => "tty",
            Source::Serial(..) => "dialout",
            Source::Keyboard(_) => keyboard::GROUP,
            Source::Camera(_) => camera::GROUP,
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
                told: None,
                refused: false,
            };
            reader.run(&source);
        })
}

struct Reader {
    number: usize,
    events: SyncSender<Event>,
    stop: Arc<AtomicBool>,
    told: Option<Absent>,
    /// The last try was refused.
    refused: bool,
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
                Ok(mut open) => {
                    (self.told, self.refused) = (None, false);
                    let reader = self.number;
                    if !self.tell(Event::Plugged { reader }) {
                        return;
                    }
                    let gone = match &mut open {
                        Open::Bytes(port) => self.read(port.as_mut(), &mut framer, source),
                        Open::Pictures(camera) => self.look(camera),
                    };
                    match gone {
                        Some(why) => why,
                        None => return,
                    }
                }
                Err(why) => why,
            };
            if *source == Source::Standard {
                self.tell(Event::Ended {
                    reader: self.number,
                });
                return;
            }
            // A device that was just plugged in is opened to its group a moment later.
            let refused = matches!(why, Absent::NotAllowed(_));
            let at_first = refused && !self.refused;
            self.refused = refused;
            if self.told.as_ref() != Some(&why) && !at_first {
                self.told = Some(why.clone());
                let reader = self.number;
                if !self.tell(Event::Unplugged { reader, why }) {
                    return;
                }
            }
            thread::sleep(RETRY);
        }
    }

    /// Until the camera is gone; `None` when nobody listens any more.
    fn look(&self, camera: &mut camera::Camera) -> Option<Absent> {
        while !self.stopped() {
            match camera.look(WAIT) {
                Ok(codes) => {
                    let mut frames = codes.into_iter().map(Frame::Whole).collect();
                    self.tell_all(&mut frames, Instant::now())?;
                }
                Err(why) => return Some(why),
            }
        }
        None
    }

    /// Until it is gone; `None` when nobody listens any more.
    fn read(
        &mut self,
        port: &mut dyn Port,
        framer: &mut Framer,
        source: &Source,
    ) -> Option<Absent> {
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
                Ok(None) => break Absent::NotThere,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Absent::of(&error, source.group()),
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
