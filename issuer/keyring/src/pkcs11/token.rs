//! A token, logged in once for all its keys.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use cryptoki::{
    error::{Error, RvError},
    object::{Attribute, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    slot::Slot,
    types::AuthPin,
};

use super::{
    KeyName, Pkcs11Error, TokenName,
    error::{answer, is_loss},
    module::Module,
    sessions::Sessions,
};
use crate::Secret;

/// The tokens in use, by module and serial number: whoever names one again gets the same, so that
/// it is logged in once.
static OPEN: Mutex<Option<HashMap<(PathBuf, String), Weak<Token>>>> = Mutex::new(None);

/// A token of an HSM, logged in. It stays so until the last [`Arc`] of it is gone.
pub struct Token {
    module: Module,
    label: String,
    serial: String,
    pin: Secret,
    sessions: Sessions,
    login: Mutex<Login>,
}

/// Where the token is, and the session that keeps it logged in: PKCS #11 logs out an application
/// that closes its last session.
struct Login {
    slot: Slot,
    keeper: Option<Session>,
    /// The PIN has been refused: it is not tried again, for that would lock the token.
    refused: Option<Pkcs11Error>,
}

impl Token {
    /// Opens and logs in a token, or gives the one that is open.
    pub fn open(module: &Path, name: &TokenName, pin: &Secret) -> Result<Arc<Token>, Pkcs11Error> {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        let open = open.get_or_insert_default();
        let module = Module::load(module)?;
        let found = module.find(name)?;
        let key = (module.path().to_owned(), found.serial.clone());
        if let Some(token) = open.get(&key).and_then(Weak::upgrade) {
            // A second login would be answered with "is logged in", whatever the PIN.
            return match token.pin == *pin {
                true => Ok(token),
                false => Err(Pkcs11Error::WrongPin {
                    token: found.label,
                    last_try: false,
                }),
            };
        }
        let token = Token {
            module,
            label: found.label,
            serial: found.serial,
            pin: pin.clone(),
            sessions: Sessions::default(),
            login: Mutex::new(Login {
                slot: found.slot,
                keeper: None,
                refused: None,
            }),
        };
        let mut login = token.login.lock().unwrap_or_else(PoisonError::into_inner);
        token.log_in(&mut login)?;
        drop(login);
        let token = Arc::new(token);
        open.insert(key, Arc::downgrade(&token));
        Ok(token)
    }

    /// Its label.
    pub fn name(&self) -> &str {
        &self.label
    }

    /// Its serial number.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// Lets `work` use a session of its own. When session, login or device are gone, all is
    /// opened anew and `work` is done once more; it is told how often that was done so far, for
    /// what a token gave before (handles of keys) means nothing after.
    pub(super) fn with_session<T>(
        &self,
        doing: &'static str,
        work: impl Fn(&Session, u64) -> Result<T, Error>,
    ) -> Result<T, Pkcs11Error> {
        let first = match self.try_with(&work) {
            (_, Ok(value)) => return Ok(value),
            (generation, Err(error)) if is_loss(&error) => {
                self.open_anew(generation, &error)?;
                error
            }
            (_, Err(error)) => return Err(self.refused(doing, &error)),
        };
        match self.try_with(&work) {
            (_, Ok(value)) => Ok(value),
            // Handles and logins can't be the reason any more.
            (_, Err(error)) if is_loss(&error) => Err(self.lost(&first)),
            (_, Err(error)) => Err(self.refused(doing, &error)),
        }
    }

    fn try_with<T>(
        &self,
        work: impl Fn(&Session, u64) -> Result<T, Error>,
    ) -> (u64, Result<T, Error>) {
        let open = || {
            let slot = self.login().slot;
            self.module.pkcs11().open_ro_session(slot)
        };
        let (generation, session) = match self.sessions.take(open) {
            (generation, Ok(session)) => (generation, session),
            (generation, Err(error)) => return (generation, Err(error)),
        };
        let result = work(&session, generation);
        // One that failed may be amidst something, and is closed.
        self.sessions
            .give_back(generation, result.is_ok().then_some(session));
        (generation, result)
    }

    /// Opens a session that may write, for making keys.
    pub(super) fn writing(&self) -> Result<Session, Pkcs11Error> {
        let slot = self.login().slot;
        let session = self.module.pkcs11().open_rw_session(slot);
        session.map_err(|error| self.refused("open a session", &error))
    }

    /// The one object of this class and name.
    pub(super) fn find(
        &self,
        session: &Session,
        class: ObjectClass,
        key: &KeyName,
    ) -> Result<Result<ObjectHandle, Pkcs11Error>, Error> {
        let found = session.find_objects(&[Attribute::Class(class), key.attribute()])?;
        let what = if class == ObjectClass::PRIVATE_KEY {
            "private"
        } else {
            "public"
        };
        let (token, key) = (self.label.clone(), key.to_string());
        Ok(match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(Pkcs11Error::NoKey { token, key, what }),
            _ => Err(Pkcs11Error::SeveralKeys { token, key, what }),
        })
    }

    pub(super) fn refused(&self, doing: &'static str, error: &Error) -> Pkcs11Error {
        Pkcs11Error::Refused {
            token: self.label.clone(),
            doing,
            why: answer(error),
        }
    }

    fn lost(&self, error: &Error) -> Pkcs11Error {
        Pkcs11Error::Lost {
            token: self.label.clone(),
            why: answer(error),
        }
    }

    fn login(&self) -> std::sync::MutexGuard<'_, Login> {
        self.login.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds the token again, perhaps in another slot, and logs in. Of the threads that lost
    /// their session together, the first does it.
    fn open_anew(&self, generation: u64, why: &Error) -> Result<(), Pkcs11Error> {
        let mut login = self.login();
        if self.sessions.generation() != generation {
            return Ok(());
        }
        if let Some(refused) = &login.refused {
            return Err(refused.clone());
        }
        login.keeper = None;
        self.sessions.renew();
        let initialized = self.module.initialize();
        initialized.map_err(|error| self.lost(&error))?;
        let serial = TokenName::Serial(self.serial.clone());
        let found = self.module.find(&serial).map_err(|_| self.lost(why))?;
        login.slot = found.slot;
        self.log_in(&mut login)
    }

    fn log_in(&self, login: &mut Login) -> Result<(), Pkcs11Error> {
        let opened = self.module.pkcs11().open_ro_session(login.slot);
        let session = opened.map_err(|error| self.refused("open a session", &error))?;
        let pin = AuthPin::from(self.pin.expose());
        match session.login(UserType::User, Some(&pin)) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(error) => {
                let fault = self.not_logged_in(login.slot, &error);
                if !matches!(fault, Pkcs11Error::Refused { .. }) {
                    login.refused = Some(fault.clone());
                }
                return Err(fault);
            }
        }
        login.keeper = Some(session);
        Ok(())
    }

    fn not_logged_in(&self, slot: Slot, error: &Error) -> Pkcs11Error {
        let token = self.label.clone();
        match error {
            Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange,
                _,
            ) => {
                let info = self.module.pkcs11().get_token_info(slot);
                let last_try = info.is_ok_and(|info| info.user_pin_final_try());
                Pkcs11Error::WrongPin { token, last_try }
            }
            Error::Pkcs11(RvError::PinLocked, _) => Pkcs11Error::PinLocked(token),
            other => self.refused("log in", other),
        }
    }
}

impl core::fmt::Debug for Token {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Token")
            .field("label", &self.label)
            .field("serial", &self.serial)
            .finish_non_exhaustive()
    }
}
