//! The country's tree, down to sites.

mod sheet;
mod words;

use intake::record::Line;
use keyring::SiteKey;
use serde_json::json;
use service::{people::PeopleError, random};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::{Issuer, Refusal};
use crate::{
    actor::Actor,
    place::{Level, Place},
    roles::Role,
    store::{PlaceRow, StoreError, Tx},
};

/// A place that is added or changed.
#[derive(Debug, Clone)]
pub struct NewPlace {
    /// Its path.
    pub place: Place,
    /// What kind.
    pub level: Level,
    /// Its name in Vietnamese.
    pub name: String,
    /// Its name in English; empty takes the Vietnamese one without marks.
    pub name_en: String,
    /// A site that does all steps at once.
    pub one_step: bool,
}

/// How a spreadsheet of places or people was taken.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// How many were added.
    pub added: usize,
    /// How many were there already, just so.
    pub known: usize,
    /// What is wrong: line, column, what and what to do.
    pub refused: Vec<(u64, String)>,
    /// Names and first passwords of the people who were added; shown once.
    pub passwords: Vec<(String, zeroize::Zeroizing<String>)>,
}

impl Issuer {
    /// The places that the actor sees, in the order of their paths; `within` one of them.
    pub async fn places(&self, actor: &Actor, within: &Place) -> Result<Vec<PlaceRow>, Refusal> {
        if !actor.sees(within) {
            return Err(Refusal::NotFound("place"));
        }
        Ok(self.store.read().await?.places_within(within).await?)
    }

    /// Adds a place below one that is there. A site gets its key in the same moment.
    pub async fn add_place(&self, actor: &Actor, new: &NewPlace) -> Result<(), Refusal> {
        needs(actor, Role::Administrator)?;
        // Only the first of all, the country, has nothing around it.
        let seen = match new.place.parent() {
            Some(parent) => actor.sees(&parent),
            None => actor.place == new.place,
        };
        if !seen {
            return Err(Refusal::NotFound("place"));
        }
        let row = self.new_place(new)?;
        let mut tx = self.store.write().await?;
        if let Some(parent) = new.place.parent() {
            let parent = tx.place(&parent).await?;
            let parent = parent.ok_or(Refusal::NotFound("place above it: add that one first"))?;
            check_level(&parent.level, new.level)?;
        }
        self.put_place(&mut tx, actor, &row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Other names, one step, disabled: the path stays.
    pub async fn change_place(
        &self,
        actor: &Actor,
        new: &NewPlace,
        disabled: bool,
    ) -> Result<(), Refusal> {
        needs(actor, Role::Administrator)?;
        if !actor.sees(&new.place) {
            return Err(Refusal::NotFound("place"));
        }
        let mut tx = self.store.write().await?;
        let old = tx.place(&new.place).await?;
        let mut row = old.ok_or(Refusal::NotFound("place"))?;
        if row.level != new.level.name() {
            let why = format!("it is a {}, and stays one: add another place", row.level);
            return Err(Refusal::Asked(why));
        }
        if disabled && new.place.parent().is_none() {
            return Err(Refusal::Asked("the whole country can't be disabled".into()));
        }
        // Who works at a site does not decide that one pair of eyes is enough there.
        if new.one_step && !row.one_step && actor.place == new.place {
            let why = "that a site does all steps at once is decided above it";
            return Err(Refusal::Asked(why.into()));
        }
        (row.name, row.name_en) = names(&new.name, &new.name_en)?;
        row.one_step = new.one_step && new.level == Level::Site;
        row.disabled = disabled;
        tx.set_place(&row).await?;
        let detail = json!({ "one_step": row.one_step, "disabled": disabled });
        let subject = format!("site:{}", row.path);
        tx.audit(
            self.clock.now(),
            &actor.name,
            "place.change",
            &subject,
            &detail,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The row of a new place, with its key if it is a site.
    fn new_place(&self, new: &NewPlace) -> Result<PlaceRow, Refusal> {
        let (name, name_en) = names(&new.name, &new.name_en)?;
        let path = new.place.as_str();
        let (mut spki, mut sealed) = (None, None);
        if new.level == Level::Site {
            let key = SiteKey::generate(random::bytes()?);
            let secret = self.vault.seal(&format!("site:{path}"), &key.secret()[..]);
            sealed = Some(secret.map_err(PeopleError::from)?);
            spki = Some(key.public());
        }
        Ok(PlaceRow {
            path: path.to_owned(),
            level: new.level.name().to_owned(),
            code: new.place.code().to_owned(),
            name,
            name_en,
            one_step: new.one_step && new.level == Level::Site,
            disabled: false,
            key_spki: spki,
            key_sealed: sealed,
            created_at: self.clock.now().unix(),
        })
    }

    async fn put_place(&self, tx: &mut Tx, actor: &Actor, row: &PlaceRow) -> Result<(), Refusal> {
        match tx.add_place(row).await {
            Err(StoreError::Exists) => {
                let what = format!("the place {}, or a site of the code {}", row.path, row.code);
                return Err(Refusal::Exists(what));
            }
            other => other?,
        }
        let detail = json!({ "level": row.level, "one_step": row.one_step });
        let subject = format!("site:{}", row.path);
        tx.audit(
            self.clock.now(),
            &actor.name,
            "place.add",
            &subject,
            &detail,
        )
        .await?;
        Ok(())
    }
}

/// Whether the actor has a role.
pub(super) fn needs(actor: &Actor, role: Role) -> Result<(), Refusal> {
    use service::roles::Role as _;
    match actor.is(role) {
        true => Ok(()),
        false => Err(Refusal::Role(role.name())),
    }
}

/// A place lies within one of a higher level; levels between may be missing.
fn check_level(parent: &str, level: Level) -> Result<(), Refusal> {
    match Level::of(parent) {
        Some(parent) if parent < level => Ok(()),
        _ => Err(Refusal::Asked(format!(
            "a {} can't lie in a {parent}",
            level.name()
        ))),
    }
}

fn names(name: &str, name_en: &str) -> Result<(String, String), Refusal> {
    let line = |text: &str| {
        Line::new(text)
            .map(|line| line.as_str().to_owned())
            .map_err(|_| {
                let why =
                    "a name is one line of 1 to 80 characters, as in Trạm Y tế phường Bến Nghé";
                Refusal::Asked(why.into())
            })
    };
    let name = line(name)?;
    let name_en = match name_en.trim().is_empty() {
        true => line(&without_marks(&name))?,
        false => line(name_en)?,
    };
    Ok((name, name_en))
}

/// Letters without their marks.
fn without_marks(text: &str) -> String {
    let letter = |c| match c {
        'đ' => 'd',
        'Đ' => 'D',
        other => other,
    };
    let text = text.nfd().filter(|c| !is_combining_mark(*c)).map(letter);
    text.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_marks() {
        let (vi, en) = names("  Trạm Y tế  phường Đa Kao ", "").unwrap();
        assert_eq!(vi, "Trạm Y tế phường Đa Kao");
        assert_eq!(en, "Tram Y te phuong Da Kao");
        assert!(names("", "x").is_err() && names(&"x".repeat(81), "").is_err());
    }

    #[test]
    fn levels() {
        assert!(check_level("province", Level::Site).is_ok());
        assert!(check_level("site", Level::Site).is_err());
        assert!(check_level("commune", Level::Province).is_err());
    }
}
