//! The verifier in use, replaced while others verify.

use std::sync::{Arc, PoisonError, RwLock};

use hcert::time::Timestamp;
use trust_list::clock::{self, Clock};
use verifier::{Verdict, Verifier};

use crate::{Trust, TrustError};

/// Decides about texts and pictures; from any thread.
pub struct Scanner {
    current: RwLock<Arc<InUse>>,
}

struct InUse {
    verifier: Verifier,
    highest_time: Option<Timestamp>,
}

impl InUse {
    fn new(trust: Trust) -> Result<Arc<InUse>, TrustError> {
        let (verifier, highest_time) = trust.build()?;
        Ok(Arc::new(InUse {
            verifier,
            highest_time,
        }))
    }
}

impl Scanner {
    /// With this trust; there has to be a key in it.
    pub fn new(trust: Trust) -> Result<Scanner, TrustError> {
        Ok(Scanner {
            current: RwLock::new(InUse::new(trust)?),
        })
    }

    /// Puts other trust in the place of what there is. What is being verified at this moment is
    /// decided by the old; if the new can't be used, the old stays.
    pub fn replace(&self, trust: Trust) -> Result<(), TrustError> {
        let new = InUse::new(trust)?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *current, new);
        drop(current);
        // Outside the lock: it may be the last to hold a large bundle.
        drop(old);
        Ok(())
    }

    fn in_use(&self) -> Arc<InUse> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current)
    }

    /// Decides about a scanned text at an instant.
    pub fn verify(&self, text: &str, at: Timestamp) -> Verdict {
        self.in_use().verify(text, at)
    }
}

impl InUse {
    fn verify(&self, text: &str, at: Timestamp) -> Verdict {
        let mut verdict = self.verifier.verify(text, at);
        let behind = self
            .highest_time
            .is_some_and(|highest| clock::judge(at, highest) != Clock::Plausible);
        verdict.clock_doubtful |= behind;
        verdict
    }
}

#[cfg(feature = "image")]
mod image {
    use hcert::time::Timestamp;
    use qr::read::{self, Code, Effort, Luma8, LumaError};
    use verifier::Verdict;

    use super::Scanner;

    /// Most pixels of a picture.
    pub(crate) const MAX_PIXELS: u64 = 4096 * 4096;

    /// Why a picture has no verdict.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum ImageError {
        /// Its size can't be.
        Size(LumaError),
        /// More than 16,777,216 pixels.
        TooLarge,
        /// No code was found.
        NoCode,
    }

    impl std::fmt::Display for ImageError {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            match self {
                ImageError::Size(error) => write!(f, "{error}"),
                ImageError::TooLarge => write!(f, "more than {MAX_PIXELS} pixels"),
                ImageError::NoCode => f.write_str("no code could be read in the picture"),
            }
        }
    }

    impl std::error::Error for ImageError {}

    impl Scanner {
        /// Decides about the code in a picture of grey levels, row by row without gaps. Of several
        /// codes the first valid one counts, else the first that is a certificate, else the first.
        /// `thorough` takes up to some hundred milliseconds where nothing is found, and is for single
        /// pictures rather than for a camera's.
        pub fn verify_image(
            &self,
            (width, height): (u32, u32),
            pixels: &[u8],
            thorough: bool,
            at: Timestamp,
        ) -> Result<Verdict, ImageError> {
            if u64::from(width) * u64::from(height) > MAX_PIXELS {
                return Err(ImageError::TooLarge);
            }
            let luma = Luma8::new(width, height, pixels).map_err(ImageError::Size)?;
            let effort = if thorough {
                Effort::Thorough
            } else {
                Effort::Quick
            };
            let in_use = self.in_use();
            read::codes(&luma, effort)
                .iter()
                .map(|code| in_use.verify(&text(code), at))
                .min_by_key(|verdict| match (verdict.is_valid(), verdict.format) {
                    (true, _) => 0,
                    (false, Some(_)) => 1,
                    (false, None) => 2,
                })
                .ok_or(ImageError::NoCode)
        }
    }

    fn text(code: &Code) -> String {
        let latin1 = || code.bytes.iter().map(|byte| char::from(*byte)).collect();
        code.text.clone().unwrap_or_else(latin1)
    }
}

#[cfg(feature = "image")]
pub use image::ImageError;
#[cfg(feature = "image")]
pub(crate) use image::MAX_PIXELS;
