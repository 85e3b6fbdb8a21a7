-- The tables that the shared code expects of each service, with nothing beside them.

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('sequence', 0), ('audit', 0);

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
CREATE TABLE sign_in_failures (
    subject      TEXT PRIMARY KEY,
    failures     BIGINT NOT NULL,
    last         BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);
