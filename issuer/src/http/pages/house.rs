//! What is looked after now and then: lots, value sets, keys, alarms, the audit log, the settings.

use askama::Template;
use axum::{extract::Path, response::Response};
use hcert::value_set::Kind;
use keyring::{Due, Profile};

use super::{
    Frame,
    desk::{Desk, Page, id},
    record::input::product_name,
    render, to, words,
};
use crate::{
    domain::Refusal,
    place::Place,
    store::{AlarmRow, AuditEntry, DeliveryRow, DocumentRow},
};

#[derive(Template)]
#[template(path = "lots.html")]
struct LotsPage {
    frame: Frame,
    site: String,
    site_name: String,
    rows: Vec<(DeliveryRow, String)>,
    products: Vec<(String, String)>,
    typed: [String; 5],
    error: Option<String>,
}

/// `GET /desk/lots?site=`.
pub(crate) async fn lots(desk: Desk) -> Response {
    desk.answer(lots_page(&desk, None)).await
}

fn site(desk: &Desk) -> Result<Place, Refusal> {
    match desk.text("site") {
        "" => Ok(desk.actor().place.clone()),
        path => path.parse().map_err(|_| Refusal::NotFound("place")),
    }
}

async fn lots_page(desk: &Desk, error: Option<String>) -> Page {
    let t = desk.t;
    let site = site(desk)?;
    let catalogue = desk.issuer().catalogues.current();
    let rows = desk.issuer().deliveries(desk.actor(), &site).await?;
    let rows = rows.into_iter().map(|row| {
        let name = product_name(&catalogue, &row.product);
        (row, name)
    });
    let products = catalogue
        .sets()
        .entries(Kind::Product)
        .filter(|entry| entry.active);
    let mut products: Vec<_> = products
        .map(|entry| (entry.code.to_owned(), product_name(&catalogue, entry.code)))
        .collect();
    products.sort_by(|a, b| a.1.cmp(&b.1));
    let typed = |name: &str| desk.fields.text(name).to_owned();
    Ok(render(&LotsPage {
        frame: desk.frame("/desk/lots", t.say("Lô vắc xin đã giao", "Lots delivered")),
        site_name: desk.place_name(site.as_str()).await?,
        site: site.to_string(),
        rows: rows.collect(),
        products,
        typed: ["product", "lot", "doses", "delivered_on", "expires_on"].map(typed),
        error,
    }))
}

/// `POST /desk/lots`.
pub(crate) async fn deliver(desk: Desk) -> Response {
    desk.answer(async {
        let t = desk.t;
        let day = |name: &str| {
            let typed = hcert::date::Date::parse_typed(desk.fields.text(name)).ok();
            typed.map(|day| day.to_string())
        };
        let doses = desk
            .fields
            .text("doses")
            .replace(['.', ','], "")
            .parse::<i64>();
        let (Some(delivered_on), Ok(doses)) = (day("delivered_on"), doses) else {
            let error = t.say(
                "Ghi số liều và ngày giao, như 26/02/2026.",
                "Write how many doses, and the day, as 26/02/2026.",
            );
            return lots_page(&desk, Some(error.into())).await;
        };
        let (product, lot) = (desk.fields.text("product"), desk.fields.text("lot"));
        if product.is_empty() || lot.is_empty() {
            let error = t.say(
                "Chọn vắc xin và ghi số lô.",
                "Choose the vaccine and write the lot.",
            );
            return lots_page(&desk, Some(error.into())).await;
        }
        let site = site(&desk)?;
        let delivery = DeliveryRow {
            site: site.to_string(),
            product: product.to_owned(),
            lot: lot.to_ascii_uppercase().replace(' ', ""),
            doses,
            delivered_on,
            expires_on: day("expires_on"),
            at: desk.issuer().clock.now().unix(),
            by_whom: desk.actor().name.clone(),
        };
        match desk.issuer().deliver(desk.actor(), &delivery).await {
            Ok(()) => Ok(to(&format!("/desk/lots?site={site}"))),
            Err(refusal @ (Refusal::Asked(_) | Refusal::NotFound(_))) => {
                lots_page(&desk, Some(words::refusal(t, &refusal))).await
            }
            Err(other) => Err(other),
        }
    })
    .await
}

#[derive(Template)]
#[template(path = "value_sets.html")]
struct ValueSetsPage {
    frame: Frame,
    sets: Vec<(&'static str, &'static str, String, usize)>,
    loaded: Vec<DocumentRow>,
    error: Option<String>,
}

fn set_name(t: service::language::Tongue, kind: Kind) -> &'static str {
    match kind {
        Kind::Disease => t.say("Bệnh", "Diseases"),
        Kind::Prophylaxis => t.say("Loại vắc xin", "Kinds of vaccine"),
        Kind::Product => t.say("Vắc xin", "Vaccines"),
        Kind::Manufacturer => t.say("Nhà sản xuất", "Manufacturers"),
        Kind::TestType => t.say("Loại xét nghiệm", "Types of test"),
        Kind::TestResult => t.say("Kết quả xét nghiệm", "Results"),
        Kind::TestDevice => t.say("Bộ xét nghiệm nhanh", "Rapid test devices"),
        Kind::Country => t.say("Quốc gia", "Countries"),
        _ => t.say("Danh mục khác", "Another set"),
    }
}

/// `GET /desk/value-sets`.
pub(crate) async fn value_sets(desk: Desk) -> Response {
    desk.answer(value_sets_page(&desk, None)).await
}

async fn value_sets_page(desk: &Desk, error: Option<String>) -> Page {
    let t = desk.t;
    let catalogue = desk.issuer().catalogues.current();
    let sets = catalogue.sets();
    let rows = Kind::ALL.into_iter().map(|kind| {
        let count = sets.entries(kind).filter(|entry| entry.active).count();
        (set_name(t, kind), kind.id(), t.date(sets.date(kind)), count)
    });
    Ok(render(&ValueSetsPage {
        frame: desk.frame(
            "/desk/value-sets",
            t.say("Danh mục đang dùng", "Value sets in force"),
        ),
        sets: rows.collect(),
        loaded: desk.issuer().documents(desk.actor()).await?,
        error,
    }))
}

/// `POST /desk/value-sets`: a set in the EU's JSON form, or the table of products.
pub(crate) async fn load(desk: Desk) -> Response {
    desk.answer(async {
        let t = desk.t;
        let file = desk.fields.file_or("file");
        let kind = match desk.fields.text("kind") {
            "products" => "products",
            _ => "value-sets",
        };
        if file.is_empty() {
            let error = t.say("Chọn một tệp.", "Choose a file.");
            return value_sets_page(&desk, Some(error.into())).await;
        }
        let name = match kind {
            "products" => "products".to_owned(),
            // The set says itself which it is.
            _ => serde_json::from_slice::<serde_json::Value>(&file)
                .ok()
                .and_then(|set| Some(set.get("valueSetId")?.as_str()?.to_owned()))
                .unwrap_or_default(),
        };
        match desk
            .issuer()
            .load_document(desk.actor(), kind, &name, &file)
            .await
        {
            Ok(()) => Ok(to("/desk/value-sets")),
            Err(refusal @ Refusal::Asked(_)) => {
                let said = words::refusal(t, &refusal);
                value_sets_page(&desk, Some(said)).await
            }
            Err(other) => Err(other),
        }
    })
    .await
}

/// A document signer with its words.
struct Key {
    kid: String,
    profile: &'static str,
    uses: String,
    from: i64,
    until: i64,
    ends: i64,
    signs: bool,
    place: &'static str,
    age: i64,
}

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage {
    frame: Frame,
    keys: Vec<Key>,
    due: Vec<(bool, String)>,
}

/// `GET /desk/keys`: which keys sign, how old they are, and what is due.
pub(crate) async fn keys(desk: Desk) -> Response {
    desk.answer(async {
        let t = desk.t;
        let issuer = desk.issuer();
        let now = issuer.clock.now();
        let profile = |profile: Profile| match profile {
            Profile::National => t.say("trong nước", "national"),
            Profile::International => t.say("quốc tế", "international"),
        };
        let keys = issuer.keys.all().iter().map(|dsc| {
            let uses = dsc.uses().iter().map(|kind| words::kind(t, kind.name()));
            Key {
                kid: dsc.kid().to_string(),
                profile: profile(dsc.profile()),
                uses: uses.collect::<Vec<_>>().join(", "),
                from: dsc.from().unix(),
                until: dsc.until().unix(),
                ends: dsc.ends().unix(),
                signs: dsc.signs_at(now),
                place: match dsc.place().name() {
                    "file" => t.say("tệp mã hóa", "encrypted file"),
                    _ => t.say("thiết bị bảo mật (HSM)", "hardware module (HSM)"),
                },
                age: now.unix() - dsc.from().unix(),
            }
        });
        let due = issuer.keys.due(now, 90).into_iter().map(|due| {
            let by = t.time(&due.by().unix());
            let soon = due.by().unix() - now.unix() < 30 * 86_400;
            let said = match &due {
                Due::Successor { profile: one, .. } => format!(
                    "{} {}: {} {by}",
                    t.say("Khóa", "The key for"),
                    profile(*one),
                    t.say("không còn khóa nào ký sau", "nothing signs after"),
                ),
                Due::CertificateEnds { kid, .. } => format!(
                    "{} {kid}: {} {by}",
                    t.say("Khóa", "Key"),
                    t.say("chứng thư hết hạn lúc", "its certificate ends at"),
                ),
                Due::Begins { kid, .. } => format!(
                    "{} {kid}: {} {by}",
                    t.say("Khóa", "Key"),
                    t.say("bắt đầu ký lúc", "begins to sign at"),
                ),
                _ => due.to_string(),
            };
            (soon && !matches!(due, Due::Begins { .. }), said)
        });
        Ok(render(&KeysPage {
            frame: desk.frame("/desk/keys", t.say("Khóa ký", "Signing keys")),
            keys: keys.collect(),
            due: due.collect(),
        }))
    })
    .await
}

#[derive(Template)]
#[template(path = "alarms.html")]
struct AlarmsPage {
    frame: Frame,
    rows: Vec<(AlarmRow, &'static str, &'static str, String)>,
    open: usize,
    may_see: bool,
}

/// `GET /desk/alarms`.
pub(crate) async fn alarms(desk: Desk) -> Response {
    desk.answer(async {
        let t = desk.t;
        let mut rows = Vec::new();
        for row in desk.issuer().alarms(desk.actor(), false).await? {
            let (what, to_do) = words::alarm(t, &row.kind);
            let site = desk.place_name(&row.site).await?;
            rows.push((row, what, to_do, site));
        }
        use crate::roles::Role;
        Ok(render(&AlarmsPage {
            frame: desk.frame("/desk/alarms", t.say("Cảnh báo", "Alarms")),
            open: rows.iter().filter(|row| row.0.seen_at.is_none()).count(),
            rows,
            may_see: desk.actor().roles.has_any(&[
                Role::Officer,
                Role::Authority,
                Role::Administrator,
            ]),
        }))
    })
    .await
}

/// `POST /desk/alarms/{id}`: somebody looked at it.
pub(crate) async fn see(Path(alarm): Path<String>, desk: Desk) -> Response {
    desk.answer(async {
        let alarm = id(&alarm, "alarm")?;
        desk.issuer()
            .see_alarm(desk.actor(), alarm, desk.fields.text("note"))
            .await?;
        Ok(to("/desk/alarms"))
    })
    .await
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    frame: Frame,
    rows: Vec<(AuditEntry, String)>,
    subject: String,
    next: Option<i64>,
    chain: Option<Result<i64, i64>>,
}

/// `GET /desk/audit?before=&subject=`; `?check=1` goes through the whole chain.
pub(crate) async fn audit(desk: Desk) -> Response {
    desk.answer(async {
        const MOST: i64 = 100;
        let t = desk.t;
        let subject = desk.asked("subject").to_owned();
        let before = desk.asked("before").parse().unwrap_or(i64::MAX);
        let issuer = desk.issuer();
        let rows = issuer
            .audit_list(desk.actor(), &subject, before, MOST)
            .await?;
        let full = i64::try_from(rows.len()).unwrap_or(0) == MOST && subject.is_empty();
        let next = rows.last().filter(|_| full).map(|row| row.seq);
        let chain = match desk.asked("check") {
            "" => None,
            _ => Some(
                issuer
                    .audit_check(desk.actor())
                    .await?
                    .map_err(|broken| broken.0),
            ),
        };
        let rows = rows.into_iter().map(|row| {
            let said = words::action(t, &row.action);
            (row, said)
        });
        Ok(render(&AuditPage {
            frame: desk.frame("/desk/audit", t.say("Nhật ký", "Audit log")),
            rows: rows.collect(),
            subject,
            next,
            chain,
        }))
    })
    .await
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    frame: Frame,
    groups: Vec<(&'static str, Vec<(&'static str, String)>)>,
}

/// `GET /desk/settings`: as the configuration has them; nobody changes them on a page.
pub(crate) async fn settings(desk: Desk) -> Response {
    desk.answer(async {
        let t = desk.t;
        let s = &desk.issuer().settings;
        let n = |number: i64| t.number(&number);
        let days = |number: i64| format!("{} {}", t.number(&number), t.say("ngày", "days"));
        let yes = |is: bool| {
            t.say(
                if is { "có" } else { "không" },
                if is { "yes" } else { "no" },
            )
            .to_owned()
        };
        let profiles = s.profiles.iter().map(|profile| match profile {
            Profile::National => t.say("trong nước", "national"),
            Profile::International => t.say("quốc tế", "international"),
        });
        let groups = vec![
            (
                t.say("Chung", "In general"),
                vec![
                    (t.say("Quốc gia", "Country"), s.country.clone()),
                    (
                        t.say("Cơ quan cấp", "Authority"),
                        s.authority.as_str().to_owned(),
                    ),
                    (
                        t.say("Mã trên chứng nhận", "Codes on a certificate"),
                        profiles.collect::<Vec<_>>().join(", "),
                    ),
                    (
                        t.say(
                            "Mọi cơ sở ghi, duyệt và cấp trong một bước",
                            "All sites do all steps at once",
                        ),
                        yes(s.one_step),
                    ),
                    (
                        t.say("Bản thử: in chữ mẫu trên mọi tờ", "Specimen on every sheet"),
                        yes(s.specimen),
                    ),
                    (
                        t.say(
                            "Người dân nhận chứng nhận ở",
                            "Citizens fetch certificates at",
                        ),
                        s.public_url
                            .clone()
                            .unwrap_or_else(|| t.say("chưa mở", "not set up").into()),
                    ),
                    (
                        t.say("Ví điện tử ở", "The wallet is at"),
                        s.wallet_url
                            .clone()
                            .unwrap_or_else(|| t.say("chưa mở", "not set up").into()),
                    ),
                    (
                        t.say("Mã nhận dùng được trong", "A claim code is good for"),
                        days(s.claim_days),
                    ),
                ],
            ),
            (
                t.say("Chứng nhận có giá trị", "How long certificates are good"),
                vec![
                    (
                        t.say("Tiêm chủng", "Vaccination"),
                        days(s.lives.vaccination),
                    ),
                    (t.say("Xét nghiệm", "Test"), days(s.lives.test)),
                    (t.say("Khỏi bệnh", "Recovery"), days(s.lives.recovery)),
                    (
                        t.say(
                            "Cấp lại được trước khi hết hạn",
                            "May be renewed before the end",
                        ),
                        days(s.lives.renew),
                    ),
                ],
            ),
            (
                t.say("Giới hạn", "Limits"),
                vec![
                    (
                        t.say("Một người trong 24 giờ", "One person in 24 hours"),
                        n(s.limits.person_day),
                    ),
                    (
                        t.say("Một nhân viên trong một giờ", "One clerk in an hour"),
                        n(s.limits.clerk_hour),
                    ),
                    (
                        t.say("Một cơ sở trong một giờ", "One site in an hour"),
                        n(s.limits.site_hour),
                    ),
                    (
                        t.say("Một chương trình trong một giờ", "One program in an hour"),
                        n(s.limits.client_hour),
                    ),
                    (
                        t.say("Ban đêm", "Night"),
                        format!("{}:00 – {}:00", s.limits.night.0, s.limits.night.1),
                    ),
                ],
            ),
            (
                t.say("Lưu giữ dữ liệu cá nhân", "How long personal data stays"),
                vec![
                    (
                        t.say("Sau khi chứng nhận hết hạn", "After a certificate's end"),
                        days(s.retention.certificates),
                    ),
                    (
                        t.say("Tệp cấp hàng loạt", "Uploaded files"),
                        days(s.retention.jobs),
                    ),
                    (
                        t.say("Phản ánh đã trả lời", "Answered complaints"),
                        days(s.retention.complaints),
                    ),
                ],
            ),
        ];
        Ok(render(&SettingsPage {
            frame: desk.frame("/desk/settings", t.say("Thiết lập", "Settings")),
            groups,
        }))
    })
    .await
}
