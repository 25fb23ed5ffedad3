// The check itself: a good exchange passes, and each of them that is spoiled in one place does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './lib/description.js';

const description = load();
const factor = {
  id: 'ost6Hh1pQzWn3KfDe0h7', factorType: 'token:software:totp', provider: 'GOOGLE', vendorName: 'GOOGLE', status: 'ACTIVE',
  created: '2026-03-05T09:41:07.000Z', lastUpdated: '2026-03-05T09:41:07.000Z', profile: { credentialId: 'ines.kovar@example.com' },
};
const enrollment = (change = {}, request = {}) => ({
  method: 'POST', path: '/api/v1/users/00u7kq3vN2cXW1bYt0h7/factors?activate=true', status: 200,
  request: JSON.stringify({ factorType: 'token:software:totp', provider: 'GOOGLE', ...request }), response: JSON.stringify({ ...factor, ...change }),
});
const faults = exchange => description.faults(description.find(exchange.method, exchange.path), exchange).map(({ part, at }) => `${part} ${at}`);

test('A good exchange has no fault', () => assert.deepEqual(faults(enrollment()), []));

test('A path written out goes before a parameter', () => {
  assert.equal(description.find('GET', '/api/v1/users/me/factors/catalog').id, 'listSupportedFactors');
  assert.equal(description.find('GET', '/api/v1/users/me/factors/ost6Hh1pQzWn3KfDe0h7/?x=y').id, 'getFactor');
  assert.equal(description.find('GET', '/api/v1/nothing'), undefined);
});

test('A member of the wrong type is a fault', () => assert.ok(faults(enrollment({ id: 7 })).includes('answer /id')));

test('A value that is not in an enumeration is a fault', () => assert.ok(faults(enrollment({ status: 'PENDING' })).includes('answer /status')));

test('A time stamp of another form is a fault', () => assert.ok(faults(enrollment({ created: 'yesterday' })).includes('answer /created')));

test('The factor type decides which rules hold', () => {
  assert.ok(faults(enrollment({ provider: 'CUSTOM' })).includes('answer /provider'));
  assert.deepEqual(faults(enrollment({ factorType: 'token:hotp', provider: 'CUSTOM', profile: undefined })), []);
  assert.deepEqual(faults(enrollment({ factorType: 'unknown', provider: 'CUSTOM' })).filter(fault => fault.endsWith('/provider')), []);
});

test('A request that should not have been accepted is a fault', () => assert.ok(faults(enrollment({}, { provider: 7 })).includes('request /provider')));

test('A query parameter of the wrong type is a fault', () => {
  assert.deepEqual(faults({ ...enrollment(), path: '/api/v1/users/me/factors?activate=perhaps' }), ['query activate']);
});

test('A status that is not described is a fault', () => assert.deepEqual(faults({ ...enrollment(), status: 202 }), ['answer ']));

test('An answer that is no JSON is a fault', () => assert.deepEqual(faults({ ...enrollment(), response: '<html>' }), ['answer ']));
