//! What opens: a command, a URL, a GPIO line, a line of text to a controller.
//!
//! None of them holds up an answer: each has a thread of its own and a short queue. A door that is
//! slow misses nothing but old greens, which nobody waits for any more.

mod gpio;
mod url;

use std::{
    fs::OpenOptions,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread,
    time::Duration,
};

use verifier::{Colour, wording::Language};

use crate::{answer::Answer, protocol};

pub use gpio::Pin;

/// Waiting answers for a door.
const QUEUE: usize = 256;
/// A command or URL has to be done by then.
const PATIENCE: Duration = Duration::from_secs(10);
/// How soon a door that was away is looked at again.
const LOOK: Duration = Duration::from_millis(500);

/// A door, or what controls one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// A line for each answer ([`protocol::line`]) to a file, a port, a pipe; `-` is standard output.
    Lines(PathBuf),
    /// An object for each answer ([`protocol::json`]), likewise.
    Json {
        /// Where to.
        path: PathBuf,
        /// Whether the verdict with names is in it.
        names: bool,
    },
    /// A command on green, with `HCERT_NUMBER` and `HCERT_READER` in its environment.
    Command(Vec<String>),
    /// A POST of the object without names on green.
    Url(String),
    /// A line that goes high for a while on green.
    Gpio(Pin),
}

impl Door {
    fn name(&self) -> &'static str {
        match self {
            Door::Lines(_) => "lines",
            Door::Json { .. } => "json",
            Door::Command(_) => "command",
            Door::Url(_) => "url",
            Door::Gpio(_) => "gpio",
        }
    }

    /// Doors that only care for green.
    fn on_green(&self) -> bool {
        matches!(self, Door::Command(_) | Door::Url(_) | Door::Gpio(_))
    }
}

/// What a door needs of an answer, without the person unless it asked for it.
struct Message {
    number: u64,
    reader: String,
    text: String,
}

/// A running door.
pub struct Running {
    door: Door,
    language: Language,
    queue: SyncSender<Message>,
    thread: thread::JoinHandle<()>,
}

impl Running {
    /// Starts a door; what goes wrong with it is given to `troubles`.
    pub fn start(
        door: Door,
        language: Language,
        troubles: impl Fn(&'static str, String) + Send + 'static,
    ) -> io::Result<Running> {
        let (queue, messages) = sync_channel(QUEUE);
        let own = door.clone();
        let thread = thread::Builder::new()
            .name(door.name().into())
            .spawn(move || serve(&own, &messages, &troubles))?;
        Ok(Running {
            door,
            language,
            queue,
            thread,
        })
    }

    /// Tells it an answer; `false` when it is too slow and missed it.
    pub fn tell(&self, answer: &Answer) -> bool {
        if self.door.on_green() && answer.colour() != Colour::Green {
            return true;
        }
        let text = match &self.door {
            Door::Json { names, .. } => {
                protocol::json(answer, *names, self.language).to_string() + "\n"
            }
            Door::Url(_) => protocol::json(answer, false, self.language).to_string(),
            _ => protocol::line(answer),
        };
        let message = Message {
            number: answer.number,
            reader: answer.reader.clone(),
            text,
        };
        self.queue.try_send(message).is_ok()
    }

    /// Waits until it has done what it was told.
    pub fn finish(self) {
        drop(self.queue);
        let _ = self.thread.join();
    }
}

fn serve(door: &Door, messages: &Receiver<Message>, troubles: &dyn Fn(&'static str, String)) {
    let mut open: Option<Box<dyn Write>> = None;
    let mut pin = None;
    let mut told: Option<String> = None;
    let mut wait = Duration::ZERO;
    loop {
        let message = match messages.recv_timeout(std::mem::replace(&mut wait, LOOK)) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let done = match (door, &message) {
            // A line is held and low from the start, and again when its chip is back.
            (Door::Gpio(line), None) => line.hold(&mut pin),
            (_, None) => continue,
            (Door::Lines(path) | Door::Json { path, .. }, Some(message)) => {
                write(&mut open, path, &message.text)
            }
            (Door::Command(words), Some(message)) => command(words, message),
            (Door::Url(url), Some(message)) => url::post(url, &message.text, PATIENCE),
            (Door::Gpio(line), Some(_)) => line.pulse(&mut pin),
        };
        match done {
            Ok(()) => told = None,
            Err(error) => {
                let why = error.to_string();
                // While nobody wants it to open, the same trouble is told once.
                if message.is_some() || told.as_ref() != Some(&why) {
                    troubles(door.name(), why.clone());
                }
                told = Some(why);
            }
        }
    }
}

/// Opens it anew after an error, as when a controller was unplugged.
fn write(open: &mut Option<Box<dyn Write>>, path: &PathBuf, text: &str) -> io::Result<()> {
    for again in [true, false] {
        let file = match open {
            Some(file) => file,
            None if path.as_os_str() == "-" => open.insert(Box::new(io::stdout())),
            None => {
                let mut options = OpenOptions::new();
                // A port must not become the terminal that this program is controlled by.
                let flags = rustix::fs::OFlags::NOCTTY.bits();
                options
                    .append(true)
                    .create(true)
                    .custom_flags(i32::try_from(flags).unwrap_or_default());
                open.insert(Box::new(options.open(path)?))
            }
        };
        match file.write_all(text.as_bytes()).and_then(|()| file.flush()) {
            Ok(()) => return Ok(()),
            Err(error) => {
                *open = None;
                if !again {
                    return Err(error);
                }
            }
        }
    }
    Ok(())
}

fn command(words: &[String], message: &Message) -> io::Result<()> {
    let [program, arguments @ ..] = words else {
        return Ok(());
    };
    let mut child = Command::new(program)
        .args(arguments)
        .env("HCERT_NUMBER", message.number.to_string())
        .env("HCERT_READER", &message.reader)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| io::Error::new(error.kind(), format!("{program}: {error}")))?;
    let started = std::time::Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return if status.success() {
                Ok(())
            } else {
                Err(io::Error::other(format!("{program}: {status}")))
            };
        }
        if started.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::other(format!("{program}: took too long")));
        }
        thread::sleep(Duration::from_millis(10));
    }
}
