//! Reads worn frames with every reader, and times the making of symbols.
//!
//! `cargo bench -p qr --bench worn -- [--per-kind N] [--seed N] [--write DIR] [--json]`

use std::collections::HashSet;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use qr::encode::{Options, Symbol};
use qr::read::{self, Effort, Luma8};
use qr::render;
use qr::worn::{self, Frame, Kind};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

struct Arguments {
    per_kind: usize,
    seed: u64,
    write: Option<PathBuf>,
    json: bool,
}

fn arguments() -> Result<Arguments> {
    let mut arguments = Arguments {
        per_kind: 20,
        seed: 1,
        write: None,
        json: false,
    };
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        let mut value = || given.next().ok_or(format!("{name} needs a value"));
        match name.as_str() {
            "--per-kind" => arguments.per_kind = value()?.parse()?,
            "--seed" => arguments.seed = value()?.parse()?,
            "--write" => arguments.write = Some(value()?.into()),
            "--json" => arguments.json = true,
            // Cargo adds this to every bench.
            "--bench" => {}
            _ => return Err(format!("unknown argument {name}").into()),
        }
    }
    Ok(arguments)
}

/// CPU time of this process; wall time would count what else the machine does.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        time.tv_nsec.unsigned_abs().try_into().unwrap_or(0),
    )
}

const EMPTY_FRAMES: u64 = 10;

/// A reader by name: the frames it reads, each with its CPU time.
struct Reader {
    name: &'static str,
    read: fn(&Luma8<'_>) -> Vec<Vec<u8>>,
}

const READERS: [Reader; 7] = [
    Reader {
        name: "qr quick",
        read: |luma| bytes(read::codes(luma, Effort::Quick)),
    },
    Reader {
        name: "qr thorough",
        read: |luma| bytes(read::codes(luma, Effort::Thorough)),
    },
    Reader {
        name: "qr portable quick",
        read: |luma| bytes(read::codes_portable(luma, Effort::Quick)),
    },
    Reader {
        name: "qr portable thorough",
        read: |luma| bytes(read::codes_portable(luma, Effort::Thorough)),
    },
    Reader {
        name: "zxing-cpp 0.5.3 default",
        read: zxing_cpp,
    },
    Reader {
        name: "rxing 0.9.3 try harder",
        read: rxing,
    },
    Reader {
        name: "rqrr 0.11",
        read: rqrr,
    },
];

fn bytes(codes: Vec<read::Code>) -> Vec<Vec<u8>> {
    codes.into_iter().map(|code| code.bytes).collect()
}

fn zxing_cpp(luma: &Luma8<'_>) -> Vec<Vec<u8>> {
    use zxingcpp::{BarcodeFormat, ImageFormat, ImageView};
    ImageView::from_slice(luma.pixels(), luma.width(), luma.height(), ImageFormat::Lum)
        .and_then(|view| zxingcpp::read().formats(BarcodeFormat::QRCode).from(view))
        .map(|found| {
            found
                .iter()
                .filter(|code| code.is_valid())
                .map(|code| code.bytes())
                .collect()
        })
        .unwrap_or_default()
}

fn rxing(luma: &Luma8<'_>) -> Vec<Vec<u8>> {
    use rxing::common::HybridBinarizer;
    use rxing::multi::MultipleBarcodeReader;
    use rxing::qrcode::cpp_port::QrReader;
    use rxing::{BinaryBitmap, DecodeHints, Luma8Source};
    let Ok(source) = Luma8Source::new_with_slice(luma.pixels(), luma.width(), luma.height()) else {
        return Vec::new();
    };
    let hints = DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some(HashSet::from([rxing::BarcodeFormat::QR_CODE])),
        ..DecodeHints::default()
    };
    QrReader
        .decode_multiple_with_hints(&mut BinaryBitmap::new(HybridBinarizer::new(source)), &hints)
        .map(|found| {
            found
                .iter()
                .map(|code| code.getRawBytes().to_vec())
                .collect()
        })
        .unwrap_or_default()
}

fn rqrr(luma: &Luma8<'_>) -> Vec<Vec<u8>> {
    let width = luma.width() as usize;
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, luma.height() as usize, |x, y| {
            luma.pixels()[y * width + x]
        });
    let grids = image.detect_grids();
    grids
        .iter()
        .filter_map(|grid| {
            let mut bytes = Vec::new();
            grid.decode_to(&mut bytes).ok().map(|_| bytes)
        })
        .collect()
}

struct Row {
    name: String,
    /// Frames read and frames in all, for each kind.
    kinds: Vec<(usize, usize)>,
    times: Vec<Duration>,
    /// Mean milliseconds for a frame without a code.
    empty_ms: f64,
}

impl Row {
    fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            kinds: vec![(0, 0); Kind::ALL.len()],
            times: Vec::new(),
            empty_ms: f64::NAN,
        }
    }

    fn add(&mut self, frame: &Frame, found: &[Vec<u8>], time: Duration) {
        let read = frame
            .texts
            .iter()
            .all(|text| found.iter().any(|bytes| bytes == text.as_bytes()));
        let wrong = found
            .iter()
            .any(|bytes| frame.texts.iter().all(|text| bytes != text.as_bytes()));
        if wrong {
            eprintln!(
                "{}: a wrong text from a frame of kind {}",
                self.name,
                frame.kind.name()
            );
        }
        for (kind, (hits, count)) in Kind::ALL.iter().zip(&mut self.kinds) {
            if *kind == frame.kind {
                *hits += usize::from(read);
                *count += 1;
            }
        }
        self.times.push(time);
    }

    fn hits(&self) -> usize {
        self.kinds.iter().map(|kind| kind.0).sum()
    }

    fn mean_ms(&self) -> f64 {
        self.times.iter().sum::<Duration>().as_secs_f64() * 1000.0 / self.times.len().max(1) as f64
    }

    fn median_ms(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort();
        times
            .get(times.len() / 2)
            .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }
}

fn read_all(frames: &[Frame]) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = READERS.iter().map(|reader| Row::new(reader.name)).collect();
    for frame in frames {
        let luma = frame.luma()?;
        for (reader, row) in READERS.iter().zip(&mut rows) {
            let start = cpu_time();
            let found = (reader.read)(black_box(&luma));
            row.add(frame, &found, cpu_time() - start);
        }
    }
    let empty: Vec<Frame> = (0..EMPTY_FRAMES).map(Frame::without_codes).collect();
    for (reader, row) in READERS.iter().zip(&mut rows) {
        let start = cpu_time();
        for frame in &empty {
            let found = (reader.read)(black_box(&frame.luma()?));
            if !found.is_empty() {
                eprintln!("{}: a text from a frame without a code", reader.name);
            }
        }
        row.empty_ms = (cpu_time() - start).as_secs_f64() * 1000.0 / empty.len() as f64;
    }
    Ok(rows)
}

/// Writes the frames, and reads them with `zbarimg` if it is installed.
fn zbar(frames: &[Frame], folder: &Path) -> Result<Option<Row>> {
    fs::create_dir_all(folder)?;
    let mut row = Row::new("zbarimg (C, a process each)");
    for (i, frame) in frames.iter().enumerate() {
        let file = folder.join(format!("{i:03}-{}.pgm", frame.kind.name()));
        let header = format!("P5\n{} {}\n255\n", worn::WIDTH, worn::HEIGHT);
        fs::write(&file, [header.as_bytes(), &frame.pixels].concat())?;
        let arguments = ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"];
        let start = Instant::now();
        let Ok(output) = Command::new("zbarimg").args(arguments).arg(&file).output() else {
            return Ok(None);
        };
        let found: Vec<Vec<u8>> = output
            .stdout
            .split(|&byte| byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(<[u8]>::to_vec)
            .collect();
        row.add(frame, &found, start.elapsed());
    }
    Ok(Some(row))
}

/// Mean CPU milliseconds of making one symbol, by step.
fn encode_times() -> Vec<(&'static str, f64)> {
    let text: String = "HC1:6BF+70790T9WJWG.FKY*4GO0.O1CV2"
        .chars()
        .cycle()
        .take(600)
        .collect();
    let options = Options::default();
    let Ok(symbol) = Symbol::new(&text, &options) else {
        return Vec::new();
    };
    let mean = |rounds: u32, step: &mut dyn FnMut()| {
        step();
        let start = cpu_time();
        (0..rounds).for_each(|_| step());
        (cpu_time() - start).as_secs_f64() * 1000.0 / f64::from(rounds)
    };
    let png = render::PngOptions::default();
    let svg = render::SvgOptions::default();
    vec![
        (
            "qrcode 0.14.1, level Q",
            mean(50, &mut || {
                let made = qrcode::QrCode::with_error_correction_level(
                    black_box(&text),
                    qrcode::EcLevel::Q,
                );
                black_box(made.is_ok());
            }),
        ),
        (
            "qr, read back included",
            mean(500, &mut || {
                black_box(Symbol::new(black_box(&text), &options).is_ok());
            }),
        ),
        (
            "PNG of a symbol, 6 pixels a module",
            mean(500, &mut || {
                black_box(render::png(black_box(&symbol), &png).is_ok());
            }),
        ),
        (
            "SVG of a symbol",
            mean(500, &mut || {
                black_box(render::svg(black_box(&symbol), &svg).is_ok());
            }),
        ),
    ]
}

fn print_table(rows: &[Row], encode: &[(&str, f64)]) {
    let total = rows.first().map_or(0, |row| row.times.len());
    println!(
        "Frames read of {total}, in % for each kind; CPU ms for each frame of {} x {}\n",
        worn::WIDTH,
        worn::HEIGHT
    );
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    println!(
        "| reader | {} | **all** | read | mean ms | median ms | ms, no code |",
        kinds.join(" | ")
    );
    println!("|---|{}", "---:|".repeat(kinds.len() + 5));
    for row in rows {
        let shares: Vec<String> = row
            .kinds
            .iter()
            .map(|&(hits, count)| format!("{:.0}", 100.0 * hits as f64 / count.max(1) as f64))
            .collect();
        println!(
            "| {} | {} | **{:.1}** | {} | {:.2} | {:.2} | {:.2} |",
            row.name,
            shares.join(" | "),
            100.0 * row.hits() as f64 / row.times.len().max(1) as f64,
            row.hits(),
            row.mean_ms(),
            row.median_ms(),
            row.empty_ms
        );
    }
    println!("\n| making a symbol of 600 characters | CPU ms |\n|---|---:|");
    for (step, ms) in encode {
        println!("| {step} | {ms:.3} |");
    }
}

fn print_json(rows: &[Row], encode: &[(&str, f64)]) {
    for row in rows {
        let kinds: serde_json::Map<String, serde_json::Value> = Kind::ALL
            .iter()
            .zip(&row.kinds)
            .map(|(kind, &(read, frames))| {
                (
                    kind.name().to_owned(),
                    serde_json::json!({ "read": read, "frames": frames }),
                )
            })
            .collect();
        let json = serde_json::json!({
            "reader": row.name, "frames": row.times.len(), "read": row.hits(), "kinds": kinds,
            "mean_ms": row.mean_ms(), "median_ms": row.median_ms(), "no_code_ms": row.empty_ms,
        });
        println!("{json}");
    }
    for (step, ms) in encode {
        println!("{}", serde_json::json!({ "step": step, "mean_ms": ms }));
    }
}

fn main() -> Result<()> {
    let arguments = arguments()?;
    let frames: Vec<Frame> = worn::frames(arguments.per_kind, arguments.seed).collect();
    let mut rows = read_all(&frames)?;
    if let Some(folder) = &arguments.write {
        match zbar(&frames, folder)? {
            Some(row) => rows.push(row),
            None => {
                eprintln!("SKIPPED: zbarimg is not installed (Debian: apt-get install zbar-tools)")
            }
        }
    }
    let encode = encode_times();
    if arguments.json {
        print_json(&rows, &encode)
    } else {
        print_table(&rows, &encode)
    }
    Ok(())
}
