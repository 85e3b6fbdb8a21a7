//! Sessions of a token: as many as threads work at a time, for one can't be shared.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use cryptoki::{
    error::{Error, RvError},
    session::Session,
};

/// A pool of sessions.
#[derive(Default)]
pub(super) struct Sessions {
    state: Mutex<State>,
    given_back: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Session>,
    in_use: usize,
    /// How often all was opened anew: a session of before is closed and not given out again.
    generation: u64,
}

impl Sessions {
    /// One that nobody uses, else a new one. When the token gives no more of them, waits until
    /// one is given back. Says the generation it is of, which has to be given back with it.
    pub(super) fn take(
        &self,
        open: impl Fn() -> Result<Session, Error>,
    ) -> (u64, Result<Session, Error>) {
        let mut state = self.state();
        loop {
            let generation = state.generation;
            if let Some(session) = state.idle.pop() {
                state.in_use += 1;
                return (generation, Ok(session));
            }
            state.in_use += 1;
            drop(state);
            let opened = open();
            if opened.is_ok() {
                return (generation, opened);
            }
            state = self.state();
            state.in_use -= 1;
            match opened {
                Err(Error::Pkcs11(RvError::SessionCount, _))
                    if state.in_use > 0 || !state.idle.is_empty() =>
                {
                    if state.idle.is_empty() {
                        let waited = self.given_back.wait(state);
                        state = waited.unwrap_or_else(PoisonError::into_inner);
                    }
                }
                other => {
                    drop(state);
                    self.given_back.notify_one();
                    return (generation, other);
                }
            }
        }
    }

    /// Takes one back, with what became of it.
    pub(super) fn give_back(&self, generation: u64, session: Session, fate: Fate) {
        let mut state = self.state();
        state.in_use = state.in_use.saturating_sub(1);
        if fate == Fate::Good && generation == state.generation {
            state.idle.push(session);
        } else {
            drop(state);
            // Asks the module: not while the others wait.
            end(session, fate);
        }
        self.given_back.notify_one();
    }

    /// Ends all that nobody uses, and takes none back of those in use.
    pub(super) fn renew(&self, fate: Fate) {
        let mut state = self.state();
        state.generation += 1;
        let old = core::mem::take(&mut state.idle);
        drop(state);
        old.into_iter().for_each(|session| end(session, fate));
    }

    pub(super) fn generation(&self) -> u64 {
        self.state().generation
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What became of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It worked.
    Good,
    /// It is there, and may be amidst something.
    Failed,
    /// It is gone, and its handle may be another's.
    Gone,
}

/// Closes a session that is there. They are opened as ones that don't close by themselves.
pub(super) fn end(session: Session, fate: Fate) {
    if fate != Fate::Gone {
        // One that can't be closed is gone as well.
        let _ = session.close();
    }
}
