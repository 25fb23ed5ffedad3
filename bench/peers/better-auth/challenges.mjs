// node challenges.mjs USERS CHALLENGES
// Writes what a right password leaves behind when a second factor is due: for each line of USERS (a user id) the two
// rows of a challenge, and to CHALLENGES its cookie, in the same order. The same rows and cookie as the sign-in hook of
// the plug-in makes (plugins/two-factor, hooks.after), without the password hash that it would cost.
import { readFile, writeFile } from "node:fs/promises";
import { auth, database } from "./auth.mjs";
import { cookie, randomToken } from "./cookies.mjs";

const [usersFile, challengesFile] = process.argv.slice(2);
const context = await auth.$context;
const { name } = context.createAuthCookie("two_factor");

const users = (await readFile(usersFile, "utf8")).trimEnd().split("\n");
const identifiers = users.map(() => `2fa-${randomToken(20)}`);
const batch = 5_000;
for (let first = 0; first < users.length; first += batch) {
  await database.query(
    `INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
     SELECT 'c' || identifier, identifier, id, now() + interval '10 minutes', now(), now()
     FROM unnest($1::text[], $2::text[]) AS t(id, identifier)
     UNION ALL
     SELECT 'a' || identifier, '2fa-attempts-' || identifier, '0', now() + interval '10 minutes', now(), now()
     FROM unnest($2::text[]) AS t(identifier)`,
    [users.slice(first, first + batch), identifiers.slice(first, first + batch)]);
}

const lines = await Promise.all(identifiers.map((identifier) => cookie(name, identifier)));
await writeFile(challengesFile, `${lines.join("\n")}\n`);
await database.end();
