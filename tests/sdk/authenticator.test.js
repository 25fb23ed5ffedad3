// Push with Countersign Authenticator in a real browser (contract 9.6, docs/authenticator-protocol.md).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readQr, startPhones } from './lib/authenticator.js';
import { all } from './lib/collections.js';
import { refuses } from './lib/errors.js';
import { onBothEngines } from './lib/server.js';
import { createUser } from './lib/users.js';

let phones;
before(async () => { phones = await startPhones(); });
after(() => phones?.stop());

onBothEngines('Countersign Authenticator', server => {
  const { enroll, activate, bind, ask, result, number, cancel } = application(server);

  test('The QR picture is scanned, the device bound, and the poll told', async () => {
    const user = await createUser(server);
    const phone = await phones.newPhone();
    const enrolled = await enroll(user);
    assert.equal(enrolled.status, 'PENDING_ACTIVATION');
    assert.equal((await activate(user, enrolled.factor)).factorResult, 'WAITING');

    await phone.open(enrolled.link);
    await phone.heading('Add this account?');
    await phone.sees(user.profile.login);
    assert.ok(!(await phone.page.url()).includes('activate='));
    await phone.type('Name of this device', 'Ines’s phone');
    await phone.tap('button', 'Add account');
    await phone.heading('Account added');

    const active = await activate(user, enrolled.factor);
    assert.deepEqual([active.id, active.status], [enrolled.factor, 'ACTIVE']);
    assert.deepEqual([active.profile.credentialId, active.profile.name, active.profile.platform, active.profile.deviceType], [user.profile.login, 'Ines’s phone', 'LINUX', 'SmartPhone_Android']);
    const history = await phone.page.createCDPSession();
    const { entries } = await history.send('Page.getNavigationHistory');
    assert.deepEqual(entries.filter(({ url }) => url.includes('activate=')), []);
    await phone.close();
  });

  test('A ticket binds one device', async () => {
    const user = await createUser(server);
    const [first, second] = [await phones.newPhone(), await phones.newPhone()];
    const { link } = await enroll(user);

    await second.open(link);
    await second.heading('Add this account?');
    await first.add(link);
    await second.tap('button', 'Add account');
    await second.sees('This activation has ended or was already used.');
    await first.open(link);
    await first.sees('This activation has ended or was already used.');
    await first.close();
    await second.close();
  });

  test('The codes of the twin are the server\'s', async () => {
    const { user, phone } = await bind();
    const twin = (await all(await server.client.userFactorApi.listFactors({ userId: user.id }))).find(({ factorType }) => factorType === 'token:software:totp');

    const verified = await server.client.userFactorApi.verifyFactor({ userId: user.id, factorId: twin.id, body: { passCode: await phone.code() } });

    assert.equal(verified.factorResult, 'SUCCESS');
    await phone.close();
  });

  test('Approved: SUCCESS', async () => {
    const { user, phone, factor } = await bind();
    const transaction = await ask(user, factor);
    assert.equal(await result(user, factor, transaction), 'WAITING');

    await phone.sees('Waiting for your answer');
    await phone.page.waitForFunction(() => document.title.startsWith('(1)'));
    await phone.page.waitForFunction(() => /^New request: /.test(document.getElementById('announcement').textContent));
    await phone.page.tap('.asking a');
    await phone.heading('Is this you signing in?');
    await phone.sees('127.0.0.1');
    await phone.sees('okta-sdk-nodejs');
    await phone.tap('button', 'Approve');
    await phone.heading('Approved');

    assert.equal(await result(user, factor, transaction), 'SUCCESS');
    await phone.tap('link', 'Done');
    await phone.seesNo('Waiting for your answer');
    await phone.close();
  });

  for (const decision of ['Deny', 'This was not me']) {
    test(`${decision}: REJECTED`, async () => {
      const { user, phone, factor } = await bind();
      const transaction = await ask(user, factor);

      await phone.page.waitForSelector('.asking a');
      await phone.page.tap('.asking a');
      await phone.tap('button', decision);
      if (decision !== 'Deny') await phone.tap('button', 'Report');
      await phone.heading(decision === 'Deny' ? 'Denied' : 'Reported');

      assert.equal(await result(user, factor, transaction), 'REJECTED');
      await phone.close();
    });
  }

  test('The right number: SUCCESS; the wrong one: REJECTED, and over', async () => {
    const { user, phone, factor } = await bind();
    for (const isRight of [true, false]) {
      const transaction = await ask(user, factor, { useNumberMatchingChallenge: true });
      const correct = await number(user, factor, transaction);

      await phone.page.waitForSelector('.asking a');
      await phone.page.tap('.asking a');
      await phone.tap('button', 'Approve');
      await phone.sees('Type the two digits that the sign-in page shows.');
      assert.equal(await result(user, factor, transaction), 'WAITING');
      await phone.type('Number on the sign-in page', String(isRight ? correct : correct === 99 ? 10 : correct + 1));
      await phone.tap('button', 'Approve');
      await phone.heading(isRight ? 'Approved' : 'Wrong number');

      assert.equal(await result(user, factor, transaction), isRight ? 'SUCCESS' : 'REJECTED');
      await phone.tap('link', 'Done');
    }
    await phone.close();
  });

  test('A request that is cancelled goes from the screen', async () => {
    const { user, phone, factor } = await bind();
    const transaction = await ask(user, factor);
    await phone.page.waitForSelector('.asking a');
    await phone.page.tap('.asking a');
    await phone.heading('Is this you signing in?');

    await cancel(user, factor, transaction);

    await phone.heading('No longer open');
    await phone.close();
  });

  test('Everything by the keyboard alone', async () => {
    const { user, phone, factor } = await bind();
    const transaction = await ask(user, factor);
    await phone.page.waitForSelector('.asking a');
    const tabTo = async selector => {
      for (let times = 0; times < 20; times++) {
        await phone.page.keyboard.press('Tab');
        if (await phone.page.evaluate(wanted => document.activeElement.matches(wanted), selector)) return;
      }
      assert.fail(`${selector} was not reached`);
    };

    await tabTo('.asking a');
    await phone.page.keyboard.press('Enter');
    await phone.heading('Is this you signing in?');
    assert.equal(await phone.page.evaluate(() => document.activeElement.localName), 'h1');
    await tabTo('form button.primary');
    await phone.page.keyboard.press('Enter');
    await phone.heading('Approved');
    assert.equal(await phone.page.evaluate(() => document.activeElement.textContent), 'Approved');

    assert.equal(await result(user, factor, transaction), 'SUCCESS');
    await phone.close();
  });

  test('Offline the app opens and shows codes; back, it shows what waits', async () => {
    const { user, phone, factor } = await bind();

    await phone.page.setOfflineMode(true);
    await phone.page.reload();
    await phone.sees('You are offline.');
    await phone.code();
    const transaction = await ask(user, factor);
    await phone.page.setOfflineMode(false);
    await phone.sees('Waiting for your answer');
    await phone.seesNo('You are offline.');
    await phone.page.tap('.asking a');

    await phone.page.setOfflineMode(true);
    await phone.tap('button', 'Approve');
    await phone.sees('your answer may not have arrived');
    assert.equal(await result(user, factor, transaction), 'WAITING');
    await phone.page.setOfflineMode(false);
    await phone.tap('button', 'Approve');
    await phone.heading('Approved');
    assert.equal(await result(user, factor, transaction), 'SUCCESS');
    await phone.close();
  });

  test('Two accounts on one phone; renamed and removed', async () => {
    const { user, phone, factor } = await bind();
    const other = await createUser(server);
    const second = await enroll(other);
    await phone.add(second.link);
    assert.equal((await phone.page.$$('#accounts ~ ul li')).length, 2);

    const transaction = await ask(other, second.factor);
    await phone.page.waitForSelector('.asking a');
    await phone.page.tap('.asking a');
    await phone.sees(other.profile.login);
    await phone.tap('button', 'Approve');
    await phone.heading('Approved');
    assert.equal(await result(other, second.factor, transaction), 'SUCCESS');
    await phone.tap('link', 'Done');

    await phone.page.tap('#accounts ~ ul li:first-child a');
    await phone.type('Name of this device', 'The old phone');
    await phone.tap('button', 'Save');
    await phone.sees('The name was saved.');
    assert.equal((await server.client.userFactorApi.getFactor({ userId: user.id, factorId: factor })).profile.name, 'The old phone');

    await phone.tap('button', 'Remove account');
    await phone.tap('button', 'Remove');
    await phone.page.waitForFunction(() => document.querySelectorAll('#accounts ~ ul li').length === 1);
    assert.deepEqual(await all(await server.client.userFactorApi.listFactors({ userId: user.id })), []);
    await refuses(server.client.userFactorApi.getFactor({ userId: user.id, factorId: factor }), 404, 'E0000007');
    await phone.page.reload();
    await phone.sees(other.profile.login);
    assert.ok(!(await phone.text()).includes(user.profile.login));
    await phone.close();
  });

  test('An account that is removed at the server says so, and can be removed here', async () => {
    const { user, phone, factor } = await bind();

    await server.client.userFactorApi.unenrollFactor({ userId: user.id, factorId: factor });
    await phone.sees('Removed at the server');
    await phone.page.tap('#accounts ~ ul li a');
    await phone.sees('The server no longer knows this device');
    await phone.tap('button', 'Remove account');
    await phone.tap('button', 'Remove');

    await phone.sees('No accounts yet');
    await phone.close();
  });
});

/** What an application does, by the SDK. */
function application(server) {
  const api = () => server.client.userFactorApi;
  const enroll = async user => {
    const { id, status, _embedded: { activation } } = await api().enrollFactor({ userId: user.id, body: { factorType: 'push', provider: 'OKTA' } });
    const picture = await fetch(activation._links.qrcode.href);
    const link = readQr(Buffer.from(await picture.arrayBuffer()));
    return { factor: id, status, link: link.replace(server.url, server.address) };
  };
  const poll = (user, factorId, transactionId) => api().getFactorTransactionStatus({ userId: user.id, factorId, transactionId });
  return {
    enroll,
    activate: (user, factorId) => api().activateFactor({ userId: user.id, factorId, body: {} }),
    /** A user with a phone that is bound to them. */
    async bind(options) {
      const [user, phone] = [await createUser(server), await phones.newPhone(options)];
      const { factor, link } = await enroll(user);
      await phone.add(link);
      return { user, phone, factor };
    },
    /** Asks the user; the transaction's id stands in the link alone. */
    async ask(user, factorId, body = {}) {
      const { factorResult, _links } = await api().verifyFactor({ userId: user.id, factorId, body });
      assert.equal(factorResult, 'WAITING');
      return _links.poll.href.split('/').at(-1);
    },
    /** What no operation of the SDK does. */
    async cancel(user, factorId, transactionId) {
      const response = await server.client.http.http(`${server.url}/api/v1/users/${user.id}/factors/${factorId}/transactions/${transactionId}`, { method: 'delete' });
      assert.equal(response.status, 204);
    },
    result: async (...transaction) => (await poll(...transaction)).factorResult,
    number: async (...transaction) => (await poll(...transaction))._embedded.challenge.correctAnswer,
  };
}
