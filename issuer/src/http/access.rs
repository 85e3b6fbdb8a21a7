//! Who may ask for what: checked in one place, before anything else reads the request.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{Method, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::MethodRouter,
};
use service::{
    fields::Fields,
    http::{cookie, guard, is_from_elsewhere},
    language::Tongue,
    people::sessions::Session,
    problem::Problem,
};
use sha2::{Digest as _, Sha256};

use super::{
    App,
    clients::Clients,
    log::Who,
    once::{self, Repeats},
    pages,
};
use crate::{
    actor::Actor,
    domain::desk::Once,
    roles::{Role, Roles},
};

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Open,
    /// Everybody, on a page.
    OpenPage,
    /// Programs with a key, of one of these roles.
    Api(&'static [Role]),
    /// People who signed in, of one of these roles.
    Page(&'static [Role]),
}

/// One thing that can be asked for.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, in axum's form.
    pub path: &'static str,
    /// Who may ask.
    pub access: Access,
    /// Largest body, in bytes.
    pub body: usize,
    /// Longest time for the whole request, if it is more than the usual [`App::patience`].
    pub time: Option<Duration>,
    /// What an Idempotency-Key means here.
    pub repeats: Repeats,
    handler: MethodRouter<Arc<App>>,
}

impl Route {
    /// With the usual bounds: 256 KiB, the usual time.
    pub(super) fn new(
        method: Method,
        path: &'static str,
        access: Access,
        handler: MethodRouter<Arc<App>>,
    ) -> Route {
        let repeats = match access {
            Access::Api(_) if !method.is_safe() => Repeats::Kept,
            _ => Repeats::Harmless,
        };
        Route {
            method,
            path,
            access,
            body: 256 * 1024,
            time: None,
            repeats,
            handler,
        }
    }

    /// It changes nothing, although it is no GET.
    pub(super) fn harmless(mut self) -> Route {
        self.repeats = Repeats::Harmless;
        self
    }

    /// The handler sees to repeated requests.
    pub(super) fn once(mut self) -> Route {
        self.repeats = Repeats::Own;
        self
    }

    /// With a larger body, and the time to send it.
    pub(super) fn large(mut self, body: usize) -> Route {
        self.body = body;
        self.time = Some(Duration::from_secs(120));
        self
    }

    /// With a longer time.
    pub(super) fn slow(mut self, seconds: u64) -> Route {
        self.time = Some(Duration::from_secs(seconds));
        self
    }

    pub(super) fn add(
        self,
        router: Router<Arc<App>>,
        app: &Arc<App>,
        clients: &Arc<Clients>,
    ) -> Router<Arc<App>> {
        let gate = Gate {
            app: Arc::clone(app),
            clients: Arc::clone(clients),
            repeats: self.repeats,
            access: self.access,
            body: self.body,
            time: self.time.unwrap_or(app.patience),
        };
        let handler = self
            .handler
            .layer(DefaultBodyLimit::max(self.body))
            .layer(middleware::from_fn_with_state(gate, pass));
        router.route(self.path, handler)
    }
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {:?}", self.method, self.path, self.access)
    }
}

#[derive(Clone)]
struct Gate {
    app: Arc<App>,
    clients: Arc<Clients>,
    repeats: Repeats,
    access: Access,
    body: usize,
    time: Duration,
}

/// Lets a request through, or answers in its place. The time counts from here, so that a body
/// that trickles in ends with it.
async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let page = matches!(gate.access, Access::Page(_) | Access::OpenPage);
    let time = gate.time;
    let answer = tokio::time::timeout(time, gate.decide(request, next)).await;
    let mut response = answer.unwrap_or_else(|_| {
        let detail = format!("not done within {} s", time.as_secs());
        Problem::new(StatusCode::REQUEST_TIMEOUT, "time", detail).into_response()
    });
    guard(response.headers_mut(), page.then_some(pages::POLICY));
    response
}

impl Gate {
    async fn decide(self, request: Request, next: Next) -> Response {
        match self.access {
            Access::Open => next.run(request).await,
            Access::OpenPage => self.open_page(request, next).await,
            Access::Api(roles) => match self.program(roles, request).await {
                Ok((actor, request, once)) => {
                    let who = Who(actor.name);
                    let mut response = self.run(request, once, next).await;
                    response.extensions_mut().insert(who);
                    response
                }
                Err(problem) => problem.into_response(),
            },
            Access::Page(roles) => self.page(roles, request, next).await,
        }
    }

    /// Who asks, and their request with the whole body: the signature is checked over the head
    /// before a byte of the body is read, and the digest before a handler sees it.
    async fn program(
        &self,
        roles: &[Role],
        request: Request,
    ) -> Result<(Actor, Request, Option<Once>), Problem> {
        let (mut parts, body) = request.into_parts();
        let (actor, digest) = self.clients.admit(&self.app.issuer, &parts).await?;
        if !actor.roles.has_any(roles) {
            let needed = Roles::of(roles.iter().copied());
            let own = &actor.roles;
            let detail = format!("this needs one of the roles {needed}; this client has {own}");
            return Err(Problem::new(StatusCode::FORBIDDEN, "role", detail));
        }
        let body = axum::body::to_bytes(body, self.body).await.map_err(|_| {
            let most = self.body;
            let detail = format!("the body is larger than {most} bytes, or it was cut off");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "size", detail)
        })?;
        let own: [u8; 32] = Sha256::digest(&body).into();
        if digest.is_some_and(|digest| digest != own) || (digest.is_none() && !body.is_empty()) {
            let detail = "`content-digest` is not that of the body that came";
            return Err(Problem::new(StatusCode::BAD_REQUEST, "digest", detail));
        }
        let once = once::of(&parts, &actor.name, own)?;
        if self.repeats == Repeats::Kept && once.is_none() {
            return Err(once::needed());
        }
        parts.extensions.insert(actor.clone());
        parts.extensions.insert(once.clone());
        let request = Request::from_parts(parts, Body::from(body));
        Ok((actor, request, once))
    }

    async fn run(&self, request: Request, once: Option<Once>, next: Next) -> Response {
        match once.filter(|_| self.repeats == Repeats::Kept) {
            Some(once) => {
                let app = Arc::clone(&self.app);
                once::keep(app, once, async move { next.run(request).await }).await
            }
            None => next.run(request).await,
        }
    }

    fn tongue(&self, request: &Request) -> Tongue {
        Tongue::of(request, self.app.language, pages::LANGUAGE_COOKIE)
            .with_offset(self.app.issuer.settings.offset)
    }

    /// A page before signing in. Its one form is bound to the browser by a cookie.
    async fn open_page(self, mut request: Request, next: Next) -> Response {
        let tongue = self.tongue(&request);
        request.extensions_mut().insert(tongue);
        if request.method() == Method::POST {
            if is_from_elsewhere(request.headers()) {
                return pages::refused(&self.app, tongue, "origin");
            }
            let (parts, body) = request.into_parts();
            let fields = match Fields::read(&parts.headers, body, self.body).await {
                Ok(fields) => fields,
                Err(problem) => return pages::problem(&self.app, tongue, None, problem),
            };
            let cookie = cookie(&parts.headers, pages::FORM_COOKIE);
            let token = fields.text("csrf");
            // The cookie can't be read or set by another site, so only our own page knows it.
            if token.is_empty() || cookie.as_deref() != Some(token) {
                return pages::refused(&self.app, tongue, "form");
            }
            request = Request::from_parts(parts, Body::empty());
            request.extensions_mut().insert(fields);
        }
        next.run(request).await
    }

    async fn page(self, roles: &[Role], mut request: Request, next: Next) -> Response {
        let tongue = self.tongue(&request);
        let token = cookie(request.headers(), pages::SESSION_COOKIE);
        let visitor = match token {
            Some(token) => self.visitor(&token).await,
            None => Ok(None),
        };
        let visitor = match visitor {
            Ok(Some(visitor)) => visitor,
            Ok(None) => return pages::to_sign_in(),
            Err(problem) => return pages::problem(&self.app, tongue, None, problem),
        };
        if visitor.new_password && !matches!(request.uri().path(), "/desk/password" | "/sign-out") {
            return pages::to("/desk/password");
        }
        if !visitor.actor.roles.has_any(roles) {
            let needed = Roles::of(roles.iter().copied()).to_string();
            let problem = Problem::new(StatusCode::FORBIDDEN, "role", needed);
            return pages::problem(&self.app, tongue, Some(&visitor), problem);
        }
        if request.method() == Method::POST {
            if is_from_elsewhere(request.headers()) {
                return pages::refused(&self.app, tongue, "origin");
            }
            let (parts, body) = request.into_parts();
            let fields = match Fields::read(&parts.headers, body, self.body).await {
                Ok(fields) => fields,
                Err(problem) => {
                    return pages::problem(&self.app, tongue, Some(&visitor), problem);
                }
            };
            let session = &visitor.session;
            if !session.is_form_token(parts.uri.path(), fields.text("csrf")) {
                return pages::refused(&self.app, tongue, "form");
            }
            request = Request::from_parts(parts, Body::empty());
            request.extensions_mut().insert(fields);
        }
        request.extensions_mut().insert(tongue);
        request.extensions_mut().insert(visitor.actor.clone());
        let who = Who(visitor.actor.name.clone());
        request.extensions_mut().insert(visitor);
        let mut response = next.run(request).await;
        response.extensions_mut().insert(who);
        response
    }

    async fn visitor(&self, token: &str) -> Result<Option<Visitor>, Problem> {
        let issuer = &self.app.issuer;
        let Some(session) = Session::of_token(&issuer.store, &issuer.clock, token).await? else {
            return Ok(None);
        };
        let account = issuer.account(&session.name).await?;
        let Ok(place) = account.place.parse() else {
            return Ok(None);
        };
        Ok(Some(Visitor {
            actor: Actor {
                name: format!("user:{}", session.name),
                roles: session.roles(),
                place,
            },
            full_name: account.full_name,
            new_password: account.new_password,
            session,
        }))
    }
}

/// Somebody who signed in, on a page.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// What the domain knows them as.
    pub actor: Actor,
    /// What people call them.
    pub full_name: String,
    /// Has to choose a password first.
    pub new_password: bool,
    /// The session.
    pub session: Session,
}
