//! What revocation looks at in a certificate, and the three hashes of the EU gateway.

use hcert::{keys::Algorithm, kid::Kid, time::Timestamp};
use sha2::{Digest, Sha256};

use super::id::first_half;

/// What a hash is over (dgc-gateway, `RevocationHashTypeDto`). Each is cut to the first 16 bytes of
/// SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HashKind {
    /// The signature; of ES256 its first half, r, because (r, n - s) is a second valid signature
    /// and a hash over both could be evaded.
    Signature,
    /// The identifier (`ci`).
    Uci,
    /// The issuing country (`iss`) followed by the identifier.
    CountryCodeUci,
}

impl HashKind {
    /// All three.
    pub const ALL: [HashKind; 3] = [HashKind::Signature, HashKind::Uci, HashKind::CountryCodeUci];

    /// The number in our parts, which is that of the German lists.
    pub const fn number(self) -> u8 {
        match self {
            HashKind::Signature => 10,
            HashKind::Uci => 11,
            HashKind::CountryCodeUci => 12,
        }
    }

    /// The kind of a number.
    pub fn from_number(number: u64) -> Option<HashKind> {
        let mut all = HashKind::ALL.into_iter();
        all.find(|kind| u64::from(kind.number()) == number)
    }

    /// The name in the gateway's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            HashKind::Signature => "SIGNATURE",
            HashKind::Uci => "UCI",
            HashKind::CountryCodeUci => "COUNTRYCODEUCI",
        }
    }
}

/// What revocation looks at in a certificate. Only one whose signature holds is worth asking about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The kid, if the signature covers it: one of the unprotected header can be exchanged for that
    /// of another certificate of the same key, under which nobody revoked anything. Without a kid
    /// every list is searched, and no slice.
    pub kid: Option<&'a Kid>,
    /// The issuing country (`iss`).
    pub country: Option<&'a str>,
    /// The key's algorithm.
    pub algorithm: Algorithm,
    /// The signature, as the message carries it.
    pub signature: &'a [u8],
    /// The identifiers (`ci`) of its entries. Empty where the format has none or they could not be
    /// read.
    pub identifiers: &'a [&'a str],
    /// The time of issue (`iat`).
    pub issued_at: Option<Timestamp>,
}

/// A hash of the gateway's kinds.
pub type RevocationHash = [u8; 16];

impl<'a> Subject<'a> {
    /// Its hashes of a kind; several with several identifiers, none where what it is over is not
    /// there.
    pub fn hashes(&self, kind: HashKind) -> impl Iterator<Item = RevocationHash> + use<'a> {
        let half = self.signature.len() / 2;
        let signature = match self.algorithm {
            Algorithm::Es256 => self.signature.get(..half).unwrap_or_default(),
            Algorithm::Ps256 | Algorithm::EdDsa => self.signature,
        };
        let signature = (kind == HashKind::Signature).then(|| Sha256::digest(signature));
        let start = match (kind, self.country) {
            (HashKind::Uci, _) => Some(Sha256::new()),
            (HashKind::CountryCodeUci, Some(country)) => Some(Sha256::new_with_prefix(country)),
            _ => None,
        };
        let identifiers = start.into_iter().flat_map(|start| {
            let hash = move |ci: &&str| start.clone().chain_update(ci.as_bytes()).finalize();
            self.identifiers.iter().map(hash)
        });
        let digests = signature.into_iter().chain(identifiers);
        digests.map(|digest| first_half(digest.into()))
    }

    /// Whether a hash of this kind can be made at all.
    pub(super) fn has(&self, kind: HashKind) -> bool {
        match kind {
            HashKind::Signature => true,
            HashKind::Uci => !self.identifiers.is_empty(),
            HashKind::CountryCodeUci => !self.identifiers.is_empty() && self.country.is_some(),
        }
    }
}
