//! The alarm page: what somebody has to look at.

use super::{Issuer, Refusal};
use crate::{actor::Actor, id::Id, store::AlarmRow};

/// What is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmKind {
    /// A limit was reached, and issuing refused.
    Limit,
    /// Issued at night.
    Night,
    /// One clerk far above the others of the site.
    ClerkAbove,
    /// Many certificates for one person.
    PersonMany,
    /// A burst from one program's key.
    ClientBurst,
    /// A certificate that its own verification refused: nobody got it.
    NotVerified,
    /// A picture that an independent reader could not read back: nobody got it.
    NotReadable,
    /// The trust list could not be told for an hour.
    TrustList,
    /// A signing key ends soon and nothing comes after it.
    KeyDue,
}

impl AlarmKind {
    /// All of them.
    pub const ALL: [AlarmKind; 9] = [
        AlarmKind::Limit,
        AlarmKind::Night,
        AlarmKind::ClerkAbove,
        AlarmKind::PersonMany,
        AlarmKind::ClientBurst,
        AlarmKind::NotVerified,
        AlarmKind::NotReadable,
        AlarmKind::TrustList,
        AlarmKind::KeyDue,
    ];

    /// The word in the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            AlarmKind::Limit => "limit",
            AlarmKind::Night => "night",
            AlarmKind::ClerkAbove => "clerk_above",
            AlarmKind::PersonMany => "person_many",
            AlarmKind::ClientBurst => "client_burst",
            AlarmKind::NotVerified => "not_verified",
            AlarmKind::NotReadable => "not_readable",
            AlarmKind::TrustList => "trust_list",
            AlarmKind::KeyDue => "key_due",
        }
    }
}

impl Issuer {
    /// Alarms of the actor's place, those not seen first, newest first.
    pub async fn alarms(&self, actor: &Actor, only_open: bool) -> Result<Vec<AlarmRow>, Refusal> {
        let _ = (actor, only_open);
        todo!()
    }

    /// Somebody has looked at it, and says what it was.
    pub async fn see_alarm(&self, actor: &Actor, id: Id, note: &str) -> Result<(), Refusal> {
        let _ = (actor, id, note);
        todo!()
    }
}
