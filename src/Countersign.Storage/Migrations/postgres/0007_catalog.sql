-- The API catalog. A content is what one document brought: it is written bit by bit and shown by an API as a whole.
CREATE TABLE catalog_content(
    content bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seen bigint NOT NULL                -- unix milliseconds, like all instants: when it was last written to
);
CREATE TABLE catalog_api(
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    content bigint NOT NULL UNIQUE,
    provider text COLLATE "C" NOT NULL,
    name text COLLATE "C",
    version text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    description text COLLATE "C",
    source text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,                  -- of the document
    operations bigint NOT NULL,
    is_own bigint NOT NULL,
    imported bigint NOT NULL,
    updated bigint NOT NULL
);
CREATE INDEX catalog_api_provider ON catalog_api(provider, id);
CREATE INDEX catalog_api_hash ON catalog_api(hash);
CREATE TABLE catalog_operation(
    id bigint NOT NULL PRIMARY KEY,     -- its rank among equals, its content and its place in it
    content bigint NOT NULL,
    position bigint NOT NULL,
    method text COLLATE "C" NOT NULL,
    path text COLLATE "C" NOT NULL,
    slug text COLLATE "C" NOT NULL,
    operation_id text COLLATE "C",
    title text COLLATE "C" NOT NULL,
    summary text COLLATE "C",
    deprecated bigint NOT NULL,
    tags text COLLATE "C" NOT NULL,                  -- JSON array
    UNIQUE(content, method, slug)
);
CREATE INDEX catalog_operation_position ON catalog_operation(content, position);
-- The pieces of a document in the form of OpenAPI 3.1: a page reads those that it shows.
CREATE TABLE catalog_fragment(
    content bigint NOT NULL,
    pointer text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY(content, pointer)
);
CREATE TABLE catalog_facet(
    content bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,                  -- method, tag
    name text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY(content, kind, name)
);
-- Words, in the form in which they are indexed, for typing errors and suggestions.
CREATE TABLE catalog_word(
    word text COLLATE "C" NOT NULL PRIMARY KEY,
    backwards text COLLATE "C" NOT NULL,
    count bigint NOT NULL
);
CREATE INDEX catalog_word_backwards ON catalog_word(backwards, word, count);
-- titles are the title's words; names these, the API's and the path's; words all of these, tags and description. Marks are in each. No weights: an index knows none, and every row would be looked at again.
CREATE TABLE catalog_search(
    id bigint NOT NULL PRIMARY KEY,
    titles tsvector NOT NULL,
    names tsvector NOT NULL,
    words tsvector NOT NULL
);
CREATE INDEX catalog_search_titles ON catalog_search USING gin(titles) WITH (fastupdate = off);
CREATE INDEX catalog_search_names ON catalog_search USING gin(names) WITH (fastupdate = off);
CREATE INDEX catalog_search_words ON catalog_search USING gin(words) WITH (fastupdate = off);
CREATE TABLE catalog_opened(
    person text COLLATE "C" NOT NULL,
    operation text COLLATE "C" NOT NULL,             -- its id
    at bigint NOT NULL,
    PRIMARY KEY(person, operation)
);
CREATE INDEX catalog_opened_at ON catalog_opened(person, at);
CREATE TABLE catalog_import(
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    status text COLLATE "C" NOT NULL,                -- RUNNING, COMPLETED, FAILED, CANCELED
    source text COLLATE "C" NOT NULL,
    documents bigint NOT NULL,
    documents_total bigint NOT NULL,
    apis bigint NOT NULL,
    known bigint NOT NULL,
    operations bigint NOT NULL,
    refused bigint NOT NULL,
    errors bigint NOT NULL,
    warnings bigint NOT NULL,
    started bigint NOT NULL,
    ended bigint,
    seen bigint NOT NULL,               -- when its process last said something
    reason text COLLATE "C"
);
CREATE INDEX catalog_import_running ON catalog_import(seen) WHERE status = 'RUNNING';
CREATE TABLE catalog_finding(
    import_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    severity text COLLATE "C" NOT NULL,              -- REFUSED, ERROR, WARNING
    document text COLLATE "C" NOT NULL,
    place text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    PRIMARY KEY(import_id, number)
);
CREATE INDEX catalog_finding_severity ON catalog_finding(import_id, severity, number);
