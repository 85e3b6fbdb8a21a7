//! A citizen's way to the own certificate, through the domain and through the pages.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{HeaderMap, Request},
};
use common::{DAY, World, at, dose, entry, settings, user};
use issuer::{
    domain::{
        Refusal,
        claims::{ClaimCode, MOST_FAILURES},
        desk::Upto,
        settings::Settings,
    },
    http::{App, metrics::Metrics, router},
    id::Id,
};
use service::language::Language;
use tower::ServiceExt as _;

fn public() -> Settings {
    Settings {
        public_url: Some("https://hcert.example.vn".into()),
        wallet_url: Some("https://hcert.example.vn/app/wallet/".into()),
        ..settings()
    }
}

/// Somebody born on 2 February 1998: of `dose(1)`.
const BORN: &str = "01/02/1998";

async fn world() -> (World, Id, String) {
    let world = World::sqlite(public()).await;
    let (id, code) = printed(&world, 1).await;
    (world, id, code)
}

async fn printed(world: &World, number: u32) -> (Id, String) {
    let entry = entry(dose(number), Upto::Certified);
    let made = world.issuer.take(&user("ca"), entry).await.unwrap();
    let id = made.certificate.unwrap();
    let code = world.issuer.claim_code(&user("lan"), id).await.unwrap();
    (id, code)
}

/// Another code that nobody has.
fn other_code(code: &str) -> String {
    loop {
        let other = ClaimCode::new().unwrap().to_string();
        if other != code {
            return other;
        }
    }
}

#[tokio::test]
async fn code_and_birth_date_give_the_certificate() {
    let (world, id, code) = world().await;
    let claim = async |code: &str, birth: &str| world.issuer.claim(code, birth, "192.0.2.1").await;
    assert_eq!(claim(&code, BORN).await.unwrap().id, id);
    let typed = code
        .to_lowercase()
        .replace('-', " ")
        .replace('0', "o")
        .replace('1', "l");
    assert_eq!(claim(&typed, "01021998").await.unwrap().id, id);
    assert_eq!(claim(&code, "1998-02-01").await.unwrap().id, id);
    // Nothing of the code is in the database.
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM claims WHERE length(code) = 32")
            .await,
        1
    );
    assert!(matches!(
        claim(&code, "02/02/1998").await.unwrap_err(),
        Refusal::NotFound(_)
    ));
    assert!(matches!(
        claim(&code, "1998").await.unwrap_err(),
        Refusal::NotFound(_)
    ));
    assert!(matches!(
        claim(&other_code(&code), BORN).await.unwrap_err(),
        Refusal::NotFound(_)
    ));
    assert!(matches!(
        claim(&code, "yesterday").await.unwrap_err(),
        Refusal::Asked(_)
    ));
    // A new code ends the one before.
    let again = world.issuer.claim_code(&user("lan"), id).await.unwrap();
    assert!(claim(&code, BORN).await.is_err());
    assert_eq!(claim(&again, BORN).await.unwrap().id, id);
    // And its days are counted.
    world.clock.set(at(common::NOW).plus_seconds(30 * DAY - 1));
    assert!(claim(&again, BORN).await.is_ok());
    world.clock.set(at(common::NOW).plus_seconds(30 * DAY));
    assert!(claim(&again, BORN).await.is_err());
    assert!(world.audited().await > 0);
}

#[tokio::test]
async fn who_may_print_a_code() {
    let (world, id, _) = world().await;
    for who in ["binh", "kiem", "quan"] {
        assert!(
            world.issuer.claim_code(&user(who), id).await.is_err(),
            "{who}"
        );
    }
    world
        .meddle("UPDATE certificates SET state = 'revoked'")
        .await;
    let refused = world.issuer.claim_code(&user("lan"), id).await.unwrap_err();
    assert!(matches!(refused, Refusal::State { .. }));
    let plain = World::sqlite(settings()).await;
    let made = plain
        .issuer
        .take(&user("ca"), entry(dose(1), Upto::Certified))
        .await
        .unwrap();
    let refused = plain
        .issuer
        .claim_code(&user("lan"), made.certificate.unwrap())
        .await;
    assert!(matches!(refused.unwrap_err(), Refusal::State { .. }));
}

/// Wrong birth dates from ten addresses: the code is dead, for the right one too, and another code is
/// not touched.
#[tokio::test]
async fn a_code_is_locked_after_wrong_birth_dates() {
    let (world, _, code) = world().await;
    let (_, other) = printed(&world, 2).await;
    for number in 0..MOST_FAILURES {
        let address = format!("192.0.2.{number}");
        let wrong = world
            .issuer
            .claim(&code, "01/01/1901", &address)
            .await
            .unwrap_err();
        assert!(matches!(wrong, Refusal::NotFound(_)));
    }
    let refused = world
        .issuer
        .claim(&code, BORN, "198.51.100.1")
        .await
        .unwrap_err();
    assert!(matches!(refused, Refusal::NotFound(_)), "{refused:?}");
    assert!(
        world
            .issuer
            .claim(&other, "01/03/1998", "198.51.100.1")
            .await
            .is_ok()
    );
    assert_eq!(world.number("SELECT COUNT(*) FROM alarms").await, 0);
}

/// Guesses sent all at once count as much as guesses one by one.
#[tokio::test]
async fn guesses_at_once_are_counted_one_by_one() {
    let (world, _, code) = world().await;
    let mut tasks = Vec::new();
    for number in 0..30 {
        let (issuer, code) = (Arc::clone(&world.issuer), code.clone());
        tasks.push(tokio::spawn(async move {
            let address = format!("192.0.2.{number}");
            issuer.claim(&code, "01/01/1901", &address).await.is_err()
        }));
    }
    for task in tasks {
        assert!(task.await.unwrap());
    }
    assert_eq!(world.number("SELECT failures FROM claims").await, 30);
    assert!(
        world
            .issuer
            .claim(&code, BORN, "198.51.100.1")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn an_address_waits_and_mistypings_do_not_count() {
    let (world, id, code) = world().await;
    let address = "192.0.2.1";
    // A swapped pair of characters: the check character shows it.
    let mut typed: Vec<char> = code.chars().collect();
    let at_swap = (0..2).find(|at| typed[*at] != typed[*at + 1]).unwrap_or(0);
    typed.swap(at_swap, at_swap + 1);
    let typed: String = typed.into_iter().collect();
    if typed != code {
        for _ in 0..100 {
            let wrong = world.issuer.claim(&typed, BORN, address).await.unwrap_err();
            assert!(matches!(wrong, Refusal::Asked(_)));
        }
    }
    for _ in 0..50 {
        let guess = other_code(&code);
        let wrong = world.issuer.claim(&guess, BORN, address).await.unwrap_err();
        assert!(matches!(wrong, Refusal::NotFound(_)));
    }
    let Refusal::Wait(first) = world.issuer.claim(&code, BORN, address).await.unwrap_err() else {
        panic!("no wait")
    };
    assert_eq!(first, 2);
    // Another address is let in, and signing in is another count.
    assert_eq!(
        world
            .issuer
            .claim(&code, BORN, "192.0.2.2")
            .await
            .unwrap()
            .id,
        id
    );
    let mut now = at(common::NOW);
    let mut waits = vec![first];
    for _ in 0..12 {
        now = now.plus_seconds(waits.last().copied().unwrap());
        world.clock.set(now);
        let guess = other_code(&code);
        assert!(world.issuer.claim(&guess, BORN, address).await.is_err());
        match world.issuer.claim(&code, BORN, address).await.unwrap_err() {
            Refusal::Wait(seconds) => waits.push(seconds),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(waits[..4], [2, 4, 8, 16]);
    assert_eq!(waits.last(), Some(&900));
    now = now.plus_seconds(900);
    world.clock.set(now);
    assert_eq!(
        world.issuer.claim(&code, BORN, address).await.unwrap().id,
        id
    );
}

/// Wrong code and wrong birth date are one to who asks: the answer, and the transactions it took.
#[tokio::test]
async fn wrong_is_wrong() {
    let (world, _, code) = world().await;
    let store = &world.issuer.store;
    let mut answers = Vec::new();
    for (code, birth, address) in [
        (other_code(&code), BORN, "192.0.2.1"),
        (code.clone(), "09/09/1999", "192.0.2.2"),
    ] {
        let before = store.transactions();
        let refused = world.issuer.claim(&code, birth, address).await.unwrap_err();
        answers.push((refused.to_string(), store.transactions() - before));
    }
    assert_eq!(answers[0], answers[1]);
}

// The pages.

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn cookies(&self) -> BTreeMap<String, String> {
        let set = self.headers.get_all("set-cookie").iter();
        set.filter_map(|value| {
            let (name, rest) = value.to_str().ok()?.split_once('=')?;
            Some((name.to_owned(), rest.split(';').next()?.to_owned()))
        })
        .collect()
    }
}

fn app(world: &World) -> Arc<App> {
    Arc::new(App {
        issuer: Arc::clone(&world.issuer),
        metrics: Metrics::default(),
        language: Language::En,
        patience: Duration::from_secs(30),
        https: true,
        behind_proxy: false,
    })
}

async fn send(app: &Arc<App>, request: Request<Body>) -> Answer {
    let response = router(Arc::clone(app)).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: body.to_vec(),
    }
}

async fn get(app: &Arc<App>, path: &str) -> Answer {
    send(app, Request::get(path).body(Body::empty()).unwrap()).await
}

/// A form as a browser sends it from the page before.
async fn post(app: &Arc<App>, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = page.cookies()["issuer_form"].clone();
    let mut body = format!("csrf={token}");
    for (name, value) in fields {
        let value: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
        body += &format!("&{name}={value}");
    }
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", format!("issuer_form={token}"))
        .body(Body::from(body))
        .unwrap();
    send(app, request).await
}

#[tokio::test]
async fn from_the_paper_to_the_phone() {
    let (world, id, code) = world().await;
    let app = app(&world);
    let form = get(&app, "/claim").await;
    assert_eq!(form.status, 200);
    assert!(!form.text().contains("<script"));
    let page = post(&app, &form, "/claim", &[("code", &code), ("birth", BORN)]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    if let Some(look) = std::env::var_os("HCERT_LOOK") {
        let look = std::path::Path::new(&look);
        let style = get(&app, "/style.css").await;
        for (name, body) in [("claim", form.text()), ("claimed", text.clone())] {
            let inline = format!("<style>{}</style>", style.text());
            let body = body.replace("<link rel=\"stylesheet\" href=\"/style.css\">", &inline);
            std::fs::write(look.join(format!("{name}.html")), body).unwrap();
        }
    }
    // Kept by nobody, told to nobody.
    assert_eq!(page.headers["cache-control"], "no-store");
    // `no-referrer` would make browsers send `Origin: null` with our own forms; nothing goes to
    // other sites with this one either, and no address of ours has anything in it.
    assert_eq!(page.headers["referrer-policy"], "same-origin");
    assert!(
        page.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("default-src 'none'")
    );
    assert!(
        text.contains("Trần Văn An") && text.contains("1 Feb 1998"),
        "{text}"
    );
    // The picture holds the front code.
    let start = text.find("data:image/png;base64,").unwrap() + 22;
    let end = start + text[start..].find('"').unwrap();
    let png = hcert::base64::decode(&text[start..end]).unwrap();
    let read = qr::picture::codes(&png, &qr::picture::PictureLimits::default()).unwrap();
    let mut tx = world.issuer.store.read().await.unwrap();
    let row = tx.certificate(id).await.unwrap().unwrap();
    drop(tx);
    let front = row.national.clone().unwrap();
    assert_eq!(read[0].codes[0].text.as_deref(), Some(front.as_str()));
    // The wallet gets it behind the #.
    let start = text
        .find("https://hcert.example.vn/app/wallet/#hc1=")
        .unwrap();
    let link = &text[start..start + text[start..].find('"').unwrap()];
    let (_, encoded) = link.split_once("#hc1=").unwrap();
    let mut decoded = Vec::new();
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let pair = [rest.next().unwrap(), rest.next().unwrap()];
                decoded.push(u8::from_str_radix(str::from_utf8(&pair).unwrap(), 16).unwrap());
            }
            b'&' => panic!("an entity in the link: {link}"),
            other => decoded.push(other),
        }
    }
    assert_eq!(String::from_utf8(decoded).unwrap(), front);
    // The sheet.
    let pdf = post(
        &app,
        &page,
        "/claim/pdf",
        &[("code", &code), ("birth", BORN)],
    )
    .await;
    assert_eq!(
        (pdf.status, &pdf.headers["content-type"]),
        (200, &"application/pdf".parse().unwrap())
    );
    assert!(pdf.body.starts_with(b"%PDF-"));
    assert_eq!(pdf.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn nothing_typed_is_lost_and_nothing_is_told() {
    let (world, _, code) = world().await;
    let app = app(&world);
    let form = get(&app, "/claim?language=vi").await;
    assert!(form.text().contains("Nhận giấy chứng nhận"));
    let wrong_birth = post(
        &app,
        &form,
        "/claim",
        &[("code", &code), ("birth", "09/09/1999")],
    )
    .await;
    let other = other_code(&code);
    let wrong_code = post(
        &app,
        &form,
        "/claim",
        &[("code", &other), ("birth", "09/09/1999")],
    )
    .await;
    assert_eq!((wrong_birth.status, wrong_code.status), (422, 422));
    assert!(wrong_birth.text().contains(&code) && wrong_birth.text().contains("09/09/1999"));
    let plain = |answer: &Answer, code: &str| {
        let token = answer.cookies()["issuer_form"].clone();
        answer.text().replace(code, "").replace(&token, "")
    };
    assert_eq!(plain(&wrong_birth, &code), plain(&wrong_code, &other));
    for (code, birth) in [
        ("abc", BORN),
        (code.as_str(), ""),
        ("<b>\"'&", "<i>"),
        ("", ""),
    ] {
        let answer = post(&app, &form, "/claim", &[("code", code), ("birth", birth)]).await;
        assert_eq!(answer.status, 422, "{code} {birth}");
        assert!(!answer.text().contains("<b>") && !answer.text().contains("<i>"));
    }
    // A code never comes in by an address, and a form never from elsewhere.
    let asked = get(&app, &format!("/claim?code={code}&birth=01021998")).await;
    assert!(!asked.text().contains(&code));
    let foreign = Request::post("/claim")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("code={code}&birth=01021998")))
        .unwrap();
    assert_eq!(send(&app, foreign).await.status, 403);
}

#[tokio::test]
async fn revoked_certificates_are_not_given_out() {
    let (world, _, code) = world().await;
    let app = app(&world);
    let form = get(&app, "/claim").await;
    world
        .meddle("UPDATE certificates SET state = 'revoked'")
        .await;
    for path in ["/claim", "/claim/pdf"] {
        let answer = post(&app, &form, path, &[("code", &code), ("birth", BORN)]).await;
        assert_eq!(answer.status, 409, "{path}");
        assert!(!answer.text().contains("Trần"));
    }
}

// "Something is wrong on it."

#[tokio::test]
async fn a_complaint_reaches_the_site() {
    let (world, id, _) = world().await;
    let issuer = &world.issuer;
    let mut tx = issuer.store.read().await.unwrap();
    let row = tx.certificate(id).await.unwrap().unwrap();
    drop(tx);
    let complain = async |text: &str, birth: &str, what: &str, address: &str| {
        issuer.complain(text, birth, what, address).await
    };
    let hc1 = row.international.clone().unwrap();
    complain(&hc1, "", "Tên đệm là Thị", "192.0.2.1")
        .await
        .unwrap();
    complain(&row.uvci, BORN, "Sai ngày", "192.0.2.1")
        .await
        .unwrap();
    let loose = row.uvci.to_lowercase();
    let loose = loose.split('#').next().unwrap().replace("urn:uvci:", "");
    complain(&loose, BORN, "Sai ngày\u{7}", "192.0.2.1")
        .await
        .unwrap();
    // What does not exist, does not verify or is not the person's gets the same answer.
    for (text, birth) in [
        ("URN:UVCI:01:VN:ABCDEF#X", BORN),
        (row.uvci.as_str(), "02/02/1998"),
        ("HC1:6BFOXN", ""),
        (&hc1.replace('A', "B"), ""),
    ] {
        complain(text, birth, "Sai", "192.0.2.2").await.unwrap();
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM complaints").await, 3);
    for (text, birth, what) in [
        ("", "", "Sai"),
        ("something", BORN, "Sai"),
        (row.uvci.as_str(), "", "Sai"),
        (hc1.as_str(), "", "  "),
        (hc1.as_str(), "", &"x".repeat(1001)),
    ] {
        let refused = complain(text, birth, what, "192.0.2.3").await.unwrap_err();
        assert!(matches!(refused, Refusal::Asked(_)), "{refused:?}");
    }
    assert!(
        complain(&hc1, "", &"ữ".repeat(1000), "192.0.2.3")
            .await
            .is_ok()
    );
    let seen = issuer.complaints(&user("lan")).await.unwrap();
    assert_eq!(seen.len(), 4);
    // They came within one second, in which their order is nobody's.
    assert!(seen.iter().any(|row| row.text == "Sai ngày"));
    assert!(issuer.complaints(&user("binh")).await.unwrap().is_empty());
    assert_eq!(issuer.complaints(&user("kiem")).await.unwrap().len(), 4);
    // The site answers, once.
    let first = seen[0].id;
    assert!(
        issuer
            .answer_complaint(&user("kiem"), first, true, "x")
            .await
            .is_err()
    );
    assert!(matches!(
        issuer
            .answer_complaint(&user("binh"), first, true, "x")
            .await
            .unwrap_err(),
        Refusal::NotFound(_)
    ));
    issuer
        .answer_complaint(&user("lan"), first, true, "Đã sửa")
        .await
        .unwrap();
    let again = issuer
        .answer_complaint(&user("lan"), first, false, "Không")
        .await
        .unwrap_err();
    assert!(matches!(again, Refusal::State { .. }));
    let seen = issuer.complaints(&user("lan")).await.unwrap();
    assert_eq!((seen[3].id, seen[3].state.as_str()), (first, "mended"));
    // Nobody fills the page of a site: five wait for one certificate, and an address has to wait.
    for number in 0..20 {
        complain(&hc1, "", "Sai", &format!("198.51.100.{number}"))
            .await
            .unwrap();
    }
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM complaints WHERE state = 'open'")
            .await,
        5
    );
    let mut refused = None;
    for _ in 0..12 {
        refused = complain(&hc1, "", "Sai", "203.0.113.9").await.err();
    }
    assert!(matches!(refused, Some(Refusal::Wait(_))), "{refused:?}");
    world.audited().await;
}

/// A picture from a phone is read on the server.
#[tokio::test]
async fn a_picture_is_read() {
    let (world, id, _) = world().await;
    let app = app(&world);
    let mut tx = world.issuer.store.read().await.unwrap();
    let row = tx.certificate(id).await.unwrap().unwrap();
    drop(tx);
    let png = world.issuer.png(&row).unwrap();
    let form = get(&app, "/complain").await;
    let token = form.cookies()["issuer_form"].clone();
    let send_file = async |file: &[u8], what: &str| {
        let mut body = Vec::new();
        for (name, value) in [
            ("csrf", token.as_str()),
            ("text", ""),
            ("birth", ""),
            ("what", what),
        ] {
            body.extend(
                format!(
                    "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .bytes(),
            );
        }
        body.extend(
            b"--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n",
        );
        body.extend(file);
        body.extend(b"\r\n--x--\r\n");
        let request = Request::post("/complain")
            .header("content-type", "multipart/form-data; boundary=x")
            .header("cookie", format!("issuer_form={token}"))
            .body(Body::from(body))
            .unwrap();
        send(&app, request).await
    };
    let answer = send_file(&png, "Sai tên").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(world.number("SELECT COUNT(*) FROM complaints").await, 1);
    for file in [&b"not a picture"[..], b"%PDF-1.7", &png[..100]] {
        let answer = send_file(file, "Sai tên").await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("Sai tên"), "what was typed stays");
    }
}
