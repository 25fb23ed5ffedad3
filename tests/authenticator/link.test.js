import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './lib/app.js';

const { readLink } = await load('protocol/link.js');

for (const [text, base, ticket] of [
  ['https://mfa.example.com/authenticator/#activate=00u.opf.8mQ_-x', 'https://mfa.example.com', '00u.opf.8mQ_-x'],
  ['  http://localhost:8080/authenticator/#activate=a\n', 'http://localhost:8080', 'a'],
  ['https://example.com/mfa/authenticator/#activate=a', 'https://example.com/mfa', 'a'],
  ['https://example.com/authenticator#activate=a', 'https://example.com', 'a'],
]) {
  test(`A link is read: ${text.trim()}`, () => assert.deepEqual(readLink(text), { base, ticket }));
}

for (const text of [
  '', 'activate=a', 'https://example.com/authenticator/', 'https://example.com/authenticator/#activate=', 'https://example.com/other/#activate=a',
  'https://example.com/authenticator/#activate=a/b', 'https://example.com/authenticator/#activate=a%20b', 'javascript:/authenticator/#activate=a',
  'https://somebody:secret@example.com/authenticator/#activate=a', `https://example.com/authenticator/#activate=${'a'.repeat(301)}`, 'x'.repeat(100_000),
]) {
  test(`What is no link is none: ${text.slice(0, 70)}`, () => assert.equal(readLink(text), undefined));
}
