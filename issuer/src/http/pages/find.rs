//! Find or scan: one box for everything that a reader types or a person remembers.

use askama::Template;
use axum::response::Response;
use intake::{
    card::{self, CardError},
    field::Field,
};

use super::{
    Frame,
    desk::{Desk, Page},
    record::{self, Purpose, Said, facts},
    render, to,
    typed::{self, Typed},
    words,
};
use crate::{
    domain::{
        Refusal,
        persons::{Likeness, Search},
    },
    store::PersonRow,
};

const HERE: &str = "/desk/find";

#[derive(Template)]
#[template(path = "find.html")]
struct FindPage {
    frame: Frame,
    typed: String,
    /// What is wrong with a scan, and what to do.
    advice: Option<String>,
    searched: bool,
    found: Vec<(PersonRow, String)>,
    /// What a new person would begin with.
    fresh: Vec<(&'static str, String)>,
}

pub(crate) async fn show(desk: Desk) -> Response {
    desk.answer(async { page(&desk, "", None, None, &Typed::default()).await })
        .await
}

pub(crate) async fn find(desk: Desk) -> Response {
    desk.answer(async { look(&desk).await }).await
}

async fn page(
    desk: &Desk,
    text: &str,
    advice: Option<String>,
    found: Option<Vec<PersonRow>>,
    fresh: &Typed,
) -> Page {
    let t = desk.t;
    let searched = found.is_some();
    let issuer = desk.issuer();
    let today = issuer.clock.now().unix() + i64::from(issuer.settings.offset) * 60;
    let today =
        hcert::date::Date::from_unix_seconds(today).map_or_else(String::new, |day| day.to_string());
    let found = found.unwrap_or_default();
    let found = found.into_iter().map(|person| {
        let birth = facts::birth(t, &person.birth, &today);
        (person, birth)
    });
    Ok(render(&FindPage {
        frame: desk.frame(HERE, t.say("Tìm hoặc quét", "Find or scan")),
        typed: text.to_owned(),
        found: found.collect(),
        fresh: fresh.all(),
        searched,
        advice,
    }))
}

async fn look(desk: &Desk) -> Page {
    let t = desk.t;
    let text = desk.fields.text("q").to_owned();
    if text.is_empty() {
        let advice = t.say(
            "Ô trống. Quét thẻ căn cước hoặc thẻ BHYT, hoặc gõ số giấy tờ, họ tên, ngày sinh.",
            "Nothing came. Scan a citizen card or an insurance card, or type a number, a name, a birth date.",
        );
        return page(desk, "", Some(advice.into()), None, &Typed::default()).await;
    }
    let upper = text.to_ascii_uppercase();
    if upper.starts_with("HC1:") || upper.contains("URN:UVCI:") {
        return match desk
            .issuer()
            .certificate_by_text(
                desk.actor(),
                if upper.starts_with("HC1:") {
                    &text
                } else {
                    &upper
                },
            )
            .await
        {
            Ok(row) => Ok(to(&format!("/desk/certificates/{}", row.id))),
            Err(Refusal::NotFound(_)) => {
                let advice = t.say(
                    "Không có chứng nhận nào như vậy ở nơi bạn được xem. Nếu mã do nước khác hoặc nơi khác cấp thì không tìm thấy ở đây.",
                    "There is no such certificate where you may look. One that another place or country issued is not found here.",
                );
                page(desk, &text, Some(advice.into()), None, &Typed::default()).await
            }
            Err(other) => Err(other),
        };
    }
    match card::read(&text) {
        Ok(scan) => scanned(desk, &scan).await,
        Err(error) if is_scan(&text, &error) => {
            let advice = words::intake(t).card(&error);
            page(desk, &text, Some(advice), None, &Typed::default()).await
        }
        Err(_) => search(desk, &text).await,
    }
}

/// A card leads straight to the work: to the known person's, or to a form with everything filled in.
async fn scanned(desk: &Desk, scan: &card::Scan) -> Page {
    let words = words::intake(desk.t);
    let mut notes: Vec<String> = scan
        .mended
        .iter()
        .map(|mending| words.mending(mending))
        .collect();
    if scan.marks_lost {
        notes.push(words.marks_lost().to_owned());
    }
    let typed = Typed::of_card(&scan.card);
    let mut known = None;
    if let Some(person) = typed.person() {
        let alike = desk.issuer().alike(desk.actor(), &person).await?;
        let mut same = alike.into_iter().filter(|one| one.why == Likeness::Same);
        // Two who are the same are for a person to look at.
        known = same
            .next()
            .map(|one| one.person.id)
            .filter(|_| same.next().is_none());
    }
    if !desk.actor().is(crate::roles::Role::Clerk) {
        return match known {
            Some(person) => Ok(to(&format!("/desk/persons/{person}"))),
            None => {
                let number = typed.get(Field::Cccd).to_owned();
                search(
                    desk,
                    if number.is_empty() {
                        typed.get(Field::Bhyt)
                    } else {
                        &number
                    },
                )
                .await
            }
        };
    }
    let purpose = Purpose {
        person: known,
        ..Purpose::default()
    };
    let typed = if known.is_some() {
        Typed::default()
    } else {
        typed
    };
    record::form(
        desk,
        typed,
        purpose,
        Said {
            notes,
            ..Said::default()
        },
    )
    .await
}

async fn search(desk: &Desk, text: &str) -> Page {
    let mut search = Search::default();
    let mut fresh = Typed::default();
    let mut name = Vec::new();
    let (ready, whole) = (text.split_whitespace(), text.replace(' ', ""));
    let all_digits = whole.len() >= 8 && whole.bytes().all(|c| c.is_ascii_digit());
    let words: Vec<&str> = if all_digits {
        vec![whole.as_str()]
    } else {
        ready.collect()
    };
    for word in words {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        if let Some(birth) = typed::birth(word) {
            fresh.set(Field::BirthDate, &typed::as_typed(&birth));
            search.birth = Some(birth);
        } else if digits >= 5 {
            fresh.set(Field::Identity, word);
            search.number = Some(word.to_owned());
        } else {
            name.push(word);
        }
    }
    if !name.is_empty() {
        let name = name.join(" ");
        fresh.set_name(&name);
        search.name = Some(name);
    }
    let found = desk.issuer().find(desk.actor(), &search).await?;
    page(desk, text, None, Some(found), &fresh).await
}

/// Whether a text was a scan that went wrong, and not something that a person typed to search.
fn is_scan(text: &str, error: &CardError) -> bool {
    if matches!(
        error,
        CardError::TooLong | CardError::Link | CardError::TwoScans | CardError::Certificate
    ) {
        return true;
    }
    let separators = text.matches(['|', '~', '¦', '\\', '§', 'µ', '^']).count();
    separators >= 2 || text.chars().count() > 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_and_searches() {
        let cut = card::read("079198000001||LÊ THỊ B|0503").unwrap_err();
        assert!(is_scan("079198000001||LÊ THỊ B|0503", &cut));
        for typed in ["Lê Thị B", "079198000001", "26/02/1998", "Lê 1998"] {
            let error = card::read(typed).unwrap_err();
            assert!(!is_scan(typed, &error), "{typed} {error:?}");
        }
    }
}
