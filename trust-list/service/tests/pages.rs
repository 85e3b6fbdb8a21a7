//! The pages for phones are served with what holds them to their own origin, and nothing beside them.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::{fs, sync::Arc};

use axum::http::Method;
use common::{
    Folder, clock,
    http::{ask, get},
};
use trust_service::{config::Pages, http::App};

async fn app(folder: &Folder, pages: Option<Pages>) -> Arc<App> {
    let app = folder.app(folder.sqlite().await, &clock()).await;
    let mut app = Arc::into_inner(app).unwrap();
    app.pages = pages;
    Arc::new(app)
}

#[tokio::test]
async fn pages_and_what_they_are_told() {
    let folder = Folder::new(1);
    let web = folder.path().join("web");
    fs::create_dir_all(web.join("verify")).unwrap();
    fs::write(folder.path().join("secret"), "nobody's").unwrap();
    fs::write(web.join("sw.js"), "// worker").unwrap();
    fs::write(web.join("verify/index.html"), "<!doctype html>").unwrap();
    fs::write(web.join("module.wasm"), b"\0asm").unwrap();
    fs::write(web.join("module.wasm.br"), b"packed").unwrap();
    let pages = Pages {
        folder: web,
        claim: Some("https://hcert.example.vn/claim".into()),
    };
    let app = app(&folder, Some(pages)).await;

    for (path, kind) in [
        ("/app/verify/", "text/html"),
        ("/app/sw.js", "text/javascript"),
        ("/app/module.wasm", "application/wasm"),
        ("/app/config.json", "application/json"),
    ] {
        let answer = get(&app, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("content-type").starts_with(kind), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
    }
    let config: serde_json::Value = get(&app, "/app/config.json").await.json();
    assert_eq!(config["bundle"], "/trust/");
    assert_eq!(config["claim"], "https://hcert.example.vn/claim");
    let root = hcert::base64::encode(&folder.first_root());
    assert_eq!(config["root"], root);
    let packed = ask(
        &app,
        Method::GET,
        "/app/module.wasm",
        &[("accept-encoding", "br, gzip")],
        "",
    )
    .await;
    assert_eq!(packed.header("content-encoding"), "br");
    assert_eq!(packed.text(), "packed");
    assert_eq!(get(&app, "/app").await.header("location"), "/app/");
    for path in [
        "/app/../secret",
        "/app/%2e%2e/secret",
        "/app/..%2fsecret",
        "/app/verify/%2e%2e/%2e%2e/secret",
        "/app//etc/passwd",
        "/app/nothing.js",
    ] {
        let answer = get(&app, path).await;
        assert_ne!(answer.status, 200, "{path}");
        assert!(!answer.text().contains("nobody's"), "{path}");
    }
}

#[tokio::test]
async fn no_pages_where_none_are_named() {
    let folder = Folder::new(1);
    let app = app(&folder, None).await;
    assert_eq!(get(&app, "/app/verify/").await.status, 404);
}
