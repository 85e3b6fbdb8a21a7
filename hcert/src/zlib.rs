//! The zlib layer, RFC 1950, with a bound on what comes out.
//!
//! Two libraries do the work. zlib-rs is quick, and needs std and 50 kB of memory; on bare metal there is
//! miniz_oxide. What one accepts the other accepts, and they fail alike, which a test holds.

#[cfg(not(target_os = "none"))]
mod fast;
#[cfg(any(test, target_os = "none"))]
#[cfg_attr(test, allow(unreachable_pub, reason = "in tests it is only compared"))]
mod small;

#[cfg(not(target_os = "none"))]
pub use fast::{Deflater, Inflater};
#[cfg(target_os = "none")]
pub use small::{Deflater, Inflater};

/// Why bytes are not an acceptable zlib stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ZlibError {
    /// No zlib header: for instance an uncompressed COSE message, which the HCERT
    /// specification does not allow.
    #[error("the content is not compressed with zlib")]
    NotZlib,
    /// A damaged stream or a wrong Adler-32 sum.
    #[error("the compressed content is damaged")]
    Damaged,
    /// The stream ends before its end mark.
    #[error("the compressed content is cut short")]
    Truncated,
    /// Bytes follow the end of the stream.
    #[error("{0} bytes follow the end of the compressed content")]
    Trailing(usize),
    /// More comes out than the limit allows.
    #[error("the content inflates to more than {limit} bytes")]
    TooLarge {
        /// [`crate::limits::Limits::inflated_bytes`].
        limit: usize,
    },
}

/// Room that nearly every certificate inflates into, so that most need one step.
const FIRST_ROOM: usize = 2048;

/// RFC 1950 section 2.2: method 8, header a multiple of 31.
fn check_header(input: &[u8]) -> Result<(), ZlibError> {
    match input {
        &[cmf, flg, ..] if cmf & 0x0f == 8 && u16::from_be_bytes([cmf, flg]).is_multiple_of(31) => {
            Ok(())
        }
        [_, _, ..] => Err(ZlibError::NotZlib),
        _ => Err(ZlibError::Truncated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn deflate(input: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        Deflater::default().deflate(input, &mut out);
        out
    }

    fn inflate(input: &[u8], limit: usize) -> Result<Vec<u8>, ZlibError> {
        let mut out = Vec::new();
        Inflater::default()
            .inflate(input, limit, &mut out)
            .map(<[u8]>::to_vec)
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = deflate(&vec![0; 10_000_000]);
        assert!(bomb.len() < 100_000);
        assert_eq!(
            inflate(&bomb, 65_536),
            Err(ZlibError::TooLarge { limit: 65_536 })
        );
    }

    #[test]
    fn exactly_the_limit_is_in_order() {
        for size in [1, 2047, 2048, 2049, 65_536] {
            let stream = deflate(&vec![7; size]);
            assert_eq!(inflate(&stream, size).map(|out| out.len()), Ok(size));
            assert_eq!(
                inflate(&stream, size - 1),
                Err(ZlibError::TooLarge { limit: size - 1 })
            );
        }
    }

    #[test]
    fn refuses_everything_but_one_whole_stream() {
        let stream = deflate(b"some content, some content");
        let longer = [&stream[..], b"x"].concat();
        let twice = [&stream[..], &stream[..]].concat();
        let mut wrong_sum = stream.clone();
        *wrong_sum.last_mut().unwrap() ^= 1;
        assert_eq!(inflate(&longer, 999), Err(ZlibError::Trailing(1)));
        assert_eq!(inflate(&twice, 999), Err(ZlibError::Trailing(stream.len())));
        assert_eq!(inflate(&wrong_sum, 999), Err(ZlibError::Damaged));
        assert_eq!(
            inflate(&stream[..stream.len() - 1], 999),
            Err(ZlibError::Truncated)
        );
        assert_eq!(inflate(b"", 999), Err(ZlibError::Truncated));
        assert_eq!(inflate(&[0xd2, 0x84, 0x43], 999), Err(ZlibError::NotZlib));
    }

    #[test]
    fn an_inflater_forgets_the_failure_before() {
        let (mut inflater, mut out) = (Inflater::default(), Vec::new());
        let stream = deflate(b"content");
        assert!(inflater.inflate(&stream[..6], 99, &mut out).is_err());
        assert_eq!(inflater.inflate(&stream, 99, &mut out), Ok(&b"content"[..]));
    }

    /// What a bare device makes of a stream.
    fn inflate_small(input: &[u8], limit: usize) -> Result<Vec<u8>, ZlibError> {
        let mut out = Vec::new();
        small::Inflater::default()
            .inflate(input, limit, &mut out)
            .map(<[u8]>::to_vec)
    }

    #[test]
    fn both_libraries_stop_at_the_same_place() {
        let mut streams: Vec<Vec<u8>> = [0, 1, 2047, 2048, 2049, 8192, 40_000, 65_536, 65_537]
            .iter()
            .map(|size| deflate(&(0..*size).map(|at| (at % 251) as u8).collect::<Vec<_>>()))
            .collect();
        streams.push(deflate(&vec![0; 10_000_000]));
        for stream in streams {
            for limit in [1, 2047, 2048, 2049, 8192, 65_536] {
                assert_eq!(inflate(&stream, limit), inflate_small(&stream, limit));
            }
        }
    }

    proptest! {
        #[test]
        fn round_trip(bytes: Vec<u8>) {
            prop_assert_eq!(inflate(&deflate(&bytes), 1 << 20).unwrap(), &bytes[..]);
            let mut small = Vec::new();
            small::Deflater::default().deflate(&bytes, &mut small);
            prop_assert_eq!(inflate(&small, 1 << 20).unwrap(), bytes);
        }

        /// Streams with a byte changed, cut short, and something behind.
        #[test]
        fn both_libraries_say_the_same(
            words in proptest::collection::vec(0..4_u8, 1..3000),
            change in (any::<proptest::sample::Index>(), 0..8_u32),
            end in any::<proptest::sample::Index>(),
            kind in 0..4,
            limit in prop_oneof![Just(65_536), 1..4096_usize],
        ) {
            let mut stream = deflate(&words);
            match kind {
                0 => {}
                1 => {
                    let at = change.0.index(stream.len());
                    stream[at] ^= 1 << change.1;
                }
                2 => stream.truncate(end.index(stream.len())),
                _ => stream.extend_from_slice(&words[..end.index(words.len())]),
            }
            prop_assert_eq!(inflate(&stream, limit), inflate_small(&stream, limit));
        }

        #[test]
        fn both_libraries_say_the_same_of_anything(mut bytes: Vec<u8>) {
            bytes.splice(..0, [0x78, 0x9c]);
            prop_assert_eq!(inflate(&bytes, 4096), inflate_small(&bytes, 4096));
        }
    }
}
