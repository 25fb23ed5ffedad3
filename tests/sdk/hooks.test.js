// Inline hooks and event hooks (contract 15.1, 15.3).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { all } from './lib/collections.js';
import { startEndpoint } from './lib/endpoint.js';
import { refuses } from './lib/errors.js';
import { onBothEngines } from './lib/server.js';

const TELEPHONY = 'com.okta.telephony.provider', SECRET = 'Bearer hook-secret-0123456789';

const channel = uri => ({
  type: 'HTTP', version: '1.0.0',
  config: { uri, method: 'POST', headers: [{ key: 'X-Tenant', value: 'a' }], authScheme: { type: 'HEADER', key: 'Authorization', value: SECRET } },
});

onBothEngines('Hooks', server => {
  let endpoint;
  before(async () => { endpoint = await startEndpoint(); });
  after(() => endpoint.stop());

  test('A telephony hook is made, previewed, changed, switched off and on, and removed', async () => {
    const { inlineHookApi } = server.client;
    const inlineHook = { name: 'Our gateway', type: TELEPHONY, version: '1.0.0', channel: channel(endpoint.uri) };
    const made = await inlineHookApi.createInlineHook({ inlineHook });
    const inlineHookId = made.id;
    assert.equal(`${made.status} ${made.type}`, `ACTIVE ${TELEPHONY}`);
    assert.ok(!JSON.stringify(made).includes(SECRET));
    await refuses(inlineHookApi.createInlineHook({ inlineHook }), 400, 'E0000001');
    await refuses(inlineHookApi.deleteInlineHook({ inlineHookId }), 403, 'E0000107');

    const listed = await all(inlineHookApi.listInlineHooks({ type: TELEPHONY }));
    assert.deepEqual(listed.map(({ id }) => id), [inlineHookId]);
    const shown = await server.newClient().inlineHookApi.getInlineHook({ inlineHookId });
    assert.equal(shown.channel.config.uri, endpoint.uri);

    await inlineHookApi.executeInlineHook({ inlineHookId, payloadData: { eventType: TELEPHONY, requestType: 'com.okta.user.telephony.mfa-verification', data: {} } });
    const preview = endpoint.received.at(-1);
    assert.equal(`${preview.method} ${preview.headers.authorization} ${preview.headers['x-tenant']}`, `POST ${SECRET} a`);

    const updated = await inlineHookApi.updateInlineHook({ inlineHookId, inlineHook: { name: 'Our other gateway' } });
    const replaced = await inlineHookApi.replaceInlineHook({ inlineHookId, inlineHook: { name: 'New', version: '1.0.0', channel: channel(endpoint.uri) } });
    assert.equal(`${updated.name}, ${replaced.name}`, 'Our other gateway, New');
    assert.equal((await inlineHookApi.deactivateInlineHook({ inlineHookId })).status, 'INACTIVE');
    assert.equal((await inlineHookApi.activateInlineHook({ inlineHookId })).status, 'ACTIVE');
    await inlineHookApi.deactivateInlineHook({ inlineHookId });
    await inlineHookApi.deleteInlineHook({ inlineHookId });
    await refuses(server.newClient().inlineHookApi.getInlineHook({ inlineHookId }), 404, 'E0000007');
  });

  test('An event hook is made, verified, changed, switched off and on, and removed', async () => {
    const { eventHookApi } = server.client;
    const eventHook = { name: 'Our records', events: { type: 'EVENT_TYPE', items: ['user.mfa.factor.activate'] }, channel: channel(endpoint.uri) };
    const made = await eventHookApi.createEventHook({ eventHook });
    const eventHookId = made.id;
    assert.equal(`${made.status} ${made.verificationStatus}`, 'ACTIVE UNVERIFIED');
    assert.ok(!JSON.stringify(made).includes(SECRET));

    const verified = await eventHookApi.verifyEventHook({ eventHookId });
    assert.equal(verified.verificationStatus, 'VERIFIED');
    assert.equal(endpoint.received.at(-1).headers.authorization, SECRET);

    const replaced = await eventHookApi.replaceEventHook({ eventHookId, eventHook: { ...eventHook, name: 'New', events: { type: 'EVENT_TYPE', items: ['user.account.lock'] } } });
    assert.deepEqual([replaced.name, replaced.verificationStatus, ...replaced.events.items], ['New', 'VERIFIED', 'user.account.lock']);
    assert.deepEqual((await all(eventHookApi.listEventHooks())).map(({ id }) => id), [eventHookId]);
    assert.equal((await server.newClient().eventHookApi.getEventHook({ eventHookId })).channel.config.uri, endpoint.uri);
    await refuses(eventHookApi.deleteEventHook({ eventHookId }), 403, 'E0000107');
    assert.equal((await eventHookApi.deactivateEventHook({ eventHookId })).status, 'INACTIVE');
    assert.equal((await eventHookApi.activateEventHook({ eventHookId })).status, 'ACTIVE');
    await eventHookApi.deactivateEventHook({ eventHookId });
    await eventHookApi.deleteEventHook({ eventHookId });
    await refuses(server.newClient().eventHookApi.getEventHook({ eventHookId }), 404, 'E0000007');
  });

  test('What no hook can be is refused', async () => {
    const { inlineHookApi, eventHookApi } = server.client;
    await refuses(inlineHookApi.createInlineHook({ inlineHook: { name: 'Plain', type: TELEPHONY, version: '1.0.0', channel: channel('http://example.com/hook') } }), 400, 'E0000001');
    await refuses(eventHookApi.createEventHook({ eventHook: { name: 'Nothing', events: { type: 'EVENT_TYPE', items: ['no.such.event'] }, channel: channel(endpoint.uri) } }), 400, 'E0000001');
  });
});
