//! The core of the desk: what happened is typed, looked at, and recorded.
//!
//! One address takes all steps, each with everything that was typed, so that no step and no error
//! loses anything: `form` shows the boxes, `look` reads them back in words, `take` records.

pub(crate) mod facts;
pub(crate) mod input;
mod take;

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{extract::Path, response::Response};
use intake::{
    codes::Catalogue,
    field::Field,
    finding::{Finding, Severity, any_error},
    record::Record,
};
use service::random;

use super::{
    Frame,
    desk::{Desk, Page, id},
    frame::Switch,
    render,
    typed::{self, Typed},
    words,
};
use crate::{
    domain::{
        Refusal,
        desk::{Looked, Whom},
        persons::Likeness,
    },
    id::Id,
    store::{DeliveryRow, PersonRow},
};
use input::{Boxes, Input};

/// Where all of it is sent to.
const HERE: &str = "/desk/record";

/// What the form is for.
#[derive(Clone, Default)]
pub(crate) struct Purpose {
    /// A record that is mended, with its revision.
    pub(crate) mend: Option<(Id, i64)>,
    /// A certificate that is corrected.
    pub(crate) corrects: Option<Id>,
    /// Why it is corrected.
    pub(crate) reason: String,
    /// Somebody known, whose data is not typed again.
    pub(crate) person: Option<Id>,
}

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

#[derive(Template)]
#[template(path = "look.html")]
struct LookPage {
    frame: Frame,
    facts: Vec<(&'static str, String)>,
    site: String,
    warnings: Vec<String>,
    notes: Vec<String>,
    alike: Vec<(PersonRow, &'static str, String, bool)>,
    nobody_preset: bool,
    error: Option<String>,
    recorded: Option<Id>,
    hidden: Vec<(&'static str, String)>,
    purpose: Purpose,
    goes_on: &'static str,
    once: String,
}

/// `GET /desk/record`: an empty form, or one for somebody known.
pub(crate) async fn show(desk: Desk) -> Response {
    desk.answer(async {
        let mut typed = Typed::default();
        typed.set(Field::Kind, desk.asked("kind"));
        let person = match desk.asked("person") {
            "" => None,
            text => Some(id(text, "person")?),
        };
        form(
            &desk,
            typed,
            Purpose {
                person,
                ..Purpose::default()
            },
            Said::default(),
        )
        .await
    })
    .await
}

/// `GET /desk/records/{id}/mend`: a record that was sent back, or that the clerk looks at again.
pub(crate) async fn mend(Path(record): Path<String>, desk: Desk) -> Response {
    desk.answer(async {
        let (waiting, _) = desk
            .issuer()
            .whole_record(desk.actor(), id(&record, "record")?)
            .await?;
        let mut typed = Typed::of_person(&waiting.person);
        typed.add_event(&waiting.record.content);
        typed.set(Field::Kind, &waiting.record.kind);
        let said = Said {
            error: waiting
                .record
                .note
                .clone()
                .filter(|_| waiting.record.state == "sent_back"),
            ..Said::default()
        };
        let purpose = Purpose {
            mend: Some((waiting.record.id, waiting.record.revision)),
            ..Purpose::default()
        };
        form(&desk, typed, purpose, said).await
    })
    .await
}

/// `GET /desk/certificates/{id}/correct`: everything as it was certified, to be put right.
pub(crate) async fn correct(Path(certificate): Path<String>, desk: Desk) -> Response {
    desk.answer(async {
        let row = desk
            .issuer()
            .certificate(desk.actor(), id(&certificate, "certificate")?)
            .await?;
        let (waiting, _) = desk.issuer().whole_record(desk.actor(), row.record).await?;
        let mut typed = Typed::of_person(&waiting.person);
        typed.add_event(&waiting.record.content);
        typed.set(Field::Kind, &waiting.record.kind);
        let purpose = Purpose {
            corrects: Some(row.id),
            ..Purpose::default()
        };
        form(&desk, typed, purpose, Said::default()).await
    })
    .await
}

/// `POST /desk/record`: the step that the button says; Enter goes on.
pub(crate) async fn step(desk: Desk) -> Response {
    desk.answer(async {
        let mut typed = Typed::of_form(&desk.fields);
        let purpose = purpose(&desk)?;
        let kind = desk.fields.text("to_kind");
        if !kind.is_empty() {
            let kind = kind.to_owned();
            typed.keep_kind(&kind);
            return form(&desk, typed, purpose, Said::default()).await;
        }
        match desk.fields.text("step") {
            "form" | "fresh" => form(&desk, typed, purpose, Said::default()).await,
            "take" => take::take(&desk, typed, purpose).await,
            _ => look(&desk, typed, purpose, None).await,
        }
    })
    .await
}

fn purpose(desk: &Desk) -> Result<Purpose, Refusal> {
    let given = |name: &str, of| match desk.fields.text(name) {
        "" => Ok(None),
        text => id(text, of).map(Some),
    };
    let revision = desk.fields.text("revision").parse().unwrap_or_default();
    Ok(Purpose {
        mend: given("mend", "record")?.map(|record| (record, revision)),
        corrects: given("corrects", "certificate")?,
        reason: desk.fields.text("reason").to_owned(),
        person: given("person", "person")?,
    })
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

/// Today and now, as people type them.
fn now(desk: &Desk) -> (String, String, String) {
    let issuer = desk.issuer();
    let at = issuer.clock.now().unix() + i64::from(issuer.settings.offset) * 60;
    let iso =
        hcert::date::Date::from_unix_seconds(at).map_or_else(String::new, |day| day.to_string());
    let day = typed::as_typed(&iso);
    let time = format!(
        "{:02}:{:02}",
        at.rem_euclid(86_400) / 3600,
        at.rem_euclid(3600) / 60
    );
    (iso, day.clone(), format!("{day} {time}"))
}

/// The boxes, filled with what was typed, then with what is known, then with what this clerk used
/// last.
pub(crate) async fn form(desk: &Desk, mut typed: Typed, purpose: Purpose, said: Said) -> Page {
    let t = desk.t;
    let around = around(desk, purpose.person).await?;
    let habit = |field: Field| around.habits.get(field.id()).map_or("", String::as_str);
    let is_new = purpose.mend.is_none() && purpose.corrects.is_none();
    let step = desk.fields.text("step");
    let switched = !desk.fields.text("to_kind").is_empty();
    let fresh = is_new && said.findings.is_empty() && (switched || matches!(step, "" | "fresh"));
    if typed.get(Field::Kind).is_empty() {
        let kind = Some(habit(Field::Kind)).filter(|kind| !kind.is_empty());
        typed.set(Field::Kind, kind.unwrap_or("vaccination"));
    }
    let kind = match typed.get(Field::Kind) {
        kind @ ("test" | "recovery") => kind.to_owned(),
        _ => "vaccination".to_owned(),
    };
    typed.keep_kind(&kind);
    let (_, today, moment) = now(desk);
    if fresh {
        match kind.as_str() {
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
                typed.preset(Field::Date, &today);
                typed.preset(Field::GivenBy, habit(Field::GivenBy));
            }
            "test" => {
                for field in [Field::TestType, Field::TestName, Field::TestDevice] {
                    typed.preset(field, habit(field));
                }
                typed.preset(Field::SampledAt, &moment);
            }
            _ => {}
        }
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

/// Reads what was typed; the record, or everything that is wrong.
async fn read(
    desk: &Desk,
    typed: &mut Typed,
    purpose: &Purpose,
) -> Result<Result<(Record, Vec<Finding>), Vec<Finding>>, Refusal> {
    let issuer = desk.issuer();
    if let Some(person) = purpose.person {
        let known = issuer.person(desk.actor(), person).await?;
        typed.add_person(&known);
    }
    typed.preset(Field::Site, desk.actor().place.code());
    let catalogue = issuer.catalogues.current();
    let settings = intake::draft::Settings {
        country: catalogue.country(&issuer.settings.country).map_err(|_| {
            Refusal::Asked("the country of the configuration is in no value set".into())
        })?,
        catalogue: &catalogue,
        offset: issuer.settings.offset,
    };
    Ok(typed
        .draft()
        .read(&settings)
        .map(|read| (read.record, read.notes)))
}

/// Reads it back in words, with everything that is to be said of it.
pub(super) async fn look(
    desk: &Desk,
    mut typed: Typed,
    purpose: Purpose,
    error: Option<String>,
) -> Page {
    let (record, mut notes) = match read(desk, &mut typed, &purpose).await? {
        Ok(read) => read,
        Err(findings) => {
            return form(
                desk,
                typed,
                purpose,
                Said {
                    findings,
                    ..Said::default()
                },
            )
            .await;
        }
    };
    if purpose.corrects.is_some() && purpose.reason.is_empty() {
        let error = desk
            .t
            .say("Ghi lý do đính chính.", "Say why it is corrected.")
            .to_owned();
        return form(
            desk,
            typed,
            purpose,
            Said {
                error: Some(error),
                ..Said::default()
            },
        )
        .await;
    }
    let whom = purpose.person.map_or(Whom::Same, Whom::Known);
    let looked = match (&purpose.mend, &purpose.corrects) {
        (None, None) => {
            desk.issuer()
                .look(desk.actor(), &desk.actor().place, whom, &record)
                .await?
        }
        // What is mended is there already, and so is its person.
        _ => {
            let looked = desk
                .issuer()
                .look(desk.actor(), &desk.actor().place, Whom::Same, &record)
                .await?;
            Looked {
                alike: vec![],
                recorded: None,
                ..looked
            }
        }
    };
    if any_error(&looked.findings) {
        let findings = looked.findings;
        return form(
            desk,
            typed,
            purpose,
            Said {
                findings,
                ..Said::default()
            },
        )
        .await;
    }
    notes.extend(looked.findings);
    look_page(
        desk,
        &typed,
        purpose,
        &record,
        Looked {
            findings: notes,
            ..looked
        },
        error,
    )
    .await
}

async fn look_page(
    desk: &Desk,
    typed: &Typed,
    purpose: Purpose,
    record: &Record,
    looked: Looked,
    error: Option<String>,
) -> Page {
    let t = desk.t;
    let words = words::intake(t);
    let say = |finding: &Finding| {
        let field = words.field(finding.field());
        format!("{field}: {} {}", words.what(finding), words.remedy(finding))
    };
    let of = |severity| {
        let all = looked
            .findings
            .iter()
            .filter(move |finding| finding.severity() == severity);
        all.map(say).collect::<Vec<_>>()
    };
    let (today, ..) = now(desk);
    let chosen = desk.fields.text("whom");
    let mut alike = Vec::new();
    for one in looked.alike {
        let why = match one.why {
            Likeness::Same => t.say(
                "cùng giấy tờ, ngày sinh và họ tên",
                "same document, birth date and name",
            ),
            Likeness::Document => t.say(
                "cùng số giấy tờ, nhưng khác họ tên hoặc ngày sinh",
                "same document, but another name or birth date",
            ),
            Likeness::Name => t.say(
                "cùng ngày sinh, họ tên giống",
                "same birth date, and a name alike",
            ),
        };
        let is_chosen = match chosen {
            "" => one.why == Likeness::Same,
            chosen => one.person.id.to_string() == chosen,
        };
        let birth = facts::birth(t, &one.person.birth, &today);
        alike.push((one.person, why, birth, is_chosen));
    }
    // Who is the same is taken without a question; two who are the same are not.
    if alike.iter().filter(|one| one.3).count() > 1 {
        for one in &mut alike {
            one.3 = false;
        }
    }
    let goes_on = match (&purpose.mend, &purpose.corrects, take::upto(desk).await?) {
        (Some(_), ..) => t.say("Ghi lại", "Record again"),
        (_, Some(_), _) => t.say("Ghi bản đính chính", "Record the correction"),
        (.., crate::domain::desk::Upto::Certified) => {
            t.say("Ghi và cấp chứng nhận", "Record and certify")
        }
        _ => t.say("Ghi nhận", "Record"),
    };
    let mut frame = desk.frame(HERE, t.say("Đọc lại trước khi ghi", "Read it back"));
    frame.switch = Switch::Form(HERE);
    let mut hidden = typed.all();
    if let Some(person) = purpose.person {
        // The person's own data comes from the database each time.
        hidden.retain(|(name, _)| !typed::PERSON.iter().any(|field| field.id() == *name));
        hidden.push(("person", person.to_string()));
    }
    let once = match desk.fields.text("once") {
        "" => random::token()?.to_string(),
        once => once.to_owned(),
    };
    let catalogue = desk.issuer().catalogues.current();
    let page = LookPage {
        facts: facts::of_record(t, &catalogue, &today, record),
        site: desk.place_name(desk.actor().place.as_str()).await?,
        warnings: of(Severity::Warning),
        notes: of(Severity::Note),
        nobody_preset: chosen == "new",
        alike,
        error,
        recorded: looked.recorded,
        hidden,
        purpose,
        goes_on,
        once,
        frame,
    };
    Ok(render(&page))
}
