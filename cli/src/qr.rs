//! `hcert qr`: any text as a QR code.

mod blocks;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::{context::Context, fault::Fault, files, picture::PictureArgs};

const EXAMPLES: &str = "\
Examples:
  hcert qr \"HC1:6BFOXN\" --png code.png
  echo \"https://example.org/\" | hcert qr - --svg code.svg --width-mm 40
  hcert qr \"any text at all\"";

/// Arguments of `hcert qr`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct QrArgs {
    /// The text, or a file that holds it, or - for standard input. Line ends after it are dropped.
    #[arg(value_name = "TEXT|FILE|-")]
    input: String,
    #[command(flatten)]
    picture: PictureArgs,
}

/// Makes the code: as files, else in the terminal.
pub(crate) fn run(args: &QrArgs, context: &Context) -> Result<(), Fault> {
    let text = text(&args.input)?;
    let symbol = args.picture.symbol(&text)?;
    if !args.picture.wanted() {
        return files::print(blocks::draw(&symbol, context.colour).as_bytes());
    }
    let pictures = args.picture.draw(&symbol, context)?;
    let to_standard = pictures
        .outputs
        .iter()
        .filter(|output| files::is_standard(&output.path))
        .count();
    if to_standard > 1 {
        return Err(Fault::StandardOutputTwice);
    }
    files::write_all(&pictures.outputs)?;
    if to_standard == 0 {
        let mut report = format!("{}\n", context.words().making().qr_made);
        for line in &pictures.lines {
            report += &format!("  {line}\n");
        }
        files::print(report.as_bytes())?;
    }
    Ok(())
}

fn text(input: &str) -> Result<String, Fault> {
    let path = PathBuf::from(input);
    if !files::is_standard(&path) && !is_file(&path) {
        return Ok(input.to_owned());
    }
    let text = String::from_utf8(files::read_content(&path)?).map_err(|_| Fault::NotText {
        path: files::shown(&path),
    })?;
    // Not spaces: an HC1 text can end in one.
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Whether the argument names a file; a long text is no name, and asking for it an error.
fn is_file(path: &Path) -> bool {
    path.metadata().is_ok_and(|data| !data.is_dir())
}
