//! Places: the country's tree, down to sites.

use super::{Issuer, Refusal};
use crate::{
    actor::Actor,
    place::{Level, Place},
    store::PlaceRow,
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
        let _ = (actor, within);
        todo!()
    }

    /// Adds a place below one that is there. A site gets its key in the same moment.
    pub async fn add_place(&self, actor: &Actor, new: &NewPlace) -> Result<(), Refusal> {
        let _ = (actor, new);
        todo!()
    }

    /// Other names, one step, disabled: the path stays.
    pub async fn change_place(
        &self,
        actor: &Actor,
        new: &NewPlace,
        disabled: bool,
    ) -> Result<(), Refusal> {
        let _ = (actor, new, disabled);
        todo!()
    }

    /// Sites and the people who work there from one spreadsheet (CSV or XLSX): a site with ten people
    /// works within a minute. All of it or, if anything is wrong, nothing.
    pub async fn take_sheet(&self, actor: &Actor, file: &[u8]) -> Result<Sheet, Refusal> {
        let _ = (actor, file);
        todo!()
    }
}
