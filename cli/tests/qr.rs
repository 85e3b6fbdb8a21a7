//! `hcert qr`.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::Folder;

#[test]
fn any_text_from_anywhere() {
    let folder = Folder::new();
    let text = "HC1:6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5 N2FBBRW1*70HS8WY04AC*WIFN0AHCD8KD97TK0F90";
    folder.write("code.txt", format!("{text}\r\n"));
    for (argument, input) in [(text, ""), ("code.txt", ""), ("-", text)] {
        folder
            .hcert_with(&["qr", argument, "--png", "out.png"], input)
            .good();
        let read = common::codes(&folder.read("out.png"));
        assert_eq!(read, [text], "{argument}");
    }
    let svg = folder.hcert_with(&["qr", text, "--svg", "-"], "").good();
    assert!(svg.starts_with("<svg"));
    let blocks = folder.hcert_with(&["qr", text], "").good();
    assert!(blocks.lines().count() > 20 && blocks.contains('▀'));
    // 81 alphanumeric characters are version 4 at level Q, 5 at H.
    let wide = |level: &str| {
        let said = folder
            .hcert_with(&["qr", text, "--png", "a.png", "--level", level], "")
            .good();
        said.split(" × ").nth(1).unwrap()[..2].to_owned()
    };
    assert!(wide("l") < wide("q") && wide("q") < wide("h"));
}

#[test]
fn what_does_not_fit() {
    let folder = Folder::new();
    let said = folder.hcert_with(&["qr", ""], "").refused();
    assert!(said.contains("there is no text"), "{said}");
    let said = folder.hcert_with(&["qr", "-"], &"ü".repeat(3000)).refused();
    assert!(said.contains("does not fit a QR code"), "{said}");
    let said = folder
        .hcert_with(
            &["qr", "HC1:ABC", "--png", "a.png", "--width-mm", "0.5"],
            "",
        )
        .refused();
    assert!(said.contains("make the code at least"), "{said}");
    folder.hcert("qr A --png a.png --dpi 0").refused();
    folder.write("binary", [0xff, 0xfe]);
    let said = folder.hcert("qr binary").refused();
    assert!(said.contains("binary is not text"), "{said}");
}
