//! What stands around every page.

use service::language::Tongue;

use super::words;
use crate::{
    http::{App, access::Visitor},
    roles::Role,
};

/// How the language is switched on a page.
#[derive(Debug, Clone)]
pub(crate) enum Switch {
    /// The same page again.
    Link(String),
    /// The form `work` is sent to the address, so that nothing typed is lost.
    Form(&'static str),
}

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
    /// How the language is switched.
    pub(crate) switch: Switch,
}

use Role::{Administrator, Auditor, Authority, Clerk, Officer};

/// The entries of the navigation: address, names, and whose they are.
type Entry = (&'static str, (&'static str, &'static str), &'static [Role]);

/// What people work with, in the order of the work.
const WORK: &[Entry] = &[
    (
        "/desk",
        ("Hôm nay", "Today"),
        &[Clerk, Officer, Authority, Administrator, Auditor],
    ),
    (
        "/desk/find",
        ("Tìm, quét", "Find, scan"),
        &[Clerk, Officer, Authority, Auditor],
    ),
    ("/desk/sent-back", ("Trả lại", "Sent back"), &[Clerk]),
    ("/desk/approve", ("Duyệt", "Approve"), &[Officer]),
    ("/desk/certify", ("Chứng nhận", "Certify"), &[Authority]),
    (
        "/desk/certificates",
        ("Đã cấp", "Certificates"),
        &[Clerk, Officer, Authority, Auditor],
    ),
    ("/desk/tubes", ("Ống mẫu", "Tubes"), &[Clerk, Officer]),
    (
        "/desk/jobs",
        ("Cấp hàng loạt", "Bulk"),
        &[Clerk, Officer, Authority],
    ),
    (
        "/desk/complaints",
        ("Phản ánh", "Complaints"),
        &[Clerk, Officer, Authority],
    ),
    (
        "/desk/lots",
        ("Lô vắc xin", "Lots"),
        &[Officer, Administrator],
    ),
    (
        "/desk/alarms",
        ("Cảnh báo", "Alarms"),
        &[Officer, Authority, Administrator, Auditor],
    ),
];

/// What is looked after now and then.
const HOUSE: &[Entry] = &[
    (
        "/desk/places",
        ("Địa điểm", "Places"),
        &[Authority, Administrator, Auditor],
    ),
    (
        "/desk/people",
        ("Nhân viên", "Staff"),
        &[Administrator, Auditor],
    ),
    (
        "/desk/programs",
        ("Chương trình", "Programs"),
        &[Administrator, Auditor],
    ),
    (
        "/desk/value-sets",
        ("Danh mục", "Value sets"),
        &[Administrator, Authority, Auditor],
    ),
    (
        "/desk/keys",
        ("Khóa ký", "Keys"),
        &[Authority, Administrator, Auditor],
    ),
    ("/desk/audit", ("Nhật ký", "Audit log"), &[Auditor]),
    (
        "/desk/settings",
        ("Thiết lập", "Settings"),
        &[Authority, Administrator, Auditor],
    ),
];

impl Frame {
    pub(crate) fn new(
        app: &App,
        t: Tongue,
        visitor: Option<&Visitor>,
        here: &'static str,
        title: &str,
    ) -> Frame {
        let (tag, _) = t.other();
        let path = match (here, visitor) {
            ("", None) => "/sign-in",
            ("", Some(_)) => "/desk",
            (here, _) => here,
        };
        Frame {
            t,
            title: title.to_owned(),
            authority: app.issuer.settings.authority.as_str().to_owned(),
            is_test: app.issuer.settings.specimen,
            here,
            visitor: visitor.cloned(),
            switch: Switch::Link(format!("{path}?language={tag}")),
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

    pub(crate) fn is_clerk(&self) -> bool {
        self.is(Clerk)
    }

    pub(crate) fn is_authority(&self) -> bool {
        self.is(Authority)
    }

    pub(crate) fn is_administrator(&self) -> bool {
        self.is(Administrator)
    }

    /// Who may mend what was issued: whoever records, approves or certifies.
    pub(crate) fn may_work(&self) -> bool {
        [Clerk, Officer, Authority]
            .into_iter()
            .any(|role| self.is(role))
    }

    /// Where a link leads that switches the language.
    pub(crate) fn switch_link(&self) -> Option<&str> {
        match &self.switch {
            Switch::Link(address) => Some(address),
            Switch::Form(_) => None,
        }
    }

    /// Where the form `work` is sent to in the other language.
    pub(crate) fn switch_form(&self) -> Option<&'static str> {
        match self.switch {
            Switch::Link(_) => None,
            Switch::Form(path) => Some(path),
        }
    }

    /// An address that an identifier is part of.
    pub(crate) fn path(&self, before: &str, id: &impl std::fmt::Display, after: &str) -> String {
        format!("{before}{id}{after}")
    }

    /// The roles of who signed in, in words.
    pub(crate) fn roles(&self) -> String {
        let visitor = self.visitor.as_ref();
        visitor.map_or_else(String::new, |visitor| {
            words::roles(self.t, &visitor.actor.roles.to_string())
        })
    }

    fn entries(&self, entries: &[Entry]) -> Vec<(&'static str, &'static str, bool)> {
        entries
            .iter()
            .filter(|(_, _, roles)| roles.iter().any(|role| self.is(*role)))
            .map(|(address, (vi, en), _)| {
                let name = match self.t.language() {
                    service::language::Language::Vi => *vi,
                    service::language::Language::En => *en,
                };
                (*address, name, *address == self.here)
            })
            .collect()
    }

    /// The pages of the daily work that these roles may open: address, name, and whether one is there.
    pub(crate) fn work(&self) -> Vec<(&'static str, &'static str, bool)> {
        self.entries(WORK)
    }

    /// The pages of what is looked after now and then.
    pub(crate) fn house(&self) -> Vec<(&'static str, &'static str, bool)> {
        self.entries(HOUSE)
    }

    /// The state of something, in words.
    pub(crate) fn state(&self, word: &str) -> &'static str {
        words::state(self.t, word)
    }

    /// The colour of a state.
    pub(crate) fn tone(&self, word: &str) -> &'static str {
        words::tone(word)
    }

    /// The name of a level of places.
    pub(crate) fn level(&self, word: &str) -> &'static str {
        words::level(self.t, word)
    }

    /// The name of a kind of event.
    pub(crate) fn kind(&self, word: &str) -> &'static str {
        words::kind(self.t, word)
    }

    /// A person's name without the `user:` before it.
    pub(crate) fn who<'a>(&self, name: &'a str) -> &'a str {
        words::who(self.t, name)
    }
}
