//! The one place that reads the machine's clock.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use hcert::time::Timestamp;

/// Where the time comes from: the machine, or a test.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Clock {
        Clock(Source::System)
    }

    /// A clock that shows what it is told to.
    pub fn fixed(at: Timestamp) -> Clock {
        Clock(Source::Fixed(Arc::new(AtomicI64::new(at.unix()))))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        Timestamp::saturating(match &self.0 {
            Source::System => match SystemTime::now().duration_since(UNIX_EPOCH) {
                Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
                Err(_) => 0,
            },
            Source::Fixed(at) => at.load(Ordering::Relaxed),
        })
    }

    /// Sets a fixed clock, in all its copies; the machine's clock stays as it is.
    pub fn set(&self, at: Timestamp) {
        if let Source::Fixed(cell) = &self.0 {
            cell.store(at.unix(), Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
