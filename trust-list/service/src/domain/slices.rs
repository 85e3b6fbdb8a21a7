//! Where the service meets `trust_list::revocation`: slices of our own certificates, lists of
//! others.
//!
//! A slice is made anew only when something makes the one before it wrong: a revocation, one
//! undone, a certificate that was reported late. A slice that is only joined by new certificates
//! stays as it is, and the index says up to when it speaks.

use std::{collections::BTreeMap, convert::Infallible};

use hcert::{kid::Kid, time::Timestamp};
use serde_json::Value;
use service::clock::Clock;
use trust_list::{
    digest::Digest,
    manifest::PartKind,
    revocation::{
        Batch, BuildError, Filter, FilterForm, HashKind, HashListBuilder, Index, Issued, KidEntry,
        ListKey, Month, RevocationId, Slice, SliceBuilder, SliceEntry, is_worth_merging,
    },
};

use crate::{
    publish::PartContent,
    store::{ForeignRow, SliceRow, Store, StoreError, Tx},
};

/// Certificates read from the database at once.
const PAGE: i64 = 50_000;

/// Why a slice or a list could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SlicesError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A slice could not be made.
    #[error("the revocation slice of kid {kid}, {month}, could not be made: {error}")]
    Build {
        /// Base64.
        kid: String,
        /// As in `2026-11`.
        month: String,
        /// Why.
        error: String,
    },
    /// What the database holds does not fit together.
    #[error("the database holds a revocation that can't be read: {0}")]
    Content(String),
    /// The index could not be written.
    #[error("the index of revocations could not be written: {0}")]
    Index(String),
    /// A list of another country can't be used.
    #[error("{0}")]
    Foreign(String),
}

/// Makes the slices that changed, and keeps them in the database; gives their number.
pub async fn build(store: &Store) -> Result<usize, SlicesError> {
    let mut tx = store.read().await?;
    let coverage: BTreeMap<Vec<u8>, i64> = tx.coverage().await?.into_iter().collect();
    let slices = tx.slices().await?;
    drop(tx);
    let mut made = 0;
    for slice in slices {
        let Some(until) = coverage.get(&slice.kid).copied() else {
            continue;
        };
        if slice.built != slice.change && build_one(store, &slice, until).await? {
            made += 1;
        }
    }
    Ok(made)
}

async fn build_one(store: &Store, slice: &SliceRow, until: i64) -> Result<bool, SlicesError> {
    let month = month(slice)?;
    let Some(until) = speaks_until(month, until) else {
        return Ok(false);
    };
    // All from one moment, so that the count of changes belongs to what is read.
    let mut tx = store.read().await?;
    let rows = tx.slices().await?;
    let now = rows
        .into_iter()
        .find(|row| row.kid == slice.kid && row.month == slice.month);
    let Some(row) = now else {
        return Ok(false);
    };
    let mut issued = Vec::new();
    let mut after = Vec::new();
    loop {
        let page = tx
            .issued_page(&slice.kid, slice.month, &after, PAGE)
            .await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        for one in &page {
            issued.push(Issued {
                id: revocation_id(&one.id)?,
                issued_at: Timestamp::saturating(one.at),
                revoked: one.revoked,
            });
        }
    }
    let before = tx.slice_parts(&slice.kid, slice.month).await?;
    drop(tx);
    let base = before
        .into_iter()
        .find(|(which, _)| which == "base")
        .map(|(_, bytes)| bytes);
    let builder = SliceBuilder::new(Kid::from_bytes(&slice.kid), month, until);
    // Solving the equations of a million revocations takes seconds.
    let work = move || make(&builder, base, &issued);
    let failed = |error: String| SlicesError::Build {
        kid: hcert::base64::encode(&slice.kid),
        month: month.to_string(),
        error,
    };
    let (base, layer) = tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| failed(error.to_string()))?
        .map_err(|error| failed(error.to_string()))?;
    let mut parts: Vec<(&str, &[u8])> = vec![("base", &base)];
    parts.extend(layer.as_deref().map(|layer| ("layer", layer)));
    let mut tx = store.write().await?;
    tx.put_slice(&row, &parts).await?;
    tx.commit().await?;
    Ok(true)
}

/// A layer over the base where that does, else a new base.
#[allow(clippy::type_complexity, reason = "a base and maybe a layer")]
fn make(
    builder: &SliceBuilder,
    before: Option<Vec<u8>>,
    issued: &[Issued],
) -> Result<(Vec<u8>, Option<Vec<u8>>), BuildError<Infallible>> {
    let list = || issued.iter().map(|one| Ok(*one));
    if let Some(base) = before
        && let Ok(opened) = Slice::open(base.as_slice())
    {
        match builder.layer(&opened, list) {
            Ok(layer) if !is_worth_merging(base.len(), layer.len()) => {
                return Ok((base, Some(layer)));
            }
            Ok(_) | Err(BuildError::BaseOutdated(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok((builder.base(list)?, None))
}

/// The parts of revocation, from one moment of the database.
pub async fn parts(tx: &mut Tx, now: i64) -> Result<Vec<PartContent>, SlicesError> {
    let mut parts = own(tx).await?;
    parts.extend(foreign(&tx.foreign_lists().await?, now)?);
    Ok(parts)
}

async fn own(tx: &mut Tx) -> Result<Vec<PartContent>, SlicesError> {
    let coverage: BTreeMap<Vec<u8>, i64> = tx.coverage().await?.into_iter().collect();
    let mut parts = Vec::new();
    let mut kids: BTreeMap<Kid, KidEntry> = BTreeMap::new();
    for slice in tx.slices().await? {
        let month = month(&slice)?;
        let Some(until) = coverage.get(&slice.kid).copied() else {
            continue;
        };
        let Some(complete_until) = speaks_until(month, until) else {
            continue;
        };
        let kid = Kid::from_bytes(&slice.kid);
        let mut entry = SliceEntry {
            month,
            complete_until,
            issued: count(slice.issued),
            revoked: 0,
            base: [0; 32],
            layer: None,
        };
        let mut built = false;
        for (which, bytes) in tx.slice_parts(&slice.kid, slice.month).await? {
            let opened = Slice::open(bytes.as_slice())
                .map_err(|error| SlicesError::Content(error.to_string()))?;
            entry.revoked += opened.revoked();
            let digest = *Digest::of(&bytes).as_bytes();
            match which.as_str() {
                "base" => {
                    entry.base = digest;
                    built = true;
                }
                _ => entry.layer = Some(digest),
            }
            let name = format!("{}/{month}/{which}", hexadecimal(&slice.kid));
            parts.push(PartContent::new(PartKind::RevocationSlice, name, bytes));
        }
        if !built {
            continue;
        }
        let covered = Month::of(Timestamp::saturating(until));
        let of_kid = kids.entry(kid.clone()).or_insert(KidEntry {
            kid,
            from: month,
            to: covered,
            slices: Vec::new(),
        });
        of_kid.from = of_kid.from.min(month);
        of_kid.slices.push(entry);
    }
    if kids.is_empty() {
        return Ok(parts);
    }
    let newest = coverage.values().max().copied().unwrap_or_default();
    let index = Index {
        // Not the time of publishing: an index that says the same keeps its bytes.
        built: Timestamp::saturating(newest),
        kids: kids.into_values().collect(),
    };
    let bytes = index
        .write()
        .map_err(|error| SlicesError::Index(error.to_string()))?;
    parts.push(PartContent::new(PartKind::RevocationIndex, "own", bytes));
    Ok(parts)
}

/// The last second for which a slice of a month speaks; `None` before its first.
fn speaks_until(month: Month, complete_until: i64) -> Option<Timestamp> {
    let number = i64::from(month.number());
    let first = |number: i64| -> Option<i64> {
        let text = super::revocation::month_text(number);
        let first: Timestamp = format!("{text}-01T00:00:00Z").parse().ok()?;
        Some(first.unix())
    };
    let last = first(number + 1)? - 1;
    (complete_until >= first(number)?).then(|| Timestamp::saturating(complete_until.min(last)))
}

fn month(slice: &SliceRow) -> Result<Month, SlicesError> {
    let month = u32::try_from(slice.month).ok().and_then(Month::from_number);
    month.ok_or_else(|| SlicesError::Content(format!("month {}", slice.month)))
}

fn revocation_id(id: &[u8]) -> Result<RevocationId, SlicesError> {
    let id: Result<[u8; 16], _> = id.try_into();
    id.map(RevocationId::from_bytes)
        .map_err(|_| SlicesError::Content("an id that is not 16 bytes long".into()))
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A list of another country, as it is handed in.
#[derive(Debug, Clone)]
pub struct Foreign {
    /// What the operator calls it.
    pub name: String,
    /// `batches`, `bloom` or `partial`.
    pub form: String,
    /// Of a filter: whose certificates it speaks for.
    pub country: Option<String>,
    /// Of a filter: base64.
    pub kid: Option<String>,
    /// Of a filter: `UCI`, `SIGNATURE` or `COUNTRYCODEUCI`.
    pub kind: Option<String>,
    /// Of a filter: the hexadecimal digits that all its hashes begin with.
    pub prefix: Option<String>,
    /// When it ends, if it does not say so itself.
    pub expires: Option<Timestamp>,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// A list that was loaded.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Loaded {
    /// Hashes in force now; 0 for a filter.
    pub hashes: usize,
}

/// Loads a list of another country, in the place of the one of that name.
pub async fn load_foreign(
    store: &Store,
    clock: &Clock,
    actor: &str,
    foreign: Foreign,
) -> Result<Loaded, SlicesError> {
    let now = clock.now();
    let good = |c: u8| c.is_ascii_alphanumeric() || b"-_.".contains(&c);
    if !(1..=60).contains(&foreign.name.len()) || !foreign.name.bytes().all(good) {
        let why = "a name is 1 to 60 letters, digits, dots, hyphens and underscores";
        return Err(SlicesError::Foreign(why.into()));
    }
    let row = ForeignRow {
        name: foreign.name,
        // What a filter is of travels with its form: the filter itself does not say it.
        form: match foreign.form.as_str() {
            "batches" => "batches".into(),
            form => serde_json::json!({ "form": form, "kid": foreign.kid,
                "kind": foreign.kind, "prefix": foreign.prefix })
            .to_string(),
        },
        country: foreign.country,
        content: foreign.content,
        expires: foreign.expires.map(Timestamp::unix),
        at: now.unix(),
        by_whom: actor.to_owned(),
    };
    let hashes = match read_foreign(&row)? {
        Read::Batches(batches) => {
            let in_force = batches.iter().filter(|batch| batch.expires > now);
            in_force.map(|batch| batch.hashes.len()).sum()
        }
        Read::Filter(filter) => {
            Filter::write(vec![*filter]).map_err(|e| SlicesError::Foreign(e.to_string()))?;
            0
        }
    };
    let digest = Digest::of(&row.content).to_string();
    let mut tx = store.write().await?;
    tx.put_foreign(&row).await?;
    let detail = serde_json::json!({ "sha256": digest, "hashes": hashes, "form": row.form });
    tx.audit(now, actor, "foreign.put", &row.name, &detail)
        .await?;
    tx.commit().await?;
    Ok(Loaded { hashes })
}

/// Takes a list away; `false` when there is none of that name.
pub async fn remove_foreign(
    store: &Store,
    clock: &Clock,
    actor: &str,
    name: &str,
) -> Result<bool, StoreError> {
    let mut tx = store.write().await?;
    let removed = tx.remove_foreign(name).await?;
    if removed {
        let detail = serde_json::json!({});
        tx.audit(clock.now(), actor, "foreign.remove", name, &detail)
            .await?;
        tx.commit().await?;
    }
    Ok(removed)
}

enum Read {
    Batches(Vec<Batch>),
    Filter(Box<Filter>),
}

fn read_foreign(row: &ForeignRow) -> Result<Read, SlicesError> {
    let wrong = |why: &str| SlicesError::Foreign(why.to_owned());
    if row.form == "batches" {
        let json: Value = serde_json::from_slice(&row.content)
            .map_err(|error| SlicesError::Foreign(format!("not readable JSON: {error}")))?;
        let values: Vec<&Value> = match &json {
            Value::Array(values) => values.iter().collect(),
            Value::Object(object) if !object.contains_key("entries") => object.values().collect(),
            one => vec![one],
        };
        if values.is_empty() {
            return Err(wrong("there is no batch in it"));
        }
        let batches = values.into_iter().map(Batch::from_json);
        let batches = batches.collect::<Result<_, _>>();
        return batches
            .map(Read::Batches)
            .map_err(|error| SlicesError::Foreign(error.to_string()));
    }
    let said: Value = serde_json::from_str(&row.form).unwrap_or_default();
    let text = |name: &str| said.get(name).and_then(Value::as_str);
    let form = match text("form") {
        Some("bloom") => FilterForm::Bloom,
        Some("partial") => FilterForm::Partial,
        _ => return Err(wrong("`form` is batches, bloom or partial")),
    };
    let kind = text("kind").and_then(|name| {
        let mut kinds = HashKind::ALL.into_iter();
        kinds.find(|kind| kind.name() == name)
    });
    let kind = kind.ok_or_else(|| wrong("`kind` is UCI, SIGNATURE or COUNTRYCODEUCI"))?;
    let kid = match text("kid") {
        Some(kid) => Some(Kid::from_base64(kid).ok_or_else(|| wrong("`kid` is no base64"))?),
        None => None,
    };
    let country = row.country.as_deref();
    let letters = |code: &str| code.len() == 2 && code.bytes().all(|c| c.is_ascii_uppercase());
    if !country.is_none_or(letters) {
        return Err(wrong("`country` is two capital letters"));
    }
    if kid.is_none() && country.is_none() {
        return Err(wrong("say whom the filter speaks for: kid or country"));
    }
    Ok(Read::Filter(Box::new(Filter {
        key: ListKey {
            kind,
            kid,
            country: country.map(Into::into),
            expires: row.expires.map(Timestamp::saturating),
        },
        prefix: text("prefix").unwrap_or_default().into(),
        form,
        bytes: row.content.clone(),
    })))
}

fn foreign(rows: &[ForeignRow], now: i64) -> Result<Vec<PartContent>, SlicesError> {
    let at = Timestamp::saturating(now);
    let mut lists = HashListBuilder::default();
    let mut filters = Vec::new();
    for row in rows {
        if row.expires.is_some_and(|expires| expires <= now) {
            continue;
        }
        match read_foreign(row)? {
            Read::Batches(batches) => {
                for batch in batches.iter().filter(|batch| batch.expires > at) {
                    let key = ListKey {
                        kind: batch.kind,
                        kid: batch.kid.clone(),
                        country: Some(batch.country.clone()),
                        expires: Some(batch.expires),
                    };
                    lists.list(key).extend_from_slice(&batch.hashes);
                }
            }
            Read::Filter(filter) => filters.push(*filter),
        }
    }
    let mut parts = Vec::new();
    if !lists.is_empty() {
        let bytes = lists.write();
        parts.push(PartContent::new(
            PartKind::RevocationHashes,
            "foreign",
            bytes,
        ));
    }
    if !filters.is_empty() {
        let bytes =
            Filter::write(filters).map_err(|error| SlicesError::Foreign(error.to_string()))?;
        parts.push(PartContent::new(
            PartKind::RevocationFilter,
            "foreign",
            bytes,
        ));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_speaks_for_its_month() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let december = Month::of(at("2026-12-10T00:00:00Z"));
        for (complete, until) in [
            ("2026-12-10T12:00:00Z", Some("2026-12-10T12:00:00Z")),
            ("2027-02-01T00:00:00Z", Some("2026-12-31T23:59:59Z")),
            ("2026-12-01T00:00:00Z", Some("2026-12-01T00:00:00Z")),
            ("2026-11-30T23:59:59Z", None),
        ] {
            assert_eq!(speaks_until(december, at(complete).unix()), until.map(at));
        }
    }

    #[test]
    fn foreign_lists_that_say_too_little() {
        let row = |form: &str, country: Option<&str>| ForeignRow {
            name: "x".into(),
            form: form.into(),
            country: country.map(Into::into),
            content: b"{}".to_vec(),
            expires: None,
            at: 0,
            by_whom: String::new(),
        };
        for (form, country) in [
            ("batches", None),
            ("{}", None),
            (r#"{"form":"bloom","kind":"MD5"}"#, Some("AT")),
            (r#"{"form":"bloom","kind":"UCI"}"#, None),
            (r#"{"form":"bloom","kind":"UCI"}"#, Some("AUT")),
            (r#"{"form":"other","kind":"UCI"}"#, Some("AT")),
        ] {
            assert!(read_foreign(&row(form, country)).is_err(), "{form}");
        }
    }
}
