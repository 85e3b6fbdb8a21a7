//! Printed sheets as others see them: rendered by poppler, the codes read by ZBar, the text extracted.
//!
//! Needs `pdftoppm`, `pdftotext`, `pdfinfo`, `pdffonts` (package poppler-utils) and `zbarimg` (zbar-tools).

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use print::{Batch, Code, Kind, Press, Profile, Sheet};

mod common;
mod picture;

use picture::Picture;

const KINDS: [Kind; 3] = [Kind::Fold, Kind::Card, Kind::Label];
const NATIONAL: Profile = Profile::National;
const INTERNATIONAL: Profile = Profile::International;

/// Whether the programs are there; says so loudly where not.
fn tools() -> bool {
    let missing: Vec<&str> = ["pdftoppm", "pdftotext", "pdfinfo", "pdffonts", "zbarimg"]
        .into_iter()
        .filter(|tool| Command::new(tool).arg("--version").output().is_err())
        .collect();
    if !missing.is_empty() {
        eprintln!(
            "SKIPPED: {} not found; install poppler-utils and zbar-tools to have the printed sheets checked",
            missing.join(", ")
        );
    }
    missing.is_empty()
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    // ZBar ends with 4 where it reads nothing.
    assert!(
        output.status.success() || program == "zbarimg",
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// What ZBar reads in a picture, a code a line. Only QR: in noise, and in some QR codes, it finds barcodes of other kinds.
fn zbar(file: &str) -> String {
    run(
        "zbarimg",
        &["-q", "--raw", "-Sdisable", "-Sqrcode.enable", file],
    )
}

/// A folder of its own for each test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("print-{name}"));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The pages in grey.
    fn render(&self, pdf: &[u8], dpi: u32) -> Vec<Picture> {
        let file = self.write("sheet.pdf", pdf);
        let root = self.0.join("page");
        run(
            "pdftoppm",
            &[
                "-gray",
                "-r",
                &dpi.to_string(),
                &file,
                root.to_str().unwrap(),
            ],
        );
        let mut paths: Vec<PathBuf> = std::fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                let name = path.file_name().unwrap().to_str().unwrap();
                name.starts_with("page-") && name.ends_with(".pgm")
            })
            .collect();
        paths.sort();
        paths
            .iter()
            .map(|path| {
                let picture = Picture::parse(&std::fs::read(path).unwrap());
                std::fs::remove_file(path).unwrap();
                picture
            })
            .collect()
    }

    fn scan(&self, picture: &Picture) -> Vec<String> {
        let file = self.write("scan.pgm", &picture.to_pgm());
        zbar(&file).lines().map(str::to_owned).collect()
    }

    fn text(&self, pdf: &[u8], options: &[&str]) -> String {
        let file = self.write("text.pdf", pdf);
        let mut arguments = options.to_vec();
        arguments.extend([file.as_str(), "-"]);
        run("pdftotext", &arguments)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn pdf(kind: Kind, sheets: &[Sheet]) -> Vec<u8> {
    let mut batch = Batch::new(&Press::new(), kind);
    for sheet in sheets {
        batch.push(sheet).unwrap();
    }
    batch.finish()
}

fn dose() -> serde_json::Value {
    common::vaccination("Nguyễn", "Văn Đức")
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn every_code_is_read_from_every_kind() {
    if !tools() {
        return;
    }
    let folder = Folder::new("kinds");
    for kind in KINDS {
        for (first, second) in [
            (NATIONAL, None),
            (INTERNATIONAL, None),
            (NATIONAL, Some(INTERNATIONAL)),
        ] {
            let sheet = common::sheet(&dose(), first, second);
            let mut expected: Vec<String> = [Some(first), second]
                .into_iter()
                .flatten()
                .map(|profile| common::hc1(&dose(), profile))
                .collect();
            let mut read: Vec<String> = folder
                .render(&pdf(kind, &[sheet]), 200)
                .iter()
                .flat_map(|page| folder.scan(page))
                .collect();
            expected.sort();
            read.sort();
            assert_eq!(read, expected, "{kind:?} {first:?} {second:?}");
        }
    }
}

/// As a bad printer and a bad scanner make it: askew, grey instead of white, out of focus, speckled.
#[test]
fn worn_codes_are_read() {
    if !tools() {
        return;
    }
    let folder = Folder::new("worn");
    for profile in [NATIONAL, INTERNATIONAL] {
        let expected = common::hc1(&dose(), profile);
        for kind in KINDS {
            let sheet = common::sheet(&dose(), profile, None);
            let page = folder.render(&pdf(kind, &[sheet]), 200).remove(0);
            for (degrees, seed) in [(2.0, 1), (-2.5, 2), (3.0, 3)] {
                let worn = page
                    .specked(seed, 400)
                    .rotated(degrees)
                    .blurred()
                    .faded(70, 215)
                    .noisy(seed, 10);
                assert_eq!(
                    folder.scan(&worn),
                    std::slice::from_ref(&expected),
                    "{kind:?} {profile:?} turned by {degrees}"
                );
            }
        }
    }
}

/// A symbol as it lies in the file: its corner, the size of its modules and their number, in millimetres.
struct Placed {
    left: f32,
    top: f32,
    module: f32,
    modules: f32,
    page: (f32, f32),
}

/// Reads the symbols off the drawing instructions.
fn placed(pdf: &[u8]) -> Vec<Placed> {
    const MM: f32 = 25.4 / 72.0;
    let (pages, contents) = picture::pages(pdf);
    let mut found = Vec::new();
    for (size, content) in pages.into_iter().zip(contents) {
        for drawing in content.split("q\n").filter(|part| part.contains(" re")) {
            let numbers = |line: &str| -> Vec<f32> {
                line.split(' ')
                    .filter_map(|word| word.parse().ok())
                    .collect()
            };
            let mut lines = drawing.lines();
            let [scale, _, _, down, x, y] = numbers(lines.next().unwrap())[..] else {
                panic!("a matrix: {drawing:.80}")
            };
            assert!((scale + down).abs() < 1e-6, "modules are square");
            let mut most = 0.0_f32;
            for line in lines.take_while(|line| line.ends_with("re")) {
                let [x, y, width, height] = numbers(line)[..] else {
                    panic!("a rectangle: {line}")
                };
                assert!(height == 1.0 && [x, y, width].iter().all(|n| n.fract() == 0.0));
                most = most.max(x + width).max(y + height);
            }
            found.push(Placed {
                left: x * MM,
                top: (size.1 - y) * MM,
                module: scale * MM,
                modules: most,
                page: (size.0 * MM, size.1 * MM),
            });
        }
    }
    found
}

#[test]
fn codes_are_large_and_keep_their_distance() {
    for kind in KINDS {
        let sheet = common::sheet(&dose(), NATIONAL, Some(INTERNATIONAL));
        let file = pdf(kind, &[sheet]);
        let codes = placed(&file);
        assert_eq!(codes.len(), 2, "{kind:?}");
        for code in codes {
            let side = code.module * code.modules;
            let least = if kind == Kind::Card { 45.0 } else { 50.0 };
            assert!(side >= least, "{kind:?}: {side} mm");
            let quiet = 4.0 * code.module - 0.01;
            assert!(
                code.left >= quiet && code.left + side + quiet <= code.page.0,
                "{kind:?}"
            );
            assert!(
                code.top >= quiet && code.top + side + quiet <= code.page.1,
                "{kind:?}"
            );
            if kind == Kind::Fold {
                for (from, fold) in [(code.left, 105.0), (code.top, 148.5)] {
                    assert!(
                        from + side + quiet < fold || from - quiet > fold,
                        "a fold crosses a code"
                    );
                }
            }
        }
    }
}

#[test]
fn quiet_zones_are_white() {
    if !tools() {
        return;
    }
    let folder = Folder::new("quiet");
    let long = common::long_names();
    for kind in KINDS {
        for (family, given) in long
            .iter()
            .chain([&("Nguyễn".to_owned(), "Văn Đức".to_owned())])
        {
            let object = common::vaccination(family, given);
            let mut sheet = common::sheet(&object, NATIONAL, None);
            sheet.specimen = true;
            let file = pdf(kind, &[sheet]);
            let page = folder.render(&file, 300).remove(0);
            let code = placed(&file).remove(0);
            let dots = |mm: f32| mm / 25.4 * 300.0;
            let side = code.module * code.modules;
            let quiet = 4.0 * code.module;
            let dark = page.dark_in_ring(
                (dots(code.left), dots(code.top)),
                dots(side),
                dots(quiet) - 1.0,
            );
            assert_eq!(dark, 0, "{kind:?} {family} {given}");
        }
    }
}

#[test]
fn every_fact_can_be_copied_out() {
    if !tools() {
        return;
    }
    let folder = Folder::new("facts");
    let sheet = common::sheet(&dose(), NATIONAL, Some(INTERNATIONAL));
    let file = pdf(Kind::Fold, &[sheet]);
    let expected = [
        // Front.
        "Giấy chứng nhận tiêm chủng",
        "Vaccination certificate",
        "Mã dùng trong nước",
        "Nguyễn Văn Đức",
        "NGUYEN VAN DUC",
        "26/02/1998",
        "26 Feb 1998",
        // Inside, in the order of every sheet.
        "Họ và tên / Full name",
        "Nguyễn Văn Đức",
        "Ngày sinh / Date of birth",
        "26/02/1998 / 26 Feb 1998",
        "Quốc tịch / Nationality",
        "Việt Nam / Viet Nam",
        "COVID-19",
        "Vắc xin mRNA phòng SARS-CoV-2 / SARS-CoV-2 mRNA vaccine",
        "Comirnaty",
        "Biontech Manufacturing GmbH",
        "Doses received",
        "3",
        "mũi 3, liệu trình 3 mũi / dose 3, series of 3",
        "20/12/2021 / 20 Dec 2021",
        "Trạm y tế phường Bến Nghé, quận 1, Thành phố Hồ Chí Minh",
        "Cục Y tế dự phòng, Bộ Y tế / General Department of Preventive Medicine, Ministry of Health",
        "20/12/2022 / 20 Dec 2022",
        common::NUMBER,
        // Back.
        "Mã dùng quốc tế",
        "Kiểm tra:",
        "A mistake? Bring this sheet to the Bến Nghé ward health station.",
        "7KQM-4XPA-9",
    ];
    // In the order of the tags and of the drawing, and wherever a program looks for it.
    let tags = folder.write("tags.pdf", &file);
    for text in [
        folder.text(&file, &["-raw"]),
        run("pdfinfo", &["-struct-text", &tags]).replace('"', ""),
    ] {
        let text = squeeze(&text);
        let mut from = 0;
        for fact in expected {
            let fact = squeeze(fact);
            let at = text[from..].find(&fact);
            from += at.unwrap_or_else(|| panic!("{fact} after {}", &text[..from])) + fact.len();
        }
    }
    let found = squeeze(&folder.text(&file, &[]));
    for fact in ["NguyễnVănĐức", common::NUMBER, "7KQM-4XPA-9", "26/02/1998"] {
        assert!(found.contains(fact), "{fact}");
    }
}

#[test]
fn two_codes_are_told_apart() {
    if !tools() {
        return;
    }
    let folder = Folder::new("apart");
    for kind in KINDS {
        let sheet = common::sheet(&dose(), NATIONAL, Some(INTERNATIONAL));
        let text = squeeze(&folder.text(&pdf(kind, &[sheet]), &["-raw"]));
        for words in ["Mã dùng trong nước", "Mã dùng quốc tế"] {
            let count = text.matches(&squeeze(words)).count();
            assert_eq!(count, 1, "{kind:?} {words}");
        }
    }
}

#[test]
fn a_specimen_says_so_wherever_the_code_or_the_facts_are() {
    if !tools() {
        return;
    }
    let folder = Folder::new("specimen");
    for (kind, sides) in [(Kind::Fold, 1), (Kind::Card, 2), (Kind::Label, 1)] {
        let mut sheet = common::sheet(&dose(), NATIONAL, None);
        let count = |sheet: &Sheet| {
            let file = pdf(kind, std::slice::from_ref(sheet));
            folder.text(&file, &["-raw"]).matches("SPECIMEN").count()
        };
        assert_eq!(count(&sheet), 0, "{kind:?}");
        sheet.specimen = true;
        assert_eq!(count(&sheet), sides, "{kind:?}");
    }
}

#[test]
fn tests_and_recoveries_say_what_they_are() {
    if !tools() {
        return;
    }
    let folder = Folder::new("others");
    for (object, facts) in [
        (
            common::test(),
            &[
                "Giấy chứng nhận xét nghiệm",
                "1963",
                "Xét nghiệm nhanh kháng nguyên",
                "NOVA Test® SARS-CoV-2 Antigen Rapid Test Kit (Colloidal Gold Immunochromatography)",
                "Âm tính / Not detected",
                "20/12/2021 09:30 (UTC+7)",
                "Trung tâm Y tế huyện Mù Cang Chải, tỉnh Yên Bái",
            ][..],
        ),
        (
            common::recovery(),
            &[
                "Certificate of recovery",
                "không rõ / unknown",
                "01/10/2021",
                "30 Mar 2022",
                "Hồ Ự Ễ",
            ],
        ),
    ] {
        let file = pdf(Kind::Fold, &[common::sheet(&object, NATIONAL, None)]);
        let text = squeeze(&folder.text(&file, &["-raw"]));
        for fact in facts {
            assert!(text.contains(&squeeze(fact)), "{fact} in {text}");
        }
    }
}

#[test]
fn the_longest_names_are_whole_and_within_the_paper() {
    if !tools() {
        return;
    }
    let folder = Folder::new("long");
    for kind in KINDS {
        for (family, given) in common::long_names() {
            let object = common::vaccination(&family, &given);
            let sheet = common::sheet(&object, NATIONAL, Some(INTERNATIONAL));
            let file = pdf(kind, &[sheet]);
            let text = squeeze(&folder.text(&file, &["-raw"]));
            let name = squeeze(&format!("{family}{given}"));
            assert!(text.contains(&name), "{kind:?} {name} in {text}");
            for page in folder.render(&file, 100) {
                let edge = page.dark_at_edge(4);
                assert_eq!(edge, 0, "{kind:?} {name} touches the edge");
            }
        }
    }
}

#[test]
fn decomposed_vietnamese_is_the_same_sheet() {
    use unicode_normalization::UnicodeNormalization;
    let composed = common::sheet(&dose(), NATIONAL, None);
    let mut decomposed = composed.clone();
    decomposed.facts.name = composed.facts.name.nfd().collect();
    assert_ne!(composed.facts.name, decomposed.facts.name);
    let site = decomposed.facts.site.take().unwrap();
    decomposed.facts.site = Some(site.nfd().collect());
    assert_eq!(pdf(Kind::Fold, &[composed]), pdf(Kind::Fold, &[decomposed]));
}

#[test]
fn letters_without_glyphs_give_way_to_latin_ones() {
    if !tools() {
        return;
    }
    let folder = Folder::new("letters");
    let mut sheet = common::sheet(&dose(), NATIONAL, None);
    sheet.facts.name = "王小明".into();
    sheet.facts.name_latin = "WANG XIAOMING".into();
    let text = folder.text(&pdf(Kind::Fold, &[sheet.clone()]), &["-raw"]);
    assert!(text.contains("WANG XIAOMING") && !text.contains('\u{FFFD}'));
    sheet.facts.name = "Παπαδόπουλος Иван".into();
    let text = folder.text(&pdf(Kind::Fold, &[sheet]), &["-raw"]);
    assert!(text.contains("Παπαδόπουλος Иван"));
}

#[test]
fn a_thousand_sheets_leave_as_they_come() {
    let press = Press::new();
    let sheet = common::sheet(&dose(), NATIONAL, None);
    let mut batch = Batch::new(&press, Kind::Fold);
    let mut file = Vec::new();
    let mut largest = 0;
    for n in 0..1000 {
        let mut sheet = sheet.clone();
        sheet.facts.number = format!("URN:UVCI:01:VN:{n:05}");
        batch.push(&sheet).unwrap();
        let part = batch.take();
        largest = largest.max(part.len());
        file.extend(part);
    }
    assert_eq!(batch.sheets(), 1000);
    assert!(largest < 40_000, "a sheet of {largest} bytes");
    let end = batch.finish();
    assert!(end.len() < 900_000, "an end of {} bytes", end.len());
    file.extend(end);
    if !tools() {
        return;
    }
    let folder = Folder::new("thousand");
    let path = folder.write("batch.pdf", &file);
    let info = run("pdfinfo", &[&path]);
    assert!(info.contains("Pages:           1000"), "{info}");
    let fonts = run("pdffonts", &[&path]);
    assert_eq!(fonts.matches("NotoSans").count(), 2, "{fonts}");
    assert!(fonts.matches("yes yes yes").count() == 2, "{fonts}");
    let last = run(
        "pdftotext",
        &["-raw", "-f", "1000", "-l", "1000", &path, "-"],
    );
    assert!(last.contains("URN:UVCI:01:VN:00999"), "{last}");
    let root = folder.0.join("last");
    run(
        "pdftoppm",
        &[
            "-gray",
            "-r",
            "200",
            "-f",
            "1000",
            &path,
            root.to_str().unwrap(),
        ],
    );
    let page = Picture::parse(&std::fs::read(folder.0.join("last-1000.pgm")).unwrap());
    assert_eq!(folder.scan(&page), [common::hc1(&dose(), NATIONAL)]);
}

#[test]
fn a_file_is_the_same_however_it_is_taken() {
    let press = Press::new();
    let sheets = [
        common::sheet(&dose(), NATIONAL, None),
        common::sheet(&common::test(), INTERNATIONAL, None),
    ];
    let mut batch = Batch::new(&press, Kind::Card);
    let mut parts = batch.take();
    for sheet in &sheets {
        batch.push(sheet).unwrap();
        parts.extend(batch.take());
        parts.extend(batch.take());
    }
    parts.extend(batch.finish());
    assert_eq!(parts, pdf(Kind::Card, &sheets));
}

#[test]
fn the_picture_of_a_code_is_read() {
    if !tools() {
        return;
    }
    let folder = Folder::new("picture");
    let text = common::hc1(&dose(), INTERNATIONAL);
    let png = Code::new(INTERNATIONAL, &text).png().unwrap();
    let file = folder.write("code.png", &png);
    assert_eq!(zbar(&file).trim_end(), text);
    assert!(Code::new(NATIONAL, "").png().is_err());
}

#[test]
fn a_refused_sheet_leaves_the_batch_as_it_was() {
    use print::PrintError;
    let press = Press::new();
    let good = common::sheet(&dose(), NATIONAL, None);
    let with = |change: fn(&mut Sheet)| {
        let mut sheet = good.clone();
        change(&mut sheet);
        sheet
    };
    let refused = [
        with(|sheet| sheet.facts.issuer.vi = "Bộ Y tế ".repeat(200)),
        with(|sheet| sheet.facts.number = "x".repeat(1_000_000)),
        with(|sheet| sheet.notes.correct_at.en = "there ".repeat(300)),
        with(|sheet| {
            sheet.facts.name = " \u{200b}\n".into();
            sheet.facts.name_latin.clear();
        }),
        with(|sheet| sheet.code = Code::new(NATIONAL, "")),
        with(|sheet| sheet.code = Code::new(NATIONAL, "HC1:".repeat(2000))),
    ];
    let mut batch = Batch::new(&press, Kind::Fold);
    let errors: Vec<PrintError> = refused
        .iter()
        .map(|sheet| batch.push(sheet).unwrap_err())
        .collect();
    assert!(matches!(errors[0], PrintError::DoesNotFit { .. }));
    assert!(matches!(errors[1], PrintError::DoesNotFit { .. }));
    assert!(matches!(errors[2], PrintError::DoesNotFit { .. }));
    assert!(matches!(errors[3], PrintError::NoName));
    assert!(matches!(errors[4], PrintError::Code(_)));
    assert!(matches!(errors[5], PrintError::Code(_)));
    assert_eq!(batch.sheets(), 0);
    batch.push(&good).unwrap();
    assert_eq!(batch.sheets(), 1);
    // What does not fit a card may fit a sheet.
    let dense = with(|sheet| sheet.code = Code::new(NATIONAL, format!("HC1:{}", "A".repeat(2500))));
    let mut card = Batch::new(&press, Kind::Card);
    assert!(matches!(
        card.push(&dense),
        Err(PrintError::TooDense { .. })
    ));
    batch.push(&dense).unwrap();
}
