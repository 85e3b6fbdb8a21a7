//! A small country to issue in: places with two sites and their keys, accounts of every role, a CSCA with
//! a DSC for each profile, a database of either engine, a clock that stands still.

#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

#[path = "../../../service/testing/postgres.rs"]
pub(crate) mod postgres;

use std::sync::Arc;

use hcert::{
    keys::{Signer, SoftwareKey},
    time::Timestamp,
    x509::{
        Certificate,
        make::{self, Period, Subject},
    },
};
use intake::{
    codes::Catalogue,
    draft::{Draft, Settings as Reading},
    field::Field,
    record::{Line, Record},
};
use issuer::{
    actor::Actor,
    domain::{
        Issuer, Parts,
        catalogue::Catalogues,
        desk::{Entry, Upto, Whom},
        settings::{Limits, Lives, Retention, Settings},
    },
    place::Place,
    roles::{Role, Roles},
    store::Store,
};
use keyring::{BoxedSigner, Certifier, Dsc, DscTerms, Keyring, Profile, SiteKey, Stop, Terms};
use service::{clock::Clock, on, people::password, vault::Vault};
use tempfile::TempDir;
use verifier::{Verifier, trust::TrustBuilder};
use zeroize::Zeroizing;

/// Ten o'clock in the morning in Viet Nam.
pub(crate) const NOW: &str = "2026-11-28T03:00:00Z";
pub(crate) const DAY: i64 = 86_400;
/// Of every account.
pub(crate) const PASSWORD: &str = "three small words";
/// The site that most happens at, and another one of the same commune.
pub(crate) const SITE: &str = "VN/79/26734/BN1";
pub(crate) const OTHER_SITE: &str = "VN/79/26734/BN2";
/// Places, from the top down.
pub(crate) const PLACES: [(&str, &str, &str); 5] = [
    ("VN", "country", "Việt Nam"),
    ("VN/79", "province", "Thành phố Hồ Chí Minh"),
    ("VN/79/26734", "commune", "Phường Bến Nghé"),
    (SITE, "site", "Trạm y tế Bến Nghé"),
    (OTHER_SITE, "site", "Bệnh viện Nhi Đồng 2"),
];
/// Accounts: name, roles, place, full name.
pub(crate) const ACCOUNTS: [(&str, &[Role], &str, &str); 9] = [
    ("lan", &[Role::Clerk], SITE, "Trần Thị Lan"),
    ("mai", &[Role::Clerk], SITE, "Lê Thị Mai"),
    ("hung", &[Role::Clerk], SITE, "Phạm Văn Hùng"),
    ("binh", &[Role::Clerk], OTHER_SITE, "Đỗ Thị Bình"),
    ("tuan", &[Role::Officer], SITE, "Nguyễn Anh Tuấn"),
    ("bo", &[Role::Authority], "VN", "Hoàng Văn Bộ"),
    ("quan", &[Role::Administrator], "VN", "Võ Thị Quân"),
    ("kiem", &[Role::Auditor], "VN", "Bùi Văn Kiểm"),
    (
        "ca",
        &[Role::Clerk, Role::Officer, Role::Authority],
        SITE,
        "Đặng Thị Cả",
    ),
];

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn place(text: &str) -> Place {
    text.parse().unwrap()
}

/// Somebody with an account of the small country.
pub(crate) fn user(name: &str) -> Actor {
    let (_, roles, site, _) = ACCOUNTS.iter().find(|account| account.0 == name).unwrap();
    Actor {
        name: format!("user:{name}"),
        roles: Roles::of(roles.iter().copied()),
        place: place(site),
    }
}

/// A program of the first site that may do all steps.
pub(crate) fn client(name: &str) -> Actor {
    Actor {
        name: format!("client:{name}"),
        roles: Roles::of([Role::Clerk, Role::Officer, Role::Authority]),
        place: place(SITE),
    }
}

/// How the small country issues: three steps, both profiles, limits that most tests do not reach.
pub(crate) fn settings() -> Settings {
    Settings {
        country: "VN".into(),
        authority: Line::new("Bộ Y tế").unwrap(),
        offset: 7 * 60,
        profiles: vec![Profile::National, Profile::International],
        one_step: false,
        lives: Lives {
            vaccination: 365,
            test: 90,
            recovery: 180,
            renew: 30,
        },
        limits: Limits {
            person_day: 10,
            clerk_hour: 1_000_000,
            site_hour: 1_000_000,
            client_hour: 1_000_000,
            night: (22, 5),
            person_month_alarm: 20,
            clerk_factor_alarm: 4,
            client_minute_alarm: 1_000_000,
        },
        retention: Retention {
            certificates: 365,
            jobs: 30,
            complaints: 365,
            idempotency: 7,
        },
        specimen: true,
        public_url: None,
        wallet_url: None,
        claim_days: 30,
    }
}

/// The CSCA of the small country.
pub(crate) struct Csca {
    pub(crate) certificate: Certificate,
    key: SoftwareKey,
}

fn period(from: &str, to: &str) -> Period {
    Period {
        not_before: at(&format!("{from}T00:00:00Z")),
        not_after: at(&format!("{to}T00:00:00Z")),
    }
}

fn subject(name: &str) -> Subject<'_> {
    Subject {
        common_name: name,
        country: "VN",
        organisation: None,
    }
}

pub(crate) fn csca() -> Csca {
    let key = SoftwareKey::es256(&Zeroizing::new([9; 32])).unwrap();
    let certificate = make::csca(
        &subject("CSCA"),
        period("2020-01-01", "2040-01-01"),
        [1; 16],
        &key,
    )
    .unwrap();
    Csca { certificate, key }
}

/// A document signer that signs through 2026 and 2027.
pub(crate) fn dsc(profile: Profile, number: u8) -> Dsc {
    let secret = Zeroizing::new([number; 32]);
    let key = match profile {
        Profile::National => SoftwareKey::eddsa(&secret),
        Profile::International => SoftwareKey::es256(&secret).unwrap(),
    };
    dsc_with(profile, number, key.quick())
}

/// As [`dsc`], with a signer of one's own.
pub(crate) fn dsc_with(profile: Profile, number: u8, signer: BoxedSigner) -> Dsc {
    let csca = csca();
    let authority: (&Certificate, &dyn Signer) = (&csca.certificate, &csca.key);
    let period = period("2026-01-01", "2029-12-01");
    let spki = signer.spki();
    let certificate =
        make::dsc(&subject("DSC"), period, [number; 16], &spki, &[], authority).unwrap();
    let terms = DscTerms {
        profile,
        uses: Vec::new(),
        from: Some(at("2026-01-01T00:00:00Z")),
        until: Stop::At(at("2027-12-01T00:00:00Z")),
    };
    Dsc::new(certificate, signer, keyring::Place::File, &terms).unwrap()
}

/// A verifier as it stands at a border: the CSCA, and the DSCs below it.
pub(crate) fn border(issuer: &Issuer) -> Verifier {
    let mut trust = TrustBuilder::new();
    trust.add_file(csca().certificate.der()).unwrap();
    for dsc in issuer.keys.all() {
        trust.add_file(dsc.certificate().der()).unwrap();
    }
    Verifier::new(trust.build())
}

pub(crate) fn vault() -> Vault {
    Vault::new(&[7; 32])
}

pub(crate) fn site_key(number: u8) -> SiteKey {
    SiteKey::generate(Zeroizing::new([number; 32]))
}

/// An issuer over a store, with keys of one's own.
pub(crate) fn issuer_with(
    store: Store,
    clock: Clock,
    settings: Settings,
    keys: Vec<Dsc>,
) -> Arc<Issuer> {
    let keys = Arc::new(Keyring::new(keys).unwrap());
    Issuer::start(Parts {
        store,
        clock,
        vault: vault(),
        secret: Zeroizing::new([8; 32]),
        settings,
        certifier: Certifier::new(Arc::clone(&keys), Terms::new("VN").unwrap()),
        keys,
        catalogues: Catalogues::builtin(),
        press: print::Press::new(),
    })
}

/// An issuer over a store.
pub(crate) fn issuer(store: Store, clock: Clock, settings: Settings) -> Arc<Issuer> {
    let keys = vec![dsc(Profile::National, 1), dsc(Profile::International, 2)];
    issuer_with(store, clock, settings, keys)
}

/// Puts places, their keys and the accounts into an empty database.
pub(crate) async fn settle(store: &Store) {
    let hash = password::hash(PASSWORD).await.unwrap();
    let mut tx = store.write().await.unwrap();
    for (number, (path, level, name)) in (1..).zip(PLACES) {
        let key = site_key(number);
        let is_site = level == "site";
        let sealed = vault()
            .seal(&format!("site:{path}"), &key.secret()[..])
            .unwrap();
        let sql = "INSERT INTO places (path, level, code, name, name_en, key_spki, key_sealed, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        on!(tx, db => sqlx::query(sql)
            .bind(path)
            .bind(level)
            .bind(place(path).code())
            .bind(name)
            .bind(name)
            .bind(is_site.then(|| key.public()))
            .bind(is_site.then_some(sealed))
            .bind(at(NOW).unix())
            .execute(db)
            .await
            .map(drop)
            .unwrap());
    }
    for (name, roles, path, full_name) in ACCOUNTS {
        let sql = "INSERT INTO users (name, password, roles, created_at, place, full_name) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        on!(tx, db => sqlx::query(sql)
            .bind(name)
            .bind(&hash)
            .bind(Roles::of(roles.iter().copied()).to_string())
            .bind(at(NOW).unix())
            .bind(path)
            .bind(full_name)
            .execute(db)
            .await
            .map(drop)
            .unwrap());
    }
    tx.commit().await.unwrap();
}

/// A small country, whole.
pub(crate) struct World {
    pub(crate) issuer: Arc<Issuer>,
    pub(crate) clock: Clock,
    pub(crate) address: String,
    _dir: Option<TempDir>,
}

impl World {
    /// On SQLite, in a folder of its own.
    pub(crate) async fn sqlite(settings: Settings) -> World {
        let dir = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", dir.path().join("issuer.sqlite").display());
        World::at(address, settings, Some(dir)).await
    }

    /// On PostgreSQL, in a database of its own.
    pub(crate) async fn postgres(
        cluster: &postgres::Cluster,
        name: &str,
        settings: Settings,
    ) -> World {
        World::at(cluster.database(name), settings, None).await
    }

    async fn at(address: String, settings: Settings, dir: Option<TempDir>) -> World {
        let store = Store::open(&address).await.unwrap();
        settle(&store).await;
        let clock = Clock::fixed(at(NOW));
        World {
            issuer: issuer(store, clock.clone(), settings),
            clock,
            address,
            _dir: dir,
        }
    }

    /// Another process on the same database.
    pub(crate) async fn another(&self) -> Arc<Issuer> {
        let store = Store::open(&self.address).await.unwrap();
        issuer(store, self.clock.clone(), self.issuer.settings.clone())
    }

    /// Whether the audit log is whole; how many entries it has.
    pub(crate) async fn audited(&self) -> i64 {
        let mut tx = self.issuer.store.read().await.unwrap();
        tx.audit_check().await.unwrap().unwrap()
    }

    /// Runs a statement behind the service's back.
    pub(crate) async fn meddle(&self, sql: &'static str) -> u64 {
        let mut tx = self.issuer.store.write().await.unwrap();
        let rows = on!(tx, db => sqlx::query(sql).execute(db).await.unwrap().rows_affected());
        tx.commit().await.unwrap();
        rows
    }

    /// What a statement counts.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        let mut tx = self.issuer.store.read().await.unwrap();
        on!(tx, db => sqlx::query_scalar(sql).fetch_one(db).await.unwrap())
    }
}

/// A record from texts, as a form's boxes hold them: `full_name`, `birth_date`, `cccd`, `product`, `dose`,
/// `date`...
pub(crate) fn record(fields: &[(&str, &str)]) -> Record {
    let catalogue = Catalogue::builtin();
    read(&catalogue, fields)
}

/// As [`record`], with a catalogue that is there already.
pub(crate) fn read(catalogue: &Catalogue, fields: &[(&str, &str)]) -> Record {
    let mut draft = Draft::default();
    for (field, text) in fields {
        draft.set(Field::of(field).unwrap(), (*text).to_owned());
    }
    draft
        .read(&Reading::vietnam(catalogue).unwrap())
        .unwrap()
        .record
}

/// A vaccination of somebody told by a number: always the same of the same number.
pub(crate) fn dose(number: u32) -> Record {
    dose_of(&Catalogue::builtin(), number)
}

/// As [`dose`], with a catalogue that is there already.
pub(crate) fn dose_of(catalogue: &Catalogue, number: u32) -> Record {
    let family = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng"][number as usize % 6];
    let given = ["An", "Bình", "Cường", "Dũng", "Hương", "Lan", "Mai"][number as usize / 6 % 7];
    let name = format!("{family} Văn {given}");
    let cccd = format!("079098{:06}", number % 1_000_000);
    let birth = format!("1998-{:02}-{:02}", number % 12 + 1, number / 12 % 28 + 1);
    read(
        catalogue,
        &[
            ("full_name", &name),
            ("birth_date", &birth),
            ("sex", "Nam"),
            ("cccd", &cccd),
            ("product", "Comirnaty"),
            ("lot", "FK0595"),
            ("dose", "1/2"),
            ("date", "2026-11-27"),
        ],
    )
}

/// An entry of the first site, as the desk makes it.
pub(crate) fn entry(record: Record, upto: Upto) -> Entry {
    Entry {
        record,
        whom: Whom::Same,
        site: place(SITE),
        upto,
        source: "desk",
        confirmed: false,
        once: None,
        row_key: None,
        row: None,
    }
}
