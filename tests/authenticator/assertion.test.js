// The unlock's check: one valid answer of a passkey, and each test spoils one thing in it.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { load } from './lib/app.js';

const { plainSignature, verifyAssertion } = await load('unlock/assertion.js');

const CHALLENGE = Uint8Array.from({ length: 32 }, (_, at) => at);
const EXPECTED = { challenge: CHALLENGE, origin: 'https://mfa.example.com', rpId: 'mfa.example.com' };
const KEYS = {
  ES256: { algorithm: -7, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
  RS256: { algorithm: -257, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) },
};
const sha256 = bytes => createHash('sha256').update(bytes).digest();
const keyOf = ({ publicKey, algorithm }) => ({ publicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })), algorithm });

function answer({ privateKey } = KEYS.ES256, { client = {}, rpId = EXPECTED.rpId, flags = 0x05, spoil = assertion => assertion } = {}) {
  const clientDataJSON = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge: Buffer.from(CHALLENGE).toString('base64url'), origin: EXPECTED.origin, crossOrigin: false, ...client }));
  const authenticatorData = Buffer.concat([sha256(rpId), Buffer.from([flags, 0, 0, 0, 1])]);
  const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientDataJSON)]), privateKey);
  return spoil({ clientDataJSON: new Uint8Array(clientDataJSON), authenticatorData: new Uint8Array(authenticatorData), signature: new Uint8Array(signature) });
}

for (const [name, key] of Object.entries(KEYS)) {
  test(`A passkey's answer unlocks, by ${name}`, async () => {
    for (let times = 0; times < 20; times++) assert.equal(await verifyAssertion(answer(key), keyOf(key), EXPECTED), true);
  });
}

for (const [name, change] of Object.entries({
  'another type': { client: { type: 'webauthn.create' } },
  'another challenge': { client: { challenge: Buffer.alloc(32).toString('base64url') } },
  'another origin': { client: { origin: 'https://mfa.example.org' } },
  'a frame of another origin': { client: { crossOrigin: true } },
  'another RP id': { rpId: 'example.com' },
  'nobody present': { flags: 0x04 },
  'nobody verified': { flags: 0x01 },
  'data that is too short': { spoil: assertion => ({ ...assertion, authenticatorData: assertion.authenticatorData.subarray(0, 36) }) },
  'data that was changed': { spoil: assertion => ({ ...assertion, authenticatorData: assertion.authenticatorData.map((byte, at) => at === 36 ? byte + 1 : byte) }) },
  'a signature that was changed': { spoil: assertion => ({ ...assertion, signature: assertion.signature.map((byte, at) => at === assertion.signature.length - 1 ? byte ^ 1 : byte) }) },
  'a signature that is none': { spoil: assertion => ({ ...assertion, signature: new Uint8Array([0x30, 0x02, 0x02, 0x00]) }) },
})) {
  test(`It does not with ${name}`, async () => assert.equal(await verifyAssertion(answer(KEYS.ES256, change), keyOf(KEYS.ES256), EXPECTED), false));
}

test('It does not by another key, or by an algorithm that is not known', async () => {
  const other = { algorithm: -7, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
  assert.equal(await verifyAssertion(answer(), keyOf(other), EXPECTED), false);
  assert.equal(await verifyAssertion(answer(), { ...keyOf(KEYS.ES256), algorithm: -8 }, EXPECTED), false);
});

test('Signatures in DER are read, whatever the lengths of their numbers', () => {
  for (const [r, s] of [['01', '02'], ['00ff', '7f'], ['00' + 'ff'.repeat(32), '00' + '80' + '00'.repeat(31)], ['7f' + '11'.repeat(31), '01'.repeat(20)]]) {
    const numbers = [r, s].map(hex => `02${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`).join('');
    const der = Buffer.from(`30${(numbers.length / 2).toString(16).padStart(2, '0')}${numbers}`, 'hex');
    const plain = [r, s].map(hex => hex.replace(/^00(?=..)/, '').padStart(64, '0')).join('');
    assert.equal(Buffer.from(plainSignature(new Uint8Array(der))).toString('hex'), plain);
    for (let length = 0; length < der.length; length++) assert.equal(plainSignature(new Uint8Array(der.subarray(0, length))), undefined);
  }
});
