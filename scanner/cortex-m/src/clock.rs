//! Time by the processor's own timer, SysTick: cycles on a device, a board's 25 MHz in qemu.

use core::sync::atomic::{AtomicU32, Ordering};

use cortex_m::peripheral::{Peripherals, SYST, syst::SystClkSource};
use cortex_m_rt::exception;

/// It counts down 24 bits, and interrupts.
const ROUND: u32 = 1 << 24;

static ROUNDS: AtomicU32 = AtomicU32::new(0);

/// The running timer.
pub(crate) struct Ticks(());

impl Ticks {
    /// Starts it.
    pub(crate) fn begin() -> Ticks {
        if let Some(peripherals) = Peripherals::take() {
            let mut timer = peripherals.SYST;
            timer.set_clock_source(SystClkSource::Core);
            timer.set_reload(ROUND - 1);
            timer.clear_current();
            timer.enable_counter();
            timer.enable_interrupt();
        }
        Ticks(())
    }

    /// Ticks since then.
    pub(crate) fn now(&self) -> u64 {
        loop {
            let rounds = ROUNDS.load(Ordering::Relaxed);
            let left = SYST::get_current();
            if rounds == ROUNDS.load(Ordering::Relaxed) {
                return u64::from(rounds) * u64::from(ROUND) + u64::from(ROUND - 1 - left);
            }
        }
    }
}

#[exception]
fn SysTick() {
    ROUNDS.fetch_add(1, Ordering::Relaxed);
}
