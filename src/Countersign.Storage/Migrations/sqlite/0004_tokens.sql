-- Hardware tokens whose secrets the organization knows. Whose one is, and how far it was used, is in claim.
CREATE TABLE token(
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,                  -- yubikey, oath
    serial TEXT NOT NULL,
    key_id TEXT NOT NULL,                -- which of several keys of one device; empty for YubiKeys
    public_id TEXT,                      -- what a YubiKey types before each OTP
    claim_key TEXT NOT NULL,             -- follows the secret: equal ones have equal keys
    secret BLOB NOT NULL,                -- sealed
    document BLOB,                       -- JSON: how an OATH token computes
    created INTEGER NOT NULL,            -- unix milliseconds, like all instants
    updated INTEGER NOT NULL,
    UNIQUE(kind, serial, key_id)
);
CREATE UNIQUE INDEX token_public ON token(public_id) WHERE public_id IS NOT NULL;
CREATE INDEX token_claim ON token(claim_key);
CREATE INDEX token_kind ON token(kind, id);
CREATE INDEX token_created ON token(kind, created, id);
