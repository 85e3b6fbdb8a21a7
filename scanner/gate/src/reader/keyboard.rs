//! USB readers that type, as input devices of their own.
//!
//! The keys are taken as a US keyboard means them, which is what readers type: neither the layout of
//! this computer nor an input method has any part in it.

use std::{io, path::Path, time::Duration};

use evdev::{Device, EventSummary, KeyCode};

use super::{Absent, Port};

/// Whose members may open input devices.
pub(super) const GROUP: &str = "input";

struct Keyboard {
    device: Device,
    shift: bool,
    typed: Vec<u8>,
}

/// Opens an input device and keeps it from everybody else, so that codes are not typed into whatever
/// window is in front.
pub(super) fn open(path: &Path) -> Result<Box<dyn Port>, Absent> {
    let absent = |error: io::Error| Absent::of(&error, GROUP);
    let mut device = Device::open(path).map_err(absent)?;
    let types = device
        .supported_keys()
        .is_some_and(|keys| keys.contains(KeyCode::KEY_ENTER));
    if !types {
        return Err(Absent::Unfit("no keyboard"));
    }
    device.grab().map_err(absent)?;
    device.set_nonblocking(true).map_err(absent)?;
    Ok(Box::new(Keyboard {
        device,
        shift: false,
        typed: Vec::new(),
    }))
}

impl Port for Keyboard {
    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<Option<usize>> {
        if self.typed.is_empty() {
            self.fetch(wait)?;
        }
        let count = self.typed.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(self.typed.drain(..count)) {
            *to = from;
        }
        Ok(Some(count))
    }
}

impl Keyboard {
    fn fetch(&mut self, wait: Duration) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let mut polled = [PollFd::new(&self.device, PollFlags::IN)];
        let wait = Timespec {
            tv_sec: i64::try_from(wait.as_secs()).unwrap_or(1),
            tv_nsec: wait.subsec_nanos().into(),
        };
        if poll(&mut polled, Some(&wait))? == 0 {
            return Ok(());
        }
        let keys: Vec<(KeyCode, i32)> = match self.device.fetch_events() {
            Ok(events) => events
                .filter_map(|event| match event.destructure() {
                    EventSummary::Key(_, key, value) => Some((key, value)),
                    _ => None,
                })
                .collect(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        for (key, value) in keys {
            self.key(key, value);
        }
        Ok(())
    }

    /// A key goes down (1), repeats (2) or comes up (0).
    fn key(&mut self, key: KeyCode, value: i32) {
        if matches!(key, KeyCode::KEY_LEFTSHIFT | KeyCode::KEY_RIGHTSHIFT) {
            self.shift = value != 0;
        } else if value == 1
            && let Some(typed) = character(key, self.shift)
        {
            self.typed.push(typed);
        }
    }
}

/// What a key of a US keyboard means.
fn character(key: KeyCode, shift: bool) -> Option<u8> {
    // The codes follow the rows of the keyboard.
    const ROWS: [(u16, &[u8], &[u8]); 4] = [
        (KeyCode::KEY_1.0, b"1234567890-=", b"!@#$%^&*()_+"),
        (KeyCode::KEY_Q.0, b"qwertyuiop[]\n", b"QWERTYUIOP{}\n"),
        (KeyCode::KEY_A.0, b"asdfghjkl;'`", b"ASDFGHJKL:\"~"),
        (KeyCode::KEY_BACKSLASH.0, b"\\zxcvbnm,./", b"|ZXCVBNM<>?"),
    ];
    match key {
        KeyCode::KEY_SPACE => return Some(b' '),
        KeyCode::KEY_KPENTER => return Some(b'\n'),
        KeyCode::KEY_TAB => return Some(b'\t'),
        _ => {}
    }
    ROWS.iter().find_map(|(first, plain, shifted)| {
        let at = usize::from(key.0.checked_sub(*first)?);
        let row = if shift { shifted } else { plain };
        row.get(at).copied()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_a_code() {
        let key = |key, shift| character(key, shift).map(char::from);
        for (code, shift, want) in [
            (KeyCode::KEY_H, true, 'H'),
            (KeyCode::KEY_C, true, 'C'),
            (KeyCode::KEY_1, false, '1'),
            (KeyCode::KEY_0, false, '0'),
            (KeyCode::KEY_SEMICOLON, true, ':'),
            (KeyCode::KEY_4, true, '$'),
            (KeyCode::KEY_5, true, '%'),
            (KeyCode::KEY_8, true, '*'),
            (KeyCode::KEY_EQUAL, true, '+'),
            (KeyCode::KEY_MINUS, false, '-'),
            (KeyCode::KEY_DOT, false, '.'),
            (KeyCode::KEY_SLASH, false, '/'),
            (KeyCode::KEY_SPACE, false, ' '),
            (KeyCode::KEY_COMMA, true, '<'),
            (KeyCode::KEY_BACKSLASH, true, '|'),
            (KeyCode::KEY_Z, false, 'z'),
            (KeyCode::KEY_M, true, 'M'),
            (KeyCode::KEY_ENTER, false, '\n'),
        ] {
            assert_eq!(key(code, shift), Some(want), "{code:?}");
        }
        assert_eq!(key(KeyCode::KEY_LEFTCTRL, false), None);
        assert_eq!(key(KeyCode::KEY_F1, false), None);
    }
}
