//! From the last byte of a reader to the answer: a pseudo-terminal stands in for the serial port.

#![allow(clippy::unwrap_used, reason = "a bench may stop where it can't go on")]

use std::{
    fs::{self, File},
    io::Write as _,
    os::unix::fs::symlink,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use gate::{
    answer::Answer,
    engine::{self, Notice, Options, Show},
    judge::{Judge, Loaded},
    reader::Source,
};
use hcert::time::Timestamp;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use verifier::{Verifier, trust::TrustBuilder, wording::Language};

/// The instant at which the project's own vectors are valid.
const AT: i64 = 1_772_352_000;
const CODES: usize = 5_000;

struct Times(mpsc::Sender<(Instant, bool)>);

impl Show for Times {
    fn answer(&mut self, answer: &Answer) {
        let valid = answer.verdict().is_some_and(verifier::Verdict::is_valid);
        let _ = self.0.send((Instant::now(), valid));
    }

    fn idle(&mut self, _: &Judge, _: usize) {}

    fn notice(&mut self, notice: &Notice) {
        if matches!(notice, Notice::Plugged(_)) {
            let _ = self.0.send((Instant::now(), false));
        }
    }
}

fn main() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-vectors");
    let text = fs::read_to_string(vectors.join("valid/es256-vaccination.txt")).unwrap();
    let mut trust = TrustBuilder::new();
    trust
        .add_file(&fs::read(vectors.join("trust/dsc-es256.pem")).unwrap())
        .unwrap();
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let name = ptsname(&controller, Vec::new()).unwrap();
    let link = std::env::temp_dir().join(format!("hcert-bench-{}", std::process::id()));
    symlink(name.to_str().unwrap(), &link).unwrap();
    let mut reader = File::from(controller);

    let judge = Judge::new(|| Timestamp::saturating(AT), None);
    judge.replace(Loaded {
        verifier: Verifier::new(trust.build()),
        highest_time: None,
    });
    let (times, answers) = mpsc::channel();
    let stop = Arc::new(AtomicBool::new(false));
    let options = Options {
        readers: vec![Source::Serial(link.clone(), Default::default())],
        doors: Vec::new(),
        repeat: Duration::from_secs(300),
        desk: false,
        language: Language::Vietnamese,
        counts: None,
        heartbeat: None,
    };
    let stopped = Arc::clone(&stop);
    let gate = thread::spawn(move || engine::run(options, &judge, &mut Times(times), &stopped));
    answers.recv().unwrap();

    let mut one = Vec::new();
    for _ in 0..CODES {
        reader.write_all(text.as_bytes()).unwrap();
        // The last byte is what a person waits from.
        thread::sleep(Duration::from_micros(200));
        let sent = Instant::now();
        reader.write_all(b"\r").unwrap();
        let (at, valid) = answers.recv().unwrap();
        assert!(valid);
        one.push(at.saturating_duration_since(sent));
    }
    one.sort();
    let of = |percent: usize| one[(one.len() * percent / 100).min(one.len() - 1)];
    let started = Instant::now();
    let (line, many) = (format!("{text}\r"), CODES);
    let sender = thread::spawn(move || {
        for _ in 0..many {
            reader.write_all(line.as_bytes()).unwrap();
        }
        reader
    });
    for _ in 0..CODES {
        assert!(answers.recv().unwrap().1);
    }
    let rate = CODES as f64 / started.elapsed().as_secs_f64();
    stop.store(true, Ordering::Relaxed);
    drop(sender.join().unwrap());
    gate.join().unwrap().unwrap();
    let _ = fs::remove_file(link);

    println!(
        "reader to verdict, {} characters, ES256, one at a time ({CODES} codes):",
        text.len()
    );
    println!(
        "  p50 {:?}, p99 {:?}, longest {:?} (at most 30 ms at p99)",
        of(50),
        of(99),
        of(100)
    );
    println!("as fast as the line takes them: {rate:.0} codes/s");
}
