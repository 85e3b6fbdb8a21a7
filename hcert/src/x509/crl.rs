//! The list of the DSCs that a CSCA revoked (RFC 5280 section 5).
//!
//! ```text
//! TBSCertList ::= SEQUENCE {
//!     version 1, signature, issuer, thisUpdate, nextUpdate OPTIONAL,
//!     revokedCertificates SEQUENCE OF SEQUENCE {
//!         userCertificate, revocationDate, crlEntryExtensions OPTIONAL } OPTIONAL,
//!     crlExtensions [0] OPTIONAL }   -- authority key identifier, CRL number
//! ```

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use der::{
    Decode as _, Encode as _,
    asn1::{GeneralizedTime, ObjectIdentifier, OctetString},
};
use x509_cert::{
    Version,
    certificate::Raw,
    crl::{CertificateList, RevokedCert, TbsCertList},
    ext::{
        Extension,
        pkix::{AuthorityKeyIdentifier, CrlNumber, CrlReason},
    },
    serial_number::SerialNumber,
};

use super::{
    Certificate,
    certificate::timestamp,
    make::{self, MakeError, Period, encoding},
    sign, signature,
};
use crate::{keys::Signer, time::Timestamp};

const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
const CRL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");
const REASON_CODE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
const INVALIDITY_DATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");

/// Most bytes of a list: some 20,000 entries, and no country has had more than some hundred DSCs.
const MAX_BYTES: usize = 1024 * 1024;

/// Why a revocation list can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlError {
    /// More bytes than are read.
    #[error("the revocation list has {0} bytes, more than {MAX_BYTES}")]
    Size(usize),
    /// Not a revocation list in DER.
    #[error("not a readable X.509 revocation list: {0}")]
    Encoding(String),
    /// An extension that must not be ignored (RFC 5280 section 5.2) and is not known here, such as
    /// that of a list of changes only.
    #[error("the revocation list has the extension {0}, which may not be ignored and is not known")]
    Extension(String),
    /// The issuer's name or key identifier is not the CSCA's, or its signature is not.
    #[error("the revocation list is not signed by {0}")]
    NotSignedBy(String),
    /// The CSCA's key usage does not allow it to sign revocation lists.
    #[error("{0} may not sign revocation lists: its key usage says so")]
    MayNot(String),
    /// The list has no number, or one beyond 64 bits.
    #[error("the revocation list has no usable number")]
    Number,
}

/// Why a certificate was revoked (RFC 5280 section 5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nothing was said.
    Unspecified,
    /// The private key is, or may be, in other hands.
    KeyCompromise,
    /// The CSCA's private key is, or may be, in other hands.
    CaCompromise,
    /// The organisation named is no longer the right one.
    AffiliationChanged,
    /// Another certificate takes its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// It rests, and may come back.
    CertificateHold,
    /// It may no longer sign.
    PrivilegeWithdrawn,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Reason; 8] = [
        Reason::Unspecified,
        Reason::KeyCompromise,
        Reason::CaCompromise,
        Reason::AffiliationChanged,
        Reason::Superseded,
        Reason::CessationOfOperation,
        Reason::CertificateHold,
        Reason::PrivilegeWithdrawn,
    ];

    /// The name in RFC 5280.
    pub const fn name(self) -> &'static str {
        match self {
            Reason::Unspecified => "unspecified",
            Reason::KeyCompromise => "keyCompromise",
            Reason::CaCompromise => "cACompromise",
            Reason::AffiliationChanged => "affiliationChanged",
            Reason::Superseded => "superseded",
            Reason::CessationOfOperation => "cessationOfOperation",
            Reason::CertificateHold => "certificateHold",
            Reason::PrivilegeWithdrawn => "privilegeWithdrawn",
        }
    }

    const fn code(self) -> CrlReason {
        match self {
            Reason::Unspecified => CrlReason::Unspecified,
            Reason::KeyCompromise => CrlReason::KeyCompromise,
            Reason::CaCompromise => CrlReason::CaCompromise,
            Reason::AffiliationChanged => CrlReason::AffiliationChanged,
            Reason::Superseded => CrlReason::Superseded,
            Reason::CessationOfOperation => CrlReason::CessationOfOperation,
            Reason::CertificateHold => CrlReason::CertificateHold,
            Reason::PrivilegeWithdrawn => CrlReason::PrivilegeWithdrawn,
        }
    }
}

/// One certificate on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Its serial number, big endian.
    pub serial: Vec<u8>,
    /// When the CSCA revoked it.
    pub revoked_at: Timestamp,
    /// Why.
    pub reason: Reason,
    /// From when on nothing that it signed is to be believed (invalidityDate, section 5.3.2), if
    /// that is known.
    pub invalid_from: Option<Timestamp>,
}

/// A revocation list as received. Nothing in it is proven: see [`RevocationList::check_signed_by`].
#[derive(Debug, Clone)]
pub struct RevocationList {
    der: Vec<u8>,
    inner: CertificateList<Raw>,
    entries: Vec<Revoked>,
}

impl RevocationList {
    /// From DER. Bytes after it are refused, and so are lists that hold changes only.
    pub fn from_der(der: &[u8]) -> Result<RevocationList, CrlError> {
        if der.len() > MAX_BYTES {
            return Err(CrlError::Size(der.len()));
        }
        let inner = CertificateList::<Raw>::from_der(der)
            .map_err(|error| CrlError::Encoding(error.to_string()))?;
        let known = [AUTHORITY_KEY_IDENTIFIER, CRL_NUMBER];
        refuse_critical(inner.tbs_cert_list.crl_extensions.as_deref(), &known)?;
        let list = inner.tbs_cert_list.revoked_certificates.iter().flatten();
        let entries = list
            .map(entry)
            .collect::<Result<Vec<Revoked>, CrlError>>()?;
        Ok(RevocationList {
            der: der.to_vec(),
            inner,
            entries,
        })
    }

    /// The DER it was read from.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The issuer as RFC 4514 text.
    pub fn issuer(&self) -> String {
        self.inner.tbs_cert_list.issuer.to_string()
    }

    /// Its number, which grows with each list of an issuer (section 5.2.3).
    pub fn number(&self) -> Option<u64> {
        let value = find(
            self.inner.tbs_cert_list.crl_extensions.as_deref(),
            CRL_NUMBER,
        )?;
        let number = CrlNumber::from_der(value).ok()?;
        let bytes = number.0.as_bytes();
        (bytes.len() <= 8).then(|| {
            bytes
                .iter()
                .fold(0, |number, byte| (number << 8) | u64::from(*byte))
        })
    }

    /// When it was made.
    pub fn this_update(&self) -> Timestamp {
        timestamp(self.inner.tbs_cert_list.this_update)
    }

    /// When at the latest there will be another.
    pub fn next_update(&self) -> Option<Timestamp> {
        self.inner.tbs_cert_list.next_update.map(timestamp)
    }

    /// The certificates on it.
    pub fn entries(&self) -> &[Revoked] {
        &self.entries
    }

    /// The entry of a certificate. The caller knows that both are of the same CSCA.
    pub fn find(&self, certificate: &Certificate) -> Option<&Revoked> {
        self.entries
            .iter()
            .find(|entry| entry.serial == certificate.serial())
    }

    /// Checks that a CSCA made this list: names, key identifiers where both have one, signature.
    pub fn check_signed_by(&self, csca: &Certificate) -> Result<(), CrlError> {
        let bad = || CrlError::NotSignedBy(csca.subject().to_owned());
        if !csca.is_authority() || !csca.signs_lists() {
            return Err(CrlError::MayNot(csca.subject().to_owned()));
        }
        let list = &self.inner.tbs_cert_list;
        let key_id = find(list.crl_extensions.as_deref(), AUTHORITY_KEY_IDENTIFIER)
            .and_then(|value| AuthorityKeyIdentifier::from_der(value).ok())
            .and_then(|id| id.key_identifier);
        let other_key = match (&key_id, csca.key_id()) {
            (Some(named), Some(there)) => named.as_bytes() != there,
            _ => false,
        };
        if list.issuer != *csca.inner().tbs_certificate().subject()
            || other_key
            || list.signature != self.inner.signature_algorithm
        {
            return Err(bad());
        }
        let spki = csca.spki().map_err(|_| bad())?;
        let message = signature::to_be_signed(&self.der).ok_or_else(bad)?;
        let signature = self.inner.signature.as_bytes().ok_or_else(bad)?;
        match signature::is_good(&self.inner.signature_algorithm, &spki, message, signature) {
            Some(true) => Ok(()),
            _ => Err(bad()),
        }
    }

    /// Makes the next list of a CSCA: everything of the list before, whose signature is checked,
    /// with these entries added, each in the place of an older one of the same serial number.
    /// The period is from this update to the next.
    pub fn make(
        before: Option<&RevocationList>,
        entries: &[Revoked],
        period: Period,
        (csca, key): (&Certificate, &dyn Signer),
    ) -> Result<RevocationList, MakeError> {
        if !csca.is_authority() || csca.spki().ok() != Some(key.spki()) {
            return Err(MakeError::Authority);
        }
        if !csca.signs_lists() {
            return Err(CrlError::MayNot(csca.subject().to_owned()).into());
        }
        if period.not_after <= period.not_before {
            return Err(MakeError::Period);
        }
        let number = match before {
            None => 1,
            Some(before) => {
                before.check_signed_by(csca)?;
                let number = before.number().ok_or(CrlError::Number)?;
                number.checked_add(1).ok_or(CrlError::Number)?
            }
        };
        let kept = before.into_iter().flat_map(|list| &list.entries);
        let kept = kept.filter(|old| entries.iter().all(|new| new.serial != old.serial));
        let revoked = kept.chain(entries).map(revoked_certificate);
        let revoked = revoked.collect::<Result<Vec<_>, MakeError>>()?;
        let algorithm = sign::algorithm(key)?;
        let list = TbsCertList::<Raw> {
            version: Version::V2,
            signature: algorithm.clone(),
            issuer: csca.inner().tbs_certificate().subject().clone(),
            this_update: make::time(period.not_before)?,
            next_update: Some(make::time(period.not_after)?),
            // Absent, never empty (section 5.1.2.6).
            revoked_certificates: (!revoked.is_empty()).then_some(revoked),
            crl_extensions: Some(vec![
                extension(AUTHORITY_KEY_IDENTIFIER, &authority_key_id(csca)?)?,
                extension(CRL_NUMBER, &CrlNumber::try_from(number).map_err(encoding)?)?,
            ]),
        };
        let message = list.to_der().map_err(encoding)?;
        let list = CertificateList {
            tbs_cert_list: list,
            signature_algorithm: algorithm,
            signature: sign::bits(&message, key)?,
        };
        let list = RevocationList::from_der(&list.to_der().map_err(encoding)?)?;
        list.check_signed_by(csca)?;
        Ok(list)
    }
}

/// The CSCA's own key identifier, else the one made of its key.
fn authority_key_id(csca: &Certificate) -> Result<AuthorityKeyIdentifier, MakeError> {
    let key_identifier = match csca.key_id() {
        Some(id) => OctetString::new(id).map_err(encoding)?,
        None => {
            let spki = csca.spki().map_err(encoding)?;
            let spki = spki::SubjectPublicKeyInfoRef::from_der(&spki).map_err(encoding)?;
            x509_cert::ext::pkix::SubjectKeyIdentifier::try_from(spki)
                .map_err(encoding)?
                .0
        }
    };
    Ok(AuthorityKeyIdentifier {
        key_identifier: Some(key_identifier),
        ..AuthorityKeyIdentifier::default()
    })
}

fn entry(revoked: &RevokedCert<Raw>) -> Result<Revoked, CrlError> {
    let extensions = revoked.crl_entry_extensions.as_deref();
    refuse_critical(extensions, &[REASON_CODE, INVALIDITY_DATE])?;
    let broken = |error: der::Error| CrlError::Encoding(error.to_string());
    let code = find(extensions, REASON_CODE).map(CrlReason::from_der);
    let code = code.transpose().map_err(broken)?;
    let reason = Reason::ALL
        .into_iter()
        .find(|reason| Some(reason.code()) == code);
    let date = find(extensions, INVALIDITY_DATE).map(GeneralizedTime::from_der);
    let date = date.transpose().map_err(broken)?;
    Ok(Revoked {
        serial: revoked.serial_number.as_bytes().to_vec(),
        revoked_at: timestamp(revoked.revocation_date),
        reason: reason.unwrap_or(Reason::Unspecified),
        invalid_from: date.map(|date| timestamp(date.into())),
    })
}

fn revoked_certificate(entry: &Revoked) -> Result<RevokedCert<Raw>, MakeError> {
    let mut extensions = Vec::new();
    // Unspecified is said by saying nothing (section 5.3.1).
    if entry.reason != Reason::Unspecified {
        extensions.push(extension(REASON_CODE, &entry.reason.code())?);
    }
    if let Some(from) = entry.invalid_from {
        let seconds = u64::try_from(from.unix()).map_err(|_| MakeError::Period)?;
        let date = core::time::Duration::from_secs(seconds);
        let date = GeneralizedTime::from_unix_duration(date).map_err(encoding)?;
        extensions.push(extension(INVALIDITY_DATE, &date)?);
    }
    Ok(RevokedCert {
        serial_number: SerialNumber::new(&entry.serial).map_err(encoding)?,
        revocation_date: make::time(entry.revoked_at)?,
        crl_entry_extensions: (!extensions.is_empty()).then_some(extensions),
    })
}

fn extension(oid: ObjectIdentifier, value: &impl der::Encode) -> Result<Extension, MakeError> {
    Ok(Extension {
        extn_id: oid,
        critical: false,
        extn_value: OctetString::new(value.to_der().map_err(encoding)?).map_err(encoding)?,
    })
}

fn find(extensions: Option<&[Extension]>, oid: ObjectIdentifier) -> Option<&[u8]> {
    let found = extensions?.iter().find(|there| there.extn_id == oid)?;
    Some(found.extn_value.as_bytes())
}

fn refuse_critical(
    extensions: Option<&[Extension]>,
    known: &[ObjectIdentifier],
) -> Result<(), CrlError> {
    let unknown = extensions
        .into_iter()
        .flatten()
        .find(|extension| extension.critical && !known.contains(&extension.extn_id));
    match unknown {
        Some(extension) => Err(CrlError::Extension(extension.extn_id.to_string())),
        None => Ok(()),
    }
}
