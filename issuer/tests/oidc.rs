//! Sign-in by OpenID Connect, against a real provider on loopback.

#![cfg(feature = "oidc")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

#[path = "oidc/browser.rs"]
mod browser;
mod common;
#[path = "oidc/provider.rs"]
mod provider;

use std::sync::Mutex;

use browser::{arrive, by_password, depart, get, service, service_for, service_with, sign_in};
use common::{DAY, NOW, PASSWORD, SITE, World, at, postgres, settings, user};
use issuer::{
    domain::{Refusal, accounts::AccountChange},
    roles::{Role, Roles},
};
use provider::{Plan, Provider, SUB, Sign};
use serde_json::json;

/// A world in which lan is bound to who signs in at the provider.
async fn bound() -> (World, Provider) {
    let world = World::sqlite(settings()).await;
    let provider = Provider::start(&world.clock).await;
    let subject = format!("{} {SUB}", provider.address);
    world
        .issuer
        .bind_oidc(&user("quan"), "lan", Some(&subject))
        .await
        .unwrap();
    (world, provider)
}

type Change = Box<dyn FnOnce(&mut Plan)>;

async fn sessions(world: &World) -> i64 {
    world.number("SELECT count(*) FROM sessions").await
}

fn later(seconds: i64) -> hcert::time::Timestamp {
    at(NOW).plus_seconds(seconds)
}

#[tokio::test]
async fn the_whole_way() {
    let (world, provider) = bound().await;
    let service = service(&world.issuer, &provider);
    let page = get(&service, "/sign-in", "").await;
    assert!(
        page.text
            .contains(r#"href="/sign-in/oidc">Sign in with Cổng Bộ Y tế"#),
        "{}",
        page.text
    );
    assert_eq!(
        provider.key_sets(),
        0,
        "nothing is asked before somebody signs in"
    );

    let there = get(&service, "/sign-in/oidc", "").await;
    let kept = there.set_cookie("issuer_oidc").unwrap();
    for part in [
        "Path=/sign-in/oidc;",
        "Max-Age=600;",
        "HttpOnly",
        "SameSite=Lax",
        "Secure",
    ] {
        assert!(kept.contains(part), "{kept}");
    }
    assert!(there.header("location").contains("ui_locales=en"));
    let query = provider.let_in(there.header("location"));
    let cookie = there.cookie("issuer_oidc").unwrap();
    let back = arrive(&service, &query, &cookie).await;
    assert_eq!(
        (back.status, back.header("refresh")),
        (200, "0; url=/desk"),
        "{}",
        back.text
    );
    assert!(back.text.contains(r#"href="/desk""#));
    let session = back.set_cookie("issuer_session").unwrap();
    assert!(
        session.contains("HttpOnly; SameSite=Strict; Secure"),
        "{session}"
    );
    let gone = back.headers.get_all("set-cookie").iter().any(|value| {
        let value = value.to_str().unwrap();
        value.starts_with("issuer_oidc=;") && value.contains("Max-Age=0")
    });
    assert!(gone, "the cookie of the sign-in under way goes");

    let desk = get(&service, "/desk", &back.cookie("issuer_session").unwrap()).await;
    assert_eq!(desk.status, 200);
    assert!(desk.text.contains("Trần Thị Lan"));
    let entries = "SELECT count(*) FROM audit WHERE action = 'sign-in' AND actor = 'user:lan' \
                   AND subject = 'lan' AND detail = '{\"by\":\"oidc\"}'";
    assert_eq!(world.number(entries).await, 1);
    world.audited().await;

    // The next one finds the provider's keys in memory.
    assert_eq!(sign_in(&service, &provider).await.status, 200);
    assert_eq!((provider.key_sets(), sessions(&world).await), (1, 2));
}

#[tokio::test]
async fn the_secret_in_the_body_where_the_provider_wants_it_there() {
    let (world, provider) = bound().await;
    provider.plan(|plan| plan.ways = json!(["client_secret_post"]));
    assert_eq!(
        sign_in(&service(&world.issuer, &provider), &provider)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn answers_that_are_not_this_browsers() {
    let (world, provider) = bound().await;
    let service = service(&world.issuer, &provider);
    let refused = async |query: &str, cookie: &str, what: &str| {
        let answer = arrive(&service, query, cookie).await;
        assert_eq!(
            (answer.status, answer.set_cookie("issuer_session")),
            (400, None),
            "{what}"
        );
        assert!(
            answer.text.contains("Sign in anew from this page"),
            "{what}"
        );
    };
    let (mine, other) = (depart(&service).await, depart(&service).await);
    let query = provider.let_in(&mine.location);
    refused(&query, "", "no cookie").await;
    refused(&query, &other.cookie, "another browser's cookie").await;
    refused(&query, "issuer_oidc=AAAA", "a cookie that is not ours").await;
    let torn = &mine.cookie[..mine.cookie.len() - 4];
    refused(&query, torn, "a cookie that was changed").await;
    let stateless = query.replace("state=", "other=");
    refused(&stateless, &mine.cookie, "no state").await;
    let state = query.replace("state=", "state=x");
    refused(&state, &mine.cookie, "another state").await;
    let mixed = query.replace("iss=http", "iss=https");
    refused(&mixed, &mine.cookie, "another provider's answer (RFC 9207)").await;
    let codeless = query.replace("code=", "other=");
    refused(&codeless, &mine.cookie, "no code").await;
    // Somebody else's code in one's own answer: the verifier is not the code's.
    let code = |query: &str| query.split('&').next().unwrap().to_owned();
    let injected = query.replace(&code(&query), &code(&provider.let_in(&other.location)));
    refused(&injected, &mine.cookie, "a code that began elsewhere").await;
    assert_eq!(sessions(&world).await, 0);
    // All that left the real one as it was.
    assert_eq!(arrive(&service, &query, &mine.cookie).await.status, 200);
    refused(&query, &mine.cookie, "the code once more").await;
    assert_eq!(sessions(&world).await, 1);

    let slow = depart(&service).await;
    let query = provider.let_in(&slow.location);
    world.clock.set(later(601));
    refused(&query, &slow.cookie, "after more than ten minutes").await;
}

#[tokio::test]
async fn id_tokens_that_let_nobody_in() {
    let (world, provider) = bound().await;
    let service = service(&world.issuer, &provider);
    let now = at(NOW).unix();
    let claim = |name: &'static str, value: serde_json::Value| -> Change {
        Box::new(move |plan| drop(plan.claims.insert(name.into(), value)))
    };
    let sign = |sign: Sign| -> Change { Box::new(move |plan| plan.sign = sign) };
    let hashed: Change = Box::new(|plan| plan.hashed = Some("other"));
    let cases = [
        ("wrong nonce", claim("nonce", json!("x"))),
        ("no nonce", claim("nonce", json!(null))),
        ("wrong audience", claim("aud", json!("another-client"))),
        ("no audience", claim("aud", json!([]))),
        (
            "a further audience",
            claim("aud", json!([provider::CLIENT, "another-client"])),
        ),
        (
            "another authorized party",
            claim("azp", json!("another-client")),
        ),
        ("wrong issuer", claim("iss", json!("https://id.example.vn"))),
        (
            "issuer with a slash",
            claim("iss", json!(format!("{}/", provider.address))),
        ),
        ("expired", claim("exp", json!(now))),
        ("no expiry", claim("exp", json!(null))),
        ("from the future", claim("iat", json!(now + 120))),
        (
            "made before it was asked for",
            claim("iat", json!(now - 120)),
        ),
        ("no iat", claim("iat", json!(null))),
        ("no sub", claim("sub", json!(null))),
        ("empty sub", claim("sub", json!(""))),
        ("alg none", sign(Sign::None)),
        (
            "HS256 with the client id",
            sign(Sign::Hmac(provider::CLIENT)),
        ),
        (
            "HS256 with the client secret",
            sign(Sign::Hmac(provider::SECRET)),
        ),
        ("broken signature", sign(Sign::Broken(1))),
        ("key not in the key set", sign(Sign::Known(2))),
        ("another key under a known name", sign(Sign::Posing(2, 1))),
        ("another access token", hashed),
    ];
    for (what, change) in cases {
        provider.plan(|plan| {
            (plan.sign, plan.hashed) = (Sign::Known(1), None);
            plan.claims.clear();
            change(plan);
        });
        let answer = sign_in(&service, &provider).await;
        assert!(
            matches!(answer.status, 502 | 503),
            "{what}: {} {}",
            answer.status,
            answer.text
        );
        assert_eq!(answer.set_cookie("issuer_session"), None, "{what}");
        assert_eq!(sessions(&world).await, 0, "{what}");
    }
    provider.plan(|plan| {
        (plan.sign, plan.hashed) = (Sign::Known(1), None);
        plan.claims.clear();
        plan.claims.insert("azp".into(), json!(provider::CLIENT));
    });
    assert_eq!(sign_in(&service, &provider).await.status, 200);
}

#[tokio::test]
async fn only_accounts_that_an_administrator_bound() {
    let (world, provider) = bound().await;
    let service = service(&world.issuer, &provider);
    let users = world.number("SELECT count(*) FROM users").await;
    provider.plan(|plan| drop(plan.claims.insert("sub".into(), json!("<somebody>"))));
    let answer = sign_in(&service, &provider).await;
    assert_eq!(
        (answer.status, answer.set_cookie("issuer_session")),
        (403, None)
    );
    let subject = format!("<code>{} &#60;somebody&#62;</code>", provider.address);
    assert!(answer.text.contains(&subject), "{}", answer.text);
    assert!(answer.text.contains("Bộ Y tế") && answer.text.contains("administrator of your site"));
    assert_eq!(world.number("SELECT count(*) FROM users").await, users);

    provider.plan(|plan| plan.claims.clear());
    let change = AccountChange {
        disabled: Some(true),
        ..AccountChange::default()
    };
    world
        .issuer
        .change_account(&user("quan"), "lan", change)
        .await
        .unwrap();
    let answer = sign_in(&service, &provider).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text.contains("Your account is disabled"));
    assert_eq!(sessions(&world).await, 0);
}

#[tokio::test]
async fn only_members_of_a_group_where_one_is_asked_for() {
    let (world, provider) = bound().await;
    for (groups, claim, status) in [
        (&["hcert"][..], None, 200),
        (&["admins", "staff"], None, 200),
        (&["admins"], None, 403),
        (&["hcert"], Some(json!("hcert")), 200),
        (&["hcert"], Some(json!("hcert-not")), 403),
        (&["hcert"], Some(json!(null)), 403),
    ] {
        provider.plan(|plan| {
            plan.claims.clear();
            if let Some(claim) = &claim {
                plan.claims.insert("groups".into(), claim.clone());
            }
        });
        let service = service_for(&world.issuer, &provider, groups);
        assert_eq!(
            sign_in(&service, &provider).await.status,
            status,
            "{groups:?} {claim:?}"
        );
    }
}

#[tokio::test]
async fn new_keys_are_looked_for_once_a_minute() {
    let (world, provider) = bound().await;
    let service = service(&world.issuer, &provider);
    let rotate = |number: u8| {
        provider.plan(|plan| (plan.sign, plan.keys) = (Sign::Known(number), vec![number]))
    };
    assert_eq!(sign_in(&service, &provider).await.status, 200);
    rotate(2);
    world.clock.set(later(59));
    assert_eq!(
        sign_in(&service, &provider).await.status,
        502,
        "it was asked a moment ago"
    );
    assert_eq!(provider.key_sets(), 1);
    world.clock.set(later(60));
    assert_eq!(sign_in(&service, &provider).await.status, 200);
    assert_eq!(provider.key_sets(), 2);
    rotate(3);
    for _ in 0..3 {
        assert_eq!(sign_in(&service, &provider).await.status, 502);
    }
    assert_eq!(
        provider.key_sets(),
        2,
        "a stream of wrong tokens is no stream of requests"
    );
    // A key that the provider withdrew is gone after an hour, without any new one.
    rotate(2);
    provider.plan(|plan| plan.keys = vec![3]);
    world.clock.set(later(60 + 3600));
    assert_eq!(sign_in(&service, &provider).await.status, 502);
    assert_eq!(provider.key_sets(), 3);
}

#[tokio::test]
async fn a_provider_that_is_away_closes_no_site() {
    let world = World::sqlite(settings()).await;
    let nowhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", nowhere.local_addr().unwrap());
    drop(nowhere);
    let service = service_with(&world.issuer, browser::settings(&address));
    for _ in 0..2 {
        let answer = get(&service, "/sign-in/oidc", "").await;
        assert_eq!((answer.status, answer.header("location")), (503, ""));
        assert!(
            answer
                .text
                .contains("Cổng Bộ Y tế does not answer at the moment"),
            "{}",
            answer.text
        );
        assert!(
            answer.text.contains(r#"action="/sign-in""#),
            "a password still does"
        );
    }
    let answer = by_password(&service, "lan", PASSWORD).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/desk"));
}

#[tokio::test]
async fn a_provider_that_says_other_than_it_should() {
    let (world, provider) = bound().await;
    let away = async |change: fn(&mut Plan), what: &str| {
        provider.plan(change);
        let answer = get(&service(&world.issuer, &provider), "/sign-in/oidc", "").await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (503, ""),
            "{what}"
        );
    };
    away(|plan| plan.elsewhere = true, "redirects are not followed").await;
    away(
        |plan| {
            plan.elsewhere = false;
            plan.issuer = Some("https://id.example.vn".into());
        },
        "another issuer's document",
    )
    .await;
    provider.plan(|plan| plan.issuer = None);

    // What the person, or the provider, says instead of a code.
    let service = service(&world.issuer, &provider);
    for (error, status) in [
        ("access_denied", 403),
        ("server_error", 503),
        ("%3Cb%3E", 403),
    ] {
        let there = depart(&service).await;
        let query = provider
            .let_in(&there.location)
            .replace("code=", &format!("error={error}&x="));
        let answer = arrive(&service, &query, &there.cookie).await;
        assert_eq!(answer.status, status, "{error}");
        assert!(!answer.text.contains("<b>"));
    }
    // An address to go on to is nobody's to choose.
    let there = depart(&service).await;
    let query = provider.let_in(&there.location) + "&next=https://evil.example&url=//evil.example";
    let answer = arrive(&service, &query, &there.cookie).await;
    assert_eq!(
        (answer.status, answer.header("refresh")),
        (200, "0; url=/desk")
    );
    assert!(!answer.text.contains("evil.example"));
}

#[tokio::test]
async fn logs_hold_no_tokens() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(Mutex::new(log.reopen().unwrap()))
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let (world, provider) = bound().await;
    let service = service(&world.issuer, &provider);
    let there = depart(&service).await;
    let query = provider.let_in(&there.location);
    assert_eq!(arrive(&service, &query, &there.cookie).await.status, 200);
    assert_eq!(arrive(&service, &query, &there.cookie).await.status, 400);
    provider.plan(|plan| plan.sign = Sign::Broken(1));
    assert_eq!(sign_in(&service, &provider).await.status, 502);
    provider.plan(|plan| plan.sign = Sign::Known(1));
    provider.plan(|plan| drop(plan.claims.insert("sub".into(), json!("s0mebody"))));
    assert_eq!(sign_in(&service, &provider).await.status, 403);
    let log = std::fs::read_to_string(log.path()).unwrap();
    assert!(log.contains("sign-in by OpenID Connect"), "{log}");
    let cookie = there.cookie.split_once('=').unwrap().1;
    let state = query
        .split("state=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    for secret in [
        provider::SECRET,
        "s3cret",
        "c0de-",
        "acce55",
        SUB,
        "s0mebody",
        cookie,
        state,
    ] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    for token in provider.tokens() {
        let signature = token.rsplit('.').next().unwrap();
        assert!(!log.contains(signature), "a token is in the log");
    }
}

/// Binding, on either engine.
async fn binding(world: World) {
    let issuer = &world.issuer;
    let subject = "https://id.example.vn f3c1";
    let bind = async |who: &str, name: &str, subject: Option<&str>| {
        issuer.bind_oidc(&user(who), name, subject).await
    };
    assert!(matches!(
        bind("bo", "lan", Some(subject)).await,
        Err(Refusal::Role("administrator"))
    ));
    assert!(matches!(
        bind("quan", "nobody", Some(subject)).await,
        Err(Refusal::NotFound(_))
    ));
    assert!(matches!(
        bind("quan", "lan", Some("f3c1")).await,
        Err(Refusal::Asked(_))
    ));
    // Of one site, who may not even see the other one.
    let mut local = user("quan");
    local.place = common::place(SITE);
    let bound = issuer.bind_oidc(&local, "binh", Some(subject)).await;
    assert!(matches!(bound, Err(Refusal::NotFound(_))));
    // Whoever is bound can sign in: nobody makes an authority of themselves by it.
    let bound = issuer.bind_oidc(&local, "ca", Some(subject)).await;
    assert!(matches!(bound, Err(Refusal::Role(_))));

    issuer
        .bind_oidc(&local, "lan", Some(&format!(" {subject}\n")))
        .await
        .unwrap();
    assert_eq!(
        issuer
            .oidc_of(&user("kiem"), "lan")
            .await
            .unwrap()
            .as_deref(),
        Some(subject)
    );
    assert!(matches!(
        issuer.oidc_of(&user("lan"), "lan").await,
        Err(Refusal::Role(_))
    ));
    assert!(matches!(
        bind("quan", "mai", Some(subject)).await,
        Err(Refusal::Exists(_))
    ));
    assert_eq!(issuer.oidc_of(&user("quan"), "mai").await.unwrap(), None);
    // Nobody is bound twice to the same, but many to none.
    bind("quan", "lan", None).await.unwrap();
    bind("quan", "mai", None).await.unwrap();
    bind("quan", "mai", Some(subject)).await.unwrap();
    let entries =
        "SELECT count(*) FROM audit WHERE action = 'user.change' AND detail LIKE '%f3c1%'";
    assert_eq!(world.number(entries).await, 0, "a subject is a person's");
    world.audited().await;
}

#[tokio::test]
async fn binding_on_sqlite() {
    binding(World::sqlite(settings()).await).await;
}

#[tokio::test]
async fn binding_on_postgres() {
    let Some(cluster) = postgres::start() else {
        return;
    };
    binding(World::postgres(&cluster, "oidc", settings()).await).await;
}

#[tokio::test]
async fn a_first_password_ends_where_somebody_is_bound() {
    let (world, provider) = bound().await;
    let service = service(&world.issuer, &provider);
    let session = sign_in(&service, &provider)
        .await
        .cookie("issuer_session")
        .unwrap();
    // Bound to another: what was open is closed, an own password goes on.
    let issuer = &world.issuer;
    let quan = user("quan");
    issuer.bind_oidc(&quan, "lan", None).await.unwrap();
    assert_eq!(
        get(&service, "/desk", &session).await.header("location"),
        "/sign-in"
    );
    assert_eq!(by_password(&service, "lan", PASSWORD).await.status, 303);

    let roles = Roles::of([Role::Clerk]);
    let place = common::place(SITE);
    let first = issuer
        .add_account(&quan, "hoa", "Vũ Thị Hoa", roles, &place)
        .await
        .unwrap();
    assert_eq!(by_password(&service, "hoa", &first).await.status, 303);
    let subject = format!("{} {SUB}", provider.address);
    issuer
        .bind_oidc(&quan, "hoa", Some(&subject))
        .await
        .unwrap();
    assert_eq!(by_password(&service, "hoa", &first).await.status, 401);
    let session = sign_in(&service, &provider)
        .await
        .cookie("issuer_session")
        .unwrap();
    let desk = get(&service, "/desk", &session).await;
    assert_eq!(
        (desk.status, desk.header("location")),
        (200, ""),
        "no password to choose"
    );
    world.clock.set(later(DAY));
    assert_eq!(
        get(&service, "/desk", &session).await.header("location"),
        "/sign-in"
    );
}
