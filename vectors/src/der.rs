//! As much DER (X.690) as certificates that nobody should issue need.

/// One value: tag, length, content.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match u8::try_from(length) {
        Ok(short @ 0..=127) => out.push(short),
        Ok(long) => out.extend_from_slice(&[0x81, long]),
        Err(_) => {
            let bytes = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
            out.extend_from_slice(&[0x82, bytes[0], bytes[1]]);
        }
    }
    out.extend_from_slice(content);
    out
}

/// SEQUENCE of values.
pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    value(0x30, &parts.concat())
}

/// OBJECT IDENTIFIER from its dotted form.
pub(super) fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted
        .split('.')
        .filter_map(|arc| arc.parse().ok())
        .collect();
    let mut content = Vec::new();
    if let [first, second, rest @ ..] = &arcs[..] {
        for arc in [first * 40 + second].iter().chain(rest) {
            let digits = (0..9).rev().map(|place| arc >> (7 * place) & 0x7f);
            let mut digits: Vec<u64> = digits.skip_while(|digit| *digit == 0).collect();
            if digits.is_empty() {
                digits.push(0);
            }
            let last = digits.len() - 1;
            let bytes = digits.iter().enumerate();
            content.extend(bytes.map(|(index, digit)| {
                let more = if index < last { 0x80 } else { 0 };
                digit.to_le_bytes()[0] | more
            }));
        }
    }
    value(0x06, &content)
}

/// INTEGER, not negative, from big-endian bytes.
pub(super) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = &bytes[zeros..];
    let sign: &[u8] = match digits.first() {
        Some(0x80..) | None => &[0],
        _ => &[],
    };
    value(0x02, &[sign, digits].concat())
}

/// BIT STRING of whole bytes.
pub(super) fn bits(bytes: &[u8]) -> Vec<u8> {
    value(0x03, &[&[0], bytes].concat())
}

/// UTF8String.
pub(super) fn text(text: &str) -> Vec<u8> {
    value(0x0c, text.as_bytes())
}

/// A file of one PEM block (RFC 7468).
pub(super) fn pem(label: &str, der: &[u8]) -> String {
    let base64 = hcert::base64::encode(der);
    let lines: Vec<&str> = (0..base64.len())
        .step_by(64)
        .map(|start| &base64[start..base64.len().min(start + 64)])
        .collect();
    let body = lines.join("\n");
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}
