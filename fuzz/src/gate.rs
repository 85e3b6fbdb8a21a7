//! The gate: what a reader's line brings.

use gate::{
    frame::{Frame, Framer, LONGEST},
    scan::{readings, suspicion},
};

/// Bytes in pieces of any size: the same codes come out, and each has a reading.
///
/// # Panics
/// If they do not.
pub fn frames(data: &[u8]) -> usize {
    let (piece, bytes) = match data.split_first() {
        Some((piece, bytes)) => (usize::from(*piece) + 1, bytes),
        None => return 0,
    };
    let (mut whole, mut pieces) = (Vec::new(), Vec::new());
    Framer::default().push(bytes, &mut whole);
    let mut framer = Framer::default();
    for piece in bytes.chunks(piece) {
        framer.push(piece, &mut pieces);
    }
    assert_eq!(whole, pieces, "how bytes arrive matters");
    framer.unplugged(&mut pieces);
    assert!(!framer.is_open());
    for frame in &whole {
        if let Frame::Whole(code) = frame {
            assert!(code.len() <= LONGEST && !code.contains(&b'\r'));
            assert!(!readings(code).is_empty());
            let _ = suspicion(code);
        }
    }
    whole.len()
}

/// Runs a target by name; how many codes there are.
pub fn run(target: &str, data: &[u8]) -> usize {
    match target {
        "gate_frames" => frames(data),
        other => panic!("no target {other}"),
    }
}

/// The seeds: target, name, bytes. Each of them has a code.
pub fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    [
        ("lines", &b"\x10HC1:6BFOXN\r\nHC1:NCF\n\n\nhc1:ncf\r"[..]),
        ("framed", b"\x03\x02]Q1HC1:6BFOXN\x03K\x02HC1:NC\r\x03"),
        ("half", b"\x01HC1:6BFHC1:6BFOXN\r\x02half"),
        ("german", "\u{5}HC1Ö6BFOXN Y.AßZ-Q(M`W$%\r".as_bytes()),
        ("french", "\u{5}HC&M-BFOXN W:Q)Y!A8?+Z45\r".as_bytes()),
        ("telex", "\u{5}HC1:6BFÔXN\r".as_bytes()),
    ]
    .into_iter()
    .map(|(name, bytes)| ("gate_frames", name, bytes.to_vec()))
    .collect()
}
