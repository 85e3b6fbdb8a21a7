//! The whole router without a socket: requests that programs sign, and browsers with their cookies.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request},
};
use hcert::keys::{Signer as _, SoftwareKey};
use issuer::{
    domain::Issuer,
    http::{App, metrics::Metrics, router, signature},
    roles::{Role, Roles},
};
use service::{language::Language, on, people::sessions};
use tower::ServiceExt as _;
use zeroize::Zeroizing;

/// The service over an issuer.
pub(crate) fn app(issuer: &Arc<Issuer>) -> Arc<App> {
    patient_app(issuer, Duration::from_secs(30))
}

/// As [`app`], with another longest time for a request.
pub(crate) fn patient_app(issuer: &Arc<Issuer>, patience: Duration) -> Arc<App> {
    Arc::new(App {
        issuer: Arc::clone(issuer),
        metrics: Metrics::default(),
        language: Language::En,
        patience,
        https: false,
        behind_proxy: false,
    })
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The code of a problem; empty where it is none.
    pub(crate) fn code(&self) -> String {
        let json: Option<serde_json::Value> = serde_json::from_slice(&self.body).ok();
        json.and_then(|json| Some(json["code"].as_str()?.to_owned()))
            .unwrap_or_default()
    }

    /// The value of a cookie that this answer sets.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let mut set = self.headers.get_all("set-cookie").iter();
        set.find_map(|value| {
            let (own, rest) = value.to_str().ok()?.split_once('=')?;
            (own == name).then(|| rest.split(';').next().unwrap().to_owned())
        })
    }
}

/// Sends a request to a router that is there already.
pub(crate) async fn call(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: body.to_vec(),
    }
}

pub(crate) fn request(
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.into()).unwrap()
}

pub(crate) async fn ask(
    app: &Arc<App>,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    call(
        &router(Arc::clone(app)),
        request(method, path, headers, body),
    )
    .await
}

pub(crate) async fn get(app: &Arc<App>, path: &str) -> Answer {
    ask(app, Method::GET, path, &[], "").await
}

/// A program that uses the API.
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) bearer: String,
    pub(crate) key: Arc<SoftwareKey>,
    pub(crate) seed: [u8; 32],
}

static KEYS: AtomicU64 = AtomicU64::new(0);

/// An Idempotency-Key that no other request has.
pub(crate) fn fresh() -> String {
    format!("test-{}", KEYS.fetch_add(1, Ordering::Relaxed))
}

impl Program {
    /// Puts a program into the database.
    pub(crate) async fn new(issuer: &Issuer, name: &str, roles: &[Role], place: &str) -> Program {
        let number = KEYS.fetch_add(1, Ordering::Relaxed);
        let mut seed = [77; 32];
        seed[..8].copy_from_slice(&number.to_be_bytes());
        let key = SoftwareKey::eddsa(&Zeroizing::new(seed));
        Program::with(issuer, name, roles, place, key, seed).await
    }

    /// As [`Program::new`], with a key of one's own.
    pub(crate) async fn with(
        issuer: &Issuer,
        name: &str,
        roles: &[Role],
        place: &str,
        key: SoftwareKey,
        seed: [u8; 32],
    ) -> Program {
        let program = Program {
            name: name.into(),
            bearer: format!("key-of-{name}"),
            key: Arc::new(key),
            seed,
        };
        let mut tx = issuer.store.write().await.unwrap();
        let sql = "INSERT INTO clients (name, key_hash, roles, place, spki, created_at) \
                   VALUES ($1, $2, $3, $4, $5, 0)";
        on!(tx, db => sqlx::query(sql)
            .bind(name)
            .bind(sessions::hash(&program.bearer))
            .bind(Roles::of(roles.iter().copied()).to_string())
            .bind(place)
            .bind(program.key.spki())
            .execute(db)
            .await
            .map(drop)
            .unwrap());
        tx.commit().await.unwrap();
        program
    }

    /// The headers of a request, signed.
    pub(crate) fn headers(
        &self,
        at: i64,
        method: &Method,
        path: &str,
        once: Option<&str>,
        body: Option<&[u8]>,
    ) -> Vec<(&'static str, String)> {
        let asked = (method.as_str(), path);
        signature::sign(&*self.key, &self.name, &self.bearer, asked, once, body, at).unwrap()
    }

    /// Asks, signed at the service's time, with a key of its own for what is no GET.
    pub(crate) async fn ask(
        &self,
        app: &Arc<App>,
        method: Method,
        path: &str,
        body: &str,
    ) -> Answer {
        let once = fresh();
        self.ask_once(app, method, path, body, &once).await
    }

    pub(crate) async fn ask_once(
        &self,
        app: &Arc<App>,
        method: Method,
        path: &str,
        body: &str,
        once: &str,
    ) -> Answer {
        let reads = method == Method::GET;
        let now = app.issuer.clock.now().unix();
        let once = (!reads).then_some(once);
        let sent = (!reads).then_some(body.as_bytes());
        let mut headers = self.headers(now, &method, path, once, sent);
        headers.push(("content-type", "application/json".into()));
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        ask(app, method, path, &headers, body.to_owned()).await
    }

    pub(crate) async fn get(&self, app: &Arc<App>, path: &str) -> Answer {
        self.ask(app, Method::GET, path, "").await
    }

    pub(crate) async fn post(&self, app: &Arc<App>, path: &str, body: serde_json::Value) -> Answer {
        self.ask(app, Method::POST, path, &body.to_string()).await
    }
}

/// Signs in as a browser does, which brings an `old` session along.
pub(crate) async fn sign_in(app: &Arc<App>, name: &str, password: &str, old: &str) -> Answer {
    let form = get(app, "/sign-in").await;
    let token = form.cookie("issuer_form").unwrap();
    let cookie = format!("issuer_form={token}; issuer_session={old}");
    let body = format!("csrf={token}&name={name}&password={password}&code=");
    let body = body.replace(' ', "+");
    ask(app, Method::POST, "/sign-in", &[("cookie", &cookie)], body).await
}

/// The cookie of somebody who signed in.
pub(crate) async fn session(app: &Arc<App>, name: &str, password: &str) -> String {
    let answer = sign_in(app, name, password, "").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/desk"),
        "{}",
        answer.text()
    );
    answer.cookie("issuer_session").unwrap()
}

/// A page of somebody who signed in.
pub(crate) async fn page(app: &Arc<App>, session: &str, path: &str) -> Answer {
    let cookie = format!("issuer_session={session}");
    ask(app, Method::GET, path, &[("cookie", &cookie)], "").await
}
