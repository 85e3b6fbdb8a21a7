//! How long, how many: days, and limits of honest desks.

use serde::Deserialize;

use super::{ConfigError, file::Reader};
use crate::domain::settings;

/// Days; two years, which no certificate outlives.
const LONGEST: i64 = 730;
/// Days; a hundred years.
const FOR_EVER: i64 = 36_500;
/// More in an hour than a country has people.
const MANY: i64 = 100_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Lives {
    vaccination_days: i64,
    test_days: i64,
    recovery_days: i64,
    renew_days: i64,
}

impl Default for Lives {
    fn default() -> Lives {
        Lives {
            // Decision 5772/QĐ-BYT: 12 months.
            vaccination_days: 365,
            test_days: 30,
            // Regulation (EU) 2021/953, article 7.
            recovery_days: 180,
            renew_days: 30,
        }
    }
}

impl Lives {
    pub(super) fn check(&self, read: &Reader<'_>) -> Result<settings::Lives, ConfigError> {
        let days = |key, value| read.within(key, value, 1, LONGEST);
        Ok(settings::Lives {
            vaccination: days("lives.vaccination_days", self.vaccination_days)?,
            test: days("lives.test_days", self.test_days)?,
            recovery: days("lives.recovery_days", self.recovery_days)?,
            renew: days("lives.renew_days", self.renew_days)?,
        })
    }
}

/// Ho Chi Minh City vaccinated 3.7 million people in 26 days of 2021: 142,000 a day, by some 600
/// sites and teams. The largest did 300 an hour; a clerk with a citizen card and a scanner does
/// one in 20 seconds. The defaults leave twice that and more: a limit that honest desks meet is
/// switched off.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    person_per_day: i64,
    clerk_per_hour: i64,
    site_per_hour: i64,
    client_per_hour: i64,
    night_from: u8,
    night_to: u8,
    person_per_month_alarm: i64,
    clerk_factor_alarm: i64,
    client_per_minute_alarm: i64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            person_per_day: 4,
            clerk_per_hour: 600,
            site_per_hour: 3_000,
            // A province's register that sends a whole day in one night.
            client_per_hour: 200_000,
            night_from: 22,
            night_to: 5,
            person_per_month_alarm: 8,
            clerk_factor_alarm: 5,
            client_per_minute_alarm: 20_000,
        }
    }
}

impl Limits {
    pub(super) fn check(&self, read: &Reader<'_>) -> Result<settings::Limits, ConfigError> {
        let many = |key, value| read.within(key, value, 1, MANY);
        for (key, hour) in [
            ("limits.night_from", self.night_from),
            ("limits.night_to", self.night_to),
        ] {
            read.within(key, hour.into(), 0, 23)?;
        }
        Ok(settings::Limits {
            person_day: many("limits.person_per_day", self.person_per_day)?,
            clerk_hour: many("limits.clerk_per_hour", self.clerk_per_hour)?,
            site_hour: many("limits.site_per_hour", self.site_per_hour)?,
            client_hour: many("limits.client_per_hour", self.client_per_hour)?,
            night: (self.night_from, self.night_to),
            person_month_alarm: many("limits.person_per_month_alarm", self.person_per_month_alarm)?,
            clerk_factor_alarm: many("limits.clerk_factor_alarm", self.clerk_factor_alarm)?,
            client_minute_alarm: many(
                "limits.client_per_minute_alarm",
                self.client_per_minute_alarm,
            )?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Retention {
    certificate_days: i64,
    job_days: i64,
    complaint_days: i64,
    idempotency_days: i64,
}

impl Default for Retention {
    fn default() -> Retention {
        Retention {
            certificate_days: 90,
            job_days: 30,
            complaint_days: 90,
            idempotency_days: 7,
        }
    }
}

impl Retention {
    pub(super) fn check(&self, read: &Reader<'_>) -> Result<settings::Retention, ConfigError> {
        let days = |key, value| read.within(key, value, 1, FOR_EVER);
        Ok(settings::Retention {
            certificates: days("retention.certificate_days", self.certificate_days)?,
            jobs: days("retention.job_days", self.job_days)?,
            complaints: days("retention.complaint_days", self.complaint_days)?,
            idempotency: days("retention.idempotency_days", self.idempotency_days)?,
        })
    }
}
