//! People: found, never merged silently.

use hcert::{
    date::PartialDate,
    name::{self, Transliteration},
};
use intake::record::Person;
use serde_json::json;

use super::{Issuer, Refusal, content, desk};
use crate::{
    actor::Actor,
    id::Id,
    place::Place,
    roles::Role,
    store::{CertificateRow, Numbers, PersonRow, RecordRow, Tx, Within},
};

/// The most people that are found at once.
const PAGE: i64 = 50;
/// The most people of one birth date that are compared by name.
const ALIKE: i64 = 500;

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
    /// country is searched; else those that the actor's place has to do with. At most 50, in the order
    /// of their identifiers.
    pub async fn find(&self, actor: &Actor, search: &Search) -> Result<Vec<PersonRow>, Refusal> {
        let text = |text: &Option<String>| {
            text.as_deref()
                .map(str::trim)
                .unwrap_or_default()
                .to_owned()
        };
        let (number, name, birth) = (
            text(&search.number),
            text(&search.name),
            text(&search.birth),
        );
        if number.is_empty() && name.is_empty() && birth.is_empty() {
            return Err(Refusal::Asked(
                "give a number, a name or a birth date".into(),
            ));
        }
        let birth = match birth.as_str() {
            "" => String::new(),
            typed => PartialDate::parse_typed(typed)
                .map_err(|error| Refusal::Asked(format!("the birth date: {error}")))?
                .to_string(),
        };
        let mut tx = self.store.read().await?;
        if !number.is_empty() {
            let mut found = self.by_number(&mut tx, actor, &number, &birth).await?;
            found.retain(|row| {
                is_born(row, &birth) && search.after.is_none_or(|after| row.id > after)
            });
            found.truncate(usize::try_from(PAGE).unwrap_or_default());
            return Ok(found);
        }
        let words = Transliteration::Icao.apply_lossy(&name);
        let mut words = words.tokens();
        let mut next = || words.next().unwrap_or_default();
        let words = [next(), next(), next()];
        if !name.is_empty() && words.iter().all(|word| word.is_empty()) {
            return Err(Refusal::Asked("the name has no letters".into()));
        }
        let within = Within::of(&actor.place);
        Ok(tx
            .persons_by_name(&within, words, &birth, search.after, PAGE)
            .await?)
    }

    async fn by_number(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        number: &str,
        birth: &str,
    ) -> Result<Vec<PersonRow>, Refusal> {
        let within = Within::of(&actor.place);
        if number.to_ascii_uppercase().starts_with("URN:UVCI:") {
            let certificate = tx.certificate_by_uvci(number).await?;
            let certificate = certificate.filter(|row| within.holds(&row.site));
            let ids: Vec<Id> = certificate.into_iter().map(|row| row.person).collect();
            return Ok(tx.persons(&ids).await?);
        }
        let compact: String = number
            .chars()
            .filter(|c| c.is_ascii_alphanumeric())
            .collect();
        let compact = compact.to_ascii_uppercase();
        let one = || vec![compact.as_str()];
        let numbers = Numbers {
            cccd: one(),
            cmnd: one(),
            passport: one(),
            bhyt: one(),
        };
        let mut found = tx.persons_by_numbers(&numbers).await?;
        found.retain(|row| row.erased_at.is_none());
        // Who knows both has the person in front of them. A year alone is no birth date.
        let knows_birth = birth.len() >= 10;
        if knows_birth && found.iter().any(|row| row.birth == birth) {
            return Ok(found);
        }
        let ids: Vec<Id> = found.iter().map(|row| row.id).collect();
        Ok(tx.visible_persons(&within, &ids).await?)
    }

    /// One person, if the actor may see them.
    pub async fn person(&self, actor: &Actor, id: Id) -> Result<PersonRow, Refusal> {
        let mut tx = self.store.read().await?;
        self.visible_person(&mut tx, actor, id).await
    }

    /// What is recorded of a person, newest day first: what happened at places the actor sees.
    pub async fn records_of(&self, actor: &Actor, person: Id) -> Result<Vec<RecordRow>, Refusal> {
        let mut tx = self.store.read().await?;
        self.visible_person(&mut tx, actor, person).await?;
        let mut rows = tx.records_of(person).await?;
        let within = Within::of(&actor.place);
        rows.retain(|row| within.holds(&row.site));
        Ok(rows)
    }

    /// The certificates of a person, newest first: those of places the actor sees.
    pub async fn certificates_of(
        &self,
        actor: &Actor,
        person: Id,
    ) -> Result<Vec<CertificateRow>, Refusal> {
        let mut tx = self.store.read().await?;
        self.visible_person(&mut tx, actor, person).await?;
        let mut rows = tx.certificates_of(person).await?;
        let within = Within::of(&actor.place);
        rows.retain(|row| within.holds(&row.site));
        Ok(rows)
    }

    /// Who looks like this one.
    pub async fn alike(&self, actor: &Actor, person: &Person) -> Result<Vec<Alike>, Refusal> {
        let mut tx = self.store.read().await?;
        self.alike_in(&mut tx, actor, person).await
    }

    /// Adds a person without an event, as for a sample tube.
    pub async fn add_person(
        &self,
        actor: &Actor,
        site: &Place,
        person: &Person,
    ) -> Result<Id, Refusal> {
        if !actor.is(Role::Clerk) {
            return Err(Refusal::Role("clerk"));
        }
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let place = tx.places_by_path(&[site.as_str()]).await?;
        let place = place
            .into_iter()
            .find(|row| row.level == "site" && !row.disabled);
        if place.is_none() || !actor.sees(site) {
            return Err(Refusal::NotFound("site"));
        }
        let row = content::row_of(person, Id::new(now)?, site.as_str(), &actor.name, now);
        tx.add_persons(&[&row]).await?;
        let subject = format!("person:{}", row.id);
        let detail = json!({ "site": site.as_str() });
        tx.audit(now, &actor.name, "person.add", &subject, &detail)
            .await?;
        tx.commit().await?;
        Ok(row.id)
    }

    /// A person whom the actor's place has to do with.
    pub(super) async fn visible_person(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: Id,
    ) -> Result<PersonRow, Refusal> {
        let found = tx.visible_persons(&Within::of(&actor.place), &[id]).await?;
        found.into_iter().next().ok_or(Refusal::NotFound("person"))
    }

    pub(super) async fn alike_in(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        person: &Person,
    ) -> Result<Vec<Alike>, Refusal> {
        let now = self.clock.now();
        let own = content::row_of(person, Id::new(now)?, "", &actor.name, now);
        let numbers = Numbers {
            cccd: own.cccd.as_deref().into_iter().collect(),
            cmnd: own.cmnd.as_deref().into_iter().collect(),
            passport: own.passport.as_deref().into_iter().collect(),
            bhyt: own.bhyt.as_deref().into_iter().collect(),
        };
        let within = Within::of(&actor.place);
        let mut alike = Vec::new();
        if !numbers.is_empty() {
            let mut found = tx.persons_by_numbers(&numbers).await?;
            found.retain(|row| row.erased_at.is_none());
            let ids: Vec<Id> = found.iter().map(|row| row.id).collect();
            let visible = tx.visible_persons(&within, &ids).await?;
            for row in found {
                // Of somebody elsewhere in the country only who knows number and birth learns anything.
                let knows =
                    row.birth == own.birth || visible.iter().any(|other| other.id == row.id);
                let why = if desk::is_same(&row, &own) {
                    Likeness::Same
                } else {
                    Likeness::Document
                };
                if knows {
                    alike.push(Alike { person: row, why });
                }
            }
        }
        let here = compared(&own, person.birth);
        for row in tx.persons_by_birth(&within, &own.birth, ALIKE).await? {
            let known = alike.iter().any(|other| other.person.id == row.id);
            let likeness = name::same_person(&compared(&row, person.birth), &here);
            if !known && likeness != name::Likeness::Different {
                alike.push(Alike {
                    person: row,
                    why: Likeness::Name,
                });
            }
        }
        Ok(alike)
    }
}

/// A row as `hcert` compares people; both have the same birth date.
fn compared(row: &PersonRow, birth: PartialDate) -> name::Person {
    name::Person::new(&row.family_t, &row.given_t, birth)
}

/// Whether the beginning of a birth date is that of the row.
fn is_born(row: &PersonRow, birth: &str) -> bool {
    row.birth.starts_with(birth) || birth.starts_with(&row.birth)
}
