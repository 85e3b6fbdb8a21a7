use der::asn1::ObjectIdentifier;
use hcert::{
    keys::Signer as _,
    limits::Limits,
    time::Timestamp,
    x509::{Certificate, make},
};
use trust_exchange::{
    ImportError, ProofError, Vouch,
    cms::{self, CmsError, Message},
    master_list,
};
use trust_list::import::Role;

use crate::made::{DAY, NOW, csca, days, dsc, key, now, subject, tlv};

/// `SEQUENCE { INTEGER 0, SET OF Certificate }`.
fn content(certificates: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &[&[2, 1, 0], &tlv(0x31, certificates)])
}

/// The signer stands below a CSCA of the publisher.
fn publisher() -> (Certificate, Certificate) {
    let root = csca("UN", 3);
    let signer = make::dsc(
        &subject("ML", "UN"),
        days(10, 300),
        [4; 16],
        &key(4).spki(),
        &[],
        (&root, &key(3)),
    );
    (root, signer.unwrap())
}

fn signed(content: &[u8], content_type: ObjectIdentifier) -> Vec<u8> {
    let (_, signer) = publisher();
    cms::sign(content_type, content, (&signer, &key(4)), now()).unwrap()
}

fn read(
    bytes: &[u8],
    pinned: Option<&Certificate>,
) -> Result<trust_exchange::Imported, ImportError> {
    master_list::read(bytes, pinned, now(), &Limits::DEFAULT)
}

#[test]
fn a_list_of_authorities() {
    let (root, signer) = publisher();
    let (a, b) = (csca("VN", 1), csca("SG", 2));
    let plain = dsc("VN", 5, 1, days(1, 10));
    let list = content(&[a.der(), &tlv(0x30, &[&[2, 1, 0]]), b.der(), plain.der()]);
    let list = signed(&list, master_list::CONTENT_TYPE);
    for pinned in [&root, &signer] {
        let imported = read(&list, Some(pinned)).unwrap();
        assert!(matches!(&imported.vouch, Vouch::Proof { signer, .. } if signer.contains("CN=ML")));
        let found: Vec<_> = imported
            .listing
            .keys
            .iter()
            .map(|key| key.der().to_vec())
            .collect();
        assert_eq!(found, [a.der(), b.der(), plain.der()]);
        assert!(
            imported
                .listing
                .keys
                .iter()
                .all(|key| key.role == Role::Authority)
        );
        assert_eq!(imported.listing.refused[0].entry, "certificate 2");
    }
    assert_eq!(read(&list, None).unwrap().vouch, Vouch::Operator);
    let foreign = csca("UN", 6);
    assert!(matches!(
        read(&list, Some(&foreign)),
        Err(ImportError::Proof { .. })
    ));
    let late = Timestamp::saturating(NOW + 301 * DAY);
    let late = master_list::read(&list, Some(&root), late, &Limits::DEFAULT);
    assert!(matches!(late, Err(ImportError::Proof { .. })));
}

#[test]
fn a_changed_list_is_noticed_without_any_key() {
    let list = signed(&content(&[csca("VN", 1).der()]), master_list::CONTENT_TYPE);
    let place = list.windows(4).position(|part| part == b"CSCA").unwrap();
    let mut changed = list.clone();
    changed[place] = b'X';
    for pinned in [None, Some(&publisher().0)] {
        match read(&changed, pinned) {
            Err(ImportError::Proof { why, .. }) => assert_eq!(why, ProofError::OtherContent),
            other => panic!("{other:?}"),
        }
    }
    let last = changed.len() - 1;
    let mut changed = list;
    changed[last] ^= 1;
    assert!(matches!(
        read(&changed, None),
        Err(ImportError::Proof { .. })
    ));
}

#[test]
fn what_is_no_master_list() {
    let of = |content: &[u8]| read(&signed(content, master_list::CONTENT_TYPE), None);
    for broken in [
        &b""[..],
        b"\x30\x00",
        b"\x30\x03\x02\x01\x00",
        &tlv(0x30, &[&[2, 1, 0], &[0x31, 0x84, 0xff, 0xff, 0xff, 0xff]]),
        &[&content(&[])[..], b"\x00"].concat(),
        &tlv(0x30, &[&[2, 1, 0], &tlv(0x31, &[]), &[5, 0]]),
    ] {
        assert!(
            matches!(of(broken), Err(ImportError::Form { .. })),
            "{broken:?}"
        );
    }
    assert_eq!(of(&content(&[])).unwrap().listing.keys.len(), 0);
    let other = signed(&content(&[]), cms::DATA);
    assert!(matches!(read(&other, None), Err(ImportError::Form { .. })));
    assert!(matches!(
        read(b"\x30\x80", None),
        Err(ImportError::Form { .. })
    ));
}

#[test]
fn messages() {
    let (_, signer) = publisher();
    let message = signed(b"content", cms::DATA);
    let parsed = Message::parse(&message).unwrap();
    assert_eq!(parsed.check(&signer), Ok(&b"content"[..]));
    assert_eq!(
        parsed.check_over(b"Content", &signer),
        Err(CmsError::OtherContent)
    );
    assert!(
        parsed.check(&csca("VN", 4)).is_ok(),
        "the key counts, not the certificate"
    );
    assert!(matches!(
        parsed.check(&csca("VN", 1)),
        Err(CmsError::Signature(_))
    ));
    assert_eq!(cms::check_detached(&message, b"content", &signer), Ok(()));
    // The kind of content is signed too: the first of two places that state it is changed.
    let kind = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
    let place = message.windows(9).position(|part| part == kind).unwrap();
    let mut other = message.clone();
    other[place + 8] = 9;
    let other = Message::parse(&other).unwrap();
    assert_eq!(other.check(&signer), Err(CmsError::OtherContent));
    // Other than the certificate's key.
    let other = cms::sign(cms::DATA, b"", (&signer, &key(5)), now());
    assert_eq!(other, Err(CmsError::OtherKey));
    for cut in [0, 1, 10, message.len() / 2, message.len() - 1] {
        assert!(Message::parse(&message[..cut]).is_err(), "{cut}");
    }
}

/// Java and `openssl cms -stream` write indefinite lengths, and the content in parts.
#[test]
fn content_in_parts() {
    let (_, signer) = publisher();
    let strict = signed(b"content", cms::DATA);
    // SEQUENCE { id-data, [0] { OCTET STRING } } with its content in one part, then in two.
    let oid = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
    let whole = tlv(0x30, &[oid, &tlv(0xa0, &[&tlv(4, &[b"content"])])]);
    let parts = [tlv(4, &[b"cont"]), tlv(4, &[b"ent"])].concat();
    let parts = [b"\x30\x80", &oid[..], b"\xa0\x80\x24\x80", &parts, &[0; 6]].concat();
    let at = strict
        .windows(whole.len())
        .position(|part| part == whole)
        .unwrap();
    // All of the outer structures get indefinite lengths too: their heads are those of the
    // definite ones, taken apart by hand.
    let heads = [
        0x30, 0x80, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2, 0xa0, 0x80, 0x30, 0x80,
    ];
    let start = strict
        .windows(3)
        .position(|part| part == [2, 1, 1])
        .unwrap();
    let rest = &strict[at + whole.len()..];
    let message = [&heads[..], &strict[start..at], &parts, rest, &[0; 6]].concat();
    let parsed = Message::parse(&message).unwrap();
    assert_eq!(parsed.check(&signer), Ok(&b"content"[..]));
    assert_eq!(parsed.certificates().len(), 1);
}
