//! The random numbers of the operating system, which the crates below never touch.

use zeroize::Zeroizing;

use crate::fault::Fault;

/// Random bytes, wiped when dropped.
pub(crate) fn bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, Fault> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut bytes[..]).map_err(|error| Fault::Random(error.to_string()))?;
    Ok(bytes)
}
