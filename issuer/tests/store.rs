//! The database under the desk: limits, alarms, keys, two processes, on both engines; and records that
//! come back as they were.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::sync::Arc;

use common::{
    NOW, OTHER_SITE, SITE, World, at, client, dose, entry, place, record, settings, user,
};
use intake::draft::{Draft, Settings as Reading};
use issuer::{
    domain::{
        Refusal,
        alarms::AlarmKind,
        content,
        desk::{Entry, Upto, Whom},
        persons::{Likeness, Search},
        settings::Settings,
    },
    id::Id,
    store::{OnceRow, TallyRow, Within},
};
use proptest::prelude::*;
use service::on;

/// As [`settings`], with limits that are soon reached.
fn strict() -> Settings {
    let mut settings = settings();
    settings.one_step = true;
    settings.limits.clerk_hour = 30;
    settings.limits.site_hour = 60;
    settings.limits.client_hour = 20;
    settings.limits.client_minute_alarm = 10;
    settings.limits.person_day = 3;
    settings.limits.person_month_alarm = 3;
    settings
}

async fn alarms(world: &World, kind: AlarmKind) -> Vec<(String, i64)> {
    let all = world.issuer.alarms(&user("bo"), true).await.unwrap();
    let all = all.into_iter().filter(|alarm| alarm.kind == kind.name());
    all.map(|alarm| (alarm.subject, alarm.count)).collect()
}

fn certify(number: u32) -> Entry {
    entry(dose(number), Upto::Certified)
}

async fn take_many(world: &World, name: &str, numbers: std::ops::Range<u32>) -> (usize, usize) {
    let entries = numbers.map(certify).collect();
    let outcomes = world.issuer.take_all(&user(name), entries).await.unwrap();
    let made = outcomes.iter().filter(|one| one.is_ok()).count();
    for one in outcomes {
        assert!(matches!(one, Ok(_) | Err(Refusal::Limit { .. })), "{one:?}");
    }
    (
        made,
        world
            .number("SELECT COUNT(*) FROM certificates")
            .await
            .try_into()
            .unwrap(),
    )
}

/// Beyond a limit nothing is issued, and what is refused is not counted.
async fn limits(world: &World) {
    assert_eq!(take_many(world, "lan", 0..25).await, (25, 25));
    // Nobody else is at work yet: nothing to compare with.
    assert!(alarms(world, AlarmKind::ClerkAbove).await.is_empty());
    assert_eq!(take_many(world, "mai", 100..103).await, (3, 28));
    assert_eq!(take_many(world, "lan", 25..40).await, (5, 33));
    assert_eq!(
        alarms(world, AlarmKind::ClerkAbove).await,
        [("clerk:lan".into(), 1)]
    );
    assert_eq!(
        alarms(world, AlarmKind::Limit).await,
        [("clerk:lan".into(), 10)]
    );
    let refused = world
        .issuer
        .take(&user("lan"), certify(50))
        .await
        .unwrap_err();
    assert!(
        matches!(
            refused,
            Refusal::Limit {
                what: "one clerk",
                limit: 30,
                ..
            }
        ),
        "{refused:?}"
    );
    // A program, all at once: its own limit.
    let mut tasks = Vec::new();
    for number in 200..230 {
        let issuer = Arc::clone(&world.issuer);
        tasks.push(tokio::spawn(async move {
            issuer.take(&client("his"), certify(number)).await
        }));
    }
    let mut made = 0;
    for task in tasks {
        made += usize::from(task.await.unwrap().is_ok());
    }
    assert_eq!(made, 20);
    assert_eq!(
        alarms(world, AlarmKind::ClientBurst).await[0].0,
        "client:his"
    );
    // The site's: seven are left of sixty.
    assert_eq!(take_many(world, "hung", 300..310).await.0, 7);
    let hour = at(NOW).unix() / 3600;
    let tallies: Vec<TallyRow> = {
        let mut tx = world.issuer.store.read().await.unwrap();
        let sql = "SELECT subject, hour, count FROM tallies ORDER BY subject";
        on!(tx, db => sqlx::query_as(sql).fetch_all(db).await.unwrap())
    };
    let of = |subject: &str| {
        tallies
            .iter()
            .find(|row| row.subject == subject)
            .map(|row| (row.hour, row.count))
    };
    assert_eq!(of("clerk:lan"), Some((hour, 30)));
    assert_eq!(of("clerk:hung"), Some((hour, 7)));
    assert_eq!(of(&format!("site:{SITE}")), Some((hour, 60)));
    assert_eq!(of("client:his"), Some((hour, 20)));
    // An hour later it begins anew; at night it is done and noticed.
    world.clock.set(at("2026-11-28T16:00:00Z"));
    assert_eq!(take_many(world, "lan", 50..52).await.0, 2);
    assert_eq!(
        alarms(world, AlarmKind::Night).await,
        [("clerk:lan".into(), 1)]
    );
    world.clock.set(at(NOW));
}

/// One person gets only so many in a day, and many raise an alarm that names no person.
async fn one_person(world: &World) {
    world.clock.set(at("2026-11-29T03:00:00Z"));
    let of_day = |which: &str, day: &str| {
        let fields = [
            ("full_name", "Lý Thị Nga"),
            ("birth_date", "1950"),
            ("passport", "C7654321"),
            ("product", "Comirnaty"),
            ("dose", which),
            ("date", day),
        ];
        let mut entry = entry(record(&fields), Upto::Certified);
        entry.confirmed = true;
        entry
    };
    let days = ["2026-01-10", "2026-03-10", "2026-06-10", "2026-10-10"];
    let mut outcomes = Vec::new();
    for (which, day) in ["1/2", "2/2", "3/3", "4/4"].iter().zip(days) {
        outcomes.push(world.issuer.take(&user("hung"), of_day(which, day)).await);
    }
    let refused = outcomes.pop().unwrap().unwrap_err();
    assert!(
        matches!(
            refused,
            Refusal::Limit {
                what: "one person",
                ..
            }
        ),
        "{refused:?}"
    );
    let made: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    assert!(made.iter().all(|one| one.person == made[0].person));
    let many = alarms(world, AlarmKind::PersonMany).await;
    assert_eq!(
        many,
        [(format!("certificate:{}", made[2].certificate.unwrap()), 1)]
    );
    world.clock.set(at(NOW));
}

/// An alarm is seen with a note, by whom it concerns, and opens again when it happens again.
async fn seeing_alarms(world: &World) {
    let issuer = &world.issuer;
    let open = issuer.open_alarms(&user("bo")).await.unwrap();
    let all = issuer.alarms(&user("tuan"), true).await.unwrap();
    let one = all.iter().find(|alarm| alarm.kind == "night").unwrap();
    assert!(issuer.see_alarm(&user("lan"), one.id, "x").await.is_err());
    assert!(issuer.see_alarm(&user("tuan"), one.id, " ").await.is_err());
    let nobody = issuer
        .see_alarm(&user("tuan"), Id::new(at(NOW)).unwrap(), "x")
        .await
        .unwrap_err();
    assert!(matches!(nobody, Refusal::NotFound("alarm")));
    issuer
        .see_alarm(&user("tuan"), one.id, "Trực đêm")
        .await
        .unwrap();
    assert_eq!(issuer.open_alarms(&user("bo")).await.unwrap(), open - 1);
    assert!(
        issuer
            .alarms(&user("binh"), false)
            .await
            .unwrap()
            .is_empty()
    );
    world.clock.set(at("2026-11-28T16:30:00Z"));
    assert_eq!(take_many(world, "lan", 52..53).await.0, 1);
    assert_eq!(
        alarms(world, AlarmKind::Night).await,
        [("clerk:lan".into(), 2)]
    );
    world.clock.set(at(NOW));
}

/// People: found by what is known, and by nobody who has nothing to do with them.
async fn people(world: &World) {
    let issuer = &world.issuer;
    world.clock.set(at("2026-11-30T03:00:00Z"));
    let made = issuer.take(&user("hung"), certify(400)).await.unwrap();
    let person = issuer.person(&user("hung"), made.person).await.unwrap();
    let number = person.cccd.clone().unwrap();
    let search = |number: &str, name: &str, birth: &str| Search {
        number: Some(number.into()),
        name: Some(name.into()),
        birth: Some(birth.into()),
        after: None,
    };
    let hidden = issuer.person(&user("binh"), made.person).await.unwrap_err();
    assert!(matches!(hidden, Refusal::NotFound("person")));
    assert!(
        issuer
            .find(&user("binh"), &search(&number, "", ""))
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        issuer
            .find(&user("binh"), &search(&number, "", "1998"))
            .await
            .unwrap()
            .is_empty()
    );
    for (name, birth) in [
        ("binh", person.birth.as_str()),
        ("hung", ""),
        ("bo", "1998"),
    ] {
        let found = issuer
            .find(&user(name), &search(&number, "", birth))
            .await
            .unwrap();
        assert_eq!(
            found.iter().map(|row| row.id).collect::<Vec<_>>(),
            [made.person],
            "{name}"
        );
    }
    let found = issuer
        .find(&user("hung"), &search("", "nga ly", ""))
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert!(
        issuer
            .find(&user("binh"), &search("", "nga ly", ""))
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        issuer
            .find(&user("hung"), &Search::default())
            .await
            .is_err()
    );
    // Whoever holds the document in hand may go on with the person at another site.
    let fields = [
        ("full_name", "x"),
        ("birth_date", "1998"),
        ("product", "Comirnaty"),
        ("dose", "2/2"),
        ("date", "2026-11-30"),
    ];
    let mut second = record(&fields);
    second.person = dose(400).person;
    let mut elsewhere = entry(second.clone(), Upto::Recorded);
    elsewhere.site = place(OTHER_SITE);
    elsewhere.whom = Whom::Known(made.person);
    elsewhere.confirmed = true;
    let refused = issuer
        .take(&user("binh"), elsewhere.clone())
        .await
        .unwrap_err();
    assert!(
        matches!(refused, Refusal::Findings(_)),
        "three days after the first: {refused:?}"
    );
    let looked = issuer
        .look(
            &user("binh"),
            &place(OTHER_SITE),
            Whom::Known(made.person),
            &second,
        )
        .await
        .unwrap();
    assert!(
        looked
            .findings
            .iter()
            .any(|one| one.problem().code() == "dose_too_soon")
    );
    assert_eq!(
        (looked.recorded, looked.alike[0].why),
        (None, Likeness::Same)
    );
    let mut stranger = second.clone();
    stranger.person = dose(401).person;
    let refused = issuer
        .look(
            &user("binh"),
            &place(OTHER_SITE),
            Whom::Known(made.person),
            &stranger,
        )
        .await
        .unwrap_err();
    assert!(
        matches!(refused, Refusal::NotFound("person")),
        "{refused:?}"
    );
    // The same number under another name is shown, and is somebody else.
    let mut other = dose(402);
    other.person.documents = dose(400).person.documents;
    let looked = issuer
        .look(&user("hung"), &place(SITE), Whom::Same, &other)
        .await
        .unwrap();
    assert_eq!(looked.alike[0].why, Likeness::Document);
    let recorded = issuer
        .look(&user("hung"), &place(SITE), Whom::Same, &dose(400))
        .await
        .unwrap();
    assert_eq!(recorded.recorded, Some(made.record));
    // Without documents: the same birth and a name alike.
    let fields = [
        ("full_name", "Ly Nga"),
        ("birth_date", "1950"),
        ("product", "Comirnaty"),
        ("dose", "1/2"),
        ("date", "2026-11-30"),
    ];
    let alike = issuer
        .alike(&user("hung"), &record(&fields).person)
        .await
        .unwrap();
    assert!(
        alike.iter().all(|one| one.why == Likeness::Name),
        "{alike:?}"
    );
    let added = issuer
        .add_person(&user("binh"), &place(OTHER_SITE), &dose(403).person)
        .await
        .unwrap();
    assert_eq!(
        issuer.person(&user("binh"), added).await.unwrap().cccd,
        dose(403)
            .person
            .documents
            .cccd
            .map(|number| number.as_str().to_owned())
    );
    assert_eq!(
        issuer
            .records_of(&user("hung"), made.person)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        issuer
            .certificates_of(&user("hung"), made.person)
            .await
            .unwrap()
            .len(),
        1
    );
    world.clock.set(at(NOW));
}

/// Lots that were delivered elsewhere are noticed, once a site keeps account.
async fn lots(world: &World) {
    world
        .meddle(
            "INSERT INTO deliveries (site, product, lot, doses, delivered_on, at, by_whom) \
        VALUES ('VN/79/26734/BN1', 'EU/1/20/1528', 'AB1234', 100, '2026-11-01', 0, 'user:quan')",
        )
        .await;
    let looked = world
        .issuer
        .look(&user("lan"), &place(SITE), Whom::Same, &dose(410))
        .await
        .unwrap();
    assert!(
        looked
            .findings
            .iter()
            .any(|one| one.problem().code() == "lot_not_delivered"),
        "{looked:?}"
    );
    world.meddle("DELETE FROM deliveries").await;
    let looked = world
        .issuer
        .look(&user("lan"), &place(SITE), Whom::Same, &dose(410))
        .await
        .unwrap();
    assert!(looked.findings.is_empty(), "{looked:?}");
}

/// Rows under keys of the sender: what was made under a key is not made again. (That outcomes are noted
/// with their job is in the tests of bulk work.)
async fn rows_of_jobs(world: &World) {
    world.clock.set(at("2026-12-01T03:00:00Z"));
    let job = Id::new(at(NOW)).unwrap();
    let mut tx = world.issuer.store.write().await.unwrap();
    on!(tx, db => sqlx::query("INSERT INTO jobs (id, form, site, name, upto, state, rows, refused, unconfirmed, report, created_at, created_by) \
        VALUES ($1, 'csv', 'VN/79/26734/BN1', 'a.csv', 'certified', 'running', 4, 0, 0, $2, 0, 'user:lan')")
        .bind(job.bytes().as_slice()).bind(Vec::<u8>::new()).execute(db).await.map(drop).unwrap());
    for line in 2..6_i64 {
        on!(tx, db => sqlx::query("INSERT INTO job_rows (job, line, key, draft, state) VALUES ($1, $2, 'k', '{}', 'waiting')")
            .bind(job.bytes().as_slice()).bind(line).execute(db).await.map(drop).unwrap());
    }
    tx.commit().await.unwrap();
    let row = |number: u32, key: &str, line: i64| {
        let mut entry = certify(number);
        entry.source = "bulk";
        entry.row_key = Some(key.into());
        entry.row = Some((job, line));
        entry
    };
    let mut wrong = row(502, "c", 5);
    wrong.record = record(&[
        ("full_name", "Lê An"),
        ("birth_date", "2030"),
        ("product", "Comirnaty"),
        ("dose", "1/2"),
        ("date", "2026-11-27"),
    ]);
    let rows = vec![row(500, "a", 2), row(500, "a", 3), row(500, "b", 4), wrong];
    let outcomes = world.issuer.take_all(&user("lan"), rows).await.unwrap();
    let [
        Ok(first),
        Ok(again),
        Err(Refusal::Recorded { record }),
        Err(Refusal::Findings(_)),
    ] = &outcomes[..]
    else {
        panic!("{outcomes:?}");
    };
    assert!(first.new && !again.new && first.record == again.record && *record == first.record);
    // Sent again later, under the same key: nothing new.
    let later = world
        .issuer
        .take_all(&user("lan"), vec![row(500, "a", 2)])
        .await
        .unwrap();
    assert_eq!(later[0].as_ref().unwrap().certificate, first.certificate);
    assert!(!later[0].as_ref().unwrap().new);
    world.clock.set(at(NOW));
}

/// Two processes on one database do the same work at the same moment: nothing is made twice.
async fn two_processes(world: &World) {
    let other = world.another().await;
    let before = world.number("SELECT COUNT(*) FROM certificates").await;
    world.clock.set(at("2026-12-02T03:00:00Z"));
    let mut tasks = Vec::new();
    for round in 0..4_u32 {
        for issuer in [&world.issuer, &other] {
            let issuer = Arc::clone(issuer);
            tasks.push(tokio::spawn(async move {
                // Each in another order, and some of the same people with another dose.
                let mut numbers: Vec<u32> = (600..615).collect();
                if round % 2 == 1 {
                    numbers.reverse();
                }
                let entries = numbers.into_iter().map(certify).collect();
                issuer.take_all(&user("ca"), entries).await.unwrap()
            }));
        }
    }
    let mut made = 0;
    for task in tasks {
        for outcome in task.await.unwrap() {
            match outcome {
                Ok(one) => made += i64::from(one.new),
                Err(Refusal::Recorded { .. }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(made, 15);
    assert_eq!(
        world.number("SELECT COUNT(*) FROM certificates").await - before,
        15
    );
    assert_eq!(
        world
            .number(
                "SELECT COUNT(*) - COUNT(DISTINCT cccd) FROM persons WHERE cccd LIKE '0790980006%'"
            )
            .await,
        0
    );
    world.clock.set(at(NOW));
}

/// What the parts of the store promise by themselves.
async fn parts(world: &World) {
    let store = &world.issuer.store;
    let row = OnceRow {
        scope: "user:lan".into(),
        key: "k".into(),
        digest: vec![1; 32],
        outcome: "{}".into(),
        at: 5,
    };
    let mut tx = store.write().await.unwrap();
    tx.add_once(&[&row]).await.unwrap();
    assert_eq!(
        tx.once(&[("user:lan", "k"), ("user:lan", "x")])
            .await
            .unwrap(),
        [row]
    );
    assert_eq!(tx.forget_once(5).await.unwrap(), 0);
    assert_eq!(tx.forget_once(6).await.unwrap(), 1);
    let tally = |subject: &str, hour, count| TallyRow {
        subject: subject.into(),
        hour,
        count,
    };
    let rows = [tally("clerk:x", 1, 2), tally("minute:client:x", 61, 3)];
    tx.tally(&rows).await.unwrap();
    assert_eq!(
        tx.tally(&rows)
            .await
            .unwrap()
            .iter()
            .map(|row| row.count)
            .collect::<Vec<_>>(),
        [4, 6]
    );
    assert_eq!(tx.forget_tallies(1, 61).await.unwrap(), 0);
    assert_eq!(tx.forget_tallies(1, 62).await.unwrap(), 1);
    drop(tx);
    // Ranges of paths hold what lies below, and nothing beside it, in any order of letters.
    let within = Within::of(&place("VN/79"));
    for (path, inside) in [
        ("VN/79", true),
        (SITE, true),
        ("VN/790", false),
        ("VN/79-1", false),
        ("VN", false),
    ] {
        assert_eq!(within.holds(path), inside, "{path}");
        let mut tx = store.read().await.unwrap();
        let sql = "SELECT COUNT(*) FROM places WHERE (path = $1 OR (path >= $2 AND path < $3)) AND path = $4";
        let count: i64 = on!(tx, db => sqlx::query_scalar(sql).bind(&within.at).bind(&within.from).bind(&within.to).bind(path)
            .fetch_one(db).await.unwrap());
        let there = common::PLACES.iter().any(|place| place.0 == path);
        assert_eq!(count == 1, inside && there, "{path}");
    }
}

async fn contract(world: &World) {
    limits(world).await;
    one_person(world).await;
    seeing_alarms(world).await;
    people(world).await;
    lots(world).await;
    rows_of_jobs(world).await;
    two_processes(world).await;
    parts(world).await;
    world.audited().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqlite() {
    contract(&World::sqlite(strict()).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn postgres() {
    let Some(cluster) = common::postgres::start() else {
        return;
    };
    contract(&World::postgres(&cluster, "store", strict()).await).await;
}

/// The service's secret gives one secret for each purpose.
#[tokio::test]
async fn secrets() {
    let world = World::sqlite(settings()).await;
    let issuer = &world.issuer;
    assert_eq!(issuer.secret("a"), issuer.secret("a"));
    assert_ne!(issuer.secret("a"), issuer.secret("b"));
}

/// Records as sites report them.
fn records() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let person = (
        prop::sample::select(vec![
            "Nguyễn Văn Đức",
            "Trần Thị Hương",
            "H' Hen Niê",
            "Lee Min Ho",
            "An",
        ]),
        prop::sample::select(vec!["26/02/1998", "02/1998", "1998", "2020-01-31"]),
        prop::sample::select(vec![
            ("sex", "Nam"),
            ("cmnd", "012345678"),
            ("nationality", "Hàn Quốc"),
            ("bhyt", "DN4790123456789"),
            ("passport", "c1234567"),
        ]),
        prop::sample::select(vec![
            ("passport_family_name", "NGUYEN"),
            ("cccd", "079098000001"),
            ("sex", "nữ"),
        ]),
    );
    let event = prop_oneof![
        (
            "[1-3]",
            prop::sample::select(vec!["Pfizer", "Abdala", "Janssen", "Sputnik V"]),
            "[A-Z0-9]{3,8}",
            "\\PC{0,12}"
        )
            .prop_map(|(dose, product, lot, by)| {
                vec![
                    ("product", product.to_owned()),
                    ("dose", dose),
                    ("lot", lot),
                    ("date", "20/12/2021".into()),
                    ("given_by", by),
                ]
            }),
        ("[A-Za-z0-9 ]{1,20}", "[0-9A-Z]{3,9}").prop_map(|(name, tube)| {
            vec![
                ("test_type", "PCR".to_owned()),
                ("test_name", format!("x{name}")),
                ("sampled_at", "20/12/2021 14:30".into()),
                ("result", "Âm tính".into()),
                ("tube", tube),
            ]
        }),
        Just(vec![
            ("test_type", "LP217198-3".to_owned()),
            ("test_device", "1232".into()),
            ("sampled_at", "2021-12-20T08:30:00+02:00".into()),
            ("result", "260373001".into()),
            ("site", "bn1".into())
        ]),
        Just(vec![
            ("first_positive", "2021-12-01".to_owned()),
            ("country", "Germany".into())
        ]),
    ];
    (person, event).prop_map(|((name, birth, one, two), mut event)| {
        event.push(("full_name", name.into()));
        event.push(("birth_date", birth.into()));
        event.push((one.0, one.1.into()));
        event.push((two.0, two.1.into()));
        event
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_record_comes_back_from_its_rows(fields in records()) {
        let catalogue = intake::codes::Catalogue::builtin();
        let reading = Reading::vietnam(&catalogue).unwrap();
        let mut draft = Draft::default();
        for (field, text) in &fields {
            draft.set(intake::field::Field::of(field).unwrap(), text.clone());
        }
        let Ok(read) = draft.read(&reading) else { return Ok(()) };
        let id = Id::new(at(NOW)).unwrap();
        let row = content::row_of(&read.record.person, id, SITE, "user:lan", at(NOW));
        let again = content::read(&reading, &row, &content::of_event(&read.record));
        prop_assert!(again.as_ref().is_ok_and(|again| *again == read.record), "{:?}", again);
        prop_assert_eq!(content::canonical(&again.unwrap()), content::canonical(&read.record));
    }
}
