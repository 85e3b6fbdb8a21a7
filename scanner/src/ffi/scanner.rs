//! Verifying.

use std::ffi::c_char;

use super::{
    HcertTrust, HcertVerdict,
    border::{Failed, HcertStatus, guarded, instant, lent, quietly, take},
    verdict,
};
use crate::Scanner;

/// Decides about texts and pictures. Any number of threads may use it at once, `hcert_scanner_replace`
/// among them; only `hcert_scanner_free` has to be alone.
pub struct HcertScanner(Scanner);

/// Makes a scanner of what was gathered. `trust` is used up, also when this fails.
///
/// # Safety
/// `trust` has to be of `hcert_trust_new`, and is not used afterwards; `out` writable for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_scanner_new(
    trust: *mut HcertTrust,
    out: *mut *mut HcertScanner,
) -> HcertStatus {
    guarded(|| {
        // SAFETY: as documented.
        let trust = unsafe { take(trust) }.ok_or_else(|| Failed::null("trust"))?;
        let scanner = Scanner::new(trust.0)?;
        // SAFETY: as documented.
        unsafe { super::border::give(out, HcertScanner(scanner)) }
    })
}

/// # Safety
/// `scanner` has to be null or of `hcert_scanner_new` and not freed.
unsafe fn scanner_of<'a>(scanner: *const HcertScanner) -> Result<&'a Scanner, Failed> {
    // SAFETY: as documented.
    let scanner = unsafe { scanner.as_ref() };
    scanner
        .map(|scanner| &scanner.0)
        .ok_or_else(|| Failed::null("scanner"))
}

/// Puts other trust in the place of what is in use, while other threads verify. `trust` is used up, also
/// when this fails; then what was in use stays.
///
/// # Safety
/// `scanner` has to be of `hcert_scanner_new`; `trust` of `hcert_trust_new`, and is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_scanner_replace(
    scanner: *const HcertScanner,
    trust: *mut HcertTrust,
) -> HcertStatus {
    guarded(|| {
        // SAFETY: as documented.
        let trust = unsafe { take(trust) }.ok_or_else(|| Failed::null("trust"))?;
        // SAFETY: as documented.
        let scanner = unsafe { scanner_of(scanner) }?;
        Ok(scanner.replace(trust.0)?)
    })
}

/// Decides about a scanned text. A text that is no certificate gets a verdict, too: it is red.
///
/// `at` is the time in seconds since 1970-01-01T00:00:00Z, or `HCERT_NOW`.
///
/// # Safety
/// `scanner` has to be of `hcert_scanner_new`; `text` readable for `length` bytes; `out` writable for a
/// pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_scanner_verify(
    scanner: *const HcertScanner,
    text: *const c_char,
    length: usize,
    at: i64,
    out: *mut *mut HcertVerdict,
) -> HcertStatus {
    guarded(|| {
        // SAFETY: as documented.
        let scanner = unsafe { scanner_of(scanner) }?;
        // SAFETY: as documented.
        let text = unsafe { lent(text.cast(), length, "text") }?;
        let text = String::from_utf8_lossy(text);
        // SAFETY: as documented.
        unsafe { verdict::give(out, scanner.verify(&text, instant(at))) }
    })
}

/// Decides about the code in a picture of 8-bit grey levels, 0 black to 255 white, row by row from the
/// top; `stride` is the number of bytes from one row to the next. Of several codes the first valid one
/// counts, else the first that is a certificate. `HCERT_NO_CODE` when there is none.
///
/// `thorough` is for single pictures: it takes up to some hundred milliseconds where nothing is found.
/// At most 16,777,216 pixels.
///
/// # Safety
/// `scanner` has to be of `hcert_scanner_new`; `grey` readable for `stride` times `height` bytes, of which
/// the last row may lack what is behind its pixels; `out` writable for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_scanner_verify_image(
    scanner: *const HcertScanner,
    grey: *const u8,
    width: u32,
    height: u32,
    stride: usize,
    thorough: bool,
    at: i64,
    out: *mut *mut HcertVerdict,
) -> HcertStatus {
    guarded(|| {
        // SAFETY: as documented.
        let scanner = unsafe { scanner_of(scanner) }?;
        let rows = rows(width, height, stride)?;
        // SAFETY: as documented.
        let grey = unsafe { lent(grey, rows.bytes, "grey") }?;
        let verdict = image(scanner, grey, &rows, thorough, at)?;
        // SAFETY: as documented.
        unsafe { verdict::give(out, verdict) }
    })
}

/// A picture's measures, which were checked.
struct Rows {
    size: (u32, u32),
    width: usize,
    stride: usize,
    bytes: usize,
}

fn rows(width: u32, height: u32, stride: usize) -> Result<Rows, Failed> {
    let wrong = |why: &str| Failed::new(HcertStatus::HCERT_ARGUMENT, why);
    let count = |side: u32| usize::try_from(side).map_err(|_| wrong("the picture is too large"));
    let (size, width, height) = ((width, height), count(width)?, count(height)?);
    if width == 0 || height == 0 {
        return Err(wrong("the picture has no pixels"));
    }
    if stride < width {
        return Err(wrong("stride is less than width"));
    }
    let bytes = stride
        .checked_mul(height - 1)
        .and_then(|before| before.checked_add(width))
        .filter(|bytes| isize::try_from(*bytes).is_ok());
    Ok(Rows {
        size,
        width,
        stride,
        bytes: bytes.ok_or_else(|| wrong("the picture is too large"))?,
    })
}

#[cfg(feature = "image")]
fn image(
    scanner: &Scanner,
    grey: &[u8],
    rows: &Rows,
    thorough: bool,
    at: i64,
) -> Result<verifier::Verdict, Failed> {
    use std::borrow::Cow;

    use crate::ImageError;

    let too_large = u64::from(rows.size.0) * u64::from(rows.size.1) > crate::scanner::MAX_PIXELS;
    let pixels: Cow<'_, [u8]> = if rows.stride == rows.width || too_large {
        Cow::Borrowed(grey)
    } else {
        let each = grey.chunks(rows.stride);
        let each = each.flat_map(|row| row.get(..rows.width).unwrap_or_default());
        Cow::Owned(each.copied().collect())
    };
    scanner
        .verify_image(rows.size, &pixels, thorough, instant(at))
        .map_err(|error| {
            let status = match error {
                ImageError::NoCode => HcertStatus::HCERT_NO_CODE,
                _ => HcertStatus::HCERT_ARGUMENT,
            };
            Failed::new(status, error)
        })
}

#[cfg(not(feature = "image"))]
fn image(_: &Scanner, _: &[u8], rows: &Rows, _: bool, _: i64) -> Result<verifier::Verdict, Failed> {
    let _ = (rows.size, rows.width, rows.stride);
    let why = "this library was built without the reader of pictures";
    Err(Failed::new(HcertStatus::HCERT_NOT_BUILT, why))
}

/// Frees a scanner. Null is fine. Verdicts stay.
///
/// # Safety
/// `scanner` has to be null or of `hcert_scanner_new`; no other thread uses it, and it is not used
/// afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_scanner_free(scanner: *mut HcertScanner) {
    // SAFETY: as documented.
    quietly(|| drop(unsafe { take(scanner) }));
}
