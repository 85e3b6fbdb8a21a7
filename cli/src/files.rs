//! Files in and out: read within a bound, written whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{fault::Fault, random};

/// Largest file of keys or certificates.
const MAX_KEY_FILE: u64 = 1024 * 1024;
/// Largest picture or PDF: twice a large photograph.
const MAX_PICTURE_FILE: u64 = 20 * 1024 * 1024;
/// Largest file of payloads: some millions of them.
const MAX_PAYLOAD_FILE: u64 = 4 * 1024 * 1024 * 1024;

/// How a path is shown; `-` has a name of its own in each language.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Reads a file of keys or certificates (`-` is standard input), wiped when dropped.
pub(crate) fn read_keys(path: &Path) -> Result<Zeroizing<Vec<u8>>, Fault> {
    read(path, MAX_KEY_FILE).map(Zeroizing::new)
}

/// Reads a picture, a PDF or a text of keys (`-` is standard input), wiped when dropped.
pub(crate) fn read_picture(path: &Path) -> Result<Zeroizing<Vec<u8>>, Fault> {
    read(path, MAX_PICTURE_FILE).map(Zeroizing::new)
}

/// Reads a file of payloads or texts; `-` is standard input.
pub(crate) fn read_content(path: &Path) -> Result<Vec<u8>, Fault> {
    read(path, MAX_PAYLOAD_FILE)
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Fault> {
    let fault = |error| Fault::Read {
        path: shown(path),
        error,
    };
    let mut bytes = Vec::new();
    let read = if is_standard(path) {
        io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)
    } else {
        let file = File::open(path).map_err(fault)?;
        file.take(limit + 1).read_to_end(&mut bytes)
    };
    read.map_err(fault)?;
    if bytes.len() as u64 > limit {
        return Err(Fault::TooLarge {
            path: shown(path),
            limit,
        });
    }
    Ok(bytes)
}

/// Whether a path stands for standard input or output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// A file to be written, together with others or not at all.
pub(crate) struct Output {
    /// Where; `-` is standard output.
    pub(crate) path: PathBuf,
    /// Its content.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// Readable by its owner only.
    pub(crate) private: bool,
    /// Whether a file that is there may be replaced.
    pub(crate) replace: bool,
}

/// Refuses what is there already, before any work is done for it.
pub(crate) fn check_free(path: &Path) -> Result<(), Fault> {
    if path.symlink_metadata().is_ok() {
        return Err(Fault::Exists { path: shown(path) });
    }
    Ok(())
}

/// Writes all files: each to a temporary file in its own folder first, which is synchronised and
/// then renamed. When one can't be written, those written before are taken away again.
pub(crate) fn write_all(outputs: &[Output]) -> Result<(), Fault> {
    let to_files = || outputs.iter().filter(|output| !is_standard(&output.path));
    let mut temporary = Vec::new();
    for output in to_files() {
        temporary.push(Temporary::write(output)?);
    }
    let mut done: Vec<&Path> = Vec::new();
    for (file, output) in temporary.into_iter().zip(to_files()) {
        if let Err(fault) = file.put(output) {
            for path in done {
                let _ = fs::remove_file(path);
            }
            return Err(fault);
        }
        if !output.replace {
            done.push(&output.path);
        }
    }
    for output in outputs.iter().filter(|output| is_standard(&output.path)) {
        print(&output.bytes)?;
    }
    Ok(())
}

/// Writes to standard output. A reader that has gone away is no error.
pub(crate) fn print(bytes: &[u8]) -> Result<(), Fault> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Fault::Write {
            path: "-".into(),
            error,
        }),
        _ => Ok(()),
    }
}

/// A complete file under a name of its own, removed when dropped before it is put in place.
struct Temporary(PathBuf);

impl Temporary {
    fn write(output: &Output) -> Result<Temporary, Fault> {
        let fault = |error| Fault::Write {
            path: shown(&output.path),
            error,
        };
        let folder = folder(&output.path);
        fs::create_dir_all(folder).map_err(fault)?;
        let number = u64::from_le_bytes(*random::bytes()?);
        let name = format!(".hcert-{number:016x}.tmp");
        let path = folder.join(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(if output.private { 0o600 } else { 0o644 });
        }
        let mut file = options.open(&path).map_err(fault)?;
        let temporary = Temporary(path);
        file.write_all(&output.bytes).map_err(fault)?;
        file.sync_all().map_err(fault)?;
        Ok(temporary)
    }

    fn put(self, output: &Output) -> Result<(), Fault> {
        let put = if output.replace {
            fs::rename(&self.0, &output.path)
        } else {
            // Unlike a rename, a link never replaces what somebody else wrote meanwhile.
            fs::hard_link(&self.0, &output.path)
        };
        put.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Fault::Exists {
                path: shown(&output.path),
            },
            _ => Fault::Write {
                path: shown(&output.path),
                error,
            },
        })?;
        // The name, too, has to survive a power cut. Not every file system can be asked for it.
        if let Ok(folder) = File::open(folder(&output.path)) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
