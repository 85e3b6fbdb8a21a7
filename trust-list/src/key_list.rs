//! The key list: who may sign certificates, and who no longer may. Signed by role `keys`.
//!
//! ```cddl
//! key-list = {
//!     1 => uint,                 ; version, from 1; never goes back
//!     2 => "production" / "test",
//!     3 => int,                  ; issued, seconds since 1970
//!     4 => int,                  ; expires
//!     5 => [* key],
//!     6 => [* authority]
//! }
//! key = {
//!     1 => bstr .size (1..64),   ; kid under which it signs; empty is not allowed, absent means any
//!     ? 2 => bstr,               ; certificate (X.509, DER); either this
//!     ? 3 => bstr,               ; or SubjectPublicKeyInfo (DER)
//!     ? 4 => tstr,               ; country, ISO 3166-1 alpha-2
//!     ? 5 => tstr,               ; domain: DCC, DDCC, ICVP, SHC, NZCP ...
//!     ? 6 => tstr,               ; issuer a message has to name (URL or DID)
//!     ? 7 => withdrawal,
//!     ? 8 => tstr                ; where it came from
//! }
//! withdrawal = [ from : int, backdated : bool, reason : tstr ]
//! authority = { 1 => bstr, ? 2 => tstr }   ; CSCA (DER), country
//! ```

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use hcert::time::Timestamp;
use minicbor::{Decode, Encode, bytes::ByteSlice};

use crate::{
    environment::Environment,
    limits::Limits,
    wire::{self, Instant, WireError},
};

/// What holds a listed key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    /// An X.509 certificate in DER.
    Certificate(Vec<u8>),
    /// A SubjectPublicKeyInfo in DER: a key without dates or limits of its own.
    Spki(Vec<u8>),
}

impl Material {
    /// Its DER, of whichever kind.
    pub fn der(&self) -> &[u8] {
        match self {
            Material::Certificate(der) | Material::Spki(der) => der,
        }
    }
}

/// A key that may no longer sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Certificates issued from this instant on are refused.
    pub from: Timestamp,
    /// The key is in strange hands: whoever has it can write any time of issue, so every
    /// certificate under it is refused, whatever time it names.
    pub compromised: bool,
    /// Why, for people; at most 500 bytes.
    pub reason: String,
}

/// A key that may sign certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Under which kid it signs; `None` is tried for every message (SHC and the like name keys
    /// otherwise).
    pub kid: Option<Vec<u8>>,
    /// The key itself.
    pub material: Material,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// For which kind of certificate it is listed, by its list: `DCC`, `ICVP`, `SHC`.
    pub domain: Option<String>,
    /// The issuer that a message signed by it has to name.
    pub issuer: Option<String>,
    /// Set when it may no longer sign.
    pub withdrawal: Option<Withdrawal>,
    /// Where it came from, for people.
    pub source: Option<String>,
}

/// A CSCA or SCA: it signs DSCs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// X.509, DER.
    pub certificate: Vec<u8>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

/// Who may sign certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyList {
    /// Counts its successors, from 1; never goes back.
    pub version: u64,
    /// Production or test.
    pub environment: Environment,
    /// When it was made.
    pub issued: Timestamp,
    /// Until when it is good; months, because offline keys sign it.
    pub expires: Timestamp,
    /// The keys.
    pub keys: Vec<Key>,
    /// The authorities above them.
    pub authorities: Vec<Authority>,
}

impl KeyList {
    /// Reads the payload of a key list's envelope. Says nothing about who signed it. Certificates
    /// are not parsed: a thousand of them cost 10 ms, and a verifier meets a few.
    pub fn parse(payload: &[u8], limits: &Limits) -> Result<KeyList, WireError> {
        let wire: Wire<'_> = wire::read("key list", payload)?;
        let wrong = |which, why| wire::value("key list", which, why);
        if wire.version == 0 {
            wrong("its version", "versions begin at 1")?;
        }
        if wire.expires.0 <= wire.issued.0 {
            wrong("its expiry", "it is not after its issue")?;
        }
        if wire.keys.len().max(wire.authorities.len()) > limits.keys {
            wrong("its keys", "there are too many")?;
        }
        Ok(KeyList {
            version: wire.version,
            environment: wire.environment,
            issued: wire.issued.0,
            expires: wire.expires.0,
            keys: wire.keys.iter().map(key).collect::<Result<_, _>>()?,
            authorities: wire
                .authorities
                .iter()
                .map(|authority| Authority {
                    certificate: authority.certificate.to_vec(),
                    country: authority.country.map(str::to_owned),
                })
                .collect(),
        })
    }

    /// The payload to be signed.
    pub fn encode(&self) -> Vec<u8> {
        wire::write(&Wire {
            version: self.version,
            environment: self.environment,
            issued: Instant(self.issued),
            expires: Instant(self.expires),
            keys: self.keys.iter().map(WireKey::of).collect(),
            authorities: self
                .authorities
                .iter()
                .map(|authority| WireAuthority {
                    certificate: authority.certificate.as_slice().into(),
                    country: authority.country.as_deref(),
                })
                .collect(),
        })
    }
}

fn key(wire: &WireKey<'_>) -> Result<Key, WireError> {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let material = match (wire.certificate, wire.spki) {
        (Some(der), None) => Material::Certificate(der.to_vec()),
        (None, Some(der)) => Material::Spki(der.to_vec()),
        _ => return wire::value("key list", "a key", "it needs a certificate or a bare key"),
    };
    if wire.kid.is_some_and(|kid| kid.is_empty() || kid.len() > 64) {
        return wire::value("key list", "a kid", "it is not 1 to 64 bytes long");
    }
    Ok(Key {
        kid: wire.kid.map(|kid| kid.to_vec()),
        material,
        country: owned(wire.country),
        domain: owned(wire.domain),
        issuer: owned(wire.issuer),
        withdrawal: wire.withdrawal.as_ref().map(|withdrawal| Withdrawal {
            from: withdrawal.from.0,
            compromised: withdrawal.compromised,
            reason: withdrawal.reason.to_owned(),
        }),
        source: owned(wire.source),
    })
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire<'b> {
    #[n(1)]
    version: u64,
    #[n(2)]
    environment: Environment,
    #[n(3)]
    issued: Instant,
    #[n(4)]
    expires: Instant,
    #[b(5)]
    keys: Vec<WireKey<'b>>,
    #[b(6)]
    authorities: Vec<WireAuthority<'b>>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct WireKey<'b> {
    #[b(1)]
    kid: Option<&'b ByteSlice>,
    #[b(2)]
    certificate: Option<&'b ByteSlice>,
    #[b(3)]
    spki: Option<&'b ByteSlice>,
    #[b(4)]
    country: Option<&'b str>,
    #[b(5)]
    domain: Option<&'b str>,
    #[b(6)]
    issuer: Option<&'b str>,
    #[b(7)]
    withdrawal: Option<WireWithdrawal<'b>>,
    #[b(8)]
    source: Option<&'b str>,
}

impl<'b> WireKey<'b> {
    fn of(key: &'b Key) -> WireKey<'b> {
        let (certificate, spki) = match &key.material {
            Material::Certificate(der) => (Some(der.as_slice().into()), None),
            Material::Spki(der) => (None, Some(der.as_slice().into())),
        };
        WireKey {
            kid: key.kid.as_deref().map(Into::into),
            certificate,
            spki,
            country: key.country.as_deref(),
            domain: key.domain.as_deref(),
            issuer: key.issuer.as_deref(),
            withdrawal: key.withdrawal.as_ref().map(|withdrawal| WireWithdrawal {
                from: Instant(withdrawal.from),
                compromised: withdrawal.compromised,
                reason: &withdrawal.reason,
            }),
            source: key.source.as_deref(),
        }
    }
}

#[derive(Encode, Decode)]
struct WireWithdrawal<'b> {
    #[n(0)]
    from: Instant,
    #[n(1)]
    compromised: bool,
    #[b(2)]
    reason: &'b str,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct WireAuthority<'b> {
    #[b(1)]
    certificate: &'b ByteSlice,
    #[b(2)]
    country: Option<&'b str>,
}
