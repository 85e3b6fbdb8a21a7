//! What revocation costs: bytes, time and memory, beside the alternatives in the same run.
//!
//! `cargo bench -p trust-list --features build --bench revocation`. The size is by environment:
//! `HCERT_REVOCATION_ISSUED` (default 100,000,000) and `HCERT_REVOCATION_REVOKED` (a hundredth).

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a bench may stop at what it did not expect"
)]

use std::{convert::Infallible, hint::black_box, time::Instant};

use hcert::{keys::Algorithm, kid::Kid, time::Timestamp};
use sha2::{Digest, Sha256};
use trust_list::revocation::{
    Bloom, HashKind, HashListBuilder, HashLists, Index, Issued, KidEntry, ListKey, Month,
    RevocationId, Revocations, Slice, SliceBuilder, SliceEntry, Status, Subject, make_bloom,
};

/// Revoked in a day, for the layers.
const DAILY: u64 = 10_000;

fn main() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap());
    let issued: u64 = number("HCERT_REVOCATION_ISSUED").unwrap_or(100_000_000);
    let revoked: u64 = number("HCERT_REVOCATION_REVOKED").unwrap_or(issued / 100);
    let limit = information(issued, revoked);
    println!(
        "{issued} issued, {revoked} revoked; information limit {limit:.3} bits for each revoked"
    );
    let start = Instant::now();
    let listed = Part::new(0, 1, 1, issued, revoked).list(false);
    let listed = listed.map(black_box).count();
    let listing = start.elapsed().as_secs_f64();
    println!("listing {listed} certificates once takes {listing:.1} s; a slice needs it 3 times");
    println!(
        "{:48} {:>12} {:>9} {:>8} {:>8} {:>8} {:>8}",
        "", "bytes", "bits/rev", "build s", "peak MB", "hit ns", "miss ns"
    );
    slices("one slice", 1, 1, issued, revoked);
    slices("12 months x 2 kids, index included", 2, 12, issued, revoked);
    others(issued, revoked);
}

/// One kid and month of the whole.
#[derive(Clone, Copy)]
struct Part {
    number: u64,
    parts: u64,
    months: u64,
    issued: u64,
    revoked: u64,
    /// The first instant of the month, when all are issued.
    first: Timestamp,
}

impl Part {
    fn new(number: u64, parts: u64, months: u64, issued: u64, revoked: u64) -> Part {
        Part {
            number,
            parts,
            months,
            issued: issued / parts,
            revoked: revoked / parts,
            first: format!("2026-{:02}-01T00:00:00Z", number % months + 1)
                .parse()
                .unwrap(),
        }
    }

    fn kid(&self) -> Kid {
        Kid::from_bytes(&(self.number / self.months).to_be_bytes())
    }

    fn month(&self) -> Month {
        Month::of(self.first)
    }

    fn builder(&self) -> SliceBuilder {
        SliceBuilder::new(self.kid(), self.month(), self.first)
    }

    fn id(&self, number: u64) -> RevocationId {
        let whole: [u8; 32] =
            Sha256::digest((number * self.parts + self.number).to_le_bytes()).into();
        RevocationId::from_bytes(*whole.first_chunk().unwrap())
    }

    /// The first of each run of so many is revoked.
    fn run(&self) -> u64 {
        self.issued / self.revoked.max(1)
    }

    fn is_revoked(&self, number: u64, later: bool) -> bool {
        let run = self.run();
        let (place, rest) = (number / run, number % run);
        (rest == 0 && place < self.revoked)
            || (later
                && rest == 1
                && place < DAILY / self.parts + u64::from(self.number < DAILY % self.parts))
    }

    /// All certificates, as of the first day or a day later.
    fn list(self, later: bool) -> impl Iterator<Item = Result<Issued, Infallible>> {
        let issued_at = self.first;
        (0..self.issued).map(move |number| {
            Ok(Issued {
                id: self.id(number),
                issued_at,
                revoked: self.is_revoked(number, later),
            })
        })
    }
}

fn slices(name: &str, kids: u64, months: u64, issued: u64, revoked: u64) {
    let parts: Vec<Part> = (0..kids * months)
        .map(|number| Part::new(number, kids * months, months, issued, revoked))
        .collect();
    reset_peak();
    let start = Instant::now();
    let bases: Vec<Slice<Vec<u8>>> = parts
        .iter()
        .map(|part| Slice::open(part.builder().base(|| part.list(false)).unwrap()).unwrap())
        .collect();
    let seconds = start.elapsed().as_secs_f64();
    let peak = peak();
    let layers: Vec<Option<Vec<u8>>> = parts.iter().map(|_| None).collect();
    let before = index(&parts, &bases, &layers);
    let bytes = before.len() + bases.iter().map(|base| base.bytes().len()).sum::<usize>();
    let held: u64 = bases.iter().map(Slice::revoked).sum();
    let ask = |part: usize, id: &RevocationId| bases[part].contains(id);
    let (hit, miss) = lookups(&parts, ask);
    row(name, bytes, held, Some((seconds, peak)), Some((hit, miss)));
    check(&parts, &bases);

    let question = whole_question(&parts, &bases, &before);
    println!(
        "    the whole question, from the identifier's text through the index: {question:.0} ns"
    );
    let largest = bases.iter().max_by_key(|base| base.bytes().len()).unwrap();
    let start = Instant::now();
    let digest = Sha256::digest(largest.bytes());
    let hashing = start.elapsed();
    let start = Instant::now();
    for base in &bases {
        black_box(Slice::open(base.bytes()).unwrap());
    }
    println!(
        "    opening all slices {:.1} us; SHA-256 of the largest, at its first query, {:.0} us ({:02x}..)",
        start.elapsed().as_secs_f64() * 1e6,
        hashing.as_secs_f64() * 1e6,
        digest[0]
    );

    let start = Instant::now();
    let layers: Vec<Option<Vec<u8>>> = parts
        .iter()
        .zip(&bases)
        .map(|(part, base)| Some(part.builder().layer(base, || part.list(true)).unwrap()))
        .collect();
    let seconds = start.elapsed().as_secs_f64();
    let bytes: usize = layers.iter().flatten().map(Vec::len).sum();
    let after = index(&parts, &bases, &layers).len();
    println!(
        "    {DAILY} more: {bytes} bytes in {} layers ({:.2} bits each), and the index of {after}; built in {seconds:.1} s",
        layers.len(),
        bytes as f64 * 8.0 / DAILY as f64,
    );
}

/// Nanoseconds of `Revocations::status` for a certificate that is not revoked.
fn whole_question(parts: &[Part], bases: &[Slice<Vec<u8>>], index: &[u8]) -> f64 {
    let mut revocations: Revocations<&[u8]> = Revocations::default();
    revocations.add_index(index).unwrap();
    for base in bases {
        revocations.add_slice(Sha256::digest(base.bytes()).into(), base.bytes());
    }
    let kids: Vec<Kid> = parts.iter().map(Part::kid).collect();
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        for (part, kid) in (0..100_000)
            .map(|number| number % parts.len())
            .zip(kids.iter().cycle())
        {
            let subject = Subject {
                kid: Some(kid),
                country: Some("VN"),
                algorithm: Algorithm::EdDsa,
                signature: &[7; 64],
                identifiers: &["URN:UVCI:01:VN:8C5EA3B7F4D94C7F9E1B2A3C4D5E6F70#Z"],
                issued_at: Some(parts[part].first),
            };
            let status = revocations.status(&subject, bases[part].until());
            assert!(!matches!(black_box(status), Status::Unknown { .. }));
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / 100_000.0);
    }
    best
}

fn index(parts: &[Part], bases: &[Slice<Vec<u8>>], layers: &[Option<Vec<u8>>]) -> Vec<u8> {
    let mut kids: Vec<KidEntry> = Vec::new();
    for ((part, base), layer) in parts.iter().zip(bases).zip(layers) {
        if kids.last().is_none_or(|last| last.kid != part.kid()) {
            kids.push(KidEntry {
                kid: part.kid(),
                from: part.month(),
                to: part.month(),
                slices: Vec::new(),
            });
        }
        let kid = kids.last_mut().unwrap();
        kid.to = part.month();
        kid.slices.push(SliceEntry {
            month: part.month(),
            complete_until: base.until(),
            issued: base.issued(),
            revoked: base.revoked(),
            base: Sha256::digest(base.bytes()).into(),
            layer: layer.as_ref().map(|layer| Sha256::digest(layer).into()),
        });
    }
    let built = Timestamp::from_unix(1_800_000_000).unwrap();
    Index { built, kids }.write().unwrap()
}

/// Every revoked certificate and some millions of others. The builder has checked all as well.
fn check(parts: &[Part], bases: &[Slice<Vec<u8>>]) {
    let mut checked = 0_u64;
    for (part, base) in parts.iter().zip(bases) {
        for number in 0..part.issued {
            let revoked = part.is_revoked(number, false);
            if revoked || number % 31 == 5 {
                assert_eq!(base.contains(&part.id(number)), revoked);
                checked += 1;
            }
        }
    }
    println!("    {checked} answers checked once more: all right");
}

/// Nanoseconds for one that is revoked and one that is not, over ids made beforehand.
fn lookups(parts: &[Part], ask: impl Fn(usize, &RevocationId) -> bool) -> (f64, f64) {
    let time = |offset: u64, expected: bool| {
        let ids: Vec<(usize, RevocationId)> = (0..100_000_u64)
            .map(|number| {
                let part = usize::try_from(number).unwrap() % parts.len();
                let of = &parts[part];
                let place = number.wrapping_mul(7919) % of.revoked.max(1);
                (part, of.id(place * of.run() + offset))
            })
            .collect();
        let mut best = f64::INFINITY;
        for _ in 0..10 {
            let start = Instant::now();
            for (part, id) in &ids {
                assert_eq!(black_box(ask(*part, id)), expected);
            }
            best = best.min(start.elapsed().as_secs_f64() * 1e9 / ids.len() as f64);
        }
        best
    };
    (time(0, true), time(1, false))
}

/// The alternatives: ours to read, or by their formula.
fn others(issued: u64, revoked: u64) {
    let whole = Part::new(0, 1, 1, issued, revoked);
    let ids: Vec<RevocationId> = (0..revoked)
        .map(|number| whole.id(number * whole.run()))
        .collect();

    reset_peak();
    let start = Instant::now();
    let mut builder = HashListBuilder::default();
    let key = ListKey {
        kind: HashKind::Uci,
        kid: None,
        country: None,
        expires: None,
    };
    let list = builder.list(key);
    list.extend(ids.iter().map(|id| *id.as_bytes()));
    let part = builder.write();
    let cost = (start.elapsed().as_secs_f64(), peak());
    let bytes = part.len();
    let lists = HashLists::open(part).unwrap();
    let times = lookups(&[whole], |_, id| lists.holds(0, id.as_bytes()));
    row(
        "list of 16-byte hashes",
        bytes,
        revoked,
        Some(cost),
        Some(times),
    );

    for p in [1e-6_f32, 1e-12] {
        reset_peak();
        let start = Instant::now();
        let part = make_bloom(p, ids.iter().map(|id| id.as_bytes().as_slice())).unwrap();
        let cost = (start.elapsed().as_secs_f64(), peak());
        let bytes = part.len();
        let bloom = Bloom::open(part).unwrap();
        let name = format!("EU Bloom filter, false alarms {p:e}");
        let times = lookups(&[whole], |_, id| bloom.contains(id.as_bytes()));
        row(&name, bytes, revoked, Some(cost), Some(times));
    }
    for (name, p) in [
        ("Golomb-coded hashes at 1e-12, by formula", 1e-12_f64),
        (
            "Golomb-coded hashes, one false alarm in all",
            1.0 / issued as f64,
        ),
    ] {
        // The information limit of such a filter is log2(1/p); coding costs about half a bit more.
        let bits = (1.0 / p).log2() + 0.5;
        println!("{name:48} {:>12.0} {bits:9.3}", bits * revoked as f64 / 8.0);
    }
    let limit = information(issued, revoked);
    println!(
        "{:48} {:>12.0} {limit:9.3}",
        "information limit, by formula",
        limit * revoked as f64 / 8.0
    );
}

/// log2 of the number of ways to choose, for each chosen, by the entropy.
fn information(issued: u64, revoked: u64) -> f64 {
    let p = revoked as f64 / issued as f64;
    -(p * p.log2() + (1.0 - p) * (1.0 - p).log2()) / p
}

fn row(
    name: &str,
    bytes: usize,
    revoked: u64,
    cost: Option<(f64, f64)>,
    times: Option<(f64, f64)>,
) {
    let bits = bytes as f64 * 8.0 / revoked as f64;
    print!("{name:48} {bytes:>12} {bits:9.3}");
    if let Some((seconds, peak)) = cost {
        print!(" {seconds:8.1} {peak:8.0}");
    }
    if let Some((hit, miss)) = times {
        print!(" {hit:8.0} {miss:8.0}");
    }
    println!();
}

/// Forgets the peak of memory so far; where the system has none, the peak is of the whole run.
fn reset_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory held, in megabytes.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}
