//! The provider: how it is asked, and what it said of itself.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use openidconnect::{
    AdditionalClaims, AuthType, ClientId, ClientSecret, EmptyExtraTokenFields, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IdTokenFields, IssuerUrl, RedirectUrl,
    StandardErrorResponse, StandardTokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType,
        CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
    http::Method,
    url::{Host, Url},
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use ureq::Agent;

use super::Settings;

/// No provider's document is larger than this, in bytes.
const LARGEST: u64 = 512 * 1024;
const CONNECT: Duration = Duration::from_secs(3);
/// Of one request. A sign-in takes at most three, within the service's patience.
const WHOLE: Duration = Duration::from_secs(8);
/// What the provider said of itself is asked for again after an hour.
const FRESH: i64 = 3600;
/// Where it does not answer then, what it said last counts for a day.
const USABLE: i64 = 24 * 3600;
/// A key that is not known makes us look again, once in this many seconds.
const LOOK_AGAIN: i64 = 60;
/// A provider that did not answer is left alone for this many seconds.
const REST: i64 = 10;

/// The claims of an ID token beyond those of the standard: groups may be among them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Further(pub(super) serde_json::Map<String, serde_json::Value>);

impl AdditionalClaims for Further {}

pub(super) type Tokens = StandardTokenResponse<
    IdTokenFields<
        Further,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

pub(super) type Client = openidconnect::Client<
    Further,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why a provider can't be set up.
#[derive(Debug, thiserror::Error)]
#[error("the provider of OpenID Connect can't be used: {0}")]
pub struct ProviderError(String);

/// Why it did not answer as it should. Holds nothing that it sent.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub(super) struct Away(pub(super) String);

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("{0} is neither HTTPS nor on this machine")]
    Open(String),
    #[error(transparent)]
    Ureq(#[from] ureq::Error),
    #[error("cut off")]
    Cut,
}

/// The provider of a configuration.
pub struct Provider {
    pub(super) settings: Settings,
    issuer: IssuerUrl,
    back: RedirectUrl,
    agent: Agent,
    said: Mutex<Said>,
}

/// What the provider said of itself: its document and its keys.
#[derive(Default)]
struct Said {
    metadata: Option<Arc<CoreProviderMetadata>>,
    /// When, in seconds since 1970.
    at: i64,
    /// When it was asked last, whatever came of it.
    asked: Option<i64>,
}

/// Whether an address keeps what goes there private: HTTPS, or HTTP on this machine.
pub(super) fn is_private(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Domain(name))) => name == "localhost",
        ("http", Some(Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(Host::Ipv6(address))) => address.is_loopback(),
        _ => false,
    }
}

impl Provider {
    /// Sets it up. Nothing is asked of it before the first sign-in, so that the service starts
    /// without it.
    pub fn new(settings: Settings) -> Result<Provider, ProviderError> {
        let wrong = |what: &str| ProviderError(format!("{what} is no address"));
        let issuer = IssuerUrl::new(settings.issuer.clone());
        let back = RedirectUrl::new(settings.back.clone());
        Ok(Provider {
            issuer: issuer.map_err(|_| wrong("its issuer identifier"))?,
            back: back.map_err(|_| wrong("the way back"))?,
            agent: agent(settings.issuer.starts_with("http://")),
            said: Mutex::default(),
            settings,
        })
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// What it says of itself, from memory where that is fresh. One request asks, others wait for
    /// its answer.
    pub(super) async fn metadata(&self, now: i64) -> Result<Arc<CoreProviderMetadata>, Away> {
        let mut said = self.said.lock().await;
        let age = now - said.at;
        if let Some(metadata) = &said.metadata
            && ((0..FRESH).contains(&age) || (age < USABLE && said.asked_within(now, LOOK_AGAIN)))
        {
            return Ok(Arc::clone(metadata));
        }
        if said.metadata.is_none() && said.asked_within(now, REST) {
            return Err(Away("did not answer a moment ago".into()));
        }
        match self.ask(&mut said, now).await {
            Ok(metadata) => Ok(metadata),
            Err(away) => match &said.metadata {
                Some(metadata) if age < USABLE => {
                    tracing::warn!(%away, "the OpenID Connect provider's keys could not be renewed");
                    Ok(Arc::clone(metadata))
                }
                _ => Err(away),
            },
        }
    }

    /// What it says of itself now, because a key is not in what it said before: the same as before
    /// when it was asked within the last minute, so that no stream of wrong tokens becomes a
    /// stream of requests.
    pub(super) async fn renewed(
        &self,
        before: &Arc<CoreProviderMetadata>,
        now: i64,
    ) -> Result<Arc<CoreProviderMetadata>, Away> {
        let mut said = self.said.lock().await;
        let newer = said
            .metadata
            .clone()
            .filter(|own| !Arc::ptr_eq(own, before));
        match newer {
            Some(newer) => Ok(newer),
            None if said.asked_within(now, LOOK_AGAIN) => Ok(Arc::clone(before)),
            None => self.ask(&mut said, now).await,
        }
    }

    async fn ask(&self, said: &mut Said, now: i64) -> Result<Arc<CoreProviderMetadata>, Away> {
        said.asked = Some(now);
        let http = self.http();
        // The library checks that the document is of this issuer, and fetches the keys.
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &http).await;
        let metadata = metadata.map_err(|error| Away(described(&error)))?;
        if !is_private(metadata.authorization_endpoint().url()) {
            return Err(Away(
                "its page for signing in is neither HTTPS nor on this machine".into(),
            ));
        }
        let metadata = Arc::new(metadata);
        said.metadata = Some(Arc::clone(&metadata));
        said.at = now;
        Ok(metadata)
    }

    pub(super) fn client(&self, metadata: &CoreProviderMetadata) -> Client {
        let id = ClientId::new(self.settings.client_id.clone());
        let secret = ClientSecret::new(self.settings.client_secret.to_string());
        let client = Client::from_provider_metadata(metadata.clone(), id, Some(secret))
            .set_redirect_uri(self.back.clone());
        let ways = metadata.token_endpoint_auth_methods_supported();
        // Without a word of the provider it is Basic (Discovery 1.0, section 3).
        let has = |way| ways.is_some_and(|ways| ways.contains(&way));
        let in_body = has(CoreClientAuthMethod::ClientSecretPost)
            && !has(CoreClientAuthMethod::ClientSecretBasic);
        match in_body {
            true => client.set_auth_type(AuthType::RequestBody),
            false => client,
        }
    }

    /// Sends a request off the async threads, for the library.
    pub(super) fn http(
        &self,
    ) -> impl Fn(
        HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, FetchError>> + Send>>
    + Send
    + Sync {
        let agent = self.agent.clone();
        move |request| {
            let agent = agent.clone();
            let fetched = tokio::task::spawn_blocking(move || fetch(&agent, request));
            Box::pin(async move { fetched.await.unwrap_or(Err(FetchError::Cut)) })
        }
    }
}

impl Said {
    fn asked_within(&self, now: i64, seconds: i64) -> bool {
        self.asked
            .is_some_and(|at| (0..seconds).contains(&(now - at)))
    }
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Provider({})", self.settings.issuer)
    }
}

/// A client that takes the certificates that the system trusts, and follows no redirects: a
/// provider that sends us elsewhere could send us to what only this machine reaches.
fn agent(here: bool) -> Agent {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = ureq::tls::TlsConfig::builder()
        .root_certs(ureq::tls::RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_connect(Some(CONNECT))
        .timeout_global(Some(WHOLE))
        .user_agent(concat!("hcert/", env!("CARGO_PKG_VERSION")));
    match here {
        true => config.proxy(None).build().into(),
        false => config.build().into(),
    }
}

fn fetch(agent: &Agent, request: HttpRequest) -> Result<HttpResponse, FetchError> {
    let url = request.uri().to_string();
    if !Url::parse(&url).is_ok_and(|url| is_private(&url)) {
        return Err(FetchError::Open(url));
    }
    let response = match *request.method() {
        Method::GET => agent.run(request.map(drop))?,
        _ => agent.run(request)?,
    };
    let (parts, mut body) = response.into_parts();
    let body = body.with_config().limit(LARGEST).read_to_vec()?;
    Ok(HttpResponse::from_parts(parts, body))
}

/// What went wrong, for the log: never what was sent.
fn described(error: &openidconnect::DiscoveryError<FetchError>) -> String {
    use openidconnect::DiscoveryError as E;
    match error {
        E::Request(error) => format!("its documents could not be fetched: {error}"),
        E::Response(status, ..) => format!("its documents could not be fetched: HTTP {status}"),
        E::Validation(why) => why.clone(),
        E::Parse(error) => format!("its documents can't be read at {}", error.path()),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses() {
        for (url, private) in [
            ("https://id.example.vn/", true),
            ("http://127.0.0.1:9000/", true),
            ("http://[::1]:9000/", true),
            ("http://localhost/", true),
            ("http://id.example.vn/", false),
            ("http://localhost.example.vn/", false),
            ("http://10.0.0.1/", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(is_private(&Url::parse(url).unwrap()), private, "{url}");
        }
    }
}
