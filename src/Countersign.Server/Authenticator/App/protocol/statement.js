// What the device signs: docs/authenticator-protocol.md, "Keys and statements".
import { sha256, toBase64url, utf8 } from './bytes.js';

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {{ kty: 'EC', crv: 'P-256', x: string, y: string }} PublicKey */
/** @typedef {'approve' | 'deny' | 'report'} Decision */
/** @typedef {{ user: string, factor: string }} Device */

const VERSION = 'countersign-authenticator/1';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };

/** A new key of an account. The private half never leaves the browser. */
export const makeKey = () => crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);

/**
 * A key's public half as it travels.
 * @param {CryptoKey} key
 * @returns {Promise<PublicKey>}
 */
export async function publicHalf(key) {
  const { x, y } = await crypto.subtle.exportKey('jwk', key);
  return { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) };
}

/**
 * RFC 7638, SHA-256, in base64url.
 * @param {PublicKey} key
 */
export const thumbprint = async ({ crv, kty, x, y }) => toBase64url(await sha256(utf8(JSON.stringify({ crv, kty, x, y }))));

/**
 * The bytes of a statement: the version and then these texts, each after its length.
 * @param {string[]} texts the kind first
 * @returns {Bytes}
 */
export function statementBytes(texts) {
  const parts = [VERSION, ...texts].map(utf8);
  const bytes = new Uint8Array(parts.reduce((length, part) => length + 4 + part.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/**
 * The signature of a statement, 86 characters.
 * @param {CryptoKey} key
 * @param {string[]} texts
 */
export async function sign(key, texts) {
  return toBase64url(new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, statementBytes(texts))));
}

/**
 * This key belongs to this device.
 * @param {string} origin
 * @param {{ ticket: string, name: string, deviceType: string, platform: string, version: string }} registration
 * @param {string} keyThumbprint
 */
export const registerStatement = (origin, { ticket, name, deviceType, platform, version }, keyThumbprint) =>
  ['register', origin, ticket, keyThumbprint, name, deviceType, platform, version];

/**
 * This device asks this.
 * @param {string} origin
 * @param {Device} device
 * @param {{ method: string, path: string, issuedAt: number, body?: string }} request issuedAt in Unix milliseconds
 */
export const requestStatement = async (origin, { user, factor }, { method, path, issuedAt, body = '' }) =>
  ['request', origin, user, factor, method, path, String(issuedAt), toBase64url(await sha256(utf8(body)))];

/**
 * This is what the person said to this request.
 * @param {string} origin
 * @param {Device} device
 * @param {import('./api.js').PushRequest} request
 * @param {Decision} decision
 * @param {string} number two digits, or empty
 */
export const answerStatement = (origin, { user, factor }, request, decision, number) => [
  'answer', origin, user, factor, request.transactionId, request.createdAt, request.expiresAt, request.application ?? '', request.address ?? '',
  request.place ?? '', request.userAgent ?? '', request.number, decision, number,
];
