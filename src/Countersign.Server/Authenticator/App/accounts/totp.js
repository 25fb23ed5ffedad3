// One-time passcodes by time (RFC 6238), from a key that nobody can read.
import { fromBase32 } from '../protocol/bytes.js';

/** @typedef {{ key: CryptoKey, digits: number, period: number }} TotpKey */

/** @type {Record<string, string>} */
const HASHES = { SHA1: 'SHA-1', SHA256: 'SHA-256', SHA512: 'SHA-512' };

/**
 * The key of a secret; undefined where it is of a kind that is not known.
 * @param {import('../protocol/api.js').Totp} totp
 * @returns {Promise<TotpKey | undefined>}
 */
export async function importTotp({ secret, digits, period, algorithm }) {
  const hash = HASHES[algorithm];
  if (!hash || !Number.isInteger(digits) || digits < 6 || digits > 9 || !Number.isInteger(period) || period < 1) return undefined;
  const bytes = fromBase32(secret);
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['sign']);
  bytes.fill(0);
  return { key, digits, period };
}

/**
 * The passcode of an instant.
 * @param {TotpKey} totp
 * @param {number} now Unix milliseconds
 */
export async function passcode({ key, digits, period }, now) {
  const message = new DataView(new ArrayBuffer(8));
  message.setBigUint64(0, BigInt(Math.floor(now / 1000 / period)));
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, message));
  const truncated = mac.getUint32(mac.getUint8(mac.byteLength - 1) & 0xf) & 0x7fffffff;   // RFC 4226 §5.3
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

/**
 * How long an instant's passcode still counts, in seconds: more than 0, at most the period.
 * @param {TotpKey} totp
 * @param {number} now Unix milliseconds
 */
export const secondsLeft = ({ period }, now) => period - now / 1000 % period;
