//! The way of a browser to the provider and back.

use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use openidconnect::{
    AccessTokenHash, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError as Doubt,
    CsrfToken, LanguageTag, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    RequestTokenError, SignatureVerificationError, TokenResponse as _,
    core::{
        CoreErrorResponseType as Code, CoreJwsSigningAlgorithm as Algorithm, CoreProviderMetadata,
        CoreResponseType,
    },
};
use serde_json::{Value, json};
use service::people::sessions::{self, Session};
use zeroize::Zeroizing;

use super::{
    Provider, Subject,
    client::{Away, Client, Tokens},
    pending::Pending,
};
use crate::{
    domain::{Issuer, Refusal},
    store::StoreError,
};

pub(crate) use super::pending::PATIENCE;

/// What an ID token may be signed with: keys of the provider's alone. A MAC would make everybody
/// who knows a shared secret a provider, `none` everybody.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
];
/// How far the provider's clock may be from ours, in seconds.
const SKEW: i64 = 60;

/// Why nobody was signed in. Its words may stand in a log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// This browser asked for no sign-in, or too long ago.
    #[error("this browser has no sign-in under way")]
    Stale,
    /// The answer belongs to another question, or comes from another provider.
    #[error("the answer is not to what this browser asked")]
    Foreign,
    /// The provider let the person not in, or the person gave up.
    #[error("the provider did not let the person in")]
    Denied,
    /// The provider does not answer, or not as it should.
    #[error("the provider is away: {0}")]
    Away(String),
    /// The code was used before, or is not for this browser.
    #[error("the provider does not take the code")]
    Spent,
    /// The ID token can't be trusted.
    #[error("the ID token can't be trusted: {0}")]
    Token(String),
    /// In none of the groups that are let in.
    #[error("the person is in none of the groups")]
    Group,
    /// No account is bound to this subject.
    #[error("no account is bound to this subject")]
    Unknown(Subject),
    /// The account may not sign in.
    #[error("the account is disabled")]
    Disabled,
    /// The database, or no random numbers.
    #[error(transparent)]
    Refusal(#[from] Refusal),
}

impl From<Away> for SignInError {
    fn from(away: Away) -> SignInError {
        SignInError::Away(away.0)
    }
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> SignInError {
        SignInError::Refusal(error.into())
    }
}

impl From<Doubt> for SignInError {
    fn from(doubt: Doubt) -> SignInError {
        SignInError::Token(doubt.to_string() + &cause(&doubt))
    }
}

fn cause(doubt: &Doubt) -> String {
    match doubt {
        Doubt::SignatureVerification(why) => format!(": {why}"),
        _ => String::new(),
    }
}

/// Where a browser is sent, and what it keeps until it comes back.
pub(crate) struct Departure {
    /// The provider's page.
    pub(crate) url: String,
    /// The cookie, sealed.
    pub(crate) cookie: String,
}

/// What the provider sends back with the browser (RFC 6749, sections 4.1.2 and 4.1.2.1).
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) state: String,
    pub(crate) code: Option<Zeroizing<String>>,
    pub(crate) error: Option<String>,
    /// Who answers (RFC 9207); not all say it.
    pub(crate) iss: Option<String>,
}

impl Answer {
    /// Out of the query of an address.
    pub(crate) fn of(query: &str) -> Answer {
        let mut answer = Answer::default();
        for (key, value) in openidconnect::url::form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            match key.as_ref() {
                "state" => answer.state = value,
                "code" => answer.code = Some(Zeroizing::new(value)),
                "error" => answer.error = Some(value),
                "iss" => answer.iss = Some(value),
                _ => {}
            }
        }
        answer
    }
}

impl Provider {
    /// Begins a sign-in, in a language that people read.
    pub(crate) async fn depart(
        &self,
        issuer: &Issuer,
        language: &str,
    ) -> Result<Departure, SignInError> {
        let now = issuer.clock.now().unix();
        let metadata = self.metadata(now).await?;
        let pending = Pending::new(now)?;
        let state = CsrfToken::new(pending.state.clone());
        let nonce = Nonce::new(pending.nonce.clone());
        let verifier = PkceCodeVerifier::new(pending.verifier.clone());
        let (url, _, _) = self
            .client(&metadata)
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || state,
                move || nonce,
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_ui_locale(LanguageTag::new(language.to_owned()))
            .url();
        Ok(Departure {
            url: url.into(),
            cookie: pending.seal(&issuer.vault)?,
        })
    }

    /// Ends a sign-in: gives the token of a new session, or says why there is none.
    pub(crate) async fn arrive(
        &self,
        issuer: &Issuer,
        answer: Answer,
        cookie: Option<&str>,
    ) -> Result<Zeroizing<String>, SignInError> {
        let now = issuer.clock.now().unix();
        let pending = cookie.and_then(|cookie| Pending::open(&issuer.vault, cookie, now));
        let pending = pending.ok_or(SignInError::Stale)?;
        // Hashes, so that how long it takes says nothing of where they differ.
        let is_ours = sessions::hash(&answer.state) == sessions::hash(&pending.state);
        let is_theirs = answer.iss.is_none_or(|iss| iss == self.settings.issuer);
        if !is_ours || !is_theirs {
            return Err(SignInError::Foreign);
        }
        match answer.error.as_deref() {
            None => {}
            Some("server_error" | "temporarily_unavailable") => {
                return Err(SignInError::Away("it says so itself".into()));
            }
            Some(_) => return Err(SignInError::Denied),
        }
        let code = answer.code.ok_or(SignInError::Foreign)?;
        let metadata = self.metadata(now).await?;
        let tokens = self.exchange(&metadata, &code, &pending).await?;
        let subject = self.subject(metadata, &tokens, &pending, now).await?;
        open(issuer, subject).await
    }

    /// The code against tokens, at the provider's token endpoint.
    async fn exchange(
        &self,
        metadata: &CoreProviderMetadata,
        code: &str,
        pending: &Pending,
    ) -> Result<Tokens, SignInError> {
        let client = self.client(metadata);
        let request = client.exchange_code(AuthorizationCode::new(code.to_owned()));
        let request = request.map_err(|_| Away("it names no token endpoint".into()))?;
        let http = self.http();
        let tokens = request
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()))
            .request_async(&http)
            .await;
        // What could not be read may hold tokens: no word of it goes on.
        tokens.map_err(|error| match error {
            RequestTokenError::ServerResponse(refusal) => match refusal.error() {
                Code::InvalidGrant => SignInError::Spent,
                Code::InvalidClient | Code::UnauthorizedClient => {
                    SignInError::Away("it does not take client_id and client secret".into())
                }
                _ => SignInError::Away("its token endpoint refuses the request".into()),
            },
            RequestTokenError::Request(error) => {
                SignInError::Away(format!("its token endpoint can't be reached: {error}"))
            }
            _ => SignInError::Away("its token endpoint's answer can't be read".into()),
        })
    }

    /// Who it is. A key that is not known may be a new one.
    async fn subject(
        &self,
        metadata: Arc<CoreProviderMetadata>,
        tokens: &Tokens,
        pending: &Pending,
        now: i64,
    ) -> Result<Subject, SignInError> {
        let unknown = Doubt::SignatureVerification(SignatureVerificationError::NoMatchingKey);
        match self.verified(&self.client(&metadata), tokens, pending, now) {
            Err(Verdict::Doubt(doubt)) if doubt == unknown => {
                let newer = self.renewed(&metadata, now).await?;
                let verified = self.verified(&self.client(&newer), tokens, pending, now);
                verified.map_err(SignInError::from)
            }
            other => other.map_err(SignInError::from),
        }
    }

    /// The steps of OpenID Connect Core 1.0, section 3.1.3.7. The library takes signature, issuer,
    /// audience (ours alone), expiry and nonce; the rest is here.
    fn verified(
        &self,
        client: &Client,
        tokens: &Tokens,
        pending: &Pending,
        now: i64,
    ) -> Result<Subject, Verdict> {
        let wrong = |what: &str| Verdict::Doubt(Doubt::Other(what.to_owned()));
        let token = tokens.id_token().ok_or_else(|| wrong("there is none"))?;
        let instant = UNIX_EPOCH + Duration::from_secs(u64::try_from(now).unwrap_or_default());
        let since = pending.since;
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || instant.into())
            // Made after it was asked for, and not in the future.
            .set_issue_time_verifier_fn(move |at| {
                match (since - SKEW..=now + SKEW).contains(&at.timestamp()) {
                    true => Ok(()),
                    false => Err("iat is not within this sign-in".into()),
                }
            });
        let nonce = Nonce::new(pending.nonce.clone());
        let claims = token.claims(&verifier, &nonce)?;
        let party = claims.authorized_party();
        if party.is_some_and(|party| party.as_str() != self.settings.client_id) {
            return Err(wrong("azp is another client"));
        }
        if let Some(hash) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(Doubt::SignatureVerification)?;
            let key = token
                .signing_key(&verifier)
                .map_err(Doubt::SignatureVerification)?;
            let own = AccessTokenHash::from_token(tokens.access_token(), algorithm, key);
            if own.ok().as_ref() != Some(hash) {
                return Err(wrong("at_hash is of another access token"));
            }
        }
        if let Some(groups) = &self.settings.groups {
            let listed = claims.additional_claims().0.get(&groups.claim);
            let is_one = |value: &Value| {
                let name = value.as_str();
                name.is_some_and(|name| groups.any_of.iter().any(|group| group == name))
            };
            let is_member = match listed {
                Some(Value::Array(all)) => all.iter().any(is_one),
                Some(one) => is_one(one),
                None => false,
            };
            if !is_member {
                return Err(Verdict::Group);
            }
        }
        let subject = Subject::new(&self.settings.issuer, claims.subject().as_str());
        subject.map_err(|_| wrong("sub is not 1 to 255 ASCII characters"))
    }
}

/// Why an ID token lets nobody in.
enum Verdict {
    Doubt(Doubt),
    Group,
}

impl From<Doubt> for Verdict {
    fn from(doubt: Doubt) -> Verdict {
        Verdict::Doubt(doubt)
    }
}

impl From<Verdict> for SignInError {
    fn from(verdict: Verdict) -> SignInError {
        match verdict {
            Verdict::Doubt(doubt) => doubt.into(),
            Verdict::Group => SignInError::Group,
        }
    }
}

/// Opens a session for whom the subject is bound to.
async fn open(issuer: &Issuer, subject: Subject) -> Result<Zeroizing<String>, SignInError> {
    let mut tx = issuer.store.write().await?;
    let Some((name, disabled)) = tx.account_of_subject(&subject).await? else {
        return Err(SignInError::Unknown(subject));
    };
    if disabled {
        return Err(SignInError::Disabled);
    }
    let (actor, detail) = (format!("user:{name}"), json!({ "by": "oidc" }));
    tx.audit(issuer.clock.now(), &actor, "sign-in", &name, &detail)
        .await?;
    tx.commit().await?;
    let token = Session::open(&issuer.store, &issuer.clock, &name).await;
    Ok(token.map_err(Refusal::from)?)
}
