//! The zlib layer, RFC 1950, with a bound on what comes out.

use zlib_rs::{Deflate, DeflateFlush, Inflate, InflateFlush, Status};

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

/// An inflater that keeps its tables between texts: making one costs as much as using it.
pub struct Inflater(Inflate);

impl Default for Inflater {
    fn default() -> Self {
        Inflater(Inflate::new(true, MAX_WINDOW_BITS))
    }
}

/// 32 kB window, the largest RFC 1950 allows.
const MAX_WINDOW_BITS: u8 = 15;

/// Room that nearly every certificate inflates into, so that most need one step.
const FIRST_ROOM: usize = 2048;

impl Inflater {
    /// Inflates the one stream that `input` must consist of. `out` is working memory: what it held
    /// is overwritten, and it stays as large as it once had to be.
    pub fn inflate<'o>(
        &mut self,
        input: &[u8],
        limit: usize,
        out: &'o mut Vec<u8>,
    ) -> Result<&'o [u8], ZlibError> {
        // RFC 1950 section 2.2: method 8, header a multiple of 31.
        match input {
            &[cmf, flg, ..]
                if cmf & 0x0f == 8 && u16::from_be_bytes([cmf, flg]).is_multiple_of(31) => {}
            [_, _, ..] => return Err(ZlibError::NotZlib),
            _ => return Err(ZlibError::Truncated),
        }
        self.0.reset(true);
        if out.len() < FIRST_ROOM.min(limit) {
            out.resize(FIRST_ROOM.min(limit), 0);
        }
        let mut room = out.len().min(limit);
        let mut produced = 0;
        loop {
            if produced == room {
                if room == limit {
                    self.check_end_at_limit(input, limit)?;
                    break;
                }
                room = (room * 4).min(limit);
                out.resize(room.max(out.len()), 0);
            }
            let rest = input.get(self.consumed()..).unwrap_or_default();
            // `Finish` says that all input is here, which spares the copy of the output that a later
            // call would need.
            let status = self
                .0
                .decompress(rest, &mut out[produced..room], InflateFlush::Finish);
            produced = usize::try_from(self.0.total_out()).unwrap_or(usize::MAX);
            match status {
                Ok(Status::StreamEnd) => break,
                Ok(Status::Ok | Status::BufError) if produced == room => {}
                Ok(_) => return Err(ZlibError::Truncated),
                Err(_) => return Err(ZlibError::Damaged),
            }
        }
        match input.len() - self.consumed() {
            0 => Ok(&out[..produced]),
            trailing => Err(ZlibError::Trailing(trailing)),
        }
    }

    /// The output is full to the limit: a stream that ends right here is still in order.
    fn check_end_at_limit(&mut self, input: &[u8], limit: usize) -> Result<(), ZlibError> {
        let rest = input.get(self.consumed()..).unwrap_or_default();
        let mut excess = [0; 1];
        match self.0.decompress(rest, &mut excess, InflateFlush::Finish) {
            Ok(Status::StreamEnd) if self.0.total_out() == limit as u64 => Ok(()),
            Err(_) => Err(ZlibError::Damaged),
            _ => Err(ZlibError::TooLarge { limit }),
        }
    }

    fn consumed(&self) -> usize {
        usize::try_from(self.0.total_in()).unwrap_or(usize::MAX)
    }
}

/// A deflater that keeps its tables between texts.
pub struct Deflater(Deflate);

impl Default for Deflater {
    /// The fastest level: on certificates the slowest saves under one part in a hundred, because
    /// a signature and short fields leave nothing to compress.
    fn default() -> Self {
        Deflater(Deflate::new(1, true, MAX_WINDOW_BITS))
    }
}

impl Deflater {
    /// Compresses `input` as one zlib stream into `out`, replacing its content.
    pub fn deflate(&mut self, input: &[u8], out: &mut Vec<u8>) {
        self.0.reset();
        out.clear();
        out.resize(zlib_rs::compress_bound(input.len()), 0);
        // compress_bound is zlib's own promise that one call suffices.
        let status = self.0.compress(input, out, DeflateFlush::Finish);
        debug_assert!(matches!(status, Ok(Status::StreamEnd)));
        out.truncate(usize::try_from(self.0.total_out()).unwrap_or_default());
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

    proptest! {
        #[test]
        fn round_trip(bytes: Vec<u8>) {
            prop_assert_eq!(inflate(&deflate(&bytes), 1 << 20).unwrap(), bytes);
        }
    }
}
