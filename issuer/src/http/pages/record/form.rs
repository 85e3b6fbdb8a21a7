//! The form: boxes, filled with what was typed, what is known, and what is usual.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use intake::{codes::Catalogue, field::Field, finding::Finding};

use super::{
    HERE, Purpose, facts,
    input::{self, Boxes, Input},
    now,
};
use crate::{
    domain::Refusal,
    http::pages::{
        Frame,
        desk::{Desk, Page},
        frame::Switch,
        render,
        typed::Typed,
        words,
    },
    id::Id,
    store::{DeliveryRow, PersonRow},
};

/// What is known around a form.
pub(crate) struct Around {
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) deliveries: Vec<DeliveryRow>,
    pub(crate) habits: BTreeMap<String, String>,
    pub(crate) known: Option<PersonRow>,
    /// Earlier events of the person, in words.
    pub(crate) earlier: Vec<String>,
    pub(crate) next_dose: Option<String>,
}

impl Around {
    /// What this clerk used last in a box, or nothing.
    fn habit(&self, field: Field) -> &str {
        self.habits.get(field.id()).map_or("", String::as_str)
    }
}

/// What a form is shown with beside its boxes.
#[derive(Default)]
pub(crate) struct Said {
    /// How a card was read, in words.
    pub(crate) notes: Vec<String>,
    /// What is wrong.
    pub(crate) findings: Vec<Finding>,
    /// Why it was not recorded.
    pub(crate) error: Option<String>,
}

impl Said {
    /// What is wrong stands at its boxes.
    pub(super) fn wrong(findings: Vec<Finding>) -> Said {
        Said {
            findings,
            ..Said::default()
        }
    }
}

#[derive(Template)]
#[template(path = "record.html")]
struct FormPage {
    frame: Frame,
    kind: String,
    kinds: Vec<(&'static str, &'static str)>,
    known: Option<(PersonRow, String, String)>,
    earlier: Vec<String>,
    notes: Vec<String>,
    error: Option<String>,
    summary: Vec<(&'static str, String)>,
    person: Vec<Input>,
    person_seldom: Vec<Input>,
    seldom_open: bool,
    event: Vec<Input>,
    event_seldom: Vec<Input>,
    hidden: Vec<(&'static str, String)>,
    purpose: Purpose,
    reason_missing: bool,
}

/// What is known around a form: the person, what was done before, what the site has.
pub(crate) async fn around(desk: &Desk, person: Option<Id>) -> Result<Around, Refusal> {
    let issuer = desk.issuer();
    let catalogue = issuer.catalogues.current();
    let mut around = Around {
        deliveries: issuer
            .deliveries(desk.actor(), &desk.actor().place)
            .await
            .unwrap_or_default(),
        habits: issuer.habits(&desk.visitor.session.name).await?,
        catalogue,
        known: None,
        earlier: vec![],
        next_dose: None,
    };
    if let Some(person) = person {
        let history = issuer.history(desk.actor(), person).await?;
        let counts = |state: &str| !matches!(state, "withdrawn" | "replaced");
        let mut last = 0;
        for record in history
            .records
            .iter()
            .filter(|record| counts(&record.state))
        {
            let what = match (&record.product, record.dose) {
                (Some(product), Some(dose)) => {
                    last = last.max(dose);
                    let name = input::product_name(&around.catalogue, product);
                    format!("{name}, {} {dose}", desk.t.say("mũi", "dose"))
                }
                _ => words::kind(desk.t, &record.kind).to_owned(),
            };
            let day = desk.t.date(&record.day);
            around.earlier.push(format!(
                "{day}: {what} ({})",
                words::state(desk.t, &record.state)
            ));
        }
        around.next_dose = Some((last + 1).to_string());
        around.known = Some(history.person);
    }
    Ok(around)
}

/// The boxes, filled with what was typed, then with what is known, then with what this clerk used
/// last.
pub(crate) async fn form(desk: &Desk, mut typed: Typed, purpose: Purpose, said: Said) -> Page {
    let t = desk.t;
    let around = around(desk, purpose.person).await?;
    let is_new = purpose.mend.is_none() && purpose.corrects.is_none();
    let step = desk.fields.text("step");
    let switched = !desk.fields.text("to_kind").is_empty();
    let fresh = is_new && said.findings.is_empty() && (switched || matches!(step, "" | "fresh"));
    if typed.get(Field::Kind).is_empty() {
        let kind = Some(around.habit(Field::Kind)).filter(|kind| !kind.is_empty());
        typed.set(Field::Kind, kind.unwrap_or("vaccination"));
    }
    let kind = match typed.get(Field::Kind) {
        kind @ ("test" | "recovery") => kind.to_owned(),
        _ => "vaccination".to_owned(),
    };
    typed.keep_kind(&kind);
    let (_, today, moment) = now(desk);
    if fresh {
        preset(&mut typed, &kind, &around, (&today, &moment));
    }
    let boxes = Boxes {
        t,
        typed: &typed,
        catalogue: &around.catalogue,
        deliveries: &around.deliveries,
        findings: &said.findings,
    };
    let (mut person, mut person_seldom) = match around.known {
        Some(_) => (vec![], vec![]),
        None => boxes.person(),
    };
    let (mut event, mut event_seldom) = boxes.event(&kind);
    let summary = boxes.mark(&mut [
        &mut person,
        &mut person_seldom,
        &mut event,
        &mut event_seldom,
    ]);
    let reason_missing = purpose.corrects.is_some()
        && purpose.reason.is_empty()
        && !fresh
        && !desk.fields.text("step").is_empty();
    focus(
        &mut [
            &mut person,
            &mut event,
            &mut person_seldom,
            &mut event_seldom,
        ],
        purpose.corrects.is_some(),
    );
    let title = match (&purpose.mend, &purpose.corrects) {
        (Some(_), _) => t.say("Sửa hồ sơ", "Mend the record"),
        (_, Some(_)) => t.say("Đính chính chứng nhận", "Correct the certificate"),
        _ => words::kind(t, &kind),
    };
    let mut frame = desk.frame(HERE, title);
    frame.switch = Switch::Form(HERE);
    let known = around.known.map(|person| {
        let (today, ..) = now(desk);
        let birth = facts::birth(t, &person.birth, &today);
        (person.clone(), words::name(&person), birth)
    });
    let there: Vec<&str> = [&person, &person_seldom, &event, &event_seldom]
        .iter()
        .flat_map(|all| all.iter().map(|input| input.name))
        .collect();
    // What has no box of its own goes along unseen.
    let hidden = typed.all();
    let hidden = hidden
        .into_iter()
        .filter(|(name, _)| !there.contains(name))
        .collect();
    let has = |inputs: &[Input]| {
        inputs
            .iter()
            .any(|input| !input.value.is_empty() || input.error.is_some())
    };
    let kinds = [
        ("vaccination", t.say("Tiêm chủng", "Vaccination")),
        ("test", t.say("Xét nghiệm", "Test")),
        ("recovery", t.say("Khỏi bệnh", "Recovery")),
    ];
    let page = FormPage {
        seldom_open: has(&person_seldom) && !is_new
            || person_seldom.iter().any(|input| input.error.is_some()),
        kinds: kinds
            .into_iter()
            .filter(|(word, _)| is_new && *word != kind)
            .collect(),
        frame,
        kind,
        known,
        earlier: around.earlier,
        notes: said.notes,
        error: said.error,
        summary,
        person,
        person_seldom,
        event,
        event_seldom,
        hidden,
        purpose,
        reason_missing,
    };
    let mut response = render(&page);
    if !said.findings.is_empty() {
        *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// What this clerk used last, and what is usual.
fn preset(typed: &mut Typed, kind: &str, around: &Around, (today, moment): (&str, &str)) {
    let habit = |field| around.habit(field);
    match kind {
        "vaccination" => {
            typed.preset(Field::Product, habit(Field::Product));
            if typed.get(Field::Product).is_empty()
                && let Some(delivery) = around.deliveries.first()
            {
                typed.set(Field::Product, &delivery.product);
            }
            let product = typed.get(Field::Product).to_owned();
            let of_product = |lot: &&DeliveryRow| lot.product == product;
            let here: Vec<_> = around.deliveries.iter().filter(of_product).collect();
            let used = habit(Field::Lot);
            let lot = match here.first() {
                Some(newest) if here.iter().all(|one| one.lot != used) => newest.lot.as_str(),
                _ if product == habit(Field::Product) => used,
                _ => "",
            };
            typed.preset(Field::Lot, lot);
            typed.preset(Field::Dose, around.next_dose.as_deref().unwrap_or("1"));
            typed.preset(Field::Date, today);
            typed.preset(Field::GivenBy, habit(Field::GivenBy));
        }
        "test" => {
            for field in [Field::TestType, Field::TestName, Field::TestDevice] {
                typed.preset(field, habit(field));
            }
            typed.preset(Field::SampledAt, moment);
        }
        _ => {}
    }
}

/// The cursor stands at the first box with an error, else at the first empty one that has to be
/// filled, else where something differs from person to person.
fn focus(inputs: &mut [&mut Vec<Input>; 4], is_correction: bool) {
    if is_correction {
        return;
    }
    let optional = [
        Field::Sex,
        Field::Identity,
        Field::Bhyt,
        Field::GivenBy,
        Field::Nationality,
        Field::Lot,
        Field::PassportFamily,
        Field::PassportGiven,
        Field::TestName,
        Field::TestDevice,
        Field::Tube,
        Field::ValidFrom,
        Field::ValidUntil,
        Field::Cccd,
        Field::Cmnd,
        Field::Passport,
    ];
    let may_be_empty = |input: &Input| optional.iter().any(|field| field.id() == input.name);
    let all = || 0..inputs.len();
    let mut at = None;
    for group in all() {
        let found = inputs
            .get(group)
            .and_then(|all| all.iter().position(|input| input.error.is_some()));
        at = at.or(found.map(|index| (group, index)));
    }
    for group in all() {
        let empty = |input: &Input| input.value.is_empty() && !may_be_empty(input);
        let found = inputs.get(group).and_then(|all| all.iter().position(empty));
        at = at.or(found.map(|index| (group, index)));
    }
    for name in [Field::Dose, Field::Result, Field::FirstPositive] {
        let found = inputs
            .get(1)
            .and_then(|all| all.iter().position(|input| input.name == name.id()));
        at = at.or(found.map(|index| (1, index)));
    }
    if let Some((group, index)) = at
        && let Some(input) = inputs.get_mut(group).and_then(|all| all.get_mut(index))
    {
        input.focus = true;
    }
}
