//! Certificates: looked at, printed, corrected, renewed, revoked.

use askama::Template;
use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use print::Kind;

use super::{
    Frame,
    desk::{Desk, Page, escape, id},
    render, to, words,
};
use crate::{
    domain::{
        Refusal,
        board::CertificatesOf,
        certificates::{Reason, ReasonKind, Which},
    },
    id::Id,
    paper::Beside,
    place::Place,
    store::{AuditEntry, CertificateRow, PersonRow},
};

const HERE: &str = "/desk/certificates";
const MOST: i64 = 50;

#[derive(Template)]
#[template(path = "certificates.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<(CertificateRow, PersonRow)>,
    lot: String,
    state: String,
    within: String,
    next: Option<String>,
}

/// `GET /desk/certificates`: the newest of the place; by lot, state, place.
pub(crate) async fn list(desk: Desk) -> Response {
    desk.answer(async {
        let within = match desk.asked("within") {
            "" => None,
            path => Some(
                path.parse::<Place>()
                    .map_err(|_| Refusal::NotFound("place"))?,
            ),
        };
        let of = CertificatesOf {
            within,
            lot: desk.asked("lot").to_owned(),
            state: desk.asked("state").to_owned(),
            before: desk.asked("before").parse().ok(),
        };
        let rows = desk
            .issuer()
            .certificates_list(desk.actor(), &of, MOST)
            .await?;
        let full = i64::try_from(rows.len()).unwrap_or(0) == MOST;
        let last = rows.last().filter(|_| full).map(|(row, _)| row.issued_at);
        let (lot, state) = (of.lot, of.state);
        let within = desk.asked("within").to_owned();
        let next = last.map(|before| {
            format!(
                "{HERE}?before={before}&lot={}&state={}&within={}",
                escape(&lot),
                escape(&state),
                escape(&within)
            )
        });
        let title = desk.t.say("Chứng nhận đã cấp", "Certificates");
        Ok(render(&ListPage {
            frame: desk.frame(HERE, title),
            rows,
            lot,
            state,
            within,
            next,
        }))
    })
    .await
}

#[derive(Template)]
#[template(path = "certificate.html")]
struct CertificatePage {
    frame: Frame,
    certificate: CertificateRow,
    person: PersonRow,
    facts: Vec<(&'static str, String)>,
    site: String,
    before: Option<Id>,
    after: Option<Id>,
    reason: String,
    /// How many codes it has.
    codes: Vec<(usize, &'static str)>,
    deeds: Vec<(AuditEntry, String)>,
    claim_code: Option<String>,
    error: Option<String>,
    may_renew: bool,
    done: bool,
}

/// `GET /desk/certificates/{id}`.
pub(crate) async fn show(Path(certificate): Path<String>, desk: Desk) -> Response {
    desk.answer(async { page(&desk, id(&certificate, "certificate")?, None, None).await })
        .await
}

async fn page(
    desk: &Desk,
    certificate: Id,
    error: Option<String>,
    claim_code: Option<String>,
) -> Page {
    let t = desk.t;
    let issuer = desk.issuer();
    let certificate = issuer.certificate(desk.actor(), certificate).await?;
    let (waiting, _) = issuer
        .whole_record(desk.actor(), certificate.record)
        .await?;
    let site = desk.place_name(&certificate.site).await?;
    let of = |bytes: &Option<Vec<u8>>| bytes.as_deref().and_then(Id::from_slice);
    let (before, after) = (of(&certificate.replaces), of(&certificate.replaced_by));
    let deeds = issuer.trail(desk.actor(), certificate.id).await?;
    let deeds = deeds.into_iter().map(|deed| {
        let said = words::action(t, &deed.action);
        (deed, said)
    });
    let profile = |name: &'static str| match name {
        "national" => t.say("Mã trong nước", "National code"),
        _ => t.say("Mã quốc tế", "International code"),
    };
    let there = [
        ("national", certificate.national.is_some()),
        ("international", certificate.international.is_some()),
    ];
    let codes = there.into_iter().filter(|(_, there)| *there).enumerate();
    let codes = codes
        .map(|(index, (name, _))| (index, profile(name)))
        .collect();
    let reason = certificate
        .reason
        .as_deref()
        .map_or_else(String::new, |reason| {
            let (kind, text) = reason
                .split_once(": ")
                .or(reason.split_once(' '))
                .unwrap_or((reason, ""));
            let said = reason_word(t, kind);
            if text.is_empty() {
                said.to_owned()
            } else {
                format!("{said}: {text}")
            }
        });
    let now = issuer.clock.now().unix();
    let renew = issuer.settings.lives.renew * 86_400;
    let may_renew =
        certificate.state == "valid" && certificate.expires_at - now <= renew && after.is_none();
    let facts = sheet_facts(desk, &certificate)?;
    let page = CertificatePage {
        frame: desk.frame("", &words::name(&waiting.person)),
        person: waiting.person,
        deeds: deeds.collect(),
        done: false,
        certificate,
        facts,
        site,
        before,
        after,
        reason,
        codes,
        claim_code,
        error,
        may_renew,
    };
    Ok(render(&page))
}

/// The facts in the words and the order of the sheet.
fn sheet_facts(
    desk: &Desk,
    certificate: &CertificateRow,
) -> Result<Vec<(&'static str, String)>, Refusal> {
    let t = desk.t;
    if certificate.national.is_none() && certificate.international.is_none() {
        return Ok(vec![]);
    }
    let facts = desk.issuer().facts(certificate, &Beside::default())?;
    Ok(facts
        .rows()
        .into_iter()
        .map(|row| {
            (
                t.say(row.vi, row.en),
                t.say(&row.value.vi, &row.value.en).to_owned(),
            )
        })
        .collect())
}

/// Why, in words.
fn reason_word(t: service::language::Tongue, word: &str) -> &'static str {
    match word {
        "correction" => t.say("đính chính", "corrected"),
        "mistake" => t.say("cấp nhầm", "issued by mistake"),
        "fraud" => t.say("gian lận", "fraud"),
        "lot" => t.say("lô vắc xin hoặc xét nghiệm hỏng", "a spoiled lot or test"),
        "wish" => t.say(
            "theo yêu cầu của người có chứng nhận",
            "the person asked for it",
        ),
        _ => t.say("lý do khác", "another reason"),
    }
}

/// `GET /desk/certificates/{id}/pdf?kind=fold`.
pub(crate) async fn pdf(Path(certificate): Path<String>, desk: Desk) -> Response {
    desk.answer(async {
        let certificate = id(&certificate, "certificate")?;
        let (kind, name) = match desk.asked("kind") {
            "card" => (Kind::Card, "card"),
            "label" => (Kind::Label, "label"),
            _ => (Kind::Fold, "fold"),
        };
        let pdf = desk
            .issuer()
            .pdf(desk.actor(), kind, &[certificate])
            .await?
            .pdf;
        // No name of a person in the name of the file.
        let name = format!(
            "attachment; filename=\"hcert-{name}-{}.pdf\"",
            &certificate.to_string()[..12]
        );
        let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/pdf"),
            ),
            (header::CONTENT_DISPOSITION, name),
        ];
        Ok((headers, pdf).into_response())
    })
    .await
}

/// `GET /desk/certificates/{id}/code.png`: the code in front as a picture; `?n=1` the other one.
pub(crate) async fn picture(Path(certificate): Path<String>, desk: Desk) -> Response {
    desk.answer(async {
        let mut row = desk
            .issuer()
            .certificate(desk.actor(), id(&certificate, "certificate")?)
            .await?;
        if desk.asked("n") == "1" && row.international.is_some() {
            row.national = None;
        }
        let picture = desk.issuer().png(&row)?;
        Ok(([(header::CONTENT_TYPE, "image/png")], picture).into_response())
    })
    .await
}

/// `POST /desk/certificates/{id}/renew`.
pub(crate) async fn renew(Path(certificate): Path<String>, desk: Desk) -> Response {
    desk.answer(async {
        let made = desk
            .issuer()
            .renew(desk.actor(), id(&certificate, "certificate")?)
            .await?;
        Ok(match made.certificate {
            Some(new) => to(&format!("/desk/certificates/{new}")),
            None => to(&format!("/desk/records/{}", made.record)),
        })
    })
    .await
}

/// `POST /desk/certificates/{id}/claim`: a fresh code with which the citizen fetches it.
pub(crate) async fn claim(Path(certificate): Path<String>, desk: Desk) -> Response {
    desk.answer(async {
        let certificate = id(&certificate, "certificate")?;
        let code = desk.issuer().claim_code(desk.actor(), certificate).await?;
        page(&desk, certificate, None, Some(code)).await
    })
    .await
}

fn reason_of(desk: &Desk) -> Result<Reason, Refusal> {
    let kind = match desk.fields.text("kind") {
        "mistake" => ReasonKind::Mistake,
        "fraud" => ReasonKind::Fraud,
        "lot" => ReasonKind::Lot,
        "wish" => ReasonKind::Wish,
        _ => return Err(Refusal::Asked("a reason is needed".into())),
    };
    Ok(Reason {
        kind,
        text: desk.fields.text("reason").to_owned(),
    })
}

/// `POST /desk/certificates/{id}/revoke`: one certificate, one person; the number typed is 1.
pub(crate) async fn revoke_one(Path(certificate): Path<String>, desk: Desk) -> Response {
    desk.answer(async {
        let certificate = id(&certificate, "certificate")?;
        let expect = desk.fields.text("expect").parse().unwrap_or(-1);
        let reason = match reason_of(&desk) {
            Ok(reason) => reason,
            Err(_) => {
                let error = desk
                    .t
                    .say("Chọn lý do thu hồi.", "Choose why it is revoked.");
                return page(&desk, certificate, Some(error.into()), None).await;
            }
        };
        let which = Which::These(vec![certificate]);
        match desk
            .issuer()
            .revoke(desk.actor(), &which, &reason, expect)
            .await
        {
            Ok(_) => Ok(to(&format!("/desk/certificates/{certificate}"))),
            Err(refusal @ Refusal::Count { .. }) => {
                let said = words::refusal(desk.t, &refusal);
                page(&desk, certificate, Some(said), None).await
            }
            Err(other) => Err(other),
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "revoke.html")]
struct RevokePage {
    frame: Frame,
    by: String,
    lot: String,
    place: String,
    who: String,
    from: String,
    to: String,
    hits: Option<i64>,
    kind: String,
    reason: String,
    done: Option<i64>,
    error: Option<String>,
}

/// `GET /desk/revoke`: many at once, by lot, site or clerk.
pub(crate) async fn revoke_form(desk: Desk) -> Response {
    desk.answer(async { Ok(render(&revoke_page(&desk))) }).await
}

fn revoke_page(desk: &Desk) -> RevokePage {
    let text = |name: &str| desk.text(name).to_owned();
    RevokePage {
        frame: desk.frame(
            "/desk/revoke",
            desk.t.say("Thu hồi nhiều chứng nhận", "Revoke many"),
        ),
        by: text("by"),
        lot: text("lot"),
        place: text("place"),
        who: text("who"),
        from: text("from"),
        to: text("to"),
        hits: None,
        kind: text("kind"),
        reason: text("reason"),
        done: None,
        error: None,
    }
}

/// What was asked for; days of the country, the last one included.
fn which(desk: &Desk) -> Result<Which, String> {
    let t = desk.t;
    let span = || {
        let day = |name: &str| hcert::date::Date::parse_typed(desk.fields.text(name)).ok();
        let wrong = || {
            t.say(
                "Ghi hai ngày, như 26/02/2026.",
                "Write both days, as 26/02/2026.",
            )
            .to_owned()
        };
        let (from, to) = day("from")
            .zip(day("to"))
            .filter(|(from, to)| from <= to)
            .ok_or_else(wrong)?;
        let epoch = hcert::date::Date::new(1970, 1, 1).map_err(|_| wrong())?;
        let offset = i64::from(desk.issuer().settings.offset) * 60;
        let start = |day: hcert::date::Date| i64::from(day.days_since(epoch)) * 86_400 - offset;
        Ok::<_, String>((start(from), start(to) + 86_400))
    };
    match desk.fields.text("by") {
        "lot" => match desk.fields.text("lot") {
            "" => Err(t.say("Ghi số lô.", "Write the lot.").into()),
            lot => Ok(Which::Lot(lot.to_owned())),
        },
        "site" => {
            let place = desk.fields.text("place").parse();
            let place = place.map_err(|_| {
                t.say(
                    "Mã địa điểm như VN/79/26734/BN1.",
                    "A place as VN/79/26734/BN1.",
                )
                .to_owned()
            })?;
            let (from, to) = span()?;
            Ok(Which::Site(place, from, to))
        }
        "who" => match desk.fields.text("who") {
            "" => Err(t
                .say(
                    "Ghi tên đăng nhập của người đã ghi.",
                    "Write who recorded it.",
                )
                .into()),
            who => {
                let (from, to) = span()?;
                let who = if who.contains(':') {
                    who.to_owned()
                } else {
                    format!("user:{who}")
                };
                Ok(Which::By(who, from, to))
            }
        },
        _ => Err(t.say("Chọn thu hồi theo gì.", "Choose by what.").into()),
    }
}

/// `POST /desk/revoke`: first the count, then the act with the number typed.
pub(crate) async fn revoke(desk: Desk) -> Response {
    desk.answer(async {
        let mut page = revoke_page(&desk);
        let which = match which(&desk) {
            Ok(which) => which,
            Err(said) => {
                page.error = Some(said);
                return Ok(render(&page));
            }
        };
        let hits = desk.issuer().count(desk.actor(), &which).await?;
        page.hits = Some(hits);
        if desk.fields.text("do") == "revoke" {
            let expect = desk
                .fields
                .text("expect")
                .replace(['.', ',', ' '], "")
                .parse()
                .unwrap_or(-1);
            let done = match reason_of(&desk) {
                Ok(reason) => {
                    desk.issuer()
                        .revoke(desk.actor(), &which, &reason, expect)
                        .await
                }
                Err(refusal) => Err(refusal),
            };
            match done {
                Ok(done) => {
                    page.done = Some(done);
                    page.hits = None;
                }
                Err(refusal @ (Refusal::Count { .. } | Refusal::Asked(_))) => {
                    page.error = Some(words::refusal(desk.t, &refusal));
                }
                Err(other) => return Err(other),
            }
        }
        Ok(render(&page))
    })
    .await
}
