//! One contract, kept by both engines.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Folder, postgres};
use hcert::time::Timestamp;
use serde_json::json;
use trust_service::store::{
    ClientRow, Failures, Identified, KeyFilter, KeyListRow, KeyRow, NewCertificate, PublicationRow,
    PublicationState, Store, StoreError, UserRow,
};

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let folder = Folder::new(1);
    contract(&folder.sqlite().await).await;
}

#[tokio::test]
async fn postgres_keeps_the_contract() {
    let Some(cluster) = postgres::start() else {
        return;
    };
    let store = Store::open(&cluster.database("contract")).await.unwrap();
    contract(&store).await;
    store.close().await;
}

async fn contract(store: &Store) {
    sequences_are_never_taken_twice(store).await;
    an_abandoned_transaction_changes_nothing(store).await;
    keys(store).await;
    documents(store).await;
    issued_and_revoked(store).await;
    key_lists(store).await;
    people(store).await;
    the_audit_log_is_append_only(store).await;
}

fn publication(by: &str) -> PublicationRow {
    PublicationRow {
        sequence: 0,
        state: String::new(),
        manifest: None,
        issued: 1,
        soft: 2,
        hard: 3,
        key_list: 1,
        summary: "{}".into(),
        client: None,
        by_whom: by.into(),
    }
}

async fn sequences_are_never_taken_twice(store: &Store) {
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let mut own = Vec::new();
            for _ in 0..5 {
                let mut tx = store.write().await.unwrap();
                own.push(tx.take_sequence(10, &publication("a")).await.unwrap());
                tx.commit().await.unwrap();
            }
            own
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    all.sort_unstable();
    assert_eq!(all, (11..51).collect::<Vec<_>>());
    let mut tx = store.write().await.unwrap();
    assert_eq!(
        tx.last_publication().await.unwrap().map(|row| row.sequence),
        None
    );
    tx.set_publication(20, PublicationState::Published, "ab", b"x")
        .await
        .unwrap();
    tx.set_publication(30, PublicationState::Prepared, "cd", b"y")
        .await
        .unwrap();
    assert_eq!(tx.lock_live().await.unwrap(), 20);
    assert_eq!(tx.last_publication().await.unwrap().unwrap().sequence, 20);
    assert_eq!(tx.publications(3).await.unwrap().len(), 3);
    tx.commit().await.unwrap();
}

async fn an_abandoned_transaction_changes_nothing(store: &Store) {
    let mut tx = store.write().await.unwrap();
    let taken = tx.take_sequence(0, &publication("b")).await.unwrap();
    drop(tx);
    let mut tx = store.read().await.unwrap();
    assert!(tx.publication(taken).await.unwrap().is_none());
}

fn key(id: &str, country: &str) -> KeyRow {
    KeyRow {
        id: id.into(),
        role: "signer".into(),
        kid: Some(vec![1, 2]),
        certificate: true,
        der: vec![0x30],
        country: Some(country.into()),
        domain: None,
        issuer: None,
        subject: Some(format!("CN=100% {country}_Key")),
        not_after: Some(9),
        state: "admitted".into(),
        withdrawn_from: None,
        reason: None,
        source: "list".into(),
        added_at: 1,
        added_by: "a".into(),
        changed_at: 1,
    }
}

async fn keys(store: &Store) {
    let mut tx = store.write().await.unwrap();
    assert!(tx.add_key(&key("k1", "AT")).await.unwrap());
    assert!(!tx.add_key(&key("k1", "AT")).await.unwrap());
    assert!(tx.add_key(&key("k2", "VN")).await.unwrap());
    assert_eq!(tx.key("k1").await.unwrap(), Some(key("k1", "AT")));
    assert!(
        tx.set_key_state("k2", "withdrawn", Some(5), Some("why"), 7)
            .await
            .unwrap()
    );
    assert!(
        !tx.set_key_state("k3", "withdrawn", None, None, 7)
            .await
            .unwrap()
    );
    let ids = |rows: Vec<KeyRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    for (filter, want) in [
        (KeyFilter::default(), vec!["k1", "k2"]),
        (
            KeyFilter {
                country: Some("AT".into()),
                ..KeyFilter::default()
            },
            vec!["k1"],
        ),
        (
            KeyFilter {
                state: Some("withdrawn".into()),
                ..KeyFilter::default()
            },
            vec!["k2"],
        ),
        (
            KeyFilter {
                search: Some("100% vn_".into()),
                ..KeyFilter::default()
            },
            vec!["k2"],
        ),
        (
            KeyFilter {
                search: Some("%%".into()),
                ..KeyFilter::default()
            },
            vec![],
        ),
        (
            KeyFilter {
                after: Some("k1".into()),
                ..KeyFilter::default()
            },
            vec!["k2"],
        ),
        (
            KeyFilter {
                limit: 1,
                ..KeyFilter::default()
            },
            vec!["k1"],
        ),
    ] {
        assert_eq!(ids(tx.keys(&filter).await.unwrap()), want, "{filter:?}");
    }
    let counts = tx.key_counts().await.unwrap();
    assert_eq!(counts.iter().map(|row| row.3).sum::<i64>(), 2);
    tx.commit().await.unwrap();
}

async fn documents(store: &Store) {
    let mut tx = store.write().await.unwrap();
    for (content, want) in [
        (&b"one"[..], (1, true)),
        (b"one", (1, false)),
        (b"two", (2, true)),
        (b"", (3, true)),
    ] {
        let put = tx
            .put_document("rules", "vn", content, 1, "a")
            .await
            .unwrap();
        assert_eq!(put, want);
    }
    assert_eq!(
        tx.put_document("rules", "none", b"", 1, "a").await.unwrap(),
        (0, false)
    );
    let documents = tx.documents().await.unwrap();
    assert_eq!(documents.len(), 1);
    assert_eq!((documents[0].version, documents[0].content.len()), (3, 0));
    tx.commit().await.unwrap();
}

fn id(number: u16) -> [u8; 16] {
    let mut id = [0; 16];
    id[..2].copy_from_slice(&number.to_be_bytes());
    id
}

async fn issued_and_revoked(store: &Store) {
    let kid = b"kid".as_slice();
    let month = 24_322;
    let new = |numbers: std::ops::Range<u16>| -> Vec<NewCertificate> {
        let one = |number: u16| NewCertificate {
            id: id(number),
            issued_at: i64::from(number),
        };
        numbers.map(one).collect()
    };
    let labels = ["lot:1".to_owned()];
    let mut tx = store.write().await.unwrap();
    assert_eq!(
        tx.add_issued(kid, month, &new(0..5000), &labels, false)
            .await
            .unwrap(),
        5000
    );
    assert_eq!(
        tx.add_issued(kid, month, &new(4000..6000), &[], false)
            .await
            .unwrap(),
        1000
    );
    assert_eq!(
        tx.add_issued(kid, month, &new(4000..6000), &[], true)
            .await
            .unwrap(),
        0
    );
    tx.commit().await.unwrap();

    let mut tx = store.write().await.unwrap();
    let slice = tx.slices().await.unwrap().remove(0);
    assert_eq!((slice.issued, slice.revoked, slice.change), (6000, 0, 1));
    assert_eq!(tx.labelled("lot:1", 9999).await.unwrap().len(), 5000);
    assert_eq!(
        tx.issued_between(kid, month, month, 10)
            .await
            .unwrap()
            .len(),
        10
    );
    let some = tx
        .find_issued(kid, month, &[id(1), id(2), id(9999)])
        .await
        .unwrap();
    assert_eq!(some.len(), 2);
    assert_eq!(tx.revoke(&some, "why", "g1", 1, "a").await.unwrap(), 2);
    assert_eq!(tx.revoke(&some, "why", "g2", 1, "a").await.unwrap(), 0);
    assert_eq!(tx.count_revoked(&some).await.unwrap(), 2);
    assert_eq!(tx.undo(&some[..1], 2, "b").await.unwrap(), 1);
    assert_eq!(tx.revoke(&some, "again", "g3", 3, "a").await.unwrap(), 1);
    assert_eq!(tx.revocation(&some[0]).await.unwrap().unwrap().grp, "g3");
    assert_eq!(tx.undo_group("g1", 4, "b").await.unwrap(), 1);
    assert_eq!(tx.group_members("g3", 9).await.unwrap(), some[..1].to_vec());
    let groups = tx.revocation_groups(9).await.unwrap();
    assert_eq!(
        groups
            .iter()
            .map(|group| (group.revoked, group.undone))
            .collect::<Vec<_>>(),
        [(1, 0), (1, 1)]
    );
    let slice = tx.slices().await.unwrap().remove(0);
    assert_eq!((slice.issued, slice.revoked), (6000, 1));
    let stranger = Identified {
        id: id(7777).to_vec(),
        ..some[0].clone()
    };
    assert!(
        tx.revoke(&[stranger], "never issued", "g4", 1, "a")
            .await
            .is_err()
    );
    drop(tx);

    let mut tx = store.write().await.unwrap();
    let some = tx.find_issued(kid, month, &[id(10)]).await.unwrap();
    tx.revoke(&some, "why", "g5", 1, "a").await.unwrap();
    let before = tx.slices().await.unwrap().remove(0).change;
    tx.set_complete_until(kid, 5).await.unwrap();
    assert_eq!(tx.slices().await.unwrap().remove(0).change, before);
    tx.set_complete_until(kid, 10).await.unwrap();
    let slice = tx.slices().await.unwrap().remove(0);
    assert_eq!(
        slice.change,
        before + 1,
        "one revoked has come to be spoken for"
    );
    tx.set_complete_until(kid, 7).await.unwrap();
    assert_eq!(tx.complete_until(kid).await.unwrap(), Some(10));
    let page = tx.issued_page(kid, month, &id(9), 2).await.unwrap();
    assert_eq!(
        page.iter()
            .map(|row| (row.at, row.revoked))
            .collect::<Vec<_>>(),
        [(10, true), (11, false)]
    );
    tx.put_slice(&slice, &[("base", b"b"), ("layer", b"l")])
        .await
        .unwrap();
    let older = trust_service::store::SliceRow {
        change: slice.change - 1,
        ..slice.clone()
    };
    tx.put_slice(&older, &[("base", b"older")]).await.unwrap();
    let parts = tx.slice_parts(kid, month).await.unwrap();
    assert_eq!(
        parts,
        [
            ("base".into(), b"b".to_vec()),
            ("layer".into(), b"l".to_vec())
        ]
    );
    tx.commit().await.unwrap();
}

async fn key_lists(store: &Store) {
    let mut tx = store.write().await.unwrap();
    let mut row = KeyListRow {
        version: 1,
        content: "c".into(),
        envelope: b"e".to_vec(),
        complete: true,
        made_at: 1,
        expires: 2,
    };
    tx.put_key_list(&row).await.unwrap();
    row.version = 2;
    row.complete = false;
    tx.put_key_list(&row).await.unwrap();
    assert_eq!(tx.newest_key_list().await.unwrap().unwrap().version, 2);
    assert_eq!(tx.complete_key_list().await.unwrap().unwrap().version, 1);
    row.complete = true;
    tx.put_key_list(&row).await.unwrap();
    assert_eq!(tx.complete_key_list().await.unwrap().unwrap().version, 2);
    tx.commit().await.unwrap();
}

async fn people(store: &Store) {
    let user = UserRow {
        name: "lan".into(),
        password: "hash".into(),
        roles: "operator".into(),
        totp: Some(vec![1; 20]),
        totp_step: 0,
        disabled: false,
        created_at: 1,
    };
    let mut tx = store.write().await.unwrap();
    tx.add_user(&user).await.unwrap();
    assert!(tx.use_totp_step("lan", 5).await.unwrap());
    assert!(
        !tx.use_totp_step("lan", 5).await.unwrap(),
        "a code counts once"
    );
    tx.add_session("t1", "lan", b"secret", 100).await.unwrap();
    assert!(tx.session("t1", 99, 99).await.unwrap().is_some());
    assert!(
        tx.session("t1", 100, 99).await.unwrap().is_none(),
        "too old"
    );
    assert!(
        tx.session("t1", 99, 100).await.unwrap().is_none(),
        "unused for too long"
    );
    tx.touch_session("t1", 200).await.unwrap();
    assert!(tx.session("t1", 99, 199).await.unwrap().is_some());
    let disabled = UserRow {
        disabled: true,
        ..user.clone()
    };
    tx.set_user(&disabled).await.unwrap();
    assert!(
        tx.session("t1", 99, 199).await.unwrap().is_none(),
        "may not sign in any more"
    );
    tx.commit().await.unwrap();
    let mut tx = store.write().await.unwrap();
    assert!(matches!(tx.add_user(&user).await, Err(StoreError::Exists)));
    drop(tx);
    let mut tx = store.write().await.unwrap();
    let client = ClientRow {
        name: "c".into(),
        key_hash: "h".into(),
        scopes: "issuer".into(),
        kids: "*".into(),
        disabled: false,
        created_at: 1,
    };
    tx.add_client(&client).await.unwrap();
    assert!(tx.client_by_key("h").await.unwrap().is_some());
    assert!(tx.disable_client("c").await.unwrap());
    assert!(tx.client_by_key("h").await.unwrap().is_none());
    let failures = Failures {
        failures: 3,
        last: 4,
        locked_until: 5,
    };
    tx.set_failures("user:x", failures).await.unwrap();
    assert_eq!(tx.failures("user:x").await.unwrap(), failures);
    tx.forget_failures(9).await.unwrap();
    assert_eq!(tx.failures("user:x").await.unwrap(), Failures::default());
    tx.commit().await.unwrap();
}

async fn the_audit_log_is_append_only(store: &Store) {
    let now = Timestamp::saturating(5);
    let mut tasks = Vec::new();
    for task in 0..4 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            for _ in 0..5 {
                let mut tx = store.write().await.unwrap();
                let actor = format!("user:{task}");
                tx.audit(now, &actor, "test", "x", &json!({ "n": 1 }))
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.audit_check().await.unwrap(), Ok(20));
    assert_eq!(tx.audit_page(i64::MAX, 5).await.unwrap()[0].seq, 20);
}
