//! Every bound on what a stranger may hand in, in one value.

/// Bounds on untrusted input. Reaching one is a decoding error that names the bound.
///
/// The defaults leave a wide margin over every certificate seen in the field (the largest DCC in
/// the member states' test data inflates to under 2 kB) and keep the work for a hostile text
/// under a millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest text taken from one code, in bytes. A version 40 QR code holds at most 7,089
    /// digits or 4,296 alphanumeric characters.
    pub text_bytes: usize,
    /// Most bytes a zlib stream may inflate to.
    pub inflated_bytes: usize,
    /// Deepest nesting of CBOR or JSON that is walked.
    pub depth: usize,
    /// Most entries of one CBOR map or array, and most keys of a map and those around it together.
    pub entries: usize,
    /// Most keys tried for one message when several share a kid, or the message names none.
    pub keys_tried: usize,
    /// Largest file of trusted keys, in bytes (the certificate lists of a whole continent are
    /// under 2 MB).
    pub trust_file_bytes: usize,
}

impl Limits {
    /// The documented defaults.
    pub const DEFAULT: Limits = Limits {
        text_bytes: 16 * 1024,
        inflated_bytes: 64 * 1024,
        depth: 16,
        entries: 1024,
        keys_tried: 16,
        trust_file_bytes: 64 * 1024 * 1024,
    };

    /// For devices with little memory: what a QR code can hold and hardly more, and eight times what
    /// the largest certificate of the field inflates to.
    pub const SMALL: Limits = Limits {
        text_bytes: 4_296,
        inflated_bytes: 16 * 1024,
        depth: 16,
        entries: 256,
        keys_tried: 16,
        trust_file_bytes: 64 * 1024,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Limits::DEFAULT
    }
}
