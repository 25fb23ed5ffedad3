// Software TOTP of both providers (contract 9.2, 17.4).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all } from './lib/collections.js';
import { refuses } from './lib/errors.js';
import { base32, totp, wrongTotp } from './lib/otp.js';
import { onBothEngines } from './lib/server.js';
import { createUser } from './lib/users.js';

const factorType = 'token:software:totp';

onBothEngines('Software TOTP', server => {
  for (const provider of ['OKTA', 'GOOGLE']) {
    test(`A ${provider} factor is enrolled, activated, verified and unenrolled`, async () => {
      const { userFactorApi } = server.client;
      const { id: userId, profile } = await createUser(server);

      const enrolled = await userFactorApi.enrollFactor({ userId, body: { factorType, provider } });
      assert.equal(enrolled.status, 'PENDING_ACTIVATION');
      assert.equal(enrolled.profile.credentialId, profile.login);
      const { sharedSecret, timeStep, encoding } = enrolled._embedded.activation;
      assert.deepEqual([timeStep, encoding], [30, 'base32']);
      const secret = base32(sharedSecret);
      const factor = { userId, factorId: enrolled.id };

      const activated = await userFactorApi.activateFactor({ ...factor, body: { passCode: totp(secret) } });
      assert.equal(activated.status, 'ACTIVE');
      assert.equal((await userFactorApi.getFactor(factor)).status, 'ACTIVE');
      assert.deepEqual((await all(userFactorApi.listFactors({ userId }))).map(({ id, status }) => [id, status]), [[enrolled.id, 'ACTIVE']]);

      await refuses(userFactorApi.verifyFactor({ ...factor, body: { passCode: wrongTotp(secret) } }), 403, 'E0000068',
        "Your passcode doesn't match our records. Please try again.");
      const next = totp(secret, 1);
      assert.equal((await userFactorApi.verifyFactor({ ...factor, body: { passCode: next } })).factorResult, 'SUCCESS');
      await refuses(userFactorApi.verifyFactor({ ...factor, body: { passCode: next } }), 403, 'E0000082');

      await userFactorApi.unenrollFactor(factor);
      await refuses(server.newClient().userFactorApi.getFactor(factor), 404, 'E0000007');
    });
  }

  test('An authenticator app finds its secret behind the QR link until the factor is active', async () => {
    const { userFactorApi } = server.client;
    const { id: userId } = await createUser(server);
    const enrolled = await userFactorApi.enrollFactor({ userId, body: { factorType, provider: 'GOOGLE' } });
    const { sharedSecret, _links } = enrolled._embedded.activation;

    const picture = await fetch(_links.qrcode.href);
    assert.equal(picture.headers.get('content-type'), 'image/png');
    assert.deepEqual([...new Uint8Array(await picture.arrayBuffer()).subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);

    await userFactorApi.activateFactor({ userId, factorId: enrolled.id, body: { passCode: totp(base32(sharedSecret)) } });
    assert.equal((await fetch(_links.qrcode.href)).status, 404);
  });

  test('Enrolling again while pending keeps the id and changes the secret', async () => {
    const { userFactorApi } = server.client;
    const { id: userId } = await createUser(server);
    const first = await userFactorApi.enrollFactor({ userId, body: { factorType, provider: 'OKTA' } });
    const second = await userFactorApi.enrollFactor({ userId, body: { factorType, provider: 'OKTA' } });

    assert.equal(second.id, first.id);
    assert.notEqual(second._embedded.activation.sharedSecret, first._embedded.activation.sharedSecret);
    assert.deepEqual((await all(userFactorApi.listFactors({ userId }))).map(({ id }) => id), [first.id]);
  });

  test('Five wrong passcodes lock the user until an administrator unlocks', async () => {
    const { userApi, userFactorApi } = server.client;
    const { id: userId } = await createUser(server);
    const enrolled = await userFactorApi.enrollFactor({ userId, body: { factorType, provider: 'GOOGLE' } });
    const secret = base32(enrolled._embedded.activation.sharedSecret);
    const factor = { userId, factorId: enrolled.id };
    await refuses(userFactorApi.verifyFactor({ ...factor, body: { passCode: totp(secret) } }), 403, 'E0000107');
    await userFactorApi.activateFactor({ ...factor, body: { passCode: totp(secret) } });

    for (let wrong = 0; wrong < 5; wrong++) await refuses(userFactorApi.verifyFactor({ ...factor, body: { passCode: wrongTotp(secret) } }), 403, 'E0000068');
    await refuses(userFactorApi.verifyFactor({ ...factor, body: { passCode: totp(secret, 1) } }), 403, 'E0000069');
    assert.equal((await server.newClient().userApi.getUser({ userId })).status, 'LOCKED_OUT');

    await userApi.unlockUser({ userId });
    assert.equal((await userFactorApi.verifyFactor({ ...factor, body: { passCode: totp(secret, 1) } })).factorResult, 'SUCCESS');
  });
});
