//! Keeping panics on this side, and saying what went wrong.

use std::{
    cell::RefCell,
    ffi::{CString, c_char},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{SystemTime, UNIX_EPOCH},
};

use hcert::time::Timestamp;

/// How a call ended. `hcert_last_error` says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
#[allow(non_camel_case_types, reason = "as C names them")]
pub enum HcertStatus {
    /// It did what it should. That a certificate is not valid is no error.
    HCERT_OK = 0,
    /// A pointer is null that must not be, or a length is not that of anything.
    HCERT_ARGUMENT = 1,
    /// The bytes are no trust data, or trust data that must not be used; what was in use stays.
    HCERT_TRUST = 2,
    /// A file can't be read.
    HCERT_FILE = 3,
    /// There is no trusted key.
    HCERT_NO_KEYS = 4,
    /// No code was found in the picture.
    HCERT_NO_CODE = 5,
    /// The library was built without the reader of pictures.
    HCERT_NOT_BUILT = 6,
    /// A defect of the library, which went no further. Please report it.
    HCERT_PANIC = 7,
}

/// The system's clock as the time of a verification.
pub const HCERT_NOW: i64 = i64::MIN;

/// An error on its way to the caller.
pub(super) struct Failed {
    pub(super) status: HcertStatus,
    pub(super) message: String,
}

impl Failed {
    pub(super) fn new(status: HcertStatus, message: impl ToString) -> Failed {
        Failed {
            status,
            message: message.to_string(),
        }
    }

    pub(super) fn null(what: &str) -> Failed {
        Failed::new(HcertStatus::HCERT_ARGUMENT, format!("{what} is null"))
    }
}

thread_local! {
    static LAST_ERROR: RefCell<CString> = RefCell::default();
}

/// Runs the body of a function that C calls.
pub(super) fn guarded(body: impl FnOnce() -> Result<(), Failed>) -> HcertStatus {
    let failed = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return HcertStatus::HCERT_OK,
        Ok(Err(failed)) => failed,
        Err(_) => Failed::new(HcertStatus::HCERT_PANIC, "a defect of the library"),
    };
    LAST_ERROR.with(|last| *last.borrow_mut() = text(&failed.message));
    failed.status
}

/// Runs a body that has no status: one that panics does nothing.
pub(super) fn quietly(body: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(body));
}

/// Text for C, without what would end it too soon.
pub(super) fn text(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default()
}

/// What the last call on this thread that did not end with `HCERT_OK` has to say, in English, for a log.
/// It holds nothing of a certificate. It is valid until the next call on this thread; never null.
#[unsafe(no_mangle)]
pub extern "C" fn hcert_last_error() -> *const c_char {
    LAST_ERROR.with(|last| last.borrow().as_ptr())
}

/// Seconds since 1970, or `HCERT_NOW`.
pub(super) fn instant(at: i64) -> Timestamp {
    if at != HCERT_NOW {
        return Timestamp::saturating(at);
    }
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::saturating(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// Bytes that C lent for the length of a call.
///
/// # Safety
/// `bytes` has to be readable for `length` bytes, and stay so and unchanged during `'a`.
pub(super) unsafe fn lent<'a>(
    bytes: *const u8,
    length: usize,
    what: &str,
) -> Result<&'a [u8], Failed> {
    if bytes.is_null() {
        return Err(Failed::null(what));
    }
    if isize::try_from(length).is_err() {
        let why = format!("{what}: no object has {length} bytes");
        return Err(Failed::new(HcertStatus::HCERT_ARGUMENT, why));
    }
    // SAFETY: it is not null and not too long, and the rest is the caller's promise.
    Ok(unsafe { std::slice::from_raw_parts(bytes, length) })
}

/// Gives a value to C.
///
/// # Safety
/// `out` has to be null or writable for a pointer.
pub(super) unsafe fn give<T>(out: *mut *mut T, value: T) -> Result<(), Failed> {
    if out.is_null() {
        return Err(Failed::null("out"));
    }
    let value = Box::into_raw(Box::new(value));
    // SAFETY: it is not null, and the rest is the caller's promise. No old value is dropped.
    unsafe { out.write(value) };
    Ok(())
}

/// Takes a value back from C.
///
/// # Safety
/// `value` has to be null or what [`give`] gave, which nobody uses any more.
pub(super) unsafe fn take<T>(value: *mut T) -> Option<T> {
    if value.is_null() {
        return None;
    }
    // SAFETY: it came from a box, and the caller gives it back but once.
    Some(*unsafe { Box::from_raw(value) })
}
