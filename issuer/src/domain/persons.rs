//! People: found, never merged silently.

use intake::record::Person;

use super::{Issuer, Refusal};
use crate::{actor::Actor, id::Id, place::Place, store::PersonRow};

/// Somebody who looks like the one at the desk.
#[derive(Debug, Clone)]
pub struct Alike {
    /// Who.
    pub person: PersonRow,
    /// Why.
    pub why: Likeness,
}

/// Why two people may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The same document, birth date and name.
    Same,
    /// The same document, and something else differs.
    Document,
    /// The same birth date and a name alike.
    Name,
}

/// What to look for; at least one of them.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// A document's number, of any kind, or an UVCI.
    pub number: Option<String>,
    /// Words of the name, with or without marks.
    pub name: Option<String>,
    /// Birth, as 1998-02-26, 1998-02 or 1998.
    pub birth: Option<String>,
    /// People after this one.
    pub after: Option<Id>,
}

impl Issuer {
    /// People by what is known of them. By a document's number together with the birth date the whole
    /// country is searched; else those that the actor's place has to do with.
    pub async fn find(&self, actor: &Actor, search: &Search) -> Result<Vec<PersonRow>, Refusal> {
        let _ = (actor, search);
        todo!()
    }

    /// One person with what is recorded of them, if the actor may see it.
    pub async fn person(&self, actor: &Actor, id: Id) -> Result<PersonRow, Refusal> {
        let _ = (actor, id);
        todo!()
    }

    /// Who looks like this one.
    pub async fn alike(&self, actor: &Actor, person: &Person) -> Result<Vec<Alike>, Refusal> {
        let _ = (actor, person);
        todo!()
    }

    /// Adds a person without an event, as for a sample tube.
    pub async fn add_person(
        &self,
        actor: &Actor,
        site: &Place,
        person: &Person,
    ) -> Result<Id, Refusal> {
        let _ = (actor, site, person);
        todo!()
    }
}
