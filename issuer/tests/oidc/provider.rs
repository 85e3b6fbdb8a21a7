//! A provider of OpenID Connect on loopback: discovery, keys, and a token endpoint that checks
//! client, code and PKCE as RFC 6749 and RFC 7636 have it. What its ID tokens say, a test chooses.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use hcert::keys::{Signer as _, SoftwareKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use openidconnect::url::{Url, form_urlencoded};
use serde_json::{Map, Value, json};
use service::clock::Clock;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

pub(crate) const CLIENT: &str = "hcert-issuer";
pub(crate) const SECRET: &str = "a s3cret+/=%&";
pub(crate) const BACK: &str = "https://hcert.example.vn/sign-in/oidc/back";
/// What everybody is called here unless a test says otherwise.
pub(crate) const SUB: &str = "f3c1-lan";

/// How an ID token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// With the key of this number, which the key set names.
    Known(u8),
    /// As [`Sign::Known`], but the signature is of something else.
    Broken(u8),
    /// With this key, under the name of the one of that number.
    Posing(u8, u8),
    /// Not at all.
    None,
    /// HS256 over this secret.
    Hmac(&'static str),
}

/// How the provider behaves.
pub(crate) struct Plan {
    pub(crate) sign: Sign,
    /// Numbers of the keys in the key set.
    pub(crate) keys: Vec<u8>,
    /// Claims that stand instead of the usual ones; null takes one away.
    pub(crate) claims: Map<String, Value>,
    /// An at_hash of this token instead of the real one's.
    pub(crate) hashed: Option<&'static str>,
    /// What its document calls it.
    pub(crate) issuer: Option<String>,
    /// Every answer is a redirect.
    pub(crate) elsewhere: bool,
    /// How it wants the client's secret.
    pub(crate) ways: Value,
}

struct Grant {
    challenge: String,
    nonce: String,
}

/// What happened.
#[derive(Default)]
struct Seen {
    grants: BTreeMap<String, Grant>,
    codes: usize,
    key_sets: usize,
    tokens: Vec<String>,
}

#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) address: String,
    pub(crate) plan: Arc<Mutex<Plan>>,
    seen: Arc<Mutex<Seen>>,
    clock: Clock,
}

fn key(number: u8) -> SoftwareKey {
    SoftwareKey::es256(&Zeroizing::new([number; 32])).unwrap()
}

fn jwk(number: u8) -> Value {
    let spki = key(number).spki();
    let (x, y) = spki[spki.len() - 64..].split_at(32);
    json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": format!("key-{number}"),
        "x": BASE64URL_NOPAD.encode(x), "y": BASE64URL_NOPAD.encode(y),
    })
}

impl Provider {
    /// Serves until the test ends.
    pub(crate) async fn start(clock: &Clock) -> Provider {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Provider {
            address: format!("http://{}", listener.local_addr().unwrap()),
            plan: Arc::new(Mutex::new(Plan {
                sign: Sign::Known(1),
                keys: vec![1],
                claims: Map::new(),
                hashed: None,
                issuer: None,
                elsewhere: false,
                ways: json!(["client_secret_basic", "client_secret_post"]),
            })),
            seen: Arc::default(),
            clock: clock.clone(),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/keys", get(key_set))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        provider
    }

    pub(crate) fn plan(&self, change: impl FnOnce(&mut Plan)) {
        change(&mut self.plan.lock().unwrap());
    }

    /// Lets the person in whose browser came to this address: gives the query that the browser
    /// takes back.
    pub(crate) fn let_in(&self, location: &str) -> String {
        let url = Url::parse(location).unwrap();
        assert_eq!(
            format!("{}{}", url.origin().ascii_serialization(), url.path()),
            self.address.clone() + "/authorize"
        );
        let asked: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["redirect_uri"], BACK);
        assert_eq!(asked["scope"], "openid");
        assert_eq!(asked["code_challenge_method"], "S256");
        let mut seen = self.seen.lock().unwrap();
        seen.codes += 1;
        let code = format!("c0de-{}", seen.codes);
        let grant = Grant {
            challenge: asked["code_challenge"].clone(),
            nonce: asked["nonce"].clone(),
        };
        seen.grants.insert(code.clone(), grant);
        form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &code)
            .append_pair("state", &asked["state"])
            .append_pair("iss", &self.address)
            .finish()
    }

    /// How often its keys were fetched.
    pub(crate) fn key_sets(&self) -> usize {
        self.seen.lock().unwrap().key_sets
    }

    /// Every token that it gave.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.seen.lock().unwrap().tokens.clone()
    }

    fn id_token(&self, grant: &Grant, access_token: &str) -> String {
        let plan = self.plan.lock().unwrap();
        let now = self.clock.now().unix();
        let hashed = Sha256::digest(plan.hashed.unwrap_or(access_token));
        let mut claims = json!({
            "iss": self.address, "aud": CLIENT, "sub": SUB, "nonce": grant.nonce,
            "iat": now, "exp": now + 300, "at_hash": BASE64URL_NOPAD.encode(&hashed[..16]),
            "groups": ["staff", "hcert"],
        });
        for (name, value) in &plan.claims {
            match value.is_null() {
                true => drop(claims.as_object_mut().unwrap().remove(name)),
                false => claims[name.as_str()] = value.clone(),
            }
        }
        let (alg, kid) = match plan.sign {
            Sign::Known(number) | Sign::Broken(number) | Sign::Posing(_, number) => {
                ("ES256", number)
            }
            Sign::None => ("none", 1),
            Sign::Hmac(_) => ("HS256", 1),
        };
        let mut header = json!({ "alg": alg, "typ": "JWT" });
        if alg != "HS256" {
            header["kid"] = json!(format!("key-{kid}"));
        }
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = match plan.sign {
            Sign::Known(number) | Sign::Posing(number, _) => {
                key(number).sign(signed.as_bytes()).unwrap()
            }
            Sign::Broken(number) => key(number).sign(b"something else").unwrap(),
            Sign::None => Vec::new(),
            Sign::Hmac(secret) => {
                let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
                mac.update(signed.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
        };
        format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}

async fn document(State(provider): State<Provider>) -> Response {
    let plan = provider.plan.lock().unwrap();
    if plan.elsewhere {
        let to = format!("{}/keys", provider.address);
        return (StatusCode::FOUND, [("location", to)]).into_response();
    }
    let at = |path: &str| provider.address.clone() + path;
    Json(json!({
        "issuer": plan.issuer.clone().unwrap_or(provider.address.clone()),
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        "token_endpoint_auth_methods_supported": plan.ways,
    }))
    .into_response()
}

async fn key_set(State(provider): State<Provider>) -> Response {
    provider.seen.lock().unwrap().key_sets += 1;
    let keys: Vec<_> = provider
        .plan
        .lock()
        .unwrap()
        .keys
        .iter()
        .map(|key| jwk(*key))
        .collect();
    Json(json!({ "keys": keys })).into_response()
}

fn no(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
}

/// Whether the client is ours, in the one way that the provider wants.
fn is_client(provider: &Provider, headers: &HeaderMap, form: &BTreeMap<String, String>) -> bool {
    let basic = provider
        .plan
        .lock()
        .unwrap()
        .ways
        .to_string()
        .contains("basic");
    let sent = headers
        .get("authorization")
        .map(|value| value.to_str().unwrap());
    if !basic {
        let field = |name: &str| form.get(name).map(String::as_str);
        return sent.is_none()
            && (field("client_id"), field("client_secret")) == (Some(CLIENT), Some(SECRET));
    }
    // RFC 6749, section 2.3.1: both are form-encoded before they are Basic.
    let Some(sent) = sent.and_then(|sent| sent.strip_prefix("Basic ")) else {
        return false;
    };
    let sent = String::from_utf8(BASE64.decode(sent.as_bytes()).unwrap()).unwrap();
    let (id, secret) = sent.split_once(':').unwrap();
    let decoded = |text: &str| {
        let pair = format!("x={text}");
        form_urlencoded::parse(pair.as_bytes())
            .next()
            .unwrap()
            .1
            .into_owned()
    };
    (decoded(id).as_str(), decoded(secret).as_str()) == (CLIENT, SECRET)
        && !form.contains_key("client_secret")
}

async fn token(State(provider): State<Provider>, headers: HeaderMap, body: Bytes) -> Response {
    let form: BTreeMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    if !is_client(&provider, &headers, &form) {
        return no("invalid_client");
    }
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    if field("grant_type") != "authorization_code" || field("redirect_uri") != BACK {
        return no("invalid_request");
    }
    // A code is for one use.
    let grant = provider.seen.lock().unwrap().grants.remove(field("code"));
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(field("code_verifier")));
    let Some(grant) = grant.filter(|grant| grant.challenge == challenge) else {
        return no("invalid_grant");
    };
    let access_token = format!("acce55-{}", field("code"));
    let id_token = provider.id_token(&grant, &access_token);
    let given = [access_token.clone(), id_token.clone()];
    provider.seen.lock().unwrap().tokens.extend(given);
    Json(json!({
        "access_token": access_token, "token_type": "Bearer", "expires_in": 300, "id_token": id_token,
    }))
    .into_response()
}
