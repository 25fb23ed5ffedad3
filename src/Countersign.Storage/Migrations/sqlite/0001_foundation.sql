-- A user's profile and credentials: what people and administrators change.
CREATE TABLE users(
    id TEXT NOT NULL PRIMARY KEY,
    login_key TEXT NOT NULL UNIQUE,      -- the login in lower case
    document BLOB NOT NULL               -- JSON: profile, credentials, dates
);

-- The values that users are searched by, in lower case, one row each.
CREATE TABLE user_attribute(
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY(name, value, user_id)
) WITHOUT ROWID;
CREATE INDEX user_attribute_user ON user_attribute(user_id);

-- What verifications read and change: one row, one version (the guard of every commit).
CREATE TABLE user_state(
    user_id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    state BLOB NOT NULL                  -- JSON: attempts, factors
);
CREATE INDEX user_state_status ON user_state(status, user_id);

-- The system log: one row an event, numbered without gaps, chained per commit.
CREATE TABLE log(
    seq INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,                 -- unix milliseconds
    body BLOB NOT NULL                   -- JSON
);
CREATE TABLE log_batch(
    last_seq INTEGER NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    anchor_seq INTEGER NOT NULL,         -- an earlier head that the digest vouches for
    anchor_hash BLOB NOT NULL,
    digest BLOB NOT NULL,                -- HMAC over anchor and events
    hash BLOB NOT NULL                   -- SHA-256(hash before, digest)
);
CREATE TABLE log_head(
    id INTEGER NOT NULL PRIMARY KEY CHECK(id = 1),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL
);
INSERT INTO log_head(id, seq, hash) VALUES(1, 0, x'0000000000000000000000000000000000000000000000000000000000000000');
-- The head as it was before the first event that is kept.
CREATE TABLE log_start(
    id INTEGER NOT NULL PRIMARY KEY CHECK(id = 1),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    proof BLOB NOT NULL                  -- HMAC over both; empty as long as nothing was removed
);
INSERT INTO log_start(id, seq, hash, proof) VALUES(1, 0, x'0000000000000000000000000000000000000000000000000000000000000000', x'');

CREATE TABLE api_token(
    id TEXT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,           -- SHA-256 of the token
    name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    scopes TEXT NOT NULL,                -- separated by spaces; empty: all
    created INTEGER NOT NULL,
    expires INTEGER,                     -- unix milliseconds; null: only by disuse
    last_used INTEGER NOT NULL
);

-- The organisation's settings, one JSON document a key.
CREATE TABLE organization(
    key TEXT NOT NULL PRIMARY KEY,
    document BLOB NOT NULL
);

-- Keys that seal secrets, themselves sealed under the master key.
CREATE TABLE data_key(
    id INTEGER NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,               -- seal, fingerprint, log
    wrapped BLOB NOT NULL,
    created INTEGER NOT NULL
);
