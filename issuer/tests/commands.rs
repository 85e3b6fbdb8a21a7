//! The program's commands, as processes: development in one go, serving and ending in order, users, sites,
//! programs, keys, the audit log outside the database, backup and restore.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where"
)]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_issuer"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ISSUER_")) {
        command.env_remove(name);
    }
    command
}

fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap()
}

fn good(command: &mut Command) -> String {
    let output = run(command);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn bad(command: &mut Command) -> String {
    let output = run(command);
    assert!(!output.status.success(), "{command:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A development folder, made once a test.
struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        let dir = tempfile::tempdir().unwrap();
        let made = dir.path().join("dev");
        let said = good(
            program()
                .args(["init", "--listen", "127.0.0.1:0", "--development"])
                .arg(&made),
        );
        assert!(
            said.contains("development lan") && said.contains("DEVELOPMENT"),
            "{said}"
        );
        Folder(dir)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join("dev").join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command
            .args(arguments)
            .arg("--config")
            .arg(self.at("issuer.toml"));
        command
    }
}

fn ask(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn development_is_served_and_ends_in_order() {
    let folder = Folder::new();
    #[cfg(unix)]
    for secret in [
        "secret",
        "sign-in.txt",
        "keys/passphrase",
        "keys/csca.key",
        "keys/national.key",
    ] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.at(secret))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{secret}");
    }
    let again = good(program().args(["init", "--development"]).arg(folder.at("")));
    assert!(again.contains("nothing changed"), "{again}");
    let said = good(&mut folder.command(&["check"]));
    for word in [
        "audit log: whole",
        "national EdDSA",
        "international ES256",
        "specimen",
    ] {
        assert!(said.contains(word), "{said}");
    }
    let mut child = folder
        .command(&["serve"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap();
    assert!(ask(address, "/readyz").starts_with("HTTP/1.1 200"));
    assert!(ask(address, "/sign-in").contains("DEVELOPMENT, not a health authority"));
    // While it serves, a backup is made and the log is looked through.
    let backup = folder.at("backup");
    good(folder.command(&["backup"]).arg(&backup));
    good(&mut folder.command(&["audit", "check"]));
    assert!(
        Command::new("kill")
            .arg(child.id().to_string())
            .status()
            .unwrap()
            .success()
    );
    assert!(child.wait().unwrap().success(), "ended in order");
    good(&mut folder.command(&["check"]));
}

#[test]
fn faults_are_said_with_their_remedy() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("issuer.toml");
    let check = || {
        let mut command = program();
        command.args(["check", "--config"]).arg(&file);
        bad(&mut command)
    };
    assert!(check().contains("--config"));
    std::fs::write(&file, "authority = 'x'\nlisten = 'here'\n").unwrap();
    assert!(check().contains("127.0.0.1:8350"));
    let folder = Folder::new();
    let text = std::fs::read_to_string(folder.at("issuer.toml")).unwrap();
    let change = |from: &str, to: &str| {
        std::fs::write(folder.at("issuer.toml"), text.replace(from, to)).unwrap();
        bad(&mut folder.command(&["check"]))
    };
    let error = change("national.pem", "international.pem");
    assert!(error.contains("keys["), "{error}");
    let error = change("keys/passphrase", "secret");
    assert!(
        error.contains("national.key") || error.contains("passphrase"),
        "{error}"
    );
    let error = change("\"secret\"", "\"keys/passphrase\"");
    assert!(error.contains("64 hexadecimal digits"), "{error}");
    let other = folder.at("other");
    good(program().arg("secret").arg(&other));
    let error = change("\"secret\"", "\"other\"");
    assert!(error.contains("secret_file"), "{error}");
    assert!(bad(program().arg("secret").arg(&other)).contains("can't be written"));
    std::fs::remove_file(&file).unwrap();
    std::fs::write(dir.path().join("other"), "").unwrap();
    let error = bad(program().args(["init", "--development"]).arg(dir.path()));
    assert!(error.contains("not empty"), "{error}");
}

#[test]
fn people_sites_and_programs() {
    let folder = Folder::new();
    let said = good(folder.command(&["user", "add", "cuc"]).args([
        "--full-name",
        "Ngô Thị Cúc",
        "--roles",
        "clerk",
        "--place",
        "VN/99/99001/TYT-HS",
    ]));
    assert!(
        said.starts_with("cuc\t") && said.trim().len() > 20,
        "{said}"
    );
    let reset = good(&mut folder.command(&["user", "reset", "cuc"]));
    assert!(reset.starts_with("cuc\t") && reset != said);
    let error =
        bad(folder
            .command(&["user", "add", "x"])
            .args(["--full-name", "X", "--roles", "king"]));
    assert!(error.contains("king"), "{error}");
    let sheet = folder.at("sheet.csv");
    std::fs::write(
        &sheet,
        "Path,Name,Level,Full name,Roles\nVN/99/99001/NEW,New site,site,Tran Van Moi,clerk\n",
    )
    .unwrap();
    let said = good(folder.command(&["site", "import"]).arg(&sheet));
    assert!(said.starts_with("moi.tran\t"), "{said}");
    std::fs::write(
        &sheet,
        "Path,Name,Roles,Full name\nVN/99/99001/N2,,clerk,A B\n",
    )
    .unwrap();
    let error = bad(folder.command(&["site", "import"]).arg(&sheet));
    assert!(
        error.contains("sheet.csv:2:") && error.contains("nothing was added"),
        "{error}"
    );
    let pem = folder.at("client.pem");
    let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
                  -----END PUBLIC KEY-----\n";
    std::fs::write(&pem, public).unwrap();
    let add = |name: &str| {
        let mut command = folder.command(&["client", "add", name]);
        command.args([
            "--roles",
            "clerk",
            "--place",
            "VN/99/99001/TYT-HS",
            "--public-key",
        ]);
        command.arg(&pem);
        command
    };
    assert!(good(&mut add("his")).trim().len() > 40);
    assert!(bad(&mut add("his")).contains("there already"));
    std::fs::write(
        &pem,
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    )
    .unwrap();
    assert!(bad(&mut add("other")).contains("Ed25519"));
}

#[test]
fn a_new_key_is_requested() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let request = |passphrase: &str, key: &Path, request: &Path| {
        let mut command = program();
        command
            .args([
                "key",
                "request",
                "--algorithm",
                "es256",
                "--name",
                "DSC 7",
                "--country",
                "VN",
            ])
            .args(["--uses", "test,recovery", "--key"])
            .arg(key)
            .arg("--request")
            .arg(request)
            .env("ISSUER_PASSPHRASE", passphrase);
        command
    };
    assert!(bad(&mut request("short", &at("k"), &at("r"))).contains("12"));
    good(&mut request("twelve letters", &at("k"), &at("r")));
    let text = std::fs::read_to_string(at("r")).unwrap();
    let (_, der) = hcert::pem::blocks(&text).next().unwrap().unwrap();
    let made = hcert::x509::request::Request::from_der(&der).unwrap();
    assert!(made.prove().is_ok() && made.subject().contains("DSC 7"));
    let sealed = std::fs::read(at("k")).unwrap();
    let opened = keystore::SealedKey::parse(&sealed)
        .unwrap()
        .open("twelve letters");
    assert!(opened.is_ok());
    // Neither is written over.
    assert!(bad(&mut request("twelve letters", &at("k"), &at("r2"))).contains("there already"));
    assert!(bad(&mut request("twelve letters", &at("k2"), &at("r"))).contains("there already"));
}

#[test]
fn the_log_outside_the_database() {
    let folder = Folder::new();
    let export = good(&mut folder.command(&["audit", "export"]));
    let lines: Vec<&str> = export.lines().collect();
    assert!(lines.len() > 50);
    let file = folder.at("audit.ndjson");
    let check = |lines: &[&str]| {
        std::fs::write(&file, lines.join("\n") + "\n").unwrap();
        run(program().args(["audit", "check", "--file"]).arg(&file))
    };
    assert!(check(&lines).status.success());
    let later = good(folder.command(&["audit", "export"]).args(["--from", "10"]));
    let later: Vec<&str> = later.lines().collect();
    assert_eq!(later, lines[9..]);
    assert!(check(&later).status.success());
    assert!(!check(&[]).status.success());
    let without = [&lines[..20], &lines[21..]].concat();
    let changed = lines[30].replace("service", "nobody!");
    let changed = [&lines[..30], &[changed.as_str()], &lines[31..]].concat();
    let swapped = [&lines[..4], &[lines[5], lines[4]], &lines[6..]].concat();
    for wrong in [without, changed, swapped] {
        let output = check(&wrong);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && error.contains("not whole"),
            "{error}"
        );
    }
}

#[test]
fn backup_and_restore() {
    let folder = Folder::new();
    let passphrase = folder.at("backup-passphrase");
    std::fs::write(&passphrase, "twelve letters\n").unwrap();
    let file = folder.at("backup");
    let with = |command: &str| {
        let mut command = folder.command(&[command]);
        command.arg("--passphrase-file").arg(&passphrase).arg(&file);
        command
    };
    let said = good(&mut with("backup"));
    assert!(
        said.contains("certificates: ") && said.contains("secret file"),
        "{said}"
    );
    // Not over what is there.
    assert!(bad(&mut with("restore")).contains("not empty"));
    let new = format!("sqlite:{}", folder.at("new.sqlite").display());
    assert!(
        bad(folder
            .command(&["restore"])
            .arg(&file)
            .env("ISSUER_DATABASE", &new))
        .contains("passphrase")
    );
    good(with("restore").env("ISSUER_DATABASE", &new));
    good(folder.command(&["check"]).env("ISSUER_DATABASE", &new));
    let export = |database: &str| {
        good(
            folder
                .command(&["audit", "export"])
                .env("ISSUER_DATABASE", database),
        )
    };
    let old = format!("sqlite:{}", folder.at("issuer.sqlite").display());
    assert_eq!(export(&new), export(&old));
    let said = good(
        folder
            .command(&["retention"])
            .arg("--compact")
            .env("ISSUER_DATABASE", &new),
    );
    assert!(
        said.starts_with("removed: texts of 0 certificates"),
        "{said}"
    );
}

/// A key is made in an HSM, the CSCA signs its request, and the service signs with it.
#[test]
fn a_key_in_an_hsm() {
    let module = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib64/pkcs11/libsofthsm2.so",
    ];
    let Some(module) = module.into_iter().find(|path| Path::new(path).exists()) else {
        eprintln!("\n*** NOT TESTED with an HSM: apt-get install softhsm2 ***\n");
        return;
    };
    let folder = Folder::new();
    std::fs::create_dir(folder.at("tokens")).unwrap();
    let conf = format!("directories.tokendir = {}\n", folder.at("tokens").display());
    std::fs::write(folder.at("softhsm.conf"), conf).unwrap();
    let softhsm = |command: &mut Command| {
        command.env("SOFTHSM2_CONF", folder.at("softhsm.conf"));
        good(command)
    };
    softhsm(Command::new("softhsm2-util").args([
        "--init-token",
        "--free",
        "--label",
        "dsc",
        "--pin",
        "123456",
        "--so-pin",
        "654321",
    ]));
    let mut request = program();
    request
        .args([
            "key",
            "request",
            "--algorithm",
            "es256",
            "--name",
            "DSC in an HSM",
            "--country",
            "VN",
        ])
        .args([
            "--token",
            "dsc",
            "--id",
            "a3f0",
            "--module",
            module,
            "--request",
        ])
        .arg(folder.at("request.pem"))
        .env("ISSUER_PASSPHRASE", "123456");
    softhsm(&mut request);
    // As the CSCA's keeper does with `hcert keys sign-request`.
    let read = |name: &str| std::fs::read_to_string(folder.at(name)).unwrap();
    let der = |text: &str| hcert::pem::blocks(text).next().unwrap().unwrap().1;
    let asked = hcert::x509::request::Request::from_der(&der(&read("request.pem"))).unwrap();
    let csca = hcert::x509::Certificate::from_der(&der(&read("keys/csca.pem"))).unwrap();
    let sealed = std::fs::read(folder.at("keys/csca.key")).unwrap();
    let sealed = keystore::SealedKey::parse(&sealed).unwrap();
    let key = sealed.open(read("keys/passphrase").trim()).unwrap();
    let period = hcert::x509::make::Period {
        not_before: csca.not_before(),
        not_after: csca.not_before().plus_seconds(1000 * 86_400),
    };
    let proven = asked.prove().unwrap();
    let authority: (_, &dyn hcert::keys::Signer) = (&csca, key.signer());
    let dsc = hcert::x509::make::dsc_of_request(&proven, period, [7; 16], &[], authority).unwrap();
    std::fs::write(
        folder.at("hsm.pem"),
        hcert::pem::encode("CERTIFICATE", dsc.der()),
    )
    .unwrap();
    let config = read("issuer.toml").replace(
        "file = \"keys/international.key\"\ncertificate = \"keys/international.pem\"\n\
         passphrase_file = \"keys/passphrase\"\n",
        &format!(
            "certificate = \"hsm.pem\"\npkcs11 = {{ module = \"{module}\", token = \"dsc\", \
             id = \"a3f0\", pin_environment = \"PIN\" }}\n"
        ),
    );
    std::fs::write(folder.at("issuer.toml"), config).unwrap();
    let said = softhsm(folder.command(&["key", "list"]).env("PIN", "123456"));
    assert!(said.contains("international ES256 in an HSM"), "{said}");
    let texts = softhsm(folder.command(&["specimen"]).env("PIN", "123456"));
    assert_eq!(
        texts
            .lines()
            .filter(|line| line.starts_with("HC1:"))
            .count(),
        2
    );
    let wrong = folder
        .command(&["check"])
        .env("PIN", "000000")
        .env("SOFTHSM2_CONF", folder.at("softhsm.conf"))
        .output();
    let wrong = wrong.unwrap();
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("PIN"));
}
