//! By zlib-rs.

use alloc::vec::Vec;

use zlib_rs::{Deflate, DeflateFlush, Inflate, InflateFlush, Status};

use super::{FIRST_ROOM, ZlibError, check_header};

/// An inflater that keeps its tables between texts: making one costs as much as using it.
pub struct Inflater(Inflate);

impl Default for Inflater {
    fn default() -> Self {
        Inflater(Inflate::new(true, MAX_WINDOW_BITS))
    }
}

/// 32 kB window, the largest RFC 1950 allows.
const MAX_WINDOW_BITS: u8 = 15;

impl Inflater {
    /// Inflates the one stream that `input` must consist of. `out` is working memory: what it held
    /// is overwritten, and it stays as large as it once had to be.
    pub fn inflate<'o>(
        &mut self,
        input: &[u8],
        limit: usize,
        out: &'o mut Vec<u8>,
    ) -> Result<&'o [u8], ZlibError> {
        check_header(input)?;
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
