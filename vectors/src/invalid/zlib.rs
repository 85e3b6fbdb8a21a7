//! The zlib stage.

use super::super::{
    payload,
    stages::{self, Claims},
    trust::Trust,
    vector::{Vector, clause, invalid},
    zlib,
};

pub(super) fn vectors(trust: &Trust) -> Vec<Vector> {
    let message = Claims::of(payload::vaccination())
        .sign(trust.dsc("dsc-es256"))
        .to_bytes();
    let good = zlib::stream(&message);
    let make = |name: &str, says: &str, stream: &[u8]| {
        invalid(
            "zlib",
            name,
            clause::COMPRESSION,
            says,
            stages::text(stream),
        )
    };
    let rfc1950 = |name: &str, says: &str, stream: Vec<u8>| {
        invalid(
            "zlib",
            name,
            "RFC 1950 section 2.2",
            says,
            stages::text(&stream),
        )
    };
    let changed = |place: usize, with: u8| {
        let mut stream = good.clone();
        stream[place] = with;
        stream
    };
    let last = good.len() - 1;
    vec![
        make(
            "zlib-uncompressed",
            "The message was not compressed",
            &message,
        ),
        make(
            "zlib-raw-deflate",
            "Deflate without the zlib header",
            &zlib::raw(&message),
        ),
        make("zlib-gzip", "A gzip file", &zlib::gzip(&message)),
        make("zlib-empty", "Nothing after the context identifier", &[]),
        make(
            "zlib-header-only",
            "The two bytes of the header and no more",
            &good[..2],
        ),
        make(
            "zlib-truncated",
            "The last twenty bytes are missing",
            &good[..last - 19],
        ),
        make(
            "zlib-sum-missing",
            "The Adler-32 sum is missing",
            &good[..last - 3],
        ),
        make(
            "zlib-sum-wrong",
            "The Adler-32 sum is wrong",
            &changed(last, !good[last]),
        ),
        make(
            "zlib-bytes-after",
            "Three bytes follow the stream",
            &[&good[..], b"abc"].concat(),
        ),
        make(
            "zlib-second-stream",
            "A second whole stream follows the first",
            &[&good[..], &good].concat(),
        ),
        rfc1950(
            "zlib-method-reserved",
            "Compression method 15",
            changed(0, 0x7f),
        ),
        rfc1950(
            "zlib-header-check-wrong",
            "The header is no multiple of 31",
            changed(1, 0x02),
        ),
        rfc1950(
            "zlib-preset-dictionary",
            "A preset dictionary is asked for",
            {
                let mut stream = vec![0x78, 0xbb, 0, 0, 0, 1];
                stream.extend_from_slice(&good[2..]);
                stream
            },
        ),
        rfc1950(
            "zlib-block-type-reserved",
            "A block of the reserved type",
            vec![0x78, 0x9c, 0x07, 0, 0, 0, 0, 0, 0, 0],
        ),
        rfc1950(
            "zlib-distance-before-start",
            "A copy from before the start",
            {
                // Fixed codes: a length of 3 at distance 1, with nothing there yet.
                vec![0x78, 0x9c, 0x03, 0x02, 0, 0, 0, 0, 0, 1]
            },
        ),
        bomb(
            "zlib-bomb-in-a-qr-code",
            "4,000 characters that inflate to over 2 MB",
            2_600_000,
        ),
        bomb(
            "zlib-bomb",
            "10,000 characters that inflate to over 6 MB",
            6_800_000,
        ),
        bomb(
            "zlib-bomb-small",
            "A hundred kilobytes of zeros: far more than any certificate",
            100_000,
        )
        .or_at("cbor")
        .or_at("cose"),
    ]
}

fn bomb(name: &str, says: &str, size: usize) -> Vector {
    let stream = zlib::best(&vec![0; size]);
    invalid(
        "zlib",
        name,
        clause::COMPRESSION,
        says,
        stages::text(&stream),
    )
}
