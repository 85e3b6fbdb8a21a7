//! Serial ports.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    time::Duration,
};

use rustix::{
    fs::OFlags,
    termios::{self, ControlModes, InputModes, LocalModes, OptionalActions, QueueSelector},
};

use super::{Port, standard::read_within};

/// How a serial line is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Bits in a second.
    pub speed: u32,
    /// Bits of a character: 7 or 8.
    pub bits: u8,
    /// The bit that is checked.
    pub parity: Parity,
    /// Whether a character ends with two bits.
    pub two_stop_bits: bool,
}

/// The bit that is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// There is none.
    None,
    /// Even.
    Even,
    /// Odd.
    Odd,
}

impl Default for Settings {
    /// 115200 8N1; a reader on USB takes any.
    fn default() -> Settings {
        Settings {
            speed: 115_200,
            bits: 8,
            parity: Parity::None,
            two_stop_bits: false,
        }
    }
}

const SPEEDS: [u32; 13] = [
    1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 500_000, 921_600,
    1_000_000,
];

/// `9600` or `9600,8N1`.
pub(super) fn parse(text: &str) -> Result<Settings, String> {
    let wrong = || format!("{text:?}: a line is set as in 9600 or 9600,8N1");
    let (speed, form) = text.split_once(',').unwrap_or((text, "8N1"));
    let speed = speed.parse().map_err(|_| wrong())?;
    if !SPEEDS.contains(&speed) {
        let known: Vec<String> = SPEEDS.iter().map(ToString::to_string).collect();
        return Err(format!("{speed}: a speed is one of {}", known.join(", ")));
    }
    let &[bits, parity, stop] = form.to_ascii_uppercase().as_bytes() else {
        return Err(wrong());
    };
    Ok(Settings {
        speed,
        bits: match bits {
            b'7' => 7,
            b'8' => 8,
            _ => return Err(wrong()),
        },
        parity: match parity {
            b'N' => Parity::None,
            b'E' => Parity::Even,
            b'O' => Parity::Odd,
            _ => return Err(wrong()),
        },
        two_stop_bits: match stop {
            b'1' => false,
            b'2' => true,
            _ => return Err(wrong()),
        },
    })
}

struct Line(File);

impl Port for Line {
    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<Option<usize>> {
        read_within(&self.0, buffer, wait)
    }
}

/// Opens a port and sets its line: raw, no echo, no modem control.
pub(super) fn open(path: &Path, settings: Settings) -> io::Result<Box<dyn Port>> {
    let flags = OFlags::NOCTTY | OFlags::NONBLOCK;
    let file = OpenOptions::new()
        .read(true)
        // A port that may only be read is a reader as well.
        .write(false)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or_default())
        .open(path)?;
    if termios::isatty(&file) {
        set(&file, settings)?;
    }
    Ok(Box::new(Line(file)))
}

fn set(file: &File, settings: Settings) -> io::Result<()> {
    let mut line = termios::tcgetattr(file)?;
    line.make_raw();
    line.local_modes.remove(LocalModes::all());
    let control = &mut line.control_modes;
    control.remove(
        ControlModes::CSIZE
            | ControlModes::PARENB
            | ControlModes::PARODD
            | ControlModes::CSTOPB
            | ControlModes::CRTSCTS,
    );
    control.insert(ControlModes::CREAD | ControlModes::CLOCAL);
    control.insert(match settings.bits {
        7 => ControlModes::CS7,
        _ => ControlModes::CS8,
    });
    match settings.parity {
        Parity::None => {}
        Parity::Even => control.insert(ControlModes::PARENB),
        Parity::Odd => control.insert(ControlModes::PARENB | ControlModes::PARODD),
    }
    if settings.two_stop_bits {
        control.insert(ControlModes::CSTOPB);
    }
    line.input_modes
        .remove(InputModes::IXON | InputModes::IXOFF | InputModes::IXANY);
    if settings.parity != Parity::None {
        // A character with a wrong parity is left out, so that the code fails instead of lying.
        line.input_modes
            .insert(InputModes::INPCK | InputModes::IGNPAR);
    }
    line.set_speed(settings.speed)?;
    termios::tcsetattr(file, OptionalActions::Now, &line)?;
    // What came before anybody listened belongs to nobody.
    termios::tcflush(file, QueueSelector::IFlush)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_a_line() {
        assert_eq!(parse("115200"), Ok(Settings::default()));
        assert_eq!(
            parse("9600,7e2"),
            Ok(Settings {
                speed: 9600,
                bits: 7,
                parity: Parity::Even,
                two_stop_bits: true
            })
        );
        for wrong in [
            "", "fast", "9601", "9600,", "9600,9N1", "9600,8X1", "9600,8N3", "9600,8N",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
