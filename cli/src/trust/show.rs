//! `hcert trust show`.

use anyhow::bail;
use trust_list::{
    bundle::{Bundle, Freshness, State},
    limits::Limits,
};

use super::{
    args::ShowArgs,
    facts::Facts,
    store::{self, Store},
};
use crate::{args::common::OutputFormat, context::Context, verify::shown};

pub(super) fn run(args: &ShowArgs, context: &Context) -> anyhow::Result<()> {
    let (bundle, state) = open(args.file.as_deref(), context)?;
    let at = args.at.unwrap_or_else(|| context.now());
    let facts = Facts::new(&bundle, &state, at)?;
    match args.format {
        OutputFormat::Json => println!("{}", facts.to_json()),
        OutputFormat::Human => print(&facts, context, true),
    }
    Ok(())
}

/// A bundle file by its own root, or the installed bundle.
pub(super) fn open(
    file: Option<&std::path::Path>,
    context: &Context,
) -> anyhow::Result<(Bundle, State)> {
    use anyhow::Context as _;
    match file {
        Some(path) => Bundle::open_alone(&store::read(path)?, &Limits::DEFAULT)
            .with_context(|| path.display().to_string()),
        None => match Store::new(context).open()? {
            Some(opened) => Ok(opened),
            None => bail!("{}", context.words().trust().none_installed),
        },
    }
}

/// For people: who, how old, until when; what is wrong; then countries and sizes.
pub(super) fn print(facts: &Facts, context: &Context, whole: bool) {
    let words = context.words();
    let trust = words.trust();
    let line = |label: &str, value: &str| {
        let padding = 16_usize.saturating_sub(label.chars().count());
        println!("  {label}{:padding$} {}", "", shown(value));
    };
    line(trust.publisher, &facts.publisher);
    line(
        trust.environment,
        match facts.environment {
            "production" => trust.production,
            _ => trust.test,
        },
    );
    line(
        trust.made,
        &(trust.made_on)(&words.instant(facts.issued), facts.age_days),
    );
    line(trust.fresh_until, &words.instant(facts.soft_expiry));
    line(trust.ends, &words.instant(facts.hard_expiry));
    line(
        trust.keys,
        &(trust.key_counts)(facts.keys(), facts.countries.len(), facts.authorities),
    );
    if whole {
        line(
            trust.root,
            &format!("{}  {}", facts.root_version, facts.fingerprint),
        );
        for (kind, (count, bytes)) in &facts.parts {
            line(kind, &(trust.part_sizes)(*count, *bytes));
        }
        println!();
        println!("  {}", trust.country_heading);
        for (name, count) in &facts.countries {
            println!(
                "  {:<8}{:>7}{:>7}{:>7}{:>7}{:>7}",
                shown(name),
                count.keys,
                count.live,
                count.expired,
                count.withdrawn,
                count.ending
            );
        }
    }
    let ending: usize = facts.countries.values().map(|country| country.ending).sum();
    let mut warnings = Vec::new();
    match facts.freshness {
        Freshness::Fresh => {}
        Freshness::Stale { since } => warnings.push((trust.stale)(&words.instant(since))),
        Freshness::Expired { since } => warnings.push((trust.expired)(&words.instant(since))),
    }
    if let Some(seconds) = facts.clock_behind {
        warnings.push((trust.clock_behind)(seconds / (24 * 3600)));
    }
    if !facts.missing.is_empty() {
        warnings.push((trust.parts_missing)(&facts.missing));
    }
    if facts.unreadable > 0 {
        warnings.push((trust.unreadable_keys)(facts.unreadable));
    }
    if whole && ending > 0 {
        warnings.push((trust.ending)(ending));
    }
    for warning in warnings {
        println!("  - {}", shown(&warning));
    }
}
