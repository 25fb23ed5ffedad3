// One-time passcodes (RFC 4226, RFC 6238), computed here and not by the code under test.
import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The passcode of a counter. */
export function hotp(secret, counter, { digits = 6, algorithm = 'sha1' } = {}) {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac(algorithm, secret).update(message).digest();
  const truncated = mac.readUInt32BE(mac[mac.length - 1] & 0xf) & 0x7fffffff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

/** The passcode of now, or of so many steps from now. */
export function totp(secret, steps = 0, { seconds = 30, ...options } = {}) {
  return hotp(secret, Math.floor(Date.now() / 1000 / seconds) + steps, options);
}

/** A passcode that is not one of the next or last hundred steps. */
export function wrongTotp(secret) {
  const known = new Set(Array.from({ length: 201 }, (_, at) => totp(secret, at - 100)));
  for (let code = 0; ; code++) {
    const passcode = String(code).padStart(6, '0');
    if (!known.has(passcode)) return passcode;
  }
}

/** The bytes of a base32 text (RFC 4648). */
export function base32(text) {
  const bits = [...text].map(character => ALPHABET.indexOf(character).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)));
}
