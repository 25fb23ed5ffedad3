-- Secrets that workflow definitions and test requests refer to by name.
CREATE TABLE secret(
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    created bigint NOT NULL,            -- unix milliseconds, like all instants
    updated bigint NOT NULL,
    value bytea NOT NULL               -- sealed
);

-- Named sets of variables.
CREATE TABLE environment(
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    created bigint NOT NULL,
    updated bigint NOT NULL,
    variables bytea NOT NULL           -- sealed; JSON: name, value, isSecret
);
CREATE INDEX environment_name ON environment(name, id);

-- The last test requests of each person. What people typed may be secret, so all of it is sealed.
CREATE TABLE test_request(
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    owner text COLLATE "C" NOT NULL,
    started bigint NOT NULL,
    summary bytea NOT NULL,            -- sealed; JSON: what a list shows
    document bytea NOT NULL            -- sealed; JSON: the whole answer, and what was typed
);
CREATE INDEX test_request_owner ON test_request(owner, started, id);

-- Bodies of answers for download, in parts, for an hour.
CREATE TABLE test_request_body(
    key text COLLATE "C" NOT NULL PRIMARY KEY,    -- the test request's id, a slash, and the part's number
    size bigint NOT NULL,
    expires bigint NOT NULL,
    content bytea NOT NULL             -- sealed
);
CREATE INDEX test_request_body_expires ON test_request_body(expires, size);
