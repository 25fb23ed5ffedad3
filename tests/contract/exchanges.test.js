// Every exchange of the test suites follows the published description of the API, where that is right.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './lib/description.js';
import { additions, exceptions, notBuilt } from './lib/exceptions.js';
import { readAll } from './lib/exchanges.js';

const description = load();
const recorded = readAll().filter(exchange => /^\/*api\/v1\//.test(exchange.path))
  .map(exchange => ({ ...exchange, operation: description.find(exchange.method, exchange.path) }));
const accepted = recorded.filter(({ status }) => status < 300);
const refused = recorded.filter(({ status }) => status >= 300);
const needed = new Set();

test('The suites recorded exchanges', () => {
  assert.ok(accepted.length > 0, 'no exchange that was accepted was recorded');
  assert.ok(refused.length > 0, 'no exchange that was refused was recorded');
});

for (const operation of description.operations) {
  const own = accepted.filter(exchange => exchange.operation === operation);
  if (notBuilt.has(operation.id)) {
    test(`${operation.id} is not built`, () => assert.equal(own.length, 0, 'it answered: take it off the list of what is not built'));
    continue;
  }
  test(`${operation.id} follows its description`, () => {
    assert.ok(own.length > 0, 'no accepted exchange of it was recorded');
    assert.deepEqual(summary(own.flatMap(exchange => unexpected(operation, exchange))), []);
  });
}

test('Every refusal is the envelope of an error', () => {
  assert.deepEqual(summary(refused.flatMap(exchange => envelopeFaults(exchange).map(what => `${exchange.status} ${exchange.method} ${exchange.path}: ${what}`))), []);
});

test('Every other path under /api/v1 is a known addition', () => {
  const others = accepted.filter(({ operation }) => !operation);
  for (const { methods, path, why } of additions) {
    assert.ok(others.some(exchange => methods.includes(exchange.method) && path.test(pathOf(exchange))), `never recorded: ${why}`);
  }
  const unknown = others.filter(exchange => !additions.some(({ methods, path }) => methods.includes(exchange.method) && path.test(pathOf(exchange))));
  assert.deepEqual(summary(unknown.map(exchange => `${exchange.method} ${pathOf(exchange)}`)), []);
});

test('Every exception is needed', () => {
  assert.deepEqual(exceptions.filter(exception => !needed.has(exception)).map(({ operations, at, why }) => `${operations} ${at}: ${why}`), []);
});

/** The faults of an exchange that no exception allows. */
function unexpected(operation, exchange) {
  return description.faults(operation, exchange).filter(({ part, at, what }) => {
    const allowed = exceptions.filter(exception =>
      exception.operations.test(operation.id) && exception.part === part && exception.at.test(at) && exception.what.test(what));
    allowed.forEach(exception => needed.add(exception));
    return allowed.length === 0;
  }).map(({ part, at, what }) => `${part} ${at} ${what}: ${part === 'request' ? exchange.request : part === 'query' ? exchange.path : exchange.response}`);
}

/** An error has all five members (contract 3.1), which the description does not say. */
function envelopeFaults({ contentType, response }) {
  if (contentType !== 'application/json') return [`the content type is ${contentType}`];
  let error;
  try {
    error = JSON.parse(response);
  } catch {
    return ['it is not JSON'];
  }
  const faults = description.isError(error) ? [] : description.isError.errors.map(({ instancePath, message }) => `${instancePath} ${message}`);
  if (!/^E\d{7}$/.test(error?.errorCode)) faults.push('/errorCode is no code');
  if (error?.errorLink !== error?.errorCode) faults.push('/errorLink does not repeat the code');
  if (!/^oae[0-9A-Za-z]{22}$/.test(error?.errorId)) faults.push('/errorId is no error id');
  if (typeof error?.errorSummary !== 'string') faults.push('/errorSummary is missing');
  if (!Array.isArray(error?.errorCauses)) faults.push('/errorCauses is no array');
  return faults;
}

/** Each different fault once, a few of them, shortened. */
function summary(faults) {
  const different = [...new Map(faults.map(fault => [fault.split(': ')[0].replace(/\d+/g, 'n'), fault])).values()];
  return different.slice(0, 20).map(fault => fault.slice(0, 600));
}

function pathOf({ path }) {
  return path.split('?')[0].replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}
