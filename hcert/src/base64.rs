//! Base64 as the field writes it: with either alphabet, padded or not.

use alloc::{string::String, vec::Vec};

use ::base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const TOLERANT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
static STANDARD_ALPHABET: GeneralPurpose = GeneralPurpose::new(&STANDARD, TOLERANT);
static URL_ALPHABET: GeneralPurpose =
    GeneralPurpose::new(&URL_SAFE, TOLERANT.with_encode_padding(false));

/// Standard alphabet, padded (RFC 4648 section 4).
pub fn encode(bytes: &[u8]) -> String {
    STANDARD_ALPHABET.encode(bytes)
}

/// URL alphabet, not padded (RFC 4648 section 5, as JOSE uses it).
pub fn encode_url(bytes: &[u8]) -> String {
    URL_ALPHABET.encode(bytes)
}

/// Either alphabet, with or without padding; white space inside is skipped.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let url = text.contains(['-', '_']);
    let engine = if url {
        &URL_ALPHABET
    } else {
        &STANDARD_ALPHABET
    };
    engine.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_both_alphabets() {
        for text in ["+/8=", "+/8", "-_8", "-_8=", "+/\n8="] {
            assert_eq!(decode(text).as_deref(), Some(&[0xfb, 0xff][..]), "{text}");
        }
        assert_eq!(decode("+_8="), None);
        assert_eq!(decode("a"), None);
        assert_eq!(
            (encode(&[0xfb, 0xff]), encode_url(&[0xfb, 0xff])),
            ("+/8=".into(), "-_8".into())
        );
    }
}
