//! Sample tubes: one result for everyone in the pool.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{OTHER_SITE, SITE, World, dose, place, settings, user};
use intake::field::Field;
use issuer::{
    domain::{Refusal, settings::Settings, tubes::Found},
    id::Id,
};

fn pcr() -> Vec<(Field, String)> {
    vec![
        (Field::TestType, "LP6464-4".into()),
        (Field::TestName, "RT-PCR".into()),
    ]
}

const SAMPLED: &str = "2026-11-28T08:30:00+07:00";

/// A world in which everybody does all steps at once, and some people in it.
async fn world(people: u32) -> (World, Vec<Id>) {
    let world = World::sqlite(Settings {
        one_step: true,
        ..settings()
    })
    .await;
    let mut ids = Vec::new();
    for number in 0..people {
        let record = dose(number);
        ids.push(
            world
                .issuer
                .add_person(&user("lan"), &place(SITE), &record.person)
                .await
                .unwrap(),
        );
    }
    (world, ids)
}

async fn open(world: &World, code: &str, people: &[Id]) {
    let lan = user("lan");
    world
        .issuer
        .open_tube(&lan, &place(SITE), code, SAMPLED, &pcr())
        .await
        .unwrap();
    for id in people {
        world.issuer.add_to_tube(&lan, code, *id).await.unwrap();
    }
}

#[tokio::test]
async fn a_negative_pool_gives_everyone_a_certificate_once() {
    let (world, people) = world(8).await;
    open(&world, "ONG-001", &people).await;
    let lan = user("lan");
    let made = world
        .issuer
        .read_tube(&lan, "ong-001", Found::Negative)
        .await
        .unwrap();
    assert_eq!(made.len(), 8);
    let mut seen: Vec<_> = made
        .iter()
        .map(|made| made.as_ref().unwrap().person)
        .collect();
    assert!(
        made.iter()
            .all(|made| made.as_ref().unwrap().certificate.is_some())
    );
    seen.sort();
    let mut expected = people.clone();
    expected.sort();
    assert_eq!(seen, expected);
    let mut tx = world.issuer.store.read().await.unwrap();
    for made in &made {
        let id = made.as_ref().unwrap().certificate.unwrap();
        let row = tx.certificate(id).await.unwrap().unwrap();
        let verdict =
            common::border(&world.issuer).verify(&row.international.unwrap(), world.clock.now());
        let payload = verdict.result.unwrap().payload();
        assert_eq!(
            (&payload["t"][0]["tr"], &payload["t"][0]["sc"]),
            (&"260415000".into(), &SAMPLED.into())
        );
    }
    drop(tx);
    // The same result again changes nothing; another one is refused; nobody comes late.
    let before = world.audited().await;
    let again = world
        .issuer
        .read_tube(&lan, "ONG-001", Found::Negative)
        .await
        .unwrap();
    assert!(
        again.iter().all(|again| match again {
            Ok(made) => !made.new,
            Err(Refusal::Recorded { .. }) => true,
            Err(_) => false,
        }),
        "{again:?}"
    );
    assert_eq!(world.audited().await, before);
    assert_eq!(world.number("SELECT COUNT(*) FROM records").await, 8);
    for other in [Found::Positive, Found::Spoiled] {
        let refused = world
            .issuer
            .read_tube(&lan, "ONG-001", other)
            .await
            .unwrap_err();
        assert!(matches!(refused, Refusal::State { .. }));
    }
    let late = world
        .issuer
        .add_person(&lan, &place(SITE), &dose(99).person)
        .await
        .unwrap();
    let refused = world
        .issuer
        .add_to_tube(&lan, "ONG-001", late)
        .await
        .unwrap_err();
    assert!(matches!(refused, Refusal::State { .. }));
}

#[tokio::test]
async fn a_positive_pool_decides_nothing_and_lists_who_is_tested_again() {
    let (world, people) = world(5).await;
    open(&world, "ONG-002", &people).await;
    let lan = user("lan");
    assert!(
        world
            .issuer
            .read_tube(&lan, "ONG-002", Found::Positive)
            .await
            .unwrap()
            .is_empty()
    );
    let (tube, listed) = world.issuer.tube(&lan, "ONG-002").await.unwrap();
    assert_eq!((tube.state.as_str(), listed.len()), ("positive", 5));
    assert_eq!(world.number("SELECT COUNT(*) FROM records").await, 0);
    let refused = world
        .issuer
        .read_tube(&lan, "ONG-002", Found::Negative)
        .await
        .unwrap_err();
    assert!(matches!(refused, Refusal::State { .. }));
    // Each alone.
    for (number, id) in people.iter().enumerate() {
        let code = format!("ONG-002-{number}");
        open(&world, &code, &[*id]).await;
        let found = if number == 3 {
            Found::Positive
        } else {
            Found::Negative
        };
        let made = world.issuer.read_tube(&lan, &code, found).await.unwrap();
        assert_eq!(made.len(), 1);
        assert!(made[0].is_ok(), "{made:?}");
    }
    let positive = "SELECT COUNT(*) FROM records WHERE content LIKE '%260373001%'";
    assert_eq!(world.number(positive).await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM records").await, 5);
}

#[tokio::test]
async fn a_spoiled_tube_gives_nobody_anything() {
    let (world, people) = world(2).await;
    open(&world, "ONG-003", &people).await;
    assert!(
        world
            .issuer
            .read_tube(&user("lan"), "ONG-003", Found::Spoiled)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(world.number("SELECT COUNT(*) FROM records").await, 0);
    assert_eq!(
        world
            .issuer
            .tube(&user("lan"), "ONG-003")
            .await
            .unwrap()
            .0
            .state,
        "spoiled"
    );
}

/// The machine stopped after the tube was closed and before the records were there.
#[tokio::test]
async fn a_result_that_was_broken_off_is_finished() {
    let (world, people) = world(3).await;
    open(&world, "ONG-004", &people).await;
    world
        .meddle("UPDATE tubes SET state = 'negative', read_at = 1, read_by = 'user:lan'")
        .await;
    let made = world
        .issuer
        .read_tube(&user("lan"), "ONG-004", Found::Negative)
        .await
        .unwrap();
    assert!(
        made.len() == 3
            && made
                .iter()
                .all(|made| made.as_ref().is_ok_and(|made| made.new))
    );
}

#[tokio::test]
async fn in_three_steps_the_results_wait_for_the_officer() {
    let (world, _) = world(0).await;
    let another = common::issuer(world.issuer.store.clone(), world.clock.clone(), settings());
    let lan = user("lan");
    let id = another
        .add_person(&lan, &place(SITE), &dose(1).person)
        .await
        .unwrap();
    another
        .open_tube(&lan, &place(SITE), "ONG-005", SAMPLED, &pcr())
        .await
        .unwrap();
    another.add_to_tube(&lan, "ONG-005", id).await.unwrap();
    let made = another
        .read_tube(&lan, "ONG-005", Found::Negative)
        .await
        .unwrap();
    assert!(made[0].as_ref().unwrap().certificate.is_none());
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM records WHERE state = 'recorded'")
            .await,
        1
    );
}

#[tokio::test]
async fn what_is_refused() {
    let (world, people) = world(3).await;
    let lan = user("lan");
    let issuer = &world.issuer;
    let opened = async |code: &str, sampled: &str, content: &[(Field, String)]| {
        issuer
            .open_tube(&lan, &place(SITE), code, sampled, content)
            .await
    };
    for (code, sampled, content) in [
        ("x", SAMPLED, pcr()),
        ("ONG 1!", SAMPLED, pcr()),
        ("ONG-1", "someday", pcr()),
        ("ONG-1", "2026-11-29T08:30:00+07:00", pcr()),
        ("ONG-1", SAMPLED, vec![]),
        (
            "ONG-1",
            SAMPLED,
            vec![(Field::TestType, "LP217198-3".into())],
        ),
        (
            "ONG-1",
            SAMPLED,
            [pcr(), vec![(Field::Result, "260415000".into())]].concat(),
        ),
        (
            "ONG-1",
            SAMPLED,
            [pcr(), vec![(Field::Product, "Comirnaty".into())]].concat(),
        ),
    ] {
        let refused = opened(code, sampled, &content).await.unwrap_err();
        assert!(
            matches!(refused, Refusal::Findings(_) | Refusal::Asked(_)),
            "{code} {sampled}: {refused:?}"
        );
    }
    // Somewhere else, and nowhere.
    for (who, at) in [
        ("lan", OTHER_SITE),
        ("lan", "VN/79/26734/NOWHERE"),
        ("lan", "VN/79/26734"),
    ] {
        let refused = issuer
            .open_tube(&user(who), &place(at), "ONG-1", SAMPLED, &pcr())
            .await;
        assert!(matches!(refused.unwrap_err(), Refusal::NotFound(_)), "{at}");
    }
    let refused = issuer
        .open_tube(&user("kiem"), &place(SITE), "ONG-1", SAMPLED, &pcr())
        .await;
    assert!(matches!(refused.unwrap_err(), Refusal::Role(_)));
    open(&world, "ONG-1", &people).await;
    assert!(matches!(
        opened("ong-1", SAMPLED, &pcr()).await.unwrap_err(),
        Refusal::Exists(_)
    ));
    // Twice is once.
    issuer.add_to_tube(&lan, "ONG-1", people[0]).await.unwrap();
    assert_eq!(issuer.tube(&lan, "ONG-1").await.unwrap().1.len(), 3);
    let nobody = Id::new(world.clock.now()).unwrap();
    assert!(matches!(
        issuer.add_to_tube(&lan, "ONG-1", nobody).await.unwrap_err(),
        Refusal::NotFound(_)
    ));
    // Another site's tube is none.
    let binh = user("binh");
    for refused in [
        issuer
            .add_to_tube(&binh, "ONG-1", people[0])
            .await
            .unwrap_err(),
        issuer.tube(&binh, "ONG-1").await.map(drop).unwrap_err(),
        issuer
            .read_tube(&binh, "ONG-1", Found::Negative)
            .await
            .map(drop)
            .unwrap_err(),
        issuer
            .tubes(&binh, &place(SITE))
            .await
            .map(drop)
            .unwrap_err(),
        issuer.tube(&lan, "ONG-404").await.map(drop).unwrap_err(),
    ] {
        assert!(matches!(refused, Refusal::NotFound(_)), "{refused:?}");
    }
    // But somebody of another site may be in it.
    let elsewhere = issuer
        .add_person(&binh, &place(OTHER_SITE), &dose(50).person)
        .await
        .unwrap();
    issuer.add_to_tube(&lan, "ONG-1", elsewhere).await.unwrap();
    let made = issuer
        .read_tube(&lan, "ONG-1", Found::Negative)
        .await
        .unwrap();
    assert!(
        made.len() == 4 && made.iter().all(Result::is_ok),
        "{made:?}"
    );
    assert_eq!(issuer.tubes(&lan, &place(SITE)).await.unwrap().len(), 1);
    // An empty tube has no result, and stays open.
    issuer
        .open_tube(&lan, &place(SITE), "ONG-2", SAMPLED, &pcr())
        .await
        .unwrap();
    let refused = issuer
        .read_tube(&lan, "ONG-2", Found::Negative)
        .await
        .unwrap_err();
    assert!(matches!(refused, Refusal::Asked(_)));
    assert_eq!(issuer.tube(&lan, "ONG-2").await.unwrap().0.state, "open");
    // Twenty samples, and no more.
    issuer
        .open_tube(&lan, &place(SITE), "ONG-3", SAMPLED, &pcr())
        .await
        .unwrap();
    for number in 100..120 {
        let id = issuer
            .add_person(&lan, &place(SITE), &dose(number).person)
            .await
            .unwrap();
        issuer.add_to_tube(&lan, "ONG-3", id).await.unwrap();
    }
    assert!(matches!(
        issuer
            .add_to_tube(&lan, "ONG-3", people[0])
            .await
            .unwrap_err(),
        Refusal::Asked(_)
    ));
    assert_eq!(issuer.tube(&lan, "ONG-3").await.unwrap().1.len(), 20);
}

/// Of one in the pool the name was damaged: the others get their results.
#[tokio::test]
async fn one_that_fails_does_not_stop_the_others() {
    let (world, people) = world(3).await;
    open(&world, "ONG-009", &people).await;
    world
        .meddle("UPDATE persons SET birth = 'x' WHERE id = (SELECT MIN(id) FROM persons)")
        .await;
    let made = world
        .issuer
        .read_tube(&user("lan"), "ONG-009", Found::Negative)
        .await
        .unwrap();
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 2);
    assert!(matches!(
        made.iter().find_map(|made| made.as_ref().err()),
        Some(Refusal::Findings(_))
    ));
}
