// RFC 6238 Appendix B, from keys that cannot be read.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import { load } from './lib/app.js';

const { importTotp, passcode, secondsLeft } = await load('accounts/totp.js');

const SECRETS = {
  SHA1: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  SHA256: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA====',
  SHA512: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA=',
};

for (const [seconds, algorithm, code] of [
  [59, 'SHA1', '94287082'], [59, 'SHA256', '46119246'], [59, 'SHA512', '90693936'],
  [1111111109, 'SHA1', '07081804'], [1111111111, 'SHA1', '14050471'], [1234567890, 'SHA1', '89005924'], [2000000000, 'SHA1', '69279037'],
  [20000000000, 'SHA1', '65353130'], [20000000000, 'SHA256', '77737706'], [20000000000, 'SHA512', '47863826'],
]) {
  test(`${algorithm} at ${seconds} is ${code}`, async () => {
    const totp = await importTotp({ secret: SECRETS[algorithm], digits: 8, period: 30, algorithm });
    assert.equal(await passcode(totp, seconds * 1000), code);
  });
}

test('The key cannot be read', async () => {
  const { key } = await importTotp({ secret: SECRETS.SHA1, digits: 6, period: 30, algorithm: 'SHA1' });
  assert.equal(key.extractable, false);
  await assert.rejects(webcrypto.subtle.exportKey('raw', key), { name: /^InvalidAccess/ });
});

test('A code counts until its period ends', () => {
  assert.equal(secondsLeft({ period: 30 }, 60_000), 30);
  assert.equal(secondsLeft({ period: 30 }, 61_500), 28.5);
});

for (const change of [{ algorithm: 'MD5' }, { digits: 0 }, { digits: 20 }, { period: 0 }, { period: 'x' }]) {
  test(`A kind that is not known has no code: ${JSON.stringify(change)}`, async () => {
    assert.equal(await importTotp({ secret: SECRETS.SHA1, digits: 6, period: 30, algorithm: 'SHA1', ...change }), undefined);
  });
}
