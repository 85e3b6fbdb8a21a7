//! The trust list's API (`specs/trust-service.md`, sections 3 to 5), asked off the async threads.

use std::{sync::Arc, time::Duration};

use hcert::time::Timestamp;
use serde_json::{Map, Value};
use ureq::Agent;
use zeroize::Zeroizing;

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);
/// For one whole request: a report of 100,000 certificates takes some seconds.
const WHOLE: Duration = Duration::from_secs(120);
/// Of an answer.
const MOST: u64 = 4 << 20;

/// Why the trust list could not be told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// No answer.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// It refused.
    #[error("{path}: {status} {detail}")]
    Refused {
        /// What was asked.
        path: String,
        /// The status.
        status: u16,
        /// Its words.
        detail: String,
    },
    /// An answer that can't be.
    #[error("{path}: an answer that is not understood")]
    Answer {
        /// What was asked.
        path: String,
    },
}

/// Certificates to be revoked.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Of this key alone, in base64.
    pub kid: Option<String>,
    /// First 16 bytes of SHA-256 over each UVCI, in base64.
    pub ids: Vec<String>,
}

impl Choice {
    fn body(&self) -> Map<String, Value> {
        let mut body = Map::new();
        if let Some(kid) = &self.kid {
            body.insert("kid".into(), Value::from(kid.as_str()));
        }
        body.insert("ids".into(), Value::from(self.ids.clone()));
        body
    }

    /// The hashes as bytes.
    pub fn hashes(&self) -> Option<Vec<[u8; 16]>> {
        let ids = self.ids.iter();
        ids.map(|id| hcert::base64::decode(id)?.try_into().ok())
            .collect()
    }
}

/// The trust list.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    agent: Agent,
    url: String,
    authorization: Zeroizing<String>,
}

impl Client {
    /// At an address, with the key of its API.
    pub fn new(url: &str, key: &str) -> Client {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ureq::tls::TlsConfig::builder()
            .root_certs(ureq::tls::RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let config = Agent::config_builder();
        // What stays on this machine goes through no proxy.
        let config = match url.starts_with("http://") {
            true => config.proxy(None),
            false => config,
        };
        let agent = config
            .tls_config(tls)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            // The key goes to this address and no other.
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!("hcert-issuer/", env!("CARGO_PKG_VERSION")))
            .build();
        Client(Arc::new(Inner {
            agent: agent.into(),
            url: url.trim_end_matches('/').to_owned(),
            authorization: Zeroizing::new(format!("Bearer {key}")),
        }))
    }

    /// Tells certificates of keys (DER).
    pub async fn keys(&self, certificates: &[Vec<u8>]) -> Result<(), ClientError> {
        let pem: String = certificates
            .iter()
            .map(|der| hcert::pem::encode("CERTIFICATE", der))
            .collect();
        let path = "/api/v1/keys?source=issuer";
        let answer = self
            .post(path, "application/x-pem-file", pem.into_bytes())
            .await?;
        let refused = answer.get("refused").and_then(Value::as_array);
        match refused.and_then(|refused| refused.first()) {
            None => Ok(()),
            Some(first) => Err(ClientError::Refused {
                path: path.to_owned(),
                status: 200,
                detail: first.to_string(),
            }),
        }
    }

    /// Tells certificates that one key issued, each as 24 bytes, and up to when there are no others.
    pub async fn issued(
        &self,
        kid: &[u8],
        labels: &[String],
        records: Vec<u8>,
        complete_until: Option<Timestamp>,
    ) -> Result<(), ClientError> {
        let mut path = format!(
            "/api/v1/issued?kid={}",
            percent(&hcert::base64::encode(kid))
        );
        if !labels.is_empty() {
            path += &format!("&labels={}", percent(&labels.join(",")));
        }
        if let Some(until) = complete_until {
            path += &format!("&complete_until={}", percent(&until.to_string()));
        }
        self.post(&path, "application/octet-stream", records)
            .await?;
        Ok(())
    }

    /// How many certificates a choice hits, and how many of it nobody told of.
    pub async fn hits(&self, choice: &Choice) -> Result<(u64, u64), ClientError> {
        let mut body = choice.body();
        body.insert("dry_run".into(), Value::from(true));
        let answer = self.json("/api/v1/revocations", &body).await?;
        let number = |key: &str| answer.get(key).and_then(Value::as_u64);
        match (number("hits"), number("unknown")) {
            (Some(hits), Some(unknown)) => Ok((hits, unknown)),
            _ => Err(ClientError::Answer {
                path: "/api/v1/revocations".into(),
            }),
        }
    }

    /// Revokes them, if there are as many.
    pub async fn revoke(
        &self,
        choice: &Choice,
        reason: &str,
        expect: u64,
    ) -> Result<(), ClientError> {
        let mut body = choice.body();
        body.insert("reason".into(), Value::from(reason));
        body.insert("expect".into(), Value::from(expect));
        self.json("/api/v1/revocations", &body).await.map(drop)
    }

    /// Takes their revocation back.
    pub async fn undo(&self, choice: &Choice) -> Result<(), ClientError> {
        self.json("/api/v1/revocations/undo", &choice.body())
            .await
            .map(drop)
    }

    async fn json(&self, path: &str, body: &Map<String, Value>) -> Result<Value, ClientError> {
        let body = serde_json::to_vec(body).unwrap_or_default();
        self.post(path, "application/json", body).await
    }

    async fn post(
        &self,
        path: &str,
        kind: &'static str,
        body: Vec<u8>,
    ) -> Result<Value, ClientError> {
        let (inner, path) = (Arc::clone(&self.0), path.to_owned());
        let asked = tokio::task::spawn_blocking(move || inner.post(&path, kind, &body));
        asked
            .await
            .unwrap_or_else(|_| Err(ClientError::Unreachable("the request was cut off".into())))
    }
}

impl Inner {
    fn post(&self, path: &str, kind: &str, body: &[u8]) -> Result<Value, ClientError> {
        let away = |error: ureq::Error| ClientError::Unreachable(error.to_string());
        // Without the query, which is long and says nothing to whoever reads the log.
        let shown = path.split('?').next().unwrap_or_default().to_owned();
        let mut response = self
            .agent
            .post(format!("{}{path}", self.url))
            .header("Authorization", self.authorization.as_str())
            .header("Content-Type", kind)
            .send(body)
            .map_err(away)?;
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(MOST);
        let text = body.read_to_string().map_err(away)?;
        if !(200..300).contains(&status) {
            let problem: Value = serde_json::from_str(&text).unwrap_or_default();
            let detail = problem.get("detail").and_then(Value::as_str);
            let detail: String = detail.unwrap_or_default().chars().take(300).collect();
            return Err(ClientError::Refused {
                path: shown,
                status,
                detail,
            });
        }
        serde_json::from_str(&text).map_err(|_| ClientError::Answer { path: shown })
    }
}

/// For a query: all but letters and digits as %XX.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            true => out.push(char::from(byte)),
            false => out += &format!("%{byte:02X}"),
        }
    }
    out
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({})", self.0.url)
    }
}
