//! Everything is read back in words before it is recorded.

use askama::Template;
use intake::{
    field::Field,
    finding::{Finding, Severity, any_error},
    record::Record,
};
use service::random;

use super::{
    HERE, Purpose, facts,
    form::{Said, form},
    now, take,
};
use crate::{
    domain::{
        Refusal,
        desk::{Looked, Whom},
        persons::Likeness,
    },
    http::pages::{
        Frame,
        desk::{Desk, Page},
        frame::Switch,
        render,
        typed::{self, Typed},
        words,
    },
    id::Id,
    store::PersonRow,
};

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

/// Reads what was typed; the record, or everything that is wrong.
pub(super) async fn read(
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
            return form(desk, typed, purpose, Said::wrong(findings)).await;
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
        return form(desk, typed, purpose, Said::wrong(looked.findings)).await;
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
