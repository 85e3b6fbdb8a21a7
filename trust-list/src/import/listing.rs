//! What a list says, before anybody decides what to believe of it.

use alloc::{
    borrow::ToOwned,
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};

use hcert::{
    keys::{KeyError, PublicKey},
    kid::Kid,
    x509::Certificate,
};
use serde_json::Value;

/// What was found in one list.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The form it has.
    pub form: Form,
    /// What the list calls itself: the DID of a document.
    pub name: Option<String>,
    /// The keys, in their order.
    pub keys: Vec<Listed>,
    /// The entries that can't be used.
    pub refused: Vec<Refused>,
    /// Other documents that it refers to. Nobody here follows them.
    pub links: Vec<String>,
    /// Revocation batches, as they stand there.
    pub batches: Vec<Value>,
}

impl Listing {
    /// An empty list.
    pub fn new(form: Form) -> Listing {
        Listing {
            form,
            name: None,
            keys: Vec::new(),
            refused: Vec::new(),
            links: Vec::new(),
            batches: Vec::new(),
        }
    }

    /// Notes an entry that can't be used.
    pub fn refuse(&mut self, entry: impl Into<String>, why: impl core::fmt::Display) {
        self.refused.push(Refused::new(entry, why));
    }

    /// Takes a key, or notes why it can't be used.
    pub fn take(&mut self, entry: &str, key: Result<Listed, impl core::fmt::Display>) {
        match key {
            Ok(key) => self.keys.push(key),
            Err(why) => self.refuse(entry, why),
        }
    }

    /// Appends what another list holds; the form stays.
    pub fn append(&mut self, mut other: Listing) {
        self.keys.append(&mut other.keys);
        self.refused.append(&mut other.refused);
        self.links.append(&mut other.links);
        self.batches.append(&mut other.batches);
    }
}

/// The form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Form {
    /// One certificate or bare key in DER.
    Der,
    /// PEM blocks, or the base64 of one DER.
    Pem,
    /// A JSON object of kid and certificate.
    KidMap,
    /// JSON Web Keys (RFC 7517).
    Jwks,
    /// A DID document, embedded or by reference.
    DidDocument,
    /// A list of the EU's gateway (DGCG), or in its shape.
    Gateway,
    /// Revocation batches and nothing else.
    Revocation,
    /// The German list: a signature on the first line, the gateway's shape below.
    German,
    /// The Swiss lists: a JWS of keys, one of active kids.
    Swiss,
    /// The Austrian list, version 2: CBOR, its signature beside it.
    Austrian,
    /// The directory of SMART Health Card issuers.
    HealthCardDirectory,
    /// An ICAO master list of CSCAs.
    MasterList,
    /// A folder of certificates.
    Folder,
}

impl Form {
    /// Its name in a sentence.
    pub const fn name(self) -> &'static str {
        match self {
            Form::Der => "certificate or key in DER",
            Form::Pem => "PEM file",
            Form::KidMap => "JSON of kid and certificate",
            Form::Jwks => "JWKS",
            Form::DidDocument => "DID document",
            Form::Gateway => "gateway list",
            Form::Revocation => "revocation batches",
            Form::German => "German list",
            Form::Swiss => "Swiss list",
            Form::Austrian => "Austrian list",
            Form::HealthCardDirectory => "SMART Health Card directory",
            Form::MasterList => "ICAO master list",
            Form::Folder => "folder of certificates",
        }
    }
}

impl core::fmt::Display for Form {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// One key of a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Where it stood: its identifier in the list or its place.
    pub entry: String,
    /// The certificate or the bare key.
    pub material: Material,
    /// The kid that the list states. It can differ from the certificate's own: messages carry
    /// what their issuer wrote into them.
    pub stated_kid: Option<Kid>,
    /// ISO 3166-1 alpha-2 code: the list's, else the certificate's.
    pub country: Option<String>,
    /// The participant as the list writes it: alpha-3, or a code of the network's own.
    pub participant: Option<String>,
    /// The trust domain, such as DCC, PH4H or SHC.
    pub domain: Option<String>,
    /// What the list says it is for.
    pub role: Role,
    /// The issuer it signs for, where a format binds keys to issuers: the URL of SMART Health
    /// Cards, the DID of NZCP.
    pub issuer: Option<String>,
    /// The certificates that the list puts above it, nearest first. They prove a chain, and are
    /// not trusted for anything else.
    pub above: Vec<Certificate>,
}

impl Listed {
    /// A certificate; country and role are its own until the list says more.
    pub fn of_certificate(entry: impl Into<String>, certificate: Certificate) -> Listed {
        let role = match certificate.is_authority() {
            true => Role::Authority,
            false => Role::Signer,
        };
        Listed {
            country: certificate.country().map(|code| code.to_ascii_uppercase()),
            role,
            ..Listed::of(entry, Material::Certificate(Box::new(certificate)))
        }
    }

    /// A bare key.
    pub fn of_key(entry: impl Into<String>, key: &PublicKey) -> Listed {
        Listed::of(entry, Material::Key(key.spki().to_vec()))
    }

    fn of(entry: impl Into<String>, material: Material) -> Listed {
        Listed {
            entry: entry.into(),
            material,
            stated_kid: None,
            country: None,
            participant: None,
            domain: None,
            role: Role::Signer,
            issuer: None,
            above: Vec::new(),
        }
    }

    /// With the kid that the list states, if it states one.
    #[must_use]
    pub fn with_kid(mut self, kid: Option<Kid>) -> Listed {
        self.stated_kid = kid;
        self
    }

    /// The kid that messages will name: the list's, else the certificate's. A bare key that is
    /// listed without one has none.
    pub fn kid(&self) -> Option<Kid> {
        let own = || self.certificate().map(Certificate::kid);
        self.stated_kid.clone().or_else(own)
    }

    /// The certificate, if it is more than a bare key.
    pub fn certificate(&self) -> Option<&Certificate> {
        match &self.material {
            Material::Certificate(certificate) => Some(certificate),
            Material::Key(_) => None,
        }
    }

    /// The DER SubjectPublicKeyInfo.
    pub fn spki(&self) -> Result<Vec<u8>, KeyError> {
        match &self.material {
            Material::Certificate(certificate) => certificate.spki(),
            Material::Key(spki) => Ok(spki.clone()),
        }
    }

    /// The bytes that tell it from others: the certificate, else the key.
    pub fn der(&self) -> &[u8] {
        match &self.material {
            Material::Certificate(certificate) => certificate.der(),
            Material::Key(spki) => spki,
        }
    }
}

/// A key with what is known of it.
#[derive(Debug, Clone)]
pub enum Material {
    /// A certificate.
    Certificate(Box<Certificate>),
    /// A DER SubjectPublicKeyInfo that was read as a key of one of the three algorithms.
    Key(Vec<u8>),
}

/// What a list says a key is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Signs health certificates (DSC).
    Signer,
    /// Signs DSCs (CSCA, SCA).
    Authority,
    /// Neither, in the list's own word: DECA and DESC are for encryption, AUTHENTICATION and
    /// UPLOAD for the traffic with a gateway.
    Other(String),
}

impl Role {
    /// From the word of a list; upper and lower case are the same.
    pub fn from_word(word: &str) -> Role {
        match word.to_ascii_uppercase().as_str() {
            "DSC" => Role::Signer,
            "CSCA" | "SCA" => Role::Authority,
            other => Role::Other(other.to_owned()),
        }
    }
}

impl core::fmt::Display for Role {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Role::Signer => "signer",
            Role::Authority => "authority",
            Role::Other(word) => word,
        })
    }
}

/// An entry that can't be used, and why. The rest of its file is used all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which entry: its kid or its place.
    pub entry: String,
    /// Why.
    pub why: String,
}

impl Refused {
    /// The `why` of an entry that gives a private key away.
    pub const PRIVATE_KEY: &str = "this is a private key: whoever published it has to withdraw it";

    /// An entry and why.
    pub fn new(entry: impl Into<String>, why: impl core::fmt::Display) -> Refused {
        Refused {
            entry: entry.into(),
            why: why.to_string(),
        }
    }
}
