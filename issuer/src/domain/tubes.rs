//! Sample tubes, also pooled ones: the result reaches everyone in the pool.

use super::{Issuer, Refusal, desk::Made};
use crate::{actor::Actor, id::Id, place::Place, store::TubeRow};

/// What a laboratory found in a tube.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing: everyone in it gets a negative result.
    Negative,
    /// Something: one person in it gets a positive result; of several, each has to be tested alone.
    Positive,
    /// It could not be tested: everyone in it has to give another sample.
    Spoiled,
}

impl Issuer {
    /// Opens a tube. `content` are the fields of the test as in a draft (`test_type`, `test_name` or
    /// `test_device`, `disease`), `sampled_at` as people or RFC 3339 write it.
    pub async fn open_tube(
        &self,
        actor: &Actor,
        site: &Place,
        code: &str,
        sampled_at: &str,
        content: &[(intake::field::Field, String)],
    ) -> Result<(), Refusal> {
        let _ = (actor, site, code, sampled_at, content);
        todo!()
    }

    /// Puts somebody's sample into an open tube.
    pub async fn add_to_tube(&self, actor: &Actor, code: &str, person: Id) -> Result<(), Refusal> {
        let _ = (actor, code, person);
        todo!()
    }

    /// A tube with the people in it.
    pub async fn tube(&self, actor: &Actor, code: &str) -> Result<(TubeRow, Vec<Id>), Refusal> {
        let _ = (actor, code);
        todo!()
    }

    /// The tubes of a site, newest first.
    pub async fn tubes(&self, actor: &Actor, site: &Place) -> Result<Vec<TubeRow>, Refusal> {
        let _ = (actor, site);
        todo!()
    }

    /// The laboratory's result: a test record for everyone it decides, in one transaction. The same result
    /// again changes nothing.
    pub async fn read_tube(
        &self,
        actor: &Actor,
        code: &str,
        found: Found,
    ) -> Result<Vec<Result<Made, Refusal>>, Refusal> {
        let _ = (actor, code, found);
        todo!()
    }
}
