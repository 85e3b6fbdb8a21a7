//! A GPIO line.

use std::{io, path::PathBuf, str::FromStr, thread, time::Duration};

use gpiocdev::{
    Request,
    chip::{self, Chip},
    line::Value,
};

/// A line that goes high on green: `CHIP:LINE` or `CHIP:LINE:MILLISECONDS`, as in
/// `/dev/gpiochip0:17:800`, or `mcp2221_gpio:1:800` by the chip's label: a chip on USB that was unplugged comes
/// back under another number, and numbers change with the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    chip: PathBuf,
    line: u32,
    length: Duration,
}

/// Long enough for any electric strike.
const LENGTH: Duration = Duration::from_secs(1);
const LONGEST: u64 = 60_000;

impl FromStr for Pin {
    type Err = String;

    fn from_str(text: &str) -> Result<Pin, String> {
        let wrong = || format!("{text:?}: a line is CHIP:LINE or CHIP:LINE:MILLISECONDS");
        let mut parts = text.split(':');
        let chip = parts.next().filter(|chip| !chip.is_empty());
        let line = parts.next().and_then(|line| line.parse().ok());
        let length = match parts.next() {
            None => LENGTH,
            Some(length) => {
                let length: u64 = length.parse().map_err(|_| wrong())?;
                Duration::from_millis(length.min(LONGEST))
            }
        };
        match (chip, line, parts.next()) {
            (Some(chip), Some(line), None) => Ok(Pin {
                chip: chip.into(),
                line,
                length,
            }),
            _ => Err(wrong()),
        }
    }
}

impl Pin {
    /// Sees to it that the line is held and low. Chips keep what they were told last, so that a gate that was
    /// killed while the line was high finds it so when it comes back; and a chip that was unplugged and
    /// plugged in again is another one, which this notices.
    pub(super) fn hold(&self, held: &mut Option<Request>) -> io::Result<()> {
        if held.is_some() && self.set(held, Value::Inactive).is_ok() {
            return Ok(());
        }
        let request = Request::builder()
            .on_chip(self.path()?)
            .with_consumer("hcert gate")
            .with_line(self.line)
            .as_output(Value::Inactive)
            .request()
            .map_err(|error| self.shown(&error))?;
        *held = Some(request);
        Ok(())
    }

    /// Where the chip is at the moment.
    fn path(&self) -> io::Result<PathBuf> {
        if self.chip.components().count() > 1 {
            return Ok(self.chip.clone());
        }
        let chips = chip::chips().map_err(|error| self.shown(&error))?;
        let has_label = |path: &PathBuf| {
            let info = Chip::from_path(path).and_then(|chip| chip.info());
            info.is_ok_and(|info| self.chip.as_os_str() == info.label.as_str())
        };
        let found = chips.into_iter().find(has_label);
        found.ok_or_else(|| {
            let why = format!("{}: no GPIO chip has this label", self.chip.display());
            io::Error::new(io::ErrorKind::NotFound, why)
        })
    }

    /// Goes high for its while. A chip that was unplugged and plugged in again is asked anew.
    pub(super) fn pulse(&self, held: &mut Option<Request>) -> io::Result<()> {
        if held.is_some() && self.set(held, Value::Active).is_err() {
            *held = None;
        }
        if held.is_none() {
            self.hold(held)?;
            self.set(held, Value::Active)?;
        }
        thread::sleep(self.length);
        self.set(held, Value::Inactive)
    }

    /// A line that can't be set is asked for anew the next time, which puts it low.
    fn set(&self, held: &mut Option<Request>, value: Value) -> io::Result<()> {
        let Some(request) = held else {
            return Ok(());
        };
        if let Err(error) = request.set_value(self.line, value) {
            *held = None;
            return Err(self.shown(&error));
        }
        Ok(())
    }

    fn shown(&self, error: &gpiocdev::Error) -> io::Error {
        io::Error::other(format!("{}: {error}", self.chip.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_as_they_are_named() {
        let pin: Pin = "/dev/gpiochip0:17:800"
            .parse()
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((pin.line, pin.length), (17, Duration::from_millis(800)));
        for wrong in ["", "17", "chip:", "chip:x", "chip:1:x", "chip:1:2:3", ":1"] {
            assert!(wrong.parse::<Pin>().is_err(), "{wrong}");
        }
        let mut none = None;
        let unknown: Pin = "no-such-label:1"
            .parse()
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(unknown.hold(&mut none).is_err() && none.is_none());
        let absent: Pin = "/dev/no-such-chip:1"
            .parse()
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(absent.hold(&mut none).is_err() && none.is_none());
        assert!(absent.pulse(&mut none).is_err() && none.is_none());
    }
}
