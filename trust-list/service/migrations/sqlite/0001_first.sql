-- Times are seconds since 1970. Digests are lower-case hexadecimal.

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;
INSERT INTO counters (name, value) VALUES ('sequence', 0), ('audit', 0), ('live', 0), ('group', 0);

-- Who may sign certificates (role signer), and the authorities above them.
CREATE TABLE listed_keys (
    id             TEXT PRIMARY KEY,
    role           TEXT NOT NULL CHECK (role IN ('signer', 'authority')),
    kid            BLOB,
    certificate    INTEGER NOT NULL,
    der            BLOB NOT NULL,
    country        TEXT,
    domain         TEXT,
    issuer         TEXT,
    subject        TEXT,
    not_after      INTEGER,
    state          TEXT NOT NULL CHECK (state IN ('candidate', 'admitted', 'withdrawn', 'compromised', 'removed')),
    withdrawn_from INTEGER,
    reason         TEXT,
    source         TEXT NOT NULL,
    added_at       INTEGER NOT NULL,
    added_by       TEXT NOT NULL,
    changed_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX listed_keys_country ON listed_keys (country, state);

-- Rules, value sets, policy; every version stays. Empty content says: taken away.
CREATE TABLE documents (
    kind    TEXT NOT NULL CHECK (kind IN ('rules', 'value-sets', 'policy')),
    name    TEXT NOT NULL,
    version INTEGER NOT NULL,
    content BLOB NOT NULL,
    at      INTEGER NOT NULL,
    by_whom TEXT NOT NULL,
    PRIMARY KEY (kind, name, version)
) STRICT;

-- Every certificate of our own issuers, by the hash of its identifier. The month is 12 * year + month - 1.
CREATE TABLE issued (
    kid   BLOB NOT NULL,
    month INTEGER NOT NULL,
    id    BLOB NOT NULL CHECK (length(id) = 16),
    at    INTEGER NOT NULL,
    PRIMARY KEY (kid, month, id)
) STRICT, WITHOUT ROWID;
-- What certificates have in common: lot, site, account.
CREATE TABLE issued_labels (
    label TEXT NOT NULL,
    kid   BLOB NOT NULL,
    month INTEGER NOT NULL,
    id    BLOB NOT NULL,
    PRIMARY KEY (label, kid, month, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE revocations (
    kid        BLOB NOT NULL,
    month      INTEGER NOT NULL,
    id         BLOB NOT NULL,
    reason     TEXT NOT NULL,
    grp        TEXT NOT NULL,
    revoked_at INTEGER NOT NULL,
    revoked_by TEXT NOT NULL,
    undone_at  INTEGER,
    undone_by  TEXT,
    PRIMARY KEY (kid, month, id),
    FOREIGN KEY (kid, month, id) REFERENCES issued (kid, month, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX revocations_group ON revocations (grp);
-- One row for each kid and month. `change` counts what makes a slice wrong that was built before:
-- a revocation, one undone, a certificate reported late.
CREATE TABLE slices (
    kid     BLOB NOT NULL,
    month   INTEGER NOT NULL,
    issued  INTEGER NOT NULL,
    revoked INTEGER NOT NULL,
    change  INTEGER NOT NULL,
    built   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kid, month)
) STRICT, WITHOUT ROWID;
-- Up to which time of issue an issuer has reported everything.
CREATE TABLE coverage (
    kid            BLOB PRIMARY KEY,
    complete_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE slice_parts (
    kid     BLOB NOT NULL,
    month   INTEGER NOT NULL,
    which   TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (kid, month, which)
) STRICT, WITHOUT ROWID;
-- Revocation lists of other countries, as they came.
CREATE TABLE foreign_lists (
    name    TEXT PRIMARY KEY,
    form    TEXT NOT NULL,
    country TEXT,
    content BLOB NOT NULL,
    expires INTEGER,
    at      INTEGER NOT NULL,
    by_whom TEXT NOT NULL
) STRICT;

CREATE TABLE key_lists (
    version  INTEGER PRIMARY KEY,
    content  TEXT NOT NULL,
    envelope BLOB NOT NULL,
    complete INTEGER NOT NULL,
    made_at  INTEGER NOT NULL,
    expires  INTEGER NOT NULL
) STRICT;
CREATE TABLE publications (
    sequence INTEGER PRIMARY KEY,
    state    TEXT NOT NULL CHECK (state IN ('taken', 'prepared', 'published')),
    manifest TEXT,
    issued   INTEGER NOT NULL,
    soft     INTEGER NOT NULL,
    hard     INTEGER NOT NULL,
    key_list INTEGER NOT NULL,
    summary  TEXT NOT NULL,
    client   BLOB,
    by_whom  TEXT NOT NULL
) STRICT;

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
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE users (
    name       TEXT PRIMARY KEY,
    password   TEXT NOT NULL,
    roles      TEXT NOT NULL,
    totp       BLOB,
    totp_step  INTEGER NOT NULL DEFAULT 0,
    disabled   INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE sessions (
    token    TEXT PRIMARY KEY,
    name     TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    secret   BLOB NOT NULL,
    created  INTEGER NOT NULL,
    seen     INTEGER NOT NULL
) STRICT;
CREATE TABLE clients (
    name       TEXT PRIMARY KEY,
    key_hash   TEXT NOT NULL UNIQUE,
    scopes     TEXT NOT NULL,
    kids       TEXT NOT NULL,
    disabled   INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE sign_in_failures (
    subject      TEXT PRIMARY KEY,
    failures     INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    locked_until INTEGER NOT NULL
) STRICT;
