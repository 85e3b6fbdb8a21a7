//! Certificates on paper: verified, printed, worn, scanned again.
//!
//! Needs `pdftoppm` and `pdftotext` (package poppler-utils) and `zbarimg` (zbar-tools).

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;
#[path = "../../print/tests/picture/mod.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "shared with print"
)]
mod picture;

use std::{collections::BTreeSet, path::Path, process::Command};

use common::{World, at, dose, entry, record, settings, user};
use issuer::{
    domain::{Refusal, desk::Upto, settings::Settings},
    id::Id,
    paper::Beside,
    store::CertificateRow,
};
use print::Kind;
use tempfile::TempDir;

const KINDS: [(Kind, &str); 3] = [
    (Kind::Fold, "fold"),
    (Kind::Card, "card"),
    (Kind::Label, "label"),
];

fn with_claims() -> Settings {
    Settings {
        public_url: Some("https://hcert.example.vn/".into()),
        ..settings()
    }
}

async fn issued(world: &World, record: intake::record::Record) -> CertificateRow {
    let made = world
        .issuer
        .take(&user("ca"), entry(record, Upto::Certified))
        .await
        .unwrap();
    row(world, made.certificate.unwrap()).await
}

async fn row(world: &World, id: Id) -> CertificateRow {
    let mut tx = world.issuer.store.read().await.unwrap();
    tx.certificate(id).await.unwrap().unwrap()
}

fn long_name() -> intake::record::Record {
    record(&[
        ("family_name", "Công Tằng Tôn Nữ"),
        (
            "given_names",
            "Thị Hoàng Phương Anh Nguyễn Khoa Diệu Hiền Ngọc Quỳnh",
        ),
        ("birth_date", "26/02/1998"),
        ("sex", "Nữ"),
        ("nationality", "VN"),
        ("cccd", "079198000777"),
        ("product", "Comirnaty"),
        ("lot", "FK0595"),
        ("dose", "2/2"),
        ("date", "2026-11-27"),
    ])
}

fn test_of_somebody() -> intake::record::Record {
    record(&[
        ("full_name", "Đặng Thị Ngọc Ánh"),
        ("birth_date", "1963"),
        ("cccd", "079163000123"),
        ("test_type", "LP6464-4"),
        ("test_name", "RT-PCR"),
        ("sampled_at", "2026-11-28T08:30:00+07:00"),
        ("result", "260415000"),
        ("site", "BN1"),
    ])
}

fn recovery_of_somebody() -> intake::record::Record {
    record(&[
        ("full_name", "Hồ Văn Ự"),
        ("birth_date", "05/1990"),
        ("cccd", "079090000321"),
        ("first_positive", "2026-11-01"),
    ])
}

/// Whether the programs are there; says so loudly where not.
fn tools() -> bool {
    let missing: Vec<&str> = ["pdftoppm", "pdftotext", "zbarimg"]
        .into_iter()
        .filter(|tool| Command::new(tool).arg("--version").output().is_err())
        .collect();
    if !missing.is_empty() {
        eprintln!(
            "\n*** SKIPPED: {} not found (poppler-utils, zbar-tools) ***\n",
            missing.join(", ")
        );
    }
    missing.is_empty()
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The pages of a PDF in grey, at 200 dpi. Where `HCERT_LOOK` names a folder, a PNG of each stays there.
fn pages(dir: &TempDir, pdf: &[u8], name: &str) -> Vec<picture::Picture> {
    let file = dir.path().join(format!("{name}.pdf"));
    std::fs::write(&file, pdf).unwrap();
    let root = dir.path().join(name);
    let (file, root) = (file.to_str().unwrap(), root.to_str().unwrap());
    run("pdftoppm", &["-gray", "-r", "200", file, root]);
    if let Some(look) = std::env::var_os("HCERT_LOOK") {
        let look = Path::new(&look).join(name);
        run(
            "pdftoppm",
            &["-png", "-r", "100", file, look.to_str().unwrap()],
        );
    }
    let mut all: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let own = path.file_name().unwrap().to_str().unwrap();
            own.starts_with(&format!("{name}-")) && own.ends_with(".pgm")
        })
        .collect();
    all.sort();
    all.iter()
        .map(|path| picture::Picture::parse(&std::fs::read(path).unwrap()))
        .collect()
}

fn zbar(dir: &TempDir, page: &picture::Picture) -> Vec<String> {
    let file = dir.path().join("scan.pgm");
    std::fs::write(&file, page.to_pgm()).unwrap();
    let file = file.to_str().unwrap();
    let read = run(
        "zbarimg",
        &["-q", "--raw", "-Sdisable", "-Sqrcode.enable", file],
    );
    read.lines().map(str::to_owned).collect()
}

fn rxing(page: &picture::Picture) -> Option<String> {
    let pgm = page.to_pgm();
    let text = String::from_utf8_lossy(&pgm[..40.min(pgm.len())]).into_owned();
    let size: Vec<u32> = text
        .lines()
        .nth(1)
        .unwrap()
        .split(' ')
        .map(|n| n.parse().unwrap())
        .collect();
    let pixels = pgm[pgm.len() - (size[0] * size[1]) as usize..].to_vec();
    let mut hints = rxing::DecodeHints {
        TryHarder: Some(true),
        ..rxing::DecodeHints::default()
    };
    let only = Some(rxing::BarcodeFormat::QR_CODE);
    rxing::helpers::detect_in_luma_with_hints(pixels, size[0], size[1], only, &mut hints)
        .ok()
        .map(|found| found.getText().to_owned())
}

/// Every kind of paper and every kind of certificate, both codes: printed, scanned askew and dirty, and
/// read back by two readers that are not ours.
#[tokio::test]
async fn what_is_printed_can_be_read_from_worn_paper() {
    if !tools() {
        return;
    }
    let world = World::sqlite(with_claims()).await;
    let dir = tempfile::tempdir().unwrap();
    for (content, what) in [
        (long_name(), "vaccination"),
        (test_of_somebody(), "test"),
        (recovery_of_somebody(), "recovery"),
    ] {
        let row = issued(&world, content).await;
        let mut expected = vec![
            row.national.clone().unwrap(),
            row.international.clone().unwrap(),
        ];
        expected.sort();
        for (kind, paper) in KINDS {
            let printed = world
                .issuer
                .pdf(&user("lan"), kind, &[row.id])
                .await
                .unwrap();
            assert!(printed.left_out.is_empty());
            let name = format!("{what}_{paper}");
            let pages = pages(&dir, &printed.pdf, &name);
            let mut read: Vec<String> = pages.iter().flat_map(|page| zbar(&dir, page)).collect();
            read.sort();
            assert_eq!(read, expected, "{name}");
            // The codes differ from run to run, and the worst speck may hit one: as at a real desk, a page
            // that was not read lies on the glass once more, a little otherwise.
            let mut worn = BTreeSet::new();
            let mut second = BTreeSet::new();
            for scan in 0..4_u8 {
                for (page, degrees) in pages.iter().zip([2.5, -2.0]) {
                    let page = page
                        .specked(7 + u64::from(scan), 400)
                        .rotated(degrees - f32::from(scan) * 0.6)
                        .blurred()
                        .faded(70, 215)
                        .noisy(7 + u64::from(scan), 10);
                    worn.extend(zbar(&dir, &page));
                    second.extend(rxing(&page));
                }
                if worn.len() == expected.len() && !second.is_empty() {
                    break;
                }
            }
            assert!(worn.iter().eq(&expected), "zbar, worn: {name}");
            // rxing finds one code of a page; on the folded sheet both are on one.
            assert!(
                !second.is_empty() && second.iter().all(|text| expected.contains(text)),
                "rxing, worn: {name}"
            );
        }
    }
}

#[tokio::test]
async fn a_sheet_says_where_and_with_which_code() {
    if !tools() {
        return;
    }
    let world = World::sqlite(with_claims()).await;
    let dir = tempfile::tempdir().unwrap();
    let row = issued(&world, long_name()).await;
    let printed = world
        .issuer
        .pdf(&user("lan"), Kind::Fold, &[row.id])
        .await
        .unwrap();
    let file = dir.path().join("sheet.pdf");
    std::fs::write(&file, &printed.pdf).unwrap();
    let text = run("pdftotext", &["-layout", file.to_str().unwrap(), "-"]);
    let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for expected in [
        "Trạm y tế Bến Nghé",
        "hcert.example.vn/claim",
        "Việt Nam",
        "Comirnaty",
        "COVID-19",
    ] {
        let expected: String = expected.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(squeezed.contains(&expected), "{expected} in {flat}");
    }
    // Issued 2026-11-28 10:00 in Viet Nam, for 365 days: good through all of the day before.
    assert!(squeezed.contains("27/11/2027"), "{flat}");
    // The printed code is the one that counts.
    let code = flat
        .split(' ')
        .find(|word| issuer::domain::claims::ClaimCode::read(word).is_ok() && word.len() == 13)
        .unwrap_or_else(|| panic!("no claim code in {flat}"));
    let claimed = world
        .issuer
        .claim(code, "26/02/1998", "192.0.2.1")
        .await
        .unwrap();
    assert_eq!(claimed.id, row.id);
    // A test says its site by name, not by the code that the payload has.
    let row = issued(&world, test_of_somebody()).await;
    let beside = Beside {
        site: Some(print::Words::same("Trạm y tế Bến Nghé")),
        ..Beside::default()
    };
    let facts = world.issuer.facts(&row, &beside).unwrap();
    let rows = facts.rows();
    assert!(
        rows.iter()
            .any(|fact| fact.value.vi == "Trạm y tế Bến Nghé"),
        "{rows:?}"
    );
    assert!(!rows.iter().any(|fact| fact.value.vi == "BN1"));
}

#[tokio::test]
async fn prints_are_counted_with_their_codes() {
    let world = World::sqlite(with_claims()).await;
    let (one, two) = (issued(&world, dose(1)).await, issued(&world, dose(2)).await);
    let printed = world
        .issuer
        .pdf(&user("lan"), Kind::Label, &[two.id, one.id])
        .await
        .unwrap();
    assert!(printed.pdf.starts_with(b"%PDF-") && printed.left_out.is_empty());
    world
        .issuer
        .pdf(&user("lan"), Kind::Label, &[one.id])
        .await
        .unwrap();
    assert_eq!(
        (
            row(&world, one.id).await.prints,
            row(&world, two.id).await.prints
        ),
        (2, 1)
    );
    assert_eq!(world.number("SELECT COUNT(*) FROM claims").await, 2);
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM audit WHERE action = 'certificate.print'")
            .await,
        3
    );
    world.audited().await;
    // Without a public address there are no codes.
    let world = World::sqlite(settings()).await;
    let row = issued(&world, dose(1)).await;
    world
        .issuer
        .pdf(&user("lan"), Kind::Label, &[row.id])
        .await
        .unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM claims").await, 0);
}

#[tokio::test]
async fn only_who_may_see_it_prints_it() {
    let world = World::sqlite(settings()).await;
    let row = issued(&world, dose(1)).await;
    for who in ["binh", "kiem", "quan"] {
        let refused = world
            .issuer
            .pdf(&user(who), Kind::Fold, &[row.id])
            .await
            .unwrap_err();
        assert!(
            matches!(refused, Refusal::NotFound(_)),
            "{who}: {refused:?}"
        );
    }
    let nobody = Id::new(at(common::NOW)).unwrap();
    let refused = world
        .issuer
        .pdf(&user("lan"), Kind::Fold, &[nobody])
        .await
        .unwrap_err();
    assert!(matches!(refused, Refusal::NotFound(_)));
    assert!(matches!(
        world
            .issuer
            .pdf(&user("lan"), Kind::Fold, &[])
            .await
            .unwrap_err(),
        Refusal::Asked(_)
    ));
    for who in ["lan", "tuan", "bo"] {
        assert!(
            world
                .issuer
                .pdf(&user(who), Kind::Fold, &[row.id])
                .await
                .is_ok(),
            "{who}"
        );
    }
}

/// Somebody changed the database: what does not verify is not printed, an alarm is raised, and the
/// others are printed.
#[tokio::test]
async fn nothing_is_printed_that_does_not_verify() {
    let world = World::sqlite(settings()).await;
    let (good, bad) = (issued(&world, dose(1)).await, issued(&world, dose(2)).await);
    // The text of another person under this certificate: a good signature, and yet not this one.
    let swapped = world
        .meddle(
            "UPDATE certificates SET national = (SELECT o.national FROM certificates o \
             WHERE o.id <> certificates.id AND o.prints = 0 LIMIT 1) \
             WHERE id = (SELECT MAX(id) FROM certificates)",
        )
        .await;
    assert_eq!(swapped, 1);
    let printed = world
        .issuer
        .pdf(&user("lan"), Kind::Fold, &[good.id, bad.id])
        .await
        .unwrap();
    let left: Vec<_> = printed.left_out.iter().map(|(id, _)| *id).collect();
    let of_which = [good.id, bad.id].into_iter().max().unwrap();
    assert_eq!(left, [of_which]);
    assert!(matches!(printed.left_out[0].1, Refusal::Certify(_)));
    assert_eq!(row(&world, of_which).await.state, "held");
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM alarms WHERE kind = 'tampered'")
            .await,
        1
    );
    assert_eq!(
        world.number("SELECT SUM(prints) FROM certificates").await,
        1
    );
    // Held: nobody gets it from now on, as sheet, picture or file.
    let held = row(&world, of_which).await;
    for refused in [
        world.issuer.png(&held).unwrap_err(),
        world.issuer.sheet(&held, Beside::default()).unwrap_err(),
        world
            .issuer
            .pdf(&user("lan"), Kind::Fold, &[of_which])
            .await
            .unwrap_err(),
    ] {
        assert!(matches!(refused, Refusal::State { .. }), "{refused:?}");
    }
}

#[tokio::test]
async fn bad_texts_of_every_sort_are_refused() {
    let world = World::sqlite(settings()).await;
    let good = issued(&world, dose(1)).await;
    assert!(world.issuer.png(&good).unwrap().starts_with(b"\x89PNG"));
    let text = good.national.clone().unwrap();
    let changed = |change: &dyn Fn(&mut CertificateRow)| {
        let mut row = good.clone();
        change(&mut row);
        world.issuer.png(&row).unwrap_err()
    };
    for why in [
        changed(&|row| row.national = Some(text.replace("HC1:", "HC2:"))),
        changed(&|row| row.national = Some(text[..text.len() - 2].to_owned())),
        changed(&|row| row.national = row.international.clone()),
        changed(&|row| row.national_kid = Some(vec![1; 8])),
        changed(&|row| row.uvci.push('X')),
        changed(&|row| (row.national, row.international) = (None, None)),
    ] {
        assert!(
            matches!(why, Refusal::Certify(_) | Refusal::State { .. }),
            "{why:?}"
        );
    }
    let mut revoked = good.clone();
    revoked.state = "revoked".into();
    assert!(matches!(
        world.issuer.png(&revoked).unwrap_err(),
        Refusal::State { .. }
    ));
}

/// A key was rotated out and is in no file any more: its certificates are still printed.
#[tokio::test]
async fn certificates_of_former_keys_are_printed() {
    let world = World::sqlite(settings()).await;
    let row = issued(&world, dose(1)).await;
    let keys = vec![
        common::dsc(keyring::Profile::National, 5),
        common::dsc(keyring::Profile::International, 6),
    ];
    let store = issuer::store::Store::open(&world.address).await.unwrap();
    let later = common::issuer_with(store, world.clock.clone(), settings(), keys);
    let refused = later
        .pdf(&user("lan"), Kind::Fold, &[row.id])
        .await
        .unwrap_err();
    assert!(matches!(refused, Refusal::Certify(_)), "{refused:?}");
    // Not known is not bad: it is not held back.
    assert_eq!(self::row(&world, row.id).await.state, "valid");
    let mut tx = later.store.write().await.unwrap();
    for dsc in world.issuer.keys.all() {
        let sql =
            "INSERT INTO signers (kid, certificate, profile, first_seen) VALUES ($1, $2, $3, $4)";
        service::on!(tx, db => sqlx::query(sql)
            .bind(dsc.kid().as_bytes())
            .bind(dsc.certificate().der())
            .bind(dsc.profile().name())
            .bind(0_i64)
            .execute(db)
            .await
            .map(drop)
            .unwrap());
    }
    tx.commit().await.unwrap();
    let printed = later
        .pdf(&user("lan"), Kind::Fold, &[row.id])
        .await
        .unwrap();
    assert!(printed.left_out.is_empty());
}

/// A document of a thousand sheets comes out in pieces.
#[tokio::test]
async fn a_long_document_comes_out_piece_by_piece() {
    let world = World::sqlite(settings()).await;
    let catalogue = intake::codes::Catalogue::builtin();
    let mut ids = Vec::new();
    let entries = (0..120)
        .map(|n| entry(common::dose_of(&catalogue, n), Upto::Certified))
        .collect();
    for made in world.issuer.take_all(&user("ca"), entries).await.unwrap() {
        ids.push(made.unwrap().certificate.unwrap());
    }
    let lan = user("lan");
    let mut stream = world.issuer.sheets(&lan, Kind::Card);
    let mut pdf = Vec::new();
    for some in ids.chunks(40) {
        let mut rows = Vec::new();
        for id in some {
            rows.push(row(&world, *id).await);
        }
        let (next, piece) = stream.add(rows).await.unwrap();
        assert!(piece.left_out.is_empty() && !piece.pdf.is_empty());
        pdf.extend(piece.pdf);
        stream = next;
    }
    pdf.extend(stream.finish().await.unwrap());
    assert_eq!(
        world.number("SELECT SUM(prints) FROM certificates").await,
        120
    );
    if tools() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("all.pdf");
        std::fs::write(&file, &pdf).unwrap();
        let text = run("pdfinfo", &[file.to_str().unwrap()]);
        assert!(text.contains("Pages:           240"), "{text}");
    }
}

/// Modules are squares, and on paper that has the room the symbol is 5 cm or more.
#[tokio::test]
async fn symbols_are_square_and_large() {
    let world = World::sqlite(settings()).await;
    let row = issued(&world, long_name()).await;
    for (kind, paper) in KINDS {
        let printed = world
            .issuer
            .pdf(&user("lan"), kind, &[row.id])
            .await
            .unwrap();
        let (_, contents) = picture::pages(&printed.pdf);
        let mut symbols = 0;
        for drawing in contents.iter().flat_map(|page| page.split("q\n")) {
            if !drawing.contains(" re") {
                continue;
            }
            let numbers = |line: &str| -> Vec<f32> {
                line.split(' ')
                    .filter_map(|word| word.parse().ok())
                    .collect()
            };
            let mut lines = drawing.lines();
            let matrix = numbers(lines.next().unwrap());
            assert!(
                (matrix[0].abs() - matrix[3].abs()).abs() < 1e-6,
                "{paper}: {matrix:?}"
            );
            let modules = lines
                .take_while(|line| line.ends_with("re"))
                .map(|line| {
                    let line = numbers(line);
                    line[0] + line[2]
                })
                .fold(0.0_f32, f32::max);
            let side = matrix[0].abs() * modules * 25.4 / 72.0;
            // A card is 54 mm high, and its quiet zone has to be on it too.
            let least = if kind == Kind::Card { 45.0 } else { 50.0 };
            assert!(side >= least, "{paper}: {side} mm");
            symbols += 1;
        }
        assert_eq!(symbols, 2, "{paper}");
    }
}
