//! Staff: accounts, roles, first passwords, one-time codes.

use askama::Template;
use axum::response::Response;
use service::roles::Role as _;
use zeroize::Zeroizing;

use super::{
    Frame,
    desk::{Desk, Page, escape},
    render, words,
};
use crate::{
    domain::{
        Refusal,
        accounts::{AccountChange, Given},
    },
    place::Place,
    roles::{Role, Roles},
    store::AccountRow,
};

const HERE: &str = "/desk/people";

/// An account with its words.
struct Row {
    account: AccountRow,
    roles: String,
    place: String,
    ticks: Vec<(&'static str, &'static str, bool)>,
}

/// A secret of one-time codes, to be scanned or typed into a phone.
struct Phone {
    secret: Zeroizing<String>,
    /// A picture as a `data:` address.
    picture: Zeroizing<String>,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    frame: Frame,
    within: String,
    rows: Vec<Row>,
    ticks: Vec<(&'static str, &'static str, bool)>,
    typed: (String, String, String),
    error: Option<String>,
    done: Option<String>,
    passwords: Vec<(String, Zeroizing<String>)>,
    phone: Option<(String, Phone)>,
}

#[derive(Default)]
struct Said {
    error: Option<String>,
    done: Option<String>,
    password: Option<(String, Zeroizing<String>)>,
    phone: Option<(String, Phone)>,
}

pub(crate) async fn list(desk: Desk) -> Response {
    desk.answer(page(&desk, Said::default())).await
}

fn ticks(desk: &Desk, own: &Roles) -> Vec<(&'static str, &'static str, bool)> {
    let all = Role::ALL.iter().copied();
    all.map(|role| (role.name(), words::role(desk.t, role), own.has(role)))
        .collect()
}

async fn page(desk: &Desk, said: Said) -> Page {
    let t = desk.t;
    let within: Place = match desk.text("within") {
        "" => desk.actor().place.clone(),
        path => path.parse().map_err(|_| Refusal::NotFound("place"))?,
    };
    let mut rows = Vec::new();
    for account in desk.issuer().accounts(desk.actor(), &within).await? {
        let own: Roles = account.roles.parse().unwrap_or_default();
        rows.push(Row {
            roles: words::roles(t, &account.roles),
            place: desk.place_name(&account.place).await?,
            ticks: ticks(desk, &own),
            account,
        });
    }
    let typed = |name: &str| desk.fields.text(name).to_owned();
    let is_error = said.error.is_some() && desk.fields.text("do") == "add";
    let kept = |name: &str| if is_error { typed(name) } else { String::new() };
    let chosen = if is_error {
        chosen(desk)
    } else {
        Roles::of([Role::Clerk])
    };
    Ok(render(&PeoplePage {
        frame: desk.frame(HERE, t.say("Nhân viên", "Staff")),
        within: within.to_string(),
        rows,
        ticks: ticks(desk, &chosen),
        typed: (kept("name"), kept("full_name"), kept("place")),
        error: said.error,
        done: said.done,
        passwords: said.password.into_iter().collect(),
        phone: said.phone,
    }))
}

/// The roles that are ticked.
fn chosen(desk: &Desk) -> Roles {
    let ticked = |role: &Role| desk.fields.is_ticked(role.name());
    Roles::of(Role::ALL.iter().copied().filter(ticked))
}

pub(crate) async fn change(desk: Desk) -> Response {
    desk.answer(async {
        let issuer = desk.issuer();
        let name = desk.fields.text("name").to_owned();
        let change = match desk.fields.text("do") {
            "reset" => AccountChange {
                reset: true,
                ..AccountChange::default()
            },
            "roles" => AccountChange {
                roles: Some(chosen(&desk)),
                ..AccountChange::default()
            },
            "disable" => AccountChange {
                disabled: Some(true),
                ..AccountChange::default()
            },
            "enable" => AccountChange {
                disabled: Some(false),
                ..AccountChange::default()
            },
            "codes-on" => AccountChange {
                totp: Some(true),
                ..AccountChange::default()
            },
            "codes-off" => AccountChange {
                totp: Some(false),
                ..AccountChange::default()
            },
            _ => return add(&desk, name).await,
        };
        match issuer.change_account(desk.actor(), &name, change).await {
            Ok(Given { password, secret }) => {
                let phone = match secret {
                    Some(secret) => Some((name.clone(), phone(&desk, &name, secret.base32())?)),
                    None => None,
                };
                let password = password.map(|password| (name.clone(), password));
                page(
                    &desk,
                    Said {
                        done: Some(name),
                        password,
                        phone,
                        error: None,
                    },
                )
                .await
            }
            Err(refusal) => refused(&desk, refusal).await,
        }
    })
    .await
}

async fn add(desk: &Desk, name: String) -> Page {
    let t = desk.t;
    let issuer = desk.issuer();
    let place = match desk.fields.text("place") {
        "" => Ok(desk.actor().place.clone()),
        path => path.parse::<Place>(),
    };
    let Ok(place) = place else {
        let error = t.say(
            "Mã địa điểm như VN/79/26734/BN1.",
            "A place as VN/79/26734/BN1.",
        );
        return page(
            desk,
            Said {
                error: Some(error.into()),
                ..Said::default()
            },
        )
        .await;
    };
    let full_name = desk.fields.text("full_name");
    match issuer
        .add_account(desk.actor(), &name, full_name, chosen(desk), &place)
        .await
    {
        Ok(password) => {
            let password = Some((name.clone(), password));
            page(
                desk,
                Said {
                    done: Some(name),
                    password,
                    ..Said::default()
                },
            )
            .await
        }
        Err(refusal) => refused(desk, refusal).await,
    }
}

async fn refused(desk: &Desk, refusal: Refusal) -> Page {
    match refusal {
        Refusal::Asked(_)
        | Refusal::Exists(_)
        | Refusal::People(_)
        | Refusal::Role(_)
        | Refusal::State { .. } => {
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

/// The address that phones' programs read (Google Authenticator's key URI format), as a picture.
fn phone(desk: &Desk, name: &str, secret: String) -> Result<Phone, Refusal> {
    let authority = escape(desk.issuer().settings.authority.as_str());
    let text = Zeroizing::new(format!(
        "otpauth://totp/{authority}:{}?secret={secret}&issuer={authority}",
        escape(name)
    ));
    let drawn = qr::encode::Symbol::new(&text, &qr::encode::Options::default());
    let drawn = drawn.map_err(|_| Refusal::Asked("the name is too long for a picture".into()))?;
    Ok(Phone {
        picture: Zeroizing::new(svg(&drawn)),
        secret: Zeroizing::new(secret),
    })
}

/// A symbol as an SVG in a `data:` address, with its quiet zone of four modules.
fn svg(symbol: &qr::encode::Symbol) -> String {
    let size = symbol.width() + 8;
    let mut path = String::new();
    for y in 0..symbol.width() {
        for x in (0..symbol.width()).filter(|x| symbol.is_dark(*x, y)) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + 4, y + 4));
        }
    }
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path d=\"{path}\"/></svg>"
    );
    format!(
        "data:image/svg+xml;base64,{}",
        data_encoding::BASE64.encode(svg.as_bytes())
    )
}
