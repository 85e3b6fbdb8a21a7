//! The offers: what is well, and one for each attack.

use anyhow::Result;
use trust_list::{environment::Environment, manifest::PartKind};

use super::{
    Expect::{self, Refused, Taken, Without},
    Offer,
    publisher::{DAY, Publisher, file, start},
};

fn offer(
    (name, attack): (&'static str, Option<&'static str>),
    what: &'static str,
    knows: &Publisher,
    file: Vec<u8>,
    expect: Expect,
) -> Result<Offer> {
    Ok(Offer {
        name,
        attack,
        what,
        state: knows.verifier()?,
        file,
        expect,
    })
}

pub(super) fn offers() -> Result<Vec<Offer>> {
    let mut offers = good()?;
    offers.extend(forged()?);
    offers.extend(old()?);
    offers.extend(mixed()?);
    offers.extend(roots()?);
    Ok(offers)
}

/// The publication after the one that the verifier knows.
fn newer(known: &Publisher) -> Publisher {
    Publisher {
        sequence: known.sequence + 1,
        issued: known.issued.plus_seconds(DAY),
        list_version: known.list_version + 1,
        keys: vec!["dsc one", "dsc two", "dsc three"],
        ..known.clone()
    }
}

fn good() -> Result<Vec<Offer>> {
    let known = Publisher::default();
    let mut first = offer(
        ("first", None),
        "the first bundle of a verifier that knows the root and nothing else",
        &known,
        known.file()?,
        Taken,
    )?;
    first.state = known.new_verifier()?;
    let mut damaged = known.file()?;
    if let Some(last) = damaged.last_mut() {
        *last ^= 1;
    }
    Ok(vec![
        first,
        offer(
            ("same", None),
            "the very bundle that is in use",
            &known,
            known.file()?,
            Taken,
        )?,
        offer(
            ("newer", None),
            "the publication of the day after",
            &known,
            newer(&known).file()?,
            Taken,
        )?,
        offer(
            ("rules-damaged", None),
            "a part other than the key list has a flipped bit: it counts as missing, and what \
             depends on it is unknown",
            &known,
            damaged,
            Without(1),
        )?,
    ])
}

fn forged() -> Result<Vec<Offer>> {
    let known = Publisher::default();
    let newer = newer(&known);
    let with = |change: fn(&mut Publisher)| {
        let mut publisher = newer.clone();
        change(&mut publisher);
        publisher.file()
    };
    let arbitrary = Some("arbitrary installation");
    let compromise = Some("vulnerability to key compromises");
    let genuine = newer.clone();
    let evil = Publisher {
        keys: vec!["dsc of a forger"],
        list_signers: vec!["online", "list a"],
        ..newer.clone()
    };
    Ok(vec![
        offer(
            ("manifest-by-stranger", arbitrary),
            "the manifest is signed by a key that the root does not hold",
            &known,
            with(|p| p.manifest_signers = vec!["stranger"])?,
            Refused("threshold"),
        )?,
        offer(
            ("manifest-unsigned", arbitrary),
            "the manifest carries no signature",
            &known,
            with(|p| p.manifest_signers = vec![])?,
            Refused("threshold"),
        )?,
        offer(
            ("manifest-by-root-key", arbitrary),
            "the manifest is signed by a key of another role",
            &known,
            with(|p| p.manifest_signers = vec!["root a"])?,
            Refused("threshold"),
        )?,
        offer(
            ("manifest-is-a-key-list", arbitrary),
            "where the manifest belongs there is another signed document",
            &known,
            file(&[genuine.root()?], &genuine.key_list()?, &[]),
            Refused("type"),
        )?,
        offer(
            ("keys-by-online-key", compromise),
            "a stolen online key publishes a key list of its own, signed with what it has and one \
             of the two offline keys",
            &known,
            evil.file()?,
            Refused("threshold"),
        )?,
        offer(
            ("keys-by-one-of-two", compromise),
            "one of the two offline keys is stolen",
            &known,
            with(|p| p.list_signers = vec!["list b"])?,
            Refused("threshold"),
        )?,
        offer(
            ("wrong-bundle", Some("wrong software installation")),
            "another publisher's bundle, whole and good by its own root",
            &known,
            Publisher {
                root_keys: (1, vec!["stranger"]),
                root_signers: vec!["stranger"],
                manifest_keys: (1, vec!["stranger"]),
                manifest_signers: vec!["stranger"],
                ..newer.clone()
            }
            .file()?,
            Refused("threshold"),
        )?,
        offer(
            ("test-bundle", arbitrary),
            "a bundle of the test environment, signed with the keys of production",
            &known,
            {
                let test = Publisher {
                    environment: Environment::Test,
                    ..newer.clone()
                };
                let (list, policy) = (test.key_list()?, test.policy());
                file(
                    &[known.root()?],
                    &test.manifest()?,
                    &[&list, &policy, test.rules],
                )
            },
            Refused("environment"),
        )?,
    ])
}

fn old() -> Result<Vec<Offer>> {
    let first = Publisher::default();
    let known = newer(&first);
    let freeze = Some("indefinite freeze");
    let rollback = Some("rollback");
    let old_list = Publisher {
        sequence: known.sequence + 1,
        ..first.clone()
    };
    let twin = Publisher {
        rules: b"[ ]",
        ..known.clone()
    };
    let aged = |days: i64| Publisher {
        issued: start().plus_seconds(-days * DAY),
        ..first.clone()
    };
    Ok(vec![
        offer(
            ("rollback", rollback),
            "an older manifest than the one in use",
            &known,
            first.file()?,
            Refused("rollback"),
        )?,
        offer(
            ("key-list-rollback", rollback),
            "a newer manifest that names an older key list, in which a withdrawn key is back",
            &known,
            old_list.file()?,
            Refused("keys_rollback"),
        )?,
        offer(
            ("same-sequence-twice", rollback),
            "another manifest with the sequence of the one in use",
            &known,
            twin.file()?,
            Refused("equivocation"),
        )?,
        offer(
            ("frozen-past-soft-expiry", freeze),
            "a mirror hands out the same bundle for a week: taken, and stale",
            &aged(7),
            aged(7).file()?,
            Taken,
        )?,
        offer(
            ("frozen-past-hard-expiry", freeze),
            "a mirror hands out the same bundle for two months: taken, and expired",
            &aged(60),
            aged(60).file()?,
            Taken,
        )?,
        offer(
            ("root-expired", freeze),
            "the manifest is of today, and the root that names its keys has ended: expired",
            &Publisher {
                root_expires: start().plus_seconds(DAY / 2),
                ..Publisher::default()
            },
            Publisher {
                root_expires: start().plus_seconds(DAY / 2),
                ..Publisher::default()
            }
            .file()?,
            Taken,
        )?,
    ])
}

fn mixed() -> Result<Vec<Offer>> {
    let known = Publisher::default();
    let newer = newer(&known);
    let mix = Some("mix-and-match");
    let endless = Some("endless data");
    let (list, policy, rules) = (newer.key_list()?, newer.policy(), newer.rules);
    let roots = [newer.root()?];
    let manifest = newer.manifest()?;
    let whole = newer.file()?;
    let long = [list.as_slice(), &[0; 4096]].concat();
    let cut = whole.get(..whole.len() / 2).unwrap_or_default().to_vec();
    let longer = [whole.as_slice(), &[0; 4096]].concat();
    Ok(vec![
        offer(
            ("key-list-of-yesterday", mix),
            "a new manifest beside the key list of the day before",
            &known,
            file(&roots, &manifest, &[&known.key_list()?, &policy, rules]),
            Refused("no_keys"),
        )?,
        offer(
            ("rules-swapped", mix),
            "a new manifest beside rules that it does not name",
            &known,
            file(&roots, &manifest, &[&list, &policy, b"[{}]"]),
            Without(1),
        )?,
        offer(
            ("foreign-part", Some("extraneous dependencies")),
            "a part that the manifest does not name is passed over",
            &known,
            file(&roots, &manifest, &[&list, &policy, rules, b"unasked"]),
            Taken,
        )?,
        offer(
            ("key-list-longer", endless),
            "the key list goes on after its end",
            &known,
            file(&roots, &manifest, &[&long, &policy, rules]),
            Refused("no_keys"),
        )?,
        offer(
            ("file-longer", endless),
            "the file goes on after its end",
            &known,
            longer,
            Refused("damaged"),
        )?,
        offer(
            ("file-cut", Some("slow retrieval")),
            "half a file: the rest never came",
            &known,
            cut,
            Refused("damaged"),
        )?,
        offer(
            ("unknown-part-kind", None),
            "a kind of part that is newer than the reader does no harm",
            &known,
            {
                let parts: [(PartKind, &str, &[u8]); 2] = [
                    (PartKind::Keys, "keys", &list),
                    (PartKind::Other("future".into()), "one", b"unknown"),
                ];
                file(&roots, &newer.manifest_of(&parts)?, &[&list, b"unknown"])
            },
            Taken,
        )?,
    ])
}

fn roots() -> Result<Vec<Offer>> {
    let first = Publisher::default();
    let second = Publisher {
        root_version: 2,
        root_keys: (2, vec!["root b", "root c", "root d"]),
        root_signers: vec!["root b", "root c"],
        ..newer(&first)
    };
    let third = Publisher {
        root_version: 3,
        root_keys: (2, vec!["root d", "root e", "root f"]),
        root_signers: vec!["root c", "root d", "root e"],
        ..second.clone()
    };
    let fourth = Publisher {
        root_version: 4,
        manifest_keys: (1, vec!["online two"]),
        manifest_signers: vec!["online two"],
        root_signers: vec!["root d", "root f"],
        ..third.clone()
    };
    // With the predecessor's threshold or the own one missing.
    let by_old = Publisher {
        root_signers: vec!["root a", "root b"],
        ..second.clone()
    };
    let by_new = Publisher {
        root_signers: vec!["root c", "root d"],
        ..second.clone()
    };
    let fast = Publisher {
        sequence: u64::MAX,
        issued: start().plus_seconds(3000 * DAY),
        ..newer(&first)
    };
    let recovered = Publisher {
        root_version: 2,
        manifest_keys: (1, vec!["online two"]),
        manifest_signers: vec!["online two"],
        ..newer(&first)
    };
    let compromise = Some("vulnerability to key compromises");
    let chain = |publishers: &[&Publisher]| {
        let roots: Result<Vec<_>> = publishers.iter().map(|one| one.root()).collect();
        roots
    };
    Ok(vec![
        offer(
            ("root-three-versions-on", None),
            "the root was rotated three times since, in the end with another online key",
            &first,
            fourth.file_with_roots(&chain(&[&first, &second, &third, &fourth])?)?,
            Taken,
        )?,
        offer(
            ("root-skipped", compromise),
            "a version between the known root and the offered one is held back",
            &first,
            third.file_with_roots(&chain(&[&first, &third])?)?,
            Refused("root_version"),
        )?,
        offer(
            ("root-held-back", Some("indefinite freeze")),
            "the manifest was made under a newer root than any that is offered",
            &first,
            second.file_with_roots(&chain(&[&first])?)?,
            Refused("root_missing"),
        )?,
        offer(
            ("root-without-old-threshold", compromise),
            "a new root that too few keys of its predecessor signed",
            &first,
            by_new.file_with_roots(&chain(&[&first, &by_new])?)?,
            Refused("threshold"),
        )?,
        offer(
            ("root-without-own-threshold", compromise),
            "a new root that too few of its own keys signed: nobody could follow it",
            &first,
            by_old.file_with_roots(&chain(&[&first, &by_old])?)?,
            Refused("threshold"),
        )?,
        offer(
            ("fast-forward", Some("fast-forward")),
            "a stolen online key counted up to the last sequence there is and far into the \
             future; a new root with another online key begins anew",
            &fast,
            recovered.file_with_roots(&chain(&[&first, &recovered])?)?,
            Taken,
        )?,
        offer(
            ("stolen-key-after-rotation", compromise),
            "the stolen online key goes on signing after the root has taken it away",
            &recovered,
            Publisher {
                sequence: 1000,
                manifest_signers: vec!["online"],
                ..recovered.clone()
            }
            .file()?,
            Refused("threshold"),
        )?,
    ])
}
