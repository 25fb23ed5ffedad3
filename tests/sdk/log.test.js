// The system log, read with the SDK (contract 16).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all } from './lib/collections.js';
import { refuses } from './lib/errors.js';
import { onBothEngines } from './lib/server.js';
import { createUser } from './lib/users.js';

onBothEngines('The system log', server => {
  test('A verification is found by its event type and its user', async () => {
    const { systemLogApi, userFactorApi } = server.client;
    const { id: userId, profile } = await createUser(server);
    const { id: factorId } = await userFactorApi.enrollFactor({ userId, body: { factorType: 'question', provider: 'OKTA', profile: { question: 'disliked_food', answer: 'broccoli' } } });
    await refuses(userFactorApi.verifyFactor({ userId, factorId, body: { answer: 'spinach' } }), 403, 'E0000068');
    await userFactorApi.verifyFactor({ userId, factorId, body: { answer: 'broccoli' } });

    const events = await all(systemLogApi.listLogEvents({ filter: `eventType eq "user.authentication.auth_via_mfa" and actor.id eq "${userId}"`, until: new Date().toISOString() }));

    assert.deepEqual(events.map(({ outcome }) => outcome.result), ['FAILURE', 'SUCCESS']);
    assert.equal(events[1].actor.alternateId, profile.login);
    assert.match(events[1].client.userAgent.rawUserAgent, /okta-sdk-nodejs/);
  });
});
