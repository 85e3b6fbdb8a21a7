//! The trust of a gate: loaded when it changes on the disk, brought up to date when there is a source.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant, SystemTime},
};

use gate::judge::{Judge, Loaded};

use super::args::GateArgs;
use crate::{
    context::Context,
    trust::{store::Store, update},
    verify::trusted,
};

/// How soon a change on the disk is seen.
const LOOK: Duration = Duration::from_secs(2);
/// How soon after a failure the same is tried again.
const AGAIN: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(100);

/// What a file was when it was looked at last.
type Stamp = Vec<(PathBuf, Option<(SystemTime, u64)>)>;

/// Keeps the trust up to date until `stop`.
pub(super) fn keep(args: &GateArgs, context: &Context, judge: &Judge, stop: &AtomicBool) {
    let mut known: Option<(Stamp, Option<Instant>)> = None;
    let mut sources = Sources::new(args);
    while !stop.load(Ordering::Relaxed) {
        let stamp = stamp(args, context);
        // What could not be used is tried again now and then: a disk may have failed for a moment.
        let fine = known.as_ref().is_some_and(|(seen, failed)| {
            *seen == stamp && failed.is_none_or(|failed| failed.elapsed() < AGAIN)
        });
        if !fine {
            let loaded = load(args, context);
            let failed = loaded.is_err().then(Instant::now);
            match loaded {
                Ok(loaded) => judge.replace(loaded),
                Err(error) => judge.failed(format!("{error:#}")),
            }
            known = Some((stamp, failed));
        }
        if let Some(done) = sources.look(context) {
            judge.looked(done.map_err(|error| format!("{error:#}")));
        }
        let asleep = Instant::now();
        while asleep.elapsed() < LOOK && !stop.load(Ordering::Relaxed) {
            thread::sleep(STEP);
        }
    }
}

fn load(args: &GateArgs, context: &Context) -> anyhow::Result<Loaded> {
    let trusted = trusted::trust(&args.trust, context)?;
    let highest_time = trusted.highest_time;
    Ok(Loaded {
        verifier: trusted.into_verifier(context),
        highest_time,
    })
}

fn stamp(args: &GateArgs, context: &Context) -> Stamp {
    let folder = context.data_directory().join("trust");
    let mut files = args.trust.clone();
    if files.is_empty() {
        files.push(Store::new(context).bundle_path().to_owned());
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        files.extend(entries.map(|entry| entry.path()));
        files.sort();
        files.dedup();
    }
    files.into_iter().map(|file| stamp_of(&file)).collect()
}

fn stamp_of(file: &Path) -> (PathBuf, Option<(SystemTime, u64)>) {
    let metadata = fs::metadata(file).ok();
    let stamp = metadata.and_then(|one| Some((one.modified().ok()?, one.len())));
    (file.to_owned(), stamp)
}

/// Where newer bundles may be.
struct Sources {
    all: Vec<Place>,
    every: Duration,
}

struct Place {
    source: String,
    /// When it was looked at, and whether that went well.
    last: Option<(Instant, bool)>,
    seen: Stamp,
}

impl Sources {
    fn new(args: &GateArgs) -> Sources {
        let place = |source: &String| Place {
            source: source.clone(),
            last: None,
            seen: Stamp::new(),
        };
        Sources {
            all: args.update_from.iter().map(place).collect(),
            every: Duration::from_secs(60 * u64::from(args.update_minutes.max(1))),
        }
    }

    /// Looks at each whose time has come, and at each stick that was plugged in; `None` if none was. A
    /// stick that is not there is no error.
    fn look(&mut self, context: &Context) -> Option<anyhow::Result<()>> {
        let mut looked = None;
        for place in &mut self.all {
            let Place { source, last, seen } = place;
            let is_url = source.contains("://");
            let now = if is_url { Stamp::new() } else { pieces(source) };
            if !is_url && now.iter().all(|(_, stamp)| stamp.is_none()) {
                *seen = now;
                continue;
            }
            let due = last.is_none_or(|(at, well)| {
                let after = if well {
                    self.every
                } else {
                    self.every.min(AGAIN)
                };
                at.elapsed() >= after
            });
            if !due && *seen == now {
                continue;
            }
            let done = update::bring(source, context);
            *last = Some((Instant::now(), done.is_ok()));
            *seen = now;
            match done {
                Ok(_) => {
                    looked.get_or_insert(Ok(()));
                }
                Err(error) => looked = Some(Err(error.context(source.clone()))),
            }
        }
        looked
    }
}

/// What of a folder or file changes with a new bundle.
fn pieces(source: &str) -> Stamp {
    let path = Path::new(source);
    let files = [path.to_owned(), path.join("manifest.cose")];
    files.iter().map(|file| stamp_of(file)).collect()
}
