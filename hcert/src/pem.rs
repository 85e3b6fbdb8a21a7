//! PEM files that hold several things (RFC 7468).

use alloc::{string::String, vec::Vec};

/// The label and DER of one block.
pub type Block<'a> = (&'a str, Vec<u8>);

/// The blocks of a text, in their order, each with the text around it ignored; a block that can't
/// be read is an error of its own and does not end the rest.
pub fn blocks(text: &str) -> impl Iterator<Item = Result<Block<'_>, der::pem::Error>> {
    raw_blocks(text).map(|block| der::pem::decode_vec(block.as_bytes()))
}

/// One block with its lines.
pub fn encode(label: &'static str, der: &[u8]) -> String {
    // The only failure is a label that is no label, and these are fixed.
    der::pem::encode_string(label, der::pem::LineEnding::LF, der).unwrap_or_default()
}

/// From each BEGIN line to the end of its END line.
fn raw_blocks(text: &str) -> impl Iterator<Item = &str> {
    const BEGIN: &str = "-----BEGIN ";
    const END: &str = "-----END ";
    let mut rest = text;
    core::iter::from_fn(move || {
        let block = &rest[rest.find(BEGIN)?..];
        let end = block
            .find(END)
            .map(|end| end + END.len())
            .unwrap_or(block.len());
        let line = block[end..]
            .find('\n')
            .map_or(block.len(), |line| end + line + 1);
        let (block, after) = block.split_at(line);
        rest = after;
        Some(block)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_blocks_and_the_text_between() {
        let text = format!(
            "subject=CN=A\n{}\nbetween\n{}-----BEGIN X-----\n!!\n-----END X-----\n{}",
            encode("CERTIFICATE", b"one"),
            encode("PUBLIC KEY", b"two"),
            encode("CERTIFICATE", b"three").trim_end(),
        );
        let found: Vec<_> = blocks(&text).map(Result::ok).collect();
        let want = [
            Some(("CERTIFICATE", b"one".to_vec())),
            Some(("PUBLIC KEY", b"two".to_vec())),
            None,
            Some(("CERTIFICATE", b"three".to_vec())),
        ];
        assert_eq!(found, want);
        assert_eq!(blocks("no block").count(), 0);
    }
}
