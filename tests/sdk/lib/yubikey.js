// A YubiKey that types OTPs, made here and not by the code under test.
import { createCipheriv, randomBytes } from 'node:crypto';

const ALPHABET = 'cbdefghijklnrtuv';

/** A new key whose public id is its serial number. */
export function yubikey(serial) {
  const [privateId, aesKey] = [randomBytes(6), randomBytes(16)];
  const publicId = modhex(Buffer.from(serial.toString(16).padStart(12, '0'), 'hex'));
  let touches = 0;
  return {
    seed: { serialNumber: String(serial), publicId, privateId: privateId.toString('hex'), aesKey: aesKey.toString('hex') },
    /** The OTP of the next touch, plugged in once. */
    touch() {
      const block = Buffer.alloc(16);
      privateId.copy(block);
      block.writeUInt16LE(1, 6);
      randomBytes(3).copy(block, 8);
      block[11] = touches++;
      randomBytes(2).copy(block, 12);
      block.writeUInt16LE(~crc(block.subarray(0, 14)) & 0xffff, 14);
      const cipher = createCipheriv('aes-128-ecb', aesKey, null).setAutoPadding(false);
      return publicId + modhex(Buffer.concat([cipher.update(block), cipher.final()]));
    },
  };
}

function modhex(bytes) {
  return Array.from(bytes, byte => ALPHABET[byte >> 4] + ALPHABET[byte & 15]).join('');
}

function crc(bytes) {
  let value = 0xffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ 0x8408 : value >> 1;
  }
  return value;
}
