// Signed cookies and random tokens, as better-auth itself makes them.
import { randomBytes } from "node:crypto";
import { makeSignature } from "better-auth/crypto";

/** A cookie header value: the value and its signature, encoded. */
export const cookie = async (name, value) =>
  `${name}=${encodeURIComponent(`${value}.${await makeSignature(value, process.env.BETTER_AUTH_SECRET)}`)}`;

/** Letters and digits, as many as asked for. */
export const randomToken = (length) => {
  let token = "";
  while (token.length < length) token += randomBytes(length).toString("base64").replace(/[+/=]/g, "");
  return token.slice(0, length);
};
