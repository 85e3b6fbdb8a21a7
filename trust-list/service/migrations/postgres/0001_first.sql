-- Times are seconds since 1970. Digests are lower-case hexadecimal.

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('sequence', 0), ('audit', 0), ('live', 0), ('group', 0);

-- Who may sign certificates (role signer), and the authorities above them.
CREATE TABLE listed_keys (
    id             TEXT PRIMARY KEY,
    role           TEXT NOT NULL CHECK (role IN ('signer', 'authority')),
    kid            BYTEA,
    certificate    BOOLEAN NOT NULL,
    der            BYTEA NOT NULL,
    country        TEXT,
    domain         TEXT,
    issuer         TEXT,
    subject        TEXT,
    not_after      BIGINT,
    state          TEXT NOT NULL CHECK (state IN ('candidate', 'admitted', 'withdrawn', 'compromised', 'removed')),
    withdrawn_from BIGINT,
    reason         TEXT,
    source         TEXT NOT NULL,
    added_at       BIGINT NOT NULL,
    added_by       TEXT NOT NULL,
    changed_at     BIGINT NOT NULL
);
CREATE INDEX listed_keys_country ON listed_keys (country, state);

-- Rules, value sets, policy; every version stays. Empty content says: taken away.
CREATE TABLE documents (
    kind    TEXT NOT NULL CHECK (kind IN ('rules', 'value-sets', 'policy')),
    name    TEXT NOT NULL,
    version BIGINT NOT NULL,
    content BYTEA NOT NULL,
    at      BIGINT NOT NULL,
    by_whom TEXT NOT NULL,
    PRIMARY KEY (kind, name, version)
);

-- Every certificate of our own issuers, by the hash of its identifier. The month is 12 * year + month - 1.
CREATE TABLE issued (
    kid   BYTEA NOT NULL,
    month BIGINT NOT NULL,
    id    BYTEA NOT NULL CHECK (octet_length(id) = 16),
    at    BIGINT NOT NULL,
    PRIMARY KEY (kid, month, id)
);
-- What certificates have in common: lot, site, account.
CREATE TABLE issued_labels (
    label TEXT NOT NULL,
    kid   BYTEA NOT NULL,
    month BIGINT NOT NULL,
    id    BYTEA NOT NULL,
    PRIMARY KEY (label, kid, month, id)
);
CREATE TABLE revocations (
    kid        BYTEA NOT NULL,
    month      BIGINT NOT NULL,
    id         BYTEA NOT NULL,
    reason     TEXT NOT NULL,
    grp        TEXT NOT NULL,
    revoked_at BIGINT NOT NULL,
    revoked_by TEXT NOT NULL,
    undone_at  BIGINT,
    undone_by  TEXT,
    PRIMARY KEY (kid, month, id),
    FOREIGN KEY (kid, month, id) REFERENCES issued (kid, month, id)
);
CREATE INDEX revocations_group ON revocations (grp);
-- One row for each kid and month. `change` counts what makes a slice wrong that was built before:
-- a revocation, one undone, a certificate reported late.
CREATE TABLE slices (
    kid     BYTEA NOT NULL,
    month   BIGINT NOT NULL,
    issued  BIGINT NOT NULL,
    revoked BIGINT NOT NULL,
    change  BIGINT NOT NULL,
    built   BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (kid, month)
);
-- Up to which time of issue an issuer has reported everything.
CREATE TABLE coverage (
    kid            BYTEA PRIMARY KEY,
    complete_until BIGINT NOT NULL
);
CREATE TABLE slice_parts (
    kid     BYTEA NOT NULL,
    month   BIGINT NOT NULL,
    which   TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (kid, month, which)
);
-- Revocation lists of other countries, as they came.
CREATE TABLE foreign_lists (
    name    TEXT PRIMARY KEY,
    form    TEXT NOT NULL,
    country TEXT,
    content BYTEA NOT NULL,
    expires BIGINT,
    at      BIGINT NOT NULL,
    by_whom TEXT NOT NULL
);

CREATE TABLE key_lists (
    version  BIGINT PRIMARY KEY,
    content  TEXT NOT NULL,
    envelope BYTEA NOT NULL,
    complete BOOLEAN NOT NULL,
    made_at  BIGINT NOT NULL,
    expires  BIGINT NOT NULL
);
CREATE TABLE publications (
    sequence BIGINT PRIMARY KEY,
    state    TEXT NOT NULL CHECK (state IN ('taken', 'prepared', 'published')),
    manifest TEXT,
    issued   BIGINT NOT NULL,
    soft     BIGINT NOT NULL,
    hard     BIGINT NOT NULL,
    key_list BIGINT NOT NULL,
    summary  TEXT NOT NULL,
    client   BYTEA,
    by_whom  TEXT NOT NULL
);

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
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

CREATE TABLE users (
    name       TEXT PRIMARY KEY,
    password   TEXT NOT NULL,
    roles      TEXT NOT NULL,
    totp       BYTEA,
    totp_step  BIGINT NOT NULL DEFAULT 0,
    disabled   BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL
);
CREATE TABLE sessions (
    token    TEXT PRIMARY KEY,
    name     TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    secret   BYTEA NOT NULL,
    created  BIGINT NOT NULL,
    seen     BIGINT NOT NULL
);
CREATE TABLE clients (
    name       TEXT PRIMARY KEY,
    key_hash   TEXT NOT NULL UNIQUE,
    scopes     TEXT NOT NULL,
    kids       TEXT NOT NULL,
    disabled   BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL
);
CREATE TABLE sign_in_failures (
    subject      TEXT PRIMARY KEY,
    failures     BIGINT NOT NULL,
    last         BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);
