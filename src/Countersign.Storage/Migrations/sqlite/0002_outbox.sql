-- Messages to people and hooks, committed with what causes them.
CREATE TABLE outbox(
    id TEXT NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,     -- as it is written
    recipient_key TEXT NOT NULL, -- in lower case
    user_id TEXT,
    factor_id TEXT,
    purpose INTEGER NOT NULL,                 -- 0 activation, 1 verification
    created INTEGER NOT NULL,                 -- unix milliseconds, like all instants
    expires INTEGER NOT NULL,
    status TEXT NOT NULL,
    due INTEGER,                              -- when it is taken up; null: it is not, or not any more
    updated INTEGER NOT NULL,
    attempts INTEGER NOT NULL,                -- guards what is noted: who took it up last
    provider TEXT,
    reference TEXT,              -- the provider's own id
    reason TEXT,
    content BLOB                            -- sealed; null once it is not needed
) WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox(due) WHERE due IS NOT NULL;
CREATE INDEX outbox_recipient ON outbox(recipient_key, id);
CREATE INDEX outbox_user ON outbox(user_id, factor_id) WHERE due IS NOT NULL;
CREATE INDEX outbox_reference ON outbox(reference) WHERE reference IS NOT NULL;

-- What is remembered of sends to one recipient, user, address, range of numbers, or at all.
CREATE TABLE send_limit(
    key TEXT NOT NULL PRIMARY KEY,
    started INTEGER NOT NULL,
    count INTEGER NOT NULL,
    last INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX send_limit_last ON send_limit(last);

-- What share of the codes sent to a range of numbers is verified.
CREATE TABLE conversion(
    range TEXT NOT NULL PRIMARY KEY,
    started INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    paused_until INTEGER NOT NULL
);
CREATE INDEX conversion_paused ON conversion(paused_until);

-- Up to where the log was read for event hooks.
CREATE TABLE event_feed(
    id INTEGER NOT NULL PRIMARY KEY CHECK(id = 1),
    seq INTEGER NOT NULL
);
INSERT INTO event_feed(id, seq) VALUES(1, 0);

-- Changes of the organisation's settings take turns by locking this row.
INSERT INTO organization(key, document) VALUES('turn', x'');
