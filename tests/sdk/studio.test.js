// The newcomer's path through the integration studio in a real browser, from an empty store (docs/studio.md).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startConsoles } from './lib/console.js';
import { base32, totp } from './lib/otp.js';
import { onBothEngines, TOKEN } from './lib/server.js';
import { startShop } from './lib/shop.js';
import { createUser } from './lib/users.js';

const STEP = 30_000;

let consoles, shop;
before(async () => {
  [consoles, shop] = [await startConsoles(), await startShop()];
});
after(async () => {
  await consoles?.stop();
  shop?.stop();
});

onBothEngines('The integration studio', server => {
  test('From searching "verify factor" to a workflow that verified one', async () => {
    const { user, factor, code } = await enrolled(server);
    const person = await consoles.open(server, TOKEN);

    await person.press('Catalog');
    await person.heading('Catalog');
    await person.screen('empty');
    await person.page.keyboard.press('/');
    await search(person, 'verify factor');
    await person.screen('found');
    await person.page.keyboard.press('Enter');

    await person.find('.reference');
    assert.equal(await person.text('.request-line .path'), '/api/v1/users/{userId}/factors/{factorId}/verify');
    assert.deepEqual(await rows(person, '#path'), ['userId String Yes', 'factorId String Yes']);
    assert.deepEqual(await rows(person, '#header'), ['X-Forwarded-For String No', 'Content-Type String Yes', 'User-Agent String No', 'Accept-Language String No']);
    assert.deepEqual(await rows(person, '#query'), ['templateId String No', 'tokenLifetimeSeconds Integer No']);
    assert.deepEqual((await rows(person, '#body')).sort(), ['answer String No', 'authenticatorData String No', 'clientData String No', 'nextPassCode String No', 'passCode String No', 'signatureData String No']);
    assert.match(await person.text('#header-Content-Type'), /Default value:\s*"application\/json"/);
    assert.match(await person.text('#query-tokenLifetimeSeconds'), /Default value:\s*300/);
    await person.screen('reference');

    await person.press('Prepare the HTTP task');
    await person.heading('HTTP task');
    await writeSecret(person, TOKEN);
    await person.press('Body');
    await person.screen('prepared');
    await keepInBody(person, 'passCode');
    await person.type('userId', user.id, '.test-panel');
    await person.type('factorId', factor, '.test-panel');
    await person.type('passCode', code(), '.test-panel');
    await person.press('Test request');
    await person.sees('200 OK');
    await person.sees('"SUCCESS"');
    await person.screen('tested');

    await person.press('Use this value: .factorResult');
    await person.press('Answer it from the workflow');
    await person.press('Save as task');
    await person.type('Name', 'check_factor', '.mud-dialog');
    await person.press('Save', '.mud-dialog');
    await person.sees('check_factor, version 1');
    await person.screen('saved');

    await person.press('Run', '.saved');
    await person.type('passCode', code(), '.mud-dialog');
    await person.press('Start', '.mud-dialog');
    await person.sees('Completed');
    await person.press('Output');
    await person.sees('SUCCESS');
    await person.screen('run');

    const [id] = /[0-9a-f-]{36}/.exec(person.page.url());
    const execution = await (await fetch(`${server.address}/api/workflow/${id}`, { headers: { 'X-Authorization': TOKEN } })).json();
    assert.deepEqual([execution.status, execution.output], ['COMPLETED', { factorResult: 'SUCCESS' }]);
    assert.ok(!JSON.stringify(execution).includes(TOKEN));
    await person.close();
  });

  test('From an API imported by its address to a workflow that called it', async () => {
    const person = await consoles.open(server, TOKEN, { scheme: 'dark' });

    await person.press('Catalog');
    await person.press('Import');
    await person.type('URL', `${shop.origin}/openapi.json`, '.mud-dialog');
    await person.press('Import', '.mud-dialog');
    await person.heading('Imports');
    await person.sees('Completed');
    await person.screen('imported');

    await person.press('Catalog');
    await search(person, 'dispatch parcel');
    await person.page.keyboard.press('Enter');
    await person.heading('Dispatch a parcel');
    await person.screen('reference');
    await person.press('Prepare the HTTP task');
    await person.heading('HTTP task');
    await writeSecret(person, shop.key);
    await person.type('city', 'Ulm', '.test-panel');
    await person.type('grams', '250', '.test-panel');
    await person.press('Test request');
    await person.sees('201 Created');
    await person.screen('tested');
    assert.deepEqual(shop.orders.at(-1), { city: 'Ulm', grams: 250 });

    await person.press("Use this value: .parcel['track.code']");
    await person.press('Answer it from the workflow');
    await person.press('Save as task');
    await person.type('Name', 'send_parcel', '.mud-dialog');
    await person.press('Save', '.mud-dialog');
    await person.press('Run', '.saved');
    await person.press('Start', '.mud-dialog');
    await person.sees('Completed');
    await person.press('Output');
    await person.sees(`T-${shop.orders.length}`);
    await person.screen('run');
    assert.deepEqual(shop.orders.at(-1), { city: 'Ulm', grams: 250 });

    await person.visit('test-requests', 'Test requests');
    await person.sees('/parcels');
    await person.press('Secrets & environments');
    await person.heading('Secrets & environments');
    assert.ok(!(await person.page.content()).includes(shop.key));
    await person.close();
  });

  test('Every page of the studio fits a phone', async () => {
    const person = await consoles.open(server, TOKEN, { scheme: 'dark', phone: true });
    for (const [path, heading] of [['catalog?q=verify%20factor', 'Catalog'], ['catalog/apis', 'APIs'], ['catalog/imports', 'Imports'], ['test-requests', 'Test requests'], ['secrets', 'Secrets & environments']]) {
      await person.visit(path, heading);
      await person.screen(path.replace(/[^a-z]+/g, '-'));
    }
    await person.visit('catalog?q=verify%20factor', 'Catalog');
    await (await person.find('a.operation')).tap();
    await person.find('.reference');
    await person.screen('reference');
    await person.press('Prepare the HTTP task');
    await person.heading('HTTP task');
    await person.find('.builder');
    await person.screen('task');
    await person.close();
  });
}, { Countersign__Outbound__AllowedNetworks__0: '127.0.0.1/32' });

/** A user with an active TOTP factor, and its codes, of which each is good once: that of the step before, then those of later ones. */
async function enrolled(server) {
  const { userFactorApi } = server.client;
  const user = await createUser(server);
  const { id: factor, _embedded } = await userFactorApi.enrollFactor({ userId: user.id, body: { factorType: 'token:software:totp', provider: 'OKTA' } });
  const secret = base32(_embedded.activation.sharedSecret);
  const now = () => Math.floor(Date.now() / STEP);
  let used = now() - 1;
  await userFactorApi.activateFactor({ userId: user.id, factorId: factor, body: { passCode: totp(secret, used - now()) } });
  return {
    user,
    factor,
    code() {
      used = Math.max(used + 1, now());
      return totp(secret, used - now());
    },
  };
}

/** Types into the search and waits for what that finds. */
async function search(person, words) {
  await person.type('Search', words);
  await person.page.waitForFunction(asked => new URLSearchParams(location.search).get('q') === asked && document.querySelector('.operations[aria-busy=false] mark'), { timeout: 60_000 }, words);
}

/** Writes the only secret that the prepared request says it lacks. */
async function writeSecret(person, value) {
  await person.press('Write it');
  await person.type('Value', value, '.mud-dialog');
  await person.press('Save', '.mud-dialog');
  await person.page.waitForFunction(() => !document.querySelector('.mud-dialog') && !document.body.innerText.includes('which is not there yet'), { timeout: 60_000 });
}

/** Takes all fields but one out of the body. */
async function keepInBody(person, kept) {
  for (;;) {
    const others = await person.page.$$eval('[aria-label="Body fields"] .named-value code', (fields, name) => fields.map(field => field.innerText).filter(field => field !== name), kept);
    if (others.length === 0) return;
    await person.press(`Remove ${others[0]}`, '[aria-label="Body fields"]');
    await person.page.waitForFunction(gone => ![...document.querySelectorAll('[aria-label="Body fields"] .named-value code')].some(field => field.innerText === gone), {}, others[0]);
  }
}

/** Name, type and whether it is required, of the rows of a part of the reference. */
function rows(person, section) {
  return person.page.$$eval(`section:has(> h2${section}) tbody tr`, all => all.map(row => [...row.querySelectorAll('td')].slice(0, 3).map(cell => (cell.querySelector('code') ?? cell).innerText.trim()).join(' ')));
}
