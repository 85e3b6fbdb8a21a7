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
const STEP: Duration = Duration::from_millis(100);

/// What a file was when it was looked at last.
type Stamp = Vec<(PathBuf, Option<(SystemTime, u64)>)>;

/// Keeps the trust up to date until `stop`.
pub(super) fn keep(args: &GateArgs, context: &Context, judge: &Judge, stop: &AtomicBool) {
    let mut known: Option<Stamp> = None;
    let mut sources = Sources::new(args);
    while !stop.load(Ordering::Relaxed) {
        let stamp = stamp(args, context);
        if known.as_ref() != Some(&stamp) {
            match load(args, context) {
                Ok(loaded) => judge.replace(loaded),
                Err(error) => judge.failed(format!("{error:#}")),
            }
            known = Some(stamp);
        }
        if let Err(error) = sources.look(context) {
            judge.failed(format!("{error:#}"));
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
    all: Vec<(String, Option<Instant>, Stamp)>,
    every: Duration,
}

impl Sources {
    fn new(args: &GateArgs) -> Sources {
        let all = args.update_from.iter();
        Sources {
            all: all.map(|one| (one.clone(), None, Stamp::new())).collect(),
            every: Duration::from_secs(60 * u64::from(args.update_minutes.max(1))),
        }
    }

    /// Looks at each whose time has come, and at each stick that was plugged in. A stick that is not
    /// there is no error.
    fn look(&mut self, context: &Context) -> anyhow::Result<()> {
        let mut done = Ok(());
        for (source, last, seen) in &mut self.all {
            let is_url = source.contains("://");
            let now = if is_url { Stamp::new() } else { pieces(source) };
            if !is_url && now.iter().all(|(_, stamp)| stamp.is_none()) {
                *seen = now;
                continue;
            }
            let due = last.is_none_or(|last| last.elapsed() >= self.every);
            if !due && *seen == now {
                continue;
            }
            *last = Some(Instant::now());
            *seen = now;
            match update::bring(source, context) {
                Ok(_) => {}
                Err(error) => done = Err(error.context(source.clone())),
            }
        }
        done
    }
}

/// What of a folder or file changes with a new bundle.
fn pieces(source: &str) -> Stamp {
    let path = Path::new(source);
    let files = [path.to_owned(), path.join("manifest.cose")];
    files.iter().map(|file| stamp_of(file)).collect()
}
