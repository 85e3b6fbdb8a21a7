//! Everything that a configuration names, opened.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use keyring::{Certifier, Dsc, Keyring, Terms};
use service::{clock::Clock, vault::Vault};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{
    config::{Config, Key},
    domain::{Issuer, Parts, catalogue::Catalogues},
    store::Store,
};

/// The database of a configuration.
pub async fn store(config: &Config) -> anyhow::Result<Store> {
    let store = Store::open(&config.database).await;
    store.with_context(|| format!("database: {}", shown(&config.database)))
}

/// The issuer of a configuration: keys, vault, database. The clock is the machine's, or a test's.
pub async fn issuer(config: &Config, clock: Clock) -> anyhow::Result<Arc<Issuer>> {
    let vault = Vault::from_file(&config.secret_file).context("secret_file")?;
    let keys = Arc::new(open_keys(&config.keys).await?);
    let terms = Terms::new(&config.settings.country)?;
    let issuer = Issuer::start(Parts {
        store: store(config).await?,
        clock,
        vault,
        secret: secret_of(&config.secret_file)?,
        settings: config.settings.clone(),
        certifier: Certifier::new(Arc::clone(&keys), terms),
        keys,
        catalogues: Catalogues::builtin(),
        press: print::Press::new(),
    });
    issuer.refresh_catalogue().await?;
    let now = issuer.clock.now().unix();
    let mut tx = issuer.store.write().await?;
    for dsc in issuer.keys.all() {
        let certificate = dsc.certificate().der();
        let profile = dsc.profile().name();
        tx.note_signer(dsc.kid().as_bytes(), certificate, profile, now)
            .await?;
    }
    tx.commit().await?;
    Ok(issuer)
}

/// Opens all keys, side by side: each sealed file takes 0.2 s.
pub(super) async fn open_keys(keys: &[Key]) -> anyhow::Result<Keyring> {
    let open = |(index, key): (usize, &Key)| {
        let key = key.clone();
        let opened = tokio::task::spawn_blocking(move || Dsc::open(&key.source, &key.terms));
        async move {
            let opened = opened.await.context("a key could not be opened")?;
            opened.with_context(|| format!("keys[{}]", index + 1))
        }
    };
    let opened = keys.iter().enumerate().map(open);
    let all = futures_util::future::try_join_all(opened).await?;
    Ok(Keyring::new(all)?)
}

/// A database's address without a password.
fn shown(address: &str) -> String {
    match (address.split_once("://"), address.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://...@{host}"),
        _ => address.to_owned(),
    }
}

/// 32 bytes that stay the same as long as the secret file does, for all purposes but the vault's.
fn secret_of(path: &Path) -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let text = Zeroizing::new(std::fs::read(path).context("secret_file")?);
    let mut hash = Sha256::new();
    hash.update(b"hcert issuer: secret of everything but the vault\n");
    hash.update(text.trim_ascii());
    Ok(Zeroizing::new(hash.finalize().into()))
}
