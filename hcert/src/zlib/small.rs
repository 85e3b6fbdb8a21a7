//! By miniz_oxide: 11 kB of tables, and no window beside what comes out.

use alloc::{boxed::Box, vec, vec::Vec};

use miniz_oxide::{
    deflate::compress_to_vec_zlib,
    inflate::{
        TINFLStatus,
        core::{DecompressorOxide, decompress, inflate_flags},
    },
};

use super::{FIRST_ROOM, ZlibError, check_header};

/// An inflater that keeps its tables between texts.
#[derive(Default)]
pub struct Inflater(Box<DecompressorOxide>);

const FLAGS: u32 = inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER
    | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;

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
        // One byte beyond the limit tells a stream that ends there from one that goes on.
        let most = limit.saturating_add(1);
        let mut room = out.len().max(FIRST_ROOM).min(most);
        let (consumed, produced) = loop {
            if out.len() < room {
                // Begins anew in a larger room, and gives the smaller one back first: time is cheaper here
                // than room for both.
                *out = Vec::new();
                *out = vec![0; room];
            }
            self.0.init();
            let (status, consumed, produced) = decompress(
                &mut self.0,
                input,
                out.get_mut(..room).unwrap_or_default(),
                0,
                FLAGS,
            );
            match status {
                TINFLStatus::Failed | TINFLStatus::Adler32Mismatch => {
                    return Err(ZlibError::Damaged);
                }
                TINFLStatus::Done if produced <= limit => break (consumed, produced),
                TINFLStatus::HasMoreOutput if room < most => room = (room * 4).min(most),
                _ if produced >= limit => return Err(ZlibError::TooLarge { limit }),
                _ => return Err(ZlibError::Truncated),
            }
        };
        match input.len().saturating_sub(consumed) {
            0 => Ok(out.get(..produced).unwrap_or_default()),
            trailing => Err(ZlibError::Trailing(trailing)),
        }
    }
}

/// A deflater.
#[derive(Default)]
pub struct Deflater(());

impl Deflater {
    /// Compresses `input` as one zlib stream into `out`, replacing its content.
    pub fn deflate(&mut self, input: &[u8], out: &mut Vec<u8>) {
        *out = compress_to_vec_zlib(input, 1);
    }
}
