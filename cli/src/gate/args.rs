//! Arguments of `hcert gate`.

use std::{path::PathBuf, str::FromStr};

use clap::Args;
use gate::{door::Pin, reader::Settings};

pub(crate) const EXAMPLES: &str = "\
Examples:
  hcert gate
  hcert gate --serial /dev/ttyACM0 --on-green /usr/local/bin/open-door
  hcert gate --serial /dev/ttyUSB0@9600,8N1 --update-from /media/usb
  hcert gate --camera /dev/video0 --gpio /dev/gpiochip0:17:800
  hcert gate --print-counts > counts.csv";

/// A serial port and how it is set: PATH, PATH@115200 or PATH@9600,7E2.
#[derive(Debug, Clone)]
pub(crate) struct Serial {
    pub(crate) path: PathBuf,
    pub(crate) settings: Settings,
}

impl FromStr for Serial {
    type Err = String;

    fn from_str(text: &str) -> Result<Serial, String> {
        let (path, settings) = match text.rsplit_once('@') {
            Some((path, settings)) => (path, settings.parse()?),
            None => (text, Settings::default()),
        };
        Ok(Serial {
            path: path.into(),
            settings,
        })
    }
}

#[derive(Debug, Args)]
pub(crate) struct GateArgs {
    /// A reader on a serial port: PATH, PATH@SPEED or PATH@SPEED,8N1. Repeatable.
    #[arg(long, value_name = "PORT")]
    pub(crate) serial: Vec<Serial>,
    /// A USB reader that types, as an input device (/dev/input/by-id/...): what it types reaches
    /// nobody else, and no keyboard layout changes it. Repeatable.
    #[arg(long, value_name = "DEVICE")]
    pub(crate) keyboard: Vec<PathBuf>,
    /// A camera (/dev/video0, /dev/v4l/by-id/...): what is held before it is read. Repeatable.
    #[arg(long, value_name = "DEVICE")]
    pub(crate) camera: Vec<PathBuf>,
    /// Read standard input too; without any other reader it is read anyway.
    #[arg(long)]
    pub(crate) stdin: bool,
    /// Compare certificates with passports and citizen cards that are read before or after them.
    #[arg(long)]
    pub(crate) desk: bool,
    /// Say when a code was shown in the last so many minutes; 0: never.
    #[arg(long, value_name = "MINUTES", default_value_t = 5)]
    pub(crate) repeat_minutes: u32,
    /// Write a line for each answer to a file, port or pipe (- is standard output). Repeatable.
    #[arg(long, value_name = "PATH")]
    pub(crate) lines: Vec<PathBuf>,
    /// Write a JSON object for each answer, likewise.
    #[arg(long, value_name = "PATH")]
    pub(crate) json: Vec<PathBuf>,
    /// Put the whole verdict with names into the JSON objects.
    #[arg(long)]
    pub(crate) names: bool,
    /// Run a command (a program and its arguments, spaces between) on green. Repeatable.
    #[arg(long, value_name = "COMMAND")]
    pub(crate) on_green: Vec<String>,
    /// Post a JSON object without names to a local URL on green. Repeatable.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Vec<String>,
    /// Set a GPIO line high for a while on green: CHIP:LINE or CHIP:LINE:MILLISECONDS; the chip by its path or
    /// its label. Repeatable.
    #[arg(long, value_name = "LINE")]
    pub(crate) gpio: Vec<Pin>,
    /// Trusted keys instead of the installed bundle, as for `hcert verify`. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Vec<PathBuf>,
    /// Where newer trust bundles may be: a folder or file (a USB stick, when it is there) or a URL.
    /// Repeatable. The bundle has to be installed first, by `hcert trust update --root`.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) update_from: Vec<String>,
    /// How often to look there.
    #[arg(long, value_name = "MINUTES", default_value_t = 15)]
    pub(crate) update_minutes: u32,
    /// Draw the screen even if standard output is no terminal.
    #[arg(long, conflicts_with = "no_screen")]
    pub(crate) screen: bool,
    /// Draw no screen.
    #[arg(long)]
    pub(crate) no_screen: bool,
    /// Make no sound.
    #[arg(long)]
    pub(crate) no_beep: bool,
    /// The file of counts; by default gate/counts.csv in the data directory.
    #[arg(long, value_name = "FILE")]
    pub(crate) counts: Option<PathBuf>,
    /// Keep the counts in memory only.
    #[arg(long)]
    pub(crate) no_counts: bool,
    /// Print the counts by hour as CSV, and end.
    #[arg(long)]
    pub(crate) print_counts: bool,
}
