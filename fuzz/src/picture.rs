//! Files that should hold codes. Inside are C++ (ZXing) and several picture libraries.

use std::time::Duration;

use qr::picture::{PictureLimits, codes};

/// Small limits, so that the time goes into many files and not into large ones.
const LIMITS: PictureLimits = PictureLimits {
    file_bytes: 64 << 10,
    pixels: 100_000,
    pixel_bytes: 400_000,
    pages: 2,
    dpi: 72.0,
    page_pixels: 100_000,
    stream_bytes: 64 << 10,
    all_stream_bytes: 128 << 10,
    operations: 1_000,
    time: Duration::from_secs(2),
};

/// Reads the codes of a file, and says how many there are.
pub fn image(data: &[u8]) -> usize {
    let Ok(pages) = codes(data, &LIMITS) else {
        return 0;
    };
    assert!(pages.len() <= LIMITS.pages);
    pages.iter().map(|page| page.codes.len()).sum()
}
