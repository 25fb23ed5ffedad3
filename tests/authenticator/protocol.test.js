// docs/authenticator-protocol.md, by the vectors that stand there.
import assert from 'node:assert/strict';
import { createHash, webcrypto } from 'node:crypto';
import { test } from 'node:test';
import { load } from './lib/app.js';
import { bytesOf, isSigned, KEY, THUMBPRINT, VECTORS } from './lib/protocol.js';

const statement = await load('protocol/statement.js');

test('The page has a vector of each statement', () => {
  assert.deepEqual(VECTORS.map(({ kind }) => kind), ['register', 'request', 'answer']);
});

for (const { kind, texts, length, beginning, digest, signature } of VECTORS) {
  test(`The bytes of ${kind} are the page's`, () => {
    const bytes = Buffer.from(statement.statementBytes(texts));

    assert.equal(bytes.length, length);
    assert.ok(bytes.toString('hex').startsWith(beginning));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), digest);
    assert.deepEqual(bytes, bytesOf(texts));
  });

  test(`The page's signature of ${kind} verifies, and not over another text`, async () => {
    const key = await webcrypto.subtle.importKey('jwk', KEY, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    const verify = list => webcrypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, Buffer.from(signature, 'base64url'), statement.statementBytes(list));

    assert.equal(await verify(texts), true);
    for (let at = 0; at < texts.length; at++) assert.equal(await verify(texts.map((text, index) => index === at ? `${text}.` : text)), false);
  });
}

test('The statements are put together as the page says', async () => {
  const [register, request, answer] = VECTORS.map(({ texts }) => texts);
  const [, origin, ticket, , name, deviceType, platform, version] = register;
  const device = { user: request[2], factor: request[3] };

  assert.deepEqual(statement.registerStatement(origin, { ticket, name, deviceType, platform, version }, await statement.thumbprint(KEY)), register);
  assert.deepEqual(await statement.requestStatement(origin, device, { method: 'GET', path: request[5], issuedAt: Number(request[6]) }), request);
  const [, , , , transactionId, createdAt, expiresAt, application, address, , userAgent, number, decision, typed] = answer;
  assert.deepEqual(statement.answerStatement(origin, device, { transactionId, createdAt, expiresAt, application, address, userAgent, number }, decision, typed), answer);
});

test('The thumbprint of the key is the page\'s', async () => {
  assert.equal(await statement.thumbprint(KEY), THUMBPRINT);
});

test('A key of the app signs what others can verify, and cannot be read', async () => {
  const { privateKey, publicKey } = await statement.makeKey();
  const [{ texts }] = VECTORS;

  assert.ok(isSigned(await statement.publicHalf(publicKey), texts, await statement.sign(privateKey, texts)));
  assert.equal(privateKey.extractable, false);
  await assert.rejects(webcrypto.subtle.exportKey('pkcs8', privateKey), { name: /^InvalidAccess/ });
});

test('No two lists of texts have the same bytes', () => {
  const hex = texts => Buffer.from(statement.statementBytes(texts)).toString('hex');

  assert.notEqual(hex(['ab', 'c']), hex(['a', 'bc']));
  assert.notEqual(hex(['a', '']), hex(['a']));
});
