//! Cameras, by V4L2: the newest picture is looked at, and a code that is held still is one showing.
//!
//! `linuxvideo` speaks to the kernel: of the libraries for V4L2 it is the one that needs neither bindgen
//! with libclang (`v4l`, `v4l2r`) nor a C library, is kept up, and lends its stream to `poll`, so that a
//! camera that is pulled out or falls silent is noticed.

mod held;
mod offer;
mod picture;

use std::{
    io,
    path::Path,
    time::{Duration, Instant},
};

use linuxvideo::{BufTypes, Device, format::PixFormat, stream::ReadStream};
use qr::read::{self, Effort, Luma8};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use self::{held::Held, offer::Offer, picture::Form};
use super::Absent;

/// Whose members may open cameras.
pub(super) const GROUP: &str = "video";
/// Between two looks: at most 15 pictures a second. A person holds a code for longer.
const PAUSE: Duration = Duration::from_millis(66);
/// A look is followed by so many times its own length without one: a slow machine has a third of one
/// processor to spare for it, and no more.
const REST: u32 = 2;
/// A camera that sends nothing for so long is opened anew.
const SILENT: Duration = Duration::from_secs(5);
/// Whoever comes back after so long finds old pictures waiting.
const STALE: Duration = Duration::from_millis(20);
const UNKNOWN: Absent = Absent::Unfit("no kind of picture that is understood");
/// More pictures than a driver holds for this program.
const WAITING: usize = 32;

/// An open camera.
pub(super) struct Camera {
    stream: ReadStream,
    form: Form,
    grey: Vec<u8>,
    held: Held,
    /// When the next picture is looked at.
    due: Instant,
    /// When the last picture came.
    last: Instant,
    /// When this camera was asked last.
    asked: Instant,
}

/// Opens a camera and lets it run.
pub(super) fn open(path: &Path) -> Result<Camera, Absent> {
    let absent = |error: io::Error| Absent::of(&error, GROUP);
    let device = Device::open(path).map_err(|error| match error.raw_os_error() {
        // A device that does not know the question is none for video.
        Some(code) if code == rustix::io::Errno::NOTTY.raw_os_error() => Absent::Unfit("no camera"),
        _ => absent(error),
    })?;
    if !device
        .supported_buf_types()
        .contains(BufTypes::VIDEO_CAPTURE)
    {
        return Err(Absent::Unfit("no camera"));
    }
    let offers = offer::all(&device);
    let Some(best) = offer::best(&offers) else {
        return Err(UNKNOWN);
    };
    let Offer { width, height, .. } = *best;
    let wanted = PixFormat::new(width, height, best.pixels());
    let camera = device.video_capture(wanted).map_err(absent)?;
    // The driver may have chosen otherwise.
    let form = Form::of(camera.format()).ok_or(UNKNOWN)?;
    let stream = camera.into_stream().map_err(absent)?;
    let now = Instant::now();
    Ok(Camera {
        stream,
        form,
        grey: Vec::new(),
        held: Held::default(),
        due: now,
        last: now,
        asked: now,
    })
}

impl Camera {
    /// Waits at most `wait` for a picture that is to be looked at; the codes that are newly shown in it.
    pub(super) fn look(&mut self, wait: Duration) -> Result<Vec<Vec<u8>>, Absent> {
        let absent = |error: io::Error| Absent::of(&error, GROUP);
        let until = Instant::now() + wait;
        if self.asked.elapsed() > STALE {
            self.drain().map_err(absent)?;
        }
        loop {
            self.asked = Instant::now();
            let left = until.saturating_duration_since(self.asked);
            if !self.ready(left).map_err(absent)? {
                self.asked = Instant::now();
                return if self.last.elapsed() > SILENT {
                    Err(Absent::Silent)
                } else {
                    Ok(Vec::new())
                };
            }
            let begun = Instant::now();
            let look = begun >= self.due;
            let (form, grey) = (&self.form, &mut self.grey);
            let taken = self.stream.dequeue(|picture| {
                // What is not looked at, and what the driver calls damaged, is given back at once.
                let good = look && !picture.is_error();
                Ok(good.then(|| form.grey(&picture, grey)))
            });
            self.asked = Instant::now();
            self.last = self.asked;
            // A damaged picture is followed by another.
            if let Some(Ok((width, height))) = taken.map_err(absent)? {
                let found = self.codes(width, height);
                self.due = begun + PAUSE.max(begun.elapsed() * (1 + REST));
                return Ok(found);
            }
        }
    }

    fn codes(&mut self, width: u32, height: u32) -> Vec<Vec<u8>> {
        let Ok(luma) = Luma8::new(width, height, &self.grey) else {
            return Vec::new();
        };
        let codes = read::codes(&luma, Effort::Quick);
        let codes = codes.into_iter().map(|code| code.bytes);
        self.held.new_ones(codes, Instant::now())
    }

    /// Gives back, unread, what was taken while nobody looked: a queue would only make answers late.
    fn drain(&mut self) -> io::Result<()> {
        for _ in 0..WAITING {
            if !self.ready(Duration::ZERO)? {
                break;
            }
            self.stream.dequeue(|_| Ok(()))?;
            self.last = Instant::now();
        }
        Ok(())
    }

    /// Whether a picture is there within a time; an error when the camera is gone.
    fn ready(&self, wait: Duration) -> io::Result<bool> {
        let mut polled = [PollFd::new(&self.stream, PollFlags::IN)];
        let wait = Timespec {
            tv_sec: i64::try_from(wait.as_secs()).unwrap_or(1),
            tv_nsec: wait.subsec_nanos().into(),
        };
        match poll(&mut polled, Some(&wait)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(false),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let [polled] = polled;
        let events = polled.revents();
        if events.contains(PollFlags::IN) {
            return Ok(true);
        }
        Err(rustix::io::Errno::NODEV.into())
    }
}
