//! `cargo xtask up`: the main job, once through, on a fresh machine.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context as _;
use clap::Args as ClapArgs;

use crate::{
    run::{cargo, command, headline, root, run, target},
    setup,
};

/// Arguments of `cargo xtask up`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Args {
    /// Where development keys and the sample are kept.
    #[arg(long, default_value = ".hcert")]
    data: PathBuf,
}

/// A payload of the kind the Vietnamese vaccine passport carries; the person is invented.
const SAMPLE: &str = r#"{
  "ver": "1.3.0",
  "nam": { "fn": "Đỗ", "gn": "Thị Hồng Nhung" },
  "dob": "1998-02-26",
  "v": [{
    "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
    "dn": 2, "sd": 2, "dt": "2021-11-20", "co": "VN",
    "is": "DEVELOPMENT, not a health authority"
  }]
}
"#;

pub(crate) fn start(args: &Args) -> anyhow::Result<()> {
    setup::programs(&[setup::BUILD])?;
    headline("build");
    run(cargo().args(["build", "--release", "--locked", "-p", "cli"]))?;
    let hcert = target().join("release/hcert");
    let data = root().join(&args.data);
    let at = |name: &str| data.join(name);
    fs::create_dir_all(at("trust")).context("the data directory")?;

    if !at("dev/dsc.key").exists() {
        headline("make development keys");
        let passphrase = at("dev/passphrase");
        fs::create_dir_all(at("dev")).context("the data directory")?;
        private_file(&passphrase, "development only\n")?;
        let keys = |arguments: &[&str]| {
            let mut keys = command(&hcert);
            keys.arg("keys")
                .args(arguments)
                .arg("--passphrase-file")
                .arg(&passphrase);
            keys
        };
        run(keys(&[
            "csca",
            "--country",
            "VN",
            "--name",
            "DEVELOPMENT CSCA, not for use",
        ])
        .args([
            Path::new("--cert"),
            &at("dev/csca.pem"),
            Path::new("--key"),
            &at("dev/csca.key"),
        ]))?;
        run(keys(&[
            "dsc",
            "--country",
            "VN",
            "--name",
            "DEVELOPMENT DSC, not for use",
        ])
        .args([Path::new("--csca-cert"), &at("dev/csca.pem")])
        .args([Path::new("--csca-key"), &at("dev/csca.key")])
        .args([
            Path::new("--cert"),
            &at("dev/dsc.pem"),
            Path::new("--key"),
            &at("dev/dsc.key"),
        ]))?;
        fs::copy(at("dev/csca.pem"), at("trust/csca.pem"))?;
        fs::copy(at("dev/dsc.pem"), at("trust/dsc.pem"))?;
    }

    if !at("sample/certificate.png").exists() {
        headline("issue a sample");
        fs::create_dir_all(at("sample"))?;
        fs::write(at("sample/payload.json"), SAMPLE)?;
        run(command(&hcert)
            .arg("issue")
            .args([Path::new("--passphrase-file"), &at("dev/passphrase")])
            .args([
                Path::new("--key"),
                &at("dev/dsc.key"),
                Path::new("--cert"),
                &at("dev/dsc.pem"),
            ])
            .args(["--issuer", "VN", "--payload"])
            .arg(at("sample/payload.json"))
            .args([Path::new("--text"), &at("sample/certificate.txt")])
            .args([Path::new("--png"), &at("sample/certificate.png")])
            .args([Path::new("--svg"), &at("sample/certificate.svg")]))?;
    }

    headline("verify its picture");
    let mut verify: Command = command(&hcert);
    verify
        .env("HCERT_DATA_DIR", &data)
        .arg("verify")
        .arg(at("sample/certificate.png"));
    run(&mut verify)?;

    println!();
    println!("The command    {}", hcert.display());
    println!("Sample         {}", at("sample").display());
    println!(
        "Keys           {}  (for development; passphrase beside them)",
        at("dev").display()
    );
    println!("Trusted        {}", at("trust").display());
    println!();
    println!(
        "Try: HCERT_DATA_DIR={} {} verify --format json {}",
        data.display(),
        hcert.display(),
        at("sample/certificate.png").display()
    );
    Ok(())
}

fn private_file(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| path.display().to_string())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}
