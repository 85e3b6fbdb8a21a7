//! Who may ask for what; forms of others; sessions; guesses at passwords; signatures; repetitions.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;
#[path = "common/http.rs"]
mod http;

use std::{collections::BTreeMap, sync::Arc};

use axum::http::Method;
use common::{PASSWORD, SITE, World, settings};
use http::{Program, app, ask, call, fresh, get, page, request, session, sign_in};
use issuer::{
    http::{Repeats, access::Access, router, routes},
    roles::{Role, Roles},
};
use service::{on, people::sessions, roles::Role as _};

/// What each route is for. A route that is not here fails the test.
const EXPECTED: &str = include_str!("access.tsv");
/// Of what the feature `oidc` adds.
const EXPECTED_OIDC: &str = match cfg!(feature = "oidc") {
    true => include_str!("access-oidc.tsv"),
    false => "",
};

type Door = (String, String);

/// The roles of each row; none for what is open to everybody.
fn expected() -> BTreeMap<Door, Option<Vec<Role>>> {
    let lines = EXPECTED.lines().chain(EXPECTED_OIDC.lines());
    let lines = lines.filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let mut fields = line.split('\t');
            let mut next = || fields.next().unwrap_or_else(|| panic!("{line}")).to_owned();
            let (method, path, who) = (next(), next(), next());
            let roles =
                (who != "everybody").then(|| who.parse::<Roles>().unwrap().iter().collect());
            ((method, path), roles)
        })
        .collect()
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let mut expected = expected();
    let mut missing = String::new();
    for route in routes::table() {
        let roles = match route.access {
            Access::Open | Access::OpenPage => None,
            Access::Api(roles) | Access::Page(roles) => {
                let mut roles = roles.to_vec();
                roles.sort_unstable();
                Some(roles)
            }
        };
        let key = (route.method.to_string(), route.path.to_owned());
        if expected.remove(&key) != Some(roles.clone()) {
            let who = roles.map_or("everybody".into(), |roles| Roles::of(roles).to_string());
            missing += &format!("{}\t{}\t{who}\n", key.0, key.1);
        }
    }
    assert!(
        missing.is_empty(),
        "rows of access.tsv that are missing or say something else:\n{missing}"
    );
    assert!(expected.is_empty(), "rows without a route: {expected:?}");
}

#[test]
fn what_changes_something_takes_an_idempotency_key() {
    for route in routes::table() {
        let is_program = matches!(route.access, Access::Api(_));
        let harmless = route.repeats == Repeats::Harmless;
        let is_search = route.path.ends_with("/search");
        assert_eq!(
            is_program && !route.method.is_safe() && !is_search,
            !harmless,
            "{route:?}"
        );
    }
}

/// A path with something in place of its names that is nowhere.
fn nowhere(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.starts_with('{') {
        true => "none",
        false => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_role_at_every_door() {
    let world = World::sqlite(settings()).await;
    let app = app(&world.issuer);
    let people = ["lan", "tuan", "bo", "quan", "kiem"];
    let mut programs = BTreeMap::new();
    let mut cookies = BTreeMap::new();
    for (role, name) in Role::ALL.iter().zip(people) {
        let place = if *role <= Role::Officer { SITE } else { "VN" };
        let program = Program::new(&world.issuer, role.name(), &[*role], place).await;
        programs.insert(*role, program);
        cookies.insert(*role, session(&app, name, PASSWORD).await);
    }
    for route in routes::table() {
        let (method, path) = (route.method.clone(), nowhere(route.path));
        // Signing out ends the session that the next doors need.
        if path == "/sign-out" {
            continue;
        }
        let (is_page, roles) = match route.access {
            Access::Page(roles) => (true, Some(roles)),
            Access::OpenPage => (true, None),
            Access::Api(roles) => (false, Some(roles)),
            Access::Open => (false, None),
        };
        let nobody = ask(&app, method.clone(), &path, &[], "").await;
        let kept_out = nobody.status == 401 || nobody.header("location") == "/sign-in";
        let Some(roles) = roles else {
            assert!(!kept_out, "{route:?} is open");
            continue;
        };
        assert!(kept_out, "{route:?} without a sign-in: {}", nobody.status);
        for role in Role::ALL {
            let cookie = format!("issuer_session={}", cookies[role]);
            let cookie = [("cookie", cookie.as_str())];
            let program = &programs[role];
            let answer = match is_page {
                true => ask(&app, method.clone(), &path, &cookie, "").await,
                false => program.ask(&app, method.clone(), &path, "").await,
            };
            let text = answer.text();
            let kept_out = answer.status == 403
                && (text.contains(r#""code":"role""#) || text.contains("Code: role"));
            // The audit log is one for the country: the domain looks where the auditor belongs.
            assert_eq!(
                kept_out,
                !roles.contains(role),
                "{route:?} as {}: {} {text}",
                role.name(),
                answer.status
            );
            assert!(answer.status < 500, "{route:?} as {}: {text}", role.name());
            // A key of the API opens no page, and a session no API.
            match is_page {
                true => {
                    let answer = program.ask(&app, method.clone(), &path, "").await;
                    assert_eq!(answer.header("location"), "/sign-in", "{route:?}");
                }
                false => {
                    let answer = ask(&app, method.clone(), &path, &cookie, "").await;
                    assert_eq!(answer.status, 401, "{route:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_key_alone_opens_nothing() {
    let world = World::sqlite(settings()).await;
    let app = app(&world.issuer);
    let own = Program::new(&world.issuer, "his", &[Role::Clerk], SITE).await;
    let other = Program::new(&world.issuer, "other", &[Role::Clerk], SITE).await;
    let path = "/api/v1/records";
    assert_eq!(own.get(&app, path).await.status, 200);
    let unsigned = [("authorization", format!("Bearer {}", own.bearer))];
    let stolen = Program {
        key: other.key.clone(),
        ..own.clone()
    };
    let as_other = Program {
        name: other.name.clone(),
        ..own.clone()
    };
    let unknown = Program {
        bearer: "nobody's".into(),
        ..own.clone()
    };
    let now = world.clock.now().unix();
    let get = Method::GET;
    for (what, headers, code) in [
        ("no signature", unsigned.to_vec(), "signature"),
        (
            "another's key",
            stolen.headers(now, &get, path, None, None),
            "signature",
        ),
        (
            "another's name",
            as_other.headers(now, &get, path, None, None),
            "signature",
        ),
        (
            "no such client",
            unknown.headers(now, &get, path, None, None),
            "unauthorised",
        ),
        (
            "too old",
            own.headers(now - 301, &get, path, None, None),
            "signature",
        ),
        (
            "too early",
            own.headers(now + 301, &get, path, None, None),
            "signature",
        ),
        (
            "another path",
            own.headers(now, &get, "/api/v1/persons", None, None),
            "signature",
        ),
    ] {
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let answer = ask(&app, Method::GET, path, &headers, "").await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (401, code),
            "{what}: {}",
            answer.text()
        );
        assert_eq!(
            answer.header("www-authenticate"),
            "Bearer realm=\"hcert issuer\""
        );
    }
    // The body is the one that was signed.
    let once = fresh();
    let path = "/api/v1/persons";
    let headers = own.headers(now, &Method::POST, path, Some(&once), Some(b"{}"));
    let mut headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    headers.push(("content-type", "application/json"));
    let answer = ask(&app, Method::POST, path, &headers, "{ }").await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "digest"));
    // A GET that was signed without a body has none.
    let path = "/api/v1/records";
    let headers = own.headers(now, &Method::GET, path, None, None);
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = ask(&app, Method::GET, path, &headers, "{}").await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "digest"));
}

#[tokio::test]
async fn a_disabled_program_ends_at_once_here_and_in_seconds_elsewhere() {
    let world = World::sqlite(settings()).await;
    let app = app(&world.issuer);
    let own = Program::new(&world.issuer, "his", &[Role::Clerk], SITE).await;
    let chief = Program::new(&world.issuer, "chief", &[Role::Administrator], "VN").await;
    let router = router(Arc::clone(&app));
    let send = async |program: &Program, method: Method, path: &str| {
        let now = world.clock.now().unix();
        let once = fresh();
        let reads = method == Method::GET;
        let sent: Option<&[u8]> = (!reads).then_some(b"");
        let once = (!reads).then_some(once.as_str());
        let headers = program.headers(now, &method, path, once, sent);
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        call(&router, request(method, path, &headers, ""))
            .await
            .status
    };
    assert_eq!(send(&own, Method::GET, "/api/v1/records").await, 200);
    // The second request asks the database nothing about the client.
    let before = world.issuer.store.transactions();
    assert_eq!(send(&own, Method::GET, "/api/v1/settings").await, 200);
    assert_eq!(world.issuer.store.transactions(), before);
    assert_eq!(
        send(&chief, Method::DELETE, "/api/v1/clients/his").await,
        200
    );
    assert_eq!(send(&own, Method::GET, "/api/v1/records").await, 401);
}

/// The value of a field of a form on a page.
fn value(page: &str, form: &str, name: &str) -> String {
    let form = page.split(&format!(r#"action="{form}""#)).nth(1).unwrap();
    let field = form
        .split(&format!(r#"name="{name}" value=""#))
        .nth(1)
        .unwrap();
    field.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn forms_come_from_our_own_pages() {
    let world = World::sqlite(settings()).await;
    let app = app(&world.issuer);
    let own = session(&app, "lan", PASSWORD).await;
    let others = session(&app, "mai", PASSWORD).await;
    let text = page(&app, &own, "/desk/password").await.text();
    let token = value(&text, "/desk/password", "csrf");
    let of_other_form = value(&text, "/sign-out", "csrf");
    let text = page(&app, &others, "/desk/password").await.text();
    let of_other_session = value(&text, "/desk/password", "csrf");
    let body = |token: &str| {
        format!(
            "csrf={token}&old={PASSWORD}&new=four other small words&again=four other small words"
        )
        .replace(' ', "+")
    };
    let cookie = format!("issuer_session={own}");
    let post = async |headers: &[(&str, &str)], body: String| {
        let mut all = vec![("cookie", cookie.as_str())];
        all.extend(headers);
        ask(&app, Method::POST, "/desk/password", &all, body).await
    };
    for (headers, body) in [
        (&[][..], String::new()),
        (&[], body("")),
        (&[], body("AAAA")),
        (&[], body(&of_other_form)),
        (&[], body(&of_other_session)),
        (&[("sec-fetch-site", "cross-site")], body(&token)),
        (&[("sec-fetch-site", "same-site")], body(&token)),
        (
            &[
                ("origin", "https://evil.example"),
                ("host", "issuer.example"),
            ],
            body(&token),
        ),
        (
            &[("origin", "null"), ("host", "issuer.example")],
            body(&token),
        ),
    ] {
        let answer = post(headers, body.clone()).await;
        assert_eq!(answer.status, 403, "{headers:?} {body}");
    }
    assert_eq!(
        page(&app, &own, "/desk").await.status,
        200,
        "nothing was changed"
    );
    let same = [
        ("origin", "https://issuer.example"),
        ("host", "issuer.example"),
        ("sec-fetch-site", "same-origin"),
    ];
    let answer = post(&same, body(&token)).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/sign-in"),
        "{}",
        answer.text()
    );
    // The password is another one, and every session of before is over.
    assert_eq!(page(&app, &own, "/desk").await.status, 303);
    assert_eq!(sign_in(&app, "lan", PASSWORD, "").await.status, 401);
    session(&app, "lan", "four other small words").await;

    // The form to sign in is bound to the browser, too.
    for (cookie, token) in [("", "x"), ("issuer_form=a", "b"), ("issuer_form=", "")] {
        let body = format!("csrf={token}&name=lan&password={PASSWORD}");
        let answer = ask(&app, Method::POST, "/sign-in", &[("cookie", cookie)], body).await;
        assert_eq!(answer.status, 403);
    }
}

#[tokio::test]
async fn sessions_begin_anew_and_end() {
    let world = World::sqlite(settings()).await;
    let app = app(&world.issuer);
    // A session that somebody else put into the browser is not the one that gets signed in.
    let planted = "planted-by-somebody";
    let answer = sign_in(&app, "lan", PASSWORD, planted).await;
    let token = answer.cookie("issuer_session").unwrap();
    assert_ne!(token, planted);
    assert_eq!(token.len(), 43, "256 bits");
    let set = answer.headers.get_all("set-cookie").iter();
    let mut set = set
        .filter_map(|v| v.to_str().ok())
        .filter(|v| v.starts_with("issuer_session"));
    let set = set.next().unwrap();
    assert!(
        set.contains("HttpOnly") && set.contains("SameSite=Strict"),
        "{set}"
    );
    let desk = async |token: &str| page(&app, token, "/desk").await;
    assert_eq!(desk(planted).await.status, 303);
    let page = desk(&token).await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(!page.text().contains("style=") && !page.text().contains("<script>"));

    // The database knows only a hash of the token.
    let mut tx = world.issuer.store.read().await.unwrap();
    assert!(tx.session(&token, 0, 0).await.unwrap().is_none());
    assert!(
        tx.session(&sessions::hash(&token), 0, 0)
            .await
            .unwrap()
            .is_some()
    );
    drop(tx);

    let now = world.clock.now();
    world.clock.set(now.plus_seconds(sessions::IDLE + 1));
    assert_eq!(desk(&token).await.status, 303, "unused for too long");
    // Used all day, and over in the evening all the same.
    let mut later = now;
    while later.unix() + 1000 <= now.unix() + sessions::LONGEST {
        later = later.plus_seconds(1000);
        world.clock.set(later);
        assert_eq!(desk(&token).await.status, 200, "{later}");
    }
    world.clock.set(now.plus_seconds(sessions::LONGEST + 1));
    assert_eq!(desk(&token).await.status, 303, "a long day");
    world.clock.set(now);

    // Somebody who may no longer do so does nothing more.
    let chief = Program::new(&world.issuer, "chief", &[Role::Administrator], "VN").await;
    for change in [r#"{"disabled":true}"#, r#"{"disabled":false}"#] {
        let token = match change.contains("true") {
            true => Some(session(&app, "mai", PASSWORD).await),
            false => None,
        };
        let answer = chief
            .ask(&app, Method::PUT, "/api/v1/accounts/mai", change)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        if let Some(token) = token {
            assert_eq!(desk(&token).await.status, 303, "disabled");
            assert_eq!(sign_in(&app, "mai", PASSWORD, "").await.status, 401);
        }
    }
    session(&app, "mai", PASSWORD).await;

    let token = session(&app, "lan", PASSWORD).await;
    let csrf = value(&desk(&token).await.text(), "/sign-out", "csrf");
    let cookie = format!("issuer_session={token}");
    let body = format!("csrf={csrf}");
    let out = ask(
        &app,
        Method::POST,
        "/sign-out",
        &[("cookie", &cookie)],
        body,
    )
    .await;
    assert_eq!(out.status, 303);
    assert_eq!(desk(&token).await.status, 303, "signed out");
}

#[tokio::test]
async fn guesses_at_passwords_get_slow() {
    let world = World::sqlite(settings()).await;
    let app = app(&world.issuer);
    let wrong = async |name: &str| sign_in(&app, name, "wrong words here", "").await.status;
    let right = async || sign_in(&app, "lan", PASSWORD, "").await.status;
    for _ in 0..5 {
        assert_eq!(wrong("lan").await, 401);
    }
    // From now on even the right one waits, and the waits grow.
    assert_eq!(right().await, 429);
    assert_eq!(
        sign_in(&app, "mai", PASSWORD, "").await.status,
        303,
        "others are not locked out"
    );
    let now = world.clock.now();
    let mut at = now;
    let mut waits = Vec::new();
    for _ in 0..4 {
        let mut wait = 0;
        while right().await == 429 {
            wait += 1;
            at = at.plus_seconds(1);
            world.clock.set(at);
            assert!(wait < 100);
            if wrong("lan").await == 401 {
                break;
            }
        }
        waits.push(wait);
    }
    assert!(waits.is_sorted() && waits[3] >= 2 * waits[0], "{waits:?}");
    // One address that tries many names.
    for number in 0..20 {
        wrong(&format!("user{number}")).await;
    }
    assert_eq!(sign_in(&app, "mai", PASSWORD, "").await.status, 429);
}

#[tokio::test]
async fn the_same_request_twice_is_done_once() {
    let world = World::sqlite(settings()).await;
    let app = app(&world.issuer);
    let chief = Program::new(&world.issuer, "chief", &[Role::Administrator], "VN").await;
    let path = "/api/v1/places";
    let commune = r#"{"path":"VN/79/1","level":"commune","name":"Phường Một"}"#;
    let first = chief.ask_once(&app, Method::POST, path, commune, "a").await;
    assert_eq!(first.status, 201, "{}", first.text());
    let again = chief.ask_once(&app, Method::POST, path, commune, "a").await;
    assert_eq!((again.status, again.json()), (201, first.json()));
    assert_eq!(again.header("idempotency-replayed"), "true");
    let other = commune.replace("Một", "Hai");
    let answer = chief.ask_once(&app, Method::POST, path, &other, "a").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (422, "other_content")
    );
    let answer = chief.ask_once(&app, Method::POST, path, commune, "b").await;
    assert_eq!((answer.status, answer.code().as_str()), (409, "exists"));
    // What failed left nothing behind: the key may be used again.
    let answer = chief.ask_once(
        &app,
        Method::POST,
        path,
        r#"{"path":"VN/79/2","level":"commune","name":"Phường Hai"}"#,
        "b",
    );
    assert_eq!(answer.await.status, 201);

    // A secret is told once, and is nowhere afterwards.
    let account =
        r#"{"name":"thu","full_name":"Trần Thu","roles":["clerk"],"place":"VN/79/26734/BN1"}"#;
    let first = chief
        .ask_once(&app, Method::POST, "/api/v1/accounts", account, "c")
        .await;
    assert_eq!(first.status, 201, "{}", first.text());
    let password = first.json()["password"].as_str().unwrap().to_owned();
    let again = chief
        .ask_once(&app, Method::POST, "/api/v1/accounts", account, "c")
        .await;
    assert_eq!(
        (again.status, again.json()["password"].is_null()),
        (201, true)
    );
    let mut tx = world.issuer.store.read().await.unwrap();
    let kept: Vec<String> = on!(tx, db => sqlx::query_scalar("SELECT outcome FROM idempotency")
        .fetch_all(db)
        .await
        .unwrap());
    assert_eq!(kept.len(), 3);
    assert!(kept.iter().all(|outcome| !outcome.contains(&password)));
    drop(tx);

    // Without a key nothing is changed.
    let now = world.clock.now().unix();
    let headers = chief.headers(now, &Method::POST, path, None, Some(b"{}"));
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = ask(&app, Method::POST, path, &headers, "{}").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "idempotency_key")
    );

    // A first request that was lost is taken over after its time, and not before.
    let digest: Vec<u8> = {
        let mut tx = world.issuer.store.read().await.unwrap();
        on!(tx, db => sqlx::query_scalar("SELECT digest FROM idempotency WHERE key = 'a'").fetch_one(db).await.unwrap())
    };
    assert_eq!(digest.len(), 32);
    world
        .meddle("UPDATE idempotency SET outcome = '' WHERE key = 'a'")
        .await;
    let answer = chief.ask_once(&app, Method::POST, path, commune, "a").await;
    assert_eq!((answer.status, answer.code().as_str()), (409, "under_way"));
    world.clock.set(world.clock.now().plus_seconds(301));
    let answer = chief.ask_once(&app, Method::POST, path, commune, "a").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (409, "exists"),
        "tried, and not done again"
    );
}

#[tokio::test]
async fn what_is_open_says_little() {
    let world = World::sqlite(settings()).await;
    let app = app(&world.issuer);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(get(&app, path).await.text(), "ok\n");
    }
    let lan = session(&app, "lan", PASSWORD).await;
    page(&app, &lan, "/desk").await;
    let metrics = get(&app, "/metrics").await.text();
    for line in [
        "issuer_answers_total{status=\"2xx\"}",
        "issuer_answer_seconds_count{route=\"/desk\"} 1",
        "issuer_certificates_issued_total ",
        "issuer_database_transactions_total ",
        "issuer_database_up 1",
        "issuer_alarms_open 0",
        "issuer_outbox_waiting 0",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
    assert!(!metrics.contains("lan"));
    let docs = get(&app, "/api/docs").await;
    assert_eq!(docs.status, 200);
    assert!(docs.text().contains("POST /api/v1/certificates") && !docs.text().contains("<script"));
    world.issuer.store.close().await;
    assert_eq!(get(&app, "/readyz").await.status, 503);
    assert!(
        get(&app, "/metrics")
            .await
            .text()
            .contains("issuer_database_up 0")
    );
}
