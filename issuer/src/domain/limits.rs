//! How much an honest desk does, and what is more than that. The numbers are counted in the
//! transaction that issues, so that no two processes miss one another.
//!
//! Counted is what is recorded, under `clerk:NAME` or `client:NAME` and under `site:PATH`, by the hour;
//! of programs also by the minute. What a clerk uploads as a file counts for the site and not for the
//! clerk: it is no work of a desk.

use std::collections::{BTreeMap, HashMap};

use hcert::time::Timestamp;
use serde_json::json;

use super::{
    Issuer, Refusal,
    alarms::{AlarmKind, Raised},
    settings::Limits,
};
use crate::{
    actor::Actor,
    store::{RecordRow, TallyRow, Tx},
};

/// One clerk is only compared with others from this many in an hour on.
const MANY: i64 = 20;
const HOUR: i64 = 3600;
const MINUTE: i64 = 60;

/// Something that counts.
pub(crate) struct Counted<'a> {
    /// The actor's name.
    actor: &'a str,
    /// The site's path.
    site: &'a str,
    /// Uploaded as a file.
    bulk: bool,
}

impl<'a> Counted<'a> {
    /// A new record by this actor.
    pub(crate) fn of(actor: &'a Actor, row: &'a RecordRow) -> Counted<'a> {
        Counted {
            actor: &actor.name,
            site: &row.site,
            bulk: row.source == "bulk",
        }
    }

    /// Under which subjects, each with its time and limit.
    fn under(&self, limits: &Limits, now: Timestamp) -> Vec<Under> {
        let (hour, minute) = (now.unix() / HOUR, now.unix() / MINUTE);
        let mut all = vec![Under::new(
            format!("site:{}", self.site),
            hour,
            Some(limits.site_hour),
            "one site",
        )];
        match self.actor.split_once(':') {
            Some(("user", name)) if !self.bulk => {
                let limit = Some(limits.clerk_hour);
                all.push(Under::new(
                    format!("clerk:{name}"),
                    hour,
                    limit,
                    "one clerk",
                ));
            }
            Some(("client", name)) => {
                let limit = Some(limits.client_hour);
                all.push(Under::new(
                    format!("client:{name}"),
                    hour,
                    limit,
                    "one program",
                ));
                all.push(Under::new(
                    format!("minute:client:{name}"),
                    minute,
                    None,
                    "one program",
                ));
            }
            _ => {}
        }
        all
    }
}

/// What something counts under.
struct Under {
    key: (String, i64),
    limit: Option<i64>,
    what: &'static str,
}

impl Under {
    fn new(subject: String, hour: i64, limit: Option<i64>, what: &'static str) -> Under {
        Under {
            key: (subject, hour),
            limit,
            what,
        }
    }
}

/// A clerk's or program's subject, from the actor's name.
fn subject_of(actor: &str) -> String {
    match actor.strip_prefix("user:") {
        Some(name) => format!("clerk:{name}"),
        None => actor.to_owned(),
    }
}

/// The alarm for a limit that was reached.
pub(crate) fn reached(actor: &str, site: &str, what: &str, limit: i64) -> Raised {
    let subject = match what {
        "one site" => format!("site:{site}"),
        _ => subject_of(actor),
    };
    Raised {
        kind: AlarmKind::Limit,
        subject,
        site: site.to_owned(),
        detail: json!({ "of": what, "limit": limit }),
    }
}

/// The alarm for what happens at night.
pub(crate) fn at_night(actor: &str, site: &str) -> Raised {
    Raised {
        kind: AlarmKind::Night,
        subject: subject_of(actor),
        site: site.to_owned(),
        detail: json!({}),
    }
}

/// Refuses one certificate more for somebody who got so many within 24 hours.
pub(crate) fn of_person(limits: &Limits, had: i64) -> Result<(), Refusal> {
    if had < limits.person_day {
        return Ok(());
    }
    Err(Refusal::Limit {
        what: "one person",
        limit: limits.person_day,
        span: "24 hours",
    })
}

impl Issuer {
    /// Counts what is recorded. Gives what goes beyond a limit, and is not to be made, and the alarms.
    pub(crate) async fn reckon_limits(
        &self,
        tx: &mut Tx,
        counted: &[(usize, Counted<'_>)],
        now: Timestamp,
    ) -> Result<(Vec<(usize, Refusal)>, Vec<Raised>), Refusal> {
        let limits = &self.settings.limits;
        let unders: Vec<Vec<Under>> = counted
            .iter()
            .map(|(_, one)| one.under(limits, now))
            .collect();
        let mut wanted: BTreeMap<&(String, i64), i64> = BTreeMap::new();
        for under in unders.iter().flatten() {
            *wanted.entry(&under.key).or_default() += 1;
        }
        let after = tx.tally(&rows(&wanted)).await?;
        let mut count: HashMap<(String, i64), i64> = after
            .into_iter()
            .map(|row| ((row.subject, row.hour), row.count))
            .collect();
        // Back to what it was before, and then one by one.
        for (key, added) in &wanted {
            if let Some(count) = count.get_mut(*key) {
                *count -= added;
            }
        }
        let (mut refused, mut raised) = (Vec::new(), Vec::new());
        let mut back: BTreeMap<&(String, i64), i64> = BTreeMap::new();
        for ((at, one), unders) in counted.iter().zip(&unders) {
            let full = unders.iter().find(|under| {
                let had = count.get(&under.key).copied().unwrap_or_default();
                under.limit.is_some_and(|limit| had >= limit)
            });
            if let Some(full) = full {
                let limit = full.limit.unwrap_or_default();
                raised.push(reached(one.actor, one.site, full.what, limit));
                let what = full.what;
                refused.push((
                    *at,
                    Refusal::Limit {
                        what,
                        limit,
                        span: "an hour",
                    },
                ));
            }
            for under in unders {
                if full.is_some() {
                    *back.entry(&under.key).or_default() -= 1;
                } else if let Some(count) = count.get_mut(&under.key) {
                    *count += 1;
                }
            }
        }
        tx.tally(&rows(&back)).await?;
        let made = counted
            .iter()
            .filter(|(at, _)| !refused.iter().any(|(other, _)| other == at));
        let mut by_actor: BTreeMap<(&str, &str), bool> = BTreeMap::new();
        for (_, one) in made {
            by_actor.insert((one.actor, one.site), one.bulk);
        }
        for ((actor, site), bulk) in by_actor {
            self.notice(tx, (actor, site, bulk), &count, now, &mut raised)
                .await?;
        }
        Ok((refused, raised))
    }

    /// What is unlikely, and yet was done.
    async fn notice(
        &self,
        tx: &mut Tx,
        (actor, site, bulk): (&str, &str, bool),
        count: &HashMap<(String, i64), i64>,
        now: Timestamp,
        raised: &mut Vec<Raised>,
    ) -> Result<(), Refusal> {
        let limits = &self.settings.limits;
        let subject = subject_of(actor);
        if self.is_night(now) {
            raised.push(at_night(actor, site));
        }
        let mut raise = |kind, detail| {
            raised.push(Raised {
                kind,
                subject: subject.clone(),
                site: site.to_owned(),
                detail,
            });
        };
        let of =
            |subject: String, time: i64| count.get(&(subject, time)).copied().unwrap_or_default();
        if actor.starts_with("client:") {
            let minute = of(format!("minute:{actor}"), now.unix() / MINUTE);
            if minute >= limits.client_minute_alarm {
                raise(AlarmKind::ClientBurst, json!({ "in_a_minute": minute }));
            }
        }
        let clerk = actor.strip_prefix("user:").filter(|_| !bulk);
        if let Some(clerk) = clerk {
            let hour = now.unix() / HOUR;
            let own = of(format!("clerk:{clerk}"), hour);
            if own >= MANY {
                let others = tx.tallies_beside(clerk, hour).await?;
                let median = others.get(others.len() / 2).copied();
                if median
                    .is_some_and(|median| own > median.saturating_mul(limits.clerk_factor_alarm))
                {
                    raise(
                        AlarmKind::ClerkAbove,
                        json!({ "in_an_hour": own, "median": median }),
                    );
                }
            }
        }
        Ok(())
    }

    /// Whether honest desks are closed.
    pub(crate) fn is_night(&self, now: Timestamp) -> bool {
        let (from, to) = self.settings.limits.night;
        let hour = self.hour_of_day(now);
        if from <= to {
            (from..to).contains(&hour)
        } else {
            hour >= from || hour < to
        }
    }
}

fn rows(counts: &BTreeMap<&(String, i64), i64>) -> Vec<TallyRow> {
    let rows = counts.iter().filter(|(_, count)| **count != 0);
    rows.map(|((subject, hour), count)| TallyRow {
        subject: subject.clone(),
        hour: *hour,
        count: *count,
    })
    .collect()
}
