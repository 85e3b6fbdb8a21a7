//! The core of the desk: what happened is typed, looked at, and recorded.
//!
//! One address takes all steps, each with everything that was typed, so that no step and no error
//! loses anything: `form` shows the boxes, `look` reads them back in words, `take` records.

pub(crate) mod facts;
mod form;
pub(crate) mod input;
mod look;
mod take;

use axum::{extract::Path, response::Response};
use intake::field::Field;

use super::{
    desk::{Desk, id},
    typed::{self, Typed},
};
use crate::{domain::Refusal, id::Id};
pub(crate) use form::{Said, around, form};
use look::look;

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
