//! The verifier without an operating system: the firmware of `scanner/cortex-m`, built for a Cortex-M4 and run
//! under qemu, answers as the verifier here does; and stays within its memory, whatever it is handed.
//!
//! Needs qemu-system-arm and the target of Rust, which `cargo xtask test` installs; says so loudly and does
//! nothing where they are missing, unless `HCERT_NEED_ARM` is set.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod common;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
    time::Instant,
};

use common::{
    AT,
    bundle::{Contents, bundle},
    folder, has_target, here, is_there, run, vector,
};
use hcert::{base45, hc1::Decoder, limits::Limits, time::Timestamp, zlib::Deflater};
use hcert_scanner::{Scanner, Trust};
use object::{Object as _, ObjectSection as _, SectionKind};
use serde_json::Value;
use trust_list::{
    bundle::{Bundle, State},
    clock::{Clock, judge},
};
use verifier::{
    Verdict, Verifier,
    trust::TrustBuilder,
    wording::{Language, Wording},
};

const TARGET: &str = "thumbv7em-none-eabihf";
const EMULATOR: &str = "qemu-system-arm";

/// What the figures in `specs/scanner.md` promise, in bytes.
const MOST_FLASH: u64 = 512 * 1024;
const MOST_RAM: u64 = 108 * 1024;
const MOST_HEAP: u64 = 64 * 1024;
const MOST_STACK: u64 = 20 * 1024;
/// Instructions for a valid code, by algorithm, in thousands.
const MOST_INSTRUCTIONS: [(&str, u64); 3] = [("es256", 9_000), ("ps256", 4_500), ("eddsa", 2_500)];

/// The emulator counts an instruction as a nanosecond, and the board's timer ticks at 25 MHz.
const INSTRUCTIONS_A_TICK: u64 = 40;

/// Where it is built; `None`, loudly, on a machine that can't.
fn firmware() -> Option<PathBuf> {
    let missing = (!is_there(EMULATOR))
        .then_some(EMULATOR)
        .or_else(|| (!has_target(TARGET)).then_some(TARGET));
    if let Some(missing) = missing {
        assert!(std::env::var_os("HCERT_NEED_ARM").is_none(), "no {missing}");
        eprintln!("\n*** SKIPPED: without {missing} (cargo xtask test installs it) ***\n");
        return None;
    }
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cortex-m");
    let started = Instant::now();
    // Without what was asked of other builds: it has a configuration of its own.
    run(Command::new(env!("CARGO"))
        .current_dir(here("cortex-m"))
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .args(["build", "--locked", "--release", "--target", TARGET])
        .arg("--target-dir")
        .arg(&to));
    eprintln!("built in {:?}", started.elapsed());
    Some(to.join(TARGET).join("release/hcert-cortex-m"))
}

/// Flash and RAM that the program occupies, in bytes.
fn occupied(program: &Path) -> (u64, u64) {
    let bytes = fs::read(program).unwrap();
    let (mut flash, mut ram) = (0, 0);
    for section in object::File::parse(bytes.as_slice()).unwrap().sections() {
        match section.kind() {
            SectionKind::Text | SectionKind::ReadOnlyData | SectionKind::ReadOnlyString => {
                flash += section.size();
            }
            SectionKind::UninitializedData => ram += section.size(),
            SectionKind::Data => {
                flash += section.size();
                ram += section.size();
            }
            SectionKind::OtherString | SectionKind::Metadata => {}
            kind if section.address() > 0 => panic!("{:?} is {kind:?}", section.name()),
            _ => {}
        }
    }
    (flash, ram)
}

/// The flash of trust data, as `scanner/cortex-m/src/slot.rs` describes it.
fn slot(state: &[u8], bundle: &[u8]) -> Vec<u8> {
    let piece = |bytes: &[u8]| {
        let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        [&length[..], bytes].concat()
    };
    [piece(state), piece(bundle)].concat()
}

/// What the device shows; its instructions count as time.
fn on_the_device(program: &Path, name: &str, slot: &[u8], codes: &[(i64, String)]) -> Output {
    let place = folder(&format!("cortex-m-runs/{name}"));
    fs::write(place.join("trust.slot"), slot).unwrap();
    let mut file = String::new();
    for (at, text) in codes {
        writeln!(file, "{at} {}\n{text}", text.len()).unwrap();
    }
    fs::write(place.join("codes.txt"), file).unwrap();
    Command::new(EMULATOR)
        .current_dir(&place)
        .args(["-machine", "mps2-an386", "-cpu", "cortex-m4"])
        .args(["-icount", "shift=0"])
        .args(["-display", "none", "-monitor", "none", "-serial", "null"])
        .args(["-semihosting-config"])
        .arg("enable=on,target=native,arg=codes.txt")
        .args(["-device"])
        .arg("loader,file=trust.slot,addr=0x100000,force-raw=on")
        .arg("-kernel")
        .arg(program)
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<String> {
    let text = str::from_utf8(&output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The number after a word in a line that begins with another.
fn figure(lines: &[String], line: &str, word: &str) -> u64 {
    let line = lines.iter().find(|found| found.starts_with(line)).unwrap();
    let mut words = line.split(['\t', ' ']).skip_while(|found| *found != word);
    words.nth(1).unwrap().parse().unwrap()
}

/// The verifier of this machine over the same trust data.
struct Native {
    verifier: Verifier,
    highest_time: Timestamp,
    decoder: Decoder,
    scanner: Scanner,
}

impl Native {
    fn new(file: &[u8], state: &[u8]) -> Native {
        let limits = trust_list::limits::Limits::DEFAULT;
        let parsed = State::parse(state).unwrap();
        let (opened, after) = Bundle::open(&Arc::new(file.to_vec()), &parsed, &limits).unwrap();
        let mut builder = TrustBuilder::new();
        builder.add_bundle(&opened);
        let mut trust = Trust::new();
        trust.remember(state).unwrap();
        trust.add(file.to_vec()).unwrap();
        Native {
            verifier: Verifier::new(builder.build()).with_bundle_rules(&opened).0,
            highest_time: after.highest_time(),
            decoder: Decoder::new(Limits::SMALL),
            scanner: Scanner::new(trust).unwrap(),
        }
    }

    /// The line that the device has to show. Its limits are the small ones, which the words may name; the
    /// verdict is the same as with the usual ones.
    fn line(&mut self, at: i64, text: &str) -> String {
        let at = Timestamp::saturating(at);
        let mut verdict = self.verifier.verify_with(&mut self.decoder, text, at);
        verdict.clock_doubtful |= judge(at, self.highest_time) != Clock::Plausible;
        let usual = self.scanner.verify(text, at);
        let start: String = text.chars().take(60).collect();
        if stage(&verdict) != stage(&usual) {
            // Where it failed differs by the limits alone.
            let message =
                Wording::new(Language::English).failure(verdict.result.as_ref().unwrap_err());
            assert!(
                message.contains("more than") || message.contains("longer than"),
                "{start} {message}"
            );
            assert!(!usual.is_valid(), "{start}");
        }
        assert_eq!(verdict.doubts(), usual.doubts(), "{start}");
        let doubts: Vec<&str> = verdict.doubts().iter().map(|doubt| doubt.name()).collect();
        let doubts = match doubts.as_slice() {
            [] => "-".to_owned(),
            doubts => doubts.join(","),
        };
        let middle = match &verdict.result {
            Err(failure) => {
                let words = Wording::new(Language::English).failure(failure);
                format!("{}\t{words}", failure.stage().name())
            }
            Ok(certificate) => {
                let holder = certificate.holder().unwrap();
                format!("-\t{} {}", holder.name, holder.date_of_birth)
            }
        };
        format!("{}\t{middle}\t{doubts}", verdict.colour().name())
    }
}

fn stage(verdict: &Verdict) -> Option<&'static str> {
    let failure = verdict.result.as_ref().err();
    failure.map(|failure| failure.stage().name())
}

fn json(file: &str) -> Value {
    serde_json::from_slice(&fs::read(vector(file)).unwrap()).unwrap()
}

/// Every text of the project's vectors with its time.
fn vectors() -> Vec<(i64, String)> {
    let index = json("index.json");
    let entries = index["vectors"].as_array().unwrap();
    let vectors = entries.iter().map(|entry| {
        let one = json(entry["file"].as_str().unwrap());
        let at: Timestamp = one["at"].as_str().unwrap().parse().unwrap();
        let text = fs::read_to_string(vector(one["text"].as_str().unwrap())).unwrap();
        (at.unix(), text)
    });
    vectors.collect()
}

/// Texts that are made to take memory. Each names a key that is trusted, so that all is looked at.
fn hostile() -> Vec<(i64, String)> {
    let valid = fs::read_to_string(vector("valid/eddsa-vaccination.txt")).unwrap();
    let mut decoder = Decoder::new(Limits::DEFAULT);
    let message = decoder.decode(&valid).unwrap();
    let kid = message.kid().unwrap().to_vec();
    let of = |message: &[u8]| {
        let mut stream = Vec::new();
        Deflater::default().deflate(message, &mut stream);
        (AT, format!("HC1:{}", base45::encode(&stream)))
    };
    let head = |major: u8, length: usize| {
        let length = u16::try_from(length).unwrap().to_be_bytes();
        vec![(major << 5) | 25, length[0], length[1]]
    };
    let bytes = |content: &[u8]| [head(2, content.len()), content.to_vec()].concat();
    // alg EdDSA, the kid of a trusted key; then what is not signed, a payload, a signature.
    let signed_header = [&[0xa2, 1, 0x27, 4, 0x48][..], &kid].concat();
    let message = |unsigned: &[u8], payload: &[u8]| {
        let parts = [
            bytes(&signed_header),
            unsigned.to_vec(),
            bytes(payload),
            bytes(&[7; 64]),
        ];
        [vec![0xd2, 0x84], parts.concat()].concat()
    };
    let room = Limits::SMALL.inflated_bytes - 200;
    let key = |number: usize| [&[25][..], &u16::try_from(number).unwrap().to_be_bytes()].concat();
    let keys = |count: usize| (1000..1000 + count).flat_map(|at| [key(at), vec![0]].concat());
    // Maps within maps, each with as many keys as one may have.
    let within = |levels: usize, count: usize| {
        let level = [vec![0xbf], keys(count).collect(), key(9)].concat();
        [
            vec![0xa1, 0x18, 99],
            level.repeat(levels),
            vec![0xa0],
            vec![0xff; levels],
        ]
        .concat()
    };
    let parts = |kind: u8, part: &[u8]| {
        let count = room / part.len() - 8;
        [vec![kind | 31], part.repeat(count), vec![0xff]].concat()
    };
    let text_parts = parts(0x60, b"\x61a");
    vec![
        of(&message(&[0xa0], &vec![0x41; room])),
        of(&message(&within(12, 250), &[])),
        of(&message(&within(4, 255), &[])),
        of(&message(
            &[vec![0xa1, 0x18, 99], text_parts.clone()].concat(),
            &[],
        )),
        of(&message(&[vec![0xa1], text_parts, vec![0]].concat(), &[])),
        of(&message(
            &[vec![0xa1, 0x18, 99], parts(0x40, b"\x41a")].concat(),
            &[],
        )),
        of(&message(
            &[vec![0xa1, 0x18, 99], parts(0x80, &[0x80])].concat(),
            &[],
        )),
        of(&message(
            &[vec![0xa1, 0x18, 99], vec![0x9f; room / 2]].concat(),
            &[],
        )),
        of(&vec![0x9f; room]),
        of(&vec![0; 4_000_000]),
        (AT, format!("HC1:{}", "0".repeat(60_000))),
        (AT, format!("HC1:{}", "€".repeat(5_000))),
        (AT, "x".repeat(1_000_000)),
        (i64::MIN + 1, valid.clone()),
        (i64::MAX, valid),
        (AT, String::new()),
    ]
}

const RULE: &str = r#"[{
    "Identifier": "GR-XX-0001", "Type": "Acceptance", "Country": "XX", "Version": "1.0.0",
    "SchemaVersion": "1.3.0", "Engine": "CERTLOGIC", "EngineVersion": "0.7.5",
    "CertificateType": "Vaccination", "AffectedFields": ["v.0.dn", "v.0.sd", "v.0.mp"],
    "Description": [{ "lang": "en", "desc": "The last dose of a known product." }],
    "ValidFrom": "2021-06-01T00:00:00Z", "ValidTo": "2030-06-01T00:00:00Z",
    "Logic": { "and": [
        { "in": [{ "var": "payload.v.0.mp" }, { "var": "external.valueSets.vaccines-covid-19-names" }] },
        { ">=": [{ "var": "payload.v.0.dn" }, { "var": "payload.v.0.sd" }] }] }
}]"#;

fn contents(rules: Option<&str>) -> Contents<'_> {
    let files = |names: &[&str], kind: &str| {
        let files = names
            .iter()
            .map(|name| fs::read(vector(&format!("trust/{name}.{kind}"))));
        files.map(Result::unwrap).collect::<Vec<_>>()
    };
    let certificates = [
        "dsc-es256",
        "dsc-eddsa",
        "dsc-ps256",
        "dsc-test",
        "dsc-vaccination",
        "dsc-recovery",
        "dsc-old-arc-vaccination",
        "dsc-ended-before-issue",
        "dsc-ended-since-issue",
        "dsc-begins-after-issue",
        "dsc-key-identity",
        "dsc-key-off-curve",
    ];
    let revocation = ["revocation-signature-es256", "revocation-signature-eddsa"];
    Contents {
        issued: Timestamp::saturating(AT - 24 * 3600),
        certificates: files(&certificates, "pem"),
        revocation: files(&revocation, "json"),
        rules,
    }
}

#[test]
fn a_cortex_m4_decides_the_same() {
    let Some(program) = firmware() else { return };
    let (flash, ram) = occupied(&program);

    let (file, state) = bundle(&contents(None));
    let mut native = Native::new(&file, &state);
    let mut codes = vectors();
    let own = codes.len();
    // The bundle fresh, stale, expired, and of the future: the clock is wrong then.
    for text in ["valid/es256-recovery.txt", "valid/eddsa-recovery.txt"] {
        let text = fs::read_to_string(vector(text)).unwrap();
        let days = [0, 45, 70, -20].into_iter();
        codes.extend(days.map(|days| (AT + days * 24 * 3600, text.clone())));
    }
    codes.extend(hostile());
    let started = Instant::now();
    let shown = on_the_device(&program, "vectors", &slot(&state, &file), &codes);
    let elapsed = started.elapsed();
    let found = lines(&shown);
    let answers = &found[2..];
    for ((at, text), answer) in codes.iter().zip(answers) {
        let start: String = text.chars().take(60).collect();
        assert_eq!(*answer, native.line(*at, text), "{at} {start}");
    }
    assert!(shown.status.success(), "{found:?}");
    let count = figure(&found, "codes", "codes");
    assert_eq!(count, codes.len() as u64);
    assert!(own >= 300);
    for colour in [
        "green",
        "amber",
        "red\tsignature",
        "red\tkid",
        "red\trevocation",
    ] {
        let of_it = answers
            .iter()
            .filter(|line| line.starts_with(colour))
            .count();
        assert!(of_it > 0, "none is {colour}");
    }

    let (heap, stack) = (
        figure(&found, "heap", "peak"),
        figure(&found, "stack", "peak"),
    );
    let ram = ram + figure(&found, "stack", "stack");
    let mut report = Report::default();
    report.row("bytes of flash", flash, MOST_FLASH);
    report.row("bytes of RAM: heap, stack and the rest", ram, MOST_RAM);
    let what = format!("bytes of heap in use at most, {count} codes, hostile ones among them");
    report.row(&what, heap, MOST_HEAP);
    let heap = figure(&found, "heap", "kept");
    report.row("bytes of heap kept between codes", heap, MOST_HEAP);
    report.row("bytes of stack in use at most", stack, MOST_STACK);
    valid_codes_cost(&program, &slot(&state, &file), &mut report);
    rules_are_met_there_too(&program, &codes[..own], &mut report);
    bundles_are_taken_and_refused_there_too(&program);
    without_memory_it_says_so(&program);
    let ticks = figure(&found, "opened", "ticks");
    report.text += &format!(
        "\nOpening a bundle of {} keys, its three signatures checked: {} thousand instructions. The \
         {count} codes took qemu {:.1} s.\n",
        figure(&found, "trust", "keys"),
        ticks * INSTRUCTIONS_A_TICK / 1000,
        elapsed.as_secs_f64()
    );
    eprintln!("{}", report.text);
    // `cargo xtask bench` takes it from there.
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cortex-m.md");
    fs::write(file, report.text).unwrap();
}

/// The figures, for people; each fails when it is more than was promised.
struct Report {
    text: String,
}

impl Default for Report {
    fn default() -> Report {
        Report {
            text: "| what | figure | at most |\n|---|---:|---:|\n".to_owned(),
        }
    }
}

impl Report {
    fn row(&mut self, what: &str, found: u64, most: u64) {
        writeln!(self.text, "| {what} | {found} | {most} |").unwrap();
        assert!(found <= most, "{what}: {found} is more than {most}");
    }
}

/// Each algorithm's code alone, on a device that has just begun.
fn valid_codes_cost(program: &Path, slot: &[u8], report: &mut Report) {
    let mut rows = Vec::new();
    for (algorithm, most) in MOST_INSTRUCTIONS {
        let text = fs::read_to_string(vector(&format!("valid/{algorithm}-naat.txt"))).unwrap();
        let shown = on_the_device(program, algorithm, slot, &[(AT, text)]);
        let found = lines(&shown);
        assert!(found[2].starts_with("green"), "{found:?}");
        let heap = figure(&found, "heap", "peak");
        report.row(
            &format!("bytes of heap in use at most, one {algorithm} code"),
            heap,
            MOST_HEAP,
        );
        let instructions = figure(&found, "codes", "longest") * INSTRUCTIONS_A_TICK / 1000;
        rows.push((
            format!("thousand instructions, one {algorithm} code"),
            instructions,
            most,
        ));
    }
    for (what, found, most) in rows {
        report.row(&what, found, most);
    }
}

fn rules_are_met_there_too(program: &Path, codes: &[(i64, String)], report: &mut Report) {
    let (file, state) = bundle(&contents(Some(RULE)));
    let mut native = Native::new(&file, &state);
    let codes: Vec<_> = codes.iter().take(20).cloned().collect();
    let shown = on_the_device(program, "rules", &slot(&state, &file), &codes);
    let found = lines(&shown);
    for ((at, text), answer) in codes.iter().zip(&found[2..]) {
        assert_eq!(*answer, native.line(*at, text));
    }
    assert!(shown.status.success(), "{found:?}");
    let heap = figure(&found, "heap", "peak");
    report.row(
        "bytes of heap in use at most, valid codes and a rule",
        heap,
        MOST_HEAP,
    );
}

/// Every published attack on a bundle.
fn bundles_are_taken_and_refused_there_too(program: &Path) {
    let index = json("bundles/index.json");
    let limits = trust_list::limits::Limits::DEFAULT;
    for entry in index["bundles"].as_array().unwrap() {
        let name = entry["name"].as_str().unwrap();
        let read = |kind: &str| fs::read(vector(&format!("bundles/{name}.{kind}"))).unwrap();
        let (file, state) = (read("hcert"), read("state"));
        let shown = on_the_device(program, name, &slot(&state, &file), &[]);
        let found = lines(&shown);
        let state = State::parse(&state).unwrap();
        let wanted = match Bundle::open(&Arc::new(file), &state, &limits) {
            Err(error) => format!("trust\trefused\t{error}"),
            Ok((bundle, _)) => {
                let (sequence, keys) = (bundle.manifest().sequence(), bundle.key_list().keys.len());
                format!("trust\tsequence {sequence}\tkeys {keys}")
            }
        };
        assert_eq!(found[0], wanted, "{name}");
        let taken = entry["expect"]["taken"].as_bool().unwrap();
        assert_eq!(found[0].contains("refused"), !taken, "{name}");
        assert_eq!(shown.status.success(), taken, "{name}");
    }
    for nothing in [&[][..], &[0xff; 64], &slot(b"state", b"bundle")] {
        let shown = on_the_device(program, "nothing", nothing, &[(AT, "HC1:".into())]);
        let found = lines(&shown);
        assert!(found[0].starts_with("trust\trefused"), "{found:?}");
        assert!(found.len() == 1 && !shown.status.success(), "{found:?}");
    }
}

/// A list of more keys than fit: a word and a failure, and no answer.
fn without_memory_it_says_so(program: &Path) {
    let mut contents = contents(None);
    let once = contents.certificates.clone();
    contents
        .certificates
        .extend((0..40).flat_map(|_| once.clone()));
    let (file, state) = bundle(&contents);
    let shown = on_the_device(program, "full", &slot(&state, &file), &vectors()[..1]);
    let found = lines(&shown);
    assert!(!shown.status.success());
    let last = found.last().unwrap();
    assert!(
        last.starts_with("stopped\tmemory allocation of"),
        "{found:?}"
    );
    assert!(!found.iter().any(|line| line.starts_with("green")));
}
