//! The API as a hospital's program uses it, on a real database.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;
#[path = "common/http.rs"]
mod http;

use std::sync::Arc;

use axum::http::Method;
use common::{SITE, World, border, settings};
use http::{Answer, Program, app, ask, fresh};
use issuer::{
    http::App,
    roles::Role::{Administrator, Auditor, Authority, Clerk, Officer},
};
use serde_json::{Value, json};

struct Desk {
    world: World,
    app: Arc<App>,
    clerk: Program,
    officer: Program,
    authority: Program,
    chief: Program,
    auditor: Program,
    /// One that may do all steps at its site.
    all: Program,
}

async fn desk() -> Desk {
    let world = World::sqlite(settings()).await;
    let issuer = &world.issuer;
    let program = async |name, roles: &[_], place| Program::new(issuer, name, roles, place).await;
    Desk {
        app: app(issuer),
        clerk: program("his-clerk", &[Clerk], SITE).await,
        officer: program("his-officer", &[Officer], SITE).await,
        authority: program("ministry", &[Authority], "VN").await,
        chief: program("chief", &[Administrator], "VN").await,
        auditor: program("auditor", &[Auditor], "VN").await,
        all: program("his-all", &[Clerk, Officer, Authority], SITE).await,
        world,
    }
}

fn dose(number: u32) -> Value {
    json!({
        "full_name": "Nguyễn Thị Lan", "birth_date": "1998-02-26", "sex": "female",
        "cccd": format!("079198{number:06}"), "product": "Comirnaty", "lot": "FK0595", "dose": "1/2",
        "date": "2026-11-27",
    })
}

fn ok(answer: Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn three_steps_by_three_programs() {
    let d = desk().await;
    let path = "/api/v1/records";
    let looked = ok(
        d.clerk
            .post(&d.app, &format!("{path}?dry_run=true"), dose(1))
            .await,
        200,
    );
    assert_eq!(
        (&looked["takes"], &looked["recorded"]),
        (&json!(true), &Value::Null),
        "{looked}"
    );
    let made = ok(d.clerk.post(&d.app, path, dose(1)).await, 201);
    assert_eq!(
        (&made["new"], &made["certificate"]),
        (&json!(true), &Value::Null)
    );
    let looked = ok(
        d.clerk
            .post(&d.app, &format!("{path}?dry_run=true"), dose(1))
            .await,
        200,
    );
    assert_eq!(
        (&looked["takes"], &looked["recorded"]),
        (&json!(false), &made["record"])
    );
    let again = d.clerk.post(&d.app, path, dose(1)).await;
    assert_eq!((again.status, again.code().as_str()), (409, "recorded"));
    assert_eq!(again.json()["record"], made["record"]);

    let one = format!("{path}/{}", made["record"].as_str().unwrap());
    let shown = d.officer.get(&d.app, &one).await;
    let tag = shown.header("etag").to_owned();
    let record = ok(shown, 200);
    assert_eq!(record["state"], "recorded");
    assert_eq!(record["fields"]["lot"], "FK0595");
    let seen = json!({ "revision": record["revision"] });
    // Not before the officer.
    let early = d
        .authority
        .post(&d.app, &format!("{one}/certify"), seen.clone())
        .await;
    assert_eq!(
        (early.status, early.code().as_str()),
        (409, "state"),
        "{}",
        early.text()
    );
    ok(
        d.officer
            .post(&d.app, &format!("{one}/approve"), seen.clone())
            .await,
        200,
    );
    let shown = d.officer.get(&d.app, &one).await;
    assert_ne!(shown.header("etag"), tag);
    let many = json!({ "records": [
        { "id": made["record"], "revision": shown.json()["revision"] },
        { "id": "0".repeat(32), "revision": 1 },
    ] });
    let done = ok(
        d.authority
            .post(&d.app, &format!("{path}/certify"), many)
            .await,
        200,
    );
    let id = done["items"][0]["certificate"]
        .as_str()
        .unwrap_or_else(|| panic!("{done}"))
        .to_owned();
    assert_eq!(done["items"][1]["problem"]["code"], "not_found");

    let one = format!("/api/v1/certificates/{id}");
    let shown = d.clerk.get(&d.app, &one).await;
    let tag = shown.header("etag").to_owned();
    let certificate = ok(shown, 200);
    for code in certificate["codes"].as_array().unwrap() {
        let verified =
            border(&d.world.issuer).verify(code["text"].as_str().unwrap(), d.world.clock.now());
        assert_eq!(
            verified.result.unwrap().payload()["v"][0]["ci"],
            certificate["uvci"]
        );
    }
    // Who has it already is not told it again.
    let now = d.world.clock.now().unix();
    let headers = d.clerk.headers(now, &Method::GET, &one, None, None);
    let mut headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    headers.push(("if-none-match", &tag));
    let same = ask(&d.app, Method::GET, &one, &headers, "").await;
    assert_eq!(
        (same.status, same.body.len(), same.header("etag")),
        (304, 0, tag.as_str())
    );

    let trail = ok(d.auditor.get(&d.app, &format!("{one}/trail")).await, 200);
    let actors: Vec<_> = trail["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["actor"].as_str().unwrap())
        .collect();
    for actor in ["client:his-clerk", "client:his-officer", "client:ministry"] {
        assert!(actors.contains(&actor), "{actors:?}");
    }
    assert!(!trail.to_string().contains("Lan") && !trail.to_string().contains("079198"));
}

#[tokio::test]
async fn all_in_one_go_and_once() {
    let d = desk().await;
    let path = "/api/v1/certificates";
    let refused = d.clerk.post(&d.app, path, dose(1)).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "role"),
        "{}",
        refused.text()
    );
    let once = fresh();
    let body = dose(1).to_string();
    let first = d
        .all
        .ask_once(&d.app, Method::POST, path, &body, &once)
        .await;
    let first = ok(first, 201);
    assert_eq!(first["codes"].as_array().unwrap().len(), 2);
    // No answer came, and the program asks again.
    let again = d
        .all
        .ask_once(&d.app, Method::POST, path, &body, &once)
        .await;
    assert_eq!(ok(again, 200)["id"], first["id"]);
    let other = d
        .all
        .ask_once(&d.app, Method::POST, path, &dose(2).to_string(), &once)
        .await;
    assert_eq!(
        (other.status, other.code().as_str()),
        (422, "other_content")
    );
    assert_eq!(d.world.number("SELECT COUNT(*) FROM certificates").await, 1);

    let id = first["id"].as_str().unwrap();
    let pdf = d
        .all
        .get(&d.app, &format!("{path}/{id}/pdf?kind=card"))
        .await;
    assert_eq!(
        (pdf.status, pdf.header("content-type")),
        (200, "application/pdf"),
        "{}",
        pdf.text()
    );
    assert!(pdf.body.starts_with(b"%PDF-"));
    let png = d.all.get(&d.app, &format!("{path}/{id}/png")).await;
    assert_eq!(
        (png.status, png.header("content-type")),
        (200, "image/png"),
        "{}",
        png.text()
    );
    assert!(png.body.starts_with(b"\x89PNG"));
    let wrong = d
        .all
        .get(&d.app, &format!("{path}/{id}/pdf?kind=poster"))
        .await;
    assert_eq!((wrong.status, wrong.code().as_str()), (400, "query"));
}

#[tokio::test]
async fn what_is_wrong_is_said_field_by_field() {
    let d = desk().await;
    let path = "/api/v1/records";
    let mut wrong = dose(1);
    wrong["birth_date"] = json!("1998-02-30");
    wrong["cccd"] = json!("12");
    let answer = d.clerk.post(&d.app, path, wrong).await;
    assert_eq!((answer.status, answer.code().as_str()), (422, "findings"));
    let json = answer.json();
    let fields: Vec<_> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["birth_date", "cccd"]);
    assert!(
        json["findings"][0]["remedy_vi"]
            .as_str()
            .is_some_and(|text| !text.is_empty())
    );
    for (body, status, code, part) in [
        ("", 422, "json", "line"),
        ("{", 422, "json", "column"),
        ("[]", 422, "json", "line"),
        ("{} {}", 422, "json", "line"),
        (r#"{"dose":1}"#, 422, "json", r#""path":"dose""#),
        (r#"{"name":"x"}"#, 422, "json", "full_name"),
        (r#"{"lot":"a","lot":"b"}"#, 422, "json", "duplicate"),
        (&"[".repeat(10_000), 422, "json", "line"),
        (
            &format!("{{\"lot\":\"{}\"}}", "x".repeat(300_000)),
            413,
            "size",
            "bytes",
        ),
    ] {
        let answer = d.clerk.ask(&d.app, Method::POST, path, body).await;
        let start: String = body.chars().take(30).collect();
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{start}: {}",
            answer.text()
        );
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(answer.text().contains(part), "{start}: {}", answer.text());
    }
    for (query, code) in [
        ("limit=0", "query"),
        ("limit=201", "query"),
        ("limit=x", "query"),
        ("colour=red", "query"),
        ("state=lost", "query"),
        ("after=x", "query"),
        ("site=xx", "asked"),
    ] {
        let answer = d.clerk.get(&d.app, &format!("{path}?{query}")).await;
        assert_eq!(answer.code(), code, "{query}: {}", answer.text());
        assert!((400..500).contains(&answer.status));
    }
    let gone = d.clerk.get(&d.app, "/api/v1/nothing").await;
    assert_eq!((gone.status, gone.code().as_str()), (404, "not_found"));
    let answer = d.clerk.ask(&d.app, Method::PATCH, path, "").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (405, "method"),
        "{}",
        answer.text()
    );
    assert!(answer.header("allow").contains("POST"));
}

#[tokio::test]
async fn lists_come_page_by_page_and_of_the_own_place() {
    let d = desk().await;
    for number in 0..5 {
        ok(
            d.clerk.post(&d.app, "/api/v1/records", dose(number)).await,
            201,
        );
    }
    let mut seen = Vec::new();
    let mut next = String::new();
    loop {
        let path = format!("/api/v1/records?limit=2&state=recorded{next}");
        let page = ok(d.officer.get(&d.app, &path).await, 200);
        let items = page["items"].as_array().unwrap();
        seen.extend(
            items
                .iter()
                .map(|one| one["id"].as_str().unwrap().to_owned()),
        );
        // What happened to a person is only in the answer about one record.
        assert!(items.iter().all(|one| one.get("fields").is_none()));
        match page["next"].as_str() {
            Some(after) => next = format!("&after={after}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted());
    let other = Program::new(&d.world.issuer, "other", &[Clerk], common::OTHER_SITE).await;
    let page = ok(other.get(&d.app, "/api/v1/records").await, 200);
    assert_eq!(page["items"], json!([]));
    let answer = other
        .get(&d.app, &format!("/api/v1/records/{}", seen[0]))
        .await;
    assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"));
    let answer = other
        .get(&d.app, &format!("/api/v1/records?site={SITE}"))
        .await;
    assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"));
}

#[tokio::test]
async fn people_are_found_and_added() {
    let d = desk().await;
    let person =
        json!({ "full_name": "Trần Văn Hùng", "birth_date": "1970", "passport": "C1234567" });
    let id = ok(d.clerk.post(&d.app, "/api/v1/persons", person).await, 201)["id"].clone();
    let shown = ok(
        d.clerk
            .get(&d.app, &format!("/api/v1/persons/{}", id.as_str().unwrap()))
            .await,
        200,
    );
    assert_eq!(
        (&shown["family_name"], &shown["passport"]),
        (&json!("Trần"), &json!("C1234567"))
    );
    let search = json!({ "number": "C1234567", "birth_date": "1970" });
    let found = ok(
        d.clerk.post(&d.app, "/api/v1/persons/search", search).await,
        200,
    );
    assert_eq!(found["items"][0]["id"], id, "{found}");
    let nothing = d
        .clerk
        .post(&d.app, "/api/v1/persons/search", json!({}))
        .await;
    assert_eq!(nothing.status, 422);
}

#[tokio::test]
async fn places_accounts_programs_keys_and_the_audit() {
    let d = desk().await;
    let site = json!({ "path": "VN/79/26734/TYT9", "level": "site", "name": "Trạm y tế Chín" });
    ok(d.chief.post(&d.app, "/api/v1/places", site).await, 201);
    let places = ok(
        d.chief
            .get(&d.app, "/api/v1/places?within=VN/79&limit=200")
            .await,
        200,
    );
    let there = places["items"].as_array().unwrap();
    let there = there
        .iter()
        .find(|place| place["path"] == "VN/79/26734/TYT9")
        .unwrap();
    assert!(there["key"].is_string(), "a site has its key at once");
    let key = hcert::base64::encode(&hcert::keys::Signer::spki(&*d.all.key));
    let new = json!({ "name": "vnpt", "roles": ["clerk"], "place": SITE, "signing_key": key });
    let given = ok(d.chief.post(&d.app, "/api/v1/clients", new).await, 201);
    let vnpt = Program {
        name: "vnpt".into(),
        bearer: given["key"].as_str().unwrap().into(),
        key: d.all.key.clone(),
        seed: d.all.seed,
    };
    ok(vnpt.get(&d.app, "/api/v1/records").await, 200);
    let clients = ok(d.chief.get(&d.app, "/api/v1/clients").await, 200);
    assert!(!clients.to_string().contains(&vnpt.bearer));
    ok(
        d.chief
            .ask(&d.app, Method::DELETE, "/api/v1/clients/vnpt", "")
            .await,
        200,
    );
    assert_eq!(vnpt.get(&d.app, "/api/v1/records").await.status, 401);

    let keys = ok(d.auditor.get(&d.app, "/api/v1/keys").await, 200);
    assert_eq!(keys["items"].as_array().unwrap().len(), 2);
    assert_eq!(keys["items"][0]["signs"], true);
    let settings = ok(d.clerk.get(&d.app, "/api/v1/settings").await, 200);
    assert_eq!(settings["limits"]["person_day"], 10);

    let check = ok(d.auditor.get(&d.app, "/api/v1/audit/check").await, 200);
    assert_eq!(check["whole"], true);
    let entries = check["entries"].as_i64().unwrap();
    assert!(entries >= 3);
    let page = ok(d.auditor.get(&d.app, "/api/v1/audit?limit=1").await, 200);
    assert_eq!(
        (&page["items"][0]["seq"], &page["next"]),
        (&json!(entries), &json!(entries.to_string()))
    );
    let export = d.auditor.get(&d.app, "/api/v1/audit/export?after=1").await;
    assert_eq!(
        (export.status, export.header("content-type")),
        (200, "application/x-ndjson")
    );
    let text = export.text();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len() as i64, entries - 1);
    assert_eq!(lines[0]["seq"], 2);
    // The log is the country's: an auditor of a province has the trails of the own certificates.
    let province = Program::new(&d.world.issuer, "province", &[Auditor], "VN/79").await;
    assert_eq!(province.get(&d.app, "/api/v1/audit").await.status, 403);
}

#[tokio::test]
async fn tubes() {
    let d = desk().await;
    let tube = json!({ "code": "POOL-1", "sampled_at": "2026-11-28T08:00:00+07:00", "test_type": "LP6464-4",
        "test_name": "PCR" });
    ok(d.clerk.post(&d.app, "/api/v1/tubes", tube).await, 201);
    let person =
        json!({ "full_name": "Trần Văn Hùng", "birth_date": "1970-01-02", "passport": "C1234567" });
    let id = ok(d.clerk.post(&d.app, "/api/v1/persons", person).await, 201)["id"].clone();
    ok(
        d.clerk
            .post(
                &d.app,
                "/api/v1/tubes/POOL-1/people",
                json!({ "person": id }),
            )
            .await,
        200,
    );
    let shown = ok(d.officer.get(&d.app, "/api/v1/tubes/POOL-1").await, 200);
    assert_eq!(
        (&shown["people"][0], &shown["state"]),
        (&id, &json!("open"))
    );
    let result = json!({ "result": "negative" });
    let made = ok(
        d.clerk
            .post(&d.app, "/api/v1/tubes/POOL-1/result", result)
            .await,
        200,
    );
    assert!(made["items"][0]["record"].is_string(), "{made}");
}
