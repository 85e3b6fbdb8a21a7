//! The last step: it is recorded.

use std::collections::BTreeMap;

use intake::field::Field;
use sha2::{Digest as _, Sha256};

use super::{
    Purpose, Said, Typed, form,
    look::{look, read},
};
use crate::{
    domain::{
        Refusal,
        desk::{Entry, Once, Upto, Whom},
        queue::Seen,
    },
    http::pages::{
        self,
        desk::{Desk, Page, id},
        words,
    },
};

/// How far a record of this desk goes at once.
pub(super) async fn upto(desk: &Desk) -> Result<Upto, Refusal> {
    let issuer = desk.issuer();
    let place = issuer.place_of(desk.actor().place.as_str()).await?;
    let one_step = issuer.settings.one_step || place.is_some_and(|place| place.one_step);
    Ok(if one_step {
        Upto::Certified
    } else {
        Upto::Recorded
    })
}

pub(super) async fn take(desk: &Desk, mut typed: Typed, purpose: Purpose) -> Page {
    let record = match read(desk, &mut typed, &purpose).await? {
        Ok((record, _)) => record,
        Err(findings) => {
            return form(desk, typed, purpose, Said::wrong(findings)).await;
        }
    };
    let issuer = desk.issuer();
    let confirmed = desk.fields.is_ticked("confirmed");
    let whom = match (desk.fields.text("whom"), purpose.person) {
        ("new", _) => Whom::New,
        ("", Some(person)) => Whom::Known(person),
        ("", None) => Whom::Same,
        (chosen, _) => Whom::Known(id(chosen, "person")?),
    };
    let done = if let Some((record_id, revision)) = purpose.mend {
        let seen = Seen {
            record: record_id,
            revision,
        };
        let (waiting, _) = issuer.whole_record(desk.actor(), record_id).await?;
        let whom = match desk.fields.text("whom") {
            "" => Whom::Known(waiting.person.id),
            _ => whom,
        };
        let done = issuer
            .amend(desk.actor(), seen, &record, whom, confirmed)
            .await;
        done.map(|()| record_id)
    } else if let Some(certificate) = purpose.corrects {
        let reason = purpose.reason.as_str();
        let done = issuer
            .correct(desk.actor(), certificate, &record, reason, confirmed)
            .await;
        done.map(|made| made.record)
    } else {
        let entry = Entry {
            record,
            whom,
            site: desk.actor().place.clone(),
            upto: upto(desk).await?,
            source: "desk",
            confirmed,
            once: once(desk, &typed),
            row_key: None,
            row: None,
        };
        issuer
            .take(desk.actor(), entry)
            .await
            .map(|made| made.record)
    };
    match done {
        Ok(record) => {
            issuer
                .keep_habits(&desk.visitor.session.name, &habits(&typed))
                .await?;
            Ok(pages::to(&format!("/desk/records/{record}?done=1")))
        }
        Err(Refusal::Recorded { record }) => {
            Ok(pages::to(&format!("/desk/records/{record}?known=1")))
        }
        // Looked at again: what is wrong is shown there, or has to be confirmed.
        Err(Refusal::Findings(findings)) if intake::finding::any_error(&findings) => {
            form(desk, typed, purpose, Said::wrong(findings)).await
        }
        Err(Refusal::Findings(_)) => {
            let error = desk.t.say(
                "Còn điều cần xác nhận: đọc lại rồi đánh dấu vào ô xác nhận.",
                "Something is to be confirmed: read it and tick the box.",
            );
            look(desk, typed, purpose, Some(error.into())).await
        }
        Err(
            refusal @ (Refusal::Store(_)
            | Refusal::Certify(_)
            | Refusal::Limit { .. }
            | Refusal::Asked(_)
            | Refusal::State { .. }),
        ) => {
            let said = words::refusal(desk.t, &refusal);
            tracing::warn!(
                code = service::problem::Problem::from(refusal).code,
                "not recorded"
            );
            look(desk, typed, purpose, Some(said)).await
        }
        Err(refusal) => Err(refusal),
    }
}

/// The same form sent twice is recorded once.
fn once(desk: &Desk, typed: &Typed) -> Option<Once> {
    let key = desk.fields.text("once");
    if key.is_empty() || key.len() > 255 {
        return None;
    }
    let mut hash = Sha256::new();
    for (name, text) in typed.all() {
        for part in [name, &text] {
            hash.update(part.len().to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.update(desk.fields.text("whom").as_bytes());
    Some(Once {
        scope: desk.actor().name.clone(),
        key: key.to_owned(),
        digest: hash.finalize().into(),
    })
}

/// What the next person of this clerk will most likely have too.
fn habits(typed: &Typed) -> BTreeMap<String, String> {
    let kept = [
        Field::Kind,
        Field::Product,
        Field::Lot,
        Field::GivenBy,
        Field::TestType,
        Field::TestName,
        Field::TestDevice,
    ];
    let kept = kept
        .into_iter()
        .filter(|field| !typed.get(*field).is_empty());
    kept.map(|field| (field.id().to_owned(), typed.get(field).to_owned()))
        .collect()
}
