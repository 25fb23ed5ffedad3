-- Messages to people and hooks, committed with what causes them.
CREATE TABLE outbox(
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    channel text COLLATE "C" NOT NULL,
    recipient text COLLATE "C" NOT NULL,     -- as it is written
    recipient_key text COLLATE "C" NOT NULL, -- in lower case
    user_id text COLLATE "C",
    factor_id text COLLATE "C",
    purpose bigint NOT NULL,                 -- 0 activation, 1 verification
    created bigint NOT NULL,                 -- unix milliseconds, like all instants
    expires bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    due bigint,                              -- when it is taken up; null: it is not, or not any more
    updated bigint NOT NULL,
    attempts bigint NOT NULL,                -- guards what is noted: who took it up last
    provider text COLLATE "C",
    reference text COLLATE "C",              -- the provider's own id
    reason text COLLATE "C",
    content bytea                            -- sealed; null once it is not needed
) WITH (fillfactor = 70);
CREATE INDEX outbox_due ON outbox(due) WHERE due IS NOT NULL;
CREATE INDEX outbox_recipient ON outbox(recipient_key, id);
CREATE INDEX outbox_user ON outbox(user_id, factor_id) WHERE due IS NOT NULL;
CREATE INDEX outbox_reference ON outbox(reference) WHERE reference IS NOT NULL;

-- What is remembered of sends to one recipient, user, address, range of numbers, or at all.
CREATE TABLE send_limit(
    key text COLLATE "C" NOT NULL PRIMARY KEY,
    started bigint NOT NULL,
    count bigint NOT NULL,
    last bigint NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX send_limit_last ON send_limit(last);

-- What share of the codes sent to a range of numbers is verified.
CREATE TABLE conversion(
    range text COLLATE "C" NOT NULL PRIMARY KEY,
    started bigint NOT NULL,
    sent bigint NOT NULL,
    verified bigint NOT NULL,
    paused_until bigint NOT NULL
);
CREATE INDEX conversion_paused ON conversion(paused_until);

-- Up to where the log was read for event hooks.
CREATE TABLE event_feed(
    id bigint NOT NULL PRIMARY KEY CHECK(id = 1),
    seq bigint NOT NULL
);
INSERT INTO event_feed(id, seq) VALUES(1, 0);

-- Changes of the organisation's settings take turns by locking this row.
INSERT INTO organization(key, document) VALUES('turn', '');
