/// SplitMix64: small, and the same everywhere.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Self(seed);
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// An integer less than `limit`.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub(super) fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normal, with deviation 1: the sum of eight 8-bit numbers.
    pub(super) fn normal(&mut self) -> f64 {
        let sum: u32 = self.next().to_le_bytes().into_iter().map(u32::from).sum();
        // The variance of one is (256² - 1) / 12.
        (f64::from(sum) - 8.0 * 127.5) / 209.02
    }

    /// A unit vector.
    pub(super) fn direction(&mut self) -> (f64, f64) {
        super::canvas::turn(self.within(-1.0, 1.0))
    }
}
