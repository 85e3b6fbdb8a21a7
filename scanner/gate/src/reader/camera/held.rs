//! A code that is held before the lens is in many pictures, and is one showing.

use std::time::{Duration, Instant};

/// A code that was in no picture for so long was taken away: between, hands shake and light flickers.
const AWAY: Duration = Duration::from_secs(2);
/// Codes at once; more in one picture are no person's.
const MOST: usize = 16;

/// The codes that are before the lens. They stay in memory, and only until they are taken away.
#[derive(Default)]
pub(super) struct Held(Vec<(Vec<u8>, Instant)>);

impl Held {
    /// Which of the codes in a picture are newly shown.
    pub(super) fn new_ones(
        &mut self,
        found: impl IntoIterator<Item = Vec<u8>>,
        now: Instant,
    ) -> Vec<Vec<u8>> {
        self.0
            .retain(|(_, seen)| now.saturating_duration_since(*seen) < AWAY);
        let mut new = Vec::new();
        for code in found.into_iter().take(MOST) {
            if let Some((_, seen)) = self.0.iter_mut().find(|(known, _)| *known == code) {
                *seen = now;
            } else if self.0.len() < MOST {
                self.0.push((code.clone(), now));
                new.push(code);
            }
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_showing_until_it_is_taken_away() {
        let mut held = Held::default();
        let start = Instant::now();
        let mut see = |codes: &[&str], after: Duration| {
            let codes = codes.iter().map(|code| code.as_bytes().to_vec());
            held.new_ones(codes, start + after)
                .into_iter()
                .map(|code| String::from_utf8_lossy(&code).into_owned())
                .collect::<Vec<_>>()
        };
        let ms = Duration::from_millis;
        assert_eq!(see(&["a"], ms(0)), ["a"]);
        for n in 1..200 {
            assert!(see(&["a"], ms(66 * n)).is_empty(), "{n}");
        }
        let end = ms(66 * 199);
        // Shaken, not taken away.
        assert!(see(&[], end + ms(1900)).is_empty());
        assert!(see(&["a"], end + ms(1950)).is_empty());
        // Another beside it.
        assert_eq!(see(&["a", "b"], end + ms(2000)), ["b"]);
        assert_eq!(see(&["b"], end + ms(3900)), Vec::<String>::new());
        assert_eq!(see(&["a", "b"], end + ms(4100)), ["a"]);
    }

    #[test]
    fn a_wall_of_codes_costs_no_memory() {
        let mut held = Held::default();
        let now = Instant::now();
        let wall = (0..1000_u32).map(|n| n.to_string().into_bytes());
        assert_eq!(held.new_ones(wall, now).len(), MOST);
        let more = (1000..2000_u32).map(|n| n.to_string().into_bytes());
        assert!(held.new_ones(more, now).is_empty());
        assert_eq!(held.0.len(), MOST);
    }
}
