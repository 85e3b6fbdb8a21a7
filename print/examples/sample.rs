//! Writes a sample of every kind of sheet: `cargo run -p print --example sample -- DIR`.
//!
//! Look at them with `pdftoppm -r 150 -png DIR/fold-national.pdf DIR/fold-national`.

use std::error::Error;
use std::path::PathBuf;

use print::{Batch, Kind, Press, Profile, Sheet};

#[path = "../tests/common/mod.rs"]
mod common;

fn main() -> Result<(), Box<dyn Error>> {
    let folder: PathBuf = std::env::args_os()
        .nth(1)
        .ok_or("name a folder to write to")?
        .into();
    std::fs::create_dir_all(&folder)?;
    let press = Press::new();
    let write = |kind: Kind, name: &str, sheets: &[Sheet]| -> Result<(), Box<dyn Error>> {
        let mut batch = Batch::new(&press, kind);
        for sheet in sheets {
            batch.push(sheet)?;
        }
        let path = folder.join(name).with_extension("pdf");
        std::fs::write(&path, batch.finish())?;
        println!("{}", path.display());
        Ok(())
    };
    let (national, international) = (Profile::National, Profile::International);
    for (kind, name) in [
        (Kind::Fold, "fold"),
        (Kind::Card, "card"),
        (Kind::Label, "label"),
    ] {
        let dose = common::vaccination("Nguyễn", "Văn Đức");
        let one = |profile| common::sheet(&dose, profile, None);
        write(kind, &format!("{name}-national"), &[one(national)])?;
        write(
            kind,
            &format!("{name}-international"),
            &[one(international)],
        )?;
        let mut both = common::sheet(&dose, national, Some(international));
        write(kind, &format!("{name}-both"), &[both.clone()])?;
        both.specimen = true;
        both.notes.claim_code = None;
        write(kind, &format!("{name}-specimen"), &[both])?;
        write(
            kind,
            &format!("{name}-test"),
            &[common::sheet(&common::test(), national, None)],
        )?;
        write(
            kind,
            &format!("{name}-recovery"),
            &[common::sheet(&common::recovery(), national, None)],
        )?;
        let long: Vec<Sheet> = common::long_names()
            .iter()
            .map(|(family, given)| {
                common::sheet(
                    &common::vaccination(family, given),
                    national,
                    Some(international),
                )
            })
            .collect();
        write(kind, &format!("{name}-long"), &long)?;
    }
    Ok(())
}
