//! Standard input.

use std::{io, time::Duration};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::Port;

/// Standard input: whatever types into this terminal, or a pipe.
pub(super) struct Standard;

impl Port for Standard {
    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<Option<usize>> {
        read_within(&rustix::stdio::stdin(), buffer, wait)
    }
}

/// Reads what is there within a time.
pub(super) fn read_within(
    file: &impl std::os::fd::AsFd,
    buffer: &mut [u8],
    wait: Duration,
) -> io::Result<Option<usize>> {
    let mut polled = [PollFd::new(file, PollFlags::IN)];
    let wait = Timespec {
        tv_sec: i64::try_from(wait.as_secs()).unwrap_or(1),
        tv_nsec: wait.subsec_nanos().into(),
    };
    if poll(&mut polled, Some(&wait))? == 0 {
        return Ok(Some(0));
    }
    let [polled] = polled;
    // What came before it was unplugged is read first.
    if !polled.revents().contains(PollFlags::IN) {
        return Ok(None);
    }
    match rustix::io::read(file, buffer)? {
        0 => Ok(None),
        count => Ok(Some(count)),
    }
}

/// Standard input without echo and line editing, which is put back when this is dropped: what a reader
/// types is neither shown nor cut at 4096 characters.
pub struct Quiet(rustix::termios::Termios);

impl Quiet {
    /// `None` if standard input is no terminal.
    pub fn standard_input() -> Option<Quiet> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let input = rustix::stdio::stdin();
        let before = tcgetattr(input).ok()?;
        let mut quiet = before.clone();
        quiet
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON);
        tcsetattr(input, OptionalActions::Now, &quiet).ok()?;
        Some(Quiet(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &self.0);
    }
}
