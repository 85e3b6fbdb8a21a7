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

    /// Takes one back; none when it was closed.
    pub(super) fn give_back(&self, generation: u64, session: Option<Session>) {
        let mut state = self.state();
        state.in_use = state.in_use.saturating_sub(1);
        match session {
            Some(session) if generation == state.generation => state.idle.push(session),
            old => {
                drop(state);
                // Closing one asks the module: not while the others wait.
                drop(old);
            }
        }
        self.given_back.notify_one();
    }

    /// Closes all that nobody uses, and takes none back of those in use.
    pub(super) fn renew(&self) {
        let mut state = self.state();
        state.generation += 1;
        let old = core::mem::take(&mut state.idle);
        drop(state);
        drop(old);
    }

    pub(super) fn generation(&self) -> u64 {
        self.state().generation
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
