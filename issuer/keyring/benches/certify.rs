//! What certifying costs, beside the signature and its check alone.
//!
//! Each case runs in turn with its comparison, batch by batch on the thread's CPU clock, so that
//! a machine whose speed drifts slows both alike; the ratio is the median over the pairs of
//! batches. Then all processors at once, by the clock on the wall. `cargo bench -p keyring`.

#![allow(
    clippy::unwrap_used,
    reason = "a bench may stop at what it did not expect"
)]

#[path = "../tests/keyring/made.rs"]
mod made;

use std::{hint::black_box, sync::Arc, time::Instant};

use cpu_time::ThreadTime;
use hcert::{
    dcc::Dcc,
    keys::{PublicKey, Signer},
    x509::EventKind::Vaccination,
};
use keyring::{
    BoxedSigner, Certifier, Keyring, Profile,
    Profile::{International, National},
    Terms,
};
use made::{day, dcc, dsc, key};

const BATCHES: usize = 60;
const RUNS: u32 = 100;
/// As long as a signed message of these certificates is.
const MESSAGE: [u8; 420] = [7; 420];

/// Median CPU time of one run of each, in microseconds, and the median ratio of the pairs.
fn pair(mut ours: impl FnMut(), mut other: impl FnMut()) -> (f64, f64, f64) {
    let time = |f: &mut dyn FnMut()| {
        let start = ThreadTime::now();
        for _ in 0..RUNS {
            f();
        }
        start.elapsed().as_secs_f64() * 1e6 / f64::from(RUNS)
    };
    time(&mut ours);
    time(&mut other);
    let pairs: Vec<(f64, f64)> = (0..BATCHES)
        .map(|_| (time(&mut ours), time(&mut other)))
        .collect();
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    (
        median(pairs.iter().map(|(a, _)| *a).collect()),
        median(pairs.iter().map(|(_, b)| *b).collect()),
        median(pairs.iter().map(|(a, b)| a / b).collect()),
    )
}

fn report(case: &str, (ours, other, ratio): (f64, f64, f64), all_processors: f64) {
    println!(
        "{case:34} {ours:7.2} us   sign and check alone {other:7.2} us   ratio {ratio:.3}   \
         {:6.0}/s on one processor, {all_processors:6.0}/s on all",
        1e6 / ours
    );
}

/// Certificates a second with a thread on each processor.
fn on_all(certifier: &Certifier, payload: &Dcc, profiles: &[Profile]) -> f64 {
    const EACH: usize = 5_000;
    let (at, end) = (day("2026-02-01"), day("2027-02-01"));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..EACH {
                    drop(black_box(
                        certifier.certify(payload, profiles, at, end).unwrap(),
                    ));
                }
            });
        }
    });
    (threads * EACH) as f64 / start.elapsed().as_secs_f64()
}

fn main() {
    let period = ("2026-01-01", "2026-07-01", "2027-07-01");
    let keyring = Keyring::new(vec![
        dsc(National, 1, period),
        dsc(International, 2, period),
    ]);
    let certifier = Certifier::new(Arc::new(keyring.unwrap()), Terms::new("VN").unwrap());
    let payload = dcc(Vaccination, 1);
    let (at, end) = (day("2026-02-01"), day("2027-02-01"));
    let raw = |key: &dyn Signer, public: &PublicKey| {
        let signature = key.sign(black_box(&MESSAGE)).unwrap();
        public.verify(black_box(&MESSAGE), &signature).unwrap();
    };
    for (case, profiles) in [
        ("national: payload to checked text", &[National][..]),
        ("international", &[International]),
        ("both", &Profile::ALL),
    ] {
        let keys: Vec<(BoxedSigner, PublicKey)> = profiles
            .iter()
            .map(|profile| {
                let key = key(*profile, 3).quick();
                let public = PublicKey::from_spki(&key.spki()).unwrap();
                (key, public)
            })
            .collect();
        let measured = pair(
            || {
                drop(black_box(
                    certifier.certify(&payload, profiles, at, end).unwrap(),
                ))
            },
            || keys.iter().for_each(|(key, public)| raw(&**key, public)),
        );
        report(case, measured, on_all(&certifier, &payload, profiles));
    }
}
