// What a passkey of the device answered, checked here: WebAuthn Level 3 §7.2, as far as it concerns a page that asks for itself.
import { sameBytes, sha256, toBase64url, utf8 } from '../protocol/bytes.js';

/** @typedef {import('../protocol/bytes.js').Bytes} Bytes */
/** @typedef {{ clientDataJSON: Bytes, authenticatorData: Bytes, signature: Bytes }} Assertion */
/** @typedef {{ publicKey: Bytes, algorithm: number }} UnlockKey SPKI and COSE's number */
/** @typedef {UnlockKey & { id: Bytes }} UnlockPasskey */

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;

/** The algorithms that can be checked here, best first (COSE). */
export const ALGORITHMS = [-7, -257];

/**
 * True when the person was verified by the authenticator that has this key, for this challenge, on this page.
 * @param {Assertion} assertion
 * @param {UnlockKey} key
 * @param {{ challenge: Bytes, origin: string, rpId: string }} expected
 */
export async function verifyAssertion({ clientDataJSON, authenticatorData, signature }, key, { challenge, origin, rpId }) {
  const client = JSON.parse(new TextDecoder().decode(clientDataJSON));
  if (client.type !== 'webauthn.get' || client.challenge !== toBase64url(challenge) || client.origin !== origin || client.crossOrigin === true) return false;   // steps 12 to 15
  if (authenticatorData.length < 37 || !sameBytes(authenticatorData.subarray(0, 32), await sha256(utf8(rpId)))) return false;   // step 16
  const flags = authenticatorData[32];
  if (!(flags & USER_PRESENT) || !(flags & USER_VERIFIED)) return false;   // steps 17 and 18
  const signed = new Uint8Array([...authenticatorData, ...await sha256(clientDataJSON)]);   // steps 21 and 22
  return checkSignature(key, signature, signed);
}

/**
 * @param {UnlockKey} key
 * @param {Bytes} signature
 * @param {Bytes} signed
 */
async function checkSignature({ publicKey, algorithm }, signature, signed) {
  if (algorithm === -7) {
    const key = await crypto.subtle.importKey('spki', publicKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    const plain = plainSignature(signature);
    return plain !== undefined && crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, plain, signed);
  }
  if (algorithm === -257) {
    const key = await crypto.subtle.importKey('spki', publicKey, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['verify']);
    return crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, signature, signed);
  }
  return false;
}

/**
 * r and s one after the other, which WebCrypto reads, of an ECDSA signature in DER (RFC 3279 §2.2.3); undefined where it is none.
 * @param {Bytes} der
 * @returns {Bytes | undefined}
 */
export function plainSignature(der) {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const plain = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1];
    let number = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== 0x02 || number.length !== length || length < 1) return undefined;
    at += 2 + length;
    if (number[0] === 0 && length > 1) number = number.subarray(1);
    if (number.length > 32) return undefined;
    plain.set(number, end - number.length);
  }
  return at === der.length ? plain : undefined;
}
