//! `hcert trust export`: own keys in the forms that others read.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use hcert::{
    base64,
    keys::{Algorithm, PublicKey},
    kid::Kid,
    limits::Limits,
    pem,
    x509::Certificate,
};
use trust_exchange::{
    Pin,
    did::{self, Entry, Place},
    jwks,
};
use trust_list::{
    bundle::Bundle,
    digest::Digest,
    import::{self, DidUrl, Listed, Role},
    key_list::Material,
};
use zeroize::Zeroizing;

use super::{
    args::{ExportArgs, ExportForm},
    import::{list, sources},
    show, store,
};
use crate::{
    context::Context,
    files::{self, Output},
    keys::{passphrase, private::SealedKey},
    random,
};

pub(super) fn run(args: &ExportArgs, context: &Context) -> anyhow::Result<()> {
    let words = context.words();
    let texts = words.exchange();
    let fault = |fault| anyhow::Error::msg(words.fault(&fault));
    let (mut keys, withdrawn) = read(args.file.as_deref(), context)?;
    if let Some(country) = &args.country {
        keys.retain(|key| key.country.as_ref() == Some(country));
    }
    if keys.is_empty() {
        bail!("{}", texts.no_keys);
    }
    let mut notes = Vec::new();
    if withdrawn > 0 {
        notes.push((texts.withdrawn_left_out)(withdrawn));
    }
    if matches!(args.form, ExportForm::Did | ExportForm::Gateway) {
        let all = keys.len();
        let bare = args.form == ExportForm::Did;
        keys.retain(|key| key.certificate().is_some() || !bare);
        if keys.len() < all {
            notes.push((texts.bare_left_out)(all - keys.len()));
        }
    }
    let files = match args.form {
        ExportForm::Did => vec![(
            args.out.clone(),
            document(args, &keys, &mut notes, context)?,
        )],
        ExportForm::Jwks => vec![(args.out.clone(), key_set(&keys)?)],
        ExportForm::Gateway => {
            let (bytes, left_out) = list::gateway(&keys)?;
            if left_out > 0 {
                notes.push((texts.left_out)(left_out));
            }
            vec![(args.out.clone(), bytes)]
        }
        ExportForm::Pem if files::is_standard(&args.out) => bail!("{}", texts.out_folder),
        ExportForm::Pem => folder(&args.out, &keys),
    };
    let mut outputs = Vec::new();
    for (path, bytes) in files {
        if !args.force && !files::is_standard(&path) {
            files::check_free(&path).map_err(fault)?;
        }
        outputs.push(Output {
            path,
            bytes: Zeroizing::new(bytes),
            private: false,
            replace: args.force,
        });
    }
    files::write_all(&outputs).map_err(fault)?;
    let authorities = keys
        .iter()
        .filter(|key| key.role == Role::Authority)
        .count();
    let place = files::shown(&args.out);
    let mut text = (texts.exported)(keys.len() - authorities, authorities, &place);
    for note in notes {
        text += &format!("\n  - {note}");
    }
    match files::is_standard(&args.out) {
        true => eprintln!("{text}"),
        false => println!("{text}"),
    }
    Ok(())
}

/// The keys of a bundle that are not withdrawn, and how many are; or those of a list.
fn read(file: Option<&Path>, context: &Context) -> anyhow::Result<(Vec<Listed>, usize)> {
    let Some(path) = file else {
        return of_bundle(&show::open(None, context)?.0);
    };
    if !files::is_standard(path) && store::is_bundle(&store::read(path)?) {
        return of_bundle(&show::open(Some(path), context)?.0);
    }
    let shown = || files::shown(path);
    let listing = import::read(&sources::read(path)?, &Limits::DEFAULT).with_context(shown)?;
    if let Some(refused) = listing.refused.first() {
        bail!("{}: {}: {}", shown(), refused.entry, refused.why);
    }
    Ok((listing.keys, 0))
}

fn of_bundle(bundle: &Bundle) -> anyhow::Result<(Vec<Listed>, usize)> {
    let list = bundle.key_list();
    let mut keys = Vec::new();
    let mut withdrawn = 0;
    for key in &list.keys {
        if key.withdrawal.is_some() {
            withdrawn += 1;
            continue;
        }
        let mut listed = match &key.material {
            Material::Certificate(der) => Listed::of_certificate("", Certificate::from_der(der)?),
            Material::Spki(der) => Listed::of_key("", &PublicKey::from_spki(der)?),
        };
        // A signer, even where its certificate could be more.
        listed.role = Role::Signer;
        listed.stated_kid = key.kid.as_deref().map(Kid::from_bytes);
        listed.country.clone_from(&key.country);
        listed.domain.clone_from(&key.domain);
        listed.issuer.clone_from(&key.issuer);
        keys.push(listed);
    }
    for authority in &list.authorities {
        let certificate = Certificate::from_der(&authority.certificate)?;
        let mut listed = Listed::of_certificate("", certificate);
        listed.country.clone_from(&authority.country);
        keys.push(listed);
    }
    Ok((keys, withdrawn))
}

/// A certificate with what issued it, if that is among the keys.
fn entries(keys: &[Listed]) -> Vec<Entry<'_>> {
    let certificates = || keys.iter().filter_map(Listed::certificate);
    let above = |certificate: &Certificate| {
        certificates().find(|above| {
            above.der() != certificate.der()
                && certificate.names_as_issuer(above)
                && certificate.check_issued_by(above).is_ok()
        })
    };
    certificates()
        .map(|certificate| Entry {
            certificate,
            authority: above(certificate),
        })
        .collect()
}

fn document(
    args: &ExportArgs,
    keys: &[Listed],
    notes: &mut Vec<String>,
    context: &Context,
) -> anyhow::Result<Vec<u8>> {
    let words = context.words();
    let texts = words.exchange();
    let fault = |fault| anyhow::Error::msg(words.fault(&fault));
    let (Some(id), Some(path)) = (&args.did, &args.key) else {
        bail!("{}", texts.bad_did);
    };
    let place = place(id).with_context(|| texts.bad_did.to_owned())?;
    let sealed = SealedKey::read(path).map_err(fault)?;
    let file = args.passphrase.passphrase_file.as_ref();
    let secret = passphrase::existing(context, file, path).map_err(fault)?;
    let key = sealed.open(&secret).map_err(fault)?;
    if key.signer().algorithm() != Algorithm::Es256 {
        bail!("{}: {}", path.display(), texts.es256_only);
    }
    let spki = key.signer().spki();
    let own = || format!("{id}#{}", Kid::of_certificate(&spki));
    let signer = args.signer.clone().unwrap_or_else(own);
    let nonce = base64::encode_url(&random::bytes::<16>().map_err(fault)?[..]);
    let now = context.now();
    let entries = entries(keys);
    let made = did::export(&place, &entries, (&signer, key.signer()), now, &nonce)?;
    let bytes = serde_json::to_vec_pretty(&made)?;
    // Read as others will read it.
    let pin = Pin::of_key(PublicKey::from_spki(&spki)?);
    let read = did::read(&bytes, &[], Some(&pin), now, &Limits::DEFAULT)?;
    if read.listing.keys.len() != entries.len() {
        bail!("{}", texts.own_check);
    }
    let countries: BTreeSet<_> = keys.iter().map(|key| &key.country).collect();
    if countries.len() > 1 {
        notes.push((texts.several_countries)(countries.len()));
    }
    notes.push((texts.proof_made)(&signer, &Digest::of(&spki).to_string()));
    notes.push((texts.publish_at)(&url(id)));
    Ok(bytes)
}

/// The parts of `did:web:HOST:v2:trustlist:DOMAIN:PARTICIPANT`, and nothing else.
fn place(id: &str) -> Option<Place<'_>> {
    let url = DidUrl::parse(id);
    let place = Place {
        host: url.host?,
        domain: url.domain?,
        participant: url.participant?,
    };
    let Place {
        host,
        domain,
        participant,
    } = place;
    (id == format!("did:web:{host}:v2:trustlist:{domain}:{participant}")).then_some(place)
}

/// Where did:web looks for a document (W3C CCG, did:web method, "Read").
fn url(id: &str) -> String {
    let path = id.strip_prefix("did:web:").unwrap_or(id).replace(':', "/");
    format!("https://{}/did.json", path.replace("%3A", ":"))
}

fn key_set(keys: &[Listed]) -> anyhow::Result<Vec<u8>> {
    let signers: Vec<_> = keys
        .iter()
        .filter(|key| key.role != Role::Authority)
        .collect();
    let entries = entries(keys);
    let mut out = Vec::new();
    for key in signers {
        let mut jwk = match key.certificate() {
            Some(certificate) => {
                let entry = entries
                    .iter()
                    .find(|entry| entry.certificate.der() == key.der());
                jwks::of_certificate(certificate, entry.and_then(|entry| entry.authority))?
            }
            None => jwks::of_key(&PublicKey::from_spki(key.der())?)?.into(),
        };
        if let Some(kid) = key.kid() {
            jwk["kid"] = kid.to_string().into();
        }
        out.push(jwk);
    }
    Ok(serde_json::to_vec_pretty(
        &serde_json::json!({ "keys": out }),
    )?)
}

/// `DSC/VN/kid.pem` and `CSCA/VN/kid.pem`: an import reads their use from the folder's name.
fn folder(out: &Path, keys: &[Listed]) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for key in keys {
        let role = match key.role {
            Role::Authority => "CSCA",
            _ => "DSC",
        };
        // A country comes from a list and becomes a path here.
        let letters = |code: &&str| code.bytes().all(|letter| letter.is_ascii_uppercase());
        let country = key.country.as_deref().filter(letters).unwrap_or("other");
        let (label, name) = match key.certificate() {
            Some(certificate) => ("CERTIFICATE", hexadecimal(certificate.kid().as_bytes())),
            None => ("PUBLIC KEY", Digest::of(key.der()).short()),
        };
        let text = pem::encode(label, key.der()).into_bytes();
        let path = out.join(role).join(country).join(format!("{name}.pem"));
        // The same certificate for two domains is one file; another under its kid gets its own.
        let taken = files.iter().find(|(there, _)| *there == path);
        match taken.map(|(_, there)| *there == text) {
            Some(true) => {}
            Some(false) => {
                let name = format!("{name}-{}.pem", Digest::of(key.der()).short());
                files.push((out.join(role).join(country).join(name), text));
            }
            None => files.push((path, text)),
        }
    }
    files
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_document_stands() {
        let good = "did:web:trust.example.org:v2:trustlist:DCC:VNM";
        let place = place(good).unwrap();
        let parts = (place.host, place.domain, place.participant);
        assert_eq!(parts, ("trust.example.org", "DCC", "VNM"));
        assert_eq!(
            url(good),
            "https://trust.example.org/v2/trustlist/DCC/VNM/did.json"
        );
        for bad in [
            "",
            "did:web:trust.example.org",
            "did:web:trust.example.org:v2:trustlist:DCC",
            "did:web:trust.example.org:v2:trustlist:DCC:VNM:DSC",
            "did:web:trust.example.org:v2:trustlist:DCC:VNM#kid",
            "did:key:z6Mk",
        ] {
            assert!(super::place(bad).is_none(), "{bad}");
        }
    }
}
