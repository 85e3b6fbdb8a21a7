//! The three steps, and what happens to certificates later, on both engines.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{DAY, NOW, SITE, World, at, dose, entry, place, record, settings, user};
use intake::field::Field;
use issuer::{
    domain::{
        Refusal,
        alarms::AlarmKind,
        certificates::{Reason, ReasonKind, Which},
        desk::{Made, Upto, Whom},
        queue::Seen,
    },
    id::Id,
    store::{After, CertificateRow, RecordRow},
};

async fn record_row(world: &World, id: Id) -> RecordRow {
    let mut tx = world.issuer.store.read().await.unwrap();
    tx.record(id).await.unwrap().unwrap()
}

async fn certificate(world: &World, id: Id) -> CertificateRow {
    let mut tx = world.issuer.store.read().await.unwrap();
    tx.certificate(id).await.unwrap().unwrap()
}

async fn seen(world: &World, id: Id) -> Seen {
    let row = record_row(world, id).await;
    Seen {
        record: id,
        revision: row.revision,
    }
}

async fn recorded(world: &World, number: u32) -> Made {
    world
        .issuer
        .take(&user("lan"), entry(dose(number), Upto::Recorded))
        .await
        .unwrap()
}

async fn certified(world: &World, number: u32) -> (Id, Id) {
    let made = world
        .issuer
        .take(&user("ca"), entry(dose(number), Upto::Certified))
        .await
        .unwrap();
    (made.record, made.certificate.unwrap())
}

async fn alarms(world: &World, kind: AlarmKind) -> usize {
    let all = world.issuer.alarms(&user("bo"), true).await.unwrap();
    all.iter().filter(|alarm| alarm.kind == kind.name()).count()
}

/// Record, approve, certify: each by its own role, at its own site.
async fn three_steps(world: &World) {
    let issuer = &world.issuer;
    let made = recorded(world, 101).await;
    assert_eq!(made.certificate, None);
    let of = seen(world, made.record).await;
    for name in ["lan", "bo", "kiem"] {
        let refused = issuer.approve(&user(name), &[of]).await.unwrap_err();
        assert!(matches!(refused, Refusal::Role("officer")), "{name}");
    }
    let early = issuer
        .certify(&user("bo"), &[of])
        .await
        .unwrap()
        .pop()
        .unwrap()
        .unwrap_err();
    assert!(matches!(early, Refusal::State { state, .. } if state == "recorded"));
    issuer
        .approve(&user("tuan"), &[of])
        .await
        .unwrap()
        .pop()
        .unwrap()
        .unwrap();
    assert_eq!(record_row(world, made.record).await.state, "approved");
    let twice = issuer
        .approve(&user("tuan"), &[of])
        .await
        .unwrap()
        .pop()
        .unwrap()
        .unwrap_err();
    assert!(matches!(twice, Refusal::State { state, .. } if state == "approved"));
    let refused = issuer.certify(&user("tuan"), &[of]).await.unwrap_err();
    assert!(matches!(refused, Refusal::Role("authority")));
    let outcomes = issuer.certify(&user("bo"), &[of, of]).await.unwrap();
    let [Ok(done), Err(Refusal::NotFound("record"))] = &outcomes[..] else {
        panic!("{outcomes:?}");
    };
    let row = certificate(world, done.certificate.unwrap()).await;
    let verifier = common::border(issuer);
    assert!(
        verifier
            .verify(row.national.as_deref().unwrap(), issuer.clock.now())
            .result
            .is_ok()
    );
    let trail = issuer.trail(&user("kiem"), row.id).await.unwrap();
    let actions: Vec<&str> = trail.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        actions,
        ["record.add", "record.approve", "certificate.issue"]
    );
    let text = row.international.unwrap();
    assert_eq!(
        issuer
            .certificate_by_text(&user("bo"), &text)
            .await
            .unwrap()
            .id,
        row.id
    );
    assert_eq!(
        issuer
            .certificate_by_text(&user("bo"), &row.uvci)
            .await
            .unwrap()
            .id,
        row.id
    );
    let elsewhere = issuer.certificate(&user("binh"), row.id).await.unwrap_err();
    assert!(matches!(elsewhere, Refusal::NotFound("certificate")));
    assert!(issuer.record(&user("binh"), made.record).await.is_err());
}

/// Sent back with a reason, amended, and looked at anew.
async fn back_and_forth(world: &World) {
    let issuer = &world.issuer;
    let made = recorded(world, 102).await;
    let of = seen(world, made.record).await;
    assert!(issuer.send_back(&user("tuan"), of, "  ").await.is_err());
    issuer
        .send_back(&user("tuan"), of, "Sai số lô")
        .await
        .unwrap();
    let row = record_row(world, made.record).await;
    assert_eq!(
        (row.state.as_str(), row.note.as_deref()),
        ("sent_back", Some("Sai số lô"))
    );
    let waiting = issuer.record(&user("lan"), made.record).await.unwrap();
    let mut draft = intake::draft::Draft::of(&issuer.content_of(&waiting).unwrap());
    draft.set(Field::Lot, "FK0600");
    let catalogue = issuer.catalogues.current();
    let content = draft
        .read(&issuer.reading(&catalogue).unwrap())
        .unwrap()
        .record;
    let stale = issuer
        .amend(&user("lan"), of, &content, Whom::Same, false)
        .await
        .unwrap_err();
    assert!(matches!(stale, Refusal::Changed));
    let of = seen(world, made.record).await;
    issuer
        .amend(&user("lan"), of, &content, Whom::Same, false)
        .await
        .unwrap();
    let row = record_row(world, made.record).await;
    assert_eq!(
        (row.state.as_str(), row.lot.as_deref(), row.revision),
        ("recorded", Some("FK0600"), 3)
    );
    // A slip in the name, mended before anything is certified: the person's row, not another person.
    let mut draft = intake::draft::Draft::of(&content);
    draft.set(Field::GivenNames, "Văn Toàn");
    draft.set(Field::PassportGiven, "");
    let content = draft
        .read(&issuer.reading(&catalogue).unwrap())
        .unwrap()
        .record;
    let of = seen(world, made.record).await;
    issuer
        .amend(&user("lan"), of, &content, Whom::Known(made.person), false)
        .await
        .unwrap();
    let person = issuer.person(&user("lan"), made.person).await.unwrap();
    assert_eq!(
        (person.given.as_str(), person.given_t.as_str()),
        ("Văn Toàn", "VAN<TOAN")
    );
    let of = seen(world, made.record).await;
    issuer
        .withdraw(&user("lan"), of, "Nhầm người")
        .await
        .unwrap();
    assert_eq!(record_row(world, made.record).await.state, "withdrawn");
    // What was withdrawn may be recorded again.
    let mut again = entry(content, Upto::Recorded);
    again.whom = Whom::Known(made.person);
    issuer.take(&user("lan"), again).await.unwrap();
}

/// A row changed behind the service's back is not certified, and somebody is told.
async fn tampering(world: &World) {
    let issuer = &world.issuer;
    let made = recorded(world, 103).await;
    let of = seen(world, made.record).await;
    issuer
        .approve(&user("tuan"), &[of])
        .await
        .unwrap()
        .pop()
        .unwrap()
        .unwrap();
    let changed = world
        .meddle("UPDATE records SET content = replace(content, 'FK0595', 'FK0596') WHERE state = 'approved'")
        .await;
    assert_eq!(changed, 1);
    let refused = issuer
        .certify(&user("bo"), &[of])
        .await
        .unwrap()
        .pop()
        .unwrap()
        .unwrap_err();
    assert!(matches!(refused, Refusal::State { .. }), "{refused:?}");
    assert_eq!(alarms(world, AlarmKind::Tampered).await, 1);
    // So is the person's name.
    world
        .meddle("UPDATE records SET content = replace(content, 'FK0596', 'FK0595')")
        .await;
    world
        .meddle("UPDATE persons SET given = 'Văn Khác' WHERE cccd = '079098000103'")
        .await;
    let refused = issuer
        .certify(&user("bo"), &[of])
        .await
        .unwrap()
        .pop()
        .unwrap()
        .unwrap_err();
    assert!(matches!(refused, Refusal::State { .. }), "{refused:?}");
    world
        .meddle("UPDATE persons SET given = 'Văn Dũng' WHERE cccd = '079098000103'")
        .await;
    let right = issuer
        .certify(&user("bo"), &[of])
        .await
        .unwrap()
        .pop()
        .unwrap();
    assert!(right.is_ok(), "{right:?}");
}

/// A correction: a new certificate, the old one revoked, both linked, the trust list told.
async fn correcting(world: &World) {
    let issuer = &world.issuer;
    let (old_record, old) = certified(world, 104).await;
    let told = world
        .number("SELECT COUNT(*) FROM outbox WHERE kind = 'revoke'")
        .await;
    let catalogue = issuer.catalogues.current();
    let mut draft = intake::draft::Draft::of(&dose(104));
    draft.set(Field::GivenNames, "Văn Hoa");
    draft.set(Field::PassportGiven, "");
    draft.set(Field::Lot, "FK0777");
    let content = draft
        .read(&issuer.reading(&catalogue).unwrap())
        .unwrap()
        .record;
    let same = issuer
        .correct(&user("ca"), old, &dose(104), "Không có gì", false)
        .await
        .unwrap_err();
    assert!(matches!(same, Refusal::Asked(_)), "{same:?}");
    let made = issuer
        .correct(&user("ca"), old, &content, "Sai tên", false)
        .await
        .unwrap();
    let new = certificate(world, made.certificate.unwrap()).await;
    let before = certificate(world, old).await;
    assert_eq!(
        (before.state.as_str(), before.reason.as_deref()),
        ("revoked", Some("correction"))
    );
    assert_eq!(before.replaced_by.as_deref(), Some(&new.id.bytes()[..]));
    assert_eq!(new.replaces.as_deref(), Some(&old.bytes()[..]));
    assert_eq!(record_row(world, old_record).await.state, "replaced");
    let verdict =
        common::border(issuer).verify(new.national.as_deref().unwrap(), issuer.clock.now());
    assert_eq!(verdict.result.unwrap().payload()["nam"]["gn"], "Văn Hoa");
    // One row for each key that signed the old one, in the form of the trust list's API.
    let now = world
        .number("SELECT COUNT(*) FROM outbox WHERE kind = 'revoke'")
        .await;
    assert_eq!(now - told, 2);
    let chain = issuer.chain(&user("bo"), new.id).await.unwrap();
    assert_eq!(
        chain.iter().map(|row| row.id).collect::<Vec<_>>(),
        [old, new.id]
    );
    let actions: Vec<String> = issuer
        .trail(&user("bo"), new.id)
        .await
        .unwrap()
        .into_iter()
        .map(|one| one.action)
        .collect();
    assert!(
        actions.contains(&"record.correct".into())
            && actions.contains(&"certificate.revoke".into()),
        "{actions:?}"
    );
    let twice = issuer
        .correct(&user("ca"), old, &content, "Sai tên", false)
        .await
        .unwrap_err();
    assert!(matches!(twice, Refusal::State { .. }), "{twice:?}");
    // The same event told again is known, under the name of now.
    let again = issuer
        .take(&user("ca"), entry(content, Upto::Certified))
        .await
        .unwrap_err();
    assert!(
        matches!(again, Refusal::Recorded { record } if record == made.record),
        "{again:?}"
    );
}

/// In three steps the old certificate stays good until the new one exists.
async fn correcting_in_steps(world: &World) {
    let issuer = &world.issuer;
    let (_, old) = certified(world, 105).await;
    let catalogue = issuer.catalogues.current();
    let mut draft = intake::draft::Draft::of(&dose(105));
    draft.set(Field::Date, "2026-11-26");
    let content = draft
        .read(&issuer.reading(&catalogue).unwrap())
        .unwrap()
        .record;
    let made = issuer
        .correct(&user("lan"), old, &content, "Sai ngày", false)
        .await
        .unwrap();
    assert_eq!(
        (
            made.certificate,
            record_row(world, made.record).await.state.as_str()
        ),
        (None, "recorded")
    );
    assert_eq!(certificate(world, old).await.state, "valid");
    let waits = issuer
        .correct(&user("lan"), old, &content, "Sai ngày", false)
        .await
        .unwrap_err();
    assert!(
        matches!(waits, Refusal::Recorded { record } if record == made.record),
        "{waits:?}"
    );
    let of = seen(world, made.record).await;
    issuer
        .approve(&user("tuan"), &[of])
        .await
        .unwrap()
        .pop()
        .unwrap()
        .unwrap();
    let done = issuer
        .certify(&user("bo"), &[of])
        .await
        .unwrap()
        .pop()
        .unwrap()
        .unwrap();
    let before = certificate(world, old).await;
    assert_eq!(before.state, "revoked");
    let new = done.certificate.unwrap();
    assert_eq!(before.replaced_by.as_deref(), Some(&new.bytes()[..]));
}

/// A person's data changes: what was approved of them waits for the officer again.
async fn approvals_of_who_changed(world: &World) {
    let issuer = &world.issuer;
    let of_day = |number: u32, which: &str, day: &str| {
        let fields = [
            ("full_name", "x"),
            ("birth_date", "1998"),
            ("product", "Comirnaty"),
            ("dose", which),
            ("date", day),
        ];
        let mut made = record(&fields);
        made.person = dose(number).person;
        made
    };
    let first = of_day(106, "1/2", "2026-10-20");
    let old = issuer
        .take(&user("ca"), entry(first.clone(), Upto::Certified))
        .await
        .unwrap();
    let old = old.certificate.unwrap();
    let mut soon = entry(of_day(106, "2/2", "2026-10-25"), Upto::Recorded);
    soon.confirmed = true;
    let refused = issuer.take(&user("lan"), soon).await.unwrap_err();
    let too_soon = |refused: &Refusal| {
        matches!(refused, Refusal::Findings(found)
        if found.iter().any(|one| one.problem().code() == "dose_too_soon"))
    };
    assert!(too_soon(&refused), "{refused:?}");
    // Unlikely is not impossible: somebody has to say that it is so.
    let mut waits = entry(of_day(106, "2/2", "2026-11-05"), Upto::Recorded);
    let refused = issuer.take(&user("lan"), waits.clone()).await.unwrap_err();
    assert!(too_soon(&refused), "{refused:?}");
    waits.confirmed = true;
    let made = issuer.take(&user("lan"), waits).await.unwrap();
    let of = seen(world, made.record).await;
    issuer
        .approve(&user("tuan"), &[of])
        .await
        .unwrap()
        .pop()
        .unwrap()
        .unwrap();
    let catalogue = issuer.catalogues.current();
    let mut draft = intake::draft::Draft::of(&first);
    draft.set(Field::FamilyName, "Đinh");
    draft.set(Field::PassportFamily, "");
    let content = draft
        .read(&issuer.reading(&catalogue).unwrap())
        .unwrap()
        .record;
    issuer
        .correct(&user("ca"), old, &content, "Sai họ", true)
        .await
        .unwrap();
    let row = record_row(world, made.record).await;
    assert_eq!(
        (row.state.as_str(), row.approval.is_none(), row.revision),
        ("recorded", true, of.revision + 1)
    );
    assert_eq!(
        alarms(world, AlarmKind::Tampered).await,
        1,
        "none beyond those of before"
    );
}

async fn revoking(world: &World) {
    let issuer = &world.issuer;
    let reason = Reason {
        kind: ReasonKind::Lot,
        text: "Lô hỏng".into(),
    };
    let (_, one) = certified(world, 107).await;
    let these = Which::These(vec![one]);
    for name in ["lan", "tuan", "kiem", "quan"] {
        let refused = issuer
            .revoke(&user(name), &these, &reason, 1)
            .await
            .unwrap_err();
        assert!(matches!(refused, Refusal::Role("authority")), "{name}");
    }
    let wrong = issuer
        .revoke(&user("bo"), &these, &reason, 2)
        .await
        .unwrap_err();
    assert!(matches!(
        wrong,
        Refusal::Count {
            hits: 1,
            expected: 2
        }
    ));
    assert_eq!(
        issuer
            .revoke(&user("bo"), &these, &reason, 1)
            .await
            .unwrap(),
        1
    );
    let row = certificate(world, one).await;
    assert_eq!(
        (row.state.as_str(), row.reason.as_deref()),
        ("revoked", Some("lot: Lô hỏng"))
    );
    let body = {
        let mut tx = issuer.store.read().await.unwrap();
        let sql = "SELECT body FROM outbox ORDER BY id DESC LIMIT 1";
        let body: String =
            service::on!(tx, db => sqlx::query_scalar(sql).fetch_one(db).await.unwrap());
        body
    };
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["ids"][0], hcert::base64::encode(&row.uvci_hash));
    assert_eq!(body["reason"], "lot");
    assert_eq!(issuer.count(&user("bo"), &these).await.unwrap(), 0);
    let lot = Which::Lot("FK0595".into());
    let hits = issuer.count(&user("bo"), &lot).await.unwrap();
    assert!(hits >= 2, "{hits}");
    assert_eq!(
        issuer
            .revoke(&user("bo"), &lot, &reason, hits)
            .await
            .unwrap(),
        hits
    );
    let from = at(NOW).unix();
    for which in [
        Which::Site(place(SITE), from, from + 1),
        Which::By("user:ca".into(), from, from + 1),
        Which::Site(place(SITE), from + 1, from + 2),
    ] {
        let hits = issuer.count(&user("bo"), &which).await.unwrap();
        assert_eq!(
            issuer
                .revoke(&user("bo"), &which, &reason, hits)
                .await
                .unwrap(),
            hits
        );
    }
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM certificates WHERE state <> 'revoked'")
            .await,
        0
    );
    let again = issuer
        .correct(&user("ca"), one, &dose(107), "x", true)
        .await
        .unwrap_err();
    assert!(matches!(again, Refusal::State { state, .. } if state == "revoked"));
}

async fn renewing(world: &World) {
    let issuer = &world.issuer;
    let (record, old) = certified(world, 108).await;
    let early = issuer.renew(&user("bo"), old).await.unwrap_err();
    assert!(matches!(early, Refusal::State { .. }), "{early:?}");
    world.clock.set(at(NOW).plus_seconds(340 * DAY));
    let made = issuer.renew(&user("bo"), old).await.unwrap();
    let (new, before) = (
        certificate(world, made.certificate.unwrap()).await,
        certificate(world, old).await,
    );
    assert_eq!((made.record, before.state.as_str()), (record, "valid"));
    assert!(new.expires_at > before.expires_at && new.uvci != before.uvci);
    assert_eq!(before.replaced_by.as_deref(), Some(&new.id.bytes()[..]));
    assert!(issuer.renew(&user("bo"), old).await.is_err());
    world.clock.set(at(NOW));
}

/// Pages of a queue: each record once, in order, whatever the size of a page.
async fn paging(world: &World) {
    let issuer = &world.issuer;
    let mut made = Vec::new();
    for number in 200..225 {
        made.push(recorded(world, number).await.record);
        if number % 3 == 0 {
            world.clock.set(issuer.clock.now().plus_seconds(1));
        }
    }
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = issuer
            .queue(&user("tuan"), &place(SITE), "recorded", after, 7)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 7);
        after = Some(After {
            at: last.record.recorded_at,
            id: last.record.id,
        });
        all.extend(page.iter().map(|one| one.record.id));
    }
    let counts = issuer.counts(&user("bo")).await.unwrap();
    assert_eq!(counts["recorded"], i64::try_from(all.len()).unwrap());
    let mut sorted = all.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), all.len());
    assert!(made.iter().all(|id| all.contains(id)));
    let elsewhere = issuer
        .queue(&user("binh"), &place(SITE), "recorded", None, 7)
        .await
        .unwrap_err();
    assert!(matches!(elsewhere, Refusal::NotFound("place")));
    let between = (0, i64::MAX);
    let page = issuer
        .certificates_in(&user("bo"), &place("VN"), between, None, 3)
        .await
        .unwrap();
    let after = page.last().map(|row| After {
        at: row.issued_at,
        id: row.id,
    });
    let next = issuer
        .certificates_in(&user("bo"), &place("VN"), between, after, 3)
        .await
        .unwrap();
    assert!(
        page.len() == 3
            && next
                .iter()
                .all(|row| page.iter().all(|other| other.id != row.id))
    );
    world.clock.set(at(NOW));
}

async fn contract(world: &World) {
    three_steps(world).await;
    back_and_forth(world).await;
    tampering(world).await;
    correcting(world).await;
    correcting_in_steps(world).await;
    approvals_of_who_changed(world).await;
    paging(world).await;
    revoking(world).await;
    renewing(world).await;
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
    contract(&World::postgres(&cluster, "queue", settings()).await).await;
}
