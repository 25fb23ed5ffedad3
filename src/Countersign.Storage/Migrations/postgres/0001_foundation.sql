-- A user's profile and credentials: what people and administrators change.
CREATE TABLE users(
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    login_key text COLLATE "C" NOT NULL UNIQUE,      -- the login in lower case
    document bytea NOT NULL               -- JSON: profile, credentials, dates
);

-- The values that users are searched by, in lower case, one row each.
CREATE TABLE user_attribute(
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    PRIMARY KEY(name, value, user_id)
);
CREATE INDEX user_attribute_user ON user_attribute(user_id);

-- What verifications read and change: one row, one version (the guard of every commit).
CREATE TABLE user_state(
    user_id text COLLATE "C" NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    state bytea NOT NULL                  -- JSON: attempts, factors
) WITH (fillfactor = 80);
CREATE INDEX user_state_status ON user_state(status, user_id);

-- The system log: one row an event, numbered without gaps, chained per commit.
CREATE TABLE log(
    seq bigint NOT NULL PRIMARY KEY,
    at bigint NOT NULL,                 -- unix milliseconds
    body bytea NOT NULL                   -- JSON
);
CREATE TABLE log_batch(
    last_seq bigint NOT NULL PRIMARY KEY,
    count bigint NOT NULL,
    anchor_seq bigint NOT NULL,         -- an earlier head that the digest vouches for
    anchor_hash bytea NOT NULL,
    digest bytea NOT NULL,                -- HMAC over anchor and events
    hash bytea NOT NULL                   -- SHA-256(hash before, digest)
);
CREATE TABLE log_head(
    id bigint NOT NULL PRIMARY KEY CHECK(id = 1),
    seq bigint NOT NULL,
    hash bytea NOT NULL
) WITH (fillfactor = 10);
INSERT INTO log_head(id, seq, hash) VALUES(1, 0, decode('0000000000000000000000000000000000000000000000000000000000000000', 'hex'));
-- The head as it was before the first event that is kept.
CREATE TABLE log_start(
    id bigint NOT NULL PRIMARY KEY CHECK(id = 1),
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    proof bytea NOT NULL                -- HMAC over both; empty as long as nothing was removed
);
INSERT INTO log_start(id, seq, hash, proof) VALUES(1, 0, decode(repeat('00', 32), 'hex'), '');

CREATE TABLE api_token(
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,           -- SHA-256 of the token
    name text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    scopes text COLLATE "C" NOT NULL,                -- separated by spaces; empty: all
    created bigint NOT NULL,
    expires bigint,                     -- unix milliseconds; null: only by disuse
    last_used bigint NOT NULL
);

-- The organisation's settings, one JSON document a key.
CREATE TABLE organization(
    key text COLLATE "C" NOT NULL PRIMARY KEY,
    document bytea NOT NULL
);

-- Keys that seal secrets, themselves sealed under the master key.
CREATE TABLE data_key(
    id bigint NOT NULL PRIMARY KEY,
    purpose text COLLATE "C" NOT NULL,               -- seal, fingerprint, log
    wrapped bytea NOT NULL,
    created bigint NOT NULL
);
