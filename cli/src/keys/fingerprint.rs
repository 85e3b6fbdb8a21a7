//! SHA-256, as people compare it.

use aws_lc_rs::digest;

/// The hash in hexadecimal, as files and the transcript carry it.
pub(crate) fn hex(bytes: &[u8]) -> String {
    sha256(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The hash in groups of four, to be compared by eye.
pub(crate) fn grouped(bytes: &[u8]) -> String {
    let groups = sha256(bytes);
    let groups = groups.chunks(2).map(|pair| {
        pair.iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    });
    groups.collect::<Vec<_>>().join(" ")
}

/// The hash.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    let digest = digest::digest(&digest::SHA256, bytes);
    for (to, from) in hash.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    hash
}
