//! One person: everything recorded, every certificate.

use askama::Template;
use axum::{extract::Path, response::Response};

use super::{
    Frame,
    desk::{Desk, Page, id},
    record::facts,
    records::what,
    render, words,
};
use crate::store::{CertificateRow, PersonRow, RecordRow};

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    frame: Frame,
    person: PersonRow,
    birth: String,
    documents: Vec<(&'static str, String)>,
    records: Vec<(RecordRow, String, String)>,
    certificates: Vec<CertificateRow>,
}

pub(crate) async fn show(Path(person): Path<String>, desk: Desk) -> Response {
    desk.answer(page(&desk, &person)).await
}

async fn page(desk: &Desk, person: &str) -> Page {
    let t = desk.t;
    let issuer = desk.issuer();
    let history = issuer.history(desk.actor(), id(person, "person")?).await?;
    let today = issuer.clock.now().unix() + i64::from(issuer.settings.offset) * 60;
    let today =
        hcert::date::Date::from_unix_seconds(today).map_or_else(String::new, |day| day.to_string());
    let mut records = Vec::new();
    for record in history.records {
        let site = desk.place_name(&record.site).await?;
        let said = what(desk, &record);
        records.push((record, said, site));
    }
    let person = history.person;
    Ok(render(&PersonPage {
        frame: desk.frame("", &words::name(&person)),
        birth: facts::birth(t, &person.birth, &today),
        documents: words::documents(t, &person),
        person,
        records,
        certificates: history.certificates,
    }))
}
