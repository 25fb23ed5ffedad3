// WebAuthn with a real browser (contract 9.8).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AUTHENTICATORS, startBrowser } from './lib/browser.js';
import { refuses } from './lib/errors.js';
import { onBothEngines } from './lib/server.js';
import { createUser } from './lib/users.js';

let browser;
before(async () => { browser = await startBrowser(); });
after(() => browser?.stop());

onBothEngines('WebAuthn', server => {
  const enroll = userId => server.client.userFactorApi.enrollFactor({ userId, body: { factorType: 'webauthn', provider: 'FIDO' } });
  const activate = (userId, factorId, body) => server.client.userFactorApi.activateFactor({ userId, factorId, body });
  const verify = (userId, factorId, body = {}) => server.client.userFactorApi.verifyFactor({ userId, factorId, body });
  const signIn = async (page, userId, { id, profile }, spelling) => {
    const challenged = await verify(userId, id);
    assert.equal(challenged.factorResult, 'CHALLENGE');
    return page.sign(challenged._embedded.challenge, profile.credentialId, spelling);
  };

  for (const [name, options] of Object.entries(AUTHENTICATORS)) {
    test(`${name} is enrolled, challenged and verified`, async () => {
      const user = await createUser(server);
      const page = await browser.newPage(options);

      const enrolled = await enroll(user.id);
      assert.equal(enrolled.status, 'PENDING_ACTIVATION');
      const activated = await activate(user.id, enrolled.id, await page.register(enrolled._embedded.activation));
      assert.deepEqual([activated.id, activated.status], [enrolled.id, 'ACTIVE']);
      assert.equal(activated.profile.authenticatorName, options.defaultBackupEligibility ? 'Passkey' : 'Security Key');

      const answer = await signIn(page, user.id, activated);
      assert.equal((await verify(user.id, activated.id, answer)).factorResult, 'SUCCESS');
      await refuses(verify(user.id, activated.id, answer), 403, 'E0000068');
      assert.equal((await verify(user.id, activated.id, await signIn(page, user.id, activated))).factorResult, 'SUCCESS');
      await page.close();
    });
  }

  for (const spelling of ['base64', 'unpadded', 'urlSafe', 'urlSafeUnpadded']) {
    test(`Answers in ${spelling} are read`, async () => {
      const user = await createUser(server);
      const page = await browser.newPage(AUTHENTICATORS['a key that verifies its user']);
      const { id, _embedded: { activation } } = await enroll(user.id);

      const activated = await server.post(`/api/v1/users/${user.id}/factors/${id}/lifecycle/activate`, await page.register(activation, spelling));
      const verified = await server.post(`/api/v1/users/${user.id}/factors/${id}/verify`, await signIn(page, user.id, activated, spelling));

      assert.deepEqual([activated.status, verified.factorResult], ['ACTIVE', 'SUCCESS']);
      await page.close();
    });
  }

  test('A key that is enrolled is not enrolled again, and another one is', async () => {
    const user = await createUser(server);
    const page = await browser.newPage(AUTHENTICATORS['a key that verifies its user']);
    const first = await enroll(user.id);
    await activate(user.id, first.id, await page.register(first._embedded.activation));

    const second = await enroll(user.id);
    assert.notEqual(second.id, first.id);
    await assert.rejects(page.register(second._embedded.activation), /InvalidStateError|credentials already registered/);

    const other = await browser.newPage(AUTHENTICATORS['a U2F key']);
    assert.equal((await activate(user.id, second.id, await other.register(second._embedded.activation))).status, 'ACTIVE');
    await page.close();
    await other.close();
  });

  test('An answer for another challenge, another user or another key is refused', async () => {
    const [ines, otto] = [await createUser(server), await createUser(server)];
    const page = await browser.newPage(AUTHENTICATORS['a key that verifies its user']);
    const keys = [];
    for (const user of [ines, otto]) {
      const { id, _embedded: { activation } } = await enroll(user.id);
      keys.push(await activate(user.id, id, await page.register(activation)));
    }

    const older = await signIn(page, ines.id, keys[0]);
    const answer = await signIn(page, ines.id, keys[0]);
    await refuses(verify(ines.id, keys[0].id, older), 403, 'E0000068');
    await verify(otto.id, keys[1].id);
    await refuses(verify(otto.id, keys[1].id, answer), 403, 'E0000068');
    assert.equal((await verify(ines.id, keys[0].id, answer)).factorResult, 'SUCCESS');
    await page.close();
  });
});

onBothEngines('WebAuthn where the user must be verified', server => {
  test('An answer without verification is refused', async () => {
    const user = await createUser(server);
    const page = await browser.newPage(AUTHENTICATORS['a key that verifies its user']);
    const { id, _embedded: { activation } } = await server.client.userFactorApi.enrollFactor({ userId: user.id, body: { factorType: 'webauthn', provider: 'FIDO' } });
    assert.equal(activation.authenticatorSelection.userVerification, 'required');
    const { profile } = await server.client.userFactorApi.activateFactor({ userId: user.id, factorId: id, body: await page.register(activation) });
    const challenge = async () => (await server.client.userFactorApi.verifyFactor({ userId: user.id, factorId: id, body: {} }))._embedded.challenge;

    // A page that asks for less than it was told to.
    const weaker = await page.sign({ ...await challenge(), userVerification: 'discouraged' }, profile.credentialId);
    await refuses(server.client.userFactorApi.verifyFactor({ userId: user.id, factorId: id, body: weaker }), 403, 'E0000068');
    const right = await page.sign(await challenge(), profile.credentialId);
    assert.equal((await server.client.userFactorApi.verifyFactor({ userId: user.id, factorId: id, body: right })).factorResult, 'SUCCESS');
    await page.close();
  });
}, { Countersign__WebAuthn__UserVerification: 'required' });
