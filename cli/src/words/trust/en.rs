//! English.

use trust_list::bundle::UpdateError;

use super::{TrustTexts, size};

pub(super) static TEXTS: TrustTexts = TrustTexts {
    no_source: "no source is known yet\n  - say where the trust list is published: hcert trust \
                update https://...",
    no_root_there: "there is no root at this source\n  - check the address, or give the root with \
                    --root FILE",
    other_root: |found| {
        format!(
            "the root offered is another one: its fingerprint is {found}\n  - ask the publisher; \
             nothing was installed"
        )
    },
    confirm_root: |publisher, environment, fingerprint| {
        format!(
            "nothing is trusted yet, and this source says it is \"{publisher}\" ({environment}) \
             with the root\n  {fingerprint}\n  - compare that with what the publisher tells you \
             by another way, then repeat with --root-sha256 {fingerprint}"
        )
    },
    up_to_date: |sequence| format!("Up to date: sequence {sequence}"),
    installed: |sequence| format!("Installed: sequence {sequence}"),
    updated: |before, after| format!("Updated: sequence {before} to {after}"),
    fetched: |parts, bytes| {
        format!(
            "{} fetched, {}",
            plural(parts, "part", "parts"),
            size(bytes)
        )
    },
    old_stays: |sequence| format!("the bundle in use stays: sequence {sequence}"),
    nothing_installed: "nothing was installed",
    none_installed: "no trust bundle is installed\n  - install one: hcert trust update \
                     https://...",
    update_error: UpdateError::to_string,
    publisher: "Publisher",
    environment: "Environment",
    production: "production",
    test: "TEST: real certificates are not judged by this",
    made: "Made",
    made_on: |when, days| match days {
        0 => format!("{when}, today"),
        1 => format!("{when}, a day ago"),
        days => format!("{when}, {days} days ago"),
    },
    fresh_until: "Fresh until",
    ends: "Ends",
    keys: "Keys",
    key_counts: |keys, countries, authorities| {
        let countries = plural(countries, "country", "countries");
        let authorities = plural(authorities, "CSCA", "CSCAs");
        format!("{keys}, of {countries}; {authorities}")
    },
    root: "Root",
    part_sizes: |count, bytes| format!("{}, {}", plural(count, "part", "parts"), size(bytes)),
    country_heading: "Country    keys   live  ended  drawn ending",
    stale: |since| {
        format!("old since {since}: answers are amber until it is updated (hcert trust update)")
    },
    expired: |since| {
        format!("ended on {since}: its answers mean little; update it (hcert trust update)")
    },
    clock_behind: |days| {
        format!(
            "the clock is wrong: something was signed {days} days after the time it shows; set \
             date and time"
        )
    },
    parts_missing: |parts| {
        format!(
            "missing or damaged: {}; what depends on it is \"unknown\"; update again",
            parts.join(", ")
        )
    },
    unreadable_keys: |count| format!("{} can't be read", plural(count, "key", "keys")),
    ending: |count| format!("ending within 30 days: {}", plural(count, "key", "keys")),
    good: "GOOD",
    not_good: "NOT GOOD",
    diff: |old, new| format!("Sequence {old} to {new}"),
    diff_keys: |added, removed, changed| {
        format!("keys: {added} added, {removed} removed, {changed} changed")
    },
    diff_parts: |changed, gone, bytes| {
        format!(
            "parts: {changed} changed, {gone} removed; {} to fetch",
            size(bytes)
        )
    },
    withdrawn: "withdrawn from",
    root_made: |version, file| format!("Root version {version} is in {file}, not signed yet"),
    role: |threshold, keys| format!("{threshold} of {keys}"),
    sign_next: |file| format!("now each holder signs it: hcert trust sign {file} --key HOLDER.key"),
    other_document: "another document, not a copy of this one",
    is_root: |version, name, environment| {
        format!("Root version {version} of \"{name}\" ({environment})")
    },
    is_key_list: |version, keys, withdrawn| {
        format!("Key list version {version}: {keys} keys, {withdrawn} of them withdrawn")
    },
    signatures: |good, needed| {
        if good >= needed {
            format!("{good} of {needed} signatures: enough")
        } else {
            format!(
                "{good} of {needed} signatures: {} more needed",
                needed - good
            )
        }
    },
    trust: "Trust list",
    bundle_line: |sequence, days| match days {
        0 => format!("sequence {sequence}, of today"),
        days => format!("sequence {sequence}, {days} days old"),
    },
    two_bundles: "a second trust bundle; give one",
    test_bundle: "This device trusts TEST keys: real certificates are not judged by it.",
};

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
