//! To JSON and CBOR, in the order of the schema.

use alloc::{borrow::Cow, string::String, vec, vec::Vec};

use minicbor::encode::{Error, Write};
use minicbor::{Encode, Encoder};
use serde_json::{Map, Value};

use super::{Dcc, Event, PersonName, Recovery, Test, Vaccination};

/// A value of a flat object of the payload.
enum Field<'a> {
    Text(Cow<'a, str>),
    Number(u32),
}

type Fields<'a> = Vec<(&'static str, Field<'a>)>;

impl Dcc {
    /// The payload as JSON, as it stands under claim -260, key 1.
    pub fn to_json(&self) -> Value {
        let mut document = Map::new();
        document.insert("ver".into(), self.version.as_str().into());
        document.insert("nam".into(), json(name_fields(&self.name)));
        document.insert("dob".into(), String::from(self.date_of_birth).into());
        document.insert(
            self.event.key().into(),
            Value::Array(vec![json(fields(&self.event))]),
        );
        Value::Object(document)
    }
}

/// Definite lengths and the shortest forms throughout, so that equal payloads have equal bytes:
///
/// ```cddl
/// dcc = { "ver": tstr, "nam": { ? "fn": tstr, ? "fnt": tstr, ? "gn": tstr, ? "gnt": tstr },
///         "dob": tstr, ("v" // "t" // "r"): [ { + tstr => tstr / uint } ] }
/// ```
impl<C> Encode<C> for Dcc {
    fn encode<W: Write>(
        &self,
        encoder: &mut Encoder<W>,
        _context: &mut C,
    ) -> Result<(), Error<W::Error>> {
        encoder.map(4)?;
        encoder.str("ver")?.str(self.version.as_str())?;
        encoder.str("nam")?;
        cbor(encoder, name_fields(&self.name))?;
        encoder.str("dob")?.str(&String::from(self.date_of_birth))?;
        encoder.str(self.event.key())?.array(1)?;
        cbor(encoder, fields(&self.event))
    }
}

fn json(fields: Fields<'_>) -> Value {
    let entry = |(key, field): (&str, Field<'_>)| {
        let value = match field {
            Field::Text(text) => Value::String(text.into_owned()),
            Field::Number(number) => number.into(),
        };
        (key.into(), value)
    };
    Value::Object(fields.into_iter().map(entry).collect())
}

fn cbor<W: Write>(encoder: &mut Encoder<W>, fields: Fields<'_>) -> Result<(), Error<W::Error>> {
    // A usize always fits.
    encoder.map(u64::try_from(fields.len()).unwrap_or(u64::MAX))?;
    for (key, field) in fields {
        encoder.str(key)?;
        match field {
            Field::Text(text) => encoder.str(&text)?,
            Field::Number(number) => encoder.u32(number)?,
        };
    }
    Ok(())
}

fn text(text: &str) -> Field<'_> {
    Field::Text(Cow::Borrowed(text))
}

fn owned<'a>(text: impl Into<String>) -> Field<'a> {
    Field::Text(Cow::Owned(text.into()))
}

fn name_fields(name: &PersonName) -> Fields<'_> {
    let entry = |key, value: Option<_>| value.map(|value| (key, text(value)));
    [
        entry("fn", name.family().map(|part| part.as_str())),
        entry("fnt", name.family_standard().map(|part| part.as_str())),
        entry("gn", name.given().map(|part| part.as_str())),
        entry("gnt", name.given_standard().map(|part| part.as_str())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn fields(event: &Event) -> Fields<'_> {
    match event {
        Event::Vaccination(vaccination) => vaccination_fields(vaccination),
        Event::Test(test) => test_fields(test),
        Event::Recovery(recovery) => recovery_fields(recovery),
    }
}

fn vaccination_fields(v: &Vaccination) -> Fields<'_> {
    vec![
        ("tg", text(v.disease.as_str())),
        ("vp", text(v.prophylaxis.as_str())),
        ("mp", text(v.product.as_str())),
        ("ma", text(v.manufacturer.as_str())),
        ("dn", Field::Number(v.dose_number.get())),
        ("sd", Field::Number(v.total_doses.get())),
        ("dt", owned(v.date)),
        ("co", text(v.country.as_str())),
        ("is", text(v.issuer.as_str())),
        ("ci", text(v.certificate_id.as_str())),
    ]
}

fn test_fields(t: &Test) -> Fields<'_> {
    let mut fields = vec![
        ("tg", text(t.disease.as_str())),
        ("tt", text(t.test_type.as_str())),
    ];
    fields.extend(t.name.as_ref().map(|name| ("nm", text(name.as_str()))));
    fields.extend(
        t.device
            .as_ref()
            .map(|device| ("ma", text(device.as_str()))),
    );
    fields.push(("sc", owned(t.sample_collected.to_rfc3339())));
    fields.push(("tr", text(t.result.as_str())));
    fields.extend(
        t.centre
            .as_ref()
            .map(|centre| ("tc", text(centre.as_str()))),
    );
    fields.push(("co", text(t.country.as_str())));
    fields.push(("is", text(t.issuer.as_str())));
    fields.push(("ci", text(t.certificate_id.as_str())));
    fields
}

fn recovery_fields(r: &Recovery) -> Fields<'_> {
    vec![
        ("tg", text(r.disease.as_str())),
        ("fr", owned(r.first_positive)),
        ("co", text(r.country.as_str())),
        ("is", text(r.issuer.as_str())),
        ("df", owned(r.valid_from)),
        ("du", owned(r.valid_until)),
        ("ci", text(r.certificate_id.as_str())),
    ]
}
