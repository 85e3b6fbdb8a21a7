//! Recording, and issuing in one go: one report or thousands, each batch in one transaction.

mod facts;
mod look;
mod piece;
mod plan;
mod revise;
mod sign;
mod sites;
mod subjects;
mod write;
mod writer;

use intake::{finding::Finding, record::Record};

use super::{Issuer, Refusal};
use crate::{actor::Actor, id::Id, place::Place, store::StoreError};

pub(crate) use piece::Piece;
pub(super) use sign::{ToApprove, ToCertify, ToSign, certificate_row};
pub(super) use sites::SiteKeys;
pub(super) use subjects::is_same;
pub(super) use write::audit;
pub(super) use writer::Writer;

/// How far a record is taken at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Upto {
    /// It waits for the site's officer.
    Recorded,
    /// It waits for the authority.
    Approved,
    /// The certificate exists.
    Certified,
}

/// Of whom a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Somebody who was found and chosen.
    Known(Id),
    /// Whoever has the same document, birth date and name; else somebody new.
    Same,
    /// Somebody new, whoever else may look alike.
    New,
}

/// One report that is to become a record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Person and event, read and right.
    pub record: Record,
    /// Of whom.
    pub whom: Whom,
    /// Where it happened and is answered for.
    pub site: Place,
    /// How far to go.
    pub upto: Upto,
    /// `desk`, `api` or `bulk`.
    pub source: &'static str,
    /// The person at the desk has seen the warnings and says that it is so.
    pub confirmed: bool,
    /// What a repeated request is told by.
    pub once: Option<Once>,
    /// The sender's key of a row: what was accepted under it at this site is not made again.
    pub row_key: Option<String>,
    /// The row of a job whose outcome is noted with it, in the same transaction.
    pub row: Option<(Id, i64)>,
}

/// A request that may come twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Whose keys: `client:NAME` or `user:NAME`.
    pub scope: String,
    /// The Idempotency-Key, 1 to 255 visible characters.
    pub key: String,
    /// SHA-256 of the request.
    pub digest: [u8; 32],
}

/// What came of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The record.
    pub record: Id,
    /// The person.
    pub person: Id,
    /// The certificate, if it went that far.
    pub certificate: Option<Id>,
    /// Whether this call made it; else it was there, made by the same request before.
    pub new: bool,
}

/// What the desk shows before anything is recorded.
#[derive(Debug, Clone)]
pub struct Looked {
    /// Errors, warnings, notes: of the event, with what is known of the person's other doses, the
    /// site's lots, the day.
    pub findings: Vec<Finding>,
    /// People who look like this one.
    pub alike: Vec<super::persons::Alike>,
    /// The same event, if it is recorded already.
    pub recorded: Option<Id>,
}

impl Upto {
    /// The word in the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Upto::Recorded => "recorded",
            Upto::Approved => "approved",
            Upto::Certified => "certified",
        }
    }

    /// The step of a word.
    pub fn of(name: &str) -> Option<Upto> {
        let all = [Upto::Recorded, Upto::Approved, Upto::Certified];
        all.into_iter().find(|upto| upto.name() == name)
    }
}

/// How often a batch is tried again when others were quicker, or the database chose it to give way.
const TRIES: u32 = 12;

/// One report on its way, with who makes it.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) actor: &'a Actor,
    pub(super) entry: &'a Entry,
}

impl Issuer {
    /// Takes one report. It shares a transaction with others that come at the same moment, and is
    /// durable when this returns.
    pub async fn take(&self, actor: &Actor, entry: Entry) -> Result<Made, Refusal> {
        self.writer.take(self.me()?, actor.clone(), entry).await
    }

    /// Takes many reports in one transaction, each with its own outcome. Either all that have none
    /// against them are there, or (on an error of the database) nothing is.
    pub async fn take_all(
        &self,
        actor: &Actor,
        entries: Vec<Entry>,
    ) -> Result<Vec<Result<Made, Refusal>>, Refusal> {
        let asked: Vec<Asked<'_>> = entries.iter().map(|entry| Asked { actor, entry }).collect();
        self.take_batch(&asked, None).await
    }

    /// Takes the rows of a piece of bulk work, which ends in the same transaction.
    /// [`Refusal::Changed`] if it is in other hands by now: then nothing is made.
    pub(crate) async fn take_piece(
        &self,
        actor: &Actor,
        entries: Vec<Entry>,
        piece: Piece<'_>,
    ) -> Result<(), Refusal> {
        let asked: Vec<Asked<'_>> = entries.iter().map(|entry| Asked { actor, entry }).collect();
        self.take_batch(&asked, Some(piece)).await.map(drop)
    }

    /// One batch: looked up, signed, and written if nothing that it rests on has changed meanwhile;
    /// else all of it again.
    async fn take_batch(
        &self,
        asked: &[Asked<'_>],
        piece: Option<Piece<'_>>,
    ) -> Result<Vec<Result<Made, Refusal>>, Refusal> {
        let mut tries = 0;
        loop {
            let now = self.clock.now();
            let plan = self.plan(asked, now).await?;
            let signed = self.sign_plan(plan).await?;
            match self.write(asked, piece, signed, now).await {
                Ok(Some(outcomes)) => return Ok(outcomes),
                Ok(None) if tries < TRIES => {}
                Ok(None) => return Err(Refusal::Changed),
                Err(Refusal::Store(error)) if goes_on(&error, &mut tries).await => continue,
                Err(error) => return Err(error),
            }
            tries += 1;
            pause(tries).await;
        }
    }
}

/// Whether what failed is to be tried again; waits a little before it says so.
pub(super) async fn goes_on(error: &StoreError, tries: &mut u32) -> bool {
    if *tries >= TRIES || !gives_way(error) {
        return false;
    }
    *tries += 1;
    pause(*tries).await;
    true
}

/// Waits a little, and not as long as the one that came in the way.
async fn pause(tries: u32) {
    let random = service::random::bytes::<1>().map_or(0, |bytes| u64::from(bytes[0] % 8));
    tokio::time::sleep(std::time::Duration::from_millis(random * u64::from(tries))).await;
}

/// Whether a transaction only came in the way of another one, and may succeed when it is tried again.
fn gives_way(error: &StoreError) -> bool {
    match error {
        // Somebody else added the same at the same moment: the next look finds it.
        StoreError::Exists => true,
        StoreError::Failed(error) => {
            let code = error.as_database_error().and_then(|error| error.code());
            // PostgreSQL: serialization failure, deadlock.
            matches!(code.as_deref(), Some("40001" | "40P01"))
        }
        _ => false,
    }
}
