//! Publishing, as a verifier sees it, and what can go wrong on the way.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use common::{DAY, Folder, LIST, MANIFEST, at, clock, key, list, postgres, take};
use futures_util::stream::BoxStream;
use hcert::{kid::Kid, time::Timestamp};
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, local::LocalFileSystem,
    path::Path as Key,
};
use trust_list::{
    bundle::{Bundle, PartBytes},
    envelope::{Document, Envelope},
    limits::Limits,
    manifest::PartKind,
    revocation::{Month, RevocationId, Revocations, Status, Subject},
};
use trust_service::{
    domain::{
        documents::{self, Kind},
        keys::{self, Change},
        revocation::{self, Kids, Report, Selection},
    },
    publish::{
        PublishError, SignedCopy,
        site::{Name, Site},
    },
    store::{NewCertificate, Store},
};

/// Holds enough keys for everything.
const ALL: [u8; 3] = [LIST[0], LIST[1], MANIFEST];

#[tokio::test]
async fn from_nothing_to_a_bundle_and_on() {
    let folder = Folder::new(2);
    let (store, clock) = (folder.sqlite().await, clock());
    let publisher = folder.publisher(&store, &clock, folder.site(), &ALL);
    take(&store, &clock, list(1..4)).await;
    let preview = publisher.preview().await.unwrap();
    assert_eq!((preview.live_sequence, preview.keys_added.len()), (0, 3));
    assert!(!preview.keys_wait);

    let first = publisher
        .publish("user:a", Some(&preview.fingerprint))
        .await
        .unwrap();
    assert_eq!((first.sequence, first.warnings.len()), (1, 0));
    let (bundle, state) = folder.update(&folder.new_client()).unwrap();
    assert_eq!(bundle.key_list().keys.len(), 3);
    assert_eq!(bundle.key_list().authorities.len(), 1);
    assert_eq!(
        bundle.manifest().soft_expiry(),
        clock.now().plus_seconds(3 * DAY)
    );

    let id = store
        .read()
        .await
        .unwrap()
        .keys(&Default::default())
        .await
        .unwrap();
    let signer = id
        .iter()
        .find(|row| row.role == "signer")
        .unwrap()
        .id
        .clone();
    let reason = "stolen".to_owned();
    keys::change(
        &store,
        &clock,
        "user:a",
        &signer,
        &Change::Compromised { reason },
    )
    .await
    .unwrap();
    let rules = include_str!("rule.json");
    documents::put(
        &store,
        &clock,
        "user:a",
        Kind::Rules,
        "vn",
        rules.as_bytes(),
    )
    .await
    .unwrap();
    documents::put(
        &store,
        &clock,
        "user:a",
        Kind::Policy,
        "policy",
        b"{\"after_hard_expiry\":\"red\"}",
    )
    .await
    .unwrap();
    let preview = publisher.preview().await.unwrap();
    assert_eq!(
        (preview.keys_added.len(), preview.keys_withdrawn.len()),
        (0, 1)
    );
    assert_eq!(preview.parts.len(), 3, "{:?}", preview.parts);
    let second = publisher.publish("user:a", None).await.unwrap();
    assert_eq!((second.sequence, second.parts, second.new_parts), (2, 3, 3));
    let (bundle, state) = folder.update(&state).unwrap();
    let withdrawn = bundle
        .key_list()
        .keys
        .iter()
        .filter_map(|key| key.withdrawal.as_ref());
    assert_eq!(
        withdrawn.map(|one| one.compromised).collect::<Vec<_>>(),
        [true]
    );
    assert!(bundle.policy().is_ok());

    // Nothing new but the time: the key list keeps its version and its bytes.
    clock.set(clock.now().plus_seconds(DAY));
    let third = publisher.publish("user:a", None).await.unwrap();
    assert_eq!((third.sequence, third.new_parts), (3, 0));
    assert_eq!(third.key_list.version, second.key_list.version);
    let (_, state) = folder.update(&state).unwrap();
    assert_eq!(state.sequence(), 3);

    let file = std::fs::read(folder.path().join("site/bundle.hcert")).unwrap();
    let opened = Bundle::open(&Arc::new(file), &folder.new_client(), &Limits::DEFAULT);
    assert_eq!(opened.unwrap().0.manifest().sequence(), 3);
    let mut tx = store.read().await.unwrap();
    assert!(tx.audit_check().await.unwrap().is_ok());
}

#[tokio::test]
async fn the_key_list_is_signed_offline() {
    let folder = Folder::new(2);
    let (store, clock) = (folder.sqlite().await, clock());
    let publisher = folder.publisher(&store, &clock, folder.site(), &[MANIFEST]);
    take(&store, &clock, list(1..3)).await;
    let refused = publisher.publish("user:a", None).await.unwrap_err();
    assert!(matches!(refused, PublishError::NoKeyList), "{refused}");

    let (status, envelope) = publisher.key_list_to_sign().await.unwrap();
    assert_eq!(
        (status.version, status.signatures, status.needed),
        (1, 0, 2)
    );
    let sign = |seed: u8| {
        let mut copy = Envelope::parse(Document::KeyList, &envelope, &Limits::DEFAULT).unwrap();
        copy.sign(&key(seed)).unwrap();
        copy.to_bytes()
    };
    // By a key that the root does not name for it: no signature at all.
    let stranger = publisher.merge_key_list("user:a", &sign(77)).await;
    assert!(matches!(stranger, Err(PublishError::SignedCopy(_))));
    let manifest = publisher.merge_key_list("user:a", &sign(MANIFEST)).await;
    assert!(matches!(manifest, Err(PublishError::SignedCopy(_))));
    let rubbish = publisher.merge_key_list("user:a", b"rubbish").await;
    assert!(matches!(rubbish, Err(PublishError::SignedCopy(_))));
    let once = publisher
        .merge_key_list("user:a", &sign(LIST[0]))
        .await
        .unwrap();
    let again = publisher
        .merge_key_list("user:a", &sign(LIST[0]))
        .await
        .unwrap();
    assert_eq!(once, again);
    assert!(matches!(
        publisher.publish("user:a", None).await,
        Err(PublishError::NoKeyList)
    ));
    let SignedCopy::Merged(status) = publisher
        .merge_key_list("user:a", &sign(LIST[2]))
        .await
        .unwrap()
    else {
        panic!("a copy of the newest list")
    };
    assert!(!status.waits());
    publisher.publish("user:a", None).await.unwrap();
    let (_, state) = folder.update(&folder.new_client()).unwrap();

    // A new key waits; what was signed before goes on being published.
    take(&store, &clock, list(3..4)).await;
    assert!(publisher.preview().await.unwrap().keys_wait);
    let done = publisher.publish("user:a", None).await.unwrap();
    assert!(done.key_list.waits());
    assert_eq!(done.key_list.published_version, Some(1));
    let (bundle, _) = folder.update(&state).unwrap();
    assert_eq!(bundle.key_list().keys.len(), 2);
    // The copy that comes back late is one of the older list.
    let late = publisher
        .merge_key_list("user:a", &sign(LIST[1]))
        .await
        .unwrap();
    assert_eq!(late, SignedCopy::Other { newest: 2 });
}

#[tokio::test]
async fn what_is_refused_before_anything_is_written() {
    let folder = Folder::new(1);
    let (store, clock) = (folder.sqlite().await, clock());
    let none = folder.publisher(&store, &clock, folder.site(), &[LIST[0]]);
    let refused = none.publish("user:a", None).await.unwrap_err();
    assert!(
        matches!(refused, PublishError::NoManifestKeys { held: 0, needed: 1 }),
        "{refused}"
    );
    let publisher = folder.publisher(&store, &clock, folder.site(), &ALL);
    publisher.publish("user:a", None).await.unwrap();

    let now = clock.now();
    clock.set(now.plus_seconds(-1));
    let refused = publisher.publish("user:a", None).await.unwrap_err();
    assert!(
        matches!(refused, PublishError::ClockBack { .. }),
        "{refused}"
    );
    assert!(refused.to_string().contains("set the clock right"));
    clock.set(now.plus_seconds(4000 * DAY));
    let refused = publisher.publish("user:a", None).await.unwrap_err();
    assert!(matches!(refused, PublishError::RootExpired(_)), "{refused}");
    clock.set(now);

    let seen = publisher.preview().await.unwrap().fingerprint;
    take(&store, &clock, list(1..2)).await;
    let refused = publisher.publish("user:a", Some(&seen)).await.unwrap_err();
    assert!(matches!(refused, PublishError::PreviewChanged), "{refused}");
    let mut tx = store.read().await.unwrap();
    assert_eq!(
        tx.publications(9).await.unwrap().len(),
        1,
        "no sequence was taken"
    );
}

#[tokio::test]
async fn a_damaged_part_is_put_anew_and_a_lost_database_does_not_go_back() {
    let folder = Folder::new(1);
    let (store, clock) = (folder.sqlite().await, clock());
    let publisher = folder.publisher(&store, &clock, folder.site(), &ALL);
    take(&store, &clock, list(1..3)).await;
    publisher.publish("user:a", None).await.unwrap();
    publisher.publish("user:a", None).await.unwrap();
    let part = std::fs::read_dir(folder.path().join("site/parts"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let mut bytes = std::fs::read(&part).unwrap();
    bytes[50] ^= 1;
    std::fs::write(&part, bytes).unwrap();
    assert!(folder.update(&folder.new_client()).is_err());
    publisher.publish("user:a", None).await.unwrap();
    let (_, state) = folder.update(&folder.new_client()).unwrap();
    assert_eq!(state.sequence(), 3);

    // The database is lost and begun anew: sequence and key list go on from what is live.
    let other = Folder::new(1);
    let fresh = other.sqlite().await;
    let publisher = folder.publisher(&fresh, &clock, folder.site(), &ALL);
    take(&fresh, &clock, list(1..3)).await;
    let done = publisher.publish("user:a", None).await.unwrap();
    assert_eq!(done.sequence, 4);
    let (_, state) = folder.update(&state).unwrap();
    assert_eq!(state.sequence(), 4);
}

#[tokio::test]
async fn parts_stay_while_a_manifest_needs_them() {
    let folder = Folder::new(1);
    let (store, clock) = (folder.sqlite().await, clock());
    // Parts carry the file system's time, which is the machine's: the small world comes to it.
    let machine = service::clock::Clock::system().now();
    clock.set(machine);
    let publisher = folder.publisher(&store, &clock, folder.site(), &ALL);
    let count = || {
        std::fs::read_dir(folder.path().join("site/parts"))
            .unwrap()
            .count()
    };
    for number in 1..4 {
        take(&store, &clock, list(number..number + 1)).await;
        publisher.publish("user:a", None).await.unwrap();
    }
    assert_eq!(count(), 3, "all are younger than a week");
    clock.set(machine.plus_seconds(8 * DAY));
    publisher.publish("user:a", None).await.unwrap();
    assert_eq!(
        count(),
        1,
        "the one that the live one has, and had a week ago"
    );
    let (bundle, _) = folder.update(&folder.new_client()).unwrap();
    assert_eq!(bundle.key_list().keys.len(), 3);
}

/// Bytes of a certificate's identifier, and the id under which the service knows it.
fn issued(number: u32) -> (String, [u8; 16]) {
    let text = format!("URN:UVCI:01:UT:{number}");
    let id = *RevocationId::of_identifier(&text).as_bytes();
    (text, id)
}

fn status(bundle: &Bundle, kid: &Kid, number: u32, issued_at: Timestamp) -> Status {
    let mut revocations: Revocations<PartBytes> = Revocations::default();
    for (_, bytes) in bundle.parts_of(&PartKind::RevocationIndex) {
        revocations.add_index(bytes.unwrap()).unwrap();
    }
    for (part, bytes) in bundle.parts_of(&PartKind::RevocationSlice) {
        revocations.add_slice(*part.digest.as_bytes(), bytes.unwrap().clone());
    }
    let (text, _) = issued(number);
    let subject = Subject {
        kid: Some(kid),
        country: Some("UT"),
        algorithm: hcert::keys::Algorithm::EdDsa,
        signature: &[],
        identifiers: &[&text],
        issued_at: Some(issued_at),
    };
    revocations.status(&subject, issued_at)
}

#[tokio::test]
async fn revocations_are_exact_in_the_bundle() {
    let folder = Folder::new(1);
    let (store, clock) = (folder.sqlite().await, clock());
    let publisher = folder.publisher(&store, &clock, folder.site(), &ALL);
    let kid = Kid::from_bytes(b"own kid!");
    let time = |number: u32| at("2026-10-20T00:00:00Z").plus_seconds(i64::from(number) * 1000);
    let report = |numbers: std::ops::Range<u32>, until: Timestamp| Report {
        kid: kid.as_bytes().to_vec(),
        certificates: numbers
            .map(|number| NewCertificate {
                id: issued(number).1,
                issued_at: time(number).unix(),
            })
            .collect(),
        labels: vec!["lot:7".into()],
        complete_until: Some(until),
    };
    let note = async |report: Report| {
        revocation::note_issued(&store, &clock, "client:i", &Kids::All, &report)
            .await
            .unwrap()
    };
    let noted = note(report(0..2000, time(1999))).await;
    assert_eq!((noted.new, noted.late), (2000, 0));
    let ids = |numbers: &[u32]| Selection::Ids {
        kid: None,
        ids: numbers.iter().map(|number| issued(*number).1).collect(),
    };
    let revoke = async |numbers: &[u32]| {
        let selection = ids(numbers);
        let hits = revocation::dry_run(&store, &Kids::All, &selection)
            .await
            .unwrap();
        assert_eq!(hits.hits, numbers.len());
        revocation::revoke(
            &store,
            &clock,
            "user:a",
            &Kids::All,
            &selection,
            "why",
            hits.hits,
        )
        .await
        .unwrap()
    };
    revoke(&[3, 5, 1500]).await;
    publisher.publish("user:a", None).await.unwrap();
    let (bundle, state) = folder.update(&folder.new_client()).unwrap();
    let check = |bundle: &Bundle, revoked: &[u32], upto: u32| {
        for number in 0..upto {
            let found = status(bundle, &kid, number, time(number));
            let want = revoked.contains(&number);
            assert_eq!(
                matches!(found, Status::Revoked { .. }),
                want,
                "{number}: {found:?}"
            );
            assert_eq!(found == Status::NotRevoked, !want, "{number}: {found:?}");
        }
    };
    check(&bundle, &[3, 5, 1500], 2000);
    assert!(matches!(
        status(&bundle, &kid, 1, time(2000)),
        Status::Unknown { .. }
    ));
    assert_ne!(Month::of(time(0)), Month::of(time(1999)), "two slices");

    // More are issued, among them one that is revoked, one of the old ones is revoked, one undone.
    note(report(2000..2500, time(2499))).await;
    revoke(&[7, 2100]).await;
    let undone = revocation::undo(&store, &clock, "user:a", &Kids::All, &ids(&[1500]))
        .await
        .unwrap();
    assert_eq!(undone, 1);
    let preview = publisher.preview().await.unwrap();
    assert_eq!(
        (
            preview.revoked_before,
            preview.revoked_now,
            preview.slices_to_build
        ),
        (3, 4, 2)
    );
    publisher.publish("user:a", None).await.unwrap();
    let (bundle, state) = folder.update(&state).unwrap();
    check(&bundle, &[3, 5, 7, 2100], 2500);

    // One is reported late: the slice is made over it, too. Revoked before all is reported: due then.
    let mut late = report(9000..9001, time(2499));
    late.certificates[0].issued_at = time(10).unix();
    assert_eq!(note(late).await.late, 1);
    let mut ahead = report(2500..2600, time(2499));
    ahead.complete_until = None;
    note(ahead).await;
    revoke(&[2550]).await;
    publisher.publish("user:a", None).await.unwrap();
    let (bundle, state) = folder.update(&state).unwrap();
    check(&bundle, &[3, 5, 7, 2100], 2500);
    assert_eq!(status(&bundle, &kid, 9000, time(10)), Status::NotRevoked);
    assert!(matches!(
        status(&bundle, &kid, 2550, time(2550)),
        Status::Unknown { .. }
    ));
    note(report(2599..2600, time(2599))).await;
    publisher.publish("user:a", None).await.unwrap();
    let (bundle, state) = folder.update(&state).unwrap();
    check(&bundle, &[3, 5, 7, 2100, 2550], 2600);

    // All of a lot; a wrong number stops it.
    let lot = Selection::Label("lot:7".into());
    let hits = revocation::dry_run(&store, &Kids::All, &lot).await.unwrap();
    assert_eq!((hits.hits, hits.already_revoked), (2601, 5));
    let wrong = revocation::revoke(&store, &clock, "user:a", &Kids::All, &lot, "lot", 2600).await;
    assert!(wrong.is_err());
    let done = revocation::revoke(&store, &clock, "user:a", &Kids::All, &lot, "lot", 2601)
        .await
        .unwrap();
    assert_eq!(done.revoked, Some(2596));
    publisher.publish("user:a", None).await.unwrap();
    let (bundle, state) = folder.update(&state).unwrap();
    check(&bundle, &(0..2600).collect::<Vec<_>>(), 2600);
    let group = Selection::Group(done.group.unwrap());
    assert_eq!(
        revocation::undo(&store, &clock, "user:a", &Kids::All, &group)
            .await
            .unwrap(),
        2596
    );
    publisher.publish("user:a", None).await.unwrap();
    let (bundle, _) = folder.update(&state).unwrap();
    check(&bundle, &[3, 5, 7, 2100, 2550], 2600);
}

async fn two_publishers_race(folder: &Folder, store: Store) {
    let clock = clock();
    take(&store, &clock, list(1..3)).await;
    let publishers: Vec<_> = (0..3)
        .map(|_| Arc::new(folder.publisher(&store, &clock, folder.site(), &ALL)))
        .collect();
    let mut tasks = Vec::new();
    for publisher in &publishers {
        for _ in 0..6 {
            let publisher = Arc::clone(publisher);
            tasks.push(tokio::spawn(async move {
                publisher.publish("user:a", None).await
            }));
        }
    }
    let mut sequences = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            Ok(done) => sequences.push(done.sequence),
            Err(PublishError::Overtaken { live, ours }) => assert!(live > ours),
            Err(error) => panic!("{error}"),
        }
    }
    let count = sequences.len();
    sequences.sort_unstable();
    sequences.dedup();
    assert!(count >= 1 && sequences.len() == count, "no sequence twice");
    let (_, state) = folder.update(&folder.new_client()).unwrap();
    assert_eq!(
        Some(&state.sequence()),
        sequences.last(),
        "the highest is live"
    );
    assert!(
        store
            .read()
            .await
            .unwrap()
            .audit_check()
            .await
            .unwrap()
            .is_ok()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn publishers_race_on_sqlite() {
    let folder = Folder::new(1);
    let store = folder.sqlite().await;
    two_publishers_race(&folder, store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publishers_race_on_postgres() {
    let Some(cluster) = postgres::start() else {
        return;
    };
    let folder = Folder::new(1);
    let store = Store::open(&cluster.database("race")).await.unwrap();
    two_publishers_race(&folder, store.clone()).await;
    store.close().await;
}

#[tokio::test]
async fn the_database_goes_away_and_comes_back() {
    let Some(cluster) = postgres::start() else {
        return;
    };
    let folder = Folder::new(1);
    let store = Store::open(&cluster.database("away")).await.unwrap();
    let clock = clock();
    let app = folder.app(store.clone(), &clock).await;
    app.publisher.publish("user:a", None).await.unwrap();
    cluster.end();
    let refused = app.publisher.publish("user:a", None).await.unwrap_err();
    assert!(
        refused.to_string().contains("database not reachable"),
        "{refused}"
    );
    let before = store.transactions();
    let response = common::http::get(&app, "/trust/manifest.cose").await;
    assert_eq!(response.status, 200, "files are served all the same");
    assert_eq!(store.transactions(), before);
    assert_eq!(common::http::get(&app, "/readyz").await.status, 503);
    assert_eq!(common::http::get(&app, "/healthz").await.status, 200);
    cluster.begin();
    assert_eq!(common::http::get(&app, "/readyz").await.status, 200);
    let done = app.publisher.publish("user:a", None).await.unwrap();
    let (_, state) = folder.update(&folder.new_client()).unwrap();
    assert_eq!(state.sequence(), done.sequence);
    store.close().await;
}

/// A store that answers "no space left" when told to.
#[derive(Debug)]
struct Full {
    inner: LocalFileSystem,
    full: Arc<AtomicBool>,
    only: &'static str,
}

impl std::fmt::Display for Full {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Full")
    }
}

#[async_trait::async_trait]
impl ObjectStore for Full {
    async fn put_opts(
        &self,
        place: &Key,
        payload: PutPayload,
        options: PutOptions,
    ) -> object_store::Result<PutResult> {
        if self.full.load(Ordering::Relaxed) && place.as_ref().starts_with(self.only) {
            let source = std::io::Error::from(std::io::ErrorKind::StorageFull);
            return Err(object_store::Error::Generic {
                store: "full",
                source: Box::new(source),
            });
        }
        self.inner.put_opts(place, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        place: &Key,
        options: PutMultipartOptions,
    ) -> object_store::Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(place, options).await
    }

    async fn get_opts(&self, place: &Key, options: GetOptions) -> object_store::Result<GetResult> {
        self.inner.get_opts(place, options).await
    }

    fn delete_stream(
        &self,
        places: BoxStream<'static, object_store::Result<Key>>,
    ) -> BoxStream<'static, object_store::Result<Key>> {
        self.inner.delete_stream(places)
    }

    fn list(&self, prefix: Option<&Key>) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Key>) -> object_store::Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(
        &self,
        from: &Key,
        to: &Key,
        options: CopyOptions,
    ) -> object_store::Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

#[tokio::test]
async fn a_full_disk_leaves_the_old_state() {
    for only in ["parts/", "manifest/", "manifest.cose", "bundle.hcert"] {
        let folder = Folder::new(1);
        let (store, clock) = (folder.sqlite().await, clock());
        let place = folder.path().join("site");
        std::fs::create_dir_all(&place).unwrap();
        let full = Arc::new(AtomicBool::new(false));
        let inner = LocalFileSystem::new_with_prefix(&place).unwrap();
        let site = Site::over(
            Arc::new(Full {
                inner,
                full: Arc::clone(&full),
                only,
            }),
            false,
        );
        let publisher = folder.publisher(&store, &clock, site, &ALL);
        publisher.publish("user:a", None).await.unwrap();
        let (_, old) = folder.update(&folder.new_client()).unwrap();
        take(&store, &clock, list(1..3)).await;
        full.store(true, Ordering::Relaxed);
        let result = publisher.publish("user:a", None).await;
        if only == "bundle.hcert" {
            // The live pointer has moved; only the single file is of the day before.
            let done = result.unwrap();
            assert!(
                done.warnings[0].contains("no space left"),
                "{:?}",
                done.warnings
            );
        } else {
            let refused = result.unwrap_err().to_string();
            assert!(refused.contains("no space left"), "{only}: {refused}");
            assert!(refused.contains("free some"), "{only}: {refused}");
            let (_, now) = folder.update(&old).unwrap();
            assert_eq!(now, old, "{only}");
        }
        full.store(false, Ordering::Relaxed);
        let done = publisher.publish("user:a", None).await.unwrap();
        assert_eq!(done.sequence, 3, "{only}: sequence 2 is never used again");
        let (bundle, _) = folder.update(&old).unwrap();
        assert_eq!(bundle.key_list().keys.len(), 2, "{only}");
    }
}

#[tokio::test]
async fn a_pointer_that_moved_without_the_database_is_noticed() {
    let folder = Folder::new(1);
    let (store, clock) = (folder.sqlite().await, clock());
    let publisher = folder.publisher(&store, &clock, folder.site(), &ALL);
    publisher.publish("user:a", None).await.unwrap();
    publisher.publish("user:a", None).await.unwrap();
    // As if killed between the two: the pointer moved, the database does not know.
    let mut tx = store.write().await.unwrap();
    let row = tx.publication(2).await.unwrap().unwrap();
    let (manifest, client) = (row.manifest.unwrap(), row.client.unwrap());
    let state = trust_service::store::PublicationState::Prepared;
    tx.set_publication(2, state, &manifest, &client)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    publisher.recover_at_start().await.unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.last_publication().await.unwrap().unwrap().sequence, 2);
    drop(tx);
    assert!(folder.site().read(Name::Bundle).await.unwrap().is_some());
}
