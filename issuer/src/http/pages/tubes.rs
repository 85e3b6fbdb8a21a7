//! Sample tubes: opened, filled by scanning people, read.

use askama::Template;
use axum::{extract::Path, response::Response};
use intake::{card, field::Field};

use super::{
    Frame,
    desk::{Desk, Page, escape, id},
    record::{
        around, facts,
        input::{Boxes, Input},
    },
    render, to,
    typed::Typed,
    words,
};
use crate::{
    domain::{
        Refusal,
        persons::{Likeness, Search},
        tubes::Found,
    },
    store::{PersonRow, TubeRow},
};

const HERE: &str = "/desk/tubes";

#[derive(Template)]
#[template(path = "tubes.html")]
struct TubesPage {
    frame: Frame,
    rows: Vec<TubeRow>,
    code: String,
    inputs: Vec<Input>,
    error: Option<String>,
}

pub(crate) async fn list(desk: Desk) -> Response {
    desk.answer(page(&desk, None)).await
}

async fn page(desk: &Desk, error: Option<String>) -> Page {
    let issuer = desk.issuer();
    let mut typed = Typed::of_form(&desk.fields);
    let around = around(desk, None).await?;
    for field in [Field::TestType, Field::TestName, Field::TestDevice] {
        typed.preset(
            field,
            around.habits.get(field.id()).map_or("", String::as_str),
        );
    }
    let at = issuer.clock.now().unix() + i64::from(issuer.settings.offset) * 60;
    let day =
        hcert::date::Date::from_unix_seconds(at).map_or_else(String::new, |day| day.to_string());
    let time = format!(
        "{:02}:{:02}",
        at.rem_euclid(86_400) / 3600,
        at.rem_euclid(3600) / 60
    );
    typed.preset(
        Field::SampledAt,
        &format!("{} {time}", super::typed::as_typed(&day)),
    );
    let boxes = Boxes {
        t: desk.t,
        typed: &typed,
        catalogue: &around.catalogue,
        deliveries: &[],
        findings: &[],
    };
    let (mut inputs, _) = boxes.event("test");
    inputs.retain(|input| !matches!(input.name, "result" | "tube"));
    Ok(render(&TubesPage {
        frame: desk.frame(HERE, desk.t.say("Ống mẫu", "Sample tubes")),
        rows: issuer.tubes(desk.actor(), &desk.actor().place).await?,
        code: desk.fields.text("code").to_owned(),
        inputs,
        error,
    }))
}

/// Opens a tube.
pub(crate) async fn open(desk: Desk) -> Response {
    desk.answer(async {
        let code = desk.fields.text("code").to_owned();
        if code.is_empty() {
            let error = desk.t.say(
                "Quét hoặc gõ mã trên ống.",
                "Scan or type the code on the tube.",
            );
            return page(&desk, Some(error.into())).await;
        }
        let typed = Typed::of_form(&desk.fields);
        let content: Vec<_> = [Field::TestType, Field::TestName, Field::TestDevice]
            .into_iter()
            .filter(|field| !typed.get(*field).is_empty())
            .map(|field| (field, typed.get(field).to_owned()))
            .collect();
        let sampled = typed.get(Field::SampledAt);
        let place = &desk.actor().place;
        match desk
            .issuer()
            .open_tube(desk.actor(), place, &code, sampled, &content)
            .await
        {
            Ok(()) => Ok(to(&format!("{HERE}/{}", escape(&code)))),
            Err(refusal @ (Refusal::Asked(_) | Refusal::Exists(_) | Refusal::Findings(_))) => {
                page(&desk, Some(words::refusal(desk.t, &refusal))).await
            }
            Err(other) => Err(other),
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "tube.html")]
struct TubePage {
    frame: Frame,
    path: String,
    tube: TubeRow,
    people: Vec<(PersonRow, String)>,
    /// People who may be meant by what was typed.
    perhaps: Vec<(PersonRow, String)>,
    typed: String,
    /// What a person who is not here yet would begin with.
    fresh: Vec<Input>,
    error: Option<String>,
    outcome: Vec<String>,
}

pub(crate) async fn show(Path(code): Path<String>, desk: Desk) -> Response {
    desk.answer(one(&desk, &code, Around::default())).await
}

#[derive(Default)]
struct Around {
    typed: String,
    perhaps: Vec<PersonRow>,
    fresh: Option<Typed>,
    error: Option<String>,
    outcome: Vec<String>,
}

async fn one(desk: &Desk, code: &str, with: Around) -> Page {
    let t = desk.t;
    let issuer = desk.issuer();
    let (tube, ids) = issuer.tube(desk.actor(), code).await?;
    let at = issuer.clock.now().unix() + i64::from(issuer.settings.offset) * 60;
    let today =
        hcert::date::Date::from_unix_seconds(at).map_or_else(String::new, |day| day.to_string());
    let say = |person: PersonRow| {
        let birth = facts::birth(t, &person.birth, &today);
        (person, birth)
    };
    let mut people = Vec::new();
    for id in ids {
        people.push(say(issuer.person(desk.actor(), id).await?));
    }
    let catalogue = issuer.catalogues.current();
    let fresh = with.fresh.map_or_else(Vec::new, |typed| {
        let boxes = Boxes {
            t,
            typed: &typed,
            catalogue: &catalogue,
            deliveries: &[],
            findings: &[],
        };
        boxes.person().0
    });
    Ok(render(&TubePage {
        frame: desk.frame("", &format!("{} {}", t.say("Ống", "Tube"), tube.code)),
        path: format!("{HERE}/{}", escape(&tube.code)),
        tube,
        people,
        perhaps: with.perhaps.into_iter().map(say).collect(),
        typed: with.typed,
        fresh,
        error: with.error,
        outcome: with.outcome,
    }))
}

/// Puts somebody's sample into it: scanned, searched, chosen or typed.
pub(crate) async fn add(Path(code): Path<String>, desk: Desk) -> Response {
    desk.answer(async {
        let issuer = desk.issuer();
        let chosen = desk.fields.text("person");
        if !chosen.is_empty() {
            issuer
                .add_to_tube(desk.actor(), &code, id(chosen, "person")?)
                .await?;
            return Ok(to(&format!("{HERE}/{}", escape(&code))));
        }
        if desk.fields.text("do") == "new" {
            let typed = whole(&desk);
            let Some(person) = typed.person() else {
                let error = desk.t.say(
                    "Xem lại họ tên và ngày sinh.",
                    "Look at the name and the birth date.",
                );
                let with = Around {
                    fresh: Some(typed),
                    error: Some(error.into()),
                    ..Around::default()
                };
                return one(&desk, &code, with).await;
            };
            let person = issuer
                .add_person(desk.actor(), &desk.actor().place, &person)
                .await?;
            issuer.add_to_tube(desk.actor(), &code, person).await?;
            return Ok(to(&format!("{HERE}/{}", escape(&code))));
        }
        let text = desk.fields.text("q").to_owned();
        if let Ok(scan) = card::read(&text) {
            let typed = Typed::of_card(&scan.card);
            let Some(person) = typed.person() else {
                return one(
                    &desk,
                    &code,
                    Around {
                        fresh: Some(typed),
                        ..Around::default()
                    },
                )
                .await;
            };
            let alike = issuer.alike(desk.actor(), &person).await?;
            let same: Vec<_> = alike
                .iter()
                .filter(|one| one.why == Likeness::Same)
                .collect();
            if let [same] = same.as_slice() {
                issuer
                    .add_to_tube(desk.actor(), &code, same.person.id)
                    .await?;
                return Ok(to(&format!("{HERE}/{}", escape(&code))));
            }
            if alike.is_empty() && scan.mended.is_empty() && !scan.marks_lost {
                let person = issuer
                    .add_person(desk.actor(), &desk.actor().place, &person)
                    .await?;
                issuer.add_to_tube(desk.actor(), &code, person).await?;
                return Ok(to(&format!("{HERE}/{}", escape(&code))));
            }
            let perhaps = alike.into_iter().map(|one| one.person).collect();
            return one(
                &desk,
                &code,
                Around {
                    fresh: Some(typed),
                    perhaps,
                    ..Around::default()
                },
            )
            .await;
        }
        let number = text.bytes().filter(u8::is_ascii_digit).count() >= 5;
        let search = match number {
            true => Search {
                number: Some(text.clone()),
                ..Search::default()
            },
            false => Search {
                name: Some(text.clone()),
                ..Search::default()
            },
        };
        let perhaps = if text.is_empty() {
            vec![]
        } else {
            issuer.find(desk.actor(), &search).await?
        };
        let mut fresh = Typed::default();
        if number {
            fresh.set(Field::Identity, &text)
        } else {
            fresh.set_name(&text)
        }
        let error = perhaps.is_empty().then(|| {
            desk.t
                .say(
                    "Không tìm thấy ai. Gõ thông tin người mới ở dưới.",
                    "Nobody was found. Type the new person below.",
                )
                .to_owned()
        });
        one(
            &desk,
            &code,
            Around {
                typed: text,
                perhaps,
                fresh: Some(fresh),
                error,
                outcome: vec![],
            },
        )
        .await
    })
    .await
}

/// What was typed, with the document in the field of its kind.
fn whole(desk: &Desk) -> Typed {
    let mut typed = Typed::of_form(&desk.fields);
    let identity = typed.get(Field::Identity).replace(' ', "");
    let field = match (identity.len(), identity.bytes().all(|c| c.is_ascii_digit())) {
        (12, true) => Field::Cccd,
        (9, true) => Field::Cmnd,
        _ => Field::Passport,
    };
    typed.preset(field, &identity);
    typed
}

/// The laboratory's result.
pub(crate) async fn read(Path(code): Path<String>, desk: Desk) -> Response {
    desk.answer(async {
        let found = match desk.fields.text("found") {
            "negative" => Found::Negative,
            "positive" => Found::Positive,
            "spoiled" => Found::Spoiled,
            _ => {
                let error = desk.t.say("Chọn kết quả.", "Choose the result.");
                return one(
                    &desk,
                    &code,
                    Around {
                        error: Some(error.into()),
                        ..Around::default()
                    },
                )
                .await;
            }
        };
        let outcomes = desk.issuer().read_tube(desk.actor(), &code, found).await?;
        let outcome = outcomes
            .into_iter()
            .filter_map(|outcome| {
                outcome
                    .err()
                    .map(|refusal| words::refusal(desk.t, &refusal))
            })
            .collect();
        one(
            &desk,
            &code,
            Around {
                outcome,
                ..Around::default()
            },
        )
        .await
    })
    .await
}
