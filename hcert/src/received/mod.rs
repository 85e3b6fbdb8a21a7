//! Certificates as they are received: read leniently, checked against the schema's substance, and
//! kept as they came.
//!
//! Issuers strayed from the schema in ways that harm nobody (a time appended to a date, seven
//! digits of a second, a float for a dose number), and their citizens hold those certificates.
//! What is read here therefore stays as text and numbers, unknown codes included; the strict types
//! for making certificates are in [`crate::dcc`].

mod dcc;
mod dvc;
mod fields;

pub use dcc::{
    DccEvent, ReceivedDcc, ReceivedName, ReceivedRecovery, ReceivedTest, ReceivedVaccination,
};
pub use dvc::ReceivedDvc;
pub use fields::Text;

use minicbor::Decoder;

use crate::{cbor::CborError, cwt::ContentKind, limits::Limits};

/// A content whose fields were read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    clippy::large_enum_variant,
    reason = "one is alive at a time, on the stack: a box would cost each verification an allocation"
)]
pub enum ReceivedContent<'a> {
    /// EU Digital COVID Certificate.
    Dcc(ReceivedDcc<'a>),
    /// WHO digital vaccination certificate.
    Dvc(ReceivedDvc<'a>),
    /// A kind whose fields are not read here.
    Other,
}

impl<'a> ReceivedContent<'a> {
    /// Reads the item of this kind that comes next. On an error the decoder stands anywhere; for
    /// [`ReceivedContent::Other`] it has not moved.
    pub(crate) fn read(
        kind: ContentKind,
        decoder: &mut Decoder<'a>,
        limits: &Limits,
    ) -> Result<ReceivedContent<'a>, ContentError> {
        match kind {
            ContentKind::EuDcc => ReceivedDcc::read(decoder, limits).map(ReceivedContent::Dcc),
            ContentKind::WhoDvc => ReceivedDvc::read(decoder, limits).map(ReceivedContent::Dvc),
            _ => Ok(ReceivedContent::Other),
        }
    }
}

/// Why a certificate's content is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContentError {
    /// The CBOR itself is not acceptable.
    #[error(transparent)]
    Cbor(CborError),
    /// The schema does not allow it.
    #[error(transparent)]
    Schema(#[from] SchemaError),
}

/// What about the content the schema does not allow. Names fields, never values: those are
/// personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// A required field is absent.
    #[error("the field {0} is missing")]
    Missing(&'static str),
    /// A field has the wrong type.
    #[error("{what} is not {expected}")]
    Kind {
        /// The field.
        what: &'static str,
        /// The type it must have.
        expected: &'static str,
    },
    /// A field's value is not possible.
    #[error("the field {field} is not {expected}")]
    Value {
        /// The field.
        field: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// Not exactly one kind of vaccination, test and recovery: none or several.
    #[error("a certificate is about one vaccination, test or recovery, and this one about {0}")]
    Events(&'static str),
}

impl From<CborError> for ContentError {
    /// A wrong kind of item is a fault of the content, damage one of the encoding.
    fn from(error: CborError) -> Self {
        match error {
            CborError::Kind { what, expected } => SchemaError::Kind { what, expected }.into(),
            other => ContentError::Cbor(other),
        }
    }
}
