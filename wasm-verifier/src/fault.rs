//! Errors as JavaScript gets them.

use trust_list::{bundle::UpdateError, import::FileError};
use wasm_bindgen::prelude::wasm_bindgen;

/// A word that stays, and a sentence in English that says what was wrong and what to do.
#[wasm_bindgen]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    code: &'static str,
    message: String,
}

#[wasm_bindgen]
impl Fault {
    /// The word.
    #[wasm_bindgen(getter)]
    pub fn code(&self) -> String {
        self.code.to_owned()
    }

    /// The sentence.
    #[wasm_bindgen(getter)]
    pub fn message(&self) -> String {
        self.message.clone()
    }
}

impl Fault {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Fault {
        Fault {
            code,
            message: message.into(),
        }
    }

    /// The caller gave something that is no value of its kind.
    pub(crate) fn argument(message: impl Into<String>) -> Fault {
        Fault::new("argument", message)
    }
}

impl From<UpdateError> for Fault {
    fn from(error: UpdateError) -> Fault {
        Fault::new(error.code(), error.to_string())
    }
}

impl From<FileError> for Fault {
    fn from(error: FileError) -> Fault {
        let code = match error {
            FileError::Empty => "empty",
            FileError::TooLarge { .. } => "too_large",
            FileError::PrivateKey => "private_key",
            FileError::NothingUsable(_) => "nothing_usable",
            _ => "unreadable",
        };
        Fault::new(code, error.to_string())
    }
}
