// Being told what waits, against the same server. Nothing here sleeps: each test waits for what it expects to be told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { load } from './lib/app.js';
import { startDeviceServer } from './lib/deviceServer.js';

const { Api } = await load('protocol/api.js');
const { Clock } = await load('protocol/clock.js');
const { makeKey, publicHalf } = await load('protocol/statement.js');
const { Watch } = await load('protocol/watch.js');

let server;
before(async () => { server = await startDeviceServer(); });
after(() => server.stop());

async function bind(clock = new Clock()) {
  const api = new Api(server.base, clock);
  const { publicKey, privateKey } = await makeKey();
  const registration = { ticket: server.enroll().ticket, name: 'Phone', deviceType: 'SmartPhone_Android', platform: 'ANDROID', version: '' };
  return { api, device: { ...await api.register(registration, await publicHalf(publicKey), privateKey), key: privateKey } };
}

/** A watch, and a function that waits until it has told something. */
function watch(api, devices, t) {
  const told = [];
  const waits = new Set();
  const tell = (...what) => {
    told.push(what);
    for (const look of waits) look();
  };
  const watching = new Watch(api, () => devices, {
    waiting: (device, { requests }) => tell('waiting', device.factor, requests.length),
    gone: device => tell('gone', device.factor), refused: device => tell('refused', device.factor), connection: state => tell('connection', state),
  });
  const running = watching.run();
  t.after(async () => {
    watching.stop();
    await running;
  });
  return { watching, told, until: (...what) => new Promise(resolve => {
    const look = () => {
      if (!told.some(known => JSON.stringify(known) === JSON.stringify(what))) return;
      waits.delete(look);
      resolve();
    };
    waits.add(look);
    look();
  }) };
}

test('Several devices are told of their requests by one stream', { timeout: 20_000 }, async t => {
  const [{ api, device: one }, { device: other }] = [await bind(), await bind()];
  const { until, told } = watch(api, [one, other], t);

  await until('waiting', one.factor, 0);
  await until('waiting', other.factor, 0);
  server.challenge({ factor: other.factor });
  await until('waiting', other.factor, 1);
  assert.deepEqual(told.filter(([kind]) => kind === 'connection'), [['connection', 'live']]);
});

test('A stream that ends is opened again', { timeout: 20_000 }, async t => {
  const { api, device } = await bind();
  const { until, told } = watch(api, [device], t);
  await until('waiting', device.factor, 0);

  const transaction = server.challenge({ factor: device.factor });
  await until('waiting', device.factor, 1);
  server.endStreams();
  server.cancel(transaction);
  told.length = 0;
  await until('waiting', device.factor, 0);
});

test('A device that is removed is told so, and the others go on', { timeout: 20_000 }, async t => {
  const [{ api, device }, { device: other }] = [await bind(), await bind()];
  const { until } = watch(api, [device, other], t);
  await until('waiting', other.factor, 0);

  server.forget(device.factor);
  await until('gone', device.factor);
  server.challenge({ factor: other.factor });
  await until('waiting', other.factor, 1);
});

test('A clock that is off is set, and the stream goes on', { timeout: 20_000 }, async t => {
  const clock = new Clock();
  const { api, device } = await bind(clock);
  clock.offset = -3600_000;
  const { until } = watch(api, [device], t);

  await until('connection', 'live');
  await until('waiting', device.factor, 0);
  server.challenge({ factor: device.factor });
  await until('waiting', device.factor, 1);
});

test('A server that is away is tried again until it answers', { timeout: 20_000 }, async t => {
  const { api, device } = await bind();
  server.isDown = true;
  const { until } = watch(api, [device], t);

  await until('connection', 'unreachable');
  server.isDown = false;
  await until('waiting', device.factor, 0);
});

test('Where no stream comes through, the server is asked', { timeout: 20_000 }, async t => {
  const { device } = await bind();
  const api = new Api(server.base, new Clock(), (address, options) => String(address).endsWith('/events') ? new Response('no streams here', { headers: { 'Content-Type': 'text/plain' } }) : fetch(address, options));
  const { until, watching } = watch(api, [device], t);

  await until('connection', 'polling');
  server.challenge({ factor: device.factor });
  watching.again();
  await until('waiting', device.factor, 1);
});

test('An event that is no JSON ends the stream, not the watch', { timeout: 20_000 }, async t => {
  const { device } = await bind();
  let opened = 0;
  const api = new Api(server.base, new Clock(), (address, options) => String(address).endsWith('/events') && opened++ === 0
    ? new Response('event: requests\ndata: {\n\n', { headers: { 'Content-Type': 'text/event-stream' } }) : fetch(address, options));
  const { until } = watch(api, [device], t);

  await until('connection', 'unreachable');
  await until('waiting', device.factor, 0);
});
