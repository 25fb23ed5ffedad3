// node seed.mjs PEOPLE SESSIONS
// Makes the tables with better-auth's own migrations, and one user with an authenticator for each line "id base32"
// of PEOPLE. SESSIONS gets each user's session cookie, in the same order.
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { getMigrations } from "better-auth/db/migration";
import { symmetricEncrypt } from "better-auth/crypto";
import { auth, database, options } from "./auth.mjs";
import { cookie, randomToken } from "./cookies.mjs";

const [peopleFile, sessionsFile] = process.argv.slice(2);
const { runMigrations } = await getMigrations(options);
await runMigrations();
const { secretConfig, authCookies } = await auth.$context;

const people = (await readFile(peopleFile, "utf8")).trimEnd().split("\n").map((line) => line.split(" "));
const sessions = createWriteStream(sessionsFile);
const batch = 5_000;

for (let first = 0; first < people.length; first += batch) {
  const rows = await Promise.all(people.slice(first, first + batch).map(async ([id, secret]) => ({
    id,
    token: randomToken(32),
    // "base32:" marks a secret that was made elsewhere and imported.
    secret: await symmetricEncrypt({ key: secretConfig, data: `base32:${secret}` }),
  })));
  const ids = rows.map((row) => row.id);
  await database.query(
    `INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", "twoFactorEnabled")
     SELECT id, id, id || '@example.com', true, now(), now(), true FROM unnest($1::text[]) AS t(id)`, [ids]);
  await database.query(
    `INSERT INTO "twoFactor" (id, secret, "backupCodes", "userId", verified, "failedVerificationCount")
     SELECT 'tf' || id, secret, '', id, true, 0 FROM unnest($1::text[], $2::text[]) AS t(id, secret)`,
    [ids, rows.map((row) => row.secret)]);
  await database.query(
    `INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent")
     SELECT 'se' || id, token, id, now() + interval '7 days', now(), now(), '127.0.0.1', 'bench'
     FROM unnest($1::text[], $2::text[]) AS t(id, token)`, [ids, rows.map((row) => row.token)]);
  for (const row of rows) sessions.write(`${await cookie(authCookies.sessionToken.name, row.token)}\n`);
}

await new Promise((resolve) => sessions.end(resolve));
await database.end();
