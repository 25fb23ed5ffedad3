-- The API catalog. A content is what one document brought: it is written bit by bit and shown by an API as a whole.
CREATE TABLE catalog_content(
    content INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    seen INTEGER NOT NULL                -- unix milliseconds, like all instants: when it was last written to
);
CREATE TABLE catalog_api(
    id TEXT NOT NULL PRIMARY KEY,
    content INTEGER NOT NULL UNIQUE,
    provider TEXT NOT NULL,
    name TEXT,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT,
    source TEXT NOT NULL,
    hash TEXT NOT NULL,                  -- of the document
    operations INTEGER NOT NULL,
    is_own INTEGER NOT NULL,
    imported INTEGER NOT NULL,
    updated INTEGER NOT NULL
);
CREATE INDEX catalog_api_provider ON catalog_api(provider, id);
CREATE INDEX catalog_api_hash ON catalog_api(hash);
CREATE TABLE catalog_operation(
    id INTEGER NOT NULL PRIMARY KEY,     -- its rank among equals, its content and its place in it
    content INTEGER NOT NULL,
    position INTEGER NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    slug TEXT NOT NULL,
    operation_id TEXT,
    title TEXT NOT NULL,
    summary TEXT,
    deprecated INTEGER NOT NULL,
    tags TEXT NOT NULL,                  -- JSON array
    UNIQUE(content, method, slug)
);
CREATE INDEX catalog_operation_position ON catalog_operation(content, position);
-- The pieces of a document in the form of OpenAPI 3.1: a page reads those that it shows.
CREATE TABLE catalog_fragment(
    content INTEGER NOT NULL,
    pointer TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY(content, pointer)
);
CREATE TABLE catalog_facet(
    content INTEGER NOT NULL,
    kind TEXT NOT NULL,                  -- method, tag
    name TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY(content, kind, name)
) WITHOUT ROWID;
-- Words, in the form in which they are indexed, for typing errors and suggestions.
CREATE TABLE catalog_word(
    word TEXT NOT NULL PRIMARY KEY,
    backwards TEXT NOT NULL,
    count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX catalog_word_backwards ON catalog_word(backwards, word, count);
CREATE VIRTUAL TABLE catalog_search USING fts5(
    title, api, path, tags, description, marks,
    content = '', contentless_delete = 1, detail = column, prefix = '1 2 3', tokenize = "unicode61 remove_diacritics 0"
);
CREATE TABLE catalog_opened(
    person TEXT NOT NULL,
    operation TEXT NOT NULL,             -- its id
    at INTEGER NOT NULL,
    PRIMARY KEY(person, operation)
) WITHOUT ROWID;
CREATE INDEX catalog_opened_at ON catalog_opened(person, at);
CREATE TABLE catalog_import(
    id TEXT NOT NULL PRIMARY KEY,
    status TEXT NOT NULL,                -- RUNNING, COMPLETED, FAILED, CANCELED
    source TEXT NOT NULL,
    documents INTEGER NOT NULL,
    documents_total INTEGER NOT NULL,
    apis INTEGER NOT NULL,
    known INTEGER NOT NULL,
    operations INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    warnings INTEGER NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,
    seen INTEGER NOT NULL,               -- when its process last said something
    reason TEXT
);
CREATE INDEX catalog_import_running ON catalog_import(seen) WHERE status = 'RUNNING';
CREATE TABLE catalog_finding(
    import_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    severity TEXT NOT NULL,              -- REFUSED, ERROR, WARNING
    document TEXT NOT NULL,
    place TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY(import_id, number)
) WITHOUT ROWID;
CREATE INDEX catalog_finding_severity ON catalog_finding(import_id, severity, number);
