//! The rows of the database, as the rest of the program sees them. `Debug` of what names a person shows
//! nothing of it.

use std::fmt;

use crate::id::Id;

/// A column of 16 bytes.
impl TryFrom<Vec<u8>> for Id {
    type Error = &'static str;

    fn try_from(bytes: Vec<u8>) -> Result<Id, &'static str> {
        Id::from_slice(&bytes).ok_or("an identifier has 16 bytes")
    }
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PlaceRow {
    /// Its path.
    pub path: String,
    /// `country`, `province`, `district`, `commune`, `site`.
    pub level: String,
    /// The last code of the path; of sites unique in the country.
    pub code: String,
    /// Its name in Vietnamese.
    pub name: String,
    /// In English.
    pub name_en: String,
    /// A site that does all steps at once.
    pub one_step: bool,
    /// Nothing new is recorded there.
    pub disabled: bool,
    /// The public key of a site (DER).
    pub key_spki: Option<Vec<u8>>,
    /// Its private key, sealed by the service's vault (purpose `site:PATH`).
    pub key_sealed: Option<Vec<u8>>,
    /// Seconds since 1970.
    pub created_at: i64,
}

/// An account, without its password.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AccountRow {
    /// The name to sign in with.
    pub name: String,
    /// The name people call them by.
    pub full_name: String,
    /// Roles, with commas between.
    pub roles: String,
    /// Where they belong.
    pub place: String,
    /// May not sign in any more.
    pub disabled: bool,
    /// Has to choose a password before anything else.
    pub new_password: bool,
    /// Uses one-time codes.
    pub has_totp: bool,
    /// Seconds since 1970.
    pub created_at: i64,
}

/// A program that uses the API.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ClientRow {
    /// Its name.
    pub name: String,
    /// SHA-256 of its key; the key itself is nowhere.
    pub key_hash: String,
    /// Roles, with commas between.
    pub roles: String,
    /// Where it belongs.
    pub place: String,
    /// The public key (DER) that its requests are signed with.
    pub spki: Vec<u8>,
    /// It may do nothing any more.
    pub disabled: bool,
    /// Seconds since 1970.
    pub created_at: i64,
}

/// A person.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PersonRow {
    /// Who.
    #[sqlx(try_from = "Vec<u8>")]
    pub id: Id,
    /// Family name as people write it.
    pub family: String,
    /// Given names.
    pub given: String,
    /// Family name as in a passport.
    pub family_t: String,
    /// Given names as in a passport.
    pub given_t: String,
    /// The words of the passport's name, sorted: what names are compared by.
    pub name_key: String,
    /// `1998-02-26`, `1998-02` or `1998`.
    pub birth: String,
    /// `male`, `female`, `other`.
    pub sex: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub nationality: Option<String>,
    /// Number of the citizen card.
    pub cccd: Option<String>,
    /// Of the old identity card.
    pub cmnd: Option<String>,
    /// Of the passport.
    pub passport: Option<String>,
    /// Of the health-insurance card.
    pub bhyt: Option<String>,
    /// Where they were first recorded.
    pub site: String,
    /// Seconds since 1970.
    pub created_at: i64,
    /// Who recorded them.
    pub created_by: String,
    /// Seconds since 1970.
    pub changed_at: i64,
    /// When everything about them was removed.
    pub erased_at: Option<i64>,
}

impl fmt::Debug for PersonRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonRow({})", self.id)
    }
}

/// A record.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RecordRow {
    /// Which.
    #[sqlx(try_from = "Vec<u8>")]
    pub id: Id,
    /// Of whom.
    #[sqlx(try_from = "Vec<u8>")]
    pub person: Id,
    /// `vaccination`, `test`, `recovery`.
    pub kind: String,
    /// Path of the site.
    pub site: String,
    /// The day of the event.
    pub day: String,
    /// Code of the product.
    pub product: Option<String>,
    /// The lot.
    pub lot: Option<String>,
    /// Dose number.
    pub dose: Option<i64>,
    /// Of how many.
    pub total: Option<i64>,
    /// The sample tube.
    pub tube: Option<String>,
    /// The certificate that this record corrects.
    pub corrects: Option<Vec<u8>>,
    /// The event as a JSON object of draft fields; empty when it was removed.
    pub content: String,
    /// Of person and event.
    pub fingerprint: String,
    /// Counts changes, from 1.
    pub revision: i64,
    /// `recorded`, `sent_back`, `approved`, `certified`, `withdrawn`, `replaced`.
    pub state: String,
    /// Why it was sent back or withdrawn.
    pub note: Option<String>,
    /// `desk`, `api`, `bulk`.
    pub source: String,
    /// Seconds since 1970.
    pub recorded_at: i64,
    /// Who.
    pub recorded_by: String,
    /// Seconds since 1970.
    pub approved_at: Option<i64>,
    /// Who.
    pub approved_by: Option<String>,
    /// The site's signature: a COSE_Sign1 of `keyring`'s approval statement.
    pub approval: Option<Vec<u8>>,
    /// Seconds since 1970.
    pub certified_at: Option<i64>,
    /// Who.
    pub certified_by: Option<String>,
}

impl fmt::Debug for RecordRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordRow({}, {})", self.id, self.state)
    }
}

/// A certificate.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CertificateRow {
    /// Which.
    #[sqlx(try_from = "Vec<u8>")]
    pub id: Id,
    /// Of which record.
    #[sqlx(try_from = "Vec<u8>")]
    pub record: Id,
    /// Of whom.
    #[sqlx(try_from = "Vec<u8>")]
    pub person: Id,
    /// `vaccination`, `test`, `recovery`.
    pub kind: String,
    /// Path of the site.
    pub site: String,
    /// `URN:UVCI:01:VN:...`
    pub uvci: String,
    /// First 16 bytes of SHA-256 over the UVCI.
    pub uvci_hash: Vec<u8>,
    /// `iat`.
    pub issued_at: i64,
    /// `exp`.
    pub expires_at: i64,
    /// Key of the national code.
    pub national_kid: Option<Vec<u8>>,
    /// `HC1:...`, signed with EdDSA.
    pub national: Option<String>,
    /// Key of the international code.
    pub international_kid: Option<Vec<u8>>,
    /// `HC1:...`, signed with ES256.
    pub international: Option<String>,
    /// `valid`, `held` (its picture could not be read back), `revoked`.
    pub state: String,
    /// The certificate before, if this corrects or renews it.
    pub replaces: Option<Vec<u8>>,
    /// The certificate after.
    pub replaced_by: Option<Vec<u8>>,
    /// Why it was revoked: a word, then a text.
    pub reason: Option<String>,
    /// Seconds since 1970.
    pub revoked_at: Option<i64>,
    /// Who.
    pub revoked_by: Option<String>,
    /// How often it was printed.
    pub prints: i64,
}

impl fmt::Debug for CertificateRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateRow({}, {})", self.id, self.state)
    }
}

/// A complaint of a citizen.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ComplaintRow {
    /// Which.
    #[sqlx(try_from = "Vec<u8>")]
    pub id: Id,
    /// About which certificate.
    #[sqlx(try_from = "Vec<u8>")]
    pub certificate: Id,
    /// Path of the site that is to mend it.
    pub site: String,
    /// In the citizen's words.
    pub text: String,
    /// Seconds since 1970.
    pub at: i64,
    /// `open`, `mended`, `declined`.
    pub state: String,
    /// What was answered.
    pub answer: Option<String>,
    /// Seconds since 1970.
    pub answered_at: Option<i64>,
    /// Who.
    pub answered_by: Option<String>,
}

impl fmt::Debug for ComplaintRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ComplaintRow({}, {})", self.id, self.state)
    }
}

/// What was asked with an Idempotency-Key.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OnceRow {
    /// Whose keys.
    pub scope: String,
    /// The key.
    pub key: String,
    /// SHA-256 of the request.
    pub digest: Vec<u8>,
    /// What came of it: identifiers, no personal data.
    pub outcome: String,
    /// Seconds since 1970.
    pub at: i64,
}

/// A delivery of a lot.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DeliveryRow {
    /// Path of the site.
    pub site: String,
    /// Code of the product.
    pub product: String,
    /// The lot.
    pub lot: String,
    /// How many doses.
    pub doses: i64,
    /// The day, as 2026-11-28.
    pub delivered_on: String,
    /// The last day of use.
    pub expires_on: Option<String>,
    /// Seconds since 1970.
    pub at: i64,
    /// Who noted it.
    pub by_whom: String,
}

/// A sample tube.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TubeRow {
    /// What is written on it.
    pub code: String,
    /// Path of the site.
    pub site: String,
    /// RFC 3339.
    pub sampled_at: String,
    /// The test as a JSON object of draft fields.
    pub content: String,
    /// `open`, `negative`, `positive`, `spoiled`.
    pub state: String,
    /// Seconds since 1970.
    pub created_at: i64,
    /// Who.
    pub created_by: String,
    /// Seconds since 1970.
    pub read_at: Option<i64>,
    /// Who.
    pub read_by: Option<String>,
}

/// A job of bulk work, without its report.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct JobRow {
    /// Which.
    #[sqlx(try_from = "Vec<u8>")]
    pub id: Id,
    /// `csv`, `xlsx`, `fhir`.
    pub form: String,
    /// Path of the site.
    pub site: String,
    /// The file's name.
    pub name: String,
    /// How far each row goes: `recorded`, `approved`, `certified`.
    pub upto: String,
    /// `checked`, `running`, `done`, `cancelled`.
    pub state: String,
    /// Rows that were accepted.
    pub rows: i64,
    /// Rows that were refused when the file was checked.
    pub refused: i64,
    /// Rows that were held back when the file was checked: they have warnings, which nobody confirmed.
    pub unconfirmed: i64,
    /// The sender says that the warnings are right.
    pub confirmed: bool,
    /// Rows that made something.
    pub made: i64,
    /// Rows whose event was there already.
    pub known: i64,
    /// Rows that were refused when they were taken.
    pub failed: i64,
    /// Seconds since 1970.
    pub created_at: i64,
    /// Who.
    pub created_by: String,
    /// For whom it runs: whose roles count, and whose limits.
    pub run_by: Option<String>,
    /// Seconds since 1970.
    pub started_at: Option<i64>,
    /// Seconds since 1970.
    pub finished_at: Option<i64>,
}

/// An alarm.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AlarmRow {
    /// Which.
    #[sqlx(try_from = "Vec<u8>")]
    pub id: Id,
    /// A word of [`crate::domain::alarms::AlarmKind`].
    pub kind: String,
    /// A clerk, a site, a client, a certificate; never a person.
    pub subject: String,
    /// Path of the place that is to look at it.
    pub site: String,
    /// The local day.
    pub day: String,
    /// More of it, as JSON without personal data.
    pub detail: String,
    /// How often on that day.
    pub count: i64,
    /// Seconds since 1970.
    pub raised_at: i64,
    /// The last time.
    pub last_at: i64,
    /// When somebody looked at it.
    pub seen_at: Option<i64>,
    /// Who.
    pub seen_by: Option<String>,
    /// What it was.
    pub note: Option<String>,
}

/// A value set or product table, newest version.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DocumentRow {
    /// `value-sets` or `products`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Counts from 1.
    pub version: i64,
    /// As it was loaded; empty says: taken away.
    pub content: Vec<u8>,
    /// Seconds since 1970.
    pub at: i64,
    /// Who.
    pub by_whom: String,
}
