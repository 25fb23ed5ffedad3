-- What outside of a user's state belongs to one factor of one user: a credential, a hardware token.
CREATE TABLE claim(
    key TEXT NOT NULL PRIMARY KEY,       -- what is claimed
    user_id TEXT,                        -- null: nobody has it any more
    factor_id TEXT,
    since INTEGER,                       -- unix milliseconds, like all instants
    counter INTEGER NOT NULL,            -- up to where its codes were used, whoever had it; -1: it has no counter
    last_verified INTEGER
) WITHOUT ROWID;
CREATE INDEX claim_user ON claim(user_id, factor_id) WHERE user_id IS NOT NULL;
