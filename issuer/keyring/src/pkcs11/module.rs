//! Modules: shared libraries of HSM makers.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::{Error, RvError},
    slot::Slot,
};

use super::{
    Pkcs11Error, TokenName,
    error::{answer, is_loss},
};

/// Modules once loaded stay: they are one per process by their nature, and some crash when they
/// are unloaded.
static LOADED: Mutex<Option<HashMap<PathBuf, Pkcs11>>> = Mutex::new(None);

/// A loaded module.
#[derive(Clone)]
pub(super) struct Module {
    path: PathBuf,
    pkcs11: Pkcs11,
}

/// A token that is there.
pub(super) struct Found {
    pub(super) slot: Slot,
    pub(super) label: String,
    pub(super) serial: String,
}

impl Module {
    /// Loads and initialises it, once.
    pub(super) fn load(path: &Path) -> Result<Module, Pkcs11Error> {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        let all = loaded.get_or_insert_default();
        let fault = |error: Error| Pkcs11Error::Module {
            path: path.display().to_string(),
            why: answer(&error),
        };
        // The same library under two names would be initialised twice and share its logins.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let pkcs11 = match all.get(&path) {
            Some(pkcs11) => pkcs11.clone(),
            None => Pkcs11::new(&path).map_err(fault)?,
        };
        let module = Module { path, pkcs11 };
        module.initialize().map_err(fault)?;
        all.insert(module.path.clone(), module.pkcs11.clone());
        Ok(module)
    }

    /// Initialises it, unless it is.
    pub(super) fn initialize(&self) -> Result<(), Error> {
        let arguments = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
        match self.pkcs11.initialize(arguments) {
            Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(()),
            other => other,
        }
    }

    pub(super) fn pkcs11(&self) -> &Pkcs11 {
        &self.pkcs11
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The one token of this name.
    pub(super) fn find(&self, name: &TokenName) -> Result<Found, Pkcs11Error> {
        let all = self.tokens().map_err(|error| self.fault(&error))?;
        let is_it = |found: &&Found| match name {
            TokenName::Label(label) => *label == found.label,
            TokenName::Serial(serial) => *serial == found.serial,
        };
        if all.iter().filter(is_it).count() > 1 {
            let (TokenName::Label(name) | TokenName::Serial(name)) = name;
            return Err(Pkcs11Error::SeveralTokens(name.clone()));
        }
        let labels: Vec<&str> = all.iter().map(|found| found.label.as_str()).collect();
        let there = match labels.as_slice() {
            [] => "none".to_owned(),
            some => some.join(", "),
        };
        let missing = Pkcs11Error::NoToken {
            module: self.path.display().to_string(),
            wanted: name.to_string(),
            there,
        };
        let mut all = all;
        let index = all.iter().position(|found| is_it(&found));
        index.map(|index| all.swap_remove(index)).ok_or(missing)
    }

    fn tokens(&self) -> Result<Vec<Found>, Error> {
        let slots = match self.pkcs11.get_slots_with_token() {
            // Another part of the program has ended the module.
            Err(error) if is_loss(&error) => {
                self.initialize()?;
                self.pkcs11.get_slots_with_token()?
            }
            slots => slots?,
        };
        let mut found = Vec::new();
        for slot in slots {
            // A token that was pulled meanwhile is not there.
            if let Ok(token) = self.pkcs11.get_token_info(slot)
                && token.token_initialized()
            {
                found.push(Found {
                    slot,
                    label: token.label().to_owned(),
                    serial: token.serial_number().to_owned(),
                });
            }
        }
        Ok(found)
    }

    fn fault(&self, error: &Error) -> Pkcs11Error {
        Pkcs11Error::Module {
            path: self.path.display().to_string(),
            why: answer(error),
        }
    }
}
