//! Gathering trust.

use std::{
    ffi::{CStr, c_char},
    path::PathBuf,
};

use super::border::{Failed, HcertStatus, give, guarded, lent, quietly, take};
use crate::{Trust, TrustError};

/// What is to be trusted, being gathered. One thread at a time may use it.
pub struct HcertTrust(pub(super) Trust);

/// Bytes that the library owns, until `hcert_bytes_free`.
#[repr(C)]
pub struct HcertBytes {
    /// The first byte; null if there is none.
    pub bytes: *mut u8,
    /// How many there are.
    pub length: usize,
}

impl From<TrustError> for Failed {
    fn from(error: TrustError) -> Failed {
        let status = match error {
            TrustError::Read(_) => HcertStatus::HCERT_FILE,
            TrustError::NoKeys => HcertStatus::HCERT_NO_KEYS,
            _ => HcertStatus::HCERT_TRUST,
        };
        Failed::new(status, error)
    }
}

/// Begins to gather trust.
///
/// # Safety
/// `out` has to be writable for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_trust_new(out: *mut *mut HcertTrust) -> HcertStatus {
    // SAFETY: as documented.
    guarded(|| unsafe { give(out, HcertTrust(Trust::new())) })
}

/// # Safety
/// `trust` has to be null or of `hcert_trust_new`, and used by nobody else during the call.
unsafe fn trust_of<'a>(trust: *mut HcertTrust) -> Result<&'a mut Trust, Failed> {
    // SAFETY: as documented.
    let trust = unsafe { trust.as_mut() };
    trust
        .map(|trust| &mut trust.0)
        .ok_or_else(|| Failed::null("trust"))
}

/// Goes by the bytes that `hcert_trust_state` gave before, so that no older bundle is taken. Call it
/// before the bundle is added.
///
/// # Safety
/// `trust` has to be of `hcert_trust_new`; `state` readable for `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_trust_remember(
    trust: *mut HcertTrust,
    state: *const u8,
    length: usize,
) -> HcertStatus {
    guarded(|| {
        // SAFETY: as documented.
        let (trust, state) = unsafe { (trust_of(trust)?, lent(state, length, "state")?) };
        Ok(trust.remember(state)?)
    })
}

/// Goes by this root (the file root/N.cose of a publication), which came with the device. Call it
/// before the bundle is added, the first time, in place of `hcert_trust_remember`.
///
/// # Safety
/// `trust` has to be of `hcert_trust_new`; `root` readable for `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_trust_pin(
    trust: *mut HcertTrust,
    root: *const u8,
    length: usize,
) -> HcertStatus {
    guarded(|| {
        // SAFETY: as documented.
        let (trust, root) = unsafe { (trust_of(trust)?, lent(root, length, "root")?) };
        Ok(trust.pin(root)?)
    })
}

/// Adds a trust bundle, or a file of trusted keys (certificate, public key, list), told apart by
/// content. The bytes are copied.
///
/// # Safety
/// `trust` has to be of `hcert_trust_new`; `bytes` readable for `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_trust_add(
    trust: *mut HcertTrust,
    bytes: *const u8,
    length: usize,
) -> HcertStatus {
    guarded(|| {
        // SAFETY: as documented.
        let (trust, bytes) = unsafe { (trust_of(trust)?, lent(bytes, length, "bytes")?) };
        Ok(trust.add(bytes.to_vec())?)
    })
}

/// As `hcert_trust_add`, from a file. The file is read once; it may be replaced or unplugged after that.
///
/// # Safety
/// `trust` has to be of `hcert_trust_new`; `path` a text that ends with a zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_trust_add_file(
    trust: *mut HcertTrust,
    path: *const c_char,
) -> HcertStatus {
    guarded(|| {
        if path.is_null() {
            return Err(Failed::null("path"));
        }
        // SAFETY: as documented.
        let (trust, path) = unsafe { (trust_of(trust)?, CStr::from_ptr(path)) };
        Ok(trust.add_file(&path_of(path)?)?)
    })
}

#[cfg(unix)]
fn path_of(path: &CStr) -> Result<PathBuf, Failed> {
    use std::os::unix::ffi::OsStrExt as _;
    Ok(std::ffi::OsStr::from_bytes(path.to_bytes()).into())
}

#[cfg(not(unix))]
fn path_of(path: &CStr) -> Result<PathBuf, Failed> {
    let text = path.to_str();
    let text = text.map_err(|_| Failed::new(HcertStatus::HCERT_ARGUMENT, "path is not UTF-8"))?;
    Ok(text.into())
}

/// What to remember of the bundle that was added: keep it where a power cut can't lose it, and give it
/// to `hcert_trust_remember` before the next one. Without a bundle there are no bytes.
///
/// # Safety
/// `trust` has to be of `hcert_trust_new`; `out` writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_trust_state(
    trust: *const HcertTrust,
    out: *mut HcertBytes,
) -> HcertStatus {
    guarded(|| {
        // SAFETY: as documented.
        let (trust, out) = unsafe { (trust.as_ref(), out.as_mut()) };
        let trust = trust.ok_or_else(|| Failed::null("trust"))?;
        let out = out.ok_or_else(|| Failed::null("out"))?;
        let state = trust.0.state().map(Vec::into_boxed_slice);
        *out = match state {
            None => HcertBytes {
                bytes: std::ptr::null_mut(),
                length: 0,
            },
            Some(state) => HcertBytes {
                length: state.len(),
                bytes: Box::into_raw(state).cast(),
            },
        };
        Ok(())
    })
}

/// Frees bytes, and leaves none in their place.
///
/// # Safety
/// `bytes` has to be null, or to point to what the library filled in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_bytes_free(bytes: *mut HcertBytes) {
    quietly(|| {
        // SAFETY: as documented.
        let Some(held) = (unsafe { bytes.as_mut() }) else {
            return;
        };
        if !held.bytes.is_null() {
            let slice = std::ptr::slice_from_raw_parts_mut(held.bytes, held.length);
            // SAFETY: it came from a box of this length.
            drop(unsafe { Box::from_raw(slice) });
        }
        held.bytes = std::ptr::null_mut();
        held.length = 0;
    });
}

/// Frees what was gathered and not given to a scanner. Null is fine.
///
/// # Safety
/// `trust` has to be null or of `hcert_trust_new`, and is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_trust_free(trust: *mut HcertTrust) {
    // SAFETY: as documented.
    quietly(|| drop(unsafe { take(trust) }));
}
