//! Deciding, with whatever trust there is at the moment.

use std::{
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use hcert::{hc1::Decoder, limits::Limits, time::Timestamp};
use trust_list::{
    bundle::Freshness,
    clock::{self, Clock},
    environment::Environment,
};
use verifier::{Stage, Verdict, Verifier};

use crate::scan::{Advice, Reading, readings, suspicion};

/// Trust to decide with.
pub struct Loaded {
    /// Made of the trust data.
    pub verifier: Verifier,
    /// The highest time that was ever seen signed.
    pub highest_time: Option<Timestamp>,
}

/// What the gate knows of its own fitness.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fitness {
    /// Why there is no trust data; nothing is green then.
    pub no_trust: Option<String>,
    /// Why the last update of the trust data failed; the one before is in use.
    pub update_failed: Option<String>,
    /// The clock is wrong: nothing is green then.
    pub clock_wrong: bool,
    /// The trust data is one for tests: nothing is green then.
    pub test: bool,
    /// The trust data is past its soft expiry.
    pub stale: bool,
    /// Sequence and age in days of the bundle.
    pub bundle: Option<(u64, i64)>,
}

/// A decided scan.
pub struct Judged {
    /// The verdict; `None` when there is no trust data.
    pub verdict: Option<Verdict>,
    /// The text that was decided about.
    pub text: String,
    /// What should be set right.
    pub advice: Option<Advice>,
}

/// Decides; its trust is replaced while it does.
pub struct Judge {
    loaded: RwLock<Arc<Option<Loaded>>>,
    troubles: Mutex<Troubles>,
    clock: Watch,
}

#[derive(Default)]
struct Troubles {
    no_trust: Option<String>,
    load_failed: Option<String>,
    update_failed: Option<String>,
}

/// The wall clock beside one that only goes forward.
struct Watch {
    started: Instant,
    started_at: Timestamp,
    source: Box<dyn Fn() -> Timestamp + Send + Sync>,
    last_run: Option<Timestamp>,
}

/// The system's clock.
pub fn system_clock() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::saturating(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

impl Watch {
    /// Whether the clock was set back by more than a day, since the start or since the last run.
    fn is_behind(&self, now: Timestamp) -> bool {
        let passed = i64::try_from(self.started.elapsed().as_secs()).unwrap_or(i64::MAX);
        let expected = self.started_at.plus_seconds(passed);
        let before = |known| clock::judge(now, known) != Clock::Plausible;
        before(expected) || self.last_run.is_some_and(before)
    }
}

impl Judge {
    /// Without trust yet. `last_run` is the time at which this gate last said that it ran.
    pub fn new(
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
        last_run: Option<Timestamp>,
    ) -> Judge {
        Judge {
            loaded: RwLock::new(Arc::new(None)),
            troubles: Mutex::new(Troubles {
                no_trust: Some("not loaded yet".into()),
                ..Troubles::default()
            }),
            clock: Watch {
                started: Instant::now(),
                started_at: clock(),
                source: Box::new(clock),
                last_run,
            },
        }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.clock.source)()
    }

    /// Puts other trust in the place of what is in use.
    pub fn replace(&self, loaded: Loaded) {
        let new = Arc::new(Some(loaded));
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = new;
        let mut troubles = self.troubles();
        // What was wrong with the source is as it was.
        (troubles.no_trust, troubles.load_failed) = (None, None);
    }

    /// Trust on the disk can't be used: what is in use stays; without any, nothing is green.
    pub fn failed(&self, why: String) {
        let none = self.in_use().is_none();
        let mut troubles = self.troubles();
        if none {
            troubles.no_trust = Some(why);
        } else {
            troubles.load_failed = Some(why);
        }
    }

    /// Whether newer trust could be looked for, and why not; said until it can be.
    pub fn looked(&self, done: Result<(), String>) {
        let none = self.in_use().is_none();
        let mut troubles = self.troubles();
        match done {
            Err(why) if none => troubles.no_trust = Some(why),
            done => troubles.update_failed = done.err(),
        }
    }

    fn troubles(&self) -> std::sync::MutexGuard<'_, Troubles> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_use(&self) -> Arc<Option<Loaded>> {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&loaded)
    }

    /// What the gate can vouch for at the moment.
    pub fn fitness(&self) -> Fitness {
        let (now, in_use) = (self.now(), self.in_use());
        let bundle = in_use.iter().find_map(|one| one.verifier.trust().bundle());
        let troubles = self.troubles();
        Fitness {
            no_trust: troubles.no_trust.clone(),
            update_failed: troubles
                .load_failed
                .clone()
                .or_else(|| troubles.update_failed.clone()),
            clock_wrong: self.clock_wrong(now, &in_use),
            test: bundle.is_some_and(|bundle| bundle.environment == Environment::Test),
            stale: bundle.is_some_and(|one| one.validity.freshness(now) != Freshness::Fresh),
            bundle: bundle.map(|bundle| (bundle.sequence, bundle.validity.age_days(now))),
        }
    }

    /// Behind what was signed; or behind itself, which counts unless a fresh bundle says that this is
    /// about the right time: a clock that was once too far ahead and then set right looks as if it had
    /// been set back.
    fn clock_wrong(&self, now: Timestamp, in_use: &Option<Loaded>) -> bool {
        let highest = in_use.as_ref().and_then(|loaded| loaded.highest_time);
        let bundle = in_use
            .as_ref()
            .and_then(|one| one.verifier.trust().bundle());
        let fresh = bundle.is_some_and(|one| one.validity.freshness(now) == Freshness::Fresh);
        match highest {
            Some(highest) if clock::judge(now, highest) != Clock::Plausible => true,
            Some(_) if fresh => false,
            _ => self.clock.is_behind(now),
        }
    }

    /// Decides about what a reader sent.
    pub fn judge(&self, bytes: &[u8]) -> Judged {
        let (at, in_use) = (self.now(), self.in_use());
        let mut readings = readings(bytes);
        let first = readings.swap_remove(0);
        let Some(loaded) = in_use.as_ref() else {
            return Judged {
                verdict: None,
                text: first.text,
                advice: suspicion(bytes),
            };
        };
        let clock_wrong = self.clock_wrong(at, &in_use);
        let mut decoder = Decoder::new(Limits::DEFAULT);
        let mut verify = |reading: &Reading| {
            let verdict = loaded.verifier.verify_with(&mut decoder, &reading.text, at);
            let whole = is_whole(&verdict);
            (verdict, whole)
        };
        let (verdict, whole) = verify(&first);
        let mut judged = Judged {
            verdict: Some(verdict),
            text: first.text,
            advice: None,
        };
        if !whole {
            // Each other way to read it, until one is a whole message: then its signature decides.
            judged.advice = suspicion(bytes);
            for reading in readings {
                if let (verdict, true) = verify(&reading) {
                    judged = Judged {
                        verdict: Some(verdict),
                        text: reading.text,
                        advice: reading.advice,
                    };
                    break;
                }
            }
        }
        if let Some(verdict) = &mut judged.verdict {
            verdict.clock_doubtful |= clock_wrong;
        }
        judged
    }
}

/// Whether the text could be taken apart: whatever is wrong then is not the reader's doing.
fn is_whole(verdict: &Verdict) -> bool {
    match &verdict.result {
        Ok(_) => true,
        Err(failure) => !matches!(
            failure.stage(),
            Stage::Prefix | Stage::Base45 | Stage::Zlib | Stage::Cose
        ),
    }
}
