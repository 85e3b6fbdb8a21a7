//! `issuer check`.

use service::clock::Clock;

use crate::config::Config;

pub(super) async fn check(config: &Config) -> anyhow::Result<()> {
    let clock = Clock::system();
    let now = clock.now();
    let issuer = super::issuer(config, clock).await?;
    let settings = &issuer.settings;
    println!(
        "authority: {} ({})",
        settings.authority.as_str(),
        settings.country
    );
    println!("database: {}", issuer.store.engine());
    super::key::list(&issuer.keys, now);
    for due in issuer.keys.due(now, super::key::AHEAD) {
        println!("due: {due}");
    }
    let mut tx = issuer.store.read().await?;
    match tx.audit_check().await? {
        Ok(entries) => println!("audit log: whole, {entries} entries"),
        Err(broken) => anyhow::bail!(broken),
    }
    // A secret file of another database would be noticed only when somebody wants to approve.
    let country = super::country(config)?;
    let sites = tx.places_within(&country).await?;
    drop(tx);
    for site in &sites {
        let Some(sealed) = &site.key_sealed else {
            continue;
        };
        let purpose = format!("site:{}", site.path);
        anyhow::ensure!(
            issuer.vault.open(&purpose, sealed).is_some(),
            "secret_file: the key of the site {} can't be opened: the secret file is not the one \
             that this database was filled with",
            site.path
        );
    }
    println!("places: {}, their keys open", sites.len());
    match &config.trust {
        Some(trust) => println!("trust list: {}", trust.url),
        None => println!("note: no [trust]: the trust list is told nothing"),
    }
    if !config.listen.ip().is_loopback() && !config.behind_proxy {
        println!(
            "note: reachable from other machines; say behind_proxy = true if a proxy is in front"
        );
    }
    if settings.specimen {
        println!("note: specimen = true: every sheet says that it is none");
    }
    issuer.store.close().await;
    Ok(())
}
