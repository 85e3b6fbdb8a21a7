//! Codes that were shown a short while ago.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The most codes that are remembered; at one a second these are four hours.
const MOST: usize = 16 * 1024;

type Tag = [u8; 16];

/// Remembers codes by a keyed hash, in memory only.
pub(crate) struct Seen {
    key: [u8; 32],
    within: Duration,
    last: HashMap<Tag, Instant>,
    order: VecDeque<(Instant, Tag)>,
}

impl Seen {
    /// A code that comes again within this time is told; zero switches it off.
    pub(crate) fn new(within: Duration) -> Seen {
        let mut key = [0; 32];
        // Without random numbers the hash is one without a key, in memory only and for minutes.
        let _ = getrandom::fill(&mut key);
        Seen {
            key,
            within,
            last: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    /// How long ago this text was shown, if it was; it counts as shown now.
    pub(crate) fn shown(&mut self, text: &str, now: Instant) -> Option<Duration> {
        if self.within.is_zero() {
            return None;
        }
        while let Some((at, tag)) = self.order.front().copied()
            && (now.saturating_duration_since(at) > self.within || self.order.len() >= MOST)
        {
            self.order.pop_front();
            if self.last.get(&tag) == Some(&at) {
                self.last.remove(&tag);
            }
        }
        let mut hash = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        hash.update(text.as_bytes());
        let full = hash.finalize().into_bytes();
        let mut tag = Tag::default();
        tag.copy_from_slice(full.get(..16)?);
        self.order.push_back((now, tag));
        let before = self.last.insert(tag, now)?;
        Some(now.saturating_duration_since(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn told_within_the_time_and_forgotten_after() {
        let minute = Duration::from_secs(60);
        let mut seen = Seen::new(5 * minute);
        let start = Instant::now();
        assert_eq!(seen.shown("a", start), None);
        assert_eq!(seen.shown("b", start + minute), None);
        assert_eq!(seen.shown("a", start + 2 * minute), Some(2 * minute));
        assert_eq!(seen.shown("a", start + 6 * minute), Some(4 * minute));
        assert_eq!(seen.shown("b", start + 7 * minute), None);
        assert_eq!(seen.shown("a", start + 12 * minute), None);
        for n in 0..3 * MOST {
            seen.shown(&n.to_string(), start + 12 * minute);
        }
        assert!(seen.order.len() <= MOST && seen.last.len() <= MOST);
        assert_eq!(Seen::new(Duration::ZERO).shown("a", start), None);
    }
}
