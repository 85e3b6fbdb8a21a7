-- Times are seconds since 1970; days are texts as 2026-11-28. Identifiers are 16 bytes. A site is named by
-- its path, as VN/79/26734/BN1, and compared byte by byte, so that what lies below it is a range. What is personal data says so; retention empties it.

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('audit', 0);

CREATE TABLE audit (
    seq      BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    detail   TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject);
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    EXECUTE FUNCTION audit_append_only();

-- Country, provinces, districts where there are any, communes, sites.
CREATE TABLE places (
    path       TEXT COLLATE "C" PRIMARY KEY,
    level      TEXT NOT NULL CHECK (level IN ('country', 'province', 'district', 'commune', 'site')),
    code       TEXT NOT NULL,
    name       TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    one_step   BOOLEAN NOT NULL DEFAULT FALSE,
    disabled   BOOLEAN NOT NULL DEFAULT FALSE,
    key_spki   BYTEA,
    key_sealed BYTEA,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX places_site_code ON places (code) WHERE level = 'site';

CREATE TABLE users (
    name         TEXT PRIMARY KEY,
    password     TEXT NOT NULL,
    roles        TEXT NOT NULL,
    totp         BYTEA,
    totp_step    BIGINT NOT NULL DEFAULT 0,
    disabled     BOOLEAN NOT NULL DEFAULT FALSE,
    created_at   BIGINT NOT NULL,
    place        TEXT COLLATE "C" NOT NULL DEFAULT '',
    full_name    TEXT NOT NULL DEFAULT '',
    new_password BOOLEAN NOT NULL DEFAULT FALSE,
    oidc_subject TEXT
);
CREATE UNIQUE INDEX users_oidc ON users (oidc_subject) WHERE oidc_subject IS NOT NULL;
CREATE INDEX users_place ON users (place);
CREATE TABLE sessions (
    token   TEXT PRIMARY KEY,
    name    TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    secret  BYTEA NOT NULL,
    created BIGINT NOT NULL,
    seen    BIGINT NOT NULL
);
CREATE TABLE sign_in_failures (
    subject      TEXT PRIMARY KEY,
    failures     BIGINT NOT NULL,
    last         BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);
-- Programs. `spki` is the key that signs their requests' bodies.
CREATE TABLE clients (
    name       TEXT PRIMARY KEY,
    key_hash   TEXT NOT NULL UNIQUE,
    roles      TEXT NOT NULL,
    place      TEXT COLLATE "C" NOT NULL,
    spki       BYTEA NOT NULL,
    disabled   BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL
);

-- Personal data: all of it.
CREATE TABLE persons (
    id          BYTEA PRIMARY KEY CHECK (length(id) = 16),
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
    site        TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT NOT NULL,
    changed_at  BIGINT NOT NULL,
    erased_at   BIGINT
);
CREATE INDEX persons_cccd ON persons (cccd) WHERE cccd IS NOT NULL;
CREATE INDEX persons_cmnd ON persons (cmnd) WHERE cmnd IS NOT NULL;
CREATE INDEX persons_passport ON persons (passport) WHERE passport IS NOT NULL;
CREATE INDEX persons_bhyt ON persons (bhyt) WHERE bhyt IS NOT NULL;
CREATE INDEX persons_birth ON persons (birth, name_key);
CREATE INDEX persons_site ON persons (site, name_key);

-- What happened to a person. `content` is the event as JSON, field by field (personal data); `fingerprint`
-- is of person and event, made with the service's secret: one event of one person is there once.
CREATE TABLE records (
    id           BYTEA PRIMARY KEY CHECK (length(id) = 16),
    person       BYTEA NOT NULL REFERENCES persons (id),
    kind         TEXT NOT NULL CHECK (kind IN ('vaccination', 'test', 'recovery')),
    site         TEXT COLLATE "C" NOT NULL,
    day          TEXT NOT NULL,
    product      TEXT,
    lot          TEXT,
    dose         BIGINT,
    total        BIGINT,
    tube         TEXT,
    corrects     BYTEA,
    content      TEXT NOT NULL,
    fingerprint  TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('recorded', 'sent_back', 'approved', 'certified', 'withdrawn', 'replaced')),
    note         TEXT,
    source       TEXT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    recorded_by  TEXT NOT NULL,
    approved_at  BIGINT,
    approved_by  TEXT,
    approval     BYTEA,
    certified_at BIGINT,
    certified_by TEXT
);
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
    id                BYTEA PRIMARY KEY CHECK (length(id) = 16),
    record            BYTEA NOT NULL REFERENCES records (id),
    person            BYTEA NOT NULL,
    kind              TEXT NOT NULL,
    site              TEXT COLLATE "C" NOT NULL,
    uvci              TEXT NOT NULL,
    uvci_hash         BYTEA NOT NULL UNIQUE,
    issued_at         BIGINT NOT NULL,
    expires_at        BIGINT NOT NULL,
    national_kid      BYTEA,
    national          TEXT,
    international_kid BYTEA,
    international     TEXT,
    state             TEXT NOT NULL CHECK (state IN ('valid', 'held', 'revoked')),
    replaces          BYTEA,
    replaced_by       BYTEA,
    reason            TEXT,
    revoked_at        BIGINT,
    revoked_by        TEXT,
    prints            BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX certificates_record ON certificates (record);
CREATE INDEX certificates_person ON certificates (person, issued_at);
CREATE INDEX certificates_site ON certificates (site, issued_at);
CREATE INDEX certificates_issued ON certificates (issued_at);
-- Those that retention has not emptied.
CREATE INDEX certificates_expires ON certificates (expires_at)
    WHERE national IS NOT NULL OR international IS NOT NULL;

-- One-time codes with which a citizen fetches the own certificate; only their keyed hash is here.
CREATE TABLE claims (
    code        BYTEA PRIMARY KEY,
    certificate BYTEA NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    failures    BIGINT NOT NULL DEFAULT 0,
    used_at     BIGINT
);
CREATE INDEX claims_certificate ON claims (certificate);

-- What a citizen says is wrong (personal data).
CREATE TABLE complaints (
    id          BYTEA PRIMARY KEY,
    certificate BYTEA NOT NULL,
    site        TEXT COLLATE "C" NOT NULL,
    text        TEXT NOT NULL,
    at          BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'mended', 'declined')),
    answer      TEXT,
    answered_at BIGINT,
    answered_by TEXT
);
CREATE INDEX complaints_site ON complaints (site, state, at);

-- What was asked with an Idempotency-Key, and what came of it.
CREATE TABLE idempotency (
    scope   TEXT NOT NULL,
    key     TEXT NOT NULL,
    digest  BYTEA NOT NULL,
    outcome TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE deliveries (
    site         TEXT COLLATE "C" NOT NULL,
    product      TEXT NOT NULL,
    lot          TEXT NOT NULL,
    doses        BIGINT NOT NULL,
    delivered_on TEXT NOT NULL,
    expires_on   TEXT,
    at           BIGINT NOT NULL,
    by_whom      TEXT NOT NULL,
    PRIMARY KEY (site, product, lot)
);

-- Sample tubes; a pooled one holds the samples of several people.
CREATE TABLE tubes (
    code       TEXT PRIMARY KEY,
    site       TEXT COLLATE "C" NOT NULL,
    sampled_at TEXT NOT NULL,
    content    TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'negative', 'positive', 'spoiled')),
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    read_at    BIGINT,
    read_by    TEXT
);
CREATE INDEX tubes_site ON tubes (site, state);
CREATE TABLE tube_people (
    tube   TEXT NOT NULL REFERENCES tubes (code),
    person BYTEA NOT NULL,
    PRIMARY KEY (tube, person)
);
CREATE INDEX tube_people_person ON tube_people (person);

-- Bulk work. `report` of a job and `draft` of a row are personal data; a draft goes when its row is made.
CREATE TABLE jobs (
    id          BYTEA PRIMARY KEY,
    form        TEXT NOT NULL CHECK (form IN ('csv', 'xlsx', 'fhir')),
    site        TEXT COLLATE "C" NOT NULL,
    name        TEXT NOT NULL,
    upto        TEXT NOT NULL CHECK (upto IN ('recorded', 'approved', 'certified')),
    state       TEXT NOT NULL CHECK (state IN ('checked', 'running', 'done', 'cancelled')),
    rows        BIGINT NOT NULL,
    refused     BIGINT NOT NULL,
    unconfirmed BIGINT NOT NULL,
    confirmed   BOOLEAN NOT NULL DEFAULT FALSE,
    made        BIGINT NOT NULL DEFAULT 0,
    known       BIGINT NOT NULL DEFAULT 0,
    failed      BIGINT NOT NULL DEFAULT 0,
    report      BYTEA NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT NOT NULL,
    run_by      TEXT,
    started_at  BIGINT,
    finished_at BIGINT
);
CREATE INDEX jobs_site ON jobs (site, created_at);
CREATE TABLE job_rows (
    job         BYTEA NOT NULL REFERENCES jobs (id),
    line        BIGINT NOT NULL,
    key         TEXT NOT NULL,
    draft       TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'made', 'known', 'failed')),
    problem     TEXT,
    record      BYTEA,
    certificate BYTEA,
    PRIMARY KEY (job, line)
);
-- A piece of a job, handed out by the database: whoever holds it does so until `until`.
CREATE TABLE job_chunks (
    job    BYTEA NOT NULL REFERENCES jobs (id),
    first  BIGINT NOT NULL,
    last   BIGINT NOT NULL,
    state  TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'done')),
    holder TEXT,
    until  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (job, first)
);
CREATE INDEX job_chunks_open ON job_chunks (state, until) WHERE state <> 'done';
-- The sender's keys: what was once accepted under a key is not made again.
CREATE TABLE row_keys (
    site   TEXT COLLATE "C" NOT NULL,
    key    TEXT NOT NULL,
    record BYTEA NOT NULL,
    PRIMARY KEY (site, key)
);

-- What no honest desk does. `subject` names a clerk, a site, a client or a certificate, never a person.
CREATE TABLE alarms (
    id        BYTEA PRIMARY KEY,
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    site      TEXT COLLATE "C" NOT NULL,
    day       TEXT NOT NULL,
    detail    TEXT NOT NULL,
    count     BIGINT NOT NULL,
    raised_at BIGINT NOT NULL,
    last_at   BIGINT NOT NULL,
    seen_at   BIGINT,
    seen_by   TEXT,
    note      TEXT,
    UNIQUE (kind, subject, day)
);
CREATE INDEX alarms_open ON alarms (last_at) WHERE seen_at IS NULL;
-- Certificates by the hour: of a clerk, a site, a client.
CREATE TABLE tallies (
    subject TEXT NOT NULL,
    hour    BIGINT NOT NULL,
    count   BIGINT NOT NULL,
    PRIMARY KEY (subject, hour)
);

-- Keys that signed or will sign, as the configuration brought them.
CREATE TABLE signers (
    kid         BYTEA NOT NULL,
    certificate BYTEA NOT NULL,
    profile     TEXT NOT NULL,
    first_seen  BIGINT NOT NULL,
    reported_at BIGINT,
    complete_until BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (kid)
);
-- What the trust list has to be told. Told again until it answers.
CREATE TABLE outbox (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('revoke', 'key')),
    body       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    attempts   BIGINT NOT NULL DEFAULT 0,
    next_at    BIGINT NOT NULL,
    done_at    BIGINT,
    problem    TEXT
);
CREATE INDEX outbox_open ON outbox (next_at) WHERE done_at IS NULL;

-- Work that one process does at a time: who does it, and until when it is theirs.
CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  BIGINT NOT NULL
);

-- Value sets and products that replace the built-in ones; every version stays.
CREATE TABLE documents (
    kind    TEXT NOT NULL CHECK (kind IN ('value-sets', 'products')),
    name    TEXT NOT NULL,
    version BIGINT NOT NULL,
    content BYTEA NOT NULL,
    at      BIGINT NOT NULL,
    by_whom TEXT NOT NULL,
    PRIMARY KEY (kind, name, version)
);
-- What a clerk used last, so that the next person needs no typing.
CREATE TABLE habits (
    user_name TEXT PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE,
    content   TEXT NOT NULL,
    at        BIGINT NOT NULL
);
