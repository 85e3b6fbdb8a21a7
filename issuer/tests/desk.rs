//! The desk: reports become records and certificates, on both engines.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::sync::Arc;

use common::{World, client, dose, entry, place, settings, user};
use issuer::domain::{
    Refusal,
    desk::{Made, Once, Upto},
};

fn once(key: &str, content: u8) -> Option<Once> {
    Some(Once {
        scope: "client:vnpt".into(),
        key: key.into(),
        digest: [content; 32],
    })
}

/// Issues a first certificate, and reads it back as a border does.
async fn issues(world: &World) {
    let issuer = &world.issuer;
    let made = issuer
        .take_all(&user("ca"), vec![entry(dose(1), Upto::Certified)])
        .await
        .unwrap();
    let made = made.into_iter().next().unwrap().unwrap();
    assert!(made.new);
    let mut tx = issuer.store.read().await.unwrap();
    let row = tx
        .certificate(made.certificate.unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.record, row.person, row.state.as_str()),
        (made.record, made.person, "valid")
    );
    let verifier = common::border(issuer);
    for text in [row.national.unwrap(), row.international.unwrap()] {
        let valid = verifier.verify(&text, issuer.clock.now()).result.unwrap();
        assert_eq!(valid.payload()["v"][0]["ci"], row.uvci.as_str());
        assert_eq!(valid.payload()["nam"]["fn"], "Trần");
    }
    let record = tx.record(made.record).await.unwrap().unwrap();
    assert_eq!(record.state, "certified");
    assert!(record.approval.is_some());
    drop(tx);
    let again = issuer
        .take(&user("ca"), entry(dose(1), Upto::Certified))
        .await
        .unwrap_err();
    assert!(
        matches!(again, Refusal::Recorded { record } if record == made.record),
        "{again:?}"
    );
}

/// Fifty tasks tell of one event at once: one record.
async fn nothing_twice(world: &World) {
    let mut tasks = Vec::new();
    for _ in 0..50 {
        let issuer = Arc::clone(&world.issuer);
        tasks.push(tokio::spawn(async move {
            issuer
                .take(&user("ca"), entry(dose(2), Upto::Certified))
                .await
        }));
    }
    let mut made = Vec::new();
    let mut known = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            Ok(one) => made.push(one),
            Err(Refusal::Recorded { record }) => known.push(record),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((made.len(), known.len()), (1, 49));
    assert!(known.iter().all(|record| *record == made[0].record));
}

/// The same key: one deed, all answered with it; the same key for something else: refused.
async fn once_only(world: &World) {
    let ask = |number: u32, key: &'static str, content: u8| {
        let issuer = Arc::clone(&world.issuer);
        async move {
            let mut entry = entry(dose(number), Upto::Certified);
            entry.once = once(key, content);
            issuer.take(&client("vnpt"), entry).await
        }
    };
    let tasks: Vec<_> = (0..50).map(|_| tokio::spawn(ask(3, "a", 1))).collect();
    let mut all: Vec<Made> = Vec::new();
    for task in tasks {
        all.push(task.await.unwrap().unwrap());
    }
    assert_eq!(all.iter().filter(|made| made.new).count(), 1);
    assert!(
        all.iter()
            .all(|made| made.certificate == all[0].certificate)
    );
    assert!(matches!(ask(4, "a", 2).await, Err(Refusal::OtherContent)));
    let later = ask(3, "a", 1).await.unwrap();
    assert_eq!((later.new, later.certificate), (false, all[0].certificate));
}

/// What the actor may not see is not there.
async fn scope(world: &World) {
    let issuer = &world.issuer;
    let elsewhere = issuer
        .take(&user("binh"), entry(dose(5), Upto::Recorded))
        .await
        .unwrap_err();
    assert!(
        matches!(elsewhere, Refusal::NotFound("site")),
        "{elsewhere:?}"
    );
    let mut nowhere = entry(dose(5), Upto::Recorded);
    nowhere.site = place("VN/79/26734");
    let nowhere = issuer.take(&user("bo"), nowhere).await.unwrap_err();
    assert!(matches!(nowhere, Refusal::NotFound("site")), "{nowhere:?}");
    for (name, upto, role) in [
        ("tuan", Upto::Recorded, "clerk"),
        ("lan", Upto::Approved, "officer"),
        ("lan", Upto::Certified, "officer"),
    ] {
        let refused = issuer
            .take(&user(name), entry(dose(5), upto))
            .await
            .unwrap_err();
        assert!(
            matches!(refused, Refusal::Role(missing) if missing == role),
            "{refused:?}"
        );
    }
}

async fn contract(world: &World) {
    issues(world).await;
    nothing_twice(world).await;
    once_only(world).await;
    scope(world).await;
    world.audited().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqlite() {
    contract(&World::sqlite(settings()).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn postgres() {
    let Some(cluster) = common::postgres::start() else {
        return;
    };
    contract(&World::postgres(&cluster, "desk", settings()).await).await;
}
