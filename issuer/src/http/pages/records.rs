//! One record: what it says, how far it is, what comes next.

use askama::Template;
use axum::{extract::Path, response::Response};

use super::{
    Frame,
    desk::{Desk, Page, id},
    record::{
        facts,
        input::{display, product_name},
    },
    render, to, words,
};
use crate::{
    domain::{
        Refusal,
        queue::{Seen, Waiting},
    },
    roles::Role,
    store::{CertificateRow, PersonRow, RecordRow},
};

#[derive(Template)]
#[template(path = "record_done.html")]
struct RecordPage {
    frame: Frame,
    person: PersonRow,
    record: RecordRow,
    facts: Vec<(&'static str, String)>,
    certificate: Option<CertificateRow>,
    /// Just recorded.
    done: bool,
    /// It was there already.
    known: bool,
    next: &'static str,
    may_change: bool,
    steps: Vec<Step>,
}

/// One step of the way, with who did it and when.
struct Step {
    name: &'static str,
    by: Option<(String, String)>,
}

/// An event of the database in words: short, for lists.
pub(super) fn what(desk: &Desk, record: &RecordRow) -> String {
    use std::collections::BTreeMap;
    let t = desk.t;
    let catalogue = desk.issuer().catalogues.current();
    let content: BTreeMap<String, String> =
        serde_json::from_str(&record.content).unwrap_or_default();
    let get = |name: &str| content.get(name).map_or("", String::as_str);
    match record.kind.as_str() {
        "vaccination" => {
            let code = record.product.as_deref().unwrap_or_else(|| get("product"));
            let mut said = product_name(&catalogue, code);
            if let (Some(dose), Some(total)) = (record.dose, record.total) {
                said.push_str(&format!(", {} {dose}/{total}", t.say("mũi", "dose")));
            }
            if let Some(lot) = &record.lot {
                said.push_str(&format!(", {} {lot}", t.say("lô", "lot")));
            }
            said
        }
        "test" => {
            use hcert::value_set::Kind;
            let say = |kind, code: &str| {
                display(
                    t,
                    kind,
                    code,
                    catalogue.sets().display(kind, code).unwrap_or(code),
                )
            };
            let test = say(Kind::TestType, get("test_type"));
            format!("{test}: {}", say(Kind::TestResult, get("result")))
        }
        _ => words::kind(t, &record.kind).to_owned(),
    }
}

pub(crate) async fn show(Path(record): Path<String>, desk: Desk) -> Response {
    desk.answer(page(&desk, &record)).await
}

async fn page(desk: &Desk, record: &str) -> Page {
    let t = desk.t;
    let issuer = desk.issuer();
    let (Waiting { record, person }, certificate) = issuer
        .whole_record(desk.actor(), id(record, "record")?)
        .await?;
    let site = desk.place_name(&record.site).await?;
    let today = issuer.clock.now().unix() + i64::from(issuer.settings.offset) * 60;
    let today =
        hcert::date::Date::from_unix_seconds(today).map_or_else(String::new, |day| day.to_string());
    let mut facts = vec![
        (
            t.say("Ngày sinh", "Date of birth"),
            facts::birth(t, &person.birth, &today),
        ),
        (words::kind(t, &record.kind), what(desk, &record)),
        (t.say("Ngày", "Day"), facts::day(t, &record.day)),
        (t.say("Cơ sở", "Site"), site),
    ];
    if let Some(tube) = &record.tube {
        facts.push((t.say("Mã ống", "Tube"), tube.clone()));
    }
    let by = |who: &Option<String>, at: Option<i64>| {
        who.as_deref()
            .zip(at)
            .map(|(who, at)| (words::who(t, who).to_owned(), t.time(&at)))
    };
    let steps = vec![
        Step {
            name: t.say("Ghi nhận", "Recorded"),
            by: by(&Some(record.recorded_by.clone()), Some(record.recorded_at)),
        },
        Step {
            name: t.say("Cơ sở duyệt", "Approved"),
            by: by(&record.approved_by, record.approved_at),
        },
        Step {
            name: t.say("Cơ quan chứng nhận", "Certified"),
            by: by(&record.certified_by, record.certified_at),
        },
    ];
    let next = match record.state.as_str() {
        "recorded" => t.say(
            "Tiếp theo: người duyệt của cơ sở xem.",
            "Next: the site's officer looks at it.",
        ),
        "sent_back" => t.say(
            "Tiếp theo: sửa rồi ghi lại.",
            "Next: mend it and record it again.",
        ),
        "approved" => t.say(
            "Tiếp theo: cơ quan chứng nhận ký.",
            "Next: the authority certifies it.",
        ),
        "certified" => t.say(
            "Xong: có thể in chứng nhận.",
            "Done: the certificate can be printed.",
        ),
        "withdrawn" => t.say(
            "Đã rút lại: không còn gì phải làm.",
            "Withdrawn: there is nothing more to do.",
        ),
        _ => t.say(
            "Đã có bản đính chính thay thế.",
            "A correction took its place.",
        ),
    };
    let open = matches!(record.state.as_str(), "recorded" | "sent_back" | "approved");
    let title = words::name(&person);
    let here = if desk.asked("done").is_empty() {
        ""
    } else {
        "/desk/record"
    };
    let page = RecordPage {
        frame: desk.frame(here, &title),
        may_change: open && desk.actor().is(Role::Clerk),
        done: !desk.asked("done").is_empty(),
        known: !desk.asked("known").is_empty(),
        person,
        record,
        facts,
        certificate,
        next,
        steps,
    };
    Ok(render(&page))
}

/// Takes a record back that is not certified yet.
pub(crate) async fn withdraw(Path(record): Path<String>, desk: Desk) -> Response {
    desk.answer(async {
        let record = id(&record, "record")?;
        let revision = desk
            .fields
            .text("revision")
            .parse()
            .map_err(|_| Refusal::Changed)?;
        let reason = reason(&desk)?;
        desk.issuer()
            .withdraw(desk.actor(), Seen { record, revision }, &reason)
            .await?;
        Ok(to(&format!("/desk/records/{record}")))
    })
    .await
}

/// A reason that has to be given.
pub(super) fn reason(desk: &Desk) -> Result<String, Refusal> {
    match desk.fields.text("reason") {
        "" => Err(Refusal::Asked(
            "a reason is needed: a few words, without personal data".into(),
        )),
        reason => Ok(reason.to_owned()),
    }
}
