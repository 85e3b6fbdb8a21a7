//! English.

use trust_exchange::admission::Why;
use trust_list::import::Form;

use super::{super::size, ExchangeTexts};

pub(super) static TEXTS: ExchangeTexts = ExchangeTexts {
    empty_folder: "the folder is empty\n  - give a folder with certificates, or with did.json files",
    large_folder: |files, bytes| {
        format!(
            "more than {files} files or {} in the folder; give the part of it with the list",
            size(bytes)
        )
    },
    no_proof: "a list of this form carries no signature that --proof-key or --upload-cert could \
               check\n  - import it by itself without them, and vouch for it",
    proof_certificate: "a list of this form is checked with a certificate, not with a bare key\n  \
                        - give the certificate with --proof-key",
    lone_signature: "this looks like the signature of an Austrian list, without the list\n  - give \
                     both files",
    signature_missing: "the signature of an Austrian list is a file of its own\n  - give both files",
    swiss_files: "Swiss lists are pages of keys and one list of active keys\n  - give all of them \
                  in one import",
    signer_name: "the signer of Swiss lists is known by its root and its common name\n  - give the \
                  name with --signer-name",
    same_file: "--out and --bundle name the same file",
    test_in_production: "the root is for production, and keys of tests must not get there\n  - take \
                         --environment test away, or a root for tests",

    days: "--hard-days has to be more than --soft-days",
    not_before: "this is no bundle under the given root that could be succeeded; it was left as it \
                 is",
    newer_root: "the bundle is under a newer root than the ones given\n  - give all roots, the \
                 oldest first",
    strange_key: "the root names this key neither for key lists nor for manifests\n  - see which \
                  it names: hcert trust show BUNDLE, or the answer of hcert trust root",
    more_keys: |role, have, needed| {
        format!(
            "the root asks for {needed} keys of the role {role}, and {have} are given\n  - give \
             each with --key; keys of several holders are brought together by the service"
        )
    },
    own_check: "the new bundle does not pass our own check; nothing was written",
    no_batches: "no revocation batches\n  - give JSON with hashType and entries, or a list of them",
    batch_expired: "the batch has ended and is left out",

    sums: |keys, countries, authorities, refused| {
        format!(
            "{} and {} of {} let in, {} refused",
            many(keys, "key", "keys"),
            many(authorities, "CSCA", "CSCAs"),
            many(countries, "country", "countries"),
            many(refused, "entry", "entries"),
        )
    },
    source: |name, form, entries, vouch| {
        let entries = many(entries, "entry", "entries");
        format!("{name}: {form}, {entries}, {vouch}")
    },
    form: Form::name,
    operator: "vouched for by the operator",
    proof: |signer, at| match at {
        Some(at) => format!("proof by {signer} of {at} holds"),
        None => format!("proof by {signer} holds"),
    },
    countries: "countries",
    refused: "refused",
    kind: |kind| kind,
    why: Why::to_string,
    warning: |name, count| match name {
        "expired" => {
            format!(
                "past their end and kept, since what they signed before is still valid: {count}"
            )
        }
        "not_yet_valid" => format!("before their beginning: {count}"),
        "without_authority" => {
            format!("of a CSCA that is not known, so that the list alone vouches for them: {count}")
        }
        "foreign_kids" => format!("listed under a kid that is not their own: {count}"),
        "collisions" => format!("kids of several keys, which are all kept: {count}"),
        _ => format!("revocation batches left out; give them with --revocation: {count}"),
    },
    more: |count| {
        format!(
            "and {} more: see all with --all",
            many(count, "refusal", "refusals")
        )
    },
    list_written: |path| format!("List: {path}"),
    left_out: |count| {
        format!(
            "left out because they sign for one issuer only, which a list can't say and a bundle \
             can: {count}"
        )
    },
    bundle_written: |path, sequence, keys, bytes| {
        format!(
            "Bundle: {path}, sequence {sequence}, {}, {}",
            many(keys, "key", "keys"),
            size(bytes)
        )
    },
    bundle_until: |soft, hard| format!("  fresh until {soft}, ends {hard}"),
    still_withdrawn: |count| {
        format!("still withdrawn, as in the bundle before, whatever the lists say: {count}")
    },
    no_revocation: "it says nothing of revocation, so answers are amber: --revocation FILE, or \
                    --without-revocation CODE for countries that publish none",
    install_next: |bundle, root| {
        format!("install it on a verifier: hcert trust update {bundle} --root {root}")
    },

    no_keys: "no key to export\n  - see what is there: hcert trust show",
    bad_did: "the identifier has to be did:web:HOST:v2:trustlist:DOMAIN:PARTICIPANT, as in \
              did:web:trust.example.org:v2:trustlist:DCC:VNM",
    es256_only: "the proof of a DID document is made with an ES256 key\n  - make one: hcert keys \
                 online --algorithm es256",
    out_folder: "PEM files go into a folder, not to standard output",
    exported: |keys, authorities, path| {
        let (keys, authorities) = (
            many(keys, "key", "keys"),
            many(authorities, "CSCA", "CSCAs"),
        );
        format!("{keys} and {authorities}: {path}")
    },
    withdrawn_left_out: |count| format!("withdrawn and left out: {count}"),
    bare_left_out: |count| {
        format!("without a certificate and left out; JWKS and PEM have them: {count}")
    },
    several_countries: |count| {
        format!("the keys are of {count} countries; one participant vouches for its own: --country")
    },
    proof_made: |signer, key| format!("proof by {signer}, key SHA-256 {key}"),
    publish_at: |url| format!("publish it at {url}, and tell others the key by another way"),
};

fn many(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
