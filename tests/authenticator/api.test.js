// The app's client against a server that checks every statement (lib/deviceServer.js).
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { load } from './lib/app.js';
import { startDeviceServer } from './lib/deviceServer.js';

const { Api, Refusal, Unreachable } = await load('protocol/api.js');
const { Clock } = await load('protocol/clock.js');
const { makeKey, publicHalf } = await load('protocol/statement.js');

const DEVICE = { name: 'Inés’s phone', deviceType: 'SmartPhone_Android', platform: 'ANDROID', version: '16' };
const ASKED = { application: 'Payroll “Ünïcode”', address: '203.0.113.7', place: 'Ljubljana, Slovenia', userAgent: 'Mozilla/5.0', number: 'typed', correct: 72 };
const refuses = (call, status, code) => assert.rejects(call, error => error instanceof Refusal && error.status === status && error.code === code);

let server, api, clock;
before(async () => { server = await startDeviceServer(); });
after(() => server.stop());
beforeEach(() => {
  server.clockOffset = 0;
  server.isDown = false;
  clock = new Clock();
  api = new Api(server.base, clock);
});

async function register({ ticket } = server.enroll(), keys) {
  const { publicKey, privateKey } = keys ?? await makeKey();
  return { ...await api.register({ ticket, ...DEVICE }, await publicHalf(publicKey), privateKey), key: privateKey };
}

async function waiting(device, transactionId) {
  return (await api.requests(device)).requests.find(request => request.transactionId === transactionId);
}

test('A ticket says what it is for, and binds a device', async () => {
  const enrolled = server.enroll({ organization: 'Kovar', login: 'ines@example.com' });

  const { organization, login } = await api.activation(enrolled.ticket);
  const device = await register(enrolled);

  assert.deepEqual([organization, login, device.name], ['Kovar', 'ines@example.com', DEVICE.name]);
  assert.deepEqual((await api.requests(device)).requests, []);
  await refuses(api.activation(enrolled.ticket), 403, 'E0000110');
});

test('A registration whose answer was lost is sent again with the same key, and never with another', async () => {
  const enrolled = server.enroll({ totp: { factor: 'ost1', secret: 'GEZDGNBV', digits: 6, period: 30, algorithm: 'SHA1' } });
  const keys = await makeKey();

  const [first, second] = [await register(enrolled, keys), await register(enrolled, keys)];

  assert.deepEqual([second.factor, first.totp?.secret, second.totp], [first.factor, 'GEZDGNBV', undefined]);
  await refuses(register(enrolled), 403, 'E0000110');
});

for (const [decision, number, result] of [['approve', '72', 'SUCCESS'], ['deny', '', 'REJECTED'], ['report', '', 'REJECTED']]) {
  test(`${decision} is signed over everything that was shown`, async () => {
    const device = await register();
    const transaction = server.challenge({ ...ASKED, factor: device.factor });

    assert.deepEqual(await api.answer(device, await waiting(device, transaction), decision, number), { factorResult: result });
    assert.equal(server.requests.get(transaction).decision, decision);
  });
}

test('A request without application, address, place and program is answered too', async () => {
  const device = await register();
  const transaction = server.challenge({ factor: device.factor });

  assert.deepEqual(await api.answer(device, await waiting(device, transaction), 'approve', ''), { factorResult: 'SUCCESS' });
});

test('The refusals are told apart', async () => {
  const device = await register();
  const [wrong, over, changed] = [0, 1, 2].map(() => server.challenge({ ...ASKED, factor: device.factor }));
  const [first, second, third] = await Promise.all([wrong, over, changed].map(transaction => waiting(device, transaction)));
  server.cancel(over);

  await refuses(api.answer(device, first, 'approve', '27'), 403, 'E0000068');
  await refuses(api.answer(device, second, 'approve', '72'), 403, 'E0000107');
  await refuses(api.answer(device, { ...third, application: 'Something harmless' }, 'approve', '72'), 401, 'E0000011');
  await refuses(api.answer(device, { ...third, transactionId: 'v2mst.other' }, 'approve', '72'), 404, 'E0000007');
  assert.equal(server.requests.get(changed).result, 'WAITING');
});

test('A device is renamed, subscribed and removed', async () => {
  const device = await register();

  assert.equal((await api.change(device, { name: 'Ines’s tablet' })).name, 'Ines’s tablet');
  await api.subscribe(device, { endpoint: 'https://push.example.com/1', expirationTime: null, keys: { p256dh: 'p', auth: 'a' } });
  assert.equal((await api.requests(device)).device.subscribed, true);
  assert.deepEqual(server.devices.get(device.factor).subscription, { endpoint: 'https://push.example.com/1', keys: { p256dh: 'p', auth: 'a' } });
  await api.unsubscribe(device);
  assert.equal((await api.requests(device)).device.subscribed, false);
  await api.remove(device);
  await refuses(api.requests(device), 404, 'E0000007');
});

for (const hours of [-30, 1]) {
  test(`A clock that is off by ${hours} hours is set by the refusal, and the request goes through`, async () => {
    const device = await register();
    const kept = [];
    clock.keep = offset => kept.push(offset);
    server.clockOffset = hours * 3600_000;

    await api.requests(device);

    assert.ok(Math.abs(clock.now() - server.now()) < 2000);
    assert.deepEqual(kept, [clock.offset]);
  });
}

test('Another key is refused also after its clock was set', async () => {
  const device = await register();
  server.clockOffset = 3600_000;
  await refuses(api.requests({ ...device, key: (await makeKey()).privateKey }), 401, 'E0000011');
});

test('A server that does not answer, or something else that does, is unreachable', async () => {
  const device = await register();
  const answering = (status, body, headers) => new Api(server.base, clock, async () => new Response(body, { status, headers }));

  server.isDown = true;
  await assert.rejects(api.requests(device), Unreachable);
  await assert.rejects(answering(502, '<h1>Bad gateway</h1>').requests(device), Unreachable);
  await assert.rejects(answering(404, '<h1>Portal</h1>').requests(device), Unreachable);
  await assert.rejects(answering(200, '<h1>Please sign in to this network</h1>').requests(device), Unreachable);
  await assert.rejects(answering(429, '{"errorCode":"E0000047"}').requests(device), Unreachable);
  await assert.rejects(answering(503, '{"errorCode":"E0000010"}').requests(device), Unreachable);
});

test('Small differences of the clock are left alone', () => {
  const set = new Clock(0, () => assert.fail('it was set'));
  assert.equal(set.learn(new Date(Date.now() + 3000).toUTCString()), false);
  assert.equal(set.learn(null), false);
  assert.equal(set.learn('nonsense'), false);
});
