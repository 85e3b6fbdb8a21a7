/* The verifier of digital health certificates, for devices. See specs/scanner.md. */
/* Written by cbindgen from scanner/src/ffi: do not edit. */

#ifndef HCERT_SCANNER_H
#define HCERT_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 The version of this interface. It changes when something that was there before means another
 thing; what is added leaves it.
 */
#define HCERT_ABI_VERSION 1

/*
 The system's clock as the time of a verification.
 */
#define HCERT_NOW INT64_MIN

/*
 How a call ended. `hcert_last_error` says more.
 */
enum HcertStatus
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   It did what it should. That a certificate is not valid is no error.
   */
  HCERT_OK = 0,
  /*
   A pointer is null that must not be, or a length is not that of anything.
   */
  HCERT_ARGUMENT = 1,
  /*
   The bytes are no trust data, or trust data that must not be used; what was in use stays.
   */
  HCERT_TRUST = 2,
  /*
   A file can't be read.
   */
  HCERT_FILE = 3,
  /*
   There is no trusted key.
   */
  HCERT_NO_KEYS = 4,
  /*
   No code was found in the picture.
   */
  HCERT_NO_CODE = 5,
  /*
   The library was built without the reader of pictures.
   */
  HCERT_NOT_BUILT = 6,
  /*
   A defect of the library, which went no further. Please report it.
   */
  HCERT_PANIC = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum HcertStatus HcertStatus;
#else
typedef int32_t HcertStatus;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 The answer for people. Show a sign and a word with it, so that colour alone never decides.
 */
enum HcertColour
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   Not authentic, not in time, or revoked.
   */
  HCERT_RED = 0,
  /*
   Authentic, but the rules say not enough, or this device can't say.
   */
  HCERT_AMBER = 1,
  /*
   Authentic, and enough. The only colour on which a door opens.
   */
  HCERT_GREEN = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum HcertColour HcertColour;
#else
typedef int32_t HcertColour;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 What is known of the revocation.
 */
enum HcertRevocation
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   No list in hand covers the issuer, or it was not looked at.
   */
  HCERT_REVOCATION_UNKNOWN = 0,
  /*
   It is on no list.
   */
  HCERT_NOT_REVOKED = 1,
  /*
   It is on a list.
   */
  HCERT_REVOKED = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum HcertRevocation HcertRevocation;
#else
typedef int32_t HcertRevocation;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 Why a valid certificate is not green: bits of `HcertVerdict.doubts`.
 */
enum HcertDoubt
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   No revocation list covers the issuer.
   */
  HCERT_DOUBT_REVOCATION_UNKNOWN = 1,
  /*
   The trust bundle is past its soft expiry.
   */
  HCERT_DOUBT_TRUST_STALE = 2,
  /*
   The trust bundle is past its hard expiry.
   */
  HCERT_DOUBT_TRUST_EXPIRED = 4,
  /*
   The clock is behind something that was signed before.
   */
  HCERT_DOUBT_CLOCK_WRONG = 8,
  /*
   The rules in force can't be read.
   */
  HCERT_DOUBT_RULES_UNKNOWN = 16,
  /*
   A rule in force is not met.
   */
  HCERT_DOUBT_RULE_FAILED = 32,
  /*
   A rule in force could not be evaluated.
   */
  HCERT_DOUBT_RULE_OPEN = 64,
  /*
   Another reason, of a newer library.
   */
  HCERT_DOUBT_OTHER = 128,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum HcertDoubt HcertDoubt;
#else
typedef uint32_t HcertDoubt;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 A language of messages.
 */
enum HcertLanguage
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   English.
   */
  HCERT_ENGLISH = 0,
  /*
   Vietnamese.
   */
  HCERT_VIETNAMESE = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum HcertLanguage HcertLanguage;
#else
typedef int32_t HcertLanguage;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 Decides about texts and pictures. Any number of threads may use it at once, `hcert_scanner_replace`
 among them; only `hcert_scanner_free` has to be alone.
 */
typedef struct HcertScanner HcertScanner;

/*
 What is to be trusted, being gathered. One thread at a time may use it.
 */
typedef struct HcertTrust HcertTrust;

/*
 A verdict. All texts are UTF-8, end with a zero byte, are never null, and live until
 `hcert_verdict_free`. New members are only ever added at the end.
 */
typedef struct HcertVerdict {
  /*
   The answer for people.
   */
  HcertColour colour;
  /*
   Authentic, in time, not revoked, signer allowed, schema kept.
   */
  bool valid;
  /*
   The bundle is one for tests: never let anybody in by it.
   */
  bool test_environment;
  /*
   What is known of the revocation.
   */
  HcertRevocation revocation;
  /*
   Why a valid certificate is not green: bits of `HcertDoubt`.
   */
  uint32_t doubts;
  /*
   When it was issued, in seconds since 1970; `INT64_MIN` if not known.
   */
  int64_t issued_at;
  /*
   When it ends; `INT64_MIN` if not known.
   */
  int64_t expires_at;
  /*
   Sequence of the trust bundle; 0 without one.
   */
  uint64_t bundle_sequence;
  /*
   Whole days since the bundle was made; 0 without one.
   */
  int64_t bundle_age_days;
  /*
   The format, such as "eu-dcc"; empty when it was not recognised.
   */
  const char *format;
  /*
   Where a certificate that is not valid failed, such as "signature"; empty for a valid one.
   */
  const char *stage;
  /*
   Family name, then given names; empty unless it is valid.
   */
  const char *name;
  /*
   The same as a passport's machine-readable zone writes it; may be empty.
   */
  const char *name_transliterated;
  /*
   YYYY-MM-DD, YYYY-MM, YYYY, or empty.
   */
  const char *date_of_birth;
  /*
   Country of the issuer, as the certificate says; empty unless it is valid.
   */
  const char *issuer;
  /*
   Why it is not green, and what to do, in English; empty for a green one.
   */
  const char *message_en;
  /*
   The same in Vietnamese.
   */
  const char *message_vi;
} HcertVerdict;

/*
 Bytes that the library owns, until `hcert_bytes_free`.
 */
typedef struct HcertBytes {
  /*
   The first byte; null if there is none.
   */
  uint8_t *bytes;
  /*
   How many there are.
   */
  size_t length;
} HcertBytes;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 The version of the interface of the library that was loaded. Compare it with
 `HCERT_ABI_VERSION` of the header before anything else.
 */
uint32_t hcert_abi_version(void);

/*
 The version of the library, such as "0.1.0". It lives as long as the library.
 */
const char *hcert_version(void);

/*
 What the last call on this thread that did not end with `HCERT_OK` has to say, in English, for a log.
 It holds nothing of a certificate. It is valid until the next call on this thread; never null.
 */
const char *hcert_last_error(void);

/*
 Makes a scanner of what was gathered. `trust` is used up, also when this fails.

 Demands:
 `trust` has to be of `hcert_trust_new`, and is not used afterwards; `out` writable for a pointer.
 */
HcertStatus hcert_scanner_new(struct HcertTrust *trust, struct HcertScanner **out);

/*
 Puts other trust in the place of what is in use, while other threads verify. `trust` is used up, also
 when this fails; then what was in use stays.

 Demands:
 `scanner` has to be of `hcert_scanner_new`; `trust` of `hcert_trust_new`, and is not used afterwards.
 */
HcertStatus hcert_scanner_replace(const struct HcertScanner *scanner,
                                  struct HcertTrust *trust);

/*
 Decides about a scanned text. A text that is no certificate gets a verdict, too: it is red.

 `at` is the time in seconds since 1970-01-01T00:00:00Z, or `HCERT_NOW`.

 Demands:
 `scanner` has to be of `hcert_scanner_new`; `text` readable for `length` bytes; `out` writable for a
 pointer.
 */
HcertStatus hcert_scanner_verify(const struct HcertScanner *scanner,
                                 const char *text,
                                 size_t length,
                                 int64_t at,
                                 struct HcertVerdict **out);

/*
 Decides about the code in a picture of 8-bit grey levels, 0 black to 255 white, row by row from the
 top; `stride` is the number of bytes from one row to the next. Of several codes the first valid one
 counts, else the first that is a certificate. `HCERT_NO_CODE` when there is none.

 `thorough` is for single pictures: it takes up to some hundred milliseconds where nothing is found.
 At most 16,777,216 pixels.

 Demands:
 `scanner` has to be of `hcert_scanner_new`; `grey` readable for `stride` times `height` bytes, of which
 the last row may lack what is behind its pixels; `out` writable for a pointer.
 */
HcertStatus hcert_scanner_verify_image(const struct HcertScanner *scanner,
                                       const uint8_t *grey,
                                       uint32_t width,
                                       uint32_t height,
                                       size_t stride,
                                       bool thorough,
                                       int64_t at,
                                       struct HcertVerdict **out);

/*
 Frees a scanner. Null is fine. Verdicts stay.

 Demands:
 `scanner` has to be null or of `hcert_scanner_new`; no other thread uses it, and it is not used
 afterwards.
 */
void hcert_scanner_free(struct HcertScanner *scanner);

/*
 Begins to gather trust.

 Demands:
 `out` has to be writable for a pointer.
 */
HcertStatus hcert_trust_new(struct HcertTrust **out);

/*
 Goes by the bytes that `hcert_trust_state` gave before, so that no older bundle is taken. Call it
 before the bundle is added.

 Demands:
 `trust` has to be of `hcert_trust_new`; `state` readable for `length` bytes.
 */
HcertStatus hcert_trust_remember(struct HcertTrust *trust, const uint8_t *state, size_t length);

/*
 Goes by this root (the file root/N.cose of a publication), which came with the device. Call it
 before the bundle is added, the first time, in place of `hcert_trust_remember`.

 Demands:
 `trust` has to be of `hcert_trust_new`; `root` readable for `length` bytes.
 */
HcertStatus hcert_trust_pin(struct HcertTrust *trust, const uint8_t *root, size_t length);

/*
 Adds a trust bundle, or a file of trusted keys (certificate, public key, list), told apart by
 content. The bytes are copied.

 Demands:
 `trust` has to be of `hcert_trust_new`; `bytes` readable for `length` bytes.
 */
HcertStatus hcert_trust_add(struct HcertTrust *trust, const uint8_t *bytes, size_t length);

/*
 As `hcert_trust_add`, from a file. The file is read once; it may be replaced or unplugged after that.

 Demands:
 `trust` has to be of `hcert_trust_new`; `path` a text that ends with a zero byte.
 */
HcertStatus hcert_trust_add_file(struct HcertTrust *trust,
                                 const char *path);

/*
 What to remember of the bundle that was added: keep it where a power cut can't lose it, and give it
 to `hcert_trust_remember` before the next one. Without a bundle there are no bytes.

 Demands:
 `trust` has to be of `hcert_trust_new`; `out` writable.
 */
HcertStatus hcert_trust_state(const struct HcertTrust *trust, struct HcertBytes *out);

/*
 Frees bytes, and leaves none in their place.

 Demands:
 `bytes` has to be null, or to point to what the library filled in.
 */
void hcert_bytes_free(struct HcertBytes *bytes);

/*
 Frees what was gathered and not given to a scanner. Null is fine.

 Demands:
 `trust` has to be null or of `hcert_trust_new`, and is not used afterwards.
 */
void hcert_trust_free(struct HcertTrust *trust);

/*
 The whole verdict as one JSON object in one line, as specs/verdict.md describes it. `input` is what the
 object says of where the code came from; null for nothing. `language` is one of `HcertLanguage`. Free the text with `hcert_string_free`.

 Demands:
 `verdict` has to be of this library and not freed; `input` null or a text that ends with a zero byte;
 `out` writable for a pointer.
 */
HcertStatus hcert_verdict_json(const struct HcertVerdict *verdict,
                               const char *input,
                               int32_t language,
                               char **out);

/*
 Frees a text of this library. Null is fine.

 Demands:
 `text` has to be null or of `hcert_verdict_json`, and is not used afterwards.
 */
void hcert_string_free(char *text);

/*
 Frees a verdict and its texts. Null is fine.

 Demands:
 `verdict` has to be null or of this library, and is not used afterwards.
 */
void hcert_verdict_free(struct HcertVerdict *verdict);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* HCERT_SCANNER_H */
