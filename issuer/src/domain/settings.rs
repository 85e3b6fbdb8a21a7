//! How a country or a programme issues: read from the configuration, the same for all its sites.

use intake::record::Line;
use keyring::Profile;

/// All of it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// ISO 3166-1 alpha-2 code of the country that issues, as `VN`.
    pub country: String,
    /// The authority's name in certificates (`is`), as `Bộ Y tế`.
    pub authority: Line,
    /// Offset of the country in minutes east of UTC: which day it is. 420 in Viet Nam.
    pub offset: i16,
    /// Codes on every certificate, the first one in front.
    pub profiles: Vec<Profile>,
    /// Whether all sites do all steps at once. A site can be allowed to by itself.
    pub one_step: bool,
    /// How long certificates are good for.
    pub lives: Lives,
    /// When a desk is no longer believed.
    pub limits: Limits,
    /// How long personal data stays.
    pub retention: Retention,
    /// Every sheet says that it is a specimen: for development and test keys.
    pub specimen: bool,
    /// Where citizens fetch their certificate, as `https://hcert.example.vn`; without it no claim
    /// codes are made.
    pub public_url: Option<String>,
    /// The wallet's page, as `https://hcert.example.vn/app/wallet/`: without it nothing offers to keep a
    /// certificate there.
    pub wallet_url: Option<String>,
    /// Days for which a claim code is good.
    pub claim_days: i64,
}

/// How long certificates are good for, in days from the issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lives {
    /// Decision 5772/QĐ-BYT: 12 months.
    pub vaccination: i64,
    /// A test's certificate stays verifiable longer than the test counts.
    pub test: i64,
    /// Regulation (EU) 2021/953: no longer than 180 days after the first positive test.
    pub recovery: i64,
    /// A certificate may be renewed this many days before its end.
    pub renew: i64,
}

/// When a desk is no longer believed. Beyond a limit nothing is issued; beyond a threshold it is, and
/// an alarm is raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Certificates of one person within 24 hours.
    pub person_day: i64,
    /// Certificates that one clerk records within an hour.
    pub clerk_hour: i64,
    /// Certificates of one site within an hour.
    pub site_hour: i64,
    /// Certificates that one program issues within an hour.
    pub client_hour: i64,
    /// Hours of the local day in which honest desks are closed: from, to, as 22 and 5.
    pub night: (u8, u8),
    /// Certificates of one person within 30 days that raise an alarm.
    pub person_month_alarm: i64,
    /// One clerk with this many times as many as the median of the site's clerks raises an alarm.
    pub clerk_factor_alarm: i64,
    /// Certificates of one program within a minute that raise an alarm.
    pub client_minute_alarm: i64,
}

/// How long personal data stays, in days. What revocation needs stays for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// After a certificate's end, or a record's last change if there is no certificate.
    pub certificates: i64,
    /// Uploaded rows and their reports.
    pub jobs: i64,
    /// What citizens complained of, after it was answered.
    pub complaints: i64,
    /// Idempotency keys.
    pub idempotency: i64,
}
