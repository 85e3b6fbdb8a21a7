//! How deep the stack was: it is painted at the start, and what lost its paint was used.

use core::ptr::read_volatile;

const PAINT: u32 = 0x5AFE_C0DE;

/// Below the frames that are in use while painting.
const MARGIN: usize = 256;

unsafe extern "C" {
    /// Its first address, from `memory.x`.
    static mut _stack_end: u32;
    /// The address after its last.
    static _stack_start: u32;
}

fn end() -> *mut u32 {
    &raw mut _stack_end
}

/// Bytes of the stack.
pub(crate) fn size() -> usize {
    (&raw const _stack_start as usize) - (end() as usize)
}

/// Paints what is not yet in use.
pub(crate) fn paint() {
    let here = cortex_m::register::msp::read() as usize;
    let words = here.saturating_sub(MARGIN + end() as usize) / 4;
    for word in 0..words {
        // SAFETY: within the stack's memory and below every frame in use.
        unsafe { end().add(word).write_volatile(PAINT) }
    }
}

/// Most bytes that were in use at once.
pub(crate) fn peak() -> usize {
    let words = size() / 4;
    // SAFETY: within the stack's memory.
    let painted = |word: &usize| unsafe { read_volatile(end().add(*word)) } == PAINT;
    size() - 4 * (0..words).take_while(painted).count()
}
