//! An officer's approval.

use coset::{CoseSign1, CoseSign1Builder, HeaderBuilder, TaggedCborSerializable as _, iana};
use hcert::keys::{Signer as _, SoftwareKey};
use keyring::{APPROVAL_CONTENT_TYPE, Approval, ApprovalError, Profile, SiteKey};
use proptest::prelude::*;
use zeroize::Zeroizing;

use crate::made::{day, key};

const RECORD: [u8; 16] = [0xab; 16];

fn site_key(number: u8) -> SiteKey {
    SiteKey::generate(Zeroizing::new([number; 32]))
}

fn approval() -> Approval {
    let at = day("2026-02-01");
    Approval::of(
        (RECORD, 3),
        b"content",
        "VN/01/hoan-kiem",
        "Trần Thị Ưng",
        at,
    )
    .unwrap()
}

#[test]
fn signed_and_read() {
    let key = site_key(1);
    let bytes = approval().sign(&key).unwrap();
    let read = Approval::verify(&bytes, &key.public()).unwrap();
    assert_eq!(read, approval());
    assert_eq!((read.record(), read.revision()), (&RECORD, 3));
    assert_eq!(
        (read.site(), read.officer()),
        ("VN/01/hoan-kiem", "Trần Thị Ưng")
    );
    assert_eq!(read.at(), day("2026-02-01"));
    assert!(read.is_of((&RECORD, 3), b"content"));
    for (record, revision, content) in [
        ([0xac; 16], 3, &b"content"[..]),
        (RECORD, 4, b"content"),
        (RECORD, 3, b"contend"),
    ] {
        assert!(!read.is_of((&record, revision), content));
    }
    // The same statement always has the same bytes.
    assert_eq!(bytes, approval().sign(&key).unwrap());
    assert!(!format!("{read:?}").contains("Tr"), "{read:?}");
}

#[test]
fn the_secret_comes_and_goes_by_the_callers_vault() {
    let key = site_key(1);
    let again = SiteKey::from_secret(&key.secret()[..]).unwrap();
    assert_eq!(again.public(), key.public());
    assert_eq!(format!("{key:?}"), "SiteKey");
    assert!(SiteKey::from_secret(&[0; 31]).is_err());
    assert!(SiteKey::from_secret(&[0; 33]).is_err());
}

#[test]
fn other_keys_and_texts() {
    let bytes = approval().sign(&site_key(1)).unwrap();
    assert_eq!(
        Approval::verify(&bytes, &site_key(2).public()),
        Err(ApprovalError::Signature)
    );
    let es256 = key(Profile::International, 1).spki();
    assert!(matches!(
        Approval::verify(&bytes, &es256),
        Err(ApprovalError::Algorithm(_))
    ));
    assert!(matches!(
        Approval::verify(&bytes, b"?"),
        Err(ApprovalError::Key(_))
    ));
    let at = day("2026-02-01");
    let long = "x".repeat(257);
    for (site, officer, what) in [
        ("", "a", "site"),
        (long.as_str(), "a", "site"),
        ("a", "", "officer"),
        ("a", long.as_str(), "officer"),
    ] {
        let made = Approval::of((RECORD, 1), b"", site, officer, at);
        assert_eq!(made, Err(ApprovalError::Text(what)));
    }
}

/// A message by the site's own key that is not in the form of an approval.
fn odd(change: impl FnOnce(&mut CoseSign1)) -> Vec<u8> {
    let signer = SoftwareKey::eddsa(&Zeroizing::new([1; 32]));
    let right = approval().sign(&site_key(1)).unwrap();
    let mut message = CoseSign1::from_tagged_slice(&right).unwrap();
    message.protected.original_data = None;
    change(&mut message);
    message.signature = signer.sign(&message.tbs_data(&[])).unwrap();
    message.to_tagged_vec().unwrap()
}

#[test]
fn only_the_one_form() {
    let public = site_key(1).public();
    assert!(Approval::verify(&odd(|_| ()), &public).is_ok());
    let other_type = |message: &mut CoseSign1| {
        let header = HeaderBuilder::new()
            .algorithm(iana::Algorithm::EdDSA)
            .content_type(format!("{APPROVAL_CONTENT_TYPE}2"))
            .build();
        let payload = message.payload.take().unwrap();
        *message = CoseSign1Builder::new()
            .protected(header)
            .payload(payload)
            .build();
    };
    assert_eq!(
        Approval::verify(&odd(other_type), &public),
        Err(ApprovalError::Signature)
    );
    let more = |message: &mut CoseSign1| message.unprotected.key_id = vec![1];
    assert!(matches!(
        Approval::verify(&odd(more), &public),
        Err(ApprovalError::Form(_))
    ));
    let last = |message: &mut CoseSign1| message.payload.as_mut().unwrap().push(0);
    assert!(matches!(
        Approval::verify(&odd(last), &public),
        Err(ApprovalError::Form(_))
    ));
    // Revision 3 in two bytes instead of one: {1: bytes(16), 2: 3, ...}.
    let longer = |message: &mut CoseSign1| {
        let payload = message.payload.as_mut().unwrap();
        assert_eq!(payload[19..21], [2, 3]);
        payload.insert(20, 0x18);
    };
    assert!(matches!(
        Approval::verify(&odd(longer), &public),
        Err(ApprovalError::Form(_))
    ));
    let none = |message: &mut CoseSign1| message.payload = None;
    let mut message = CoseSign1::from_tagged_slice(&odd(|_| ())).unwrap();
    none(&mut message);
    let bytes = message.to_tagged_vec().unwrap();
    assert!(matches!(
        Approval::verify(&bytes, &public),
        Err(ApprovalError::Form(_))
    ));
    assert!(Approval::verify(&[0; 2000], &public).is_err());
}

#[test]
fn any_bit_flipped_is_refused() {
    let key = site_key(1);
    let public = key.public();
    let bytes = approval().sign(&key).unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(Approval::verify(&flipped, &public).is_err(), "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert!(Approval::verify(&bytes[..length], &public).is_err());
    }
}

proptest! {
    #[test]
    fn any_statement_comes_back_and_no_other_bit_does(
        record: [u8; 16], revision: u32, content: Vec<u8>,
        site in "\\PC{1,60}", officer in "\\PC{1,60}", seconds in -99_999_999_999_i64..99_999_999_999,
        bit: prop::sample::Index,
    ) {
        let key = site_key(5);
        let at = hcert::time::Timestamp::saturating(seconds);
        let approval = Approval::of((record, revision), &content, site, officer, at).unwrap();
        let mut bytes = approval.sign(&key).unwrap();
        let read = Approval::verify(&bytes, &key.public());
        prop_assert_eq!(read.as_ref(), Ok(&approval));
        let bit = bit.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(Approval::verify(&bytes, &key.public()).is_err());
    }

    #[test]
    fn no_input_panics(bytes: Vec<u8>) {
        prop_assert!(Approval::verify(&bytes, &site_key(5).public()).is_err());
    }
}
