//! `hcert keys root`, `online`, `paper`, `restore` and `transcript`: keys made, put on paper, brought
//! back, and all of it on record.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

mod common;

use common::{Folder, PASSPHRASE, codes, has};
use hcert::{keys::PublicKey, pem};
use serde_json::Value;

fn text(folder: &Folder, name: &str) -> String {
    String::from_utf8(folder.read(name)).unwrap()
}

/// The lines that a person types off the page.
fn typed(page: &str) -> String {
    let (_, lines) = page.split_once("<pre id=\"key\">").unwrap();
    lines.split_once("</pre>").unwrap().0.to_owned()
}

/// The page's code as it is printed, drawn from the SVG within the page.
fn scan(page: &str) -> Vec<u8> {
    let (_, path) = page.split_once("<path d=\"").unwrap();
    let path = path.split('"').next().unwrap();
    let (_, side) = page.split_once("viewBox=\"0 0 ").unwrap();
    let side: usize = side.split(' ').next().unwrap().parse().unwrap();
    const SCALE: usize = 5;
    let wide = side * SCALE;
    let mut pixels = vec![255_u8; wide * wide];
    for run in path.split('M').skip(1) {
        let (place, size) = run.split_once('h').unwrap();
        let (x, y) = place.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let run: usize = size.split('v').next().unwrap().parse().unwrap();
        for row in y * SCALE..(y + 1) * SCALE {
            pixels[row * wide + x * SCALE..row * wide + (x + run) * SCALE].fill(0);
        }
    }
    grey_png(wide, &pixels)
}

/// Grey pixels as a PNG whose data are not compressed (RFC 1950, 1951).
fn grey_png(wide: usize, pixels: &[u8]) -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
            })
        })
    };
    let mut rows = Vec::new();
    for row in pixels.chunks(wide) {
        rows.push(0);
        rows.extend_from_slice(row);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in &rows {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let mut data = vec![0x78, 1];
    let count = rows.chunks(65_535).count();
    for (index, block) in rows.chunks(65_535).enumerate() {
        let length = block.len() as u16;
        data.push(u8::from(index + 1 == count));
        data.extend(length.to_le_bytes());
        data.extend((!length).to_le_bytes());
        data.extend_from_slice(block);
    }
    data.extend((b << 16 | a).to_be_bytes());
    let side = (wide as u32).to_be_bytes();
    let header = [&side[..], &side, &[8, 0, 0, 0, 0]].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in [(b"IHDR", &header), (b"IDAT", &data), (b"IEND", &Vec::new())] {
        let chunk = [&name[..], content].concat();
        png.extend((content.len() as u32).to_be_bytes());
        png.extend_from_slice(&chunk);
        png.extend(crc(&chunk).to_be_bytes());
    }
    png
}

#[cfg(unix)]
fn mode(folder: &Folder, name: &str) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    let data = std::fs::metadata(folder.path(name)).unwrap();
    data.permissions().mode() & 0o777
}

#[test]
fn each_holder_makes_an_own_key() {
    let folder = Folder::new();
    let mut keys = Vec::new();
    for (role, algorithm, word) in [
        ("root", "eddsa", "EdDSA"),
        ("root", "es256", "ES256"),
        ("online", "eddsa", "EdDSA"),
    ] {
        let line =
            format!("keys {role} --name An --algorithm {algorithm} --out {role}-{algorithm}");
        let said = folder.hcert(&line).good();
        assert!(
            said.starts_with(&format!("{role} key made: An\n")),
            "{said}"
        );
        assert!(said.contains(word), "{said}");
        let (key, public) = (
            format!("{role}-{algorithm}/{role}.key"),
            format!("{role}-{algorithm}/{role}.pub.pem"),
        );
        assert!(text(&folder, &key).starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
        #[cfg(unix)]
        assert_eq!(
            (mode(&folder, &key), mode(&folder, &public)),
            (0o600, 0o644)
        );
        let public_text = text(&folder, &public);
        let (label, spki) = pem::blocks(&public_text).next().unwrap().unwrap();
        assert_eq!(label, "PUBLIC KEY");
        PublicKey::from_spki(&spki).unwrap();
        assert!(!keys.contains(&spki));
        keys.push(spki.clone());
        // The fingerprint is the one that other tools compute.
        let shown = folder.hcert(&format!("keys show {public}")).good();
        let hash = |said: &str| {
            let line = said
                .lines()
                .find(|line| line.contains("key SHA-256"))
                .unwrap();
            line.split("SHA-256").nth(1).unwrap().replace(' ', "")
        };
        assert_eq!(hash(&said), hash(&shown));
        if has("openssl") {
            folder.write("passphrase", PASSPHRASE);
            let line = format!(
                "openssl pkey -in {key} -passin file:passphrase -pubout -outform DER | openssl dgst -sha256 -r"
            );
            let other = folder.shell(&line).good();
            assert_eq!(other.split(' ').next().unwrap(), hash(&said));
        }
    }
    let said = folder
        .hcert("keys root --name An --out root-eddsa")
        .refused();
    assert!(
        said.contains("root-eddsa/root.key is there already"),
        "{said}"
    );
    let said = folder
        .hcert_with(&["keys", "root", "--name", " ", "--out", "x"], "")
        .refused();
    assert!(said.contains("the name is empty"), "{said}");
    let said = folder
        .hcert("keys root --name A --key same --public same")
        .refused();
    assert!(said.contains("same is named for two outputs"), "{said}");
    assert!(!folder.path("same").exists() && !folder.path("x").exists());
}

#[test]
fn a_key_comes_back_from_paper() {
    let folder = Folder::new();
    folder.pki("--algorithm ps256 --paper dsc.html");
    folder
        .hcert("keys root --name <An>&Co --out root --paper root.html --lang vi")
        .good();
    folder
        .hcert("keys paper --key pki/csca.key --role csca --name CSCA --out csca.html")
        .good();
    for (page, key) in [
        ("root.html", "root/root.key"),
        ("csca.html", "pki/csca.key"),
        ("dsc.html", "pki/dsc.key"),
    ] {
        #[cfg(unix)]
        assert_eq!(mode(&folder, page), 0o600);
        let original = folder.read(key);
        let html = text(&folder, page);
        folder.write("scan.png", scan(&html));
        assert_eq!(codes(&folder.read("scan.png")), [text(&folder, key)]);
        folder.write("typed.txt", typed(&html));
        folder.write(
            "copied.txt",
            format!("from my phone:\n{}", text(&folder, key)),
        );
        for input in ["scan.png", "typed.txt", "copied.txt", page] {
            folder
                .hcert(&format!("keys restore {input} --key back.key --force"))
                .good();
            assert_eq!(folder.read("back.key"), original, "{page} {input}");
        }
        #[cfg(unix)]
        assert_eq!(mode(&folder, "back.key"), 0o600);
        let said = folder
            .hcert_with(
                &["keys", "restore", "-", "--key", "in.key", "--force"],
                &typed(&html),
            )
            .good();
        assert!(said.starts_with("key restored\n"), "{said}");
        assert_eq!(folder.read("in.key"), original);
    }
    let html = text(&folder, "root.html");
    assert!(html.contains("<dd>&lt;An&gt;&amp;Co</dd>") && html.contains("lang=\"vi\""));
    for foreign in [PASSPHRASE, "src=", "href=", "url(", "@import"] {
        assert!(
            !html.contains(foreign),
            "{foreign}: the page needs nothing else"
        );
    }
    // Nothing on the page opens without the passphrase.
    assert!(!html.contains("BEGIN PRIVATE KEY"));
}

#[test]
fn paper_that_can_not_be_read() {
    let folder = Folder::new();
    folder
        .hcert("keys root --name An --out a --paper a.html")
        .good();
    folder
        .hcert("keys root --name Binh --out b --paper b.html")
        .good();
    let (a, b) = (
        typed(&text(&folder, "a.html")),
        typed(&text(&folder, "b.html")),
    );
    let restore = |text: &str| {
        folder.write("typed.txt", text);
        folder
            .hcert("keys restore typed.txt --key back.key")
            .refused()
    };
    // A letter misread, in a line that is named.
    let mut lines: Vec<String> = a.lines().map(str::to_owned).collect();
    let wrong = if lines[2].ends_with('0') { "1" } else { "0" };
    let end = lines[2].len();
    lines[2].replace_range(end - 1..end, wrong);
    assert_eq!(
        restore(&lines.join("\n")),
        "error: the typed lines are not right; nothing was written\n  line 3: its checksum does not fit\n  \
         — compare these lines with the paper, letter by letter\n"
    );
    lines.remove(4);
    lines.remove(2);
    let said = restore(&lines.join("\n"));
    assert!(
        said.contains("\n  line 3 is missing\n  line 5 is missing\n"),
        "{said}"
    );
    // The last lines of the other page.
    let mixed: Vec<&str> = a.lines().take(5).chain(b.lines().skip(5)).collect();
    let said = restore(&mixed.join("\n"));
    assert!(said.contains("they are not of one page"), "{said}");
    let said = restore("Dear colleague");
    assert!(
        said.contains("the text's line 1 does not begin with a line number"),
        "{said}"
    );
    let said = folder
        .hcert("keys restore typed.txt --key back.key --lang vi")
        .refused();
    assert!(said.contains("dòng thứ 1 của văn bản"), "{said}");
    let said = restore(" \n");
    assert!(said.contains("no key could be read in typed.txt"), "{said}");

    folder.write("white.png", grey_png(200, &[255; 200 * 200]));
    let said = folder
        .hcert("keys restore white.png --key back.key")
        .refused();
    assert!(said.contains("no key could be read in white.png"), "{said}");
    // One bad photograph does no harm beside a good one.
    folder.write("a.png", scan(&text(&folder, "a.html")));
    folder
        .hcert("keys restore white.png a.png --key good.key")
        .good();
    folder.hcert("qr any --png other.png").good();
    let said = folder
        .hcert("keys restore other.png --key back.key")
        .refused();
    assert!(said.contains("no key could be read in other.png"), "{said}");
    folder.write("half.png", &folder.read("a.png")[..2000]);
    let said = folder
        .hcert("keys restore half.png --key back.key")
        .refused();
    assert!(said.starts_with("error: half.png: "), "{said}");
    let said = folder
        .hcert("keys restore a.html b.html --key back.key")
        .refused();
    assert!(said.contains("line 2 is there twice"), "{said}");
    let said = folder
        .hcert("keys restore a.png b/root.key --key back.key")
        .refused();
    assert!(said.contains("the inputs hold several keys"), "{said}");
    let said = folder
        .hcert("keys restore a.png --key a/root.key")
        .refused();
    assert!(said.contains("a/root.key is there already"), "{said}");
    let said = folder
        .hcert("keys restore none.png --key back.key")
        .refused();
    assert!(said.contains("none.png can't be read"), "{said}");
    folder.write("open.txt", pem::encode("PRIVATE KEY", b"secret"));
    let said = folder
        .hcert("keys restore open.txt --key back.key")
        .refused();
    assert!(said.contains("is not encrypted"), "{said}");
    // Lines that are right, of something that is no encrypted key.
    folder.write(
        "sealed.txt",
        pem::encode("ENCRYPTED PRIVATE KEY", b"no key"),
    );
    let said = folder
        .hcert("keys restore sealed.txt --key back.key")
        .refused();
    assert!(said.contains("not safe or not known"), "{said}");
    assert!(!folder.path("back.key").exists());
}

/// A page of a key that nobody can open is worse than none.
#[test]
fn paper_asks_for_the_passphrase() {
    let folder = Folder::new();
    folder.hcert("keys root --name An --out a").good();
    folder.write("wrong", "wrong\n");
    let line = "keys paper --key a/root.key --role root --name An --out a.html";
    let said = folder
        .hcert(&format!("{line} --passphrase-file wrong"))
        .refused();
    assert_eq!(
        said,
        "error: the passphrase does not open a/root.key\n  — try again\n"
    );
    let said = folder
        .hcert("keys paper --key a/root.pub.pem --role root --name An --out a.html")
        .refused();
    assert!(said.contains("holds no private key"), "{said}");
    assert!(!folder.path("a.html").exists());
    folder.hcert(line).good();
    let before = folder.read("a.html");
    assert!(
        folder
            .hcert(line)
            .refused()
            .contains("a.html is there already")
    );
    assert_eq!(folder.read("a.html"), before);
    folder.hcert(&format!("{line} --force")).good();
}

#[test]
fn a_transcript_of_everything() {
    let folder = Folder::new();
    folder.write("passphrase", PASSPHRASE);
    let record = "--transcript t.jsonl --witness Cường --witness Dung";
    let csca = "--csca-cert pki/csca.pem --csca-key pki/csca.key";
    let lines = [
        "keys root --name An --out a --paper a.html".to_owned(),
        "keys online --name site --out o".to_owned(),
        "keys csca --country VN --name CSCA --out pki".to_owned(),
        format!("keys dsc {csca} --name DSC --out pki"),
        "keys request --country VN --name Hue --out hue".to_owned(),
        format!("keys sign-request hue/dsc.csr.pem {csca} --cert hue/dsc.pem"),
        format!("keys renew pki/dsc.pem {csca} --out new"),
        format!("keys revoke pki/dsc.pem {csca} --compromised"),
        format!("keys crl {csca}"),
        "keys paper --key pki/csca.key --role csca --name CSCA --out csca.html".to_owned(),
        "keys restore csca.html --key back.key".to_owned(),
    ];
    for line in &lines {
        folder.hcert(&format!("{line} {record}")).good();
    }
    let transcript = text(&folder, "t.jsonl");
    assert_eq!(transcript.lines().count(), lines.len());
    for (entry, line) in transcript.lines().zip(&lines) {
        let entry: Value = serde_json::from_str(entry).unwrap();
        let command: Vec<&str> = line.split(' ').take(2).collect();
        assert_eq!(entry["command"], command.join(" "));
        assert_eq!(entry["witnesses"][1], "Dung");
        assert!(!entry["files"][0]["path"].as_str().unwrap().is_empty());
        assert!(entry["time"].as_str().unwrap().ends_with('Z'));
    }
    for secret in [PASSPHRASE, "PRIVATE"] {
        assert!(!transcript.contains(secret));
    }
    let said = folder.hcert("keys transcript t.jsonl").good();
    assert!(
        said.starts_with("transcript in order: 11 entries"),
        "{said}"
    );
    for wanted in [
        "\n8. ",
        "  keys revoke\n",
        "  witnesses    Cường, Dung\n",
        "  reason               keyCompromise\n",
        "\n  Cường  ____",
        "\n  An  ____",
    ] {
        assert!(said.contains(wanted), "{wanted:?}: {said}");
    }
    // The hash to be signed is that of the last line, as any tool computes it.
    if has("sha256sum") {
        let hash = folder
            .shell("tail -n 1 t.jsonl | tr -d '\\n' | sha256sum")
            .good();
        let said = folder.hcert("keys transcript t.jsonl --format json").good();
        let last: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
        assert_eq!(last["last_sha256"], hash.split(' ').next().unwrap());
        assert_eq!(last["entries"], 11);
    }
    let said = folder.hcert("keys transcript t.jsonl --lang vi").good();
    assert!(said.starts_with("biên bản nguyên vẹn: 11 mục"), "{said}");
}

#[test]
fn a_transcript_that_was_changed_takes_no_more() {
    let folder = Folder::new();
    for name in ["a", "b"] {
        folder
            .hcert(&format!(
                "keys root --name {name} --out {name} --transcript t.jsonl"
            ))
            .good();
    }
    let transcript = text(&folder, "t.jsonl");
    folder.write(
        "t.jsonl",
        transcript.replace("\"holder\":\"a\"", "\"holder\":\"x\""),
    );
    let before = folder.read("t.jsonl");
    let said = folder
        .hcert("keys root --name c --out c --transcript t.jsonl")
        .refused();
    assert_eq!(
        said,
        "error: the transcript t.jsonl is not in order: line 2 does not continue the line before it\n  \
         — it was changed; go back to a copy, or begin another and keep this one as it is\n"
    );
    assert_eq!(folder.read("t.jsonl"), before);
    assert!(!folder.path("c").exists());
    let said = folder.hcert("keys transcript t.jsonl --lang vi").refused();
    assert!(said.contains("dòng 2 không nối tiếp dòng trước"), "{said}");
    folder.write("empty", "");
    let said = folder.hcert("keys transcript empty").refused();
    assert!(said.contains("has no entry"), "{said}");
    let said = folder
        .hcert("keys root --name c --out c --witness D")
        .refused();
    assert!(said.contains("--transcript"), "{said}");
    let said = folder
        .hcert("keys root --name c --out c --transcript -")
        .refused();
    assert!(said.contains("a transcript is a file"), "{said}");
}

/// Where a file can't be written, no other one is either, and the transcript says nothing.
#[cfg(unix)]
#[test]
fn all_or_nothing() {
    let folder = Folder::new();
    folder.write("file", "");
    let record = "--transcript t.jsonl";
    folder
        .hcert(&format!("keys root --name a --out a {record}"))
        .good();
    let before = folder.read("t.jsonl");
    for (line, wanted) in [
        (
            "keys root --name b --out b --paper file/b.html",
            "file/b.html can't be written",
        ),
        (
            "keys root --name b --key b.key --public file/b.pub",
            "file/b.pub can't be written",
        ),
        (
            "keys root --name b --key file/b.key --public b.pub",
            "file/b.key can't be written",
        ),
    ] {
        let said = folder.hcert(&format!("{line} {record}")).refused();
        assert!(said.contains(wanted), "{said}");
    }
    let said = folder
        .hcert("keys root --name b --out b --transcript file/t.jsonl")
        .refused();
    assert!(said.contains("file/t.jsonl can't be"), "{said}");
    // A full disk: no file may grow beyond 512 bytes, which the page does.
    let said = folder
        .shell(&format!(
            "trap '' XFSZ; ulimit -f 1; hcert keys root --name b --key b.key --public b.pub --paper b.html {record}"
        ))
        .refused();
    assert!(said.contains("b.html can't be written"), "{said}");
    let names = folder.names();
    let left: Vec<&String> = names
        .iter()
        .filter(|name| name.starts_with(['b', '.']))
        .collect();
    assert!(
        left.iter().all(|name| *name == "b") && !folder.path("b/root.key").exists(),
        "{left:?}"
    );
    assert_eq!(folder.read("t.jsonl"), before);
}
