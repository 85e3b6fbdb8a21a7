//! Runs the built command in a folder of its own.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test program uses a part of this"
)]

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// The passphrase of all keys here.
pub const PASSPHRASE: &str = "correct horse battery staple";

/// A folder that goes away with its test.
pub struct Folder(PathBuf);

/// What a run gave.
#[derive(Debug)]
pub struct Outcome {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("hcert-{}-{count}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// The names in it, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Runs `hcert` with the words of a line as arguments.
    pub fn hcert(&self, line: &str) -> Outcome {
        self.hcert_with(&line.split_whitespace().collect::<Vec<_>>(), "")
    }

    /// Runs `hcert` with arguments and standard input.
    pub fn hcert_with(&self, args: &[&str], input: &str) -> Outcome {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hcert"));
        command.args(args).env("HCERT_PASSPHRASE", PASSPHRASE);
        self.run(command, input)
    }

    /// Runs a line as a person would, `hcert` being on the path.
    pub fn shell(&self, line: &str) -> Outcome {
        let bin = Path::new(env!("CARGO_BIN_EXE_hcert")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new("sh");
        command
            .args(["-c", line])
            .env("PATH", format!("{}:{path}", bin.display()))
            .env("HCERT_PASSPHRASE", PASSPHRASE);
        self.run(command, "")
    }

    pub fn run(&self, mut command: Command, input: &str) -> Outcome {
        let mut child = command
            .current_dir(&self.0)
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read its input may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Outcome {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// A CSCA, and a DSC with these further arguments.
    pub fn pki(&self, dsc: &str) {
        self.hcert("keys csca --country VN --name CSCA --out pki")
            .good();
        self.dsc("pki", dsc).good();
    }

    /// A DSC below the CSCA of `pki`.
    pub fn dsc(&self, out: &str, more: &str) -> Outcome {
        self.hcert(&format!(
            "keys dsc --csca-cert pki/csca.pem --csca-key pki/csca.key --name DSC --out {out} {more}"
        ))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Outcome {
    /// What it printed; it has to have succeeded.
    #[track_caller]
    pub fn good(self) -> String {
        assert_eq!(self.status, 0, "{self:?}");
        self.stdout
    }

    /// What it complained of; it has to have refused, and to have printed nothing else.
    #[track_caller]
    pub fn refused(self) -> String {
        assert_eq!((self.status, self.stdout.as_str()), (2, ""), "{self:?}");
        self.stderr
    }
}

/// Whether a program is there.
pub fn has(program: &str) -> bool {
    Command::new(program)
        .arg("version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// The texts of the codes in a picture.
pub fn codes(picture: &[u8]) -> Vec<String> {
    let pages = qr::picture::codes(picture, &Default::default()).unwrap();
    pages
        .into_iter()
        .flat_map(|page| page.codes)
        .filter_map(|code| code.text)
        .collect()
}
