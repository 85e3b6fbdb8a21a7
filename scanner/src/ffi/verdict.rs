//! The verdict as a struct and as JSON.

use std::ffi::{CString, c_char};

use verifier::{
    Colour, Doubt, Revocation, ValidCertificate, Verdict,
    wording::{Language, Wording},
};

use super::border::{Failed, HcertStatus, guarded, quietly, take, text};

/// The answer for people. Show a sign and a word with it, so that colour alone never decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
#[allow(non_camel_case_types, reason = "as C names them")]
pub enum HcertColour {
    /// Not authentic, not in time, or revoked.
    HCERT_RED = 0,
    /// Authentic, but the rules say not enough, or this device can't say.
    HCERT_AMBER = 1,
    /// Authentic, and enough. The only colour on which a door opens.
    HCERT_GREEN = 2,
}

/// What is known of the revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
#[allow(non_camel_case_types, reason = "as C names them")]
pub enum HcertRevocation {
    /// No list in hand covers the issuer, or it was not looked at.
    HCERT_REVOCATION_UNKNOWN = 0,
    /// It is on no list.
    HCERT_NOT_REVOKED = 1,
    /// It is on a list.
    HCERT_REVOKED = 2,
}

/// Why a valid certificate is not green: bits of `HcertVerdict.doubts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
#[allow(non_camel_case_types, reason = "as C names them")]
pub enum HcertDoubt {
    /// No revocation list covers the issuer.
    HCERT_DOUBT_REVOCATION_UNKNOWN = 1,
    /// The trust bundle is past its soft expiry.
    HCERT_DOUBT_TRUST_STALE = 2,
    /// The trust bundle is past its hard expiry.
    HCERT_DOUBT_TRUST_EXPIRED = 4,
    /// The clock is behind something that was signed before.
    HCERT_DOUBT_CLOCK_WRONG = 8,
    /// The rules in force can't be read.
    HCERT_DOUBT_RULES_UNKNOWN = 16,
    /// A rule in force is not met.
    HCERT_DOUBT_RULE_FAILED = 32,
    /// A rule in force could not be evaluated.
    HCERT_DOUBT_RULE_OPEN = 64,
    /// Another reason, of a newer library.
    HCERT_DOUBT_OTHER = 128,
}

/// A language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
#[allow(non_camel_case_types, reason = "as C names them")]
pub enum HcertLanguage {
    /// English.
    HCERT_ENGLISH = 0,
    /// Vietnamese.
    HCERT_VIETNAMESE = 1,
}

/// A verdict. All texts are UTF-8, end with a zero byte, are never null, and live until
/// `hcert_verdict_free`. New members are only ever added at the end.
#[repr(C)]
pub struct HcertVerdict {
    /// The answer for people.
    pub colour: HcertColour,
    /// Authentic, in time, not revoked, signer allowed, schema kept.
    pub valid: bool,
    /// The bundle is one for tests: never let anybody in by it.
    pub test_environment: bool,
    /// What is known of the revocation.
    pub revocation: HcertRevocation,
    /// Why a valid certificate is not green: bits of `HcertDoubt`.
    pub doubts: u32,
    /// When it was issued, in seconds since 1970; `INT64_MIN` if not known.
    pub issued_at: i64,
    /// When it ends; `INT64_MIN` if not known.
    pub expires_at: i64,
    /// Sequence of the trust bundle; 0 without one.
    pub bundle_sequence: u64,
    /// Whole days since the bundle was made; 0 without one.
    pub bundle_age_days: i64,
    /// The format, such as "eu-dcc"; empty when it was not recognised.
    pub format: *const c_char,
    /// Where a certificate that is not valid failed, such as "signature"; empty for a valid one.
    pub stage: *const c_char,
    /// Family name, then given names; empty unless it is valid.
    pub name: *const c_char,
    /// The same as a passport's machine-readable zone writes it; may be empty.
    pub name_transliterated: *const c_char,
    /// YYYY-MM-DD, YYYY-MM, YYYY, or empty.
    pub date_of_birth: *const c_char,
    /// Country of the issuer, as the certificate says; empty unless it is valid.
    pub issuer: *const c_char,
    /// Why it is not green, and what to do, in English; empty for a green one.
    pub message_en: *const c_char,
    /// The same in Vietnamese.
    pub message_vi: *const c_char,
}

/// What stands behind a [`HcertVerdict`], which is its first member.
#[repr(C)]
struct Held {
    shown: HcertVerdict,
    texts: [CString; 8],
    verdict: Verdict,
}

/// Gives a verdict to C.
///
/// # Safety
/// `out` has to be null or writable for a pointer.
pub(super) unsafe fn give(out: *mut *mut HcertVerdict, verdict: Verdict) -> Result<(), Failed> {
    // SAFETY: as documented. The struct that C sees is the first member of what is given.
    unsafe { super::border::give(out.cast::<*mut Held>(), held(verdict)) }
}

fn held(verdict: Verdict) -> Held {
    let doubts = verdict.doubts();
    let certificate = verdict.result.as_ref().ok();
    let holder = certificate.and_then(ValidCertificate::holder);
    let holder = holder.as_ref();
    let standard = holder.and_then(|holder| holder.name_transliterated.as_deref());
    let stage = verdict.result.as_ref().err();
    let texts = [
        text(verdict.format.map_or("", |format| format.name())),
        text(stage.map_or("", |failure| failure.stage().name())),
        text(holder.map_or("", |holder| &holder.name)),
        text(standard.unwrap_or_default()),
        text(holder.map_or("", |holder| &holder.date_of_birth)),
        text(certificate.and_then(|one| one.issuer()).unwrap_or_default()),
        text(&message(&verdict, &doubts, Language::English)),
        text(&message(&verdict, &doubts, Language::Vietnamese)),
    ];
    // The bytes of a CString stay where they are when it moves.
    let [format, stage, name, transliterated, birth, issuer, en, vi] =
        texts.each_ref().map(|text| text.as_ptr());
    let seconds = |instant: Option<hcert::time::Timestamp>| {
        instant.map_or(i64::MIN, hcert::time::Timestamp::unix)
    };
    let bundle = verdict.bundle;
    let test = trust_list::environment::Environment::Test;
    Held {
        shown: HcertVerdict {
            colour: match verdict.colour() {
                Colour::Red => HcertColour::HCERT_RED,
                Colour::Amber => HcertColour::HCERT_AMBER,
                Colour::Green => HcertColour::HCERT_GREEN,
            },
            valid: verdict.is_valid(),
            test_environment: bundle.is_some_and(|bundle| bundle.environment == test),
            revocation: match verdict.revocation {
                Revocation::Unknown => HcertRevocation::HCERT_REVOCATION_UNKNOWN,
                Revocation::NotRevoked => HcertRevocation::HCERT_NOT_REVOKED,
                Revocation::Revoked => HcertRevocation::HCERT_REVOKED,
            },
            doubts: doubts.iter().fold(0, |bits, doubt| bits | bit(*doubt)),
            issued_at: seconds(verdict.issued_at),
            expires_at: seconds(verdict.expires_at),
            bundle_sequence: bundle.map_or(0, |bundle| bundle.sequence),
            bundle_age_days: bundle.map_or(0, |bundle| bundle.age_days),
            format,
            stage,
            name,
            name_transliterated: transliterated,
            date_of_birth: birth,
            issuer,
            message_en: en,
            message_vi: vi,
        },
        texts,
        verdict,
    }
}

fn message(verdict: &Verdict, doubts: &[Doubt], language: Language) -> String {
    let wording = Wording::new(language);
    match &verdict.result {
        Err(failure) => wording.failure(failure),
        Ok(_) => {
            let all = doubts.iter().map(|doubt| wording.doubt(*doubt));
            all.collect::<Vec<_>>().join(" ")
        }
    }
}

fn bit(doubt: Doubt) -> u32 {
    let bit = match doubt {
        Doubt::RevocationUnknown => HcertDoubt::HCERT_DOUBT_REVOCATION_UNKNOWN,
        Doubt::TrustStale => HcertDoubt::HCERT_DOUBT_TRUST_STALE,
        Doubt::TrustExpired => HcertDoubt::HCERT_DOUBT_TRUST_EXPIRED,
        Doubt::ClockWrong => HcertDoubt::HCERT_DOUBT_CLOCK_WRONG,
        Doubt::RulesUnknown => HcertDoubt::HCERT_DOUBT_RULES_UNKNOWN,
        Doubt::RuleFailed => HcertDoubt::HCERT_DOUBT_RULE_FAILED,
        Doubt::RuleOpen => HcertDoubt::HCERT_DOUBT_RULE_OPEN,
        _ => HcertDoubt::HCERT_DOUBT_OTHER,
    };
    bit as u32
}

/// The whole verdict as one JSON object in one line, as specs/verdict.md describes it. `input` is what the
/// object says of where the code came from; null for nothing. `language` is one of `HcertLanguage`. Free the text with `hcert_string_free`.
///
/// # Safety
/// `verdict` has to be of this library and not freed; `input` null or a text that ends with a zero byte;
/// `out` writable for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_verdict_json(
    verdict: *const HcertVerdict,
    input: *const c_char,
    language: i32,
    out: *mut *mut c_char,
) -> HcertStatus {
    guarded(|| {
        if out.is_null() {
            return Err(Failed::null("out"));
        }
        // SAFETY: as documented; what C was given is the first member of this.
        let held = unsafe { verdict.cast::<Held>().as_ref() };
        let held = held.ok_or_else(|| Failed::null("verdict"))?;
        let input = if input.is_null() {
            Default::default()
        } else {
            // SAFETY: as documented.
            unsafe { std::ffi::CStr::from_ptr(input) }.to_string_lossy()
        };
        // A number of C may be any number.
        let vietnamese = HcertLanguage::HCERT_VIETNAMESE as i32;
        let language = if language == vietnamese {
            Language::Vietnamese
        } else {
            Language::English
        };
        let json = held.verdict.to_json(&input, language).to_string();
        // SAFETY: it is not null, and the rest is documented.
        unsafe { out.write(text(&json).into_raw()) };
        Ok(())
    })
}

/// Frees a text of this library. Null is fine.
///
/// # Safety
/// `text` has to be null or of `hcert_verdict_json`, and is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_string_free(text: *mut c_char) {
    quietly(|| {
        if !text.is_null() {
            // SAFETY: it came from `into_raw`, and the caller gives it back but once.
            drop(unsafe { CString::from_raw(text) });
        }
    });
}

/// Frees a verdict and its texts. Null is fine.
///
/// # Safety
/// `verdict` has to be null or of this library, and is not used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcert_verdict_free(verdict: *mut HcertVerdict) {
    quietly(|| {
        // SAFETY: as documented; what C was given is the first member of this.
        if let Some(held) = unsafe { take(verdict.cast::<Held>()) } {
            drop((held.shown, held.texts, held.verdict));
        }
    });
}
