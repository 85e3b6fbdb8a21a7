//! The help: every example in it runs, in the order of the pages.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;
#[path = "common/publication.rs"]
mod publication;

use common::Folder;

const PAGES: [&str; 32] = [
    "keys csca",
    "keys dsc",
    "keys show",
    "keys",
    "keys root",
    "keys online",
    "keys paper",
    "keys restore",
    "keys request",
    "keys sign-request",
    "keys renew",
    "keys due",
    "keys revoke",
    "keys crl",
    "keys transcript",
    "keys network make",
    "keys network check",
    "keys network upload",
    "keys network",
    "trust root",
    "trust sign",
    "trust update",
    "trust show",
    "trust verify",
    "trust diff",
    "trust import",
    "trust export",
    "trust",
    "issue",
    "qr",
    "completions",
    "man",
];

#[test]
fn every_example_runs_as_it_stands() {
    let folder = Folder::new();
    for page in PAGES {
        let help = folder.hcert(&format!("{page} --help")).good();
        assert!(help.lines().all(|line| line.len() <= 100), "{help}");
        let (_, examples) = help.split_once("\nExamples").unwrap();
        let examples = examples
            .split_once(":\n")
            .unwrap()
            .1
            .trim_end()
            .replace("\\\n", "");
        let examples: Vec<&str> = examples.lines().collect();
        assert_eq!(examples.len(), 3, "{page}: {examples:?}");
        if page == "keys restore" {
            scan_and_type(&folder);
        }
        match page {
            "trust sign" => folder.write("copy.cose", folder.read("2.cose")),
            "trust update" => publish(&folder),
            "trust import" => folder.write("dscs.json", kids(&folder.read("pki/dsc.pem"))),
            _ => {}
        }
        for example in examples {
            let outcome = folder.shell(&format!("export HCERT_DATA_DIR=data; {example}"));
            assert_eq!(outcome.status, 0, "{example}: {outcome:?}");
        }
    }
    for made in [
        "pki/rsa.key",
        "person.png",
        "person.txt",
        "code.png",
        "code.svg",
    ] {
        assert!(folder.path(made).exists(), "{made}");
    }
}

/// What a trust list's service would have written to a USB stick, twice.
fn publish(folder: &Folder) {
    let mut publication = publication::Publication::of(&folder.read("pki/dsc.pem"));
    folder.write("old.hcert", &publication.files()["bundle.hcert"]);
    publication.sequence = 2;
    publication.write(&folder.path("usb"));
}

/// A list of kids and certificates, as countries publish it.
fn kids(pem_file: &[u8]) -> String {
    let text = String::from_utf8(pem_file.to_vec()).unwrap();
    let (_, der) = hcert::pem::blocks(&text).next().unwrap().unwrap();
    let kid = hcert::x509::Certificate::from_der(&der).unwrap().kid();
    let list = serde_json::json!({ kid.to_string(): hcert::base64::encode(&der) });
    list.to_string()
}

/// What a person does with the printed page before its key is restored.
fn scan_and_type(folder: &Folder) {
    folder
        .shell("hcert qr root-1/root.key --png scan.png")
        .good();
    let page = String::from_utf8(folder.read("root-1/an.html")).unwrap();
    let (_, lines) = page.split_once("<pre id=\"key\">").unwrap();
    folder.write("typed.txt", lines.split_once("</pre>").unwrap().0);
}

/// Where it is narrow, texts are wrapped, but examples never.
#[test]
fn examples_fit_a_terminal_of_eighty_columns() {
    let folder = Folder::new();
    for page in PAGES {
        let help = folder.hcert(&format!("{page} --help")).good();
        let (_, examples) = help.split_once("\nExamples").unwrap();
        for line in examples.lines() {
            assert!(line.len() <= 78, "{page}: {line}");
        }
    }
}

#[test]
fn a_manual_page_for_each_command() {
    let folder = Folder::new();
    folder.hcert("man man1").good();
    for page in PAGES {
        let name = format!("man1/hcert-{}.1", page.replace(' ', "-"));
        let text = String::from_utf8(folder.read(&name)).unwrap();
        assert!(text.contains(".TH") && text.contains("Examples"), "{name}");
    }
    assert_eq!(
        folder.hcert("man").good().into_bytes(),
        folder.read("man1/hcert.1")
    );
}

#[test]
fn completions_name_the_commands() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = folder.hcert(&format!("completions {shell}")).good();
        assert!(
            script.contains("issue") && script.contains("csca"),
            "{shell}"
        );
    }
}
