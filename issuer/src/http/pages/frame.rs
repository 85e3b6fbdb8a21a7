//! What stands around every page.

use service::language::Tongue;

use crate::{
    http::{App, access::Visitor},
    roles::Role,
};

/// What stands around every page: where one is, who one is, where one can go.
pub(crate) struct Frame {
    /// The language.
    pub(crate) t: Tongue,
    /// The page's title.
    pub(crate) title: String,
    /// Who issues.
    pub(crate) authority: String,
    /// Development or test keys: said on every page.
    pub(crate) is_test: bool,
    /// Which entry of the navigation one is at.
    pub(crate) here: &'static str,
    /// Who signed in.
    pub(crate) visitor: Option<Visitor>,
}

impl Frame {
    pub(crate) fn new(
        app: &App,
        t: Tongue,
        visitor: Option<&Visitor>,
        here: &'static str,
        title: &str,
    ) -> Frame {
        Frame {
            t,
            title: title.to_owned(),
            authority: app.issuer.settings.authority.as_str().to_owned(),
            is_test: app.issuer.settings.specimen,
            here,
            visitor: visitor.cloned(),
        }
    }

    /// The token of a form of this session.
    pub(crate) fn token(&self, action: &str) -> String {
        let session = self.visitor.as_ref().map(|visitor| &visitor.session);
        session.map_or_else(String::new, |session| session.form_token(action))
    }

    /// Whether who signed in has a role.
    pub(crate) fn is(&self, role: Role) -> bool {
        self.visitor
            .as_ref()
            .is_some_and(|visitor| visitor.actor.is(role))
    }

    /// The pages that these roles may open: address, name, and whether one is there.
    pub(crate) fn places(&self) -> Vec<(&'static str, &'static str, bool)> {
        let t = self.t;
        let places = vec![("/desk", t.say("Hôm nay", "Today"))];
        places
            .into_iter()
            .map(|(address, name)| (address, name, address == self.here))
            .collect()
    }
}
