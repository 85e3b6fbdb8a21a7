//! A heap of a fixed size that remembers how full it was.

use core::{
    alloc::{GlobalAlloc, Layout},
    mem::MaybeUninit,
    sync::atomic::{AtomicUsize, Ordering},
};

use embedded_alloc::LlffHeap;

/// Bytes of the heap. `scanner/tests/cortex_m.rs` holds that it suffices for whatever comes.
pub(crate) const SIZE: usize = 80 * 1024;

struct Counting {
    heap: LlffHeap,
    peak: AtomicUsize,
}

#[global_allocator]
static HEAP: Counting = Counting {
    heap: LlffHeap::empty(),
    peak: AtomicUsize::new(0),
};

static mut MEMORY: [MaybeUninit<u64>; SIZE / 8] = [MaybeUninit::uninit(); SIZE / 8];

/// Makes the heap ready; to be called once, before anything is allocated.
pub(crate) fn begin() {
    // SAFETY: nothing else uses MEMORY, and `main` calls this once.
    unsafe { HEAP.heap.init(&raw mut MEMORY as usize, SIZE) }
}

/// Bytes in use now.
pub(crate) fn used() -> usize {
    HEAP.heap.used()
}

/// Most bytes that were in use at once.
pub(crate) fn peak() -> usize {
    HEAP.peak.load(Ordering::Relaxed)
}

// SAFETY: all is left to the heap within. A failed allocation gives null, which ends in a panic.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        let place = unsafe { self.heap.alloc(layout) };
        self.peak.fetch_max(self.heap.used(), Ordering::Relaxed);
        place
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { self.heap.dealloc(place, layout) }
    }
}
