//! Places, people, programs, lots, value sets: who may do what, and spreadsheets of sites.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{PASSWORD, SITE, World, at, place, postgres, settings, user};
use issuer::{
    actor::Actor,
    domain::{Refusal, accounts::AccountChange, places::NewPlace},
    place::Level,
    roles::{Role, Roles},
    store::DeliveryRow,
};
use service::people::sign_in::{self, Attempt, Outcome};

async fn on_both(name: &str, test: impl AsyncFn(World)) {
    test(World::sqlite(settings()).await).await;
    if let Some(cluster) = postgres::start() {
        test(World::postgres(&cluster, name, settings()).await).await;
    }
}

fn administrator(path: &str) -> Actor {
    Actor {
        name: "user:chief".into(),
        roles: Roles::of([Role::Administrator]),
        place: place(path),
    }
}

fn new(path: &str, level: Level) -> NewPlace {
    NewPlace {
        place: place(path),
        level,
        name: "Trạm Y tế Đa Kao".into(),
        name_en: String::new(),
        one_step: false,
    }
}

#[tokio::test]
async fn places_lie_in_one_another() {
    on_both("places", async |world| {
        let issuer = &world.issuer;
        let chief = administrator("VN/79");
        let site = new("VN/79/26734/DK", Level::Site);
        issuer.add_place(&chief, &site).await.unwrap();
        let all = issuer.places(&chief, &place("VN/79/26734")).await.unwrap();
        let made = all.iter().find(|row| row.path == "VN/79/26734/DK").unwrap();
        assert_eq!(
            (made.level.as_str(), made.name_en.as_str()),
            ("site", "Tram Y te Da Kao")
        );
        let sealed = made.key_sealed.as_ref().unwrap();
        assert!(issuer.vault.open("site:VN/79/26734/DK", sealed).is_some());
        assert!(all.iter().all(|row| row.path.starts_with("VN/79/26734")));

        let add = async |actor: &Actor, path: &str, level| {
            issuer.add_place(actor, &new(path, level)).await
        };
        assert!(matches!(
            add(&chief, "VN/79/26734/DK", Level::Site).await,
            Err(Refusal::Exists(_))
        ));
        // The code of a site is unique in the country.
        assert!(matches!(
            add(&chief, "VN/79/DK", Level::Site).await,
            Err(Refusal::Exists(_))
        ));
        assert!(matches!(
            add(&chief, "VN/01", Level::Province).await,
            Err(Refusal::NotFound(_))
        ));
        assert!(matches!(
            add(&chief, "VN/79/1/2", Level::Site).await,
            Err(Refusal::NotFound(_))
        ));
        assert!(matches!(
            add(&chief, "VN/79/26734/X", Level::Province).await,
            Err(Refusal::Asked(_))
        ));
        assert!(matches!(
            add(&chief, "VN/79/26734/DK/X", Level::Site).await,
            Err(Refusal::Asked(_))
        ));
        for name in ["lan", "tuan", "bo", "kiem"] {
            assert!(matches!(
                add(&user(name), &format!("{SITE}/X"), Level::Site).await,
                Err(Refusal::Role(_))
            ));
        }
        assert!(matches!(
            issuer.places(&user("lan"), &place("VN/79")).await,
            Err(Refusal::NotFound(_))
        ));

        let mut change = new("VN/79/26734/DK", Level::Site);
        change.one_step = true;
        let own = administrator("VN/79/26734/DK");
        assert!(matches!(
            issuer.change_place(&own, &change, false).await,
            Err(Refusal::Asked(_))
        ));
        issuer.change_place(&chief, &change, true).await.unwrap();
        let all = issuer.places(&chief, &change.place).await.unwrap();
        assert!(all[0].one_step && all[0].disabled);
        change.level = Level::Commune;
        assert!(matches!(
            issuer.change_place(&chief, &change, false).await,
            Err(Refusal::Asked(_))
        ));
        world.audited().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_gives_more_than_they_have() {
    on_both("accounts", async |world| {
        let issuer = &world.issuer;
        let chief = administrator("VN/79");
        let roles = |roles: &[Role]| Roles::of(roles.iter().copied());
        let add = async |actor: &Actor, name: &str, given: &[Role], path: &str| {
            issuer
                .add_account(actor, name, "Ngô Thị Thu", roles(given), &place(path))
                .await
        };
        let first = add(&chief, "thu", &[Role::Clerk], SITE).await.unwrap();
        let account = issuer.account("thu").await.unwrap();
        assert!(account.new_password && account.full_name == "Ngô Thị Thu");
        // A province's administrator gives neither the authority's role nor another province.
        assert!(matches!(
            add(&chief, "b", &[Role::Authority], "VN/79").await,
            Err(Refusal::Role(_))
        ));
        assert!(matches!(
            add(&chief, "b", &[Role::Auditor], "VN").await,
            Err(Refusal::NotFound(_))
        ));
        assert!(matches!(
            add(&chief, "b", &[Role::Clerk], "VN/79/9").await,
            Err(Refusal::NotFound(_))
        ));
        assert!(matches!(
            add(&chief, "b", &[Role::Clerk], "VN/79").await,
            Err(Refusal::Asked(_))
        ));
        assert!(matches!(
            add(&chief, "b", &[], SITE).await,
            Err(Refusal::Asked(_))
        ));
        assert!(matches!(
            add(&chief, "B b", &[Role::Clerk], SITE).await,
            Err(Refusal::People(_))
        ));
        assert!(matches!(
            add(&chief, "thu", &[Role::Clerk], SITE).await,
            Err(Refusal::Exists(_))
        ));
        assert!(matches!(
            add(&user("bo"), "b", &[Role::Clerk], SITE).await,
            Err(Refusal::Role(_))
        ));
        let whole = user("quan");
        add(&whole, "cuc", &[Role::Authority], "VN").await.unwrap();
        // Nor does a reset give them somebody's account who may do more, or who is elsewhere.
        let reset = || AccountChange {
            reset: true,
            ..AccountChange::default()
        };
        assert!(matches!(
            issuer.change_account(&chief, "cuc", reset()).await,
            Err(Refusal::NotFound(_))
        ));
        assert!(matches!(
            issuer.change_account(&chief, "ca", reset()).await,
            Err(Refusal::Role(_))
        ));
        let again = issuer.change_account(&chief, "thu", reset()).await.unwrap();
        assert_ne!(*again.password.unwrap(), *first);
        let up = AccountChange {
            roles: Some(roles(&[Role::Authority])),
            ..AccountChange::default()
        };
        assert!(matches!(
            issuer.change_account(&chief, "thu", up).await,
            Err(Refusal::Role(_))
        ));
        let away = AccountChange {
            place: Some(place("VN")),
            ..AccountChange::default()
        };
        assert!(issuer.change_account(&chief, "thu", away).await.is_err());
        // The list is for who oversees, of the own place.
        assert!(matches!(
            issuer.accounts(&user("lan"), &place(SITE)).await,
            Err(Refusal::Role(_))
        ));
        assert!(matches!(
            issuer.accounts(&chief, &place("VN")).await,
            Err(Refusal::NotFound(_))
        ));
        let all = issuer.accounts(&chief, &place("VN/79")).await.unwrap();
        assert!(all.iter().any(|one| one.name == "thu") && all.iter().all(|one| one.name != "bo"));
        world.audited().await;
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    on_both("last", async |world| {
        let issuer = &world.issuer;
        let whole = user("quan");
        let disable = || AccountChange {
            disabled: Some(true),
            ..AccountChange::default()
        };
        let demote = || AccountChange {
            roles: Some(Roles::of([Role::Auditor])),
            ..AccountChange::default()
        };
        for change in [disable(), demote()] {
            let done = issuer.change_account(&whole, "quan", change).await;
            assert!(matches!(done, Err(Refusal::State { .. })));
        }
        let roles = Roles::of([Role::Administrator]);
        issuer
            .add_account(&whole, "nhi", "Nhi", roles, &place("VN/79"))
            .await
            .unwrap();
        // One of a province does not stand in for the country; the other way round it does.
        assert!(
            issuer
                .change_account(&whole, "quan", disable())
                .await
                .is_err()
        );
        issuer
            .change_account(&whole, "nhi", disable())
            .await
            .unwrap();
        let roles = Roles::of([Role::Administrator]);
        issuer
            .add_account(&whole, "ba", "Ba", roles, &place("VN"))
            .await
            .unwrap();
        issuer
            .change_account(&whole, "quan", disable())
            .await
            .unwrap();
        assert!(
            issuer
                .change_account(&whole, "ba", disable())
                .await
                .is_err()
        );
    })
    .await;
}

async fn signs_in(world: &World, name: &str, password: &str) -> bool {
    let issuer = &world.issuer;
    let attempt = Attempt {
        name,
        password,
        code: "",
        address: "127.0.0.1",
    };
    let done = sign_in::sign_in(&issuer.store, &issuer.clock, &issuer.vault, attempt).await;
    matches!(done.unwrap(), Outcome::In(_))
}

#[tokio::test]
async fn own_passwords() {
    on_both("passwords", async |world| {
        let issuer = &world.issuer;
        let change = async |old: &str, new: &str| issuer.change_own_password("lan", old, new).await;
        assert!(matches!(
            change("wrong", "another password").await,
            Err(Refusal::Asked(_))
        ));
        assert!(matches!(
            change(PASSWORD, "short").await,
            Err(Refusal::Asked(_))
        ));
        assert!(matches!(
            change(PASSWORD, PASSWORD).await,
            Err(Refusal::Asked(_))
        ));
        let reset = AccountChange {
            reset: true,
            totp: Some(true),
            ..AccountChange::default()
        };
        let given = issuer
            .change_account(&user("quan"), "lan", reset)
            .await
            .unwrap();
        assert_eq!(given.secret.unwrap().bytes().len(), 20);
        assert!(issuer.account("lan").await.unwrap().has_totp);
        let off = AccountChange {
            totp: Some(false),
            ..AccountChange::default()
        };
        issuer
            .change_account(&user("quan"), "lan", off)
            .await
            .unwrap();
        let first = given.password.unwrap();
        change(&first, "another password").await.unwrap();
        assert!(!issuer.account("lan").await.unwrap().new_password);
        assert!(!signs_in(&world, "lan", &first).await);
        assert!(signs_in(&world, "lan", "another password").await);
    })
    .await;
}

const SHEET: &str = "\
Danh sách điểm tiêm mới
Mã tỉnh;Mã xã;Mã cơ sở;Tên cơ sở;Họ và tên;Tên đăng nhập;Vai trò
79;27000;;Phường Mới;;;
79;27000;PM1;Trạm Y tế phường Mới;Nguyễn Thị Một;;nhập liệu
;;;;Nguyễn Thị Một;mot2;nhập liệu
;;;;Trần Văn Hai;;nhập liệu
;;;;Lê Thị Ba;;nhập liệu
;;;;Phạm Văn Bốn;;nhập liệu
;;;;Hoàng Thị Năm;;nhập liệu
;;;;Vũ Văn Sáu;;nhập liệu, phê duyệt
;;;;Đặng Thị Bảy;bay;phê duyệt
;;;;Bùi Văn Tám;;kiểm tra
;;;;Đỗ Thị Chín;;quản trị
";

#[tokio::test]
async fn a_site_with_ten_people_from_one_sheet() {
    on_both("sheet", async |world| {
        let issuer = &world.issuer;
        let chief = administrator("VN/79");
        let sheet = issuer.take_sheet(&chief, SHEET.as_bytes()).await.unwrap();
        assert_eq!(sheet.refused, []);
        assert_eq!((sheet.added, sheet.passwords.len()), (12, 10));
        let names: Vec<&str> = sheet
            .passwords
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(&names[..3], ["mot.nguyen", "mot2", "hai.tran"]);
        for (name, password) in &sheet.passwords {
            assert!(signs_in(&world, name, password).await, "{name}");
            assert!(issuer.account(name).await.unwrap().new_password);
        }
        let account = issuer.account("bay").await.unwrap();
        assert_eq!(
            (account.place.as_str(), account.roles.as_str()),
            ("VN/79/27000/PM1", "officer")
        );
        let places = issuer.places(&chief, &place("VN/79/27000")).await.unwrap();
        let levels: Vec<&str> = places.iter().map(|place| place.level.as_str()).collect();
        assert_eq!(levels, ["commune", "site"]);
        assert!(places[1].key_sealed.is_some());
        // The same file again changes nothing.
        let again = issuer.take_sheet(&chief, SHEET.as_bytes()).await.unwrap();
        assert_eq!((again.added, again.known, again.refused.len()), (0, 12, 0));
        world.audited().await;
    })
    .await;
}

#[tokio::test]
async fn a_sheet_with_a_fault_adds_nothing() {
    let world = World::sqlite(settings()).await;
    let issuer = &world.issuer;
    let chief = administrator("VN/79");
    let header = "Path,Name,Level,Full name,Sign-in name,Roles\n";
    for (rows, line, word) in [
        (
            "VN/79/26734/N1,New,site,A B,a.b,clerk\nVN/79/26734/N1,,,C D,c.d,king\n",
            3,
            "king",
        ),
        ("VN/79/26734/N1,,site,A B,a.b,clerk\n", 2, "is new"),
        ("VN/01/1/N1,New,site,A B,a.b,clerk\n", 2, "outside"),
        ("VN/79/1/N1,New,site,A B,a.b,clerk\n", 2, "no VN/79/1"),
        ("vn/79,New,site,A B,a.b,clerk\n", 2, "no place"),
        (",New,site,A B,a.b,clerk\n", 2, "No place"),
        (
            "VN/79/26734/BN1,Other,site,A B,a.b,clerk\n",
            2,
            "another name",
        ),
        ("VN/79/26734/BN1,,,A B,lan,clerk\n", 2, "lan is there"),
        ("VN/79/26734/BN1,,,A B,quan,clerk\n", 2, "quan is in use"),
        ("VN/79/26734/BN1,,,A B,a.b,\n", 2, "No role"),
        ("VN/79/26734/BN1,,,A B,A B,clerk\n", 2, "small letters"),
        ("VN/79/26734/BN1,,,,a.b,clerk\n", 2, "full name"),
        ("VN/79/26734,,,A B,a.b,clerk\n", 2, "belong to a site"),
        ("VN/79,,,A B,a.b,authority\n", 2, "authority"),
        (
            "VN/79/26734/N1,New,floor,A B,a.b,clerk\n",
            2,
            "No such level",
        ),
        ("VN/79/BN2,New,site,A B,a.b,clerk\n", 2, "BN2 already"),
        (
            "VN/79/N/M,New,site,A B,a.b,clerk\nVN/79/N,New,site,,,\n",
            2,
            "not below",
        ),
    ] {
        let before = (
            world.number("SELECT COUNT(*) FROM places").await,
            world.audited().await,
        );
        let file = format!("{header}{rows}");
        let sheet = issuer.take_sheet(&chief, file.as_bytes()).await.unwrap();
        assert_eq!((sheet.added, sheet.passwords.len()), (0, 0), "{rows}");
        let (at, why) = &sheet.refused[0];
        assert!(*at == line && why.contains(word), "{rows}: {at} {why}");
        let after = (
            world.number("SELECT COUNT(*) FROM places").await,
            world.audited().await,
        );
        assert_eq!(before, after);
    }
    for wrong in [
        &b""[..],
        b"a,b\n1,2\n",
        b"%PDF-1.7",
        b"PK\x03\x04 x",
        b"Path,Name,Path\nVN,x,VN\n",
    ] {
        assert!(matches!(
            issuer.take_sheet(&chief, wrong).await,
            Err(Refusal::Asked(_))
        ));
    }
    let role = issuer.take_sheet(&user("lan"), SHEET.as_bytes()).await;
    assert!(matches!(role, Err(Refusal::Role(_))));
}

#[tokio::test]
async fn programs() {
    on_both("programs", async |world| {
        use hcert::keys::{Signer as _, SoftwareKey};
        let issuer = &world.issuer;
        let chief = administrator("VN/79");
        let spki = SoftwareKey::eddsa(&zeroize::Zeroizing::new([5; 32])).spki();
        let add = async |name: &str, roles: &[Role], path: &str, spki: &[u8]| {
            let roles = Roles::of(roles.iter().copied());
            issuer
                .add_client(&chief, name, roles, &place(path), spki)
                .await
        };
        let key = add("his", &[Role::Clerk], SITE, &spki).await.unwrap();
        assert!(matches!(
            add("his", &[Role::Clerk], SITE, &spki).await,
            Err(Refusal::Exists(_))
        ));
        assert!(matches!(
            add("h2", &[Role::Clerk], SITE, b"no key").await,
            Err(Refusal::Asked(_))
        ));
        assert!(matches!(
            add("h2", &[Role::Authority], SITE, &spki).await,
            Err(Refusal::Role(_))
        ));
        assert!(matches!(
            add("h2", &[Role::Clerk], "VN/01", &spki).await,
            Err(Refusal::NotFound(_))
        ));
        assert!(matches!(
            add("h2", &[Role::Clerk], "VN/79/0", &spki).await,
            Err(Refusal::NotFound(_))
        ));
        let hash = service::people::sessions::hash(&key);
        let find = async || {
            issuer
                .store
                .read()
                .await
                .unwrap()
                .client_by_key(&hash)
                .await
                .unwrap()
        };
        assert_eq!(find().await.unwrap().name, "his");
        assert_eq!(issuer.clients(&chief).await.unwrap().len(), 1);
        assert!(matches!(
            issuer.clients(&user("lan")).await,
            Err(Refusal::Role(_))
        ));
        let other = administrator("VN/79/26734/BN2");
        assert!(matches!(
            issuer.disable_client(&other, "his").await,
            Err(Refusal::NotFound(_))
        ));
        issuer.disable_client(&chief, "his").await.unwrap();
        assert!(find().await.is_none());
        issuer.disable_client(&chief, "his").await.unwrap();
        world.audited().await;
    })
    .await;
}

#[tokio::test]
async fn lots_that_were_delivered() {
    on_both("lots", async |world| {
        let issuer = &world.issuer;
        let whole = user("quan");
        let delivery = |product: &str, lot: &str, doses| DeliveryRow {
            site: SITE.into(),
            product: product.into(),
            lot: lot.into(),
            doses,
            delivered_on: "2026-11-01".into(),
            expires_on: Some("2027-03-01".into()),
            at: 0,
            by_whom: "somebody".into(),
        };
        issuer
            .deliver(&whole, &delivery("Comirnaty", " fk0595 ", 100))
            .await
            .unwrap();
        issuer
            .deliver(&whole, &delivery("EU/1/20/1528", "FK0595", 300))
            .await
            .unwrap();
        let all = issuer.deliveries(&user("lan"), &place(SITE)).await.unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].lot.as_str(), all[0].doses), ("FK0595", 300));
        assert_eq!(
            (all[0].by_whom.as_str(), all[0].at),
            ("user:quan", at(common::NOW).unix())
        );
        for wrong in [
            delivery("Water", "FK0595", 1),
            delivery("Comirnaty", "x", 1),
            delivery("Comirnaty", "FK0595", -1),
        ] {
            assert!(matches!(
                issuer.deliver(&whole, &wrong).await,
                Err(Refusal::Asked(_))
            ));
        }
        let mut wrong = delivery("Comirnaty", "FK0595", 1);
        wrong.expires_on = Some("2026-10-31".into());
        assert!(matches!(
            issuer.deliver(&whole, &wrong).await,
            Err(Refusal::Asked(_))
        ));
        wrong = delivery("Comirnaty", "FK0595", 1);
        wrong.site = "VN/79".into();
        assert!(matches!(
            issuer.deliver(&whole, &wrong).await,
            Err(Refusal::Asked(_))
        ));
        assert!(matches!(
            issuer.deliver(&user("lan"), &wrong).await,
            Err(Refusal::Role(_))
        ));
        assert!(matches!(
            issuer.deliveries(&user("binh"), &place(SITE)).await,
            Err(Refusal::NotFound(_))
        ));
        world.audited().await;
    })
    .await;
}

const RESULTS: &str = r#"{ "valueSetId": "covid-19-lab-result", "valueSetDate": "2026-11-01",
  "valueSetValues": { "260415000": { "display": "Not detected", "lang": "en", "active": true,
    "version": "x", "system": "http://snomed.info/sct" } } }"#;
const PRODUCTS: &str =
    "EU/1/20/1528\tORG-100030215\t1119349007\t3\t21\t0\t2020-12-02\tTiêm Mới\t208\t\t\n";

#[tokio::test]
async fn value_sets_without_a_release() {
    on_both("documents", async |world| {
        let issuer = &world.issuer;
        let another = world.another().await;
        let whole = user("quan");
        let load = async |kind: &str, name: &str, text: &str| {
            issuer
                .load_document(&whole, kind, name, text.as_bytes())
                .await
        };
        assert!(
            issuer
                .catalogues
                .current()
                .test_result("dương tính")
                .is_ok()
        );
        load("value-sets", "covid-19-lab-result", RESULTS)
            .await
            .unwrap();
        assert!(
            issuer
                .catalogues
                .current()
                .test_result("dương tính")
                .is_err()
        );
        load("products", "products", PRODUCTS).await.unwrap();
        let catalogue = issuer.catalogues.current();
        let product = catalogue.product("tiêm mới").unwrap();
        assert_eq!(catalogue.facts(&product).unwrap().doses, 3);
        // Another process sees it when it looks.
        assert!(another.catalogues.current().product("tiêm mới").is_err());
        another.refresh_catalogue().await.unwrap();
        assert!(another.catalogues.current().product("tiêm mới").is_ok());
        // What can't be read changes nothing.
        for (kind, name, text) in [
            ("value-sets", "covid-19-lab-result", "{}"),
            ("value-sets", "country-2-codes", RESULTS),
            ("value-sets", "products", PRODUCTS),
            ("products", "products", "x\ty\n"),
            (
                "products",
                "products",
                "NO-SUCH\tORG-100030215\t1119349007\t2\t21\t0\t2020-12-02\t\t\t\t\n",
            ),
            ("rules", "x", "{}"),
        ] {
            assert!(
                matches!(load(kind, name, text).await, Err(Refusal::Asked(_))),
                "{kind} {name}"
            );
        }
        let chief = administrator("VN/79");
        let refused = issuer
            .load_document(&chief, "products", "products", b"")
            .await;
        assert!(matches!(refused, Err(Refusal::Role(_))));
        // Taken away: the built-in one again, and every version stays.
        load("value-sets", "covid-19-lab-result", "").await.unwrap();
        assert!(
            issuer
                .catalogues
                .current()
                .test_result("dương tính")
                .is_ok()
        );
        let documents = issuer.documents(&user("kiem")).await.unwrap();
        let versions: Vec<_> = documents
            .iter()
            .map(|one| (one.name.as_str(), one.version))
            .collect();
        assert_eq!(versions, [("products", 1), ("covid-19-lab-result", 2)]);
        assert_eq!(world.number("SELECT COUNT(*) FROM documents").await, 3);
        world.audited().await;
    })
    .await;
}
