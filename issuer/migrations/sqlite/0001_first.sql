-- Times are seconds since 1970; days are texts as 2026-11-28. Identifiers are 16 bytes. A site is named by
-- its path, as VN/79/26734/BN1. What is personal data says so; retention empties it.

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;
INSERT INTO counters (name, value) VALUES ('audit', 0);

CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    detail   TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- Country, provinces, districts where there are any, communes, sites.
CREATE TABLE places (
    path       TEXT PRIMARY KEY,
    level      TEXT NOT NULL CHECK (level IN ('country', 'province', 'district', 'commune', 'site')),
    code       TEXT NOT NULL,
    name       TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    one_step   INTEGER NOT NULL DEFAULT 0,
    disabled   INTEGER NOT NULL DEFAULT 0,
    key_spki   BLOB,
    key_sealed BLOB,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX places_site_code ON places (code) WHERE level = 'site';

CREATE TABLE users (
    name         TEXT PRIMARY KEY,
    password     TEXT NOT NULL,
    roles        TEXT NOT NULL,
    totp         BLOB,
    totp_step    INTEGER NOT NULL DEFAULT 0,
    disabled     INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    place        TEXT NOT NULL DEFAULT '',
    full_name    TEXT NOT NULL DEFAULT '',
    new_password INTEGER NOT NULL DEFAULT 0,
    oidc_subject TEXT
) STRICT;
CREATE UNIQUE INDEX users_oidc ON users (oidc_subject) WHERE oidc_subject IS NOT NULL;
CREATE INDEX users_place ON users (place);
CREATE TABLE sessions (
    token   TEXT PRIMARY KEY,
    name    TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    secret  BLOB NOT NULL,
    created INTEGER NOT NULL,
    seen    INTEGER NOT NULL
) STRICT;
CREATE TABLE sign_in_failures (
    subject      TEXT PRIMARY KEY,
    failures     INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    locked_until INTEGER NOT NULL
) STRICT;
-- Programs. `spki` is the key that signs their requests' bodies.
CREATE TABLE clients (
    name       TEXT PRIMARY KEY,
    key_hash   TEXT NOT NULL UNIQUE,
    roles      TEXT NOT NULL,
    place      TEXT NOT NULL,
    spki       BLOB NOT NULL,
    disabled   INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

-- Personal data: all of it.
CREATE TABLE persons (
    id          BLOB PRIMARY KEY CHECK (length(id) = 16),
    family      TEXT NOT NULL,
    given       TEXT NOT NULL,
    family_t    TEXT NOT NULL,
    given_t     TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    birth       TEXT NOT NULL,
    sex         TEXT,
    nationality TEXT,
    cccd        TEXT,
    cmnd        TEXT,
    passport    TEXT,
    bhyt        TEXT,
    site        TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    created_by  TEXT NOT NULL,
    changed_at  INTEGER NOT NULL,
    erased_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX persons_cccd ON persons (cccd) WHERE cccd IS NOT NULL;
CREATE INDEX persons_cmnd ON persons (cmnd) WHERE cmnd IS NOT NULL;
CREATE INDEX persons_passport ON persons (passport) WHERE passport IS NOT NULL;
CREATE INDEX persons_bhyt ON persons (bhyt) WHERE bhyt IS NOT NULL;
CREATE INDEX persons_birth ON persons (birth, name_key);
CREATE INDEX persons_site ON persons (site, name_key);

-- What happened to a person. `content` is the event as JSON, field by field (personal data); `fingerprint`
-- is of person and event, made with the service's secret: one event of one person is there once.
CREATE TABLE records (
    id           BLOB PRIMARY KEY CHECK (length(id) = 16),
    person       BLOB NOT NULL REFERENCES persons (id),
    kind         TEXT NOT NULL CHECK (kind IN ('vaccination', 'test', 'recovery')),
    site         TEXT NOT NULL,
    day          TEXT NOT NULL,
    product      TEXT,
    lot          TEXT,
    dose         INTEGER,
    total        INTEGER,
    tube         TEXT,
    corrects     BLOB,
    content      TEXT NOT NULL,
    fingerprint  TEXT NOT NULL,
    revision     INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('recorded', 'sent_back', 'approved', 'certified', 'withdrawn', 'replaced')),
    note         TEXT,
    source       TEXT NOT NULL,
    recorded_at  INTEGER NOT NULL,
    recorded_by  TEXT NOT NULL,
    approved_at  INTEGER,
    approved_by  TEXT,
    approval     BLOB,
    certified_at INTEGER,
    certified_by TEXT
) STRICT, WITHOUT ROWID;
-- A correction has the fingerprint of what it corrects, until that is replaced.
CREATE UNIQUE INDEX records_fingerprint ON records (fingerprint)
    WHERE state <> 'withdrawn' AND state <> 'replaced' AND corrects IS NULL;
CREATE INDEX records_same ON records (fingerprint) WHERE corrects IS NOT NULL;
CREATE INDEX records_corrects ON records (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX records_person ON records (person);
CREATE INDEX records_queue ON records (site, state, recorded_at);
CREATE INDEX records_lot ON records (lot) WHERE lot IS NOT NULL;
-- What retention may have to empty; certified ones it finds by their certificates.
CREATE INDEX records_kept ON records (recorded_at) WHERE state <> 'certified' AND content <> '';
CREATE INDEX records_tube ON records (tube) WHERE tube IS NOT NULL;

-- `national` and `international` are the signed texts (personal data). The hash is the first 16 bytes of
-- SHA-256 over the UVCI, as revocation has it; it stays when everything else is gone.
CREATE TABLE certificates (
    id                BLOB PRIMARY KEY CHECK (length(id) = 16),
    record            BLOB NOT NULL REFERENCES records (id),
    person            BLOB NOT NULL,
    kind              TEXT NOT NULL,
    site              TEXT NOT NULL,
    uvci              TEXT NOT NULL,
    uvci_hash         BLOB NOT NULL UNIQUE,
    issued_at         INTEGER NOT NULL,
    expires_at        INTEGER NOT NULL,
    national_kid      BLOB,
    national          TEXT,
    international_kid BLOB,
    international     TEXT,
    state             TEXT NOT NULL CHECK (state IN ('valid', 'held', 'revoked')),
    replaces          BLOB,
    replaced_by       BLOB,
    reason            TEXT,
    revoked_at        INTEGER,
    revoked_by        TEXT,
    prints            INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX certificates_record ON certificates (record);
CREATE INDEX certificates_person ON certificates (person, issued_at);
CREATE INDEX certificates_site ON certificates (site, issued_at);
CREATE INDEX certificates_issued ON certificates (issued_at);
-- Those that retention has not emptied.
CREATE INDEX certificates_expires ON certificates (expires_at)
    WHERE national IS NOT NULL OR international IS NOT NULL;

-- One-time codes with which a citizen fetches the own certificate; only their keyed hash is here.
CREATE TABLE claims (
    code        BLOB PRIMARY KEY,
    certificate BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    failures    INTEGER NOT NULL DEFAULT 0,
    used_at     INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_certificate ON claims (certificate);

-- What a citizen says is wrong (personal data).
CREATE TABLE complaints (
    id          BLOB PRIMARY KEY,
    certificate BLOB NOT NULL,
    site        TEXT NOT NULL,
    text        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'mended', 'declined')),
    answer      TEXT,
    answered_at INTEGER,
    answered_by TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX complaints_site ON complaints (site, state, at);

-- What was asked with an Idempotency-Key, and what came of it.
CREATE TABLE idempotency (
    scope   TEXT NOT NULL,
    key     TEXT NOT NULL,
    digest  BLOB NOT NULL,
    outcome TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE deliveries (
    site         TEXT NOT NULL,
    product      TEXT NOT NULL,
    lot          TEXT NOT NULL,
    doses        INTEGER NOT NULL,
    delivered_on TEXT NOT NULL,
    expires_on   TEXT,
    at           INTEGER NOT NULL,
    by_whom      TEXT NOT NULL,
    PRIMARY KEY (site, product, lot)
) STRICT, WITHOUT ROWID;

-- Sample tubes; a pooled one holds the samples of several people.
CREATE TABLE tubes (
    code       TEXT PRIMARY KEY,
    site       TEXT NOT NULL,
    sampled_at TEXT NOT NULL,
    content    TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'negative', 'positive', 'spoiled')),
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    read_at    INTEGER,
    read_by    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX tubes_site ON tubes (site, state);
CREATE TABLE tube_people (
    tube   TEXT NOT NULL REFERENCES tubes (code),
    person BLOB NOT NULL,
    PRIMARY KEY (tube, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX tube_people_person ON tube_people (person);

-- Bulk work. `report` of a job and `draft` of a row are personal data; a draft goes when its row is made.
CREATE TABLE jobs (
    id          BLOB PRIMARY KEY,
    form        TEXT NOT NULL CHECK (form IN ('csv', 'xlsx', 'fhir')),
    site        TEXT NOT NULL,
    name        TEXT NOT NULL,
    upto        TEXT NOT NULL CHECK (upto IN ('recorded', 'approved', 'certified')),
    state       TEXT NOT NULL CHECK (state IN ('checked', 'running', 'done', 'cancelled')),
    rows        INTEGER NOT NULL,
    refused     INTEGER NOT NULL,
    unconfirmed INTEGER NOT NULL,
    confirmed   INTEGER NOT NULL DEFAULT 0,
    made        INTEGER NOT NULL DEFAULT 0,
    known       INTEGER NOT NULL DEFAULT 0,
    failed      INTEGER NOT NULL DEFAULT 0,
    report      BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    created_by  TEXT NOT NULL,
    run_by      TEXT,
    started_at  INTEGER,
    finished_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_site ON jobs (site, created_at);
CREATE TABLE job_rows (
    job         BLOB NOT NULL REFERENCES jobs (id),
    line        INTEGER NOT NULL,
    key         TEXT NOT NULL,
    draft       TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'made', 'known', 'failed')),
    problem     TEXT,
    record      BLOB,
    certificate BLOB,
    PRIMARY KEY (job, line)
) STRICT, WITHOUT ROWID;
-- A piece of a job, handed out by the database: whoever holds it does so until `until`.
CREATE TABLE job_chunks (
    job    BLOB NOT NULL REFERENCES jobs (id),
    first  INTEGER NOT NULL,
    last   INTEGER NOT NULL,
    state  TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'done')),
    holder TEXT,
    until  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (job, first)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_chunks_open ON job_chunks (state, until) WHERE state <> 'done';
-- The sender's keys: what was once accepted under a key is not made again.
CREATE TABLE row_keys (
    site   TEXT NOT NULL,
    key    TEXT NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (site, key)
) STRICT, WITHOUT ROWID;

-- What no honest desk does. `subject` names a clerk, a site, a client or a certificate, never a person.
CREATE TABLE alarms (
    id        BLOB PRIMARY KEY,
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    site      TEXT NOT NULL,
    day       TEXT NOT NULL,
    detail    TEXT NOT NULL,
    count     INTEGER NOT NULL,
    raised_at INTEGER NOT NULL,
    last_at   INTEGER NOT NULL,
    seen_at   INTEGER,
    seen_by   TEXT,
    note      TEXT,
    UNIQUE (kind, subject, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX alarms_open ON alarms (last_at) WHERE seen_at IS NULL;
-- Certificates by the hour: of a clerk, a site, a client.
CREATE TABLE tallies (
    subject TEXT NOT NULL,
    hour    INTEGER NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (subject, hour)
) STRICT, WITHOUT ROWID;

-- Keys that signed or will sign, as the configuration brought them.
CREATE TABLE signers (
    kid         BLOB NOT NULL,
    certificate BLOB NOT NULL,
    profile     TEXT NOT NULL,
    first_seen  INTEGER NOT NULL,
    reported_at INTEGER,
    complete_until INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kid)
) STRICT, WITHOUT ROWID;
-- What the trust list has to be told. Told again until it answers.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('revoke', 'key')),
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    next_at    INTEGER NOT NULL,
    done_at    INTEGER,
    problem    TEXT
) STRICT;
CREATE INDEX outbox_open ON outbox (next_at) WHERE done_at IS NULL;

-- Work that one process does at a time: who does it, and until when it is theirs.
CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Value sets and products that replace the built-in ones; every version stays.
CREATE TABLE documents (
    kind    TEXT NOT NULL CHECK (kind IN ('value-sets', 'products')),
    name    TEXT NOT NULL,
    version INTEGER NOT NULL,
    content BLOB NOT NULL,
    at      INTEGER NOT NULL,
    by_whom TEXT NOT NULL,
    PRIMARY KEY (kind, name, version)
) STRICT, WITHOUT ROWID;
-- What a clerk used last, so that the next person needs no typing.
CREATE TABLE habits (
    user_name TEXT PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE,
    content   TEXT NOT NULL,
    at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
