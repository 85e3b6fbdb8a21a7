//! What our own issuers issued, and what of it is revoked.

use std::collections::BTreeMap;

use hcert::time::Timestamp;
use serde_json::json;
use service::clock::Clock;

use crate::store::{Identified, NewCertificate, Store, StoreError, Tx};

/// Most certificates of one act of revocation: more under one key is a matter of the key.
pub const MOST: usize = 1_000_000;

/// Why nothing was noted or revoked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RevocationError {
    /// A fault in what was asked.
    #[error("{0}")]
    Asked(String),
    /// The client has no business with this kid.
    #[error("this client may not speak for kid {0}")]
    Kid(String),
    /// The number typed is not the number hit.
    #[error(
        "this hits {hits} certificates, and {expected} were expected: look again at what is chosen"
    )]
    Count {
        /// What is hit now.
        hits: usize,
        /// What was said.
        expected: usize,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Certificates that an issuer reports.
#[derive(Debug, Clone)]
pub struct Report {
    /// Of the key that signed them.
    pub kid: Vec<u8>,
    /// The certificates.
    pub certificates: Vec<NewCertificate>,
    /// What they have in common: lot, site, account. At most 8.
    pub labels: Vec<String>,
    /// Everything issued under this kid up to here has been reported.
    pub complete_until: Option<Timestamp>,
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Noted {
    /// New ones.
    pub new: u64,
    /// Known before.
    pub known: u64,
    /// New ones that an earlier report had said to be complete without.
    pub late: u64,
}

/// Which certificates an act of revocation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// These; without kid they are looked for under all.
    Ids {
        /// Of the key that signed them, if known.
        kid: Option<Vec<u8>>,
        /// First 16 bytes of SHA-256 over each identifier.
        ids: Vec<[u8; 16]>,
    },
    /// All that were reported with a label.
    Label(String),
    /// All of a kid, issued in some months (12 times the year, plus 0 for January).
    Months {
        /// The kid.
        kid: Vec<u8>,
        /// First month.
        from: i64,
        /// Last month.
        to: i64,
    },
    /// All of an earlier act of revocation.
    Group(String),
}

/// What an act of revocation hits.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Hits {
    /// Certificates chosen that were issued.
    pub hits: usize,
    /// Of them, those already revoked.
    pub already_revoked: usize,
    /// Ids that nobody reported as issued.
    pub unknown: usize,
    /// The act's name, when it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Certificates newly revoked, when it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<u64>,
}

/// The kids that somebody may speak for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kids {
    /// All.
    All,
    /// These.
    Only(Vec<Vec<u8>>),
}

impl Kids {
    fn check(&self, kid: &[u8]) -> Result<(), RevocationError> {
        match self {
            Kids::Only(kids) if !kids.iter().any(|own| own == kid) => {
                Err(RevocationError::Kid(hcert::base64::encode(kid)))
            }
            _ => Ok(()),
        }
    }
}

/// Notes certificates that were issued. The same report twice is one.
pub async fn note_issued(
    store: &Store,
    clock: &Clock,
    actor: &str,
    kids: &Kids,
    report: &Report,
) -> Result<Noted, RevocationError> {
    let asked = |why: &str| RevocationError::Asked(why.to_owned());
    if !(1..=64).contains(&report.kid.len()) {
        return Err(asked("a kid has 1 to 64 bytes"));
    }
    kids.check(&report.kid)?;
    let label = |label: &String| (1..=100).contains(&label.len());
    if report.labels.len() > 8 || !report.labels.iter().all(label) {
        return Err(asked("at most 8 labels of 1 to 100 bytes"));
    }
    let now = clock.now();
    // A clock that is a few minutes ahead is no reason to lose a report.
    let latest = now.plus_seconds(600).unix();
    let in_time = |at: i64| (0..=latest).contains(&at);
    if !report.certificates.iter().all(|one| in_time(one.issued_at))
        || !report.complete_until.is_none_or(|at| in_time(at.unix()))
    {
        return Err(asked("a time of issue lies in the future, or before 1970"));
    }
    let mut months: BTreeMap<i64, Vec<NewCertificate>> = BTreeMap::new();
    for one in &report.certificates {
        let month = month_of(Timestamp::saturating(one.issued_at));
        months.entry(month).or_default().push(*one);
    }
    let mut tx = store.write().await?;
    let before = tx.complete_until(&report.kid).await?.unwrap_or(i64::MIN);
    let (mut new, mut late) = (0, 0);
    for (month, certificates) in months {
        let (early, in_time): (Vec<_>, Vec<_>) = certificates
            .into_iter()
            .partition(|one| one.issued_at <= before);
        new += tx
            .add_issued(&report.kid, month, &in_time, &report.labels, false)
            .await?;
        let more = tx
            .add_issued(&report.kid, month, &early, &report.labels, true)
            .await?;
        new += more;
        late += more;
    }
    if let Some(until) = report.complete_until {
        tx.set_complete_until(&report.kid, until.unix()).await?;
    }
    if late > 0 {
        let detail = json!({ "late": late });
        let subject = hcert::base64::encode(&report.kid);
        tx.audit(now, actor, "issued.late", &subject, &detail)
            .await?;
    }
    tx.commit().await?;
    let all = u64::try_from(report.certificates.len()).unwrap_or(u64::MAX);
    Ok(Noted {
        new,
        known: all.saturating_sub(new),
        late,
    })
}

/// What an act of revocation would hit.
pub async fn dry_run(
    store: &Store,
    kids: &Kids,
    selection: &Selection,
) -> Result<Hits, RevocationError> {
    let mut tx = store.read().await?;
    let (those, unknown) = find(&mut tx, selection).await?;
    check_all(kids, &those)?;
    Ok(Hits {
        hits: those.len(),
        already_revoked: usize::try_from(tx.count_revoked(&those).await?).unwrap_or(0),
        unknown,
        group: None,
        revoked: None,
    })
}

/// Revokes. `expected` is the number that the dry run said; another number now, and nothing is
/// done.
pub async fn revoke(
    store: &Store,
    clock: &Clock,
    actor: &str,
    kids: &Kids,
    selection: &Selection,
    reason: &str,
    expected: usize,
) -> Result<Hits, RevocationError> {
    if reason.trim().is_empty() || reason.len() > 500 {
        let why = "a reason of 1 to 500 bytes is needed";
        return Err(RevocationError::Asked(why.into()));
    }
    let now = clock.now();
    let mut tx = store.write().await?;
    let (those, unknown) = find(&mut tx, selection).await?;
    check_all(kids, &those)?;
    let hits = those.len();
    if hits != expected {
        return Err(RevocationError::Count { hits, expected });
    }
    let already_revoked = usize::try_from(tx.count_revoked(&those).await?).unwrap_or(0);
    let group = tx.count("group", 0).await?;
    let group = format!("{}-{group}", now.to_date_time().date());
    let revoked = tx.revoke(&those, reason, &group, now.unix(), actor).await?;
    if revoked > 0 {
        let detail = json!({ "revoked": revoked, "hits": hits, "reason": reason,
            "chosen": selection.describe() });
        tx.audit(now, actor, "revoke", &group, &detail).await?;
        tx.commit().await?;
    }
    Ok(Hits {
        hits,
        already_revoked,
        unknown,
        group: (revoked > 0).then_some(group),
        revoked: Some(revoked),
    })
}

/// Undoes an act of revocation, or the revocation of single certificates; gives their number.
pub async fn undo(
    store: &Store,
    clock: &Clock,
    actor: &str,
    kids: &Kids,
    selection: &Selection,
) -> Result<u64, RevocationError> {
    let now = clock.now();
    let mut tx = store.write().await?;
    let (those, _) = find(&mut tx, selection).await?;
    check_all(kids, &those)?;
    let undone = match selection {
        Selection::Group(group) => tx.undo_group(group, now.unix(), actor).await?,
        _ => tx.undo(&those, now.unix(), actor).await?,
    };
    if undone > 0 {
        let detail = json!({ "undone": undone });
        let subject = selection.describe();
        tx.audit(now, actor, "revoke.undo", &subject, &detail)
            .await?;
        tx.commit().await?;
    }
    Ok(undone)
}

impl Selection {
    /// In words, for the audit log.
    pub fn describe(&self) -> String {
        match self {
            Selection::Ids { ids, .. } => format!("{} ids", ids.len()),
            Selection::Label(label) => format!("label {label}"),
            Selection::Months { kid, from, to } => format!(
                "kid {} in months {} to {}",
                hcert::base64::encode(kid),
                month_text(*from),
                month_text(*to)
            ),
            Selection::Group(group) => format!("group {group}"),
        }
    }
}

async fn find(
    tx: &mut Tx,
    selection: &Selection,
) -> Result<(Vec<Identified>, usize), RevocationError> {
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
    let found = match selection {
        Selection::Ids { kid, ids } => {
            if ids.len() > MOST {
                return Err(too_many());
            }
            let mut ids = ids.clone();
            ids.sort_unstable();
            ids.dedup();
            let mut found = Vec::new();
            for slice in tx.slices().await? {
                if kid.as_ref().is_none_or(|kid| *kid == slice.kid) {
                    found.extend(tx.find_issued(&slice.kid, slice.month, &ids).await?);
                }
            }
            let known: std::collections::BTreeSet<&[u8]> =
                found.iter().map(|one| one.id.as_slice()).collect();
            let unknown = ids.iter().filter(|id| !known.contains(&id[..])).count();
            return Ok((found, unknown));
        }
        Selection::Label(label) => tx.labelled(label, limit + 1).await?,
        Selection::Months { kid, from, to } => {
            tx.issued_between(kid, *from, *to, limit + 1).await?
        }
        Selection::Group(group) => tx.group_members(group, limit + 1).await?,
    };
    if found.len() > MOST {
        return Err(too_many());
    }
    Ok((found, 0))
}

fn too_many() -> RevocationError {
    RevocationError::Asked(format!(
        "more than {MOST} certificates: choose fewer, or withdraw the key that signed them"
    ))
}

fn check_all(kids: &Kids, those: &[Identified]) -> Result<(), RevocationError> {
    those.iter().try_for_each(|one| kids.check(&one.kid))
}

/// 12 times the year, plus 0 for January.
pub fn month_of(at: Timestamp) -> i64 {
    let date = at.to_date_time().date();
    i64::from(date.year()) * 12 + i64::from(u8::from(date.month())) - 1
}

/// `2026-11`.
pub fn month_text(month: i64) -> String {
    format!(
        "{:04}-{:02}",
        month.div_euclid(12),
        month.rem_euclid(12) + 1
    )
}

/// Reads `2026-11`.
pub fn month_from(text: &str) -> Option<i64> {
    let (year, month) = text.split_once('-')?;
    let digits = |text: &str, length| {
        let all = text.len() == length && text.bytes().all(|c| c.is_ascii_digit());
        all.then(|| text.parse::<i64>().ok()).flatten()
    };
    let (year, month) = (digits(year, 4)?, digits(month, 2)?);
    (1..=12).contains(&month).then(|| year * 12 + month - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months() {
        for (at, text) in [
            ("2026-01-01T00:00:00Z", "2026-01"),
            ("2026-12-31T23:59:59Z", "2026-12"),
        ] {
            let month = month_of(at.parse().unwrap());
            assert_eq!(month_text(month), text);
            assert_eq!(month_from(text), Some(month));
        }
        for text in [
            "", "2026", "2026-13", "2026-00", "26-01", "2026-1", "+026-01",
        ] {
            assert_eq!(month_from(text), None, "{text}");
        }
    }

    #[test]
    fn kids_of_others() {
        let own = Kids::Only(vec![b"own".to_vec()]);
        assert!(own.check(b"own").is_ok());
        assert!(own.check(b"other").is_err());
        assert!(Kids::Only(Vec::new()).check(b"own").is_err());
        assert!(Kids::All.check(b"other").is_ok());
    }
}
