use super::*;
use core::convert::Infallible;

fn id(number: u64) -> RevocationId {
    RevocationId::of_identifier(&format!("URN:UVCI:01:VN:{number}"))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn builder() -> SliceBuilder {
    let month = "2026-03".parse().unwrap();
    SliceBuilder::new(
        Kid::from_bytes(b"8 bytes!"),
        month,
        at("2026-03-20T00:00:00Z"),
    )
}

fn list(issued: u64, revoked: impl Fn(u64) -> bool) -> Vec<Issued> {
    let issued_at = at("2026-03-01T00:00:00Z");
    let one = |number| Issued {
        id: id(number),
        issued_at: issued_at.plus_seconds(i64::try_from(number).unwrap()),
        revoked: revoked(number),
    };
    (0..issued).map(one).collect()
}

fn base(list: &[Issued]) -> Result<Vec<u8>, BuildError<Infallible>> {
    builder().base(|| list.iter().copied().map(Ok))
}

#[test]
fn exact_at_every_size() {
    for issued in [0, 1, 2, 3, 10, 63, 64, 65, 1000, 5000, 40_000] {
        for every in [1, 2, 3, 100, 1_000_000] {
            for other in [false, true] {
                let list = list(issued, |number| (number % every == 0) ^ other);
                let part = base(&list).unwrap();
                let slice = Slice::open(part).unwrap();
                assert_eq!(slice.issued(), issued);
                for one in &list {
                    assert_eq!(
                        slice.contains(&one.id),
                        one.revoked,
                        "{issued} {every} {other}"
                    );
                }
            }
        }
    }
}
