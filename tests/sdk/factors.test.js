// What holds for every kind of factor (contract 8, 17.4).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all } from './lib/collections.js';
import { refuses } from './lib/errors.js';
import { onBothEngines } from './lib/server.js';
import { createUser } from './lib/users.js';

const UNKNOWN = '00uNobodyHasThisId00';

onBothEngines('Factors', server => {
  test('A fresh user has no factors, and a catalogue with more than one entry', async () => {
    const { userFactorApi } = server.client;
    const { id: userId } = await createUser(server);
    assert.deepEqual(await all(userFactorApi.listFactors({ userId })), []);

    const catalog = await all(userFactorApi.listSupportedFactors({ userId }));
    const names = catalog.map(({ factorType, provider }) => `${factorType}/${provider}`);
    for (const name of ['question/OKTA', 'token:software:totp/OKTA', 'token:software:totp/GOOGLE']) assert.ok(names.includes(name), `${name} is not in ${names}`);
    assert.ok(catalog.every(({ status }) => status === 'NOT_SETUP'));
  });

  test('The list has the question first, whichever was enrolled first', async () => {
    const { userFactorApi } = server.client;
    const { id: userId } = await createUser(server);
    await userFactorApi.enrollFactor({ userId, body: { factorType: 'token:software:totp', provider: 'GOOGLE' } });
    await userFactorApi.enrollFactor({ userId, body: { factorType: 'question', provider: 'OKTA', profile: { question: 'disliked_food', answer: 'broccoli' } } });
    assert.deepEqual((await all(userFactorApi.listFactors({ userId }))).map(({ factorType }) => factorType), ['question', 'token:software:totp']);
  });

  test('A kind that is not built, and a provider that does not exist, are refused by name', async () => {
    const { userFactorApi } = server.client;
    const { id: userId } = await createUser(server);
    await refuses(userFactorApi.enrollFactor({ userId, body: { factorType: 'push', provider: 'YUBICO' } }), 400, 'E0000001', 'Factor not enabled.');
    await refuses(userFactorApi.enrollFactor({ userId, body: { factorType: 'push', provider: 'UNSUPPORTED_PROVIDER' } }), 400, 'E0000001', 'Invalid Provider.');
  });

  test('An unknown user or factor is not found, by any operation', async () => {
    const { userFactorApi } = server.client;
    const { id: userId } = await createUser(server);
    const factorId = 'ostNobodyHasThisId00';
    const body = { passCode: '123456' };
    await refuses(all(userFactorApi.listFactors({ userId: UNKNOWN })), 404, 'E0000007');
    await refuses(all(userFactorApi.listSupportedFactors({ userId: UNKNOWN })), 404, 'E0000007');
    for (const ids of [{ userId: UNKNOWN, factorId }, { userId, factorId }]) {
      const missing = ids.userId === userId ? `${factorId} (UserFactor)` : `${UNKNOWN} (User)`;
      for (const operation of ['getFactor', 'activateFactor', 'verifyFactor', 'unenrollFactor']) {
        assert.equal((await refuses(userFactorApi[operation]({ ...ids, body }), 404, 'E0000007')).errorSummary, `Not found: Resource not found: ${missing}`);
      }
    }
  });

  test('A wrong token is refused, and the client says why', async () => {
    const { userFactorApi } = server.newClient('a-token-nobody-made-0123');
    const failure = await refuses(all(userFactorApi.listFactors({ userId: 'me' })), 401, 'E0000011');
    assert.match(failure.message, /E0000011 Invalid token provided/);
  });

  test('Of sixteen copies of one passcode at once, one is accepted', async () => {
    const { userFactorApi } = server.client;
    const { id: userId } = await createUser(server);
    const { id } = await server.post('/api/v1/org/factors/hotp/profiles', { name: 'Race', settings: { timeBased: false, encoding: 'hexadecimal' } });
    const profile = { sharedSecret: '3132333435363738393031323334353637383930' };
    const { id: factorId } = await userFactorApi.enrollFactor({ userId, activate: true, body: { factorType: 'token:hotp', provider: 'CUSTOM', factorProfileId: id, profile } });

    // 755224 is the first passcode of this secret (RFC 4226, appendix D).
    const answers = await Promise.allSettled(Array.from({ length: 16 }, () => userFactorApi.verifyFactor({ userId, factorId, body: { passCode: '755224' } })));
    assert.equal(answers.filter(({ status, value }) => status === 'fulfilled' && value.factorResult === 'SUCCESS').length, 1);
  });

  test('Resetting the factors removes every one of them', async () => {
    const { userApi, userFactorApi } = server.client;
    const { id: userId } = await createUser(server);
    await userFactorApi.enrollFactor({ userId, body: { factorType: 'token:software:totp', provider: 'OKTA' } });
    await userFactorApi.enrollFactor({ userId, body: { factorType: 'question', provider: 'OKTA', profile: { question: 'disliked_food', answer: 'broccoli' } } });
    await userApi.resetFactors({ userId });
    assert.deepEqual(await all(userFactorApi.listFactors({ userId })), []);
  });
});
