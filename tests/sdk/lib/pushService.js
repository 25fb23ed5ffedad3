// A push service (RFC 8030) that believes nobody: what it is posted must be signed (RFC 8292) and encrypted (RFC 8291) for its subscriber.
import assert from 'node:assert/strict';
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** Starts one on a free port. */
export async function startPushService() {
  const messages = [];
  const waits = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const message = { method: request.method, path: request.url, headers: request.headers, body: Buffer.concat(chunks) };
    response.writeHead(201, { Location: `${origin}/messages/1` }).end();
    if (waits.length > 0) waits.shift()(message);
    else messages.push(message);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    /** A new subscriber: what a browser keeps to itself, and what it tells (RFC 8291 §3.1, §3.2). */
    subscriber() {
      const key = createECDH('prime256v1');
      key.generateKeys();
      const [auth, path] = [randomBytes(16), `/subscriptions/${randomBytes(16).toString('base64url')}`];
      return { key, auth, path, told: { endpoint: origin + path, keys: { p256dh: key.getPublicKey('base64url'), auth: auth.toString('base64url') } } };
    },
    /** The next message. */
    next: () => messages.shift() ?? new Promise(resolve => waits.push(resolve)),
    stop: () => server.close(),
  };
}

/** What a message's sender claims of itself, once its signature holds (RFC 8292 §2, §3). */
export function readVapid({ headers }) {
  const [, token, key] = /^vapid t=([\w-]+\.[\w-]+\.[\w-]+), ?k=([\w-]+)$/.exec(headers.authorization) ?? assert.fail(headers.authorization);
  const [header, claims, signature] = token.split('.');
  assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url')), { typ: 'JWT', alg: 'ES256' });
  const point = Buffer.from(key, 'base64url');
  assert.deepEqual([point.length, point[0]], [65, 4]);
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
  const signer = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
  assert.ok(verify('sha256', Buffer.from(`${header}.${claims}`), signer, Buffer.from(signature, 'base64url')), 'the signature does not hold');
  return { key, ...JSON.parse(Buffer.from(claims, 'base64url')) };
}

/** The plaintext of a message to a subscriber (RFC 8291 §3.4, RFC 8188 §2). */
export function decrypt({ headers, body }, { key, auth }) {
  assert.equal(headers['content-encoding'], 'aes128gcm');
  const [salt, size, length] = [body.subarray(0, 16), body.readUInt32BE(16), body[20]];
  assert.equal(length, 65);
  const sender = body.subarray(21, 86);
  const record = body.subarray(86);
  assert.ok(record.length <= size && record.length <= 4096, 'more than one record');
  const derive = (secret, salted, info, bytes) => Buffer.from(hkdfSync('sha256', secret, salted, info, bytes));
  const secret = derive(key.computeSecret(sender), auth, Buffer.concat([Buffer.from('WebPush: info\0'), key.getPublicKey(), sender]), 32);
  const cipher = createDecipheriv('aes-128-gcm', derive(secret, salt, 'Content-Encoding: aes128gcm\0', 16), derive(secret, salt, 'Content-Encoding: nonce\0', 12));
  cipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()]);
  const end = padded.findLastIndex(byte => byte !== 0);
  assert.equal(padded[end], 2, 'the delimiter of a last record is missing');
  return padded.subarray(0, end);
}
