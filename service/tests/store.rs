//! One contract, kept by both engines.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

#[path = "../testing/postgres.rs"]
mod postgres;

use hcert::time::Timestamp;
use serde_json::json;
use service::{
    clock::Clock,
    on,
    people::{
        self, PeopleError, UserChange,
        sessions::{IDLE, Session},
        sign_in::{Attempt, Outcome, sign_in},
        totp,
    },
    roles::{Role, Roles},
    store::{AuditNote, Failures, Migrations, Pools, Store, StoreError},
    vault::{Vault, VaultError},
};

static MIGRATIONS: Migrations = Migrations {
    sqlite: &sqlx::migrate!("testing/migrations/sqlite"),
    postgres: &sqlx::migrate!("testing/migrations/postgres"),
};
const PASSWORD: &str = "three small words";

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Post {
    Clerk,
    Chief,
}

impl Role for Post {
    const ALL: &'static [Post] = &[Post::Clerk, Post::Chief];

    fn name(self) -> &'static str {
        match self {
            Post::Clerk => "clerk",
            Post::Chief => "chief",
        }
    }
}

async fn open(address: &str) -> Result<Store, StoreError> {
    let pools = Pools {
        sqlite: 4,
        postgres: 4,
    };
    Store::open(address, &MIGRATIONS, pools).await
}

fn at() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqlite_keeps_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    for round in 0..5 {
        let path = dir.path().join(format!("{round}.sqlite"));
        several_open_it_at_once(&format!("sqlite:{}", path.display())).await;
    }
    let address = format!("sqlite:{}", dir.path().join("contract.sqlite").display());
    contract(&open(&address).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn postgres_keeps_the_contract() {
    let Some(cluster) = postgres::start() else {
        return;
    };
    several_open_it_at_once(&cluster.database("fresh")).await;
    let store = open(&cluster.database("contract")).await.unwrap();
    contract(&store).await;
    store.close().await;
}

/// As two services that start at once do, or a service and a command beside it.
async fn several_open_it_at_once(address: &str) {
    let opened = (0..4).map(|_| {
        let address = address.to_owned();
        tokio::spawn(async move {
            let store = open(&address).await?;
            let mut tx = store.write().await?;
            let detail = json!({});
            tx.audit(at(), "service", "open", "", &detail).await?;
            tx.commit().await?;
            Ok::<_, StoreError>(store)
        })
    });
    let opened: Vec<_> = opened.collect();
    let mut stores = Vec::new();
    for task in opened {
        stores.push(task.await.unwrap().unwrap());
    }
    let mut tx = stores[0].read().await.unwrap();
    assert_eq!(tx.audit_check().await.unwrap(), Ok(4), "{address}");
    drop(tx);
    for store in stores {
        store.close().await;
    }
}

#[tokio::test]
async fn addresses_that_name_nothing() {
    for address in ["", "mysql://x", "file.sqlite"] {
        let error = open(address).await.unwrap_err();
        assert!(matches!(error, StoreError::Address(_)), "{error}");
    }
    let error = open("sqlite:/nowhere/at/all.sqlite").await.unwrap_err();
    assert!(!matches!(error, StoreError::Address(_)), "{error}");
}

async fn contract(store: &Store) {
    one_text_for_both_engines(store).await;
    counters(store).await;
    the_audit_log_is_one_chain(store).await;
    failures(store).await;
    people_and_their_sessions(store).await;
    one_time_codes_lie_sealed(store).await;
}

async fn one_text_for_both_engines(store: &Store) {
    let before = store.transactions();
    let mut tx = store.read().await.unwrap();
    let sql = "SELECT value FROM counters WHERE name = $1";
    let name = "audit";
    let value: i64 = on!(tx, db => sqlx::query_scalar(sql).bind(name).fetch_one(db).await.unwrap());
    assert_eq!((value, store.transactions()), (0, before + 1));
}

async fn counters(store: &Store) {
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.count("sequence", 0).await.unwrap(), 1);
    assert_eq!(tx.count("sequence", 10).await.unwrap(), 11);
    assert_eq!(tx.count_by("sequence", 0, 5).await.unwrap(), 16);
    assert!(tx.count("no such counter", 0).await.is_err());
    drop(tx);
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.count("sequence", 0).await.unwrap(), 1, "never committed");
}

async fn the_audit_log_is_one_chain(store: &Store) {
    let detail = json!({ "lot": "EX1" });
    let note = |subject| AuditNote {
        actor: "user:lan",
        action: "record.sign",
        subject,
        detail: &detail,
    };
    let subjects: Vec<String> = (0..2500).map(|number| number.to_string()).collect();
    let many: Vec<_> = subjects.iter().map(|subject| note(subject)).collect();
    let mut tx = store.write().await.unwrap();
    tx.audit(at(), "service", "start", "", &json!({}))
        .await
        .unwrap();
    tx.audit_many(at(), &[]).await.unwrap();
    tx.audit_many(at(), &many).await.unwrap();
    tx.audit_many(at(), &many[..1]).await.unwrap();
    tx.commit().await.unwrap();

    // Others at the same time wait for their place in the chain.
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let store = store.clone();
            tokio::spawn(async move {
                let detail = json!({});
                let subject = task.to_string();
                let note = AuditNote {
                    actor: "service",
                    action: "test",
                    subject: &subject,
                    detail: &detail,
                };
                let mut tx = store.write().await.unwrap();
                tx.audit_many(at(), &[note; 3]).await.unwrap();
                if task % 2 == 0 {
                    tx.commit().await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.audit_check().await.unwrap(), Ok(2502 + 12));
    let page = tx.audit_page(2503, 2).await.unwrap();
    let read: Vec<_> = page.iter().map(|e| (e.seq, e.subject.as_str())).collect();
    assert_eq!(read, [(2502, "0"), (2501, "2499")]);
    drop(tx);

    let mut tx = store.write().await.unwrap();
    let sql = "UPDATE audit SET actor = 'nobody' WHERE seq = 1";
    let changed = on!(tx, db => sqlx::query(sql).execute(db).await.map(drop));
    assert!(changed.is_err(), "append-only");
    drop(tx);
    let mut tx = store.write().await.unwrap();
    let sql = "DELETE FROM audit WHERE seq = 1";
    let changed = on!(tx, db => sqlx::query(sql).execute(db).await.map(drop));
    assert!(changed.is_err(), "append-only");
}

async fn failures(store: &Store) {
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.failures("a").await.unwrap(), Failures::default());
    let some = Failures {
        failures: 3,
        last: 100,
        locked_until: 200,
    };
    tx.set_failures("a", some).await.unwrap();
    tx.forget_failures(150).await.unwrap();
    assert_eq!(tx.failures("a").await.unwrap(), some, "locked still");
    tx.forget_failures(201).await.unwrap();
    assert_eq!(tx.failures("a").await.unwrap(), Failures::default());
}

fn attempt<'a>(name: &'a str, code: &'a str) -> Attempt<'a> {
    Attempt {
        name,
        password: PASSWORD,
        code,
        address: "192.0.2.1",
    }
}

async fn people_and_their_sessions(store: &Store) {
    let (clock, vault) = (Clock::fixed(at()), Vault::new(&[3; 32]));
    let clerk = Roles::of([Post::Clerk]);
    let add =
        async |name: &str| people::add_user(store, &clock, "test", name, PASSWORD, &clerk).await;
    add("lan").await.unwrap();
    assert!(matches!(add("lan").await, Err(PeopleError::Exists(_))));
    assert!(matches!(add("Lan").await, Err(PeopleError::Asked(_))));
    let nobody: Roles<Post> = Roles::default();
    let added = people::add_user(store, &clock, "test", "mai", PASSWORD, &nobody).await;
    assert!(matches!(added, Err(PeopleError::Asked(_))));

    let Outcome::In(token) = sign_in(store, &clock, &vault, attempt("lan", ""))
        .await
        .unwrap()
    else {
        panic!("not signed in")
    };
    let of = async |token: &str| Session::of_token(store, &clock, token).await.unwrap();
    let session = of(&token).await.unwrap();
    assert_eq!(
        (session.name.as_str(), session.roles::<Post>()),
        ("lan", clerk.clone())
    );
    assert!(of("another").await.is_none());
    clock.set(at().plus_seconds(IDLE + 1));
    assert!(of(&token).await.is_none(), "unused for too long");
    clock.set(at());

    // A refusal changes nothing; what is asked about is how it would be afterwards.
    let change = || UserChange {
        roles: Some(Roles::of([Post::Chief])),
        ..UserChange::default()
    };
    let refuse = |users: &[service::store::UserRow]| {
        assert_eq!(users[0].roles, "chief");
        Err(PeopleError::Asked("no".into()))
    };
    let refused = people::change_user(store, &clock, &vault, "test", "lan", change(), refuse);
    assert!(refused.await.is_err());
    assert!(of(&token).await.is_some());
    let changed = people::change_user(store, &clock, &vault, "test", "lan", change(), |_| Ok(()));
    assert!(changed.await.unwrap().is_none());
    assert!(of(&token).await.is_none(), "other rights, other session");

    // Somebody whom an identity provider knows needs no password here.
    let token = Session::open(store, &clock, "lan").await.unwrap();
    let session = of(&token).await.unwrap();
    assert!(session.roles::<Post>().has(Post::Chief));
    session.end(store).await.unwrap();
    assert!(of(&token).await.is_none());
}

async fn one_time_codes_lie_sealed(store: &Store) {
    let (clock, vault) = (Clock::fixed(at()), Vault::new(&[3; 32]));
    let roles = Roles::of([Post::Chief]);
    people::add_user(store, &clock, "test", "codes", PASSWORD, &roles)
        .await
        .unwrap();
    let change: UserChange<Post> = UserChange {
        totp: Some(true),
        ..UserChange::default()
    };
    let secret = people::change_user(store, &clock, &vault, "test", "codes", change, |_| Ok(()))
        .await
        .unwrap()
        .unwrap();
    let mut tx = store.read().await.unwrap();
    let sealed = tx.user("codes").await.unwrap().unwrap().totp.unwrap();
    drop(tx);
    let windows = sealed.windows(secret.bytes().len());
    assert!(!windows.into_iter().any(|part| part == secret.bytes()));
    let opened = vault.open("totp:codes", &sealed).unwrap();
    assert_eq!(opened.as_slice(), secret.bytes());

    let code = totp::code(secret.bytes(), at().unix()).unwrap();
    let outcome = sign_in(store, &clock, &vault, attempt("codes", "000000x")).await;
    assert!(matches!(outcome, Ok(Outcome::Wrong)));
    // Another secret file is a fault of the installation, and not of the person.
    let other = Vault::new(&[4; 32]);
    let outcome = sign_in(store, &clock, &other, attempt("codes", &code)).await;
    assert!(matches!(
        outcome,
        Err(PeopleError::Vault(VaultError::Sealed))
    ));
    let outcome = sign_in(store, &clock, &vault, attempt("codes", &code)).await;
    assert!(matches!(outcome, Ok(Outcome::In(_))));
    let outcome = sign_in(store, &clock, &vault, attempt("codes", &code)).await;
    assert!(matches!(outcome, Ok(Outcome::Wrong)), "used before");

    // Somebody else's sealed secret is no use in this place.
    people::add_user(store, &clock, "test", "thief", PASSWORD, &roles)
        .await
        .unwrap();
    let mut tx = store.write().await.unwrap();
    let mut thief = tx.user("thief").await.unwrap().unwrap();
    thief.totp = Some(sealed);
    tx.set_user(&thief).await.unwrap();
    tx.commit().await.unwrap();
    clock.set(at().plus_seconds(60));
    let code = totp::code(secret.bytes(), clock.now().unix()).unwrap();
    let outcome = sign_in(store, &clock, &vault, attempt("thief", &code)).await;
    assert!(matches!(outcome, Err(PeopleError::Vault(_))));
}
