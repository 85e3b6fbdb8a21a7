//! HC1 codes verified on a Cortex-M4 without an operating system.
//!
//! Trust data lies in a part of the flash of its own ([`slot`]). Codes come from a file of the machine that
//! emulates or debugs this one ([`host`]), each with its time: a device has a reader and a clock instead.
//! Every code is answered with a line, as `hcert verify` decides:
//!
//! ```text
//! green   <tab> -         <tab> Nguyễn Văn Đức 1998-02-26 <tab> -
//! amber   <tab> -         <tab> Nguyễn Văn Đức 1998-02-26 <tab> revocation_unknown
//! red     <tab> signature <tab> why, in words             <tab> -
//! ```
//!
//! Without trust data that holds, nothing is answered at all. Whatever goes wrong ends the program with a
//! word and a failure: no memory, a defect. The stack lies below all other memory (`memory.x`): one that is
//! too small harms no data, and the processor locks up.

#![no_std]
#![no_main]

extern crate alloc;

mod clock;
mod heap;
mod host;
mod slot;
mod stack;

use alloc::string::String;
use core::{fmt, panic::PanicInfo};

use cortex_m_rt::{ExceptionFrame, entry, exception};
use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
use hcert::{hc1::Decoder, limits::Limits, time::Timestamp};
use trust_list::{
    bundle::{Bundle, State, UpdateError},
    clock::{Clock, judge},
};
use verifier::{
    Verdict, Verifier,
    trust::Trust,
    wording::{Language, Wording},
};

use crate::{
    clock::Ticks,
    host::{Codes, Screen},
};

#[entry]
fn main() -> ! {
    stack::paint();
    heap::begin();
    let mut screen = Screen;
    let done = run(&mut screen);
    if let Err(why) = &done {
        screen.line(format_args!("{why}"));
    }
    end(done.is_ok())
}

/// Why no code is answered.
enum Stop {
    Slot,
    Trust(UpdateError),
    NoKeys,
    Codes(host::CodesError),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Slot => f.write_str("trust\trefused\tthere is none"),
            Stop::Trust(error) => write!(f, "trust\trefused\t{error}"),
            Stop::NoKeys => f.write_str("trust\trefused\tthere is no trusted key"),
            Stop::Codes(error) => write!(f, "codes\t{error}"),
        }
    }
}

fn run(screen: &mut Screen) -> Result<(), Stop> {
    let ticks = Ticks::begin();
    let (verifier, highest_time) = trusted(screen)?;
    screen.line(format_args!(
        "opened\theap {}\tticks {}",
        heap::used(),
        ticks.now()
    ));

    let mut codes = Codes::open().map_err(Stop::Codes)?;
    let mut decoder = Decoder::new(Limits::SMALL);
    let (mut count, mut longest) = (0, 0);
    while let Some((at, text)) = codes.next().map_err(Stop::Codes)? {
        let begun = ticks.now();
        let mut verdict = verifier.verify_with(&mut decoder, &text, at);
        verdict.clock_doubtful |= judge(at, highest_time) != Clock::Plausible;
        longest = longest.max(ticks.now() - begun);
        count += 1;
        answer(screen, &verdict);
    }
    screen.line(format_args!("codes\t{count}\tlongest {longest} ticks"));
    let (peak, size) = (heap::peak(), heap::SIZE);
    let used = heap::used();
    screen.line(format_args!("heap\t{size}\tpeak {peak}\tkept {used}"));
    let (peak, size) = (stack::peak(), stack::size());
    screen.line(format_args!("stack\t{size}\tpeak {peak}"));
    Ok(())
}

/// A verifier over the trust data in flash, and the highest time that was ever seen signed.
///
/// What is remembered from now on ([`State::encode`]) a device writes back to where it had the last from, so
/// that no older bundle is taken after this one.
fn trusted(screen: &mut Screen) -> Result<(Verifier, Timestamp), Stop> {
    let limits = trust_list::limits::Limits::DEFAULT;
    let slot = slot::read().ok_or(Stop::Slot)?;
    let state = State::parse(slot.state).map_err(Stop::Trust)?;
    let (bundle, state) = Bundle::open(slot.bundle, &state, &limits).map_err(Stop::Trust)?;
    let trust = Trust::of_bundle(&bundle);
    if trust.is_empty() {
        return Err(Stop::NoKeys);
    }
    screen.line(format_args!(
        "trust\tsequence {}\tkeys {}",
        bundle.manifest().sequence(),
        trust.len()
    ));
    let (verifier, _) = Verifier::new(trust).with_bundle_rules(&bundle);
    Ok((verifier, state.highest_time()))
}

fn answer(screen: &mut Screen, verdict: &Verdict) {
    let colour = verdict.colour().name();
    let mut doubts = String::new();
    for doubt in verdict.doubts() {
        if !doubts.is_empty() {
            doubts.push(',');
        }
        doubts.push_str(doubt.name());
    }
    let doubts = if doubts.is_empty() { "-" } else { &doubts };
    match &verdict.result {
        Err(failure) => {
            let words = Wording::new(Language::English).failure(failure);
            screen.line(format_args!(
                "{colour}\t{}\t{words}\t{doubts}",
                failure.stage().name()
            ));
        }
        Ok(certificate) => match certificate.holder() {
            Some(holder) => screen.line(format_args!(
                "{colour}\t-\t{} {}\t{doubts}",
                holder.name, holder.date_of_birth
            )),
            None => screen.line(format_args!("{colour}\t-\t-\t{doubts}")),
        },
    }
}

/// Leaves the emulator or tells the debugger; a device would wait for its watchdog.
fn end(well: bool) -> ! {
    debug::exit(if well { EXIT_SUCCESS } else { EXIT_FAILURE });
    loop {
        cortex_m::asm::wfi();
    }
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    Screen.line(format_args!("stopped\t{}", info.message()));
    end(false)
}

/// A fault of the processor. A stack that has grown into nothing does not even get here: it has no room for
/// this, and the processor locks up.
#[exception]
unsafe fn HardFault(_: &ExceptionFrame) -> ! {
    Screen.line(format_args!("stopped\tthe processor met a fault"));
    end(false)
}
