//! A small world to publish in: a root, its keys, a database of either engine, a folder for the
//! files, a clock that stands still.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod http;
#[path = "../../../../service/testing/postgres.rs"]
pub(crate) mod postgres;

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use hcert::{
    keys::{PublicKey, Signer, SoftwareKey},
    time::Timestamp,
    x509::{
        Certificate,
        make::{self, Period, Subject},
    },
};
use keystore::PrivateKey;
use service::{clock::Clock, language::Language, vault::Vault};
use tempfile::TempDir;
use trust_list::{
    bundle::{Bundle, PartBytes, State, Update, UpdateError},
    envelope::{Document, Envelope},
    environment::Environment,
    limits::Limits,
    root::{Root, RootDraft},
};
use trust_service::{
    config::{Publish, SiteAddress},
    domain::{
        import::Upload,
        keys::{self, Taken},
    },
    http::{App, metrics::Metrics},
    people::{
        self,
        roles::{Role, Roles},
    },
    publish::{
        Publisher,
        held::HeldKeys,
        roots::Roots,
        site::{Name, Site},
    },
    serve::statics::Statics,
    store::Store,
};
use zeroize::Zeroizing;

pub(crate) const DAY: i64 = 24 * 3600;

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn key(seed: u8) -> SoftwareKey {
    SoftwareKey::eddsa(&Zeroizing::new([seed; 32]))
}

fn public(seed: u8) -> Arc<PublicKey> {
    Arc::new(PublicKey::from_spki(&key(seed).spki()).unwrap())
}

/// Seeds of the keys of the small world's root.
pub(crate) const ROOT: u8 = 1;
pub(crate) const LIST: [u8; 3] = [2, 3, 4];
pub(crate) const MANIFEST: u8 = 5;

/// A folder with roots, sealed keys and the published files.
pub(crate) struct Folder {
    pub(crate) dir: TempDir,
}

impl Folder {
    /// `list_keys` of the three list keys have to sign.
    pub(crate) fn new(list_keys: usize) -> Folder {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("roots")).unwrap();
        let issued = at("2026-11-01T00:00:00Z");
        let root = Root::new(RootDraft {
            version: 1,
            environment: Environment::Test,
            issued,
            expires: issued.plus_seconds(3650 * DAY),
            name: "Test of Utopia".into(),
            root: (1, vec![public(ROOT)]),
            key_list: (list_keys, LIST.map(public).to_vec()),
            manifest: (1, vec![public(MANIFEST)]),
        });
        let mut envelope = Envelope::new(Document::Root, root.unwrap().encode());
        envelope.sign(&key(ROOT)).unwrap();
        std::fs::write(dir.path().join("roots/1.cose"), envelope.to_bytes()).unwrap();
        Folder { dir }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn first_root(&self) -> Vec<u8> {
        std::fs::read(self.path().join("roots/1.cose")).unwrap()
    }

    pub(crate) fn site(&self) -> Site {
        Site::directory(&self.path().join("site")).unwrap()
    }

    pub(crate) fn times(&self) -> Publish {
        Publish {
            site: SiteAddress::Directory(self.path().join("site")),
            roots: self.path().join("roots"),
            soft_expiry: 3 * DAY,
            hard_expiry: 30 * DAY,
            key_list: 180 * DAY,
            republish_every: None,
            keep: 7 * DAY,
        }
    }

    pub(crate) async fn sqlite(&self) -> Store {
        let file = self.path().join("trust.sqlite");
        Store::open(&format!("sqlite:{}", file.display()))
            .await
            .unwrap()
    }

    pub(crate) fn publisher(
        &self,
        store: &Store,
        clock: &Clock,
        site: Site,
        held: &[u8],
    ) -> Publisher {
        Publisher::new(
            store.clone(),
            site,
            Roots::read(&self.path().join("roots"), &Limits::DEFAULT).unwrap(),
            // Opening sealed files takes a third of a second each, and is tested by itself.
            HeldKeys::of(held.iter().map(|seed| PrivateKey::Software(key(*seed)))),
            self.times(),
            clock.clone(),
        )
    }

    /// A service that holds enough keys to do all by itself.
    pub(crate) async fn app(&self, store: Store, clock: &Clock) -> Arc<App> {
        self.patient_app(store, clock, Duration::from_secs(30))
            .await
    }

    pub(crate) async fn patient_app(
        &self,
        store: Store,
        clock: &Clock,
        patience: Duration,
    ) -> Arc<App> {
        let held = &[LIST[0], LIST[1], MANIFEST];
        let site = self.site();
        Arc::new(App {
            publisher: self.publisher(&store, clock, site.clone(), held),
            store,
            vault: Vault::new(&[11; 32]),
            statics: Arc::new(Statics::new(site)),
            pages: None,
            clock: clock.clone(),
            metrics: Metrics::default(),
            pins: BTreeMap::new(),
            language: Language::En,
            patience,
            https: false,
            behind_proxy: false,
        })
    }

    /// What a client does: from what it remembers to a whole bundle, out of the folder.
    pub(crate) fn update(&self, state: &State) -> Result<(Bundle, State), UpdateError> {
        update(&self.path().join("site"), state)
    }

    pub(crate) fn new_client(&self) -> State {
        State::pinned(&self.first_root(), &Limits::DEFAULT).unwrap()
    }
}

/// As [`Folder::update`], of any folder.
pub(crate) fn update(site: &Path, state: &State) -> Result<(Bundle, State), UpdateError> {
    let read = |name: Name| std::fs::read(site.join(name.to_string())).ok();
    let mut update = Update::begin(state, Limits::DEFAULT)?;
    while let Some(root) = read(Name::Root(update.next_root())) {
        update.root(&root)?;
    }
    update.manifest(&read(Name::Live).ok_or(UpdateError::NoManifest)?)?;
    let wanted: Vec<_> = update.wanted().cloned().collect();
    for part in wanted {
        let bytes = read(Name::Part(part.digest)).unwrap_or_default();
        update.part(&part, PartBytes::from(bytes))?;
    }
    update.finish()
}

/// An instant in the small world.
pub(crate) fn clock() -> Clock {
    Clock::fixed(at("2026-11-22T08:00:00Z"))
}

/// A DSC of Utopia, self-made; its CSCA too.
pub(crate) fn certificates(number: u8) -> (Certificate, Certificate) {
    let csca_key = key(100);
    let period = |days: i64| Period {
        not_before: at("2026-01-01T00:00:00Z"),
        not_after: at("2026-01-01T00:00:00Z").plus_seconds(days * DAY),
    };
    let subject = |common_name| Subject {
        common_name,
        country: "UT",
        organisation: None,
    };
    let csca = make::csca(&subject("CSCA Utopia"), period(3000), [9; 16], &csca_key).unwrap();
    let name = format!("DSC Utopia {number}");
    let spki = key(100 + number).spki();
    let dsc = make::dsc(
        &subject(&name),
        period(700),
        [number; 16],
        &spki,
        &[],
        (&csca, &csca_key),
    );
    (csca, dsc.unwrap())
}

/// A list of DSCs with their CSCA, as PEM.
pub(crate) fn list(numbers: impl IntoIterator<Item = u8>) -> Vec<u8> {
    let mut text = hcert::pem::encode("CERTIFICATE", certificates(1).0.der());
    for number in numbers {
        text += &hcert::pem::encode("CERTIFICATE", certificates(number).1.der());
    }
    text.into_bytes()
}

pub(crate) async fn take(store: &Store, clock: &Clock, list: Vec<u8>) -> Taken {
    let upload = Upload {
        list,
        source: "test".into(),
        ..Upload::default()
    };
    keys::take(store, clock, Environment::Test, "user:test", upload)
        .await
        .unwrap()
}

/// A client of the API with a role; gives its key.
pub(crate) async fn client(
    app: &App,
    name: &str,
    roles: &[Role],
    kids: Option<&[Vec<u8>]>,
) -> String {
    let roles = Roles::of(roles.iter().copied());
    let all = kids.is_none();
    people::add_client(
        &app.store,
        &app.clock,
        "test",
        name,
        roles,
        kids.unwrap_or_default(),
        all,
    )
    .await
    .unwrap()
    .to_string()
}
