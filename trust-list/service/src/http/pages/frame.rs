//! What stands around every page.

use service::people::sessions::Session;

use super::Tongue;
use crate::{
    http::App,
    people::roles::{Role, Roles},
};

/// What stands around every page: where one is, who one is, where one can go.
pub(crate) struct Frame {
    /// The language.
    pub(crate) t: Tongue,
    /// The page's title.
    pub(crate) title: String,
    /// Who publishes, by the root.
    pub(crate) publisher: String,
    /// Not production: said on every page.
    pub(crate) is_test: bool,
    /// Who signed in.
    pub(crate) user: Option<String>,
    pub(crate) roles: Roles,
    /// Which entry of the navigation one is at.
    pub(crate) here: &'static str,
    session: Option<Session>,
}

impl Frame {
    pub(crate) fn new(
        app: &App,
        t: Tongue,
        session: Option<&Session>,
        here: &'static str,
        title: &str,
    ) -> Frame {
        let root = app.publisher.roots().current();
        Frame {
            t,
            title: title.to_owned(),
            publisher: root.name().to_owned(),
            is_test: root.environment() == trust_list::environment::Environment::Test,
            user: session.map(|session| session.name.clone()),
            roles: session.map(|session| session.roles()).unwrap_or_default(),
            here,
            session: session.cloned(),
        }
    }

    /// The token of a form of this session.
    pub(crate) fn token(&self, action: &str) -> String {
        let session = self.session.as_ref();
        session.map_or_else(String::new, |session| session.form_token(action))
    }

    pub(crate) fn may_operate(&self) -> bool {
        self.roles.has(Role::Operator)
    }

    pub(crate) fn may_publish(&self) -> bool {
        self.roles.has(Role::Publisher)
    }

    pub(crate) fn may_administer(&self) -> bool {
        self.roles.has(Role::Administrator)
    }

    pub(crate) fn may_audit(&self) -> bool {
        self.roles.has(Role::Auditor)
    }

    /// The pages that these roles may open: address, name, and whether one is there.
    pub(crate) fn places(&self) -> Vec<(&'static str, &'static str, bool)> {
        let t = self.t;
        let mut places = vec![
            ("/desk", t.say("Tổng quan", "Overview")),
            ("/desk/keys", t.say("Khóa", "Keys")),
            ("/desk/revocations", t.say("Thu hồi", "Revocations")),
            ("/desk/documents", t.say("Quy tắc", "Documents")),
            ("/desk/publish", t.say("Công bố", "Publish")),
        ];
        if self.may_administer() || self.may_audit() {
            places.push(("/desk/users", t.say("Người dùng", "Users")));
        }
        if self.may_audit() {
            places.push(("/desk/audit", t.say("Nhật ký", "Audit")));
        }
        let places = places.into_iter();
        places
            .map(|(address, name)| (address, name, address == self.here))
            .collect()
    }
}
