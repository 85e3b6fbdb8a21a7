//! The WHO digital vaccination certificate (ICVP, sub-claim -6), as received.
//!
//! Three generations are in the field and differ in their keys; all three name the holder and the
//! date of birth alike, and hold one block about one dose (`v`, later `vx`).

use minicbor::{Decoder, data::Type};

use super::{
    ContentError, SchemaError,
    fields::{self, Text, required},
};
use crate::{cbor, limits::Limits};

/// A vaccination certificate's content, borrowed from the signed bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedDvc<'a> {
    /// `n`: the holder's name.
    pub name: Text<'a>,
    /// `dob`: date of birth.
    pub date_of_birth: Text<'a>,
}

impl<'a> ReceivedDvc<'a> {
    /// Reads the object below -260/-6.
    pub fn parse(item: &'a [u8], limits: &Limits) -> Result<ReceivedDvc<'a>, ContentError> {
        let mut decoder = Decoder::new(item);
        let dvc = ReceivedDvc::read(&mut decoder, limits)?;
        cbor::finish(&decoder)?;
        Ok(dvc)
    }

    /// As [`ReceivedDvc::parse`], of the item that comes next.
    pub(super) fn read(
        decoder: &mut Decoder<'a>,
        limits: &Limits,
    ) -> Result<ReceivedDvc<'a>, ContentError> {
        let (mut name, mut born, mut dose) = (None, None, false);
        fields::read(
            decoder,
            "the certificate",
            &["n", "dob", "v", "vx"],
            limits,
            |key, decoder| match key {
                "n" => fields::text(decoder, "n", &mut name),
                "dob" => fields::text(decoder, "dob", &mut born),
                // `v` is the dose in the first two generations and a version's text in the third.
                "v" | "vx" => {
                    dose |= matches!(decoder.datatype(), Ok(Type::Map | Type::MapIndef));
                    Ok(false)
                }
                _ => Ok(false),
            },
        )?;
        if !dose {
            return Err(SchemaError::Missing("vx").into());
        }
        Ok(ReceivedDvc {
            name: required("n", name)?,
            date_of_birth: fields::partial_date("dob", born)?,
        })
    }
}
