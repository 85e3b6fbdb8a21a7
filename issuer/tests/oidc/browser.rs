//! A browser that signs in: it keeps the cookie of a sign-in under way as a browser does.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request},
};
use issuer::{
    domain::Issuer,
    http::{App, metrics::Metrics, router_with},
    oidc::{self, Groups, Settings},
};
use service::language::Language;
use tower::ServiceExt as _;

use crate::provider::{BACK, CLIENT, Provider, SECRET};

pub(crate) fn settings(issuer: &str) -> Settings {
    Settings {
        name: "Cổng Bộ Y tế".into(),
        issuer: issuer.into(),
        client_id: CLIENT.into(),
        client_secret: SECRET.to_owned().into(),
        groups: None,
        back: BACK.into(),
    }
}

pub(crate) fn service_with(issuer: &Arc<Issuer>, settings: Settings) -> Router {
    let app = Arc::new(App {
        issuer: Arc::clone(issuer),
        metrics: Metrics::default(),
        language: Language::En,
        patience: std::time::Duration::from_secs(30),
        https: true,
        behind_proxy: false,
    });
    router_with(app, oidc::Provider::new(settings).unwrap())
}

/// The service with the provider.
pub(crate) fn service(issuer: &Arc<Issuer>, provider: &Provider) -> Router {
    service_with(issuer, settings(&provider.address))
}

/// As [`service`], for members of one of these groups.
pub(crate) fn service_for(issuer: &Arc<Issuer>, provider: &Provider, groups: &[&str]) -> Router {
    let groups = Groups {
        claim: "groups".into(),
        any_of: groups.iter().map(|group| (*group).to_owned()).collect(),
    };
    let groups = Some(groups);
    service_with(
        issuer,
        Settings {
            groups,
            ..settings(&provider.address)
        },
    )
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// A cookie that it sets, whole; that it takes away is none.
    pub(crate) fn set_cookie(&self, name: &str) -> Option<&str> {
        let mut all = self
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|value| value.to_str().unwrap());
        all.find(|value| value.starts_with(&format!("{name}=")) && !value.contains("Max-Age=0"))
    }

    /// The name and value of a cookie that it sets.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.set_cookie(name)
            .map(|cookie| cookie.split(';').next().unwrap().to_owned())
    }
}

async fn send(service: &Router, request: Request<Body>) -> Answer {
    let response = service.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        text: String::from_utf8(body.to_vec()).unwrap(),
    }
}

pub(crate) async fn get(service: &Router, path: &str, cookie: &str) -> Answer {
    let request = Request::get(path)
        .header("cookie", cookie)
        .header("sec-fetch-site", "cross-site");
    send(service, request.body(Body::empty()).unwrap()).await
}

/// By name and password.
pub(crate) async fn by_password(service: &Router, name: &str, password: &str) -> Answer {
    let form = get(service, "/sign-in", "").await;
    let cookie = form.cookie("issuer_form").unwrap();
    let token = cookie.split_once('=').unwrap().1;
    let body = format!(
        "csrf={token}&name={name}&password={}&code=",
        password.replace(' ', "+")
    );
    let request = Request::post("/sign-in").header("cookie", &cookie);
    send(service, request.body(Body::from(body)).unwrap()).await
}

/// A browser at the provider's page: where it was sent, and the cookie it keeps.
pub(crate) struct There {
    pub(crate) location: String,
    pub(crate) cookie: String,
}

/// Goes to the provider.
pub(crate) async fn depart(service: &Router) -> There {
    let answer = get(service, "/sign-in/oidc", "").await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    There {
        location: answer.header("location").to_owned(),
        cookie: answer.cookie("issuer_oidc").unwrap(),
    }
}

/// There and back: the provider lets the person in.
pub(crate) async fn sign_in(service: &Router, provider: &Provider) -> Answer {
    let there = depart(service).await;
    let query = provider.let_in(&there.location);
    arrive(service, &query, &there.cookie).await
}

pub(crate) async fn arrive(service: &Router, query: &str, cookie: &str) -> Answer {
    get(service, &format!("/sign-in/oidc/back?{query}"), cookie).await
}
