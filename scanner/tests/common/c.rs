//! The library as a program in C uses it.

#![allow(unsafe_code, reason = "it calls what C calls")]

use std::{
    ffi::{CStr, CString},
    ptr,
};

use hcert_scanner::ffi::*;
use serde_json::{Value, json};

/// A scanner.
pub struct Device(*mut HcertScanner);

// SAFETY: the header says that any thread may use one.
unsafe impl Sync for Device {}

impl Device {
    /// With these trusted files; those that the library doesn't take are left out. `None` when there is no key
    /// in any.
    pub fn new<'f>(files: impl IntoIterator<Item = &'f Vec<u8>>) -> Option<Device> {
        // SAFETY: as a program in C that keeps to the header.
        unsafe {
            let mut trust = ptr::null_mut();
            assert_eq!(hcert_trust_new(&mut trust), HcertStatus::HCERT_OK);
            for bytes in files {
                let added = hcert_trust_add(trust, bytes.as_ptr(), bytes.len());
                let fine = [HcertStatus::HCERT_OK, HcertStatus::HCERT_TRUST];
                assert!(fine.contains(&added), "{added:?}");
            }
            let mut scanner = ptr::null_mut();
            match hcert_scanner_new(trust, &mut scanner) {
                HcertStatus::HCERT_OK => Some(Device(scanner)),
                HcertStatus::HCERT_NO_KEYS => None,
                other => panic!("{other:?}"),
            }
        }
    }

    /// The verdict about a text, as JSON and as what the struct says.
    pub fn text(&self, text: &[u8], at: i64, input: &str) -> (Value, Value) {
        // SAFETY: as above.
        unsafe {
            let mut verdict = ptr::null_mut();
            let (start, length) = (text.as_ptr().cast(), text.len());
            let verified = hcert_scanner_verify(self.0, start, length, at, &mut verdict);
            assert_eq!(verified, HcertStatus::HCERT_OK);
            taken(verdict, input)
        }
    }

    /// The verdict about a picture of grey levels; `None` when no code is found in it.
    pub fn picture(
        &self,
        (width, height): (u32, u32),
        grey: &[u8],
        at: i64,
        input: &str,
    ) -> Option<(Value, Value)> {
        let stride = width as usize;
        assert_eq!(grey.len(), stride * height as usize);
        // SAFETY: as above.
        unsafe {
            let mut verdict = ptr::null_mut();
            let (grey, out) = (grey.as_ptr(), &mut verdict);
            match hcert_scanner_verify_image(self.0, grey, width, height, stride, true, at, out) {
                HcertStatus::HCERT_OK => Some(taken(verdict, input)),
                HcertStatus::HCERT_NO_CODE => None,
                other => panic!("{other:?}"),
            }
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // SAFETY: it is of hcert_scanner_new, and not used afterwards.
        unsafe { hcert_scanner_free(self.0) }
    }
}

/// What a verdict says; frees it.
///
/// # Safety
/// It has to be of the library and not freed.
unsafe fn taken(verdict: *mut HcertVerdict, input: &str) -> (Value, Value) {
    let input = CString::new(input).unwrap();
    // SAFETY: as the caller promises.
    unsafe {
        let mut out = ptr::null_mut();
        let written = hcert_verdict_json(verdict, input.as_ptr(), 0, &mut out);
        assert_eq!(written, HcertStatus::HCERT_OK);
        let object = serde_json::from_str(CStr::from_ptr(out).to_str().unwrap()).unwrap();
        hcert_string_free(out);
        let shown = &*verdict;
        let text = |text| CStr::from_ptr(text).to_str().unwrap();
        let colour = ["red", "amber", "green"][shown.colour as usize];
        let of_struct = json!({
            "colour": colour, "valid": shown.valid, "stage": text(shown.stage),
            "name": text(shown.name), "birth": text(shown.date_of_birth),
            "doubts": shown.doubts.count_ones(),
        });
        hcert_verdict_free(verdict);
        (object, of_struct)
    }
}

/// What the struct has to say of a verdict.
pub fn of_struct(verdict: &Value) -> Value {
    let holder = |key: &str| verdict["holder"][key].as_str().unwrap_or_default();
    let stage = verdict["failure"]["stage"].as_str().unwrap_or_default();
    json!({
        "colour": verdict["colour"], "valid": verdict["valid"], "stage": stage,
        "name": holder("name"), "birth": holder("date_of_birth"),
        "doubts": verdict["doubts"].as_array().unwrap().len(),
    })
}
