//! Who may ask for what: checked in one place, before anything else reads the request.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::MethodRouter,
};
use service::{
    fields::Fields,
    http::{cookie, guard, is_from_elsewhere},
    language::Tongue,
    people::sessions::{self, Session},
    problem::Problem,
};

use super::{App, pages};
use crate::{
    actor::Actor,
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
        Route {
            method,
            path,
            access,
            body: 256 * 1024,
            time: None,
            handler,
        }
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

    pub(super) fn add(self, router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
        let gate = Gate {
            app: Arc::clone(app),
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
            Access::Api(roles) => match self.program(request.headers(), roles).await {
                Ok(actor) => {
                    let mut request = request;
                    request.extensions_mut().insert(actor);
                    next.run(request).await
                }
                Err(problem) => problem.into_response(),
            },
            Access::Page(roles) => self.page(roles, request, next).await,
        }
    }

    async fn program(&self, headers: &HeaderMap, roles: &[Role]) -> Result<Actor, Problem> {
        let unauthorised =
            |detail: &str| Problem::new(StatusCode::UNAUTHORIZED, "unauthorised", detail);
        let key = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .ok_or_else(|| unauthorised("send the client's key: Authorization: Bearer KEY"))?;
        let mut tx = self.app.issuer.store.read().await?;
        let client = tx.client_by_key(&sessions::hash(key)).await?;
        drop(tx);
        let client = client.ok_or_else(|| unauthorised("no client has this key"))?;
        let own: Roles = client.roles.parse().unwrap_or_default();
        let place = client.place.parse();
        let place = place.map_err(|_| unauthorised("the client belongs to no place"))?;
        if !own.has_any(roles) {
            let needed = Roles::of(roles.iter().copied());
            let detail = format!("this needs one of the roles {needed}; this client has {own}");
            return Err(Problem::new(StatusCode::FORBIDDEN, "role", detail));
        }
        Ok(Actor {
            name: format!("client:{}", client.name),
            roles: own,
            place,
        })
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
        request.extensions_mut().insert(visitor);
        next.run(request).await
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
