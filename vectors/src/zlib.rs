//! The zlib stage (RFC 1950 around RFC 1951): the usual stream, and others bit by bit.

use hcert::zlib::Deflater;
use zlib_rs::{Deflate, DeflateFlush};

/// The usual stream.
pub(super) fn stream(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    Deflater::default().deflate(content, &mut out);
    out
}

/// Compressed as well as can be.
pub(super) fn best(content: &[u8]) -> Vec<u8> {
    compressed(content, true)
}

/// RFC 1951 without header and sum.
pub(super) fn raw(content: &[u8]) -> Vec<u8> {
    compressed(content, false)
}

fn compressed(content: &[u8], zlib: bool) -> Vec<u8> {
    let mut deflate = Deflate::new(9, zlib, 15);
    let mut out = vec![0; zlib_rs::compress_bound(content.len())];
    // The bound is zlib's promise that one call is enough; the length says what was written.
    let _ = deflate.compress(content, &mut out, DeflateFlush::Finish);
    out.truncate(usize::try_from(deflate.total_out()).unwrap_or_default());
    out
}

/// A zlib stream of one stored block, not compressed at all.
pub(super) fn stored(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX);
    let mut out = vec![0x78, 0x01, 0x01];
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&(!length).to_le_bytes());
    out.extend_from_slice(content);
    out.extend_from_slice(&adler(content).to_be_bytes());
    out
}

/// A gzip file (RFC 1952) of stored content, its sum left at zero.
pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    out.extend_from_slice(&raw(content));
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(
        &u32::try_from(content.len())
            .unwrap_or(u32::MAX)
            .to_le_bytes(),
    );
    out
}

/// Adler-32, RFC 1950 section 8.2.
pub(super) fn adler(content: &[u8]) -> u32 {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in content {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    b << 16 | a
}
