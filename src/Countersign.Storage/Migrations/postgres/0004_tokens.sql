-- Hardware tokens whose secrets the organization knows. Whose one is, and how far it was used, is in claim.
CREATE TABLE token(
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,                  -- yubikey, oath
    serial text COLLATE "C" NOT NULL,
    key_id text COLLATE "C" NOT NULL,                -- which of several keys of one device; empty for YubiKeys
    public_id text COLLATE "C",                      -- what a YubiKey types before each OTP
    claim_key text COLLATE "C" NOT NULL,             -- follows the secret: equal ones have equal keys
    secret bytea NOT NULL,                -- sealed
    document bytea,                       -- JSON: how an OATH token computes
    created bigint NOT NULL,            -- unix milliseconds, like all instants
    updated bigint NOT NULL,
    UNIQUE(kind, serial, key_id)
);
CREATE UNIQUE INDEX token_public ON token(public_id) WHERE public_id IS NOT NULL;
CREATE INDEX token_claim ON token(claim_key);
CREATE INDEX token_kind ON token(kind, id);
CREATE INDEX token_created ON token(kind, created, id);
