-- Secrets that workflow definitions and test requests refer to by name.
CREATE TABLE secret(
    name TEXT NOT NULL PRIMARY KEY,
    created INTEGER NOT NULL,            -- unix milliseconds, like all instants
    updated INTEGER NOT NULL,
    value BLOB NOT NULL               -- sealed
);

-- Named sets of variables.
CREATE TABLE environment(
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    variables BLOB NOT NULL           -- sealed; JSON: name, value, isSecret
);
CREATE INDEX environment_name ON environment(name, id);

-- The last test requests of each person. What people typed may be secret, so all of it is sealed.
CREATE TABLE test_request(
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    started INTEGER NOT NULL,
    summary BLOB NOT NULL,            -- sealed; JSON: what a list shows
    document BLOB NOT NULL            -- sealed; JSON: the whole answer, and what was typed
);
CREATE INDEX test_request_owner ON test_request(owner, started, id);

-- Bodies of answers for download, in parts, for an hour.
CREATE TABLE test_request_body(
    key TEXT NOT NULL PRIMARY KEY,    -- the test request's id, a slash, and the part's number
    size INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    content BLOB NOT NULL             -- sealed
);
CREATE INDEX test_request_body_expires ON test_request_body(expires, size);
