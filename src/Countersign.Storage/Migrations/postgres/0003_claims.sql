-- What outside of a user's state belongs to one factor of one user: a credential, a hardware token.
CREATE TABLE claim(
    key text COLLATE "C" NOT NULL PRIMARY KEY, -- what is claimed
    user_id text COLLATE "C",                -- null: nobody has it any more
    factor_id text COLLATE "C",
    since bigint,                            -- unix milliseconds, like all instants
    counter bigint NOT NULL,                 -- up to where its codes were used, whoever had it; -1: it has no counter
    last_verified bigint
) WITH (fillfactor = 70);
CREATE INDEX claim_user ON claim(user_id, factor_id) WHERE user_id IS NOT NULL;
