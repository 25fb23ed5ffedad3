import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { load } from './lib/app.js';
import { startDeviceServer } from './lib/deviceServer.js';

const { Accounts } = await load('accounts/accounts.js');
const { Api, Unreachable } = await load('protocol/api.js');
const { Clock } = await load('protocol/clock.js');

const DEVICE = { deviceType: 'SmartPhone_Android', platform: 'ANDROID', version: '16' };
const TOTP = { factor: 'ost1', secret: 'GEZDGNBVGY3TQOJQ', digits: 6, period: 30, algorithm: 'SHA1' };

let server;
before(async () => { server = await startDeviceServer(); });
after(() => server.stop());

/** A database that keeps things in memory, in the order in which it is asked. */
class Memory {
  stores = { accounts: new Map(), registrations: new Map(), settings: new Map() };
  keys = { accounts: 'factor', registrations: 'ticket', settings: 'name' };
  all = async store => [...this.stores[store].values()].map(value => ({ ...value }));
  get = async (store, key) => this.stores[store].get(key);
  put = async (store, value) => void this.stores[store].set(value[this.keys[store]], { ...value });
  delete = async (store, key) => void this.stores[store].delete(key);
}

const open = async database => {
  const accounts = new Accounts(database);
  await accounts.load();
  return accounts;
};

test('An account is kept with keys that cannot be read, and without its secret or ticket', async () => {
  const database = new Memory();
  const accounts = await open(database);
  const { ticket } = server.enroll({ totp: TOTP });

  const account = await accounts.register(new Api(server.base, new Clock()), ticket, 'Phone', DEVICE);

  assert.deepEqual([account.key.extractable, account.totp.key.extractable], [false, false]);
  const kept = JSON.stringify(Object.values(database.stores).map(store => [...store]));
  assert.ok(!kept.includes(TOTP.secret) && !kept.includes(ticket));
  assert.equal(database.stores.registrations.size, 0);
  assert.equal((await open(database)).find(account.factor).login, 'ines.kovar@example.com');
});

test('When the answer to a registration was lost, the next try binds the same device, also after a restart', async () => {
  const database = new Memory();
  const { ticket } = server.enroll({ totp: TOTP });
  const losing = new Api(server.base, new Clock(), async (...request) => {
    await fetch(...request);
    throw new TypeError('the connection was lost');
  });
  await assert.rejects((await open(database)).register(losing, ticket, 'Phone', DEVICE), Unreachable);
  assert.ok(!JSON.stringify([...database.stores.registrations]).includes(ticket));

  const account = await (await open(database)).register(new Api(server.base, new Clock()), ticket, 'Phone', DEVICE);

  assert.equal(server.tickets.get(ticket).device.factor, account.factor);
  assert.equal((await new Api(server.base, new Clock()).requests(account)).device.name, 'Phone');
  assert.equal(database.stores.registrations.size, 0);
});

test('The key of a registration that came to nothing is not kept for long', async () => {
  const database = new Memory();
  database.stores.registrations.set('old', { ticket: 'old', keys: {}, at: Date.now() - 16 * 60_000 });

  await (await open(database)).register(new Api(server.base, new Clock()), server.enroll().ticket, 'Phone', DEVICE);

  assert.equal(database.stores.registrations.size, 0);
});

test('What is learnt of an account while it is removed does not bring it back', async () => {
  const database = new Memory();
  const accounts = await open(database);
  const account = await accounts.register(new Api(server.base, new Clock()), server.enroll().ticket, 'Phone', DEVICE);

  const forgetting = accounts.forget(account);
  await accounts.change(account, { trouble: 'gone' });
  await forgetting;

  assert.deepEqual((await open(database)).all, []);
});

test('Read once more, an account stays the same one and what is new is there', async () => {
  const database = new Memory();
  const accounts = await open(database);
  const account = await accounts.register(new Api(server.base, new Clock()), server.enroll().ticket, 'Phone', DEVICE);
  await (await open(database)).change(account, { name: 'Renamed in another window' });

  await accounts.load();

  assert.equal(accounts.all[0], account);
  assert.equal(account.name, 'Renamed in another window');
});
