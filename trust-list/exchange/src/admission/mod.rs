//! What an import lets in: decided key by key, each refusal with its reason.
//!
//! | refused | because |
//! | --- | --- |
//! | can't be read, is a private key, is there twice | nobody can use it |
//! | is listed for another use | encryption and upload keys sign no health certificates |
//! | test or virtual participant, other environment | its private key lies in public repositories |
//! | wrong country | the list's country and the certificate's differ, or it is not the source's |
//! | weak or unknown key | below P-256, RSA 2048, Ed25519 |
//! | chain does not hold, outlives its CSCA | the CSCA did not sign it, or not for so long |
//! | is no authority, though listed as one | nothing can stand below it |
//!
//! An expired certificate is kept and counted: what it signed while it was valid is still valid.
//! Two keys under one kid are both kept: a verifier tries both.

mod report;
mod why;

use std::collections::{HashMap, HashSet};

use hcert::{kid::Kid, time::Timestamp, x509::Certificate};
use trust_list::import::{
    DidUrl, Form, Listed, Listing, Material, Refused, Role, alpha2, is_test_participant,
};

pub use report::Report;
pub use why::{Refusal, Why};

use crate::key::Kind;

/// Most authorities of one name that are tried for a signer; states renew theirs a few times.
const AUTHORITIES_TRIED: usize = 32;

/// Whom the keys are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// The real thing: no key of a test gets in.
    Production,
    /// A test, where everything may.
    Test,
}

/// What is asked of a key.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Production or test.
    pub environment: Environment,
    /// The one country whose keys the source may bring (alpha-2), if it is one country's.
    pub country: Option<String>,
    /// The time of the import.
    pub at: Timestamp,
    /// Fewest bits of an RSA key.
    pub rsa_bits: usize,
    /// Whether a signer has to stand below an authority that is known. Lists of single countries
    /// often bring none, so the default is no, and each such signer is counted.
    pub chain_required: bool,
    /// The trust domain of keys whose list names none, such as `DCC` for the certificates of the
    /// EU. The same key in two lists comes in once for each domain.
    pub domain: Option<String>,
    /// Participants whose certificates name another code, as `(participant, certificate)`: an
    /// operator's own decision, such as `("IOM", "IO")` for the Isle of Man.
    pub countries_excepted: Vec<(String, String)>,
}

impl Settings {
    /// The defaults for production.
    pub fn production(at: Timestamp) -> Settings {
        Settings {
            environment: Environment::Production,
            country: None,
            at,
            rsa_bits: 2048,
            chain_required: false,
            domain: None,
            countries_excepted: Vec::new(),
        }
    }

    /// The defaults for a test.
    pub fn test(at: Timestamp) -> Settings {
        Settings {
            environment: Environment::Test,
            ..Settings::production(at)
        }
    }
}

/// What was let in, what not, and the sums.
#[derive(Debug, Clone)]
pub struct Admission {
    /// Let in.
    pub admitted: Vec<Admitted>,
    /// Not let in.
    pub refused: Vec<Refusal>,
    /// The sums.
    pub report: Report,
}

/// A key that was let in.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// The key and what its list says of it.
    pub key: Listed,
    /// The form of its list.
    pub form: Form,
    /// How its chain stands.
    pub chain: Chain,
}

/// How the chain of a key that was let in stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chain {
    /// An authority that is known issued it.
    Holds,
    /// No authority that it names as its issuer is known: the list alone vouches for it.
    NoAuthority,
    /// It is an authority itself, or a bare key, which has no chain.
    None,
}

/// Decides over all keys of some lists. Authorities of the same lists count as known, beside those
/// that are given.
pub fn admit(
    listings: &[Listing],
    known_authorities: &[Certificate],
    settings: &Settings,
) -> Admission {
    let mut gate = Gate {
        settings,
        authorities: known_authorities.to_vec(),
        seen: HashSet::new(),
        out: Admission {
            admitted: Vec::new(),
            refused: Vec::new(),
            report: Report::default(),
        },
    };
    // Authorities first: a list may name them after their signers.
    for authorities in [true, false] {
        for listing in listings {
            let keys = listing.keys.iter();
            for key in keys.filter(|key| (key.role == Role::Authority) == authorities) {
                gate.pass(listing, key);
            }
        }
    }
    for listing in listings {
        for refused in &listing.refused {
            let why = match refused.why.as_str() {
                Refused::PRIVATE_KEY => Why::PrivateKey,
                why => Why::Unusable(why.to_owned()),
            };
            gate.refuse(listing.form, &refused.entry, why);
        }
    }
    gate.out.report.collisions = collisions(&gate.out.admitted);
    gate.out
}

/// What makes two entries the same.
#[derive(PartialEq, Eq, Hash)]
struct Identity {
    der: Vec<u8>,
    kid: Option<Kid>,
    domain: Option<String>,
    issuer: Option<String>,
    authority: bool,
}

struct Gate<'a> {
    settings: &'a Settings,
    authorities: Vec<Certificate>,
    seen: HashSet<Identity>,
    out: Admission,
}

impl Gate<'_> {
    fn pass(&mut self, listing: &Listing, key: &Listed) {
        let mut key = key.clone();
        key.domain = key.domain.or_else(|| self.settings.domain.clone());
        match self.decide(listing, &key) {
            Err(why) => self.refuse(listing.form, &key.entry, why),
            Ok(chain) => {
                if let (Role::Authority, Some(certificate)) = (&key.role, key.certificate()) {
                    self.authorities.push(certificate.clone());
                }
                let admitted = Admitted {
                    key,
                    form: listing.form,
                    chain,
                };
                self.out.report.count(&admitted, self.settings.at);
                self.out.admitted.push(admitted);
            }
        }
    }

    fn refuse(&mut self, form: Form, entry: &str, why: Why) {
        self.out.report.count_refusal(&why);
        self.out.refused.push(Refusal {
            entry: entry.to_owned(),
            form,
            why,
        });
    }

    fn decide(&mut self, listing: &Listing, key: &Listed) -> Result<Chain, Why> {
        if let Role::Other(word) = &key.role {
            return Err(Why::Use(word.clone()));
        }
        self.check_environment(listing, key)?;
        self.check_country(key)?;
        self.check_key(key)?;
        let chain = match (&key.role, key.certificate()) {
            (Role::Signer, Some(certificate)) => self.check_chain(key, certificate)?,
            (Role::Authority, Some(certificate)) if !certificate.is_authority() => {
                return Err(Why::NotAnAuthority);
            }
            _ => Chain::None,
        };
        let new = self.seen.insert(Identity {
            der: key.der().to_vec(),
            kid: key.kid(),
            domain: key.domain.clone(),
            issuer: key.issuer.clone(),
            authority: key.role == Role::Authority,
        });
        if new { Ok(chain) } else { Err(Why::Duplicate) }
    }

    fn check_environment(&self, listing: &Listing, key: &Listed) -> Result<(), Why> {
        if self.settings.environment == Environment::Test {
            return Ok(());
        }
        for did in [Some(key.entry.as_str()), listing.name.as_deref()]
            .into_iter()
            .flatten()
        {
            let host = DidUrl::parse(did).host.unwrap_or_default();
            if ["tng-cdn-dev", "tng-cdn-uat"]
                .iter()
                .any(|test| host.contains(test))
            {
                return Err(Why::OtherEnvironment(host.to_owned()));
            }
        }
        let own = key.certificate().and_then(Certificate::country);
        let codes = [
            key.participant.as_deref(),
            key.country.as_deref(),
            own.as_deref(),
        ];
        match codes
            .into_iter()
            .flatten()
            .find(|code| is_test_participant(code))
        {
            Some(code) => Err(Why::TestParticipant(code.to_owned())),
            None => Ok(()),
        }
    }

    fn check_country(&self, key: &Listed) -> Result<(), Why> {
        let own = key.certificate().and_then(Certificate::country);
        let own = own.map(|code| usual(&code));
        if let (Some(listed), Some(certificate)) = (&key.participant, &own) {
            let excepted = self.settings.countries_excepted.iter();
            let mut excepted = excepted.filter(|(there, _)| there == listed);
            let same = listed.eq_ignore_ascii_case(certificate)
                || alpha2(&usual(listed)) == Some(certificate)
                // Test participants have codes of their own: XXA goes with XA, XCL with XL.
                || is_test_participant(listed);
            if !same && !excepted.any(|(_, there)| there == certificate) {
                return Err(Why::WrongCountry {
                    listed: listed.clone(),
                    certificate: certificate.clone(),
                });
            }
        }
        let Some(expected) = &self.settings.country else {
            return Ok(());
        };
        let found = own.or_else(|| key.country.clone());
        if found.as_ref() == Some(expected) {
            Ok(())
        } else {
            Err(Why::OtherCountry {
                expected: expected.clone(),
                found,
            })
        }
    }

    fn check_key(&self, key: &Listed) -> Result<(), Why> {
        let kind = key.spki().ok().and_then(|spki| Kind::of_spki(&spki));
        let kind = kind.ok_or_else(|| Why::Key("it can't be read".to_owned()))?;
        match kind {
            Kind::Rsa { bits } if bits < self.settings.rsa_bits => Err(Why::WeakKey {
                key: kind.to_string(),
                least: format!("RSA of {} bits", self.settings.rsa_bits),
            }),
            // An authority that no chain can be checked with would only pretend to one.
            Kind::OtherCurve(_) | Kind::Other(_) => Err(Why::Key(kind.to_string())),
            _ => match (&key.role, &key.material) {
                (Role::Signer, Material::Certificate(certificate)) => certificate
                    .public_key()
                    .map(drop)
                    .map_err(|error| Why::Key(error.to_string())),
                _ => Ok(()),
            },
        }
    }

    fn check_chain(&self, key: &Listed, certificate: &Certificate) -> Result<Chain, Why> {
        let names = |upper: &&Certificate| certificate.names_as_issuer(upper);
        let mut above: Vec<_> = self.authorities.iter().filter(names).collect();
        if above.is_empty() {
            above = key.above.iter().filter(names).collect();
        }
        // One that signs for itself has nothing above it.
        above.retain(|upper| upper.der() != certificate.der());
        above.truncate(AUTHORITIES_TRIED);
        let mut failure = None;
        for upper in above {
            match certificate.check_issued_by(upper) {
                Err(error) => failure = failure.or(Some(Why::Chain(error))),
                Ok(()) if certificate.not_after() > upper.not_after() => {
                    failure = Some(Why::Outlives {
                        until: certificate.not_after(),
                        authority: upper.subject().to_owned(),
                        authority_until: upper.not_after(),
                    });
                }
                Ok(()) => return Ok(Chain::Holds),
            }
        }
        match failure {
            Some(why) => Err(why),
            None if self.settings.chain_required => Err(Why::NoAuthority),
            None => Ok(Chain::NoAuthority),
        }
    }
}

/// Codes that the EU writes in its own way.
fn usual(code: &str) -> String {
    match code.to_ascii_uppercase().as_str() {
        "EL" => "GR".to_owned(),
        "UK" => "GB".to_owned(),
        other => other.to_owned(),
    }
}

/// How many kids stand for several keys.
fn collisions(admitted: &[Admitted]) -> usize {
    let mut keys: HashMap<Kid, HashSet<&[u8]>> = HashMap::new();
    for admitted in admitted {
        if let Some(kid) = admitted.key.kid() {
            keys.entry(kid).or_default().insert(admitted.key.der());
        }
    }
    keys.values().filter(|keys| keys.len() > 1).count()
}
