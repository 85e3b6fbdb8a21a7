//! Programs that use the API.

use askama::Template;
use axum::response::Response;
use service::roles::Role as _;
use zeroize::Zeroizing;

use super::{
    Frame,
    desk::{Desk, Page},
    render, words,
};
use crate::{
    domain::Refusal,
    place::Place,
    roles::{Role, Roles},
    store::ClientRow,
};

const HERE: &str = "/desk/programs";

#[derive(Template)]
#[template(path = "programs.html")]
struct ProgramsPage {
    frame: Frame,
    rows: Vec<(ClientRow, String)>,
    ticks: Vec<(&'static str, &'static str, bool)>,
    typed: (String, String, String),
    error: Option<String>,
    key: Option<(String, Zeroizing<String>)>,
}

pub(crate) async fn list(desk: Desk) -> Response {
    desk.answer(page(&desk, None, None)).await
}

async fn page(
    desk: &Desk,
    error: Option<String>,
    key: Option<(String, Zeroizing<String>)>,
) -> Page {
    let t = desk.t;
    let rows = desk.issuer().clients(desk.actor()).await?;
    let rows = rows.into_iter().map(|row| {
        let roles = words::roles(t, &row.roles);
        (row, roles)
    });
    let kept = |name: &str| match key.is_some() {
        true => String::new(),
        false => desk.fields.text(name).to_owned(),
    };
    let ticked = |role: Role| key.is_none() && desk.fields.is_ticked(role.name());
    let ticks = Role::ALL
        .iter()
        .map(|role| (role.name(), words::role(t, *role), ticked(*role)));
    Ok(render(&ProgramsPage {
        frame: desk.frame(HERE, t.say("Chương trình", "Programs")),
        rows: rows.collect(),
        ticks: ticks.collect(),
        typed: (kept("name"), kept("place"), kept("spki")),
        error,
        key,
    }))
}

pub(crate) async fn change(desk: Desk) -> Response {
    desk.answer(async {
        let t = desk.t;
        let issuer = desk.issuer();
        let name = desk.fields.text("name").to_owned();
        if desk.fields.text("do") == "disable" {
            issuer.disable_client(desk.actor(), &name).await?;
            return page(&desk, None, None).await;
        }
        let Ok(place) = desk.fields.text("place").parse::<Place>() else {
            let error = t.say(
                "Mã địa điểm như VN/79/26734/BN1.",
                "A place as VN/79/26734/BN1.",
            );
            return page(&desk, Some(error.into()), None).await;
        };
        let Some(spki) = spki(desk.fields.text("spki")) else {
            let error = t.say(
                "Dán khóa công khai của chương trình, dạng PEM (BEGIN PUBLIC KEY).",
                "Paste the program's public key as PEM (BEGIN PUBLIC KEY).",
            );
            return page(&desk, Some(error.into()), None).await;
        };
        let roles = Role::ALL
            .iter()
            .copied()
            .filter(|role| desk.fields.is_ticked(role.name()));
        match issuer
            .add_client(desk.actor(), &name, Roles::of(roles), &place, &spki)
            .await
        {
            Ok(key) => page(&desk, None, Some((name, key))).await,
            Err(
                refusal @ (Refusal::Asked(_)
                | Refusal::Exists(_)
                | Refusal::People(_)
                | Refusal::Role(_)),
            ) => {
                let said = words::refusal(t, &refusal);
                page(&desk, Some(said), None).await
            }
            Err(other) => Err(other),
        }
    })
    .await
}

/// The DER of a public key in PEM, or in Base64 alone.
fn spki(text: &str) -> Option<Vec<u8>> {
    let lines = text.lines().filter(|line| !line.starts_with("-----"));
    let base64: String = lines.flat_map(str::split_whitespace).collect();
    data_encoding::BASE64
        .decode(base64.as_bytes())
        .ok()
        .filter(|der| !der.is_empty())
}
