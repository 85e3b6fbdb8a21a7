//! Publishing to an S3-like store: a small one in memory that keeps to the conditions on PUT.

#![cfg(feature = "s3")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse as _, Response},
};
use common::{DAY, Folder, LIST, MANIFEST, clock, list, take};
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use trust_list::digest::Digest;
use trust_service::publish::{
    PublishError,
    site::{Name, Site, SiteError},
};

type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;

fn etag(bytes: &Bytes) -> String {
    format!("\"{}\"", Digest::of(bytes).short())
}

/// The five requests that publishing makes.
async fn answer(State(objects): State<Objects>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let key = parts
        .uri
        .path()
        .trim_start_matches("/bucket")
        .trim_start_matches('/')
        .to_owned();
    let mut objects = objects.lock().unwrap();
    let text = |name: &str, headers: &HeaderMap| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    let there = objects.get(&key).cloned();
    match parts.method {
        Method::PUT => {
            let none = text("if-none-match", &parts.headers).is_some();
            let wanted = text("if-match", &parts.headers);
            if none && there.is_some() || wanted.is_some() && wanted != there.as_ref().map(etag) {
                return StatusCode::PRECONDITION_FAILED.into_response();
            }
            let tag = etag(&body);
            objects.insert(key, body);
            [("etag", tag)].into_response()
        }
        Method::GET if key.is_empty() => {
            let prefix = "parts/";
            let entries: String = objects
                .iter()
                .filter(|(key, _)| key.starts_with(prefix))
                .map(|(key, bytes)| {
                    format!(
                        "<Contents><Key>{key}</Key><LastModified>2026-11-01T00:00:00.000Z</LastModified>\
                         <ETag>{}</ETag><Size>{}</Size></Contents>",
                        etag(bytes).replace('"', "&quot;"),
                        bytes.len()
                    )
                })
                .collect();
            format!(
                "<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>"
            )
            .into_response()
        }
        Method::GET | Method::HEAD => match there {
            Some(bytes) => {
                let head = [
                    ("etag", etag(&bytes)),
                    ("last-modified", "Sun, 01 Nov 2026 00:00:00 GMT".to_owned()),
                    ("content-length", bytes.len().to_string()),
                ];
                (head, bytes).into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        },
        // Several at once, in one XML.
        Method::POST => {
            let body = String::from_utf8(body.to_vec()).unwrap();
            let mut deleted = String::new();
            for piece in body.split("<Key>").skip(1) {
                let key = piece.split("</Key>").next().unwrap();
                objects.remove(key);
                deleted += &format!("<Deleted><Key>{key}</Key></Deleted>");
            }
            format!("<DeleteResult>{deleted}</DeleteResult>").into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

#[tokio::test]
async fn publishes_to_a_store_and_notices_others() {
    let objects = Objects::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new()
        .fallback(answer)
        .with_state(Arc::clone(&objects));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let store = AmazonS3Builder::new()
        .with_endpoint(format!("http://{address}"))
        .with_bucket_name("bucket")
        .with_region("x")
        .with_access_key_id("id")
        .with_secret_access_key("secret")
        .with_allow_http(true)
        .with_conditional_put(S3ConditionalPut::ETagMatch)
        .build()
        .unwrap();
    let site = Site::over(Arc::new(store), true);
    let folder = Folder::new(1);
    let (database, clock) = (folder.sqlite().await, clock());
    let held = [LIST[0], MANIFEST];
    let publisher = folder.publisher(&database, &clock, site.clone(), &held);
    take(&database, &clock, list(1..3)).await;
    publisher.publish("user:a", None).await.unwrap();
    take(&database, &clock, list(3..4)).await;
    publisher.publish("user:a", None).await.unwrap();
    let count = |start: &str| {
        let objects = objects.lock().unwrap();
        objects.keys().filter(|key| key.starts_with(start)).count()
    };
    assert_eq!(
        (count("parts/"), count("manifest/"), count("root/")),
        (2, 2, 1)
    );

    // What a client finds there is whole: written into a folder, it passes every check.
    for (key, bytes) in objects.lock().unwrap().iter() {
        let path = folder.path().join("site").join(key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let (bundle, state) = folder.update(&folder.new_client()).unwrap();
    assert_eq!((state.sequence(), bundle.key_list().keys.len()), (2, 3));

    // The pointer moves only from what was read; a numbered manifest is never overwritten.
    let live = site.live().await.unwrap().unwrap();
    let first = site.read(Name::Manifest(1)).await.unwrap().unwrap();
    site.put_live(Some(&live), &first).await.unwrap();
    let stale = site.put_live(Some(&live), &live.bytes).await;
    assert!(matches!(stale, Err(SiteError::Changed { .. })), "{stale:?}");
    assert!(matches!(
        site.put_live(None, &first).await,
        Err(SiteError::Changed { .. })
    ));
    let other = site.put_once(Name::Manifest(2), &first).await;
    assert!(matches!(other, Err(SiteError::Taken { .. })), "{other:?}");
    site.put_once(Name::Manifest(1), &first).await.unwrap();

    // A pointer that somebody moved back is moved on, and old parts go.
    clock.set(clock.now().plus_seconds(30 * DAY));
    let done = publisher.publish("user:a", None).await.unwrap();
    assert_eq!((done.sequence, done.warnings), (3, Vec::new()));
    assert_eq!(count("parts/"), 1);

    // A store that is away: nothing is published, and it is said.
    objects
        .lock()
        .unwrap()
        .insert("manifest.cose".into(), Bytes::from_static(b"rubbish"));
    let refused = publisher.publish("user:a", None).await.unwrap_err();
    assert!(matches!(refused, PublishError::Live(_)), "{refused}");
}
