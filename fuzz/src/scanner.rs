//! The C interface: whatever bytes a device hands in.

use std::{ffi::CStr, ptr, sync::OnceLock};

use hcert_scanner::ffi::{
    HcertBytes, HcertColour, HcertScanner, HcertStatus, hcert_bytes_free, hcert_scanner_free,
    hcert_scanner_new, hcert_scanner_replace, hcert_scanner_verify, hcert_scanner_verify_image,
    hcert_string_free, hcert_trust_add, hcert_trust_free, hcert_trust_new, hcert_trust_pin,
    hcert_trust_remember, hcert_trust_state, hcert_verdict_free, hcert_verdict_json,
};

/// A key whose holder signs nothing here.
const KEY: &[u8] = include_bytes!("../../test-vectors/trust/key-eddsa.pem");

struct Shared(*mut HcertScanner);
// SAFETY: any number of threads may use a scanner.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

fn shared() -> *mut HcertScanner {
    static SCANNER: OnceLock<Shared> = OnceLock::new();
    let make = || {
        // SAFETY: as the header demands.
        unsafe {
            let (mut trust, mut scanner) = (ptr::null_mut(), ptr::null_mut());
            assert_eq!(hcert_trust_new(&mut trust), HcertStatus::HCERT_OK);
            let added = hcert_trust_add(trust, KEY.as_ptr(), KEY.len());
            assert_eq!(added, HcertStatus::HCERT_OK);
            assert_eq!(
                hcert_scanner_new(trust, &mut scanner),
                HcertStatus::HCERT_OK
            );
            Shared(scanner)
        }
    };
    SCANNER.get_or_init(make).0
}

/// The first byte chooses what is done with the others.
///
/// # Panics
/// If a stranger's bytes are trusted, valid, or end in a panic within.
pub fn interface(data: &[u8]) {
    let Some((choice, bytes)) = data.split_first() else {
        return;
    };
    // SAFETY: as the header demands.
    unsafe {
        match choice % 4 {
            0 => text(bytes),
            1 => picture(bytes),
            2 => trust(bytes, false),
            _ => trust(bytes, true),
        }
    }
}

unsafe fn text(bytes: &[u8]) {
    unsafe {
        let mut verdict = ptr::null_mut();
        let text = bytes.as_ptr().cast();
        let status = hcert_scanner_verify(shared(), text, bytes.len(), 1_700_000_000, &mut verdict);
        assert_eq!(status, HcertStatus::HCERT_OK);
        assert_ne!((*verdict).colour, HcertColour::HCERT_GREEN);
        assert!(CStr::from_ptr((*verdict).message_vi).to_str().is_ok());
        let mut json = ptr::null_mut();
        let status = hcert_verdict_json(verdict, ptr::null(), 1, &mut json);
        assert_eq!(status, HcertStatus::HCERT_OK);
        hcert_string_free(json);
        hcert_verdict_free(verdict);
    }
}

unsafe fn picture(bytes: &[u8]) {
    let [width, height, gap, grey @ ..] = bytes else {
        return;
    };
    let (width, height) = (u32::from(*width), u32::from(*height));
    let stride = width as usize + usize::from(gap % 8);
    if (stride * (height as usize).saturating_sub(1)) + width as usize > grey.len() {
        return;
    }
    unsafe {
        let mut verdict = ptr::null_mut();
        let thorough = gap & 8 != 0;
        let status = hcert_scanner_verify_image(
            shared(),
            grey.as_ptr(),
            width,
            height,
            stride,
            thorough,
            0,
            &mut verdict,
        );
        assert_ne!(status, HcertStatus::HCERT_PANIC);
        if status == HcertStatus::HCERT_OK {
            hcert_verdict_free(verdict);
        }
    }
}

unsafe fn trust(bytes: &[u8], first_as_state: bool) {
    unsafe {
        let mut trust = ptr::null_mut();
        assert_eq!(hcert_trust_new(&mut trust), HcertStatus::HCERT_OK);
        if first_as_state {
            let half = bytes.len() / 2;
            let remembered = hcert_trust_remember(trust, bytes.as_ptr(), half);
            let pinned = hcert_trust_pin(trust, bytes.as_ptr(), bytes.len());
            for status in [remembered, pinned] {
                assert_ne!(status, HcertStatus::HCERT_PANIC);
            }
        }
        let added = hcert_trust_add(trust, bytes.as_ptr(), bytes.len());
        assert_ne!(added, HcertStatus::HCERT_PANIC);
        let mut state = HcertBytes {
            bytes: ptr::null_mut(),
            length: 0,
        };
        assert_eq!(hcert_trust_state(trust, &mut state), HcertStatus::HCERT_OK);
        hcert_bytes_free(&mut state);
        if added == HcertStatus::HCERT_OK {
            let mut own = ptr::null_mut();
            let made = hcert_scanner_new(trust, &mut own);
            assert_ne!(made, HcertStatus::HCERT_PANIC);
            if made == HcertStatus::HCERT_OK {
                // Nothing is left to replace it with.
                let mut empty = ptr::null_mut();
                assert_eq!(hcert_trust_new(&mut empty), HcertStatus::HCERT_OK);
                let replaced = hcert_scanner_replace(own, empty);
                assert_eq!(replaced, HcertStatus::HCERT_NO_KEYS);
                hcert_scanner_free(own);
            }
        } else {
            hcert_trust_free(trust);
        }
    }
}

/// Runs a target by name.
pub fn run(target: &str, data: &[u8]) {
    match target {
        "scanner_abi" => interface(data),
        other => panic!("no target {other}"),
    }
}

/// The seeds: target, name, bytes.
pub fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let with = |choice: u8, bytes: &[u8]| [&[choice], bytes].concat();
    let text = include_bytes!("../../test-vectors/valid/es256-vaccination.txt");
    let bundle = include_bytes!("../../test-vectors/bundles/first.hcert");
    let state = include_bytes!("../../test-vectors/bundles/first.state");
    let pem = include_bytes!("../../test-vectors/trust/dsc-es256.pem");
    let mut picture = vec![1, 30, 30, 3];
    picture.extend((0..33 * 30).map(|n: u32| if n * n % 7 < 3 { 0 } else { 255 }));
    vec![
        ("scanner_abi", "text", with(0, text)),
        ("scanner_abi", "picture", picture),
        ("scanner_abi", "bundle", with(2, bundle)),
        ("scanner_abi", "certificate", with(2, pem)),
        (
            "scanner_abi",
            "state",
            with(3, &[&state[..], bundle].concat()),
        ),
        ("scanner_abi", "nothing", with(2, b"")),
    ]
}
