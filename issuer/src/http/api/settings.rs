//! How this country or programme issues.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::App;

/// How certificates are issued here: read from the configuration.
#[derive(Serialize, ToSchema)]
pub(crate) struct SettingsJson {
    /// ISO 3166-1 alpha-2 code of the country that issues.
    country: String,
    /// The authority's name in certificates.
    authority: String,
    /// Minutes east of UTC: which day it is.
    offset_minutes: i16,
    /// Codes on every certificate, the one in front first.
    profiles: Vec<String>,
    /// Whether all sites do all steps at once.
    one_step: bool,
    /// Development or test keys.
    specimen: bool,
    /// Where citizens fetch their certificate.
    public_url: Option<String>,
    /// The wallet's page.
    wallet_url: Option<String>,
    /// How long certificates are good for.
    lives: LivesJson,
    /// When a desk is no longer believed.
    limits: LimitsJson,
    /// How long personal data stays.
    retention: RetentionJson,
}

/// In days.
#[derive(Serialize, ToSchema)]
pub(crate) struct LivesJson {
    /// Of a vaccination.
    vaccination: i64,
    /// Of a test.
    test: i64,
    /// Of a recovery.
    recovery: i64,
    /// A certificate may be renewed so many days before its end.
    renew: i64,
}

/// Beyond a limit nothing is issued; beyond an alarm's threshold it is, and somebody has to look.
#[derive(Serialize, ToSchema)]
pub(crate) struct LimitsJson {
    /// Certificates of one person within 24 hours.
    person_day: i64,
    /// Certificates that one clerk records within an hour.
    clerk_hour: i64,
    /// Certificates of one site within an hour.
    site_hour: i64,
    /// Certificates that one program issues within an hour.
    client_hour: i64,
    /// First hour of the local night.
    night_from: u8,
    /// First hour after it.
    night_to: u8,
    /// Certificates of one person within 30 days that raise an alarm.
    person_month_alarm: i64,
    /// One clerk with this many times the median of the site's clerks raises an alarm.
    clerk_factor_alarm: i64,
    /// Certificates of one program within a minute that raise an alarm.
    client_minute_alarm: i64,
}

/// In days.
#[derive(Serialize, ToSchema)]
pub(crate) struct RetentionJson {
    /// After a certificate's end.
    certificates: i64,
    /// Uploaded rows and their reports.
    jobs: i64,
    /// Complaints, after the answer.
    complaints: i64,
    /// Idempotency keys.
    idempotency: i64,
}

/// How certificates are issued here.
#[utoipa::path(get, path = "/api/v1/settings", responses((status = 200, body = SettingsJson)))]
pub(crate) async fn show(State(app): State<Arc<App>>) -> Json<SettingsJson> {
    let settings = &app.issuer.settings;
    let (lives, limits, retention) = (&settings.lives, &settings.limits, &settings.retention);
    Json(SettingsJson {
        country: settings.country.clone(),
        authority: settings.authority.as_str().to_owned(),
        offset_minutes: settings.offset,
        profiles: settings
            .profiles
            .iter()
            .map(|one| one.to_string())
            .collect(),
        one_step: settings.one_step,
        specimen: settings.specimen,
        public_url: settings.public_url.clone(),
        wallet_url: settings.wallet_url.clone(),
        lives: LivesJson {
            vaccination: lives.vaccination,
            test: lives.test,
            recovery: lives.recovery,
            renew: lives.renew,
        },
        limits: LimitsJson {
            person_day: limits.person_day,
            clerk_hour: limits.clerk_hour,
            site_hour: limits.site_hour,
            client_hour: limits.client_hour,
            night_from: limits.night.0,
            night_to: limits.night.1,
            person_month_alarm: limits.person_month_alarm,
            clerk_factor_alarm: limits.clerk_factor_alarm,
            client_minute_alarm: limits.client_minute_alarm,
        },
        retention: RetentionJson {
            certificates: retention.certificates,
            jobs: retention.jobs,
            complaints: retention.complaints,
            idempotency: retention.idempotency,
        },
    })
}
