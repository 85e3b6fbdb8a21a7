//! The part of the flash that holds trust data, replaced without this program.
//!
//! ```text
//! u32 little endian, that many bytes: what is remembered (`trust_list::bundle::State`)
//! u32 little endian, that many bytes: the bundle file
//! ```
//!
//! The first state is made of the root that the device is shipped with (`State::pinned`). The bundle is read
//! where it lies and not copied.

use core::slice;

unsafe extern "C" {
    /// From `memory.x`: where it begins, and the address after it.
    static _trust_start: u8;
    static _trust_end: u8;
}

/// What lies there.
pub(crate) struct Slot {
    pub(crate) state: &'static [u8],
    pub(crate) bundle: &'static [u8],
}

/// Reads it; `None` where nothing was ever written, or not in this form.
pub(crate) fn read() -> Option<Slot> {
    let start = &raw const _trust_start;
    let length = (&raw const _trust_end as usize) - (start as usize);
    // SAFETY: the linker's memory map has this region for it, which nobody writes while this program runs.
    let region = unsafe { slice::from_raw_parts(start, length) };
    let (state, rest) = piece(region)?;
    let (bundle, _) = piece(rest)?;
    Some(Slot { state, bundle })
}

fn piece(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    if length == 0 {
        return None;
    }
    rest.split_at_checked(length)
}
