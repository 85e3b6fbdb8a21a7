//! Personal data goes when its time is over, out of the files too; what revocation needs stays.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{DAY, NOW, SITE, World, at, dose, entry, place, postgres, record, settings, user};
use issuer::{
    domain::{
        certificates::{Reason, ReasonKind, Which},
        desk::Upto,
        retention::Removed,
    },
    store,
};

/// Somebody whose name and numbers stand nowhere else.
const NAME: &str = "Quách Thị Xuyến";
const PASSPORT_NAME: &str = "QUACH";
const CCCD: &str = "079198765432";

fn rare(day: &str, dose: &str) -> intake::record::Record {
    record(&[
        ("full_name", NAME),
        ("birth_date", "1998-07-09"),
        ("sex", "Nữ"),
        ("cccd", CCCD),
        ("product", "Comirnaty"),
        ("lot", "FK0595"),
        ("dose", dose),
        ("date", day),
    ])
}

async fn fill(world: &World) {
    let issuer = &world.issuer;
    let actor = user("ca");
    let mut all = vec![entry(rare("2026-11-20", "1/2"), Upto::Certified)];
    all.extend((0..3).map(|number| entry(dose(number), Upto::Certified)));
    // Never certified.
    all.push(entry(dose(77), Upto::Recorded));
    for made in issuer.take_all(&actor, all).await.unwrap() {
        made.unwrap();
    }
    // Somebody without an event.
    let person = dose(55).person;
    issuer
        .add_person(&user("lan"), &place(SITE), &person)
        .await
        .unwrap();
    world
        .meddle(
            "INSERT INTO idempotency (scope, key, digest, outcome, at) \
             SELECT 'client:x', path, (SELECT key_spki FROM places WHERE level = 'site' LIMIT 1), '', \
             created_at FROM places",
        )
        .await;
}

async fn people(world: &World) -> i64 {
    world
        .number("SELECT COUNT(*) FROM persons WHERE family <> '' AND erased_at IS NULL")
        .await
}

async fn on_both(name: &str, test: impl AsyncFn(World)) {
    test(World::sqlite(settings()).await).await;
    if let Some(cluster) = postgres::start() {
        test(World::postgres(&cluster, name, settings()).await).await;
    }
}

#[tokio::test]
async fn goes_when_its_time_is_over() {
    on_both("retention", async |world| {
        let issuer = &world.issuer;
        fill(&world).await;
        let days = |days: i64| world.clock.set(at(NOW).plus_seconds(days * DAY));
        assert_eq!(people(&world).await, 6);
        assert_eq!(issuer.remove_old().await.unwrap(), Removed::default());
        days(8);
        let keys = issuer.remove_old().await.unwrap();
        assert_eq!((keys.keys, keys.persons), (5, 0));
        // Who was only recorded, and who has no event, after a year.
        days(366);
        let removed = issuer.remove_old().await.unwrap();
        assert_eq!(
            (removed.records, removed.persons, removed.certificates),
            (1, 2, 0)
        );
        assert_eq!(people(&world).await, 4);
        // A year after the end of a certificate, not a day earlier.
        days(729);
        assert!(!issuer.remove_old().await.unwrap().is_any());
        let hashes = "SELECT COUNT(DISTINCT uvci_hash) FROM certificates WHERE issued_at > 0 AND \
                      national_kid IS NOT NULL AND international_kid IS NOT NULL";
        assert_eq!(world.number(hashes).await, 4);
        days(731);
        let removed = issuer.remove_old().await.unwrap();
        assert_eq!(
            (removed.certificates, removed.records, removed.persons),
            (4, 4, 4)
        );
        assert_eq!(people(&world).await, 0);
        let left = "SELECT COUNT(*) FROM certificates WHERE national IS NOT NULL OR \
                    international IS NOT NULL OR uvci LIKE 'URN%'";
        assert_eq!(world.number(left).await, 0);
        let left = "SELECT COUNT(*) FROM records WHERE content <> '' OR approval IS NOT NULL";
        assert_eq!(world.number(left).await, 0);
        // What revocation needs stays, and a revocation is still told.
        assert_eq!(world.number(hashes).await, 4);
        let reason = Reason {
            kind: ReasonKind::Fraud,
            text: String::new(),
        };
        let lot = Which::Lot("FK0595".into());
        assert_eq!(
            issuer.revoke(&user("bo"), &lot, &reason, 4).await.unwrap(),
            4
        );
        let mut tx = issuer.store.read().await.unwrap();
        assert!(!tx.outbox_due(i64::MAX, 10).await.unwrap().is_empty());
        drop(tx);
        assert!(world.audited().await > 8);
    })
    .await;
}

#[tokio::test]
async fn who_has_something_younger_stays() {
    on_both("younger", async |world| {
        let issuer = &world.issuer;
        fill(&world).await;
        world.clock.set(at(NOW).plus_seconds(300 * DAY));
        let booster = entry(rare("2027-09-20", "2/2"), Upto::Certified);
        issuer.take(&user("ca"), booster).await.unwrap();
        world.clock.set(at(NOW).plus_seconds(731 * DAY));
        issuer.remove_old().await.unwrap();
        assert_eq!(people(&world).await, 1);
        assert_eq!(
            world
                .number("SELECT COUNT(*) FROM records WHERE content <> ''")
                .await,
            1
        );
        world.clock.set(at(NOW).plus_seconds(1031 * DAY));
        assert_eq!(issuer.remove_old().await.unwrap().persons, 1);
    })
    .await;
}

/// Looks through the file and its log for a text.
fn is_in_files(address: &str, text: &str) -> bool {
    let path = address.strip_prefix("sqlite:").unwrap();
    ["", "-wal", "-journal"].iter().any(|end| {
        let bytes = std::fs::read(format!("{path}{end}")).unwrap_or_default();
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    })
}

#[tokio::test]
async fn nothing_is_left_in_the_file() {
    let world = World::sqlite(settings()).await;
    fill(&world).await;
    let rare = [PASSPORT_NAME, "Quách", "Xuyến", CCCD];
    store::sweep(&world.address, false).await.unwrap();
    for text in rare {
        assert!(
            is_in_files(&world.address, text),
            "{text} should be there before"
        );
    }
    world.clock.set(at(NOW).plus_seconds(731 * DAY));
    world.issuer.remove_old().await.unwrap();
    store::sweep(&world.address, false).await.unwrap();
    for text in rare {
        assert!(!is_in_files(&world.address, text), "{text} is left");
    }
    // Nor in free space, whoever else wrote there before.
    store::sweep(&world.address, true).await.unwrap();
    for text in rare.into_iter().chain(["HC1:", "URN:UVCI"]) {
        assert!(!is_in_files(&world.address, text), "{text} is left");
    }
    world.audited().await;
}
