//! Why a reader is not there.

use std::io::{self, ErrorKind};

/// Why a reader is not there, as far as a person can do something about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absent {
    /// There is no such device: it is not plugged in, or has another name.
    NotThere,
    /// The user may not open it; members of this group may.
    NotAllowed(&'static str),
    /// Another program has it.
    InUse,
    /// It is no reader of this kind.
    Unfit(&'static str),
    /// A camera that sends no pictures.
    Silent,
    /// What the system says.
    Other(String),
}

impl Absent {
    /// Of an error when it was opened or read; `group` is whose members may open such devices.
    pub(super) fn of(error: &io::Error, group: &'static str) -> Absent {
        use rustix::io::Errno;
        let errno = Errno::from_io_error(error);
        match error.kind() {
            ErrorKind::NotFound => Absent::NotThere,
            ErrorKind::PermissionDenied => Absent::NotAllowed(group),
            ErrorKind::ResourceBusy => Absent::InUse,
            _ if matches!(errno, Some(Errno::NODEV | Errno::NXIO)) => Absent::NotThere,
            _ => Absent::Other(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_can_mend() {
        use rustix::io::Errno;
        let of = |errno: Errno| Absent::of(&errno.into(), "video");
        assert_eq!(of(Errno::NOENT), Absent::NotThere);
        assert_eq!(of(Errno::NODEV), Absent::NotThere);
        assert_eq!(of(Errno::NXIO), Absent::NotThere);
        assert_eq!(of(Errno::ACCESS), Absent::NotAllowed("video"));
        assert_eq!(of(Errno::PERM), Absent::NotAllowed("video"));
        assert_eq!(of(Errno::BUSY), Absent::InUse);
        assert!(matches!(of(Errno::IO), Absent::Other(_)));
    }
}
