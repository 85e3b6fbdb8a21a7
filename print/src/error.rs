//! Why a sheet is not printed.

use qr::encode::EncodeError;
use qr::render::RenderError;

/// Why a sheet was refused. A batch goes on without it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PrintError {
    /// The code could not be made.
    #[error("the QR code can not be made: {0}")]
    Code(#[from] EncodeError),
    /// The picture of the code could not be made.
    #[error("the picture of the QR code can not be made: {0}")]
    Picture(#[from] RenderError),
    /// The code has so many modules that they would be too small to be read from paper.
    #[error(
        "the QR code has {modules} modules a side, {most} is the most that can be read from this kind of paper; \
         print the folded sheet, or shorten the certificate"
    )]
    TooDense {
        /// Modules along each side.
        modules: usize,
        /// The most that fit.
        most: usize,
    },
    /// A text is so long that it can not be shown in letters that can be read.
    #[error("{what} does not fit the paper; shorten it")]
    DoesNotFit {
        /// What it is, such as "the name".
        what: &'static str,
    },
    /// There is no name to print.
    #[error("there is no name to print")]
    NoName,
    /// The document holds [`MAX_SHEETS`](crate::MAX_SHEETS).
    #[error("the document has {limit} sheets, the most one can have; begin another one")]
    Full {
        /// [`MAX_SHEETS`](crate::MAX_SHEETS).
        limit: usize,
    },
}
