//! The random numbers of the operating system.

use zeroize::Zeroizing;

/// The operating system gives no random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random numbers")]
pub struct NoRandom;

/// Random bytes, wiped when dropped.
pub fn bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, NoRandom> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut bytes[..]).map_err(|_| NoRandom)?;
    Ok(bytes)
}

/// 256 random bits as text: a session's token, a client's key.
pub fn token() -> Result<Zeroizing<String>, NoRandom> {
    Ok(Zeroizing::new(hcert::base64::encode_url(
        &bytes::<32>()?[..],
    )))
}
