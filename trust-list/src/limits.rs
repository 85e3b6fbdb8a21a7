//! Every bound on what a mirror may hand over, in one value.

/// Bounds on a bundle and its pieces. A fetcher stops reading one byte beyond; nothing larger is
/// ever held in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest root, in bytes; one with 30 keys is 4 kB.
    pub root_bytes: usize,
    /// Most versions of the root that one update goes through.
    pub roots: usize,
    /// Largest manifest, in bytes; one with 1,000 parts is 80 kB.
    pub manifest_bytes: usize,
    /// Most parts of a manifest.
    pub parts: usize,
    /// Largest single part, in bytes.
    pub part_bytes: usize,
    /// Largest bundle: all parts together, in bytes.
    pub bundle_bytes: usize,
    /// Most keys and most authorities of a key list.
    pub keys: usize,
    /// Most signatures of one envelope.
    pub signatures: usize,
}

impl Limits {
    /// The documented defaults.
    pub const DEFAULT: Limits = Limits {
        root_bytes: 64 * 1024,
        roots: 256,
        manifest_bytes: 4 * 1024 * 1024,
        parts: 32 * 1024,
        part_bytes: 64 * 1024 * 1024,
        bundle_bytes: 256 * 1024 * 1024,
        keys: 32 * 1024,
        signatures: 64,
    };
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::DEFAULT
    }
}
