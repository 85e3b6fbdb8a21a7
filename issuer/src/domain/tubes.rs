//! Sample tubes, also pooled ones: the result reaches everyone in the pool.

use intake::{
    draft::Draft,
    field::Field,
    finding::{Finding, Problem},
    record::{Event, Record, Tube},
};
use serde_json::json;

use super::{
    Issuer, Refusal, content,
    desk::{Entry, Made, Once, Upto, Whom},
};
use crate::{
    actor::Actor,
    id::Id,
    place::Place,
    roles::Role,
    store::{PersonRow, StoreError, TubeRow},
};

/// The most samples in one tube: beyond it no laboratory finds one positive among them.
pub const MOST: usize = 20;
/// Tubes that a page shows.
const PAGE: i64 = 500;
/// What a tube says of its test.
const CONTENT: [Field; 4] = [
    Field::Disease,
    Field::TestType,
    Field::TestName,
    Field::TestDevice,
];

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

impl Found {
    /// The word in the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Found::Negative => "negative",
            Found::Positive => "positive",
            Found::Spoiled => "spoiled",
        }
    }

    /// The finding of a word.
    pub fn of(name: &str) -> Option<Found> {
        let all = [Found::Negative, Found::Positive, Found::Spoiled];
        all.into_iter().find(|found| found.name() == name)
    }
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
        content: &[(Field, String)],
    ) -> Result<(), Refusal> {
        clerk(actor)?;
        let code = tube(code)?;
        let mut draft = Draft::default();
        for (field, text) in content {
            if !CONTENT.contains(field) {
                let finding = Finding::new(*field, Problem::TwoKinds);
                return Err(Refusal::Findings(vec![finding]));
            }
            draft.set(*field, text.as_str());
        }
        draft.set(Field::SampledAt, sampled_at);
        let test = self.event_of(&draft)?;
        if test.sampled_at().unix_seconds() > self.clock.now().unix() + 300 {
            let why =
                "the sample was taken in the future: look at the time, and at this machine's clock";
            return Err(Refusal::Asked(why.into()));
        }
        let content: serde_json::Map<_, _> = CONTENT
            .iter()
            .filter_map(|field| Some((field.id().into(), draft.get(*field)?.into())))
            .collect();
        let now = self.clock.now();
        let row = TubeRow {
            code: code.as_str().to_owned(),
            site: site.to_string(),
            sampled_at: test.sampled_at().to_rfc3339(),
            content: serde_json::Value::Object(content).to_string(),
            state: "open".into(),
            created_at: now.unix(),
            created_by: actor.name.clone(),
            read_at: None,
            read_by: None,
        };
        let mut tx = self.store.write().await?;
        let place = tx.places_by_path(&[&row.site]).await?.pop();
        let takes = place.is_some_and(|place| place.level == "site" && !place.disabled);
        if !takes || !actor.sees(site) {
            return Err(Refusal::NotFound("site"));
        }
        match tx.add_tube(&row).await {
            Err(StoreError::Exists) => return Err(Refusal::Exists(format!("tube {}", row.code))),
            other => other?,
        }
        let subject = format!("tube:{}", row.code);
        let detail = json!({ "site": row.site });
        tx.audit(now, &actor.name, "tube.open", &subject, &detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Puts somebody's sample into an open tube. Somebody of any site, whom the actor has found: there
    /// is no other way to their identifier.
    pub async fn add_to_tube(&self, actor: &Actor, code: &str, person: Id) -> Result<(), Refusal> {
        clerk(actor)?;
        let code = tube(code)?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let open = tx.take_tube(code.as_str()).await?;
        let row = seen(tx.tube(code.as_str()).await?, actor)?;
        if !open {
            return Err(read_already(row.state));
        }
        let found = tx.person(person).await?;
        if found.is_none_or(|person| person.erased_at.is_some()) {
            return Err(Refusal::NotFound("person"));
        }
        if tx.add_to_tube(&row.code, person).await? {
            if tx.people_in_tube(&row.code).await?.len() > MOST {
                let why =
                    format!("the tube holds {MOST} samples, and no more go in: open another one");
                return Err(Refusal::Asked(why));
            }
            let subject = format!("tube:{}", row.code);
            let detail = json!({ "person": person.to_string() });
            tx.audit(now, &actor.name, "tube.add", &subject, &detail)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// A tube with the people in it. After a positive pool they are the ones to test again.
    pub async fn tube(&self, actor: &Actor, code: &str) -> Result<(TubeRow, Vec<Id>), Refusal> {
        let code = tube(code)?;
        let mut tx = self.store.read().await?;
        let row = seen(tx.tube(code.as_str()).await?, actor)?;
        let people = tx.people_in_tube(&row.code).await?;
        Ok((row, people))
    }

    /// The tubes of a site, newest first.
    pub async fn tubes(&self, actor: &Actor, site: &Place) -> Result<Vec<TubeRow>, Refusal> {
        if !actor.sees(site) {
            return Err(Refusal::NotFound("site"));
        }
        let mut tx = self.store.read().await?;
        Ok(tx.tubes_of(site.as_str(), PAGE).await?)
    }

    /// The laboratory's result: a test record for everyone it decides, in one transaction. The same result
    /// again changes nothing; another one is refused, for there are certificates of the first.
    ///
    /// The result closes the tube first, in a transaction of its own, so that nobody is added any more.
    /// If the machine stops before the records are there, the same result once more makes them.
    pub async fn read_tube(
        &self,
        actor: &Actor,
        code: &str,
        found: Found,
    ) -> Result<Vec<Result<Made, Refusal>>, Refusal> {
        clerk(actor)?;
        let code = tube(code)?;
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let row = seen(tx.tube(code.as_str()).await?, actor)?;
        let by = (now.unix(), actor.name.as_str());
        if tx.close_tube(&row.code, found.name(), by).await? {
            if tx.people_in_tube(&row.code).await?.is_empty() {
                let why = "nobody's sample is in this tube: add the people first";
                return Err(Refusal::Asked(why.into()));
            }
            let subject = format!("tube:{}", row.code);
            let detail = json!({ "result": found.name() });
            tx.audit(now, &actor.name, "tube.read", &subject, &detail)
                .await?;
        } else {
            // Somebody may have read it between the two statements.
            let row = seen(tx.tube(code.as_str()).await?, actor)?;
            if row.state != found.name() {
                return Err(read_already(row.state));
            }
        }
        let ids = tx.people_in_tube(&row.code).await?;
        let mut people = tx.persons(&ids).await?;
        people.retain(|person| person.erased_at.is_none());
        let site = tx.places_by_path(&[&row.site]).await?.pop();
        let one_step = site.is_some_and(|site| site.one_step);
        tx.commit().await?;
        let decided = match found {
            Found::Negative => true,
            Found::Positive => ids.len() == 1,
            Found::Spoiled => false,
        };
        if !decided {
            return Ok(Vec::new());
        }
        let upto = match self.settings.one_step || one_step {
            true => Upto::Certified,
            false => Upto::Recorded,
        };
        // One whose data can't be read any more keeps nobody else from a result.
        let mut outcomes = Vec::with_capacity(people.len());
        let mut entries = Vec::with_capacity(people.len());
        for person in &people {
            match self.entry(&row, person, found, upto) {
                Ok(entry) => {
                    entries.push(entry);
                    outcomes.push(None);
                }
                Err(why) => outcomes.push(Some(Err(why))),
            }
        }
        let mut taken = self.take_all(actor, entries).await?.into_iter();
        let filled = outcomes.into_iter();
        Ok(filled
            .filter_map(|known| known.or_else(|| taken.next()))
            .collect())
    }

    /// What becomes of one person's sample.
    fn entry(
        &self,
        tube: &TubeRow,
        person: &PersonRow,
        found: Found,
        upto: Upto,
    ) -> Result<Entry, Refusal> {
        let broken = || StoreError::Content(format!("the tube {}", tube.code));
        let site: Place = tube.site.parse().map_err(|_| broken())?;
        let mut draft = content::draft(person, &tube.content)?;
        draft.set(Field::SampledAt, tube.sampled_at.clone());
        draft.set(Field::Tube, tube.code.clone());
        draft.set(Field::Site, site.code().to_owned());
        draft.set(
            Field::Result,
            match found {
                Found::Positive => POSITIVE,
                _ => NEGATIVE,
            },
        );
        let record = self.read_draft(&draft)?;
        let mut digest = [0; 32];
        for (place, byte) in digest.iter_mut().zip(found.name().bytes()) {
            *place = byte;
        }
        Ok(Entry {
            record,
            whom: Whom::Known(person.id),
            site,
            upto,
            source: "desk",
            // What a laboratory found is so, however unusual the person's other events are.
            confirmed: true,
            once: Some(Once {
                scope: format!("tube:{}", tube.code),
                key: person.id.to_string(),
                digest,
            }),
            row_key: None,
            row: None,
        })
    }

    /// The test of a draft without person and result.
    fn event_of(&self, draft: &Draft<'_>) -> Result<intake::record::Test, Refusal> {
        let mut draft = draft.clone();
        // A tube's fields are read as a draft's are, and a draft has a person.
        draft.set(Field::FamilyName, "A");
        draft.set(Field::GivenNames, "B");
        draft.set(Field::BirthDate, "1990");
        draft.set(Field::Result, NEGATIVE);
        match self.read_draft(&draft)?.event {
            Event::Test(test) => Ok(test),
            _ => Err(Refusal::Findings(vec![Finding::new(
                Field::Kind,
                Problem::TwoKinds,
            )])),
        }
    }

    fn read_draft(&self, draft: &Draft<'_>) -> Result<Record, Refusal> {
        let catalogue = self.catalogues.current();
        let read = draft.read(&self.reading(&catalogue)?);
        Ok(read.map_err(Refusal::Findings)?.record)
    }
}

/// SNOMED CT: not detected, detected.
const NEGATIVE: &str = "260415000";
const POSITIVE: &str = "260373001";

fn clerk(actor: &Actor) -> Result<(), Refusal> {
    match actor.is(Role::Clerk) {
        true => Ok(()),
        false => Err(Refusal::Role("clerk")),
    }
}

fn tube(code: &str) -> Result<Tube, Refusal> {
    let wrong = |problem| Refusal::Findings(vec![Finding::new(Field::Tube, problem)]);
    Tube::new(code).map_err(wrong)
}

fn seen(row: Option<TubeRow>, actor: &Actor) -> Result<TubeRow, Refusal> {
    row.filter(|row| row.site.parse().is_ok_and(|place| actor.sees(&place)))
        .ok_or(Refusal::NotFound("tube"))
}

fn read_already(state: String) -> Refusal {
    Refusal::State {
        state,
        why: "its result is known; take another sample into another tube",
    }
}
