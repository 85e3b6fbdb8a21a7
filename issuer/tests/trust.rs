//! What the trust list is told: an issuer and a real trust list over real HTTP, and what a verifier then
//! says with the bundle that the trust list publishes.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]
#![allow(
    clippy::duplicate_mod,
    reason = "both worlds, the issuer's and the trust list's, bring the throwaway database"
)]

mod common;
#[path = "../../trust-list/service/tests/common/mod.rs"]
mod trust_world;

use std::{sync::Arc, time::Duration};

use common::{DAY, NOW, World, at, dose, entry, postgres, settings, user};
use hcert::time::Timestamp;
use issuer::{
    config::Trust,
    domain::{
        certificates::{Reason, ReasonKind, Which},
        desk::Upto,
    },
    store::CertificateRow,
    trust::{Reporter, RoundError, Told},
};
use service::{clock::Clock as TrustClock, listen};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use trust_service::{
    domain::revocation::{self, Kids, Selection},
    http::{App, router},
    people::roles::Role,
};
use trust_world::Folder;
use verifier::{Revocation, Verifier, trust::TrustBuilder};
use zeroize::Zeroizing;

/// A trust list that can be away.
struct TrustList {
    folder: Folder,
    app: Arc<App>,
    clock: TrustClock,
    address: std::net::SocketAddr,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl TrustList {
    /// Its address is its own; nobody listens there yet.
    async fn away() -> TrustList {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let folder = Folder::new(1);
        let clock = TrustClock::fixed(at(NOW));
        let app = folder.app(folder.sqlite().await, &clock).await;
        TrustList {
            folder,
            app,
            clock,
            address,
            running: None,
        }
    }

    async fn begin(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let (end, ended) = oneshot::channel::<()>();
        let router = router(Arc::clone(&self.app));
        let served = tokio::spawn(listen::serve(listener, router, listen::HEAD, async move {
            let _ = ended.await;
        }));
        self.running = Some((end, served));
    }

    async fn end(&mut self) {
        let (end, served) = self.running.take().unwrap();
        end.send(()).unwrap();
        served.await.unwrap();
    }

    async fn told(&self, labels: bool) -> Trust {
        let roles = [Role::Operator, Role::Issuer];
        let key = trust_world::client(&self.app, "issuer", &roles, None).await;
        let csca = self.folder.path().join("csca.pem");
        let pem = hcert::pem::encode("CERTIFICATE", common::csca().certificate.der());
        std::fs::write(&csca, pem).unwrap();
        Trust {
            url: format!("http://{}", self.address),
            key: Zeroizing::new(key),
            csca: Some(csca),
            every: Duration::from_secs(30),
            labels,
        }
    }

    /// Publishes, and gives a verifier that installed it.
    async fn verifier(&self) -> Verifier {
        self.app.publisher.publish("test", None).await.unwrap();
        let (bundle, _) = self.folder.update(&self.folder.new_client()).unwrap();
        let mut trust = TrustBuilder::new();
        trust.add_bundle(&bundle);
        Verifier::new(trust.build())
    }
}

struct Both {
    world: World,
    list: TrustList,
    now: Timestamp,
}

impl Both {
    fn later(&mut self, seconds: i64) {
        self.now = self.now.plus_seconds(seconds);
        self.world.clock.set(self.now);
        self.list.clock.set(self.now);
    }

    async fn issue(&self, numbers: std::ops::Range<u32>) -> Vec<CertificateRow> {
        let issuer = &self.world.issuer;
        let entries = numbers
            .map(|number| entry(dose(number), Upto::Certified))
            .collect();
        let mut all = Vec::new();
        for made in issuer.take_all(&user("ca"), entries).await.unwrap() {
            let id = made.unwrap().certificate.unwrap();
            all.push(issuer.certificate(&user("ca"), id).await.unwrap());
        }
        all
    }

    async fn revoke(&self, which: Which, count: i64) {
        let reason = Reason {
            kind: ReasonKind::Fraud,
            text: "not to exist".into(),
        };
        let revoked = self
            .world
            .issuer
            .revoke(&user("bo"), &which, &reason, count)
            .await;
        assert_eq!(revoked.unwrap(), count);
    }

    fn says(&self, verifier: &Verifier, certificate: &CertificateRow) -> Revocation {
        let texts = [&certificate.national, &certificate.international];
        let said = texts.map(|text| {
            let verdict = verifier.verify(text.as_ref().unwrap(), self.now);
            let revoked = verdict.revocation == Revocation::Revoked;
            assert_eq!(verdict.is_valid(), !revoked, "{verdict:?}");
            verdict.revocation
        });
        assert_eq!(said[0], said[1]);
        said[0]
    }
}

async fn on_both(name: &str, test: impl AsyncFn(Both)) {
    let both = async |world| Both {
        world,
        list: TrustList::away().await,
        now: at(NOW),
    };
    test(both(World::sqlite(settings()).await).await).await;
    if let Some(cluster) = postgres::start() {
        test(both(World::postgres(&cluster, name, settings()).await).await).await;
    }
}

#[tokio::test]
async fn issued_revoked_and_nothing_lost_while_it_is_away() {
    on_both("told", async |mut both| {
        let trust = both.list.told(false).await;
        let mut reporter = Reporter::new(Arc::clone(&both.world.issuer), &trust).unwrap();
        note_signers(&both.world).await;
        let first = both.issue(0..5).await;
        // Away: nothing is told, and nothing forgotten.
        assert!(matches!(reporter.turn().await, Err(RoundError::Client(_))));
        both.later(60);
        both.list.begin().await;
        assert_eq!(
            reporter.turn().await.unwrap(),
            Told {
                keys: 2,
                issued: 10,
                acts: 0
            }
        );
        both.later(600);
        reporter.turn().await.unwrap();
        let verifier = both.list.verifier().await;
        for certificate in &first {
            assert_eq!(both.says(&verifier, certificate), Revocation::NotRevoked);
        }
        // Ended in the middle: certificates and revocations wait.
        both.list.end().await;
        let second = both.issue(5..8).await;
        both.revoke(Which::These(vec![first[0].id, second[0].id]), 2)
            .await;
        both.later(5);
        assert!(reporter.turn().await.is_err());
        both.later(900);
        both.list.begin().await;
        // Another process, which knows nothing but the database, goes on.
        reporter.give_back().await.unwrap();
        let another = both.world.another().await;
        let mut reporter = Reporter::new(another, &trust).unwrap();
        let told = reporter.turn().await.unwrap();
        assert_eq!((told.keys, told.acts), (0, 2));
        both.later(600);
        reporter.turn().await.unwrap();
        let verifier = both.list.verifier().await;
        for (index, certificate) in first.iter().chain(&second).enumerate() {
            let wanted = match index {
                0 | 5 => Revocation::Revoked,
                _ => Revocation::NotRevoked,
            };
            assert_eq!(both.says(&verifier, certificate), wanted, "{index}");
        }
        // All is told: another turn has nothing to do, and the trust list nothing new.
        assert_eq!(reporter.turn().await.unwrap().acts, 0);
        assert_eq!(
            both.world
                .number("SELECT COUNT(*) FROM outbox WHERE done_at IS NULL")
                .await,
            0
        );
        both.list.end().await;
    })
    .await;
}

#[tokio::test]
async fn revoked_in_the_moment_it_was_issued() {
    on_both("moment", async |mut both| {
        both.list.begin().await;
        let trust = both.list.told(true).await;
        let mut reporter = Reporter::new(Arc::clone(&both.world.issuer), &trust).unwrap();
        note_signers(&both.world).await;
        reporter.turn().await.unwrap();
        both.later(3600);
        let all = both.issue(0..4).await;
        both.revoke(Which::Lot("FK0595".into()), 4).await;
        let told = reporter.turn().await.unwrap();
        assert_eq!((told.issued, told.acts), (8, 2));
        both.later(300);
        reporter.turn().await.unwrap();
        let verifier = both.list.verifier().await;
        for certificate in &all {
            assert_eq!(both.says(&verifier, certificate), Revocation::Revoked);
        }
        // The trust list's desk finds by what they have in common.
        for label in ["lot:FK0595", "site:BN1"] {
            let choice = Selection::Label(label.into());
            let hits = revocation::dry_run(&both.list.app.store, &Kids::All, &choice).await;
            assert_eq!(hits.unwrap().hits, 8, "{label}");
        }
        both.list.end().await;
    })
    .await;
}

#[tokio::test]
async fn what_the_trust_list_missed_is_told_before_it_is_revoked() {
    on_both("missed", async |mut both| {
        both.list.begin().await;
        let trust = both.list.told(false).await;
        let mut reporter = Reporter::new(Arc::clone(&both.world.issuer), &trust).unwrap();
        note_signers(&both.world).await;
        let all = both.issue(0..3).await;
        // As if a process had stored them a day after it signed them: no round looks there any more.
        both.later(DAY);
        both.world
            .meddle("UPDATE signers SET complete_until = 4000000000, reported_at = 1")
            .await;
        reporter.turn().await.unwrap();
        both.revoke(Which::These(vec![all[0].id]), 1).await;
        assert_eq!(reporter.turn().await.unwrap().acts, 2);
        let hits = async |row: &CertificateRow| {
            let ids = vec![row.uvci_hash.clone().try_into().unwrap()];
            let choice = Selection::Ids { kid: None, ids };
            revocation::dry_run(&both.list.app.store, &Kids::All, &choice)
                .await
                .unwrap()
        };
        let hit = hits(&all[0]).await;
        assert_eq!((hit.hits, hit.already_revoked), (2, 2));
        assert_eq!(hits(&all[1]).await.unknown, 1);
        both.list.end().await;
    })
    .await;
}

#[tokio::test]
async fn one_process_at_a_time_and_an_alarm_after_an_hour() {
    on_both("lease", async |mut both| {
        both.list.begin().await;
        let trust = both.list.told(false).await;
        note_signers(&both.world).await;
        let mut one = Reporter::new(Arc::clone(&both.world.issuer), &trust).unwrap();
        let mut other = Reporter::new(both.world.another().await, &trust).unwrap();
        both.issue(0..1).await;
        assert_eq!(one.turn().await.unwrap().issued, 2);
        assert_eq!(other.turn().await.unwrap(), Told::default());
        // The first one dies; after a while the other one takes over.
        drop(one);
        both.later(361);
        assert_eq!(other.turn().await.unwrap().issued, 2);
        both.list.end().await;
        both.later(1800);
        assert!(other.turn().await.is_err());
        let alarms = "SELECT COUNT(*) FROM alarms WHERE kind = 'trust_list' AND site = 'VN'";
        assert_eq!(both.world.number(alarms).await, 0);
        both.later(1801);
        assert!(other.turn().await.is_err());
        assert_eq!(both.world.number(alarms).await, 1);
        // A key that is not the trust list's is said, and nothing is lost either.
        both.list.begin().await;
        let mut wrong = trust.clone();
        wrong.key = Zeroizing::new("wrong".into());
        other.give_back().await.unwrap();
        let mut stranger = Reporter::new(both.world.another().await, &wrong).unwrap();
        let error = stranger.turn().await.unwrap_err().to_string();
        assert!(error.contains("401") && !error.contains("wrong"), "{error}");
        both.list.end().await;
    })
    .await;
}

/// As a start of the service does.
async fn note_signers(world: &World) {
    let mut tx = world.issuer.store.write().await.unwrap();
    for dsc in world.issuer.keys.all() {
        let (kid, der) = (dsc.kid().as_bytes(), dsc.certificate().der());
        tx.note_signer(kid, der, dsc.profile().name(), 0)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}
