//! What every page of the desk is given.

use std::{collections::BTreeMap, future::Future, sync::Arc};

use axum::{
    extract::{FromRequestParts, Query},
    http::{Method, header, request::Parts},
    response::Response,
};
use service::{fields::Fields, http::set_cookie, language::Tongue, problem::Problem};

use super::{Frame, frame::Switch, words};
use crate::{
    actor::Actor,
    domain::{Issuer, Refusal},
    http::{App, access::Visitor},
    id::Id,
};

/// What every page of the desk is given: who asks, in which language, and what they typed.
pub(crate) struct Desk {
    pub(crate) app: Arc<App>,
    pub(crate) t: Tongue,
    pub(crate) visitor: Visitor,
    pub(crate) fields: Fields,
    query: BTreeMap<String, String>,
    path: String,
    is_post: bool,
}

/// A page, or why there is none.
pub(crate) type Page = Result<Response, Refusal>;

impl FromRequestParts<Arc<App>> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Desk, Response> {
        let extensions = &parts.extensions;
        let visitor = extensions.get::<Visitor>().cloned();
        let t = extensions.get::<Tongue>().copied();
        // The gate puts both there; a route without it would be a fault of the table.
        let (Some(visitor), Some(t)) = (visitor, t) else {
            return Err(super::to_sign_in());
        };
        let query =
            Query::try_from_uri(&parts.uri).map_or_else(|_| BTreeMap::new(), |query| query.0);
        Ok(Desk {
            app: Arc::clone(app),
            t,
            visitor,
            fields: extensions.get::<Fields>().cloned().unwrap_or_default(),
            query,
            path: parts.uri.path().to_owned(),
            is_post: parts.method == Method::POST,
        })
    }
}

impl Desk {
    /// What does the work.
    pub(crate) fn issuer(&self) -> &Issuer {
        &self.app.issuer
    }

    /// Who asks.
    pub(crate) fn actor(&self) -> &Actor {
        &self.visitor.actor
    }

    /// A part of the address, without the white space around it.
    pub(crate) fn asked(&self, name: &str) -> &str {
        self.query.get(name).map_or("", |text| text.trim())
    }

    /// A part of the address, or what was typed.
    pub(crate) fn text(&self, name: &str) -> &str {
        match self.fields.text(name) {
            "" => self.asked(name),
            typed => typed,
        }
    }

    /// What stands around the page.
    pub(crate) fn frame(&self, here: &'static str, title: &str) -> Frame {
        let mut frame = Frame::new(&self.app, self.t, Some(&self.visitor), here, title);
        let path = if self.is_post {
            here
        } else {
            self.path.as_str()
        };
        let (tag, _) = self.t.other();
        let mut address = format!("{path}?language={tag}");
        if !self.is_post {
            for (name, value) in self.query.iter().filter(|(name, _)| *name != "language") {
                address.push_str(&format!("&{}={}", escape(name), escape(value)));
            }
        }
        frame.switch = Switch::Link(address);
        frame
    }

    /// The answer; a refusal becomes a page that says so.
    pub(crate) async fn answer(&self, page: impl Future<Output = Page>) -> Response {
        let mut response = match page.await {
            Ok(response) => response,
            Err(refusal) => self.refused(refusal),
        };
        // Chosen once, kept: the cookie goes with the page that showed the choice.
        if !self.asked("language").is_empty() {
            let cookie = (super::LANGUAGE_COOKIE, 365 * 24 * 3600);
            let cookie = set_cookie(cookie.0, self.t.tag(), cookie.1, self.app.https);
            if let Some(cookie) = cookie {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
        }
        response
    }

    fn refused(&self, refusal: Refusal) -> Response {
        let said = words::refusal(self.t, &refusal);
        let problem = Problem::from(refusal);
        super::said(&self.app, self.t, Some(&self.visitor), problem, said)
    }

    /// The name of the place of a path, in the language of the page; the path itself if it is gone.
    pub(crate) async fn place_name(&self, path: &str) -> Result<String, Refusal> {
        let row = self.issuer().place_of(path).await?;
        Ok(row.map_or_else(
            || path.to_owned(),
            |row| self.t.say(&row.name, &row.name_en).to_owned(),
        ))
    }
}

/// An identifier out of an address.
pub(crate) fn id(text: &str, of: &'static str) -> Result<Id, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound(of))
}

/// For an address: everything but letters, digits and `-._~` as `%41`.
pub(crate) fn escape(text: &str) -> String {
    use std::fmt::Write as _;
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}
