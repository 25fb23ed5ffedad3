// The protocol as its page describes it, written from that page alone and not by the code under test.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const PAGE = readFileSync(new URL('../../../docs/authenticator-protocol.md', import.meta.url), 'utf8');

/** The page's vectors: kind, texts, and what stands in the table below them. */
export const VECTORS = [...PAGE.split('## Vectors')[1].matchAll(/\*\*`(\w+)`\*\* over\s+```json\n(.*?)```(.*?)(?=\*\*`|$)/gs)].map(([, kind, texts, table]) => ({
  kind,
  texts: JSON.parse(texts),
  length: Number(/\| bytes \| (\d+)/.exec(table)[1]),
  beginning: /the first of them `([0-9a-f]+)/.exec(table)[1],
  digest: /SHA-256 of them \| `([0-9a-f]{64})`/.exec(table)[1],
  signature: /a signature \| `([\w-]{86})`/.exec(table)[1],
}));

/** The thumbprint of the vectors' key, and the key itself (RFC 7515 A.3). */
export const THUMBPRINT = /thumbprint is `([\w-]{43})`/.exec(PAGE)[1];
export const KEY = { kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' };

/** A statement's bytes. */
export function bytesOf(texts) {
  return Buffer.concat(['countersign-authenticator/1', ...texts].flatMap(text => {
    const bytes = Buffer.from(text, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  }));
}

/** Whether a key has signed a statement. */
export function isSigned(jwk, texts, signature) {
  const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
  return /^[\w-]{86}$/.test(signature) && verify('sha256', bytesOf(texts), key, Buffer.from(signature, 'base64url'));
}

/** SHA-256 in base64url. */
export const digest = bytes => createHash('sha256').update(bytes).digest('base64url');

/** RFC 7638. */
export const thumbprintOf = ({ crv, kty, x, y }) => digest(JSON.stringify({ crv, kty, x, y }));
