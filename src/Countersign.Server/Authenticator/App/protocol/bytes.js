const encoder = new TextEncoder();

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/**
 * The bytes of a text in UTF-8.
 * @param {string} text
 */
export const utf8 = text => /** @type {Bytes} */ (encoder.encode(text));

/**
 * Base64url without padding (RFC 4648 §5).
 * @param {Uint8Array} bytes
 */
export const toBase64url = bytes => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/**
 * The bytes of such a text; throws where it is none.
 * @param {string} text
 * @returns {Bytes}
 */
export function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new TypeError('not base64url');
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0));
}

/**
 * The bytes of a base32 text, padded or not (RFC 4648 §6); throws where it is none.
 * @param {string} text
 * @returns {Bytes}
 */
export function fromBase32(text) {
  const letters = text.replace(/=+$/, '').toUpperCase();
  const bytes = new Uint8Array(Math.floor(letters.length * 5 / 8));
  let bits = 0, value = 0, at = 0;
  for (const letter of letters) {
    const five = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter);
    if (five < 0) throw new TypeError('not base32');
    value = (value << 5 | five) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes[at++] = value >> (bits -= 8) & 0xff;
  }
  return bytes;
}

/**
 * @param {Bytes} bytes
 * @returns {Promise<Bytes>}
 */
export const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

/**
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
export const sameBytes = (left, right) => left.length === right.length && left.every((byte, at) => byte === right[at]);
