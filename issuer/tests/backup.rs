//! Backups: of one moment while others write, on both engines and from one to the other; damaged ones are
//! refused.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use common::{World, at, dose, entry, postgres, settings, user};
use hcert::time::Timestamp;
use issuer::{
    backup::{self, BackupError, Passphrase},
    domain::{
        certificates::{Reason, ReasonKind, Which},
        desk::Upto,
    },
    store::Store,
};
use service::{on, vault::Vault};
use zeroize::Zeroizing;

fn now() -> Timestamp {
    at(common::NOW)
}

async fn fill(world: &World) {
    let issuer = &world.issuer;
    let all = (0..40).map(|number| {
        let upto = if number < 30 {
            Upto::Certified
        } else {
            Upto::Recorded
        };
        entry(dose(number), upto)
    });
    for made in issuer.take_all(&user("ca"), all.collect()).await.unwrap() {
        made.unwrap();
    }
    let reason = Reason {
        kind: ReasonKind::Lot,
        text: "kho hỏng \u{1f9ca} \"lạnh\"\n".into(),
    };
    let lot = Which::Lot("FK0595".into());
    issuer.revoke(&user("bo"), &lot, &reason, 30).await.unwrap();
}

/// Every row of the tables that matter, as text that is the same on both engines.
async fn content(store: &Store) -> Vec<String> {
    let mut tx = store.read().await.unwrap();
    let mut all = Vec::new();
    for sql in [
        "SELECT path || name || level || created_at FROM places ORDER BY path",
        "SELECT name || roles || place || password FROM users ORDER BY name",
        "SELECT family || given || birth || cccd || created_at FROM persons ORDER BY cccd",
        "SELECT content || state || fingerprint || recorded_at FROM records ORDER BY fingerprint",
        "SELECT uvci || national || international || state || reason FROM certificates ORDER BY uvci",
        "SELECT id || body FROM outbox ORDER BY id",
        "SELECT seq || hash FROM audit ORDER BY seq",
    ] {
        let rows: Vec<Option<String>> =
            on!(tx, db => sqlx::query_scalar(sql).fetch_all(db).await.unwrap());
        assert!(!rows.is_empty(), "{sql}");
        all.extend(rows.into_iter().flatten());
    }
    all.sort();
    all
}

async fn back(from: &World, into: &Store, file: &Path, passphrase: Option<&Passphrase>) {
    let issuer = &from.issuer;
    let written = backup::dump(&issuer.store, &issuer.vault, file, passphrase, now())
        .await
        .unwrap();
    let restored = backup::restore(into, &issuer.vault, file, passphrase)
        .await
        .unwrap();
    assert_eq!(written, restored);
    assert_eq!(content(&issuer.store).await, content(into).await);
    // Work goes on there: numbers and chains continue, sealed site keys open.
    let issuer = common::issuer(into.clone(), from.clock.clone(), settings());
    issuer
        .take(&user("ca"), entry(dose(999), Upto::Certified))
        .await
        .unwrap();
    let reason = Reason {
        kind: ReasonKind::Fraud,
        text: String::new(),
    };
    let by = Which::By("user:ca".into(), 0, i64::MAX);
    let count = issuer.count(&user("bo"), &by).await.unwrap();
    issuer
        .revoke(&user("bo"), &by, &reason, count)
        .await
        .unwrap();
    let mut tx = into.read().await.unwrap();
    tx.audit_check().await.unwrap().unwrap();
}

#[tokio::test]
async fn on_sqlite_and_from_there_to_postgresql_and_back() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name);
    let sqlite = async |name: &str| {
        Store::open(&format!("sqlite:{}", file(name).display()))
            .await
            .unwrap()
    };
    let world = World::sqlite(settings()).await;
    fill(&world).await;
    back(&world, &sqlite("a.sqlite").await, &file("a"), None).await;
    let passphrase = Passphrase::new(Zeroizing::new("twelve letters".into())).unwrap();
    back(
        &world,
        &sqlite("b.sqlite").await,
        &file("b"),
        Some(&passphrase),
    )
    .await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(file("a")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let sealed = std::fs::read(file("b")).unwrap();
    assert!(
        !sealed
            .windows(4)
            .any(|window| window == b"\x1f\x8b\x08\x00")
    );
    let Some(cluster) = postgres::start() else {
        return;
    };
    let other = Store::open(&cluster.database("moved")).await.unwrap();
    back(&world, &other, &file("c"), Some(&passphrase)).await;
    let world = World::postgres(&cluster, "first", settings()).await;
    fill(&world).await;
    let other = Store::open(&cluster.database("second")).await.unwrap();
    back(&world, &other, &file("d"), None).await;
    back(&world, &sqlite("e.sqlite").await, &file("e"), None).await;
}

#[tokio::test]
async fn of_one_moment_while_others_write() {
    let run = async |world: World| {
        let dir = tempfile::tempdir().unwrap();
        let end = Arc::new(AtomicBool::new(false));
        let (issuer, ended) = (Arc::clone(&world.issuer), Arc::clone(&end));
        let writing = tokio::spawn(async move {
            let mut number = 0;
            while !ended.load(Ordering::Relaxed) {
                let entries = (number..number + 5).map(|n| entry(dose(n), Upto::Certified));
                for made in issuer
                    .take_all(&user("ca"), entries.collect())
                    .await
                    .unwrap()
                {
                    made.unwrap();
                }
                number += 5;
            }
            number
        });
        for round in 0..4 {
            let file = dir.path().join(format!("{round}"));
            let issuer = &world.issuer;
            backup::dump(&issuer.store, &issuer.vault, &file, None, now())
                .await
                .unwrap();
            let address = format!(
                "sqlite:{}",
                dir.path().join(format!("{round}.db")).display()
            );
            let store = Store::open(&address).await.unwrap();
            // Restoring checks the audit log; whole batches or nothing are in it.
            backup::restore(&store, &issuer.vault, &file, None)
                .await
                .unwrap();
            let mut tx = store.read().await.unwrap();
            let sql = "SELECT (SELECT COUNT(*) FROM records) * 1000 + \
                       (SELECT COUNT(*) FROM certificates)";
            let both: i64 = on!(tx, db => sqlx::query_scalar(sql).fetch_one(db).await.unwrap());
            assert_eq!(both / 1000, both % 1000);
            assert_eq!(both % 5, 0);
        }
        end.store(true, Ordering::Relaxed);
        assert!(writing.await.unwrap() > 0);
    };
    run(World::sqlite(settings()).await).await;
    if let Some(cluster) = postgres::start() {
        run(World::postgres(&cluster, "writing", settings()).await).await;
    }
}

#[tokio::test]
async fn what_is_damaged_is_refused_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::sqlite(settings()).await;
    fill(&world).await;
    let issuer = &world.issuer;
    let file = dir.path().join("backup");
    backup::dump(&issuer.store, &issuer.vault, &file, None, now())
        .await
        .unwrap();
    let whole = std::fs::read(&file).unwrap();
    let address = format!("sqlite:{}", dir.path().join("new.sqlite").display());
    let store = Store::open(&address).await.unwrap();
    let restore = async |bytes: &[u8]| {
        let damaged = dir.path().join("damaged");
        std::fs::write(&damaged, bytes).unwrap();
        backup::restore(&store, &issuer.vault, &damaged, None).await
    };
    for end in [
        0,
        10,
        200,
        whole.len() / 2,
        whole.len() - 12,
        whole.len() - 1,
    ] {
        assert!(restore(&whole[..end]).await.is_err(), "{end}");
    }
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut changed = whole.clone();
        changed[at] ^= 4;
        assert!(restore(&changed).await.is_err(), "{at}");
    }
    // By somebody who can pack, but not make the digest or the chain anew.
    let lines = unpacked(&whole);
    for (what, changed) in [
        ("a name", lines.replace("Trần", "Hồng")),
        ("a row", without(&lines, |line| line.contains("Trạm y tế"))),
        (
            "the end",
            without(&lines, |line| line.starts_with("{\"end\"")),
        ),
        ("more", format!("{lines}[]\n")),
        ("the format", lines.replace("\"format\":1", "\"format\":2")),
    ] {
        assert_ne!(changed, lines, "{what}");
        assert!(restore(&packed(&changed)).await.is_err(), "{what}");
    }
    // Who makes the digest anew too can't make the chain of the audit log.
    for at in [0, 5] {
        let error = restore(&packed(&without_audit(&lines, at)))
            .await
            .unwrap_err();
        assert!(matches!(error, BackupError::Audit(_)), "{error}");
    }
    let another = Vault::new(&[1; 32]);
    let refused = backup::restore(&store, &another, &file, None).await;
    assert!(matches!(refused, Err(BackupError::Secret)));
    // Nothing of all that is there; the whole one goes in, and no second one.
    let restored = restore(&whole).await;
    restored.unwrap();
    assert!(matches!(
        restore(&whole).await,
        Err(BackupError::NotEmpty(_))
    ));
    assert_eq!(content(&issuer.store).await, content(&store).await);
}

const HEAD: usize = "hcert issuer backup 1\n{\"sealing\":null}\n".len();

fn unpacked(file: &[u8]) -> String {
    let mut text = String::new();
    let mut reader = flate2::read::GzDecoder::new(&file[HEAD..]);
    std::io::Read::read_to_string(&mut reader, &mut text).unwrap();
    text
}

fn packed(lines: &str) -> Vec<u8> {
    let mut out = b"hcert issuer backup 1\n{\"sealing\":null}\n".to_vec();
    let mut writer = flate2::write::GzEncoder::new(&mut out, flate2::Compression::fast());
    std::io::Write::write_all(&mut writer, lines.as_bytes()).unwrap();
    writer.finish().unwrap();
    out
}

fn without(lines: &str, which: impl Fn(&str) -> bool) -> String {
    let mut gone = false;
    let kept = lines.lines().filter(|line| {
        let this = !gone && which(line);
        gone |= this;
        !this
    });
    kept.map(|line| format!("{line}\n")).collect()
}

/// Without one entry of the audit log, and with the digest and the numbers of rows of what is left.
fn without_audit(lines: &str, at: usize) -> String {
    use sha2::Digest as _;
    let (body, end) = lines.trim_end().rsplit_once('\n').unwrap();
    let start = body.find("{\"table\":\"audit\"}\n").unwrap();
    let mut rows: Vec<&str> = body[start..].lines().collect();
    rows.remove(at + 1);
    let body = format!("{}{}\n", &body[..start], rows.join("\n"));
    let digest = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(body.as_bytes()));
    let mut end: serde_json::Value = serde_json::from_str(end).unwrap();
    let before = end["end"]["rows"]["audit"].as_u64().unwrap();
    end["end"]["rows"]["audit"] = (before - 1).into();
    end["end"]["sha256"] = digest.into();
    format!("{body}{end}\n")
}
