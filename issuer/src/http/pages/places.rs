//! Places: the country's tree, down to sites; and whole spreadsheets of sites and their people.

use askama::Template;
use axum::response::Response;
use zeroize::Zeroizing;

use super::{
    Frame,
    desk::{Desk, Page},
    render, words,
};
use crate::{
    domain::{
        Refusal,
        places::{NewPlace, Sheet},
    },
    place::{Level, Place},
    store::PlaceRow,
};

const HERE: &str = "/desk/places";
/// Places on a page: a province with its communes.
const MOST: usize = 500;

#[derive(Template)]
#[template(path = "places.html")]
struct PlacesPage {
    frame: Frame,
    within: String,
    way: Vec<(String, String)>,
    rows: Vec<(PlaceRow, usize)>,
    more: bool,
    sites: usize,
    levels: Vec<(&'static str, &'static str)>,
    typed: NewTyped,
    error: Option<String>,
    done: Option<String>,
    sheet: Option<Sheet>,
    passwords: Vec<(String, Zeroizing<String>)>,
}

#[derive(Default)]
struct NewTyped {
    code: String,
    level: String,
    name: String,
    name_en: String,
    one_step: bool,
}

pub(crate) async fn list(desk: Desk) -> Response {
    desk.answer(page(&desk, Said::default())).await
}

#[derive(Default)]
struct Said {
    error: Option<String>,
    done: Option<String>,
    sheet: Option<Sheet>,
}

async fn page(desk: &Desk, said: Said) -> Page {
    let t = desk.t;
    let issuer = desk.issuer();
    let within: Place = match desk.text("within") {
        "" => desk.actor().place.clone(),
        path => path.parse().map_err(|_| Refusal::NotFound("place"))?,
    };
    let mut rows = issuer.places(desk.actor(), &within).await?;
    let sites = rows.iter().filter(|row| row.level == "site").count();
    let more = rows.len() > MOST;
    rows.truncate(MOST);
    let depth = within.as_str().matches('/').count();
    let rows = rows.into_iter().map(|row| {
        let deep = row.path.matches('/').count().saturating_sub(depth);
        (row, deep)
    });
    let rows: Vec<_> = rows.collect();
    let mut way = Vec::new();
    let mut up = within.parent();
    while let Some(place) = up.filter(|place| desk.actor().sees(place)) {
        way.insert(
            0,
            (place.to_string(), desk.place_name(place.as_str()).await?),
        );
        up = place.parent();
    }
    let here = rows.iter().find(|(row, _)| row.path == within.as_str());
    let own = here.and_then(|(row, _)| Level::of(&row.level));
    let levels = Level::ALL
        .into_iter()
        .filter(|level| own.is_none_or(|own| *level > own));
    let text = |name: &str| desk.fields.text(name).to_owned();
    let sheet = said.sheet;
    let passwords = sheet
        .as_ref()
        .map_or_else(Vec::new, |sheet| sheet.passwords.clone());
    // What was added is not offered again.
    let typed = match said.done.is_some() {
        true => NewTyped::default(),
        false => NewTyped {
            code: text("code"),
            level: text("level"),
            name: text("name"),
            name_en: text("name_en"),
            one_step: desk.fields.is_ticked("one_step"),
        },
    };
    Ok(render(&PlacesPage {
        frame: desk.frame(HERE, t.say("Địa điểm", "Places")),
        within: within.to_string(),
        way,
        rows,
        more,
        sites,
        levels: levels
            .map(|level| (level.name(), words::level(t, level.name())))
            .collect(),
        typed,
        error: said.error,
        done: said.done,
        sheet,
        passwords,
    }))
}

/// Adds a place, changes one, or takes a spreadsheet, as the button says.
pub(crate) async fn change(desk: Desk) -> Response {
    desk.answer(async {
        let t = desk.t;
        let issuer = desk.issuer();
        match desk.fields.text("do") {
            "sheet" => {
                let file = desk.fields.file_or("file");
                if file.is_empty() {
                    let error = t.say("Chọn tệp CSV hoặc XLSX.", "Choose a CSV or XLSX file.");
                    return page(
                        &desk,
                        Said {
                            error: Some(error.into()),
                            ..Said::default()
                        },
                    )
                    .await;
                }
                match issuer.take_sheet(desk.actor(), &file).await {
                    Ok(sheet) => {
                        page(
                            &desk,
                            Said {
                                sheet: Some(sheet),
                                ..Said::default()
                            },
                        )
                        .await
                    }
                    Err(refusal) => refused(&desk, refusal).await,
                }
            }
            "change" => {
                let place: Place = desk
                    .fields
                    .text("path")
                    .parse()
                    .map_err(|_| Refusal::NotFound("place"))?;
                let row = issuer
                    .place_of(place.as_str())
                    .await?
                    .ok_or(Refusal::NotFound("place"))?;
                let new = NewPlace {
                    level: Level::of(&row.level).unwrap_or(Level::Site),
                    name: desk.fields.text("name").to_owned(),
                    name_en: desk.fields.text("name_en").to_owned(),
                    one_step: desk.fields.is_ticked("one_step"),
                    place,
                };
                match issuer
                    .change_place(desk.actor(), &new, desk.fields.is_ticked("disabled"))
                    .await
                {
                    Ok(()) => {
                        page(
                            &desk,
                            Said {
                                done: Some(new.name),
                                ..Said::default()
                            },
                        )
                        .await
                    }
                    Err(refusal) => refused(&desk, refusal).await,
                }
            }
            _ => {
                let within: Place = desk
                    .fields
                    .text("within")
                    .parse()
                    .map_err(|_| Refusal::NotFound("place"))?;
                let code = desk.fields.text("code").to_ascii_uppercase();
                let Ok(place) = within.child(&code) else {
                    let error = t.say(
                        "Mã gồm 1 đến 32 chữ A-Z, chữ số, - và _.",
                        "A code is 1 to 32 of A-Z, digits, - and _.",
                    );
                    return page(
                        &desk,
                        Said {
                            error: Some(error.into()),
                            ..Said::default()
                        },
                    )
                    .await;
                };
                let level = Level::of(desk.fields.text("level"));
                let name = desk.fields.text("name");
                let Some(level) = level.filter(|_| !name.is_empty()) else {
                    let error = t.say(
                        "Chọn cấp và ghi tên.",
                        "Choose the level and write the name.",
                    );
                    return page(
                        &desk,
                        Said {
                            error: Some(error.into()),
                            ..Said::default()
                        },
                    )
                    .await;
                };
                let new = NewPlace {
                    place,
                    level,
                    name: name.to_owned(),
                    name_en: desk.fields.text("name_en").to_owned(),
                    one_step: desk.fields.is_ticked("one_step"),
                };
                match issuer.add_place(desk.actor(), &new).await {
                    Ok(()) => {
                        page(
                            &desk,
                            Said {
                                done: Some(new.name),
                                ..Said::default()
                            },
                        )
                        .await
                    }
                    Err(refusal) => refused(&desk, refusal).await,
                }
            }
        }
    })
    .await
}

async fn refused(desk: &Desk, refusal: Refusal) -> Page {
    match refusal {
        Refusal::Asked(_) | Refusal::Exists(_) | Refusal::State { .. } => {
            let error = Some(words::refusal(desk.t, &refusal));
            page(
                desk,
                Said {
                    error,
                    ..Said::default()
                },
            )
            .await
        }
        other => Err(other),
    }
}
