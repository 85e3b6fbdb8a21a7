//! The bytes of a part, borrowed from the file they came in.

use alloc::{sync::Arc, vec::Vec};
use core::{
    fmt,
    ops::{Deref, Range},
};

/// The bytes of a part: a piece of a file that is held in memory once or lies in flash, or a buffer of
/// their own. Cloning copies no bytes.
#[derive(Clone)]
pub struct PartBytes {
    file: File,
    range: Range<usize>,
}

/// Where the bytes are.
#[derive(Clone)]
enum File {
    Shared(Arc<Vec<u8>>),
    Static(&'static [u8]),
}

impl PartBytes {
    /// A piece of these; `None` when it is not within them.
    pub fn piece(&self, range: Range<usize>) -> Option<PartBytes> {
        self.get(range.clone())?;
        let start = self.range.start;
        Some(PartBytes {
            file: self.file.clone(),
            range: start.checked_add(range.start)?..start.checked_add(range.end)?,
        })
    }
}

impl From<Vec<u8>> for PartBytes {
    fn from(bytes: Vec<u8>) -> PartBytes {
        PartBytes::from(&Arc::new(bytes))
    }
}

impl From<&Arc<Vec<u8>>> for PartBytes {
    fn from(file: &Arc<Vec<u8>>) -> PartBytes {
        PartBytes {
            range: 0..file.len(),
            file: File::Shared(Arc::clone(file)),
        }
    }
}

/// Of a microcontroller's flash, where they stay.
impl From<&'static [u8]> for PartBytes {
    fn from(bytes: &'static [u8]) -> PartBytes {
        PartBytes {
            range: 0..bytes.len(),
            file: File::Static(bytes),
        }
    }
}

impl Deref for PartBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let file = match &self.file {
            File::Shared(file) => file,
            File::Static(bytes) => *bytes,
        };
        // The constructors saw that the range is within it.
        file.get(self.range.clone()).unwrap_or_default()
    }
}

impl AsRef<[u8]> for PartBytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for PartBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PartBytes({} bytes)", self.range.len())
    }
}
