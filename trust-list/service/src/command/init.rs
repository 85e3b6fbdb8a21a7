//! `trust-service init --development DIR`: everything to try the service out, and nothing to rely
//! on. The root says TEST and DEVELOPMENT, and no update leads from it to production.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, ensure};
use hcert::keys::{PublicKey, Signer, SoftwareKey};
use keystore::{Fresh, PrivateKey};
use service::{clock::Clock, random, vault::Vault};
use trust_list::{
    envelope::{Document, Envelope},
    environment::Environment,
    root::{Root, RootDraft},
};

use crate::{
    people::{
        self,
        roles::{Role, Roles},
    },
    store::Store,
};

/// Lifetime of a development root: ten years, so that nobody's trial ends in the middle.
const LIFETIME: i64 = 3650 * 24 * 3600;
/// Name in the root, and so in every bundle.
const NAME: &str = "DEVELOPMENT root: trust nothing under it";

#[derive(Debug, clap::Args)]
pub(crate) struct InitArguments {
    /// Make a development root with its keys, a configuration and a user `admin` there. A folder
    /// that was made so before is left as it is.
    #[arg(long, value_name = "DIR")]
    development: PathBuf,
    /// Serve the pages for phones from there: what `cargo xtask wasm` made.
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
    /// Where the pages send citizens for their certificates.
    #[arg(long, value_name = "URL", requires = "pages")]
    claim: Option<String>,
}

pub(super) async fn init(arguments: &InitArguments) -> anyhow::Result<()> {
    let folder = &arguments.development;
    let config = folder.join("service.toml");
    if config.exists() {
        println!("{} is there already: nothing changed", config.display());
        return Ok(());
    }
    let used = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    ensure!(
        !used,
        "{} is not empty, and holds no service.toml: name another folder",
        folder.display()
    );
    let clock = Clock::system();
    fs::create_dir_all(folder.join("roots"))
        .and_then(|()| fs::create_dir_all(folder.join("keys")))
        .with_context(|| format!("{} can't be made", folder.display()))?;
    // Lies beside the keys it opens: good enough for keys that nobody trusts.
    let passphrase = random::token()?;
    write_secret(&folder.join("keys/passphrase"), passphrase.as_bytes())?;
    let root_key = make_key(folder, "root", &passphrase)?;
    let list_key = make_key(folder, "keys", &passphrase)?;
    let manifest_key = make_key(folder, "manifest", &passphrase)?;
    let public = |key: &SoftwareKey| -> anyhow::Result<Arc<PublicKey>> {
        Ok(Arc::new(PublicKey::from_spki(&key.spki())?))
    };
    let now = clock.now();
    let root = Root::new(RootDraft {
        version: 1,
        environment: Environment::Test,
        issued: now,
        expires: now.plus_seconds(LIFETIME),
        name: NAME.into(),
        root: (1, vec![public(&root_key)?]),
        key_list: (1, vec![public(&list_key)?]),
        manifest: (1, vec![public(&manifest_key)?]),
    })?;
    let mut envelope = Envelope::new(Document::Root, root.encode());
    envelope.sign(&root_key)?;
    write(&folder.join("roots/1.cose"), &envelope.to_bytes())?;
    Vault::make_file(&folder.join("secret"))?;
    let store = Store::open(&format!("sqlite:{}", folder.join("trust.sqlite").display())).await?;
    let password = random::token()?;
    let roles = Roles::of([
        Role::Operator,
        Role::Publisher,
        Role::Auditor,
        Role::Administrator,
    ]);
    people::add_user(&store, &clock, "service", "admin", &password, &roles).await?;
    store.close().await;
    write_secret(
        &folder.join("sign-in.txt"),
        format!("admin\n{}\n", *password).as_bytes(),
    )?;
    // Last, because it says that the rest is there.
    let mut text = CONFIG.to_owned();
    if let Some(pages) = &arguments.pages {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let pages = std::path::absolute(pages)?;
        text += &format!(
            "\n[pages]\nfolder = {}\n",
            quoted(&pages.display().to_string())
        );
        if let Some(claim) = &arguments.claim {
            text += &format!("claim = {}\n", quoted(claim));
        }
    }
    write(&config, text.as_bytes())?;
    println!("{}", config.display());
    println!("sign in as admin with {}", *password);
    println!("(also in {})", folder.join("sign-in.txt").display());
    Ok(())
}

const CONFIG: &str = "\
# A development installation: its root is for tests, and its keys lie beside their passphrase.
listen = \"127.0.0.1:8340\"
database = \"sqlite:trust.sqlite\"
secret_file = \"secret\"
language = \"vi\"

[publish]
directory = \"site\"
roots = \"roots\"
soft_expiry_days = 3
hard_expiry_days = 30
republish_every_hours = 24

[[keys]]
file = \"keys/keys.pem\"
passphrase_file = \"keys/passphrase\"

[[keys]]
file = \"keys/manifest.pem\"
passphrase_file = \"keys/passphrase\"
";

fn make_key(folder: &Path, name: &str, passphrase: &str) -> anyhow::Result<SoftwareKey> {
    let secret = random::bytes::<32>()?;
    let fresh = Fresh {
        salt: *random::bytes()?,
        iv: *random::bytes()?,
    };
    let sealed = PrivateKey::Software(SoftwareKey::eddsa(&secret)).seal(passphrase, &fresh)?;
    write_secret(&folder.join(format!("keys/{name}.pem")), sealed.as_bytes())?;
    Ok(SoftwareKey::eddsa(&secret))
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).with_context(|| format!("{} can't be written", path.display()))
}

/// Only for the own user to read.
fn write_secret(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
        .open(path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, bytes))
        .with_context(|| format!("{} can't be written", path.display()))
}
