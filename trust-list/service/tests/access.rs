//! Who may ask for what; forms of others; sessions; guesses at passwords; bodies; paths.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::{collections::BTreeMap, sync::Arc};

use axum::http::Method;
use common::{
    Folder, at, client, clock,
    http::{Answer, ask, get},
    list,
};
use service::{
    people::{sessions, totp},
    roles::Role as _,
};
use trust_service::{
    http::{App, access::Access, routes},
    people::{
        self, UserChange,
        roles::{Role, Roles},
    },
};

const PASSWORD: &str = "three small words";

async fn app() -> (Folder, Arc<App>) {
    let folder = Folder::new(1);
    let store = folder.sqlite().await;
    let app = folder.app(store, &clock()).await;
    (folder, app)
}

async fn user(app: &App, name: &str, roles: &[Role]) {
    let roles = Roles::of(roles.iter().copied());
    people::add_user(&app.store, &app.clock, "test", name, PASSWORD, &roles)
        .await
        .unwrap();
}

/// Signs in as a browser does; the answer and the session's cookie.
async fn sign_in(app: &Arc<App>, name: &str, password: &str, code: &str, old: &str) -> Answer {
    let form = get(app, "/sign-in").await;
    let token = form.cookie("trust_form").unwrap();
    let cookie = format!("trust_form={token}; trust_session={old}");
    let body = format!("csrf={token}&name={name}&password={password}&code={code}");
    let body = body.replace(' ', "+");
    ask(app, Method::POST, "/sign-in", &[("cookie", &cookie)], body).await
}

async fn session(app: &Arc<App>, name: &str) -> String {
    let answer = sign_in(app, name, PASSWORD, "", "").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/desk"));
    answer.cookie("trust_session").unwrap()
}

/// What each route is for. A route that is not here fails the test.
const EXPECTED: &str = include_str!("access.tsv");

fn expected() -> BTreeMap<(String, String), (bool, Vec<Role>)> {
    let lines = EXPECTED.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let mut fields = line.split('\t');
            let mut next = || fields.next().unwrap().to_owned();
            let (method, path, who) = (next(), next(), next());
            let open = who == "everybody";
            let roles = if open {
                Roles::default()
            } else {
                who.parse().unwrap()
            };
            let roles = Role::ALL
                .iter()
                .copied()
                .filter(|role| roles.has(*role))
                .collect();
            ((method, path), (open, roles))
        })
        .collect()
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let expected = expected();
    let table = routes::table();
    assert_eq!(table.len(), expected.len(), "routes and rows of access.tsv");
    for route in table {
        let key = (route.method.to_string(), route.path.to_owned());
        let Some((open, roles)) = expected.get(&key) else {
            panic!("{route:?} has no row in access.tsv")
        };
        let (is_open, mut own) = match route.access {
            Access::Open | Access::OpenPage => (true, Vec::new()),
            Access::Api(roles) | Access::Page(roles) => (false, roles.to_vec()),
        };
        own.sort_unstable();
        assert_eq!((is_open, &own), (*open, roles), "{key:?}");
    }
}

#[tokio::test]
async fn every_role_at_every_door() {
    let (_folder, app) = app().await;
    let mut keys = BTreeMap::new();
    let mut cookies = BTreeMap::new();
    for role in Role::ALL.iter().copied() {
        keys.insert(role, client(&app, role.name(), &[role], None).await);
        if role != Role::Issuer {
            user(&app, role.name(), &[role]).await;
            cookies.insert(role, session(&app, role.name()).await);
        }
    }
    for ((method, path), (open, roles)) in expected() {
        let method: Method = method.parse().unwrap();
        // Signing out ends the session that the next doors need.
        if path == "/sign-out" {
            continue;
        }
        let place = path.replace("{id}", "none").replace("{name}", "none");
        let is_page = path.starts_with("/desk");
        let nobody = ask(&app, method.clone(), &place, &[], "").await;
        let refused = matches!(nobody.status, 401) || nobody.header("location") == "/sign-in";
        if open {
            assert!(!refused || path == "/sign-in", "{method} {path} is open");
            continue;
        }
        assert!(
            refused,
            "{method} {path} without a sign-in: {}",
            nobody.status
        );
        for role in Role::ALL.iter().copied() {
            let answer = if is_page {
                let Some(cookie) = cookies.get(&role) else {
                    continue;
                };
                let cookie = format!("trust_session={cookie}");
                ask(&app, method.clone(), &place, &[("cookie", &cookie)], "").await
            } else {
                let key = format!("Bearer {}", keys[&role]);
                ask(&app, method.clone(), &place, &[("authorization", &key)], "").await
            };
            let text = answer.text();
            let kept_out = answer.status == 403
                && (text.contains(r#""code":"role""#) || text.contains("Code: role"));
            assert_eq!(
                kept_out,
                !roles.contains(&role),
                "{method} {path} as {}: {} {text}",
                role.name(),
                answer.status
            );
            // A key of the API opens no page, and a session no API.
            if is_page {
                let key = format!("Bearer {}", keys[&role]);
                let answer =
                    ask(&app, method.clone(), &place, &[("authorization", &key)], "").await;
                assert_eq!(answer.header("location"), "/sign-in", "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn forms_come_from_our_own_pages() {
    let (_folder, app) = app().await;
    user(&app, "lan", &[Role::Operator, Role::Publisher]).await;
    let session = session(&app, "lan").await;
    let cookie = format!("trust_session={session}");
    let page = ask(
        &app,
        Method::GET,
        "/desk/publish",
        &[("cookie", &cookie)],
        "",
    )
    .await;
    let text = page.text();
    let value = |form: &str, name: &str| {
        let form = text.split(&format!(r#"action="{form}""#)).nth(1).unwrap();
        let field = form
            .split(&format!(r#"name="{name}" value=""#))
            .nth(1)
            .unwrap();
        field.split('"').next().unwrap().to_owned()
    };
    let good = format!(
        "csrf={}&fingerprint={}",
        value("/desk/publish", "csrf"),
        value("/desk/publish", "fingerprint")
    );
    let other = good.replace(&value("/desk/publish", "csrf"), &value("/sign-out", "csrf"));
    let post = async |headers: &[(&str, &str)], body: &str| {
        let mut all = vec![("cookie", cookie.as_str())];
        all.extend(headers);
        ask(&app, Method::POST, "/desk/publish", &all, body.to_owned()).await
    };
    for (headers, body) in [
        (&[][..], ""),
        (&[], "csrf="),
        (&[], "csrf=AAAA"),
        (&[], other.as_str()),
        (&[("sec-fetch-site", "cross-site")], good.as_str()),
        (&[("sec-fetch-site", "same-site")], good.as_str()),
        (
            &[
                ("origin", "https://evil.example"),
                ("host", "trust.example"),
            ],
            good.as_str(),
        ),
        (
            &[("origin", "null"), ("host", "trust.example")],
            good.as_str(),
        ),
    ] {
        let answer = post(headers, body).await;
        assert_eq!(answer.status, 403, "{headers:?} {body}");
    }
    assert!(app.statics.live().await.is_none(), "nothing was published");
    let own = [
        ("origin", "https://trust.example"),
        ("host", "trust.example"),
        ("sec-fetch-site", "same-origin"),
    ];
    let answer = post(&own, &good).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/desk"),
        "{}",
        answer.text()
    );
    // The preview is spent: what it showed is live.
    assert!(
        post(&own, &good)
            .await
            .text()
            .contains("something changed since the preview")
    );

    // The form to sign in is bound to the browser, too.
    for (cookie, token) in [("", "x"), ("trust_form=a", "b"), ("trust_form=", "")] {
        let body = format!("csrf={token}&name=lan&password={PASSWORD}");
        let answer = ask(&app, Method::POST, "/sign-in", &[("cookie", cookie)], body).await;
        assert_eq!(answer.status, 403);
    }
}

#[tokio::test]
async fn sessions_begin_anew_and_end() {
    let (_folder, app) = app().await;
    user(&app, "lan", &[Role::Operator]).await;
    // A session that somebody else put into the browser is not the one that gets signed in.
    let planted = "planted-by-somebody";
    let answer = sign_in(&app, "lan", PASSWORD, "", planted).await;
    let token = answer.cookie("trust_session").unwrap();
    assert_ne!(token, planted);
    assert_eq!(token.len(), 43, "256 bits");
    let set = answer.headers.get_all("set-cookie").iter();
    let set: Vec<_> = set
        .filter_map(|v| v.to_str().ok())
        .filter(|v| v.starts_with("trust_session"))
        .collect();
    assert!(set[0].contains("HttpOnly") && set[0].contains("SameSite=Strict"));
    let desk = async |token: &str| {
        let cookie = format!("trust_session={token}");
        ask(&app, Method::GET, "/desk", &[("cookie", &cookie)], "").await
    };
    assert_eq!(desk(planted).await.status, 303);
    let page = desk(&token).await;
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(!page.text().contains("<script") && !page.text().contains("style="));

    // The database knows only a hash of the token.
    let mut tx = app.store.read().await.unwrap();
    assert!(tx.session(&token, 0, 0).await.unwrap().is_none());
    assert!(
        tx.session(&sessions::hash(&token), 0, 0)
            .await
            .unwrap()
            .is_some()
    );
    drop(tx);

    let now = app.clock.now();
    app.clock.set(now.plus_seconds(sessions::IDLE + 1));
    assert_eq!(desk(&token).await.status, 303, "unused for too long");
    app.clock.set(now);
    let change = UserChange {
        roles: Some(Roles::of([Role::Auditor])),
        ..UserChange::default()
    };
    user(&app, "chief", &[Role::Administrator]).await;
    people::change_user(&app.store, &app.clock, &app.vault, "test", "lan", change)
        .await
        .unwrap();
    assert_eq!(
        desk(&token).await.status,
        303,
        "other rights, other session"
    );

    let token = session(&app, "lan").await;
    let text = desk(&token).await.text();
    let csrf = text
        .split(r#"name="csrf" value=""#)
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let cookie = format!("trust_session={token}");
    let out = ask(
        &app,
        Method::POST,
        "/sign-out",
        &[("cookie", &cookie)],
        format!("csrf={csrf}"),
    )
    .await;
    assert_eq!(out.status, 303);
    assert_eq!(desk(&token).await.status, 303, "signed out");
}

#[tokio::test]
async fn guesses_at_passwords_get_slow() {
    let (_folder, app) = app().await;
    user(&app, "lan", &[Role::Operator]).await;
    for _ in 0..5 {
        assert_eq!(
            sign_in(&app, "lan", "wrong words here", "", "")
                .await
                .status,
            401
        );
    }
    // From now on even the right one waits, and the waits grow.
    assert_eq!(sign_in(&app, "lan", PASSWORD, "", "").await.status, 429);
    assert_eq!(
        sign_in(&app, "nobody", PASSWORD, "", "").await.status,
        401,
        "others are not locked out"
    );
    let now = app.clock.now();
    app.clock.set(now.plus_seconds(3));
    assert_eq!(
        sign_in(&app, "lan", "wrong words here", "", "")
            .await
            .status,
        401
    );
    app.clock.set(now.plus_seconds(6));
    assert_eq!(sign_in(&app, "lan", PASSWORD, "", "").await.status, 429);
    app.clock.set(now.plus_seconds(8));
    assert_eq!(sign_in(&app, "lan", PASSWORD, "", "").await.status, 303);
    // One address that tries many names.
    for number in 0..20 {
        sign_in(&app, &format!("user{number}"), "wrong words here", "", "").await;
    }
    assert_eq!(sign_in(&app, "lan", PASSWORD, "", "").await.status, 429);
}

#[tokio::test]
async fn one_time_codes_count_once() {
    let (_folder, app) = app().await;
    user(&app, "lan", &[Role::Administrator]).await;
    let change = UserChange {
        totp: Some(true),
        ..UserChange::default()
    };
    let secret = people::change_user(&app.store, &app.clock, &app.vault, "test", "lan", change)
        .await
        .unwrap()
        .unwrap();
    let code = |seconds: i64| totp::code(secret.bytes(), app.clock.now().unix() + seconds).unwrap();
    assert_eq!(sign_in(&app, "lan", PASSWORD, "", "").await.status, 401);
    assert_eq!(
        sign_in(&app, "lan", PASSWORD, &code(-3600), "")
            .await
            .status,
        401
    );
    let now = code(0);
    assert_eq!(sign_in(&app, "lan", PASSWORD, &now, "").await.status, 303);
    assert_eq!(
        sign_in(&app, "lan", PASSWORD, &now, "").await.status,
        401,
        "used before"
    );
    app.clock.set(app.clock.now().plus_seconds(30));
    assert_eq!(
        sign_in(&app, "lan", PASSWORD, &code(0), "").await.status,
        303
    );
}

#[tokio::test]
async fn bodies_and_paths() {
    let (_folder, app) = app().await;
    let key = client(&app, "op", &[Role::Operator], None).await;
    let bearer = format!("Bearer {key}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let large = vec![b'x'; 33 * 1024 * 1024];
    let answer = ask(&app, Method::POST, "/api/v1/keys?source=x", &headers, large).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (413, "application/problem+json")
    );
    for body in [
        "",
        "{",
        "[]",
        r#"{"reason":1}"#,
        r#"{"reason":"x","other":1}"#,
        &"[".repeat(10_000),
    ] {
        let path = "/api/v1/keys/none/remove";
        let answer = ask(&app, Method::POST, path, &headers, body.to_owned()).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (422, "application/problem+json"),
            "{body}"
        );
    }
    app.publisher.publish("test", None).await.unwrap();
    assert_eq!(get(&app, "/trust/manifest.cose").await.status, 200);
    for path in [
        "/trust/../trust.sqlite",
        "/trust/..%2ftrust.sqlite",
        "/trust/%2e%2e/trust.sqlite",
        "/trust/parts/..%2f..%2ftrust.sqlite",
        "/trust/manifest/../manifest.cose",
        "/trust//manifest.cose",
        "/trust/manifest.cose/",
        "/trust/manifest.cose%00",
        "/trust/manifest/01.cose",
        "/trust/root/1.cose%23",
        "/trust/",
        "/trust",
        "/trust/service.toml",
    ] {
        assert_eq!(get(&app, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn files_are_cached_as_they_may_be() {
    let (_folder, app) = app().await;
    let key = client(&app, "op", &[Role::Operator], None).await;
    let bearer = format!("Bearer {key}");
    let path = "/api/v1/keys?source=embassy";
    let answer = ask(
        &app,
        Method::POST,
        path,
        &[("authorization", &bearer)],
        list(1..40),
    )
    .await;
    assert_eq!(
        answer.json()["added"].as_array().unwrap().len(),
        40,
        "{}",
        answer.text()
    );
    app.publisher.publish("test", None).await.unwrap();
    let before = app.store.transactions();
    let part = std::fs::read_dir(_folder.path().join("site/parts"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let part = format!("/trust/parts/{}", part.file_name().to_str().unwrap());
    for (path, cache) in [
        ("/trust/manifest.cose", "public, max-age=60"),
        ("/trust/bundle.hcert", "public, max-age=60"),
        (
            "/trust/manifest/1.cose",
            "public, max-age=31536000, immutable",
        ),
        ("/trust/root/1.cose", "public, max-age=31536000, immutable"),
        (part.as_str(), "public, max-age=31536000, immutable"),
    ] {
        let answer = get(&app, path).await;
        assert_eq!(
            (answer.status, answer.header("cache-control")),
            (200, cache),
            "{path}"
        );
        assert_eq!(
            answer.header("content-length"),
            answer.body.len().to_string(),
            "{path}"
        );
        let etag = answer.header("etag").to_owned();
        let known = ask(&app, Method::GET, path, &[("if-none-match", &etag)], "").await;
        assert_eq!(
            (known.status, known.body.len(), known.header("etag")),
            (304, 0, etag.as_str())
        );
        let packed = ask(
            &app,
            Method::GET,
            path,
            &[("accept-encoding", "br, gzip")],
            "",
        )
        .await;
        if packed.header("content-encoding") == "gzip" {
            assert!(packed.body.len() < answer.body.len());
            let mut plain = Vec::new();
            let mut reader = flate2::read::GzDecoder::new(&packed.body[..]);
            std::io::Read::read_to_end(&mut reader, &mut plain).unwrap();
            assert_eq!(plain, answer.body);
            assert_ne!(packed.header("etag"), etag);
        } else {
            assert_ne!(path, part, "a list of 40 certificates packs well");
        }
    }
    assert_eq!(
        app.store.transactions(),
        before,
        "no file asks the database"
    );
}

#[tokio::test]
async fn issuers_speak_for_their_own_kids() {
    let (_folder, app) = app().await;
    let own = hcert::base64::decode("b3duIGtpZCE=").unwrap();
    let key = client(&app, "issuer-1", &[Role::Issuer], Some(&[own])).await;
    let bearer = format!("Bearer {key}");
    let json = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    let id = "AAECAwQFBgcICQoLDA0ODw==";
    let report = |kid: &str| {
        serde_json::json!({ "kid": kid, "certificates": [{ "id": id, "issued_at": "2026-11-20T00:00:00Z" }],
            "labels": ["lot:1"], "complete_until": "2026-11-21T00:00:00Z" })
        .to_string()
    };
    let post = async |path: &str, body: String| ask(&app, Method::POST, path, &json, body).await;
    let answer = post("/api/v1/issued", report("b3RoZXIga2k=")).await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (403, Some("kid"))
    );
    for (new, known) in [(1, 0), (0, 1)] {
        let answer = post("/api/v1/issued", report("b3duIGtpZCE=")).await.json();
        assert_eq!(
            (answer["new"].as_i64(), answer["known"].as_i64()),
            (Some(new), Some(known))
        );
    }
    // The same in binary, and one that is not there yet.
    let mut body = hcert::base64::decode(id).unwrap();
    body.extend(at("2026-11-20T00:00:00Z").unix().to_be_bytes());
    body.extend([9; 16]);
    body.extend(at("2026-11-22T07:00:00Z").unix().to_be_bytes());
    let binary = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/octet-stream"),
    ];
    let path = "/api/v1/issued?kid=b3duIGtpZCE%3D&labels=lot:2";
    let answer = ask(&app, Method::POST, path, &binary, body.clone())
        .await
        .json();
    assert_eq!(
        (answer["new"].as_i64(), answer["known"].as_i64()),
        (Some(1), Some(1))
    );
    body.pop();
    assert_eq!(
        ask(&app, Method::POST, path, &binary, body).await.status,
        422
    );
    let future = report("b3duIGtpZCE=").replace("2026-11-20", "2026-12-20");
    assert_eq!(post("/api/v1/issued", future).await.status, 422);

    let path = "/api/v1/revocations";
    let look = serde_json::json!({ "label": "lot:1", "dry_run": true }).to_string();
    assert_eq!(post(path, look).await.json()["hits"], 1);
    let unsure = serde_json::json!({ "label": "lot:1", "reason": "lot" }).to_string();
    assert_eq!(
        post(path, unsure).await.status,
        422,
        "how many it hits has to be said"
    );
    let wrong = serde_json::json!({ "label": "lot:1", "reason": "lot", "expect": 2 }).to_string();
    assert_eq!(post(path, wrong).await.json()["code"], "count");
    let right = serde_json::json!({ "label": "lot:1", "reason": "lot", "expect": 1 }).to_string();
    let done = post(path, right).await.json();
    assert_eq!(done["revoked"], 1);
    let undo = serde_json::json!({ "group": done["group"] }).to_string();
    assert_eq!(
        post("/api/v1/revocations/undo", undo).await.json()["undone"],
        1
    );
}
