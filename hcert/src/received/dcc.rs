//! The EU Digital COVID Certificate, schema 1.0.0 to 1.3.3, as received.

use alloc::vec::Vec;

use minicbor::{Decoder, data::Type};

use super::{
    ContentError, SchemaError,
    fields::{self, Text, date, date_time, partial_date, required},
};
use crate::{
    cbor::{self, CborError},
    limits::Limits,
};

/// A certificate's content, borrowed from the signed bytes. Texts are as received: show unknown
/// codes raw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedDcc<'a> {
    /// `ver`: schema version, such as 1.3.0.
    pub version: Text<'a>,
    /// `nam`: the holder's names.
    pub name: ReceivedName<'a>,
    /// `dob`: date of birth, full, in part, or empty when unknown.
    pub date_of_birth: Text<'a>,
    /// The event it is about.
    pub event: DccEvent<'a>,
    /// More of the same kind, which schemas before 1.3.0 allowed: earlier doses, for instance.
    pub further: Vec<DccEvent<'a>>,
}

/// The holder's names; at least one of the standardised ones is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceivedName<'a> {
    /// `fn`: family name in any script.
    pub family: Option<Text<'a>>,
    /// `gn`: given names in any script.
    pub given: Option<Text<'a>>,
    /// `fnt`: family name in the letters of a passport's machine-readable zone.
    pub family_standard: Option<Text<'a>>,
    /// `gnt`: given names likewise.
    pub given_standard: Option<Text<'a>>,
}

/// What a certificate attests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DccEvent<'a> {
    /// `v`
    Vaccination(ReceivedVaccination<'a>),
    /// `t`
    Test(ReceivedTest<'a>),
    /// `r`
    Recovery(ReceivedRecovery<'a>),
}

/// An entry of `v`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedVaccination<'a> {
    /// `tg`: disease (SNOMED CT).
    pub disease: Text<'a>,
    /// `vp`: kind of vaccine (SNOMED CT or ATC).
    pub prophylaxis: Text<'a>,
    /// `mp`: product (EMA or member state code).
    pub product: Text<'a>,
    /// `ma`: holder of the marketing authorisation.
    pub manufacturer: Text<'a>,
    /// `dn`: which dose this was, from 1.
    pub dose_number: i64,
    /// `sd`: how many doses the series has.
    pub series_doses: i64,
    /// `dt`: day of the dose.
    pub date: Text<'a>,
    /// `co`: country of the dose.
    pub country: Text<'a>,
    /// `is`: who issued the certificate.
    pub issuer: Text<'a>,
    /// `ci`: the UVCI.
    pub identifier: Text<'a>,
}

/// An entry of `t`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedTest<'a> {
    /// `tg`
    pub disease: Text<'a>,
    /// `tt`: LP6464-4 for NAAT, LP217198-3 for a rapid test.
    pub kind: Text<'a>,
    /// `nm`: name of a NAAT.
    pub name: Option<Text<'a>>,
    /// `ma`: identifier of a rapid test's device.
    pub device: Option<Text<'a>>,
    /// `sc`: when the sample was taken.
    pub sampled_at: Text<'a>,
    /// `tr`: 260415000 not detected, 260373001 detected.
    pub result: Text<'a>,
    /// `tc`: where.
    pub centre: Option<Text<'a>>,
    /// `co`
    pub country: Text<'a>,
    /// `is`
    pub issuer: Text<'a>,
    /// `ci`
    pub identifier: Text<'a>,
}

/// An entry of `r`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedRecovery<'a> {
    /// `tg`
    pub disease: Text<'a>,
    /// `fr`: day of the first positive test.
    pub first_positive: Text<'a>,
    /// `df`: valid from this day.
    pub valid_from: Text<'a>,
    /// `du`: valid until this day.
    pub valid_until: Text<'a>,
    /// `co`
    pub country: Text<'a>,
    /// `is`
    pub issuer: Text<'a>,
    /// `ci`
    pub identifier: Text<'a>,
}

impl<'a> ReceivedDcc<'a> {
    /// Reads the object below -260/1 and checks what every version of the schema agrees on.
    pub fn parse(item: &'a [u8], limits: &Limits) -> Result<ReceivedDcc<'a>, ContentError> {
        let mut decoder = Decoder::new(item);
        let dcc = ReceivedDcc::read(&mut decoder, limits)?;
        cbor::finish(&decoder)?;
        Ok(dcc)
    }

    /// As [`ReceivedDcc::parse`], of the item that comes next.
    pub(super) fn read(
        decoder: &mut Decoder<'a>,
        limits: &Limits,
    ) -> Result<ReceivedDcc<'a>, ContentError> {
        let (mut version, mut born, mut name) = (None, None, None);
        let mut events = Events::default();
        if !matches!(decoder.datatype(), Ok(Type::Map | Type::MapIndef)) {
            // No field to name: something else stands where the certificate should.
            return Err(ContentError::Cbor(CborError::Kind {
                what: "the certificate",
                expected: "a map",
            }));
        }
        fields::read(
            decoder,
            "the certificate",
            &["ver", "nam", "dob", "v", "t", "r"],
            limits,
            |key, decoder| match key {
                "ver" => fields::text(decoder, "ver", &mut version),
                "dob" => fields::text(decoder, "dob", &mut born),
                "nam" => {
                    name = Some(ReceivedName::read(decoder, limits)?);
                    Ok(true)
                }
                "v" | "t" | "r" => events.read(key, decoder, limits),
                _ => Ok(false),
            },
        )?;
        let version = required("ver", version)?;
        let [major, minor, _] = numbers(&version).ok_or(SchemaError::Value {
            field: "ver",
            expected: "a version such as 1.3.0",
        })?;
        let (event, further) = events.of_one_kind()?;
        if !further.is_empty() && (major, minor) >= (1, 3) {
            return Err(SchemaError::Events("several").into());
        }
        Ok(ReceivedDcc {
            version,
            name: name.ok_or(SchemaError::Missing("nam"))?,
            date_of_birth: partial_date("dob", born)?,
            event,
            further,
        })
    }

    /// The UVCI of every entry, the first first.
    pub fn identifiers(&self) -> impl Iterator<Item = &str> {
        [&self.event]
            .into_iter()
            .chain(&self.further)
            .map(DccEvent::identifier)
    }
}

/// The three numbers of a version.
fn numbers(version: &str) -> Option<[u32; 3]> {
    // All published versions have one digit each.
    if let &[
        major @ b'0'..=b'9',
        b'.',
        minor @ b'0'..=b'9',
        b'.',
        patch @ b'0'..=b'9',
    ] = version.as_bytes()
    {
        return Some([major, minor, patch].map(|digit| u32::from(digit - b'0')));
    }
    let mut parts = version.split('.').map(|part| part.parse().ok());
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
}

impl DccEvent<'_> {
    fn identifier(&self) -> &str {
        match self {
            DccEvent::Vaccination(entry) => &entry.identifier,
            DccEvent::Test(entry) => &entry.identifier,
            DccEvent::Recovery(entry) => &entry.identifier,
        }
    }
}

impl<'a> ReceivedName<'a> {
    fn read(decoder: &mut Decoder<'a>, limits: &Limits) -> Result<ReceivedName<'a>, ContentError> {
        let mut name = ReceivedName::default();
        fields::read(
            decoder,
            "nam",
            &["fn", "gn", "fnt", "gnt"],
            limits,
            |key, decoder| match key {
                "fn" => fields::text(decoder, "nam.fn", &mut name.family),
                "gn" => fields::text(decoder, "nam.gn", &mut name.given),
                "fnt" => fields::text(decoder, "nam.fnt", &mut name.family_standard),
                "gnt" => fields::text(decoder, "nam.gnt", &mut name.given_standard),
                _ => Ok(false),
            },
        )?;
        if name.family_standard.is_none() && name.given_standard.is_none() {
            return Err(SchemaError::Missing("nam.fnt").into());
        }
        Ok(name)
    }
}

/// The groups `v`, `t` and `r` while they are read.
#[derive(Default)]
struct Events<'a> {
    first: Option<DccEvent<'a>>,
    further: Vec<DccEvent<'a>>,
    groups: usize,
}

impl<'a> Events<'a> {
    /// Reads one group: an array of entries.
    fn read(
        &mut self,
        group: &str,
        decoder: &mut Decoder<'a>,
        limits: &Limits,
    ) -> Result<bool, ContentError> {
        let mut fault = None;
        let mut any = false;
        let walked = cbor::array(decoder, "v, t or r", limits, |decoder| {
            any = true;
            let event = match group {
                "v" => ReceivedVaccination::read(decoder, limits).map(DccEvent::Vaccination),
                "t" => ReceivedTest::read(decoder, limits).map(DccEvent::Test),
                _ => ReceivedRecovery::read(decoder, limits).map(DccEvent::Recovery),
            };
            match event {
                Ok(event) if self.first.is_none() => {
                    self.first = Some(event);
                    Ok(())
                }
                Ok(event) => {
                    self.further.push(event);
                    Ok(())
                }
                Err(error) => {
                    fault = Some(error);
                    Err(CborError::DuplicateKey)
                }
            }
        });
        self.groups += usize::from(any);
        match (walked, fault) {
            (Err(_), Some(fault)) => Err(fault),
            (walked, _) => walked.map(|()| true).map_err(ContentError::from),
        }
    }

    fn of_one_kind(self) -> Result<(DccEvent<'a>, Vec<DccEvent<'a>>), SchemaError> {
        match (self.first, self.groups) {
            (Some(event), 1) => Ok((event, self.further)),
            (None, _) => Err(SchemaError::Events("none")),
            (Some(_), _) => Err(SchemaError::Events("several")),
        }
    }
}

/// The fields of each kind of entry.
const VACCINATION: [&str; 10] = ["tg", "vp", "mp", "ma", "dn", "sd", "dt", "co", "is", "ci"];
const TEST: [&str; 10] = ["tg", "tt", "nm", "ma", "sc", "tr", "tc", "co", "is", "ci"];
const RECOVERY: [&str; 7] = ["tg", "fr", "df", "du", "co", "is", "ci"];

/// Fields that all three kinds of entry have.
#[derive(Default)]
struct Common<'a> {
    disease: Option<Text<'a>>,
    country: Option<Text<'a>>,
    issuer: Option<Text<'a>>,
    identifier: Option<Text<'a>>,
}

impl<'a> Common<'a> {
    fn read(&mut self, key: &str, decoder: &mut Decoder<'a>) -> Result<bool, ContentError> {
        match key {
            "tg" => fields::text(decoder, "tg", &mut self.disease),
            "co" => fields::text(decoder, "co", &mut self.country),
            "is" => fields::text(decoder, "is", &mut self.issuer),
            "ci" => fields::text(decoder, "ci", &mut self.identifier),
            _ => Ok(false),
        }
    }
}

impl<'a> ReceivedVaccination<'a> {
    fn read(decoder: &mut Decoder<'a>, limits: &Limits) -> Result<Self, ContentError> {
        let mut common = Common::default();
        let (mut prophylaxis, mut product, mut manufacturer, mut day) = (None, None, None, None);
        let (mut dose_number, mut series_doses) = (None, None);
        fields::read(
            decoder,
            "an entry of v",
            &VACCINATION,
            limits,
            |key, decoder| match key {
                "vp" => fields::text(decoder, "vp", &mut prophylaxis),
                "mp" => fields::text(decoder, "mp", &mut product),
                "ma" => fields::text(decoder, "ma", &mut manufacturer),
                "dt" => fields::text(decoder, "dt", &mut day),
                "dn" => dose(decoder, "dn", &mut dose_number),
                "sd" => dose(decoder, "sd", &mut series_doses),
                _ => common.read(key, decoder),
            },
        )?;
        Ok(ReceivedVaccination {
            disease: required("tg", common.disease)?,
            prophylaxis: required("vp", prophylaxis)?,
            product: required("mp", product)?,
            manufacturer: required("ma", manufacturer)?,
            dose_number: dose_number.ok_or(SchemaError::Missing("dn"))?,
            series_doses: series_doses.ok_or(SchemaError::Missing("sd"))?,
            date: date("dt", day)?,
            country: required("co", common.country)?,
            issuer: required("is", common.issuer)?,
            identifier: required("ci", common.identifier)?,
        })
    }
}

fn dose(
    decoder: &mut Decoder<'_>,
    name: &'static str,
    place: &mut Option<i64>,
) -> Result<bool, ContentError> {
    let number = cbor::whole_number(decoder, name)?;
    if number < 1 {
        return Err(SchemaError::Value {
            field: name,
            expected: "a dose number from 1",
        }
        .into());
    }
    *place = Some(number);
    Ok(true)
}

impl<'a> ReceivedTest<'a> {
    fn read(decoder: &mut Decoder<'a>, limits: &Limits) -> Result<Self, ContentError> {
        let mut common = Common::default();
        let (mut kind, mut name, mut device) = (None, None, None);
        let (mut sampled_at, mut result, mut centre) = (None, None, None);
        fields::read(
            decoder,
            "an entry of t",
            &TEST,
            limits,
            |key, decoder| match key {
                "tt" => fields::text(decoder, "tt", &mut kind),
                "nm" => fields::text(decoder, "nm", &mut name),
                "ma" => fields::text(decoder, "ma", &mut device),
                "sc" => fields::text(decoder, "sc", &mut sampled_at),
                "tr" => fields::text(decoder, "tr", &mut result),
                "tc" => fields::text(decoder, "tc", &mut centre),
                _ => common.read(key, decoder),
            },
        )?;
        Ok(ReceivedTest {
            disease: required("tg", common.disease)?,
            kind: required("tt", kind)?,
            name,
            device,
            sampled_at: date_time("sc", sampled_at)?,
            result: required("tr", result)?,
            centre,
            country: required("co", common.country)?,
            issuer: required("is", common.issuer)?,
            identifier: required("ci", common.identifier)?,
        })
    }
}

impl<'a> ReceivedRecovery<'a> {
    fn read(decoder: &mut Decoder<'a>, limits: &Limits) -> Result<Self, ContentError> {
        let mut common = Common::default();
        let (mut first_positive, mut valid_from, mut valid_until) = (None, None, None);
        fields::read(
            decoder,
            "an entry of r",
            &RECOVERY,
            limits,
            |key, decoder| match key {
                "fr" => fields::text(decoder, "fr", &mut first_positive),
                "df" => fields::text(decoder, "df", &mut valid_from),
                "du" => fields::text(decoder, "du", &mut valid_until),
                _ => common.read(key, decoder),
            },
        )?;
        Ok(ReceivedRecovery {
            disease: required("tg", common.disease)?,
            first_positive: date("fr", first_positive)?,
            valid_from: date("df", valid_from)?,
            valid_until: date("du", valid_until)?,
            country: required("co", common.country)?,
            issuer: required("is", common.issuer)?,
            identifier: required("ci", common.identifier)?,
        })
    }
}
