//! What a site reports, in types that cannot hold a wrong value.
//!
//! A [`Record`] is one person and one event. It is read from a [`Draft`](crate::draft::Draft) of
//! texts; whether it can be *true* is the work of [`plausibility`](crate::plausibility). `Debug` of
//! everything that names a person shows nothing of it.

mod convert;
mod document;
mod dose;
mod event;
mod name;
mod person;
mod province;
mod text;

pub use convert::{Issuer, to_dcc};
pub use document::{Bhyt, Cccd, CccdError, Cmnd, Passport};
pub use dose::Dose;
pub use event::{Event, Recovery, RecoveryOrder, Test, TestLacks, Vaccination};
pub use name::Name;
pub use person::{Documents, Person, Sex};
pub use province::{Province, province};
pub use text::{Line, Lot, Site, Tube};

use core::fmt;

/// One person and one event.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// The person.
    pub person: Person,
    /// What happened.
    pub event: Event,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({})", self.event.id())
    }
}
