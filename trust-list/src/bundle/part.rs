//! The bytes of a part, borrowed from the file they came in.

use core::{
    fmt,
    ops::{Deref, Range},
};
use std::sync::Arc;

/// The bytes of a part: a piece of a file that is held in memory once, or a buffer of their own.
/// Cloning copies no bytes.
#[derive(Clone)]
pub struct PartBytes {
    file: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl PartBytes {
    /// A piece of a file; `None` when it is not within it.
    pub fn within(file: &Arc<Vec<u8>>, range: Range<usize>) -> Option<PartBytes> {
        file.get(range.clone())?;
        Some(PartBytes {
            file: Arc::clone(file),
            range,
        })
    }
}

impl From<Vec<u8>> for PartBytes {
    fn from(bytes: Vec<u8>) -> PartBytes {
        PartBytes {
            range: 0..bytes.len(),
            file: Arc::new(bytes),
        }
    }
}

impl Deref for PartBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // The constructors saw that the range is within the file.
        self.file.get(self.range.clone()).unwrap_or_default()
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
