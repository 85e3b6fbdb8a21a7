//! Bulk work: files in, certificates out, on both engines.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::{io::Write as _, process::Command, sync::Arc, time::Duration};

use bytes::Bytes;
use common::{OTHER_SITE, SITE, World, place, settings, user};
use intake::words::Language;
use issuer::{
    actor::Actor,
    bulk::{
        exports::{Export, Paper},
        jobs::Next,
        upload::{Upload, digest},
        worker,
    },
    domain::{
        Issuer, Refusal,
        desk::{Once, Upto},
        settings::Settings,
    },
    store::JobRow,
};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use service::clock::Clock;
use tokio::sync::watch;

const HEAD: [&str; 10] = [
    "Khóa",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Số CCCD",
    "Vắc xin",
    "Số lô",
    "Mũi tiêm",
    "Ngày tiêm",
    "Mã cơ sở",
];

fn one_step() -> Settings {
    Settings {
        one_step: true,
        ..settings()
    }
}

/// The cells of somebody told by a number.
fn row(number: u32) -> [String; 10] {
    let family = ["Nguyễn", "Trần", "Lê", "Phạm"][number as usize % 4];
    [
        String::new(),
        format!("{family} Văn Bình"),
        format!("{:02}/{:02}/1998", number / 12 % 28 + 1, number % 12 + 1),
        "Nam".into(),
        format!("079098{number:06}"),
        "Comirnaty".into(),
        "FK0595".into(),
        "1/2".into(),
        "27/11/2026".into(),
        "BN1".into(),
    ]
}

fn csv(rows: &[[String; 10]]) -> Vec<u8> {
    let mut text = HEAD.join(";") + "\r\n";
    for row in rows {
        text += &row.join(";");
        text += "\r\n";
    }
    text.into_bytes()
}

fn rows(numbers: std::ops::Range<u32>) -> Vec<[String; 10]> {
    numbers.map(row).collect()
}

fn xlsx(rows: &[[String; 10]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(HEAD) {
        sheet.write_string(0, column, name).unwrap();
    }
    for (at, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(row) {
            sheet.write_string(at, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn resources(number: u32) -> [Value; 2] {
    let patient = json!({
        "resourceType": "Patient", "id": format!("p{number}"),
        "name": [{ "use": "official", "family": "Phạm", "given": ["Thị", "Lan"] }],
        "birthDate": "1998-02-26", "gender": "female",
        "identifier": [{ "system": "http://example.vn/cccd", "value": format!("079198{number:06}") }],
    });
    let immunization = json!({
        "resourceType": "Immunization", "status": "completed", "id": format!("i{number}"),
        "identifier": [{ "system": "urn:x", "value": format!("row-{number}") }],
        "vaccineCode": { "coding": [{ "system": "http://hl7.org/fhir/sid/cvx", "code": "208" }] },
        "patient": { "reference": format!("Patient/p{number}") },
        "occurrenceDateTime": "2026-11-27", "lotNumber": "FK0595",
        "protocolApplied": [{
            "targetDisease": [{ "coding": [{ "system": "http://snomed.info/sct", "code": "840539006" }] }],
            "doseNumberPositiveInt": 1, "seriesDosesPositiveInt": 2,
        }],
    });
    [patient, immunization]
}

fn upload(file: Vec<u8>) -> Upload {
    Upload {
        site: place(SITE),
        name: "day.csv".into(),
        file: Bytes::from(file),
        upto: None,
        confirmed: false,
        language: Language::English,
        once: None,
    }
}

async fn send(issuer: &Issuer, actor: &Actor, file: Vec<u8>) -> JobRow {
    issuer.upload(actor, upload(file)).await.unwrap()
}

fn options() -> worker::Options {
    worker::Options {
        idle: Duration::from_millis(20),
        clock: Clock::system(),
        ..worker::Options::default()
    }
}

/// Lets a job run to its end.
async fn run(issuer: &Arc<Issuer>, actor: &Actor, job: &JobRow) -> JobRow {
    issuer.run_job(actor, job.id).await.unwrap();
    work(issuer).await;
    issuer.job(actor, job.id).await.unwrap()
}

/// Works until nothing is left to do.
async fn work(issuer: &Arc<Issuer>) {
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(worker::run(Arc::clone(issuer), options(), stopped));
    loop {
        let jobs = issuer.jobs(&user("kiem"), None).await.unwrap();
        if jobs.iter().all(|job| job.state != "running") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.send(true).unwrap();
    worker.await.unwrap();
}

fn counts(job: &JobRow) -> (i64, i64, i64) {
    assert_eq!(job.state, "done");
    (job.made, job.known, job.failed)
}

async fn take(mut export: Export) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(piece) = export.body.recv().await {
        all.extend(piece.unwrap());
    }
    all
}

/// Every form makes certificates, and once.
async fn forms(world: &World) {
    let issuer = &world.issuer;
    let lan = user("lan");
    let bundle = |numbers: std::ops::Range<u32>| {
        let entries = numbers
            .flat_map(resources)
            .map(|resource| json!({ "resource": resource }));
        let entries: Vec<Value> = entries.collect();
        json!({ "resourceType": "Bundle", "type": "collection", "entry": entries }).to_string()
    };
    let lines = |numbers: std::ops::Range<u32>| {
        let lines = numbers
            .flat_map(resources)
            .map(|resource| resource.to_string() + "\n");
        lines.collect::<String>()
    };
    for (form, file) in [
        ("csv", csv(&rows(0..1100))),
        ("xlsx", xlsx(&rows(1100..1130))),
        ("fhir", bundle(0..30).into_bytes()),
        ("fhir", lines(30..60).into_bytes()),
    ] {
        let count = if form == "csv" { 1100 } else { 30 };
        let job = send(issuer, &lan, file.clone()).await;
        assert_eq!((job.form.as_str(), job.state.as_str()), (form, "checked"));
        assert_eq!(
            (job.rows, job.refused, job.unconfirmed),
            (count, 0, 0),
            "{form}"
        );
        assert!(issuer.job_report(&lan, job.id).await.unwrap().1.is_empty());
        assert_eq!(
            counts(&run(issuer, &lan, &job).await),
            (count, 0, 0),
            "{form}"
        );
        // The same file once more: all of it is there.
        let job = send(issuer, &lan, file).await;
        assert_eq!(
            counts(&run(issuer, &lan, &job).await),
            (0, count, 0),
            "{form}"
        );
        let made = issuer.job_rows(&lan, job.id, 0, "known").await.unwrap();
        assert!(
            made.iter()
                .all(|row| row.record.is_some() && row.certificate.is_some())
        );
    }
    assert_eq!(
        world.number("SELECT COUNT(*) FROM certificates").await,
        1190
    );
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM job_rows WHERE draft <> ''")
            .await,
        0
    );
}

/// A report is corrected and sent again; the sender's keys tell what was accepted.
async fn corrected(world: &World) {
    let issuer = &world.issuer;
    let lan = user("lan");
    let mut file = rows(2000..2010);
    for (at, row) in file.iter_mut().enumerate() {
        row[0] = format!("=K{at}");
    }
    file[3][8] = "31/02/2026".into();
    file[7][5] = "Nothing".into();
    let job = send(issuer, &lan, csv(&file)).await;
    assert_eq!((job.rows, job.refused), (8, 2));
    let (_, report) = issuer.job_report(&lan, job.id).await.unwrap();
    let report = String::from_utf8(report).unwrap();
    assert!(report.contains("The month has no day 31"), "{report}");
    // What a spreadsheet would compute is text in the report.
    assert!(
        report.contains("\"'=K3\"") && !report.contains("\"=K3\""),
        "{report}"
    );
    assert_eq!(counts(&run(issuer, &lan, &job).await), (8, 0, 0));
    let corrected = report
        .replace("31/02/2026", "26/11/2026")
        .replace("Nothing", "Comirnaty");
    let job = send(issuer, &lan, corrected.into_bytes()).await;
    assert_eq!((job.rows, job.refused), (2, 0));
    assert_eq!(counts(&run(issuer, &lan, &job).await), (2, 0, 0));
    // The whole file, mended: nothing is made twice, though a row says something else by now.
    file[3][8] = "26/11/2026".into();
    file[7][5] = "Comirnaty".into();
    file[1][6] = "FK9999".into();
    let job = send(issuer, &lan, csv(&file)).await;
    assert_eq!(counts(&run(issuer, &lan, &job).await), (0, 10, 0));
}

/// Rows with warnings wait for somebody to say that they are right.
async fn warnings(world: &World) {
    let issuer = &world.issuer;
    let lan = user("lan");
    let mut file = rows(2100..2104);
    file[2][6] = "ABC".into();
    let job = send(issuer, &lan, csv(&file)).await;
    assert_eq!((job.rows, job.refused, job.unconfirmed), (3, 0, 1));
    let (_, report) = issuer.job_report(&lan, job.id).await.unwrap();
    assert!(
        String::from_utf8(report.clone())
            .unwrap()
            .contains("To be confirmed:")
    );
    assert_eq!(counts(&run(issuer, &lan, &job).await), (3, 0, 0));
    let mut again = upload(report);
    again.confirmed = true;
    let job = issuer.upload(&lan, again).await.unwrap();
    assert_eq!((job.rows, job.unconfirmed), (1, 0));
    assert_eq!(counts(&run(issuer, &lan, &job).await), (1, 0, 0));
    // A second dose the day after the first one, which is known: an error of its line.
    let mut file = rows(2100..2101);
    file[0][7] = "2/2".into();
    file[0][8] = "28/11/2026".into();
    let job = send(issuer, &lan, csv(&file)).await;
    assert_eq!((job.rows, job.refused), (0, 1));
    // Nothing to be run.
    let nothing = issuer.run_job(&lan, job.id).await.unwrap_err();
    assert!(matches!(nothing, Refusal::State { .. }), "{nothing:?}");
}

/// The same request is one job; the same key for something else is refused.
async fn asked_twice(world: &World) {
    let issuer = &world.issuer;
    let lan = user("lan");
    let keyed = |file: Vec<u8>| {
        let mut upload = upload(file);
        upload.once = Some(Once {
            scope: lan.name.clone(),
            key: "upload-1".into(),
            digest: digest(&upload),
        });
        upload
    };
    let file = csv(&rows(2200..2203));
    let both = tokio::join!(
        issuer.upload(&lan, keyed(file.clone())),
        issuer.upload(&lan, keyed(file.clone())),
    );
    let (first, second) = (both.0.unwrap(), both.1.unwrap());
    assert_eq!(first.id, second.id);
    assert_eq!(issuer.upload(&lan, keyed(file)).await.unwrap().id, first.id);
    let other = issuer
        .upload(&lan, keyed(csv(&rows(2203..2204))))
        .await
        .unwrap_err();
    assert!(matches!(other, Refusal::OtherContent), "{other:?}");
}

/// Two files tell of the same people at once.
async fn at_once(world: &World) {
    let issuer = &world.issuer;
    let (lan, mai) = (user("lan"), user("mai"));
    let file = csv(&rows(3000..4000));
    let backwards = csv(&rows(3000..4000).into_iter().rev().collect::<Vec<_>>());
    let one = send(issuer, &lan, file).await;
    let two = send(issuer, &mai, backwards).await;
    issuer.run_job(&lan, one.id).await.unwrap();
    issuer.run_job(&mai, two.id).await.unwrap();
    let other = world.another().await;
    tokio::join!(work(issuer), work(&other));
    let one = issuer.job(&lan, one.id).await.unwrap();
    let two = issuer.job(&lan, two.id).await.unwrap();
    assert_eq!((one.made + two.made, one.failed, two.failed), (1000, 0, 0));
    assert_eq!(one.known + two.known, 1000);
    let sql = "SELECT COUNT(*) FROM persons WHERE cccd >= '079098003000' AND cccd < '079098004000'";
    assert_eq!(world.number(sql).await, 1000);
}

/// Nothing more is taken of a cancelled job, and it can go on.
async fn cancelled(world: &World) {
    let issuer = &world.issuer;
    let lan = user("lan");
    let job = send(issuer, &lan, csv(&rows(5000..6200))).await;
    issuer.run_job(&lan, job.id).await.unwrap();
    let stopped = issuer.cancel_job(&lan, job.id).await.unwrap();
    assert_eq!(stopped.state, "cancelled");
    work(issuer).await;
    assert_eq!(issuer.job(&lan, job.id).await.unwrap().made, 0);
    assert_eq!(stopped.next(&lan), Some(Next::Run));
    assert_eq!(counts(&run(issuer, &lan, &stopped).await), (1200, 0, 0));
}

/// Who sees and does what.
async fn scope(world: &World) {
    let issuer = &world.issuer;
    let (lan, binh) = (user("lan"), user("binh"));
    let file = || csv(&rows(6300..6301));
    let job = send(issuer, &lan, file()).await;
    for hidden in [
        issuer.job(&binh, job.id).await.unwrap_err(),
        issuer.run_job(&binh, job.id).await.unwrap_err(),
        issuer.cancel_job(&binh, job.id).await.unwrap_err(),
        issuer.job_report(&binh, job.id).await.unwrap_err(),
        issuer.job_rows(&binh, job.id, 0, "").await.unwrap_err(),
        issuer.job_codes(&binh, job.id).await.unwrap_err(),
    ] {
        assert!(matches!(hidden, Refusal::NotFound("job")), "{hidden:?}");
    }
    assert!(
        issuer
            .jobs(&binh, None)
            .await
            .unwrap()
            .iter()
            .all(|job| job.site == OTHER_SITE)
    );
    let elsewhere = issuer.upload(&binh, upload(file())).await.unwrap_err();
    assert!(
        matches!(elsewhere, Refusal::NotFound("site")),
        "{elsewhere:?}"
    );
    let auditor = issuer
        .upload(&user("kiem"), upload(file()))
        .await
        .unwrap_err();
    assert!(matches!(auditor, Refusal::Role("clerk")), "{auditor:?}");
    let looks = issuer.cancel_job(&user("kiem"), job.id).await.unwrap_err();
    assert!(matches!(looks, Refusal::Role(_)), "{looks:?}");
    // A row of another site than the uploader's.
    let mut other = rows(6302..6303);
    other[0][9] = "BN2".into();
    assert_eq!(send(issuer, &lan, csv(&other)).await.refused, 1);
    // An account that was disabled lets nothing run on.
    issuer.run_job(&lan, job.id).await.unwrap();
    world
        .meddle("UPDATE users SET disabled = TRUE WHERE name = 'lan'")
        .await;
    work(issuer).await;
    world
        .meddle("UPDATE users SET disabled = FALSE WHERE name = 'lan'")
        .await;
    let job = issuer.job(&lan, job.id).await.unwrap();
    assert_eq!((job.state.as_str(), job.made), ("cancelled", 0));
}

/// Files that are none.
async fn wrong_files(world: &World) {
    let issuer = &world.issuer;
    let lan = user("lan");
    let bomb = {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("xl/workbook.xml", options).unwrap();
        let zeros = vec![b' '; 1 << 20];
        for _ in 0..300 {
            zip.write_all(&zeros).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    assert!(bomb.len() < 1 << 20);
    let mut wide = csv(&rows(6400..6401));
    wide.extend(";x".repeat(1_000_000).into_bytes());
    let mut long = HEAD.join(";").into_bytes();
    long.extend(b"\n1;2".repeat(100_001));
    for (name, file, code) in [
        ("binary", vec![0, 1, 2, 3, 255, 254], "(not_a_table)"),
        ("empty", Vec::new(), "(empty)"),
        ("PDF", b"%PDF-1.7".to_vec(), "(not_a_table)"),
        ("zip bomb", bomb, "(unpacked)"),
        ("no workbook", b"PK\x03\x04nothing".to_vec(), "(damaged)"),
        ("columns", wide, "(too_many_columns)"),
        ("rows", long, "(too_many_rows)"),
        ("no columns", b"a;b\n1;2\n".to_vec(), "(no_header)"),
        (
            "font",
            "H\u{e4} t\u{aa}n".as_bytes().to_vec(),
            "(no_header)",
        ),
        (
            "FHIR",
            b"{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}".to_vec(),
            "(bundle_type)",
        ),
        ("JSON", b"{\"a\":".to_vec(), "(json)"),
        ("list", b"[]".to_vec(), "(not_fhir)"),
    ] {
        match issuer.upload(&lan, upload(file)).await {
            Err(Refusal::Asked(why)) => assert!(why.contains(code), "{name}: {why}"),
            other => panic!("{name}: {other:?}"),
        }
    }
    let large = vec![b'x'; (32 << 20) + 1];
    assert!(issuer.upload(&lan, upload(large)).await.is_err());
    // A formula's result is what counts, and in Windows-1258 letters are letters.
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, (name, cell)) in (0..).zip(HEAD.iter().zip(row(6410))) {
        sheet.write_string(0, column, *name).unwrap();
        let formula = rust_xlsxwriter::Formula::new("=1+1").set_result(cell);
        sheet.write_formula(1, column, formula).unwrap();
    }
    let job = send(issuer, &lan, book.save_to_buffer().unwrap()).await;
    assert_eq!((job.rows, job.refused), (1, 0));
    let vietnamese: Vec<u8> =
        b"Ho\xf2 t\xean;Ng\xe0y sinh;V\xe3\xecc xin;Mu\xdei;Ng\xe0y ti\xeam\n\
        Nguy\xea\xden V\xe3n \xd0\xfd\xecc;26/02/1998;Comirnaty;1/2;27/11/2026\n"
            .to_vec();
    let job = send(issuer, &lan, vietnamese).await;
    assert_eq!((job.rows, job.refused), (1, 0));
}

/// What goes out: read back by programs that are not ours.
async fn exports(world: &World) {
    let issuer = &world.issuer;
    let lan = user("lan");
    let mut file = rows(7000..7007);
    file[0][0] = "=HYPERLINK(1)".into();
    let job = send(issuer, &lan, csv(&file)).await;
    let none = issuer.job_codes(&lan, job.id).await.unwrap_err();
    assert!(matches!(none, Refusal::NotFound(_)), "{none:?}");
    assert_eq!(counts(&run(issuer, &lan, &job).await), (7, 0, 0));
    let dir = tempfile::tempdir().unwrap();

    let codes = take(issuer.job_codes(&lan, job.id).await.unwrap()).await;
    let mut reader = csv::Reader::from_reader(codes.as_slice());
    let codes: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(codes.len(), 7);
    assert_eq!((&codes[0][0], &codes[0][1]), ("2", "'=HYPERLINK(1)"));
    let verifier = common::border(issuer);
    for row in &codes {
        for text in [&row[3], &row[4]] {
            let valid = verifier.verify(text, issuer.clock.now()).result.unwrap();
            assert_eq!(valid.payload()["v"][0]["ci"], row[2]);
        }
        assert_eq!(&row[5], "2027-11-28T03:00:00Z");
    }

    let zip = take(issuer.job_zip(&lan, job.id, 1).await.unwrap()).await;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    assert_eq!(zip.len(), 14);
    let mut entry = zip.by_index(0).unwrap();
    let name = entry.name().unwrap().into_owned();
    assert!(
        name.starts_with("000002-") && name.ends_with("-n.png"),
        "{name}"
    );
    assert_eq!(entry.compression(), zip::CompressionMethod::Stored);
    let picture = dir.path().join("code.png");
    std::io::copy(&mut entry, &mut std::fs::File::create(&picture).unwrap()).unwrap();
    let read = Command::new("zbarimg")
        .args(["-q", "--raw", "-Sdisable", "-Sqrcode.enable"])
        .arg(&picture)
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(read.stdout).unwrap().trim_end(),
        &codes[0][3]
    );

    for (kind, pages) in [("fold", 7), ("card", 14), ("label", 14)] {
        let kind_of = Paper::kind_of(kind).unwrap();
        let paper = Paper {
            kind: kind_of,
            part: 1,
        };
        let pdf = take(issuer.job_pdf(&lan, job.id, paper).await.unwrap()).await;
        let path = dir.path().join(format!("{kind}.pdf"));
        std::fs::write(&path, pdf).unwrap();
        let said = Command::new("pdfinfo").arg(&path).output().unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        let found = said
            .lines()
            .find_map(|line| line.strip_prefix("Pages:"))
            .unwrap();
        let found: i32 = found.trim().parse().unwrap();
        assert!(found >= pages, "{kind}: {found} pages");
    }
    let sql = "SELECT COUNT(*) FROM certificates WHERE prints = 3";
    assert_eq!(world.number(sql).await, 7);
    let missing = Paper {
        kind: print::Kind::Fold,
        part: 2,
    };
    assert!(issuer.job_pdf(&lan, job.id, missing).await.is_err());
    assert!(issuer.job_zip(&lan, job.id, i64::MAX).await.is_err());
    assert!(issuer.job_zip(&lan, job.id, i64::MIN).await.is_err());
}

/// Old jobs go; what they made stays.
async fn forgotten(world: &World) {
    let issuer = &world.issuer;
    let before = world.number("SELECT COUNT(*) FROM certificates").await;
    let mut tx = issuer.store.write().await.unwrap();
    let now = issuer.clock.now().unix();
    assert_eq!(tx.remove_jobs(now, 100).await.unwrap(), 0);
    assert!(tx.remove_jobs(now + 1, 5).await.unwrap() == 5);
    while tx.remove_jobs(now + 1, 5).await.unwrap() > 0 {}
    tx.commit().await.unwrap();
    for sql in [
        "SELECT COUNT(*) FROM jobs",
        "SELECT COUNT(*) FROM job_rows",
        "SELECT COUNT(*) FROM job_chunks",
    ] {
        assert_eq!(world.number(sql).await, 0, "{sql}");
    }
    assert_eq!(
        world.number("SELECT COUNT(*) FROM certificates").await,
        before
    );
}

/// Limits refuse rows; they can be taken later, or corrected and sent again.
async fn limits(world: &World) {
    let issuer = &world.issuer;
    let lan = user("lan");
    let job = send(issuer, &lan, csv(&rows(0..30))).await;
    let job = run(issuer, &lan, &job).await;
    assert_eq!(counts(&job), (20, 0, 10));
    let failed = issuer
        .job_failures(&lan, job.id, service::language::Language::En)
        .await
        .unwrap();
    let failed = take(failed).await;
    let text = String::from_utf8(failed.clone()).unwrap();
    assert!(
        text.contains("A limit of certificates was reached"),
        "{text}"
    );
    world.clock.set(common::at("2026-11-28T05:00:00Z"));
    assert_eq!(counts(&run(issuer, &lan, &job).await), (30, 0, 0));
    let again = send(issuer, &lan, failed).await;
    assert_eq!((again.rows, again.refused), (10, 0));
    assert_eq!(counts(&run(issuer, &lan, &again).await), (0, 10, 0));
}

/// In three steps: the clerk's rows wait for the officer, and his for the authority.
async fn three_steps(world: &World) {
    let issuer = &world.issuer;
    let (lan, tuan, bo) = (user("lan"), user("tuan"), user("bo"));
    let mut beyond = upload(csv(&rows(0..3)));
    beyond.upto = Some(Upto::Certified);
    let refused = issuer.upload(&lan, beyond).await.unwrap_err();
    assert!(matches!(refused, Refusal::Role(_)), "{refused:?}");
    let job = send(issuer, &lan, csv(&rows(0..600))).await;
    assert_eq!(job.upto, "recorded");
    assert!(issuer.run_job(&tuan, job.id).await.is_err());
    let job = run(issuer, &lan, &job).await;
    assert_eq!(counts(&job), (600, 0, 0));
    assert_eq!(world.number("SELECT COUNT(*) FROM certificates").await, 0);
    assert!(issuer.run_job(&bo, job.id).await.is_err());
    let job = run(issuer, &tuan, &job).await;
    assert_eq!((counts(&job), job.upto.as_str()), ((600, 0, 0), "approved"));
    let sql = "SELECT COUNT(*) FROM records WHERE state = 'approved' AND approved_by = 'user:tuan'";
    assert_eq!(world.number(sql).await, 600);
    let job = run(issuer, &bo, &job).await;
    assert_eq!(
        (counts(&job), job.upto.as_str()),
        ((600, 0, 0), "certified")
    );
    let sql = "SELECT COUNT(*) FROM job_rows r JOIN certificates c ON c.id = r.certificate";
    assert_eq!(world.number(sql).await, 600);
    assert!(issuer.run_job(&bo, job.id).await.is_err());
    world.audited().await;
}

async fn contract(world: &World) {
    forms(world).await;
    corrected(world).await;
    warnings(world).await;
    asked_twice(world).await;
    at_once(world).await;
    cancelled(world).await;
    scope(world).await;
    wrong_files(world).await;
    exports(world).await;
    forgotten(world).await;
    world.audited().await;
}

fn limited() -> Settings {
    let mut settings = one_step();
    settings.limits.site_hour = 20;
    settings
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqlite() {
    contract(&World::sqlite(one_step()).await).await;
    limits(&World::sqlite(limited()).await).await;
    three_steps(&World::sqlite(settings()).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn postgres() {
    let Some(cluster) = common::postgres::start() else {
        return;
    };
    contract(&World::postgres(&cluster, "bulk", one_step()).await).await;
    limits(&World::postgres(&cluster, "limits", limited()).await).await;
    three_steps(&World::postgres(&cluster, "steps", settings()).await).await;
}

#[test]
fn steps_by_role() {
    let job = |state: &str, upto: Upto, made: i64| JobRow {
        id: "00000000000000000000000000000000".parse().unwrap(),
        form: "csv".into(),
        site: SITE.into(),
        name: "-".into(),
        upto: upto.name().into(),
        state: state.into(),
        rows: 10,
        refused: 0,
        unconfirmed: 0,
        confirmed: false,
        made,
        known: 0,
        failed: 0,
        created_at: 0,
        created_by: "user:lan".into(),
        run_by: None,
        started_at: Some(0),
        finished_at: None,
    };
    let next = |job: &JobRow, name: &str| job.next(&user(name));
    let checked = job("checked", Upto::Recorded, 0);
    assert_eq!(next(&checked, "lan"), Some(Next::Run));
    assert_eq!(next(&checked, "tuan"), None);
    let done = job("done", Upto::Recorded, 10);
    assert_eq!(next(&done, "lan"), None);
    assert_eq!(next(&done, "tuan"), Some(Next::Further(Upto::Approved)));
    assert_eq!(next(&done, "bo"), None);
    let approved = job("done", Upto::Approved, 10);
    assert_eq!(next(&approved, "bo"), Some(Next::Further(Upto::Certified)));
    assert_eq!(next(&job("running", Upto::Recorded, 5), "lan"), None);
    let half = job("running", Upto::Recorded, 5).progress(10);
    assert_eq!((half.done, half.left), (5, Some(10)));
}
