//! Keys, certificates and payloads for the tests.

#![allow(dead_code, reason = "not every test needs all of it")]

use hcert::{
    dcc::Dcc,
    keys::{Signer, SoftwareKey},
    time::Timestamp,
    x509::{
        Certificate, EventKind,
        make::{self, Period, Subject},
    },
};
use keyring::{BoxedSigner, Dsc, DscTerms, Place, Profile, Stop};
use serde_json::json;
use zeroize::Zeroizing;

pub(crate) const DAY: i64 = 86_400;

/// Midnight of a day, in UTC.
pub(crate) fn day(text: &str) -> Timestamp {
    format!("{text}T00:00:00Z").parse().unwrap()
}

pub(crate) fn subject(name: &str) -> Subject<'_> {
    Subject {
        common_name: name,
        country: "VN",
        organisation: None,
    }
}

/// A CSCA of 2020 to 2040.
pub(crate) struct Csca {
    pub(crate) certificate: Certificate,
    pub(crate) key: SoftwareKey,
}

pub(crate) fn csca() -> Csca {
    let key = SoftwareKey::es256(&Zeroizing::new([9; 32])).unwrap();
    let period = period("2020-01-01", "2040-01-01");
    let certificate = make::csca(&subject("CSCA"), period, [1; 16], &key).unwrap();
    Csca { certificate, key }
}

pub(crate) fn period(from: &str, to: &str) -> Period {
    Period {
        not_before: day(from),
        not_after: day(to),
    }
}

impl Csca {
    /// A DSC for this key.
    pub(crate) fn dsc(&self, spki: &[u8], kinds: &[EventKind], period: Period) -> Certificate {
        let serial = [spki[spki.len() - 1]; 16];
        let authority: (&Certificate, &dyn Signer) = (&self.certificate, &self.key);
        make::dsc(&subject("DSC"), period, serial, spki, kinds, authority).unwrap()
    }
}

/// A key whose algorithm fits the profile.
pub(crate) fn key(profile: Profile, number: u8) -> SoftwareKey {
    let secret = Zeroizing::new([number; 32]);
    match profile {
        Profile::National => SoftwareKey::eddsa(&secret),
        Profile::International => SoftwareKey::es256(&secret).unwrap(),
    }
}

pub(crate) fn terms(profile: Profile, from: &str, until: &str) -> DscTerms {
    DscTerms {
        profile,
        uses: Vec::new(),
        from: Some(day(from)),
        until: Stop::At(day(until)),
    }
}

/// A document signer with a software key, whose certificate begins with it.
pub(crate) fn dsc(profile: Profile, number: u8, (from, until, end): (&str, &str, &str)) -> Dsc {
    limited(profile, number, &[], (from, until, end))
}

pub(crate) fn limited(
    profile: Profile,
    number: u8,
    kinds: &[EventKind],
    (from, until, end): (&str, &str, &str),
) -> Dsc {
    let key = key(profile, number);
    let certificate = csca().dsc(&key.spki(), kinds, period(from, end));
    let signer: BoxedSigner = key.quick();
    Dsc::new(
        certificate,
        signer,
        Place::File,
        &terms(profile, from, until),
    )
    .unwrap()
}

/// A payload of this kind; `number` makes another person of it.
pub(crate) fn dcc(kind: EventKind, number: u32) -> Dcc {
    let mut entry = json!({ "tg": "840539006", "co": "VN", "is": "Bộ Y tế", "ci": uvci(number) });
    let own = match kind {
        EventKind::Vaccination => json!({ "vp": "1119349007", "mp": "EU/1/20/1528",
            "ma": "ORG-100030215", "dn": 2, "sd": 2, "dt": "2025-12-20" }),
        EventKind::Test => json!({ "tt": "LP6464-4", "nm": "RT-PCR", "tr": "260415000",
            "sc": "2025-12-20T08:30:00+07:00", "tc": "Bệnh viện Bạch Mai" }),
        EventKind::Recovery => json!({ "fr": "2025-12-01", "df": "2025-12-12",
            "du": "2026-05-30" }),
    };
    let fields = entry.as_object_mut().unwrap();
    fields.extend(own.as_object().unwrap().clone());
    let group = match kind {
        EventKind::Vaccination => "v",
        EventKind::Test => "t",
        EventKind::Recovery => "r",
    };
    Dcc::from_json(&json!({
        "ver": "1.3.3", "nam": { "fn": "Nguyễn", "gn": format!("Văn Đức {number}") },
        "dob": "1998-02-26", group: [entry]
    }))
    .unwrap()
}

fn uvci(number: u32) -> String {
    let made = hcert::uvci::Uvci::from_bytes("VN", &number.to_be_bytes());
    String::from(made.unwrap())
}
