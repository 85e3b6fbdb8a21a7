//! Processor time of a sheet, and the memory of a long batch.
//!
//! `cargo bench -p print --bench sheets`. Beside it in the same run: the same words and code drawn with
//! krilla, as one document for each sheet (which subsets the fonts each time) and as one for all. Krilla
//! gets the fonts of this crate, a quarter of the size of the whole ones, and writes no tags.

#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a bench may stop at what it did not expect"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::page::PageSettings;
use krilla::text::{Font, TextDirection};
use print::{Batch, Kind, Press, Profile, Sheet};
use qr::encode::{Options, Symbol};

#[path = "../tests/common/mod.rs"]
mod common;

const SHEETS: usize = 400;
const ROUNDS: usize = 5;
const LONG: usize = 10_000;

fn main() {
    let sheets: Vec<Sheet> = (0..SHEETS).map(|n| sheet(n, None)).collect();
    let both: Vec<Sheet> = (0..SHEETS)
        .map(|n| sheet(n, Some(Profile::International)))
        .collect();
    let texts: Vec<String> = (0..SHEETS).map(text).collect();
    let press = Press::new();
    let fonts = Fonts::new();

    println!(
        "| {SHEETS} sheets, best of {ROUNDS} | ms a sheet | sheets a minute | bytes a sheet |"
    );
    println!("|---|---:|---:|---:|");
    let batch = |kind, sheets: &[Sheet]| {
        let mut batch = Batch::new(&press, kind);
        let mut bytes = 0;
        for sheet in sheets {
            batch.push(sheet).unwrap();
            bytes += batch.take().len();
        }
        bytes + batch.finish().len()
    };
    row("QR codes alone, level Q", || {
        for text in &texts {
            black_box(Symbol::new(text, &Options::default()).unwrap());
        }
        0
    });
    row("A4, one code, one document", || batch(Kind::Fold, &sheets));
    row("A4, two codes, one document", || batch(Kind::Fold, &both));
    row("A4, one code, a document each", || {
        sheets
            .iter()
            .map(|sheet| batch(Kind::Fold, std::slice::from_ref(sheet)))
            .sum()
    });
    row("card, one code, one document", || {
        batch(Kind::Card, &sheets)
    });
    row("label, one code, one document", || {
        batch(Kind::Label, &sheets)
    });
    row("krilla, one code, one document", || fonts.document(&texts));
    row("krilla, one code, a document each", || {
        texts
            .iter()
            .map(|text| fonts.document(std::slice::from_ref(text)))
            .sum()
    });
    println!();
    long(&press, &sheets);
}

fn text(n: usize) -> String {
    let object = common::vaccination("Nguyễn", &format!("Văn Đức {}", letters(n)));
    common::hc1(&object, Profile::National)
}

fn sheet(n: usize, second: Option<Profile>) -> Sheet {
    let object = common::vaccination("Nguyễn", &format!("Văn Đức {}", letters(n)));
    common::sheet(&object, Profile::National, second)
}

/// A word of its own for every sheet, so that no cache knows it.
fn letters(mut n: usize) -> String {
    let mut word = String::from("T");
    for _ in 0..4 {
        word.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
        n /= 26;
    }
    word
}

fn row(name: &str, mut work: impl FnMut() -> usize) {
    let mut best = Duration::MAX;
    let mut bytes = 0;
    for _ in 0..ROUNDS {
        let start = ProcessTime::now();
        bytes = black_box(work());
        best = best.min(start.elapsed());
    }
    let ms = best.as_secs_f64() * 1000.0 / SHEETS as f64;
    println!(
        "| {name} | {ms:.3} | {:.0} | {} |",
        60_000.0 / ms,
        bytes / SHEETS
    );
}

/// One document of many sheets, its bytes thrown away as they come.
fn long(press: &Press, sheets: &[Sheet]) {
    let mut batch = Batch::new(press, Kind::Fold);
    let start = (Instant::now(), ProcessTime::now());
    let mut bytes = 0;
    let early = 1000;
    let mut at_early = 0;
    for (n, sheet) in (0..LONG).zip(sheets.iter().cycle()) {
        batch.push(sheet).unwrap();
        bytes += batch.take().len();
        if n == early {
            at_early = resident();
        }
    }
    bytes += batch.finish().len();
    let wall = start.0.elapsed().as_secs_f64();
    println!(
        "A document of {LONG} sheets: {:.1} s ({:.1} s of processor time), {:.1} MB; resident memory {:.1} MB after \
         {early} sheets, {:.1} MB at the end",
        wall,
        start.1.elapsed().as_secs_f64(),
        bytes as f64 / 1e6,
        at_early as f64 / 1e3,
        resident() as f64 / 1e3,
    );
}

/// In kB; 0 where the system does not say.
fn resident() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
            line.split_whitespace().nth(1)?.parse().ok()
        })
        .unwrap_or(0)
}

struct Fonts {
    regular: Font,
    bold: Font,
}

/// The words of a sheet, less the name.
const WORDS: [(f32, bool, &str); 52] = [
    (15.0, true, "Giấy chứng nhận tiêm chủng"),
    (11.0, false, "Vaccination certificate"),
    (10.0, false, "Mã dùng trong nước"),
    (10.0, false, "/ For use within the country"),
    (10.0, false, "NGUYEN VAN DUC"),
    (12.0, false, "Ngày sinh"),
    (12.0, true, "26/02/1998"),
    (12.0, false, "/ 26 Feb 1998"),
    (12.0, true, "Nội dung chứng nhận"),
    (12.0, false, "/ What is certified"),
    (10.0, false, "Họ và tên / Full name"),
    (10.0, false, "Ngày sinh / Date of birth"),
    (11.5, true, "26/02/1998"),
    (11.5, false, "/ 26 Feb 1998"),
    (10.0, false, "Quốc tịch / Nationality"),
    (11.5, true, "Việt Nam"),
    (11.5, false, "/ Viet Nam"),
    (10.0, false, "Bệnh được phòng / Disease"),
    (11.5, true, "COVID-19"),
    (10.0, false, "Vắc xin / Vaccine"),
    (11.5, true, "Vắc xin mRNA phòng SARS-CoV-2"),
    (11.5, false, "/ SARS-CoV-2 mRNA vaccine"),
    (10.0, false, "Tên sản phẩm / Product"),
    (11.5, true, "Comirnaty"),
    (10.0, false, "Nhà sản xuất / Manufacturer"),
    (11.5, true, "Biontech Manufacturing GmbH"),
    (10.0, false, "Tổng số mũi đã tiêm / Doses received"),
    (11.5, true, "3"),
    (10.0, false, "Mũi tiêm này / This dose"),
    (11.5, true, "mũi 3, liệu trình 3 mũi"),
    (11.5, false, "/ dose 3, series of 3"),
    (10.0, false, "Ngày tiêm / Date of vaccination"),
    (11.5, true, "20/12/2021"),
    (11.5, false, "/ 20 Dec 2021"),
    (10.0, false, "Nơi tiêm / Vaccinated at"),
    (11.5, true, "Trạm y tế phường Bến Nghé, quận 1,"),
    (11.5, true, "Thành phố Hồ Chí Minh"),
    (10.0, false, "Cơ quan cấp / Issued by"),
    (11.5, true, "Cục Y tế dự phòng, Bộ Y tế"),
    (11.5, false, "/ General Department of Preventive Medicine"),
    (10.0, false, "Mã QR dùng đến hết / QR code valid until"),
    (11.5, true, "20/12/2022"),
    (10.0, false, "Mã chứng nhận / Certificate number"),
    (11.5, true, common::NUMBER),
    (
        10.0,
        false,
        "Bản in của giấy chứng nhận số. Mã QR chứa cùng nội dung,",
    ),
    (
        10.0,
        false,
        "A printed digital certificate. The QR code holds the same facts,",
    ),
    (
        10.0,
        false,
        "quét mã QR bằng ứng dụng kiểm tra, không cần mạng; so tên",
    ),
    (
        10.0,
        false,
        "To check: scan the code with a verifier app, no network needed;",
    ),
    (
        10.0,
        false,
        "mã QR dùng đến hết 20/12/2022, sau đó xin cấp lại.",
    ),
    (
        10.0,
        false,
        "The code is valid until 20 Dec 2022; then ask for a new one.",
    ),
    (10.0, false, "Mang giấy này đến Trạm y tế phường Bến Nghé."),
    (16.0, true, "7KQM-4XPA-9"),
];

impl Fonts {
    fn new() -> Fonts {
        let font = |data: &'static [u8]| Font::new(data.into(), 0).unwrap();
        Fonts {
            regular: font(include_bytes!("../assets/NotoSans-Regular.ttf")),
            bold: font(include_bytes!("../assets/NotoSans-Bold.ttf")),
        }
    }

    fn document(&self, texts: &[String]) -> usize {
        let mut document = krilla::Document::new();
        for (n, text) in texts.iter().enumerate() {
            let mut page = document.start_page_with(PageSettings::from_wh(595.0, 842.0).unwrap());
            let mut surface = page.surface();
            let name = format!("Nguyễn Văn Đức {}", letters(n));
            let words = WORDS.iter().copied().chain([(16.0, true, name.as_str())]);
            for (line, (size, bold, words)) in (0_u16..).zip(words) {
                let font = if bold { &self.bold } else { &self.regular };
                let at = Point::from_xy(30.0, 20.0 + f32::from(line) * 15.0);
                surface.draw_text(at, font.clone(), size, words, false, TextDirection::Auto);
            }
            let symbol = Symbol::new(text, &Options::default()).unwrap();
            let module = 2.3;
            let mut path = PathBuilder::new();
            for y in 0..symbol.width() {
                let mut x = 0;
                while x < symbol.width() {
                    let dark = (x..symbol.width())
                        .take_while(|&x| symbol.is_dark(x, y))
                        .count();
                    if dark > 0 {
                        let rect = Rect::from_xywh(
                            300.0 + x as f32 * module,
                            50.0 + y as f32 * module,
                            dark as f32 * module,
                            module,
                        );
                        path.push_rect(rect.unwrap());
                    }
                    x += dark.max(1);
                }
            }
            surface.draw_path(&path.finish().unwrap());
            surface.finish();
            page.finish();
        }
        document.finish().unwrap().len()
    }
}
