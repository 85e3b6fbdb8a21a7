//! The published files over HTTP. Nothing here knows the database.
//!
//! What never changes (roots, parts, numbered manifests) may be kept by everybody for a year; the
//! live manifest and the single file for a minute. Small files are held in memory, with a gzip
//! copy where that saves something; whether the live ones have changed is looked up at most once
//! a second.

use std::{
    collections::HashMap,
    io::Write as _,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use futures_util::StreamExt as _;
use trust_list::{
    digest::Digest,
    envelope::{Document, Envelope},
    limits::Limits,
    manifest::Manifest,
};

use crate::publish::site::{Name, Site, SiteError};

/// Largest file that is held in memory, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;
/// All files in memory together, in bytes.
const ALL: usize = 96 * 1024 * 1024;
/// How long a live file is taken as unchanged, in milliseconds.
const FRESH: u64 = 1000;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FOR_A_MINUTE: HeaderValue = HeaderValue::from_static("public, max-age=60");

/// The published files.
#[derive(Debug)]
pub struct Statics {
    site: Site,
    held: RwLock<Held>,
    start: Instant,
    served: AtomicU64,
    unchanged: AtomicU64,
}

#[derive(Debug, Default)]
struct Held {
    files: HashMap<Name, Arc<File>>,
    bytes: usize,
}

/// A file in memory.
#[derive(Debug)]
struct File {
    plain: Bytes,
    gzip: Option<Bytes>,
    etag: HeaderValue,
    gzip_etag: HeaderValue,
    /// What the store says of its version, to see whether it changed.
    version: String,
    /// Milliseconds since the start when it was last known to be unchanged.
    checked: AtomicU64,
}

/// What is live, for the start page and for metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveTimes {
    /// Its sequence.
    pub sequence: u64,
    /// When it was made, seconds since 1970.
    pub issued: i64,
    /// When answers turn amber.
    pub soft: i64,
    /// When the policy decides.
    pub hard: i64,
}

impl Statics {
    /// Over a site.
    pub fn new(site: Site) -> Statics {
        Statics {
            site,
            held: RwLock::default(),
            start: Instant::now(),
            served: AtomicU64::new(0),
            unchanged: AtomicU64::new(0),
        }
    }

    /// Answers with content, and answers "not modified", since the start.
    pub fn counts(&self) -> (u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.served), count(&self.unchanged))
    }

    /// What is live.
    pub async fn live(&self) -> Option<LiveTimes> {
        let file = self.small(Name::Live).await.ok()??;
        let envelope = Envelope::parse(Document::Manifest, &file.plain, &Limits::DEFAULT).ok()?;
        let manifest = Manifest::parse(envelope.unverified_payload(), &Limits::DEFAULT).ok()?;
        Some(LiveTimes {
            sequence: manifest.sequence(),
            issued: manifest.issued().unix(),
            soft: manifest.soft_expiry().unix(),
            hard: manifest.hard_expiry().unix(),
        })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// A file that is small enough to be held; `None` when it is not there or too large.
    async fn small(&self, name: Name) -> Result<Option<Arc<File>>, SiteError> {
        let known = {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            held.files.get(&name).cloned()
        };
        if let Some(file) = known {
            let checked = file.checked.load(Ordering::Relaxed);
            if name.is_immutable() || self.now().saturating_sub(checked) < FRESH {
                return Ok(Some(file));
            }
            // One of those who come now looks it up, the others take what is there.
            let mine = file.checked.compare_exchange(
                checked,
                self.now(),
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            if mine.is_err() {
                return Ok(Some(file));
            }
            match self.site.head(name).await {
                Ok(Some(meta)) if version(&meta) != file.version => {}
                // A store that does not answer for a moment takes nothing away.
                Ok(Some(_)) | Err(_) => return Ok(Some(file)),
                Ok(None) => {
                    self.forget(name);
                    return Ok(None);
                }
            }
        }
        let Some(found) = self.site.get(name).await? else {
            return Ok(None);
        };
        if found.meta.size > LARGEST {
            self.forget(name);
            return Ok(None);
        }
        let version = version(&found.meta);
        let bytes = found.bytes().await.map_err(|error| SiteError::Failed {
            name: name.to_string(),
            error,
        })?;
        let file = Arc::new(File::new(name, bytes, version, self.now()));
        self.hold(name, &file);
        Ok(Some(file))
    }

    fn hold(&self, name: Name, file: &Arc<File>) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if held.bytes + file.size() > ALL {
            *held = Held::default();
        }
        held.bytes += file.size();
        if let Some(old) = held.files.insert(name, Arc::clone(file)) {
            held.bytes -= old.size();
        }
    }

    fn forget(&self, name: Name) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = held.files.remove(&name) {
            held.bytes -= old.size();
        }
    }

    async fn answer(&self, name: Name, headers: &HeaderMap) -> Result<Response, SiteError> {
        let Some(file) = self.small(name).await? else {
            return self.large(name, headers).await;
        };
        let (body, etag, encoded) = match &file.gzip {
            Some(gzip) if accepts_gzip(headers) => (gzip, &file.gzip_etag, true),
            _ => (&file.plain, &file.etag, false),
        };
        if is_known(headers, [&file.etag, &file.gzip_etag]) {
            self.unchanged.fetch_add(1, Ordering::Relaxed);
            return Ok(self.not_modified(name, etag));
        }
        self.served.fetch_add(1, Ordering::Relaxed);
        let mut response = Response::new(Body::from(body.clone()));
        common(response.headers_mut(), name, etag);
        if encoded {
            let gzip = HeaderValue::from_static("gzip");
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, gzip);
        }
        Ok(response)
    }

    /// A file that is passed on piece by piece.
    async fn large(&self, name: Name, headers: &HeaderMap) -> Result<Response, SiteError> {
        let Some(found) = self.site.get(name).await? else {
            return Ok(StatusCode::NOT_FOUND.into_response());
        };
        let tag = match name {
            Name::Part(digest) => digest.to_string(),
            _ => Digest::of(version(&found.meta).as_bytes()).to_string(),
        };
        let etag = quoted(&tag, "");
        if is_known(headers, [&etag, &etag]) {
            self.unchanged.fetch_add(1, Ordering::Relaxed);
            return Ok(self.not_modified(name, &etag));
        }
        self.served.fetch_add(1, Ordering::Relaxed);
        let length = found.meta.size;
        let stream = found
            .into_stream()
            .map(|piece| piece.map_err(axum::Error::new));
        let mut response = Response::new(Body::from_stream(stream));
        common(response.headers_mut(), name, &etag);
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        Ok(response)
    }

    fn not_modified(&self, name: Name, etag: &HeaderValue) -> Response {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        common(response.headers_mut(), name, etag);
        response.headers_mut().remove(header::CONTENT_TYPE);
        response
    }
}

impl File {
    fn new(name: Name, plain: Bytes, version: String, now: u64) -> File {
        let tag = match name {
            Name::Part(digest) => digest,
            _ => Digest::of(&plain),
        };
        let tag = tag.to_string();
        File {
            gzip: gzip(&plain),
            plain,
            etag: quoted(&tag, ""),
            gzip_etag: quoted(&tag, "-gzip"),
            version,
            checked: AtomicU64::new(now),
        }
    }

    fn size(&self) -> usize {
        self.plain.len() + self.gzip.as_ref().map_or(0, Bytes::len)
    }
}

/// The copy for who takes gzip, if it saves a tenth.
fn gzip(plain: &Bytes) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(plain).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < plain.len() / 10 * 9).then(|| packed.into())
}

fn version(meta: &object_store::ObjectMeta) -> String {
    let tag = meta.e_tag.as_deref().unwrap_or_default();
    let at = meta.last_modified.timestamp_millis();
    format!("{tag} {at} {}", meta.size)
}

fn quoted(tag: &str, suffix: &str) -> HeaderValue {
    // Hexadecimal digits and quotes are good in a header.
    HeaderValue::from_str(&format!("\"{tag}{suffix}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

fn common(headers: &mut HeaderMap, name: Name, etag: &HeaderValue) {
    let cache = if name.is_immutable() {
        FOR_EVER
    } else {
        FOR_A_MINUTE
    };
    headers.insert(header::CACHE_CONTROL, cache);
    headers.insert(header::ETAG, etag.clone());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(match name {
            Name::Root(_) | Name::Manifest(_) | Name::Live => "application/cose",
            Name::Part(_) | Name::Bundle => "application/octet-stream",
        }),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    // Public files: a verifier in a browser may come from anywhere.
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut codings = accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = weight
            .trim()
            .strip_prefix("q=")
            .is_some_and(|q| q.trim_matches(['0', '.']).is_empty());
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

fn is_known(headers: &HeaderMap, etags: [&HeaderValue; 2]) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = known
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"));
    tags.any(|tag| tag == "*" || etags.iter().any(|etag| etag.as_bytes() == tag.as_bytes()))
}

/// `GET /trust/{*path}`.
pub async fn file(
    State(statics): State<Arc<Statics>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(name) = path.parse::<Name>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match statics.answer(name, &headers).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%name, %error, "a published file can't be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn what_accepts_gzip() {
        for (value, taken) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip;q=0.0", false),
            ("gzip;q=0.05", true),
            ("identity", false),
            ("", false),
        ] {
            let headers = headers(header::ACCEPT_ENCODING, value);
            assert_eq!(accepts_gzip(&headers), taken, "{value}");
        }
    }

    #[test]
    fn what_is_known() {
        let (plain, gzip) = (quoted("ab", ""), quoted("ab", "-gzip"));
        for (value, known) in [
            ("\"ab\"", true),
            ("\"x\", W/\"ab-gzip\"", true),
            ("*", true),
            ("\"abc\"", false),
            ("ab", false),
        ] {
            let headers = headers(header::IF_NONE_MATCH, value);
            assert_eq!(is_known(&headers, [&plain, &gzip]), known, "{value}");
        }
    }
}
